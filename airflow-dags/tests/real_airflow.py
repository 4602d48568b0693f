"""A real Airflow without its daemons: DAG files, its database, the scheduler's own code, tasks run in this process."""

# mypy: disallow-untyped-calls=False

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

#: Before Airflow 3.3 a task that asks a person waits in a trigger, which only a triggerer can run.
asks_a_person = pytest.mark.skipif(
    not hasattr(import_module("airflow.sdk.exceptions"), "TaskAwaitingInput"), reason="needs a triggerer"
)

FAKE_JAVA = Path(__file__).with_name("fake_java.py")


@pytest.fixture(scope="session")
def database() -> Path:
    """Make the database, once; return Airflow's home."""
    from airflow.utils.db import initdb

    initdb()
    home = Path(os.environ["AIRFLOW_HOME"])
    (home / "dags").mkdir(exist_ok=True)
    return home


@pytest.fixture
def airflow(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealAirflow]:
    """Return an Airflow whose default connection runs jobs by a fake java."""
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FAKE_JAVA}" "$@"\n')
    java.chmod(0o755)
    for project in ("flights", "reports"):
        (tmp_path / f"{project}.jar").touch()
    made = RealAirflow(database / "dags", tmp_path, monkeypatch)
    made.connect()
    yield made
    made.clear()


class RealAirflow:
    """What tests do with it."""

    def __init__(self, dags: Path, home: Path, monkeypatch: pytest.MonkeyPatch):
        self.dags, self.home, self.monkeypatch = dags, home, monkeypatch
        self.bag: Any = None

    def connect(self, **env: str) -> None:
        """Give the fake java its orders."""
        extra = {
            "launcher": "process",
            "java": str(self.home / "java"),
            "home": str(self.home),
            "env": {"FAKE_JAVA_LOG": str(self.home / "log"), **env},
        }
        self.monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))

    def parse(self, **files: str) -> None:
        """Write DAG files and let Airflow read them into its database."""
        from airflow.dag_processing.bundles.manager import DagBundlesManager
        from airflow.models.dag import DagModel

        # Python takes a file for unchanged that has the same size and was written in the same second.
        shutil.rmtree(self.dags / "__pycache__", ignore_errors=True)
        for name, text in files.items():
            (self.dags / f"{name}.py").write_text(textwrap.dedent(text))
        manager = DagBundlesManager()
        manager.sync_bundles_to_db()
        (bundle,) = manager.get_all_dag_bundles()
        bundle.initialize()
        self.bag = _read(bundle)
        with _session() as session:
            for model in session.query(DagModel):
                model.is_paused = model.dag_id not in self.bag.dags

    def schedule(self) -> list[Any]:
        """Let the scheduler make the runs that are due; return those that wait."""
        from airflow.jobs.job import Job
        from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
        from airflow.utils.sqlalchemy import prohibit_commit

        scheduler = SchedulerJobRunner(job=Job())
        scheduler._mark_backfills_complete()
        with _session() as session, prohibit_commit(session) as guard:
            scheduler._create_dagruns_for_dags(guard, session)
        return self.runs()

    def runs(self, *states: str) -> list[Any]:
        """Return the DAG runs in these states, oldest interval first; by default those that wait."""
        from airflow.models.dagrun import DagRun

        with _session() as session:
            found = session.query(DagRun).filter(DagRun.state.in_(states or ("queued",))).all()
            return sorted(found, key=lambda run: (run.dag_id, str(run.logical_date)))

    def trigger(self, dag_id: str, *, logical_date: Any = None, conf: dict[str, Any] | None = None) -> Any:
        """Make a run by hand, as the button does."""
        from airflow.api.common.trigger_dag import trigger_dag
        from airflow.utils.types import DagRunTriggeredByType

        return trigger_dag(
            dag_id=dag_id,
            triggered_by=DagRunTriggeredByType.TEST,
            logical_date=logical_date,
            run_after=logical_date,
            conf=conf or {},
        )

    def run(self, dag_run: Any) -> dict[str, str]:
        """Run a DAG run until nothing more can be run; return the tasks' states."""
        from airflow.models.dagrun import DagRun
        from airflow.models.serialized_dag import SerializedDagModel
        from airflow.sdk.definitions.dag import _run_task

        dag = self.bag.dags[dag_run.dag_id]
        while True:
            with _session() as session:
                run = session.get(DagRun, dag_run.id)
                stored: Any = SerializedDagModel.get(run.dag_id, session=session)
                run.dag = stored.dag
                if run.state == "queued":
                    run.state = "running"
                schedulable, _ = run.update_state(session=session)
                for ti in schedulable:
                    ti.state, ti.try_number = "scheduled", ti.try_number + 1
                session.commit()
                # Whom a person has answered, the API has scheduled.
                waiting = [ti for ti in run.get_task_instances(session=session) if ti.state == "scheduled"]
                if not waiting:
                    return {_name(ti): str(ti.state) for ti in run.get_task_instances(session=session)}
                session.expunge_all()
            for ti in waiting:
                _run_task(ti=ti, task=dag.task_dict[ti.task_id], run_triggerer=True)

    def answer(self, dag_run: Any, task_id: str, option: str) -> str:
        """Answer a task that asks a person, as the API does; return what it asked."""
        from airflow.models.hitl import HITLDetail
        from airflow.models.taskinstance import TaskInstance
        from airflow.models.trigger import handle_event_submit
        from airflow.triggers.base import TriggerEvent

        with _session() as session:
            query = session.query(TaskInstance).filter_by(run_id=dag_run.run_id, task_id=task_id)
            ti = query.one()
            asked = session.get(HITLDetail, ti.id)
            asked.chosen_options, asked.params_input = [option], {}
            asked.responded_at, asked.responded_by = datetime.now(timezone.utc), {"id": "1", "name": "Ada"}
            handle_event_submit(TriggerEvent(asked.as_resume_event_payload()), task_instance=ti, session=session)
            return f"{asked.subject}\n\n{asked.body}"

    def xcom(self, dag_run: Any, task_id: str) -> Any:
        """Return what a task has returned."""
        from airflow.models.xcom import XComModel

        with _session() as session:
            query = XComModel.get_many(run_id=dag_run.run_id, key="return_value", task_ids=task_id)
            values = [
                json.loads(row.value) if isinstance(row.value, str) else row.value for row in session.scalars(query)
            ]
            return values[0] if len(values) == 1 else values

    def asked_of_java(self) -> list[list[str]]:
        """Return the command lines of the fake java, without the jar, in the order of the calls."""
        log = self.home / "log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the asset events, oldest first: URI and extra."""
        from airflow.models.asset import AssetEvent

        with _session() as session:
            return [(event.uri, event.extra) for event in session.query(AssetEvent).order_by(AssetEvent.id)]

    def clear(self) -> None:
        """Forget the DAGs, their runs and the events."""
        from airflow.api.common.delete_dag import delete_dag
        from airflow.models.asset import AssetEvent

        for dag_id in self.bag.dags if self.bag else ():
            delete_dag(dag_id)
        for file in self.dags.glob("*.py"):
            file.unlink()
        with _session() as session:
            session.query(AssetEvent).delete()


def _name(ti: Any) -> str:
    return ti.task_id if ti.map_index < 0 else f"{ti.task_id}[{ti.rendered_map_index or ti.map_index}]"


def _read(bundle: Any) -> Any:
    """Read the DAG files of a bundle into the database."""
    try:
        from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
    except ImportError:  # Airflow 3.1
        from airflow.models import dagbag

        old: Any = dagbag
        bag = old.DagBag(dag_folder=bundle.path, bundle_path=bundle.path, include_examples=False)
        old.sync_bag_to_db(bag, bundle.name, bundle.version)
    else:
        bag = BundleDagBag(dag_folder=bundle.path, bundle_path=bundle.path, bundle_name=bundle.name)
        sync_bag_to_db(bag, bundle.name, bundle.version)
    assert bag.import_errors == {}
    return bag


def _session() -> Any:
    from airflow.utils.session import create_session

    return create_session()
