"""Waiting for a condition: asked again and again, and told apart from a hang by what is seen meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def awaited(seen: Callable[[], T | None], complaint: Callable[[], object], patience: float, pause: float = 0.2) -> T:
    """Ask until there is an answer; fail with the complaint when patience, in seconds, is at its end."""
    end = time.monotonic() + patience
    while (answer := seen()) is None:
        assert time.monotonic() < end, complaint()
        time.sleep(pause)
    return answer
