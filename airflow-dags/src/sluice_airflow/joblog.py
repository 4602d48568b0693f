"""A job's log, read in pieces: nothing is said twice, and what is missing is said.

The node stamps each line with its time, which tells what was already said when a piece is read again. The job numbers
its lines, which tells when some are missing because the node has thrown away a part of the log.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

#: One piece of a log; a triggerer holds one of them for each task that it waits for.
PIECE_BYTES = 128 * 1024

#: How far before the last reading the next one begins: clocks and rounding may differ by that much.
OVERLAP_SECONDS = 10

LEVELS = {
    "TRACE": logging.DEBUG,
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARN": logging.WARNING,
    "ERROR": logging.ERROR,
    "FATAL": logging.CRITICAL,
}

_STAMPED = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?(.*)", re.DOTALL)
_NUMBERED = re.compile(r"#(\d+) (.*)", re.DOTALL)
_LEVELLED = re.compile(rf"\d{{4}}-\d\d-\d\dT\S+ ({'|'.join(LEVELS)}) ")


class Line(NamedTuple):
    """One line to say."""

    level: int
    text: str


@dataclass(frozen=True)
class Cursor:
    """How far a log was said; it travels between worker and triggerer as JSON."""

    stamp: str = ""  #: of the last line that was said
    same: int = 0  #: how many lines with that stamp were said
    number: int = 0  #: the job's own number of the last line
    read_at: float = 0  #: when it was last read, in seconds since 1970

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a trigger."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Cursor:
        """Read what :meth:`to_json` wrote."""
        return cls(**values)

    def since_seconds(self, now: float) -> int | None:
        """Return how old the lines to ask for may be; None asks for all."""
        return math.ceil(max(now - self.read_at, 0)) + OVERLAP_SECONDS if self.read_at else None


def parse(text: str) -> tuple[int | None, Line]:
    """Return a line's number, where the job has numbered it, and the line with its level."""
    numbered = _NUMBERED.fullmatch(text)
    number, text = (int(numbered[1]), numbered[2]) if numbered else (None, text)
    levelled = _LEVELLED.match(text)
    return number, Line(LEVELS[levelled[1]] if levelled else logging.INFO, text)


def take(piece: bytes, cursor: Cursor, now: float) -> tuple[list[Line], Cursor]:
    """Return the lines of a stamped piece that were not said yet, and how far it goes."""
    lines: list[Line] = []
    again = cursor.same  # that many lines with the cursor's own stamp were said
    for raw in piece.decode("utf-8", errors="backslashreplace").splitlines():
        stamped = _STAMPED.fullmatch(raw)
        if stamped is None or stamped[1] < cursor.stamp:
            continue
        stamp, text = stamped[1], stamped[2].rstrip()
        if stamp == cursor.stamp and again > 0:
            again -= 1
            continue
        number, line = parse(text)
        if number is not None:
            lines += _missing(cursor.number, number)
        if line.text:
            lines.append(line)
        same = cursor.same + 1 if stamp == cursor.stamp else 1
        again = 0
        cursor = replace(cursor, stamp=stamp, same=same, number=number or cursor.number)
    return lines, replace(cursor, read_at=now)


def _missing(last: int, number: int) -> list[Line]:
    count = number - last - 1
    if count <= 0:
        return []
    return [Line(logging.WARNING, f"{count} lines are missing here: the node no longer had them when they were read.")]
