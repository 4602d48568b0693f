"""Names the known word that an unknown one most likely meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'? Known: …`` for an unknown word; the known words come sorted."""
    words = sorted(known)
    listed = f"Known: {', '.join(words)}." if words else "None is known."
    close = get_close_matches(word, words, n=1, cutoff=0.5)
    return f"Did you mean '{close[0]}'? {listed}" if close else listed
