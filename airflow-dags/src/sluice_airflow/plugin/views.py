"""What the pages show, made of runs and receipts: plain values that the templates only lay out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sluice_airflow.plugin.archive import Archive, Unreadable
from sluice_airflow.plugin.chart import Chart, chart
from sluice_airflow.plugin.document import Document
from sluice_airflow.plugin.runs import Run
from sluice_airflow.ranges import interval_text

PUBLISHED = frozenset({"COMMITTED", "ALREADY_COMMITTED"})


@dataclass(frozen=True)
class TableView:
    """A table as its runs tell it."""

    name: str
    runs: tuple[Run, ...]  #: newest first

    @property
    def last(self) -> Run:
        """The newest run."""
        return self.runs[0]

    @property
    def published(self) -> Run | None:
        """The newest run that has published rows."""
        return next((run for run in self.runs if run.status in PUBLISHED), None)

    @property
    def charts(self) -> list[Chart]:
        """Rows, expectations and quarantine over time."""
        drawn = (
            chart("Rows", self.runs, _rows),
            chart("Expectations", self.runs, _expectations),
            chart("Quarantined rows", self.runs, _quarantined),
        )
        return [one for one in drawn if one is not None]


def tables(runs: Iterable[Run]) -> list[TableView]:
    """Return the tables that runs have written, by name."""
    by_name: dict[str, list[Run]] = {}
    for run in runs:
        if run.table is not None and run.receipt.text("target", "kind") == "table":
            by_name.setdefault(run.table, []).append(run)
    return [TableView(name, tuple(by_name[name])) for name in sorted(by_name)]


def _rows(run: Run) -> dict[str, int] | None:
    rows = run.receipt.numbers("rows")
    if run.status not in PUBLISHED or "written" not in rows:
        return None
    return {"written": rows["written"]}


def _expectations(run: Run) -> dict[str, int] | None:
    evaluated = run.receipt.number("quality", "evaluated")
    failed = run.receipt.number("quality", "unsuccessful")
    if not evaluated or failed is None:
        return None
    return {"hold": evaluated - failed, "failed": failed}


def _quarantined(run: Run) -> dict[str, int] | None:
    rows = run.receipt.numbers("rows")
    return {"quarantined": rows["quarantined"]} if "quarantined" in rows else None


@dataclass(frozen=True)
class Balance:
    """What became of the rows that were read."""

    read: int
    written: int
    quarantined: int
    filtered: int

    @property
    def holds(self) -> bool:
        """Whether no row is missing and none came from nowhere."""
        return self.read == self.written + self.quarantined + self.filtered

    @property
    def shares(self) -> list[tuple[str, float, float]]:
        """The kinds with begin and length, in hundredths of what was read."""
        begin, found = 0.0, []
        for kind in ("written", "quarantined", "filtered"):
            share = 100 * getattr(self, kind) / self.read if self.read > 0 else 0.0
            found.append((kind, begin, share))
            begin += share
        return found


@dataclass(frozen=True)
class PartView:
    """One part of a range."""

    of: Document

    @property
    def name(self) -> str:
        """The interval that it stands for, with times only where they are no midnights."""
        return interval_text(self.of.part("interval").value) or "–"

    @property
    def status(self) -> str:
        """How its run ended."""
        return self.of.text("status") or "NOT_RUN"


@dataclass(frozen=True)
class ReceiptView:
    """One receipt; the short one where the long one cannot be had."""

    run: Run
    receipt: Document
    uri: str | None  #: where the long receipt lies
    missing: str | None  #: why it is not shown

    @property
    def balance(self) -> Balance | None:
        """The rows, where they were counted."""
        rows = self.receipt.numbers("rows")
        names = ("read", "written", "quarantined", "filtered")
        return Balance(*(rows[name] for name in names)) if all(name in rows for name in names) else None

    @property
    def parts(self) -> list[PartView]:
        """The parts of a range: all in the long receipt, those that failed first in the short one."""
        return [PartView(part) for part in self.receipt.parts("range", "runs")]

    @property
    def phases(self) -> list[tuple[str, int, float]]:
        """The phases with their milliseconds and their hundredths of the longest."""
        phases = self.receipt.numbers("timings", "phases_ms")
        longest = max(phases.values(), default=0) or 1
        return [(name, spent, 100 * spent / longest) for name, spent in phases.items()]

    @property
    def settings(self) -> list[tuple[str, str]]:
        """The settings in force; the job has hidden its secrets."""
        given = self.receipt.part("settings").value
        pairs = given.items() if isinstance(given, dict) else ()
        return sorted((str(name), value) for name, value in pairs if isinstance(value, str))


def receipt_view(run: Run, archive: Archive | Unreadable) -> ReceiptView:
    """Return the long receipt of a run, of the places where it may lie, or else the short one and why."""
    places = [uri for uri in (run.receipt.text("receipt_uri"), run.record.text("receipt_copy")) if uri]
    why = None
    for uri in places:
        try:
            if isinstance(archive, Unreadable):
                raise archive
            found = archive.receipt(uri)
        except Unreadable as reason:
            why = why or f"{reason}"
            continue
        # A copy is overwritten by the next try; and a file proves nothing that the task has not believed.
        if run.receipt and all(found.text(key) == run.receipt.text(key) for key in ("job", "run_id")):
            return ReceiptView(run, found, uri, None)
        why = why or "it belongs to another run"
    return ReceiptView(run, run.receipt, places[0] if places else None, why)
