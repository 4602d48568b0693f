"""As much of Airflow's metadata as the pages read, in memory."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateTable

from sluice_airflow.run_record import RECORD

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)


class Metadata:
    """A database that runs can be put into."""

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        self.count = 0
        with self.engine.begin() as connection:
            for model in (TaskInstance, XComModel):
                connection.execute(CreateTable(model.__table__, include_foreign_key_constraints=[]))

    def add(self, record: Any, **task: Any) -> dict[str, Any]:
        """Put in a task instance with its record; return what names it in an address."""
        self.count += 1
        name: dict[str, Any] = {
            "dag_id": "flights",
            "task_id": "clean-departures",
            "run_id": f"run-{self.count}",
            "map_index": -1,
        }
        name.update({key: task.pop(key) for key in list(task) if key in name})
        start = NOON + timedelta(minutes=self.count)
        times = {"start_date": start, "end_date": start + timedelta(seconds=30)}
        values = {**name, "pool": "default_pool", "try_number": 1, "state": "success"}
        with self.engine.begin() as connection:
            connection.execute(insert(TaskInstance.__table__).values({**values, **times, **task}))
            xcom = {**name, "dag_run_id": self.count, "key": RECORD, "value": record, "timestamp": start}
            connection.execute(insert(XComModel.__table__).values(xcom))
        return {key: value for key, value in name.items() if key != "map_index" or value >= 0}

    def session(self) -> Session:
        """Return a session."""
        return Session(self.engine)
