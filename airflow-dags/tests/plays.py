"""How jobs end, by name: what every fake of a place where jobs run can play."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from receipts import JOB, failed, receipt

Own = Mapping[str, Any]

#: The exit code, and what is left as receipt; ``own`` are the values of the very run.
ENDS: dict[str, Callable[[Own], tuple[int, dict[str, Any] | str]]] = {
    "commit": lambda own: (0, receipt(**own)),
    "already": lambda own: (0, receipt(**own, status="ALREADY_COMMITTED")),
    "refuse": lambda own: (3, receipt(**own, status="REFUSED", exit_code=3, phase="gate")),
    "config": lambda own: (2, failed(2, "CONFIG", "Cannot bind 'raw': it is missing. Set it.", **own)),
    "bug": lambda own: (70, failed(70, "BUG", "Cannot transform: no such column. Correct the job.", **own)),
    "source": lambda own: (75, failed(75, "SOURCE", "Cannot read s3://raw: timed out. Try again.", **own)),
    "missing": lambda own: (0, ""),
    "garbage": lambda own: (0, "gravel"),
    "other-run": lambda own: (0, receipt(job=JOB, run_token="another")),
    "other-run-failed": lambda own: (70, receipt(job=JOB, run_token="another", status="FAILED", exit_code=70)),
    "contradict": lambda own: (0, failed(70, "BUG", "Cannot transform: no such column. Correct the job.", **own)),
    "lie": lambda own: (70, receipt(**own)),
}

#: What every job says on its way.
LAST_WORDS = "progress on stderr"

PLAN = {
    "already_committed": False,
    "destructive": [],
    "reads": ["flights: table flights.flights, time_hour within the interval"],
    "write": "flights.departures (replace-partitions) at file:///lake/flights/departures",
    "columns": ["origin string"],
    "checks": ["dep-delay-known (each row; on failure: quarantine)"],
    "register": [],
    "warnings": [],
    "not_checked": ["the rows themselves: checks run while they are written"],
}
