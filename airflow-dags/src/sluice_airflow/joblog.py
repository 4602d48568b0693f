"""A job's log, read in pieces: nothing is said twice, and what is missing is said.

The node stamps each line with its time, which tells where to go on reading and what was already said; no other clock
has a say. The job numbers its lines, which tells when some are missing because the node has thrown them away.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

#: One piece of a log; a triggerer holds one of them for each task that it waits for.
PIECE_BYTES = 128 * 1024

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

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a trigger."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Cursor:
        """Read what :meth:`to_json` wrote."""
        return cls(**values)

    def call(self, namespace: str, pod: str, container: str) -> dict[str, Any]:
        """Return how to ask for the log's next piece: the arguments of a client's ``call_api``.

        Its own method for logs knows ages alone, which are those of clocks that may differ.
        """
        since = [("sinceTime", self.stamp)] if self.stamp else []
        return {
            "resource_path": f"/api/v1/namespaces/{namespace}/pods/{pod}/log",
            "method": "GET",
            "query_params": [("container", container), ("timestamps", "true"), ("limitBytes", PIECE_BYTES), *since],
            "auth_settings": ["BearerToken"],
            "_preload_content": False,
        }


def parse(text: str) -> tuple[int | None, Line]:
    """Return a line's number, where the job has numbered it, and the line with its level."""
    numbered = _NUMBERED.fullmatch(text)
    number, text = (int(numbered[1]), numbered[2]) if numbered else (None, text)
    levelled = _LEVELLED.match(text)
    return number, Line(LEVELS[levelled[1]] if levelled else logging.INFO, text)


def take(piece: bytes, cursor: Cursor) -> tuple[list[Line], Cursor]:
    """Return the lines of a stamped piece that were not said yet, and how far it goes."""
    full = len(piece) >= PIECE_BYTES
    lines: list[Line] = []
    before = cursor
    again = cursor.same  # that many lines with the cursor's own stamp were said
    for raw in _whole_lines(piece) if full else piece.decode("utf-8", errors="backslashreplace").splitlines():
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
    if full and cursor == before and cursor.stamp:  # the node counts in seconds, and this one holds more than a piece
        cursor = replace(cursor, stamp=_next_second(cursor.stamp), same=0)
    return lines, cursor


def _whole_lines(piece: bytes) -> list[str]:
    """Leave out the last line, which is cut; the next piece has it whole. A line that fills a piece stays as it is."""
    whole, end, _ = piece.rpartition(b"\n")
    return (whole if end else piece).decode("utf-8", errors="backslashreplace").splitlines()


def _next_second(stamp: str) -> str:
    parts = re.fullmatch(r"(\S{19})(?:\.\d+)?(\S+)", stamp)
    assert parts is not None  # noqa: S101 - it was a stamp when it was read
    return f"{(datetime.fromisoformat(parts[1]) + timedelta(seconds=1)).isoformat()}.000000000{parts[2]}"


def _missing(last: int, number: int) -> list[Line]:
    count = number - last - 1
    if count <= 0:
        return []
    return [Line(logging.WARNING, f"{count} lines are missing here: the node no longer had them when they were read.")]
