"""What could keep jobs from running, looked at one thing after another: each is well, or comes with what cures it.

Nothing is changed: what can only be tried is tried as a dry run.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

#: How long a server may take to be reached and to answer, in seconds.
TIMEOUT = (5, 10)


class State(Enum):
    """How something was found."""

    OK = "ok"
    WRONG = "wrong"
    UNKNOWN = "unknown"  #: it could not be looked at; that alone is no fault


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    state: State
    says: str
    fix: str | None = None


def ok(check: str, says: str) -> Finding:
    """Return that something is well."""
    return Finding(check, State.OK, says)


def wrong(check: str, says: str, fix: str) -> Finding:
    """Return that something is wrong, and what cures it."""
    return Finding(check, State.WRONG, says, fix)


def unknown(check: str, says: str, fix: str | None = None) -> Finding:
    """Return that something could not be looked at, and how it could."""
    return Finding(check, State.UNKNOWN, says, fix)
