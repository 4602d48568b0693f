"""Ranges: one task that runs a job for each hour, day, month or year of its interval, and what came of the parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.nearest import did_you_mean

if TYPE_CHECKING:
    from sluice_airflow.manifest import Job

#: What a part may be, as the image's ``run --each`` has it.
EACH = ("hour", "day", "month", "year")

COUNTS = ("parts", "committed", "already_committed", "failed", "not_run")

#: The statuses of a part that has an outcome, and that is not its rows in the table.
FAILURES = frozenset({"REFUSED", "FAILED", "UNKNOWN"})

#: So many of the parts that have failed are named on a task's screen.
NAMED = 3


@dataclass(frozen=True)
class FailedPart:
    """One part that has failed, as the short receipt names it."""

    interval: str
    status: str
    error: str | None = None


@dataclass(frozen=True)
class Range:
    """What became of the parts of an interval, each of which is a run of its own."""

    each: str
    parts: int
    committed: int
    already_committed: int
    failed: int
    not_run: int
    running: str | None = None  #: the part that was on its way, in a receipt that is not the last
    failures: tuple[FailedPart, ...] = ()  #: the first of them

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Range:
        """Read what a receipt says of its range, or raise ValueError if it is not to be believed."""
        counts: dict[str, Any] = {name: value.get(name) for name in COUNTS}
        if not all(type(count) is int for count in counts.values()) or value.get("each") not in EACH:
            raise ValueError("it has no counts")
        if counts["parts"] != sum(counts[name] for name in COUNTS[1:]):
            raise ValueError("its counts do not add up")
        runs = [run for run in value.get("runs") or () if isinstance(run, Mapping)]
        return cls(
            each=value["each"],
            **counts,
            running=interval_text(value.get("running")),
            failures=tuple(_failed(run) for run in runs if run.get("status") in FAILURES),
        )

    @property
    def published(self) -> int:
        """Return how many parts are in the table, by this run or an earlier one."""
        return self.committed + self.already_committed

    def to_xcom(self) -> dict[str, Any]:
        """Return the counts."""
        return {"each": self.each, **{name: getattr(self, name) for name in COUNTS}}

    def text(self) -> str:
        """Return the counts for people."""
        words = [f"{self.published} of {self.parts} {self.each}s committed"]
        if self.already_committed:
            words.append(f"{self.already_committed} of them before")
        if self.failed:
            words.append(f"{self.failed} failed")
        if self.not_run:
            words.append(f"{self.not_run} not run")
        if self.running:
            words.append(f"ended within {self.running}")
        return ", ".join(words)

    def failure_lines(self) -> list[str]:
        """Return the first parts that have failed, one a line, and how many there are more."""
        lines = [f"{part.interval} {part.status}: {part.error or 'no reason'}" for part in self.failures[:NAMED]]
        more = self.failed - len(lines)
        return [*lines, f"and {more} more: the receipt lists all"] if lines and more > 0 else lines


def interval_text(value: Any) -> str | None:
    """Return an interval as ``2013-01-01/2013-01-02``; bounds that are no midnights have their time."""
    if not isinstance(value, Mapping):
        return None
    return "/".join(str(value.get(bound)).removesuffix("T00:00:00Z") for bound in ("start", "end"))


def check_each(spec: Job, each: str | None) -> None:
    """Raise unless a job can be run for each part of its interval."""
    if each is None:
        return
    if each not in EACH:
        raise SluiceConfigError(
            f"Cannot run job '{spec.name}' for each '{each}': that is no part of an interval. "
            f"{did_you_mean(each, EACH)}"
        )
    if not spec.has_parts:
        raise SluiceConfigError(
            f"Cannot run job '{spec.name}' for each {each}: it has no interval that could be split. "
            "Leave out 'each', or declare the job perInterval() and write the manifest again."
        )


def _failed(run: Mapping[str, Any]) -> FailedPart:
    error = run.get("error")
    return FailedPart(interval_text(run.get("interval")) or "?", str(run["status"]), str(error) if error else None)
