"""How jobs end, by name: what every fake of a place where jobs run can play."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from receipts import JOB, failed, ranged, receipt

Own = Mapping[str, Any]

UNBOUND = "Cannot bind 'raw': it is missing. Set it."

#: Days of January that the gate refuses, and what is said of them.
REFUSED_DAYS = [(day, f"Cannot publish flights.departures: {day} rows fail. Look at the quarantine.") for day in (3, 9)]

#: The exit code, and what is left as receipt; ``own`` are the values of the very run.
ENDS: dict[str, Callable[[Own], tuple[int, dict[str, Any] | str]]] = {
    "commit": lambda own: (0, receipt(**own)),
    "already": lambda own: (0, receipt(**own, status="ALREADY_COMMITTED")),
    "refuse": lambda own: (3, receipt(**own, status="REFUSED", exit_code=3, phase="gate")),
    "config": lambda own: (2, failed(2, "CONFIG", UNBOUND, **own)),
    "bug": lambda own: (70, failed(70, "BUG", "Cannot transform: no such column. Correct the job.", **own)),
    "some-parts": lambda own: (3, ranged(28, 1, REFUSED_DAYS, **own)),
    "other-parts": lambda own: (0, ranged(2, 29, **own)),
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
    "joins": [],
    "columns": ["origin string"],
    "checks": ["dep-delay-known (each row; on failure: quarantine)"],
    "register": [],
    "warnings": [],
    "not_checked": ["the rows themselves: checks run while they are written"],
}


def left(play: str, words: list[str], run_token: str) -> tuple[int, dict[str, Any] | str]:
    """Return the exit code of a command line, and what it leaves in its termination message."""
    if words[0] == "plan":
        own = {"job": words[1], "run_token": run_token}
        return no_plan(own) if play == "config" else (0, plan(own))
    if words[0] == "runs":
        return verification(play, {"job": words[2], "run_token": run_token})
    return ENDS[play]({"job": words[1], "run_token": run_token})


def plan(own: Own, **changes: Any) -> dict[str, Any]:
    """Return what ``plan`` leaves."""
    shown = {"job": own["job"], "run_key": own["job"], **PLAN, **changes}
    return {"plan_version": "1.0", **own, "exit_code": 0, "plan": shown}


def no_plan(own: Own) -> tuple[int, dict[str, Any]]:
    """Return what ``plan`` leaves where it cannot make one."""
    error = failed(2, "CONFIG", UNBOUND, phase="plan")["error"]
    return 2, {"plan_version": "1.0", **own, "exit_code": 2, "error": error}


def verification(play: str, own: Own) -> tuple[int, dict[str, Any]]:
    """Return what ``runs verify`` leaves: with the play ``differs``, a difference."""
    findings = ["run 1 is in the ledger and has no receipt"] if play == "differs" else []
    code = 3 if findings else 0
    return code, {"verification_version": "1.0", **own, "exit_code": code, "findings": findings}
