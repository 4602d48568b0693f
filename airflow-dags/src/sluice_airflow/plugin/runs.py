"""The runs that Airflow knows: the records that the tasks have left in the metadata database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from sqlalchemy import Select, and_, select

from sluice_airflow.plugin.document import Document
from sluice_airflow.run_record import RECORD

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: All pages are made of so many runs; older ones are in the audit log and under the receipts' folder.
NEWEST = 500

FINAL = frozenset({"COMMITTED", "ALREADY_COMMITTED", "REFUSED", "FAILED", "CANCELLED", "UNKNOWN"})


@dataclass(frozen=True)
class Run:
    """The last try of one task instance, and what it has left of its run."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    try_number: int
    state: str | None
    start: datetime | None
    end: datetime | None
    noted: datetime
    record: Document

    @property
    def receipt(self) -> Document:
        """The short receipt, empty while there is none."""
        return self.record.part("receipt")

    @property
    def job(self) -> str:
        """The job's name."""
        return self.record.text("job") or self.task_id

    @property
    def status(self) -> str:
        """How the run ended; as long as no receipt says so, the task's own state."""
        told = self.receipt.text("status")
        return told if told in FINAL else (self.state or "none")

    @property
    def table(self) -> str | None:
        """The name of what the run has written or was to write."""
        return self.receipt.text("target", "name")

    @property
    def interval(self) -> tuple[str, str] | None:
        """Begin and end of what the run stands for."""
        told = (self.receipt.text("interval", "start"), self.receipt.text("interval", "end"))
        start, _, end = (self.record.text("interval") or "").partition("/")
        start, end = told[0] or start, told[1] or end
        return (start, end) if start and end else None

    @property
    def parts(self) -> str | None:
        """How many of the parts of its interval are published, where each is a run of its own."""
        found = self.receipt.part("range")
        counts = found.numbers()
        if "parts" not in counts:
            return None
        published = counts.get("committed", 0) + counts.get("already_committed", 0)
        return f"{published} of {counts['parts']} {found.text('each') or 'part'}s"

    @property
    def started(self) -> datetime:
        """When it began."""
        return self.receipt.time("timings", "started_at") or self.start or self.noted

    @property
    def seconds(self) -> float | None:
        """How long it took, or has taken as a task where the receipt does not say."""
        told = self.receipt.number("timings", "total_ms")
        if told is not None:
            return told / 1000
        return (self.end - self.start).total_seconds() if self.start and self.end else None

    @property
    def address(self) -> dict[str, Any]:
        """The query that names this run in the pages' addresses."""
        name: dict[str, Any] = {"dag_id": self.dag_id, "run_id": self.run_id, "task_id": self.task_id}
        return {**name, "map_index": self.map_index} if self.map_index >= 0 else name


def newest(session: Session, dags: Collection[str]) -> list[Run]:
    """Return the newest runs of some DAGs, newest first."""
    query = _records().where(XComModel.dag_id.in_(dags))
    found = session.execute(query.order_by(XComModel.timestamp.desc()).limit(NEWEST)).all()
    return sorted(map(_run, found), key=lambda run: run.started, reverse=True)


def one(session: Session, dag_id: str, run_id: str, task_id: str, map_index: int) -> Run | None:
    """Return the run of one task instance."""
    query = _records().where(
        XComModel.dag_id == dag_id,
        XComModel.run_id == run_id,
        XComModel.task_id == task_id,
        XComModel.map_index == map_index,
    )
    found = session.execute(query).first()
    return _run(found) if found is not None else None


def _records() -> Select[Any]:
    of_the_same_task = and_(
        *(
            getattr(TaskInstance, name) == getattr(XComModel, name)
            for name in ("dag_id", "run_id", "task_id", "map_index")
        )
    )
    return (
        select(
            TaskInstance.dag_id,
            TaskInstance.run_id,
            TaskInstance.task_id,
            TaskInstance.map_index,
            TaskInstance.try_number,
            TaskInstance.state,
            TaskInstance.start_date,
            TaskInstance.end_date,
            XComModel.timestamp,
            XComModel.value,
        )
        .join(TaskInstance, of_the_same_task)
        .where(XComModel.key == RECORD)
    )


def _run(row: Any) -> Run:
    dag_id, run_id, task_id, map_index, try_number, state, start, end, noted, _ = row
    # Small records are kept as they are, whatever XCom backend large values go to.
    record = Document(XComModel.deserialize_value(row))
    return Run(dag_id, run_id, task_id, map_index, try_number, str(state) if state else None, start, end, noted, record)
