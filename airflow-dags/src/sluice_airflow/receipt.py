"""The short receipt: the JSON that a run leaves in its termination message, read and doubted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sluice_airflow.ranges import Range
from sluice_airflow.termination_message import not_believed, read_message

PUBLISHED = frozenset({"COMMITTED", "ALREADY_COMMITTED"})

#: Which exit codes may go with a final status. RUNNING is not final: the run was cut off before its end.
EXIT_CODES: Mapping[str, frozenset[int]] = {
    "COMMITTED": frozenset({0}),
    "ALREADY_COMMITTED": frozenset({0}),
    "REFUSED": frozenset({3, 4}),
    "FAILED": frozenset({2, 3, 4, 6, 70, 75, 137}),
    "CANCELLED": frozenset({143}),
    "UNKNOWN": frozenset({5}),
}


@dataclass(frozen=True)
class JobError:
    """What the job says went wrong."""

    kind: str
    message: str
    phase: str | None = None
    retryable: bool = False
    stack: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """A short receipt that belongs to this run."""

    job: str
    run_token: str
    status: str
    phase: str | None = None
    exit_code: int | None = None
    run_id: str | None = None
    run_key: str | None = None
    sdk_version: str | None = None
    interval: Mapping[str, Any] = field(default_factory=dict)
    range: Range | None = None
    target: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, int] | None = None
    quality: Mapping[str, Any] = field(default_factory=dict)
    memory: Mapping[str, Any] = field(default_factory=dict)
    timings: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    spark: Mapping[str, Any] = field(default_factory=dict)
    error: JobError | None = None
    receipt_uri: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)  #: all that it says

    @property
    def published(self) -> bool:
        """Whether the data of this run key is in the table, by this run or an earlier one."""
        return self.status in PUBLISHED

    def to_xcom(self) -> dict[str, Any]:
        """Return the few values that downstream tasks want."""
        return {
            "status": self.status,
            "rows": dict(self.rows) if self.rows is not None else None,
            "target": self.target.get("name"),
            "snapshot_id": self.target.get("snapshot_id"),
            "run_key": self.run_key,
            "receipt_uri": self.receipt_uri,
            **({"range": self.range.to_xcom()} if self.range else {}),
        }

    def to_event(self) -> dict[str, Any]:
        """Return what an asset event says of the run: the values of :meth:`to_xcom` and some more."""
        return {
            **self.to_xcom(),
            "interval": dict(self.interval) or None,
            "files": self.target.get("files"),
            "bytes": self.target.get("bytes"),
            "quality": {
                "suite": self.quality.get("suite"),
                "evaluated": self.quality.get("evaluated"),
                "failed": self.quality.get("unsuccessful"),
            }
            if self.quality
            else None,
        }


def parse_receipt(text: str | None, *, run_token: str, job: str) -> Receipt:
    """Return the receipt in a termination message, or raise if it is not one of this very run."""
    document = read_message(
        text,
        kind="receipt",
        run_token=run_token,
        job=job,
        otherwise="The result of this run is not known; the next try finds out from the ledger.",
    )
    return _receipt(document, job)


def disagreement(receipt: Receipt, exit_code: int) -> str | None:
    """Return how status and exit code contradict each other, if they do."""
    if receipt.status == "RUNNING":
        return "it ended with exit code 0, but its receipt is still RUNNING" if exit_code == 0 else None
    if receipt.exit_code is not None and receipt.exit_code != exit_code:
        return f"it ended with exit code {exit_code}, but its receipt says {receipt.exit_code}"
    if exit_code not in EXIT_CODES[receipt.status]:
        return f"it ended with exit code {exit_code}, but its receipt says {receipt.status}"
    if receipt.published and receipt.range and receipt.range.published != receipt.range.parts:
        return f"its receipt says {receipt.status}, but also {receipt.range.text()}"
    return None


def _receipt(document: dict[str, Any], job: str) -> Receipt:
    def take(key: str, kind: type, *, required: bool = False) -> Any:
        value = document.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, kind) or isinstance(value, bool):
            raise not_believed("receipt", job, f"its {key} is {json.dumps(value)[:60]}")
        return value

    status = take("status", str, required=True)
    if status != "RUNNING" and status not in EXIT_CODES:
        raise not_believed("receipt", job, f'its status is "{status}", which nobody knows')
    rows = take("rows", dict)
    if rows is not None and not all(type(count) is int for count in rows.values()):
        raise not_believed("receipt", job, f"its rows are {json.dumps(rows)[:60]}")
    return Receipt(
        job=job,
        run_token=document["run_token"],
        status=status,
        phase=take("phase", str),
        exit_code=take("exit_code", int),
        run_id=take("run_id", str),
        run_key=take("run_key", str),
        sdk_version=take("sdk_version", str),
        interval=take("interval", dict) or {},
        range=_range(take("range", dict), job),
        target=take("target", dict) or {},
        rows=rows,
        quality=take("quality", dict) or {},
        memory=take("memory", dict) or {},
        timings=take("timings", dict) or {},
        warnings=tuple(str(line) for line in take("warnings", list) or ()),
        spark=take("spark", dict) or {},
        error=job_error(take("error", dict)),
        receipt_uri=take("receipt_uri", str),
        document=document,
    )


def _range(value: Mapping[str, Any] | None, job: str) -> Range | None:
    if value is None:
        return None
    try:
        return Range.of(value)
    except ValueError as reason:
        raise not_believed("receipt", job, f"it is one of a range, and {reason}") from None


def job_error(value: Mapping[str, Any] | None) -> JobError | None:
    """Return what a document says went wrong."""
    if value is None:
        return None
    stack = value.get("stack")
    return JobError(
        kind=str(value.get("kind")),
        message=str(value.get("message")),
        phase=value.get("phase"),
        retryable=value.get("retryable") is True,
        stack=tuple(str(line) for line in stack) if isinstance(stack, list) else (),
    )
