"""Receipts as a job would leave them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

TOKEN = "11111111-2222-3333-4444-555555555555"
JOB = "clean-departures"


def receipt(**changes: Any) -> dict[str, Any]:
    """Return the receipt of a good run, with changes; a change to None removes the key."""
    document: dict[str, Any] = {
        "receipt_version": "1.0",
        "sdk_version": "0.1.0",
        "job": JOB,
        "run_token": TOKEN,
        "run_id": "20261123T231500Z-1a2b3c",
        "run_key": f"{JOB}/flights.departures/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z",
        "status": "COMMITTED",
        "phase": "report",
        "exit_code": 0,
        "interval": {"start": "2013-01-01T00:00:00Z", "end": "2013-02-01T00:00:00Z"},
        "target": {
            "kind": "table",
            "name": "flights.departures",
            "uri": "file:///lake/flights/departures",
            "snapshot_id": "8123",
            "files": 31,
            "bytes": 1234567,
        },
        "rows": {"read": 27004, "written": 26483, "quarantined": 521, "filtered": 0},
        "quality": {
            "suite": "departures",
            "success": False,
            "decision": "PUBLISH",
            "evaluated": 12,
            "unsuccessful": 1,
            "failed": [{"id": "dep-delay-known", "type": "expect_column_values_to_not_be_null", "unexpected": 521}],
        },
        "memory": {"limit_bytes": 2147483648, "heap_max_bytes": 1288490188, "heap_used_bytes": 734003200},
        "timings": {
            "jvm_started_at": "2026-11-23T23:14:59Z",
            "started_at": "2026-11-23T23:15:00Z",
            "total_ms": 12345,
        },
        "receipt_uri": f"file:///lake/_sluice/receipts/{JOB}/20261123T231500Z-1a2b3c.json",
        **changes,
    }
    return {key: value for key, value in document.items() if value is not None}


def failed(exit_code: int, kind: str, message: str, phase: str = "transform", **changes: Any) -> dict[str, Any]:
    """Return the receipt of a run that failed before it wrote anything."""
    error = {
        "kind": kind,
        "phase": phase,
        "message": message,
        "retryable": kind in ("SOURCE", "INFRA"),
        "stack": [
            f"dev.sluice.jobs.flights.CleanDepartures.transform(CleanDepartures.java:{line})" for line in (41, 29)
        ]
        if kind == "BUG"
        else [],
    }
    base = {"status": "FAILED", "phase": phase, "exit_code": exit_code, "error": error}
    return receipt(**{**base, "rows": None, "quality": None, "target": None, **changes})


def ranged(*args: Any, **changes: Any) -> dict[str, Any]:
    """Return the short receipt of January, each day a run, with changes; the arguments are those of :func:`days`."""
    return receipt(**{**days(*args), **changes})


def days(
    committed: int = 31, already: int = 0, failures: Sequence[tuple[int, str]] = (), not_run: int = 0
) -> dict[str, Any]:
    """Return how it differs from that of one run; failures are days, and what their runs say."""
    counts = {"committed": committed, "already_committed": already, "failed": len(failures), "not_run": not_run}
    refused = {"status": "REFUSED", "exit_code": 3}
    runs = [
        {"interval": _day(day), "run_id": f"20261123T2315{day:02}Z-1a2b3c", **refused, "error": said}
        for day, said in failures[:5]
    ]
    base: dict[str, Any] = {
        "run_key": f"{receipt()['run_key']}/day",
        "range": {"each": "day", "parts": sum(counts.values()), **counts, "runs": runs},
        "quality": None,
        "receipt_uri": f"file:///lake/_sluice/ranges/{JOB}/20261123T231500Z-1a2b3c.json",
    }
    if failures:
        day, said = failures[0]
        message = (
            f"Cannot finish {JOB} for each day of 2013-01-01/2013-02-01: {committed + already} of 31 parts are "
            f"committed (failed: {len(failures)}, not run: {not_run}). Settle what it says of "
            f"2013-01-{day:02}/2013-01-{day + 1:02} and run it again, which does what is left. {said}"
        )
        error = {"kind": "DATA", "phase": "gate", "message": message, "retryable": False, "stack": []}
        base |= {**refused, "error": error}
    return base


def _day(day: int) -> dict[str, str]:
    return {"start": f"2013-01-{day:02}T00:00:00Z", "end": f"2013-01-{day + 1:02}T00:00:00Z"}


def text(document: dict[str, Any]) -> str:
    return json.dumps(document)
