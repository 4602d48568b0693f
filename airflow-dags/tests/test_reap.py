"""The reaper: what is an orphan, what is left alone, and that only that very pod is deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.cncf.kubernetes.pod_generator import make_safe_label_value
from kubernetes.config import kube_config

from fake_api import FakeApi, serving
from sluice_airflow import orphans
from sluice_airflow.cli import main
from sluice_airflow.orphans import Task, task_states

RUN = "scheduled__2013-01-01T00:00:00+00:00"


def pod(name: str, task_id: str, *, minutes: int = 60, phase: str = "Running", **labels: str) -> dict[str, Any]:
    said = {"dag_id": "flights", "run_id": RUN, "task_id": task_id, **labels}
    born = (datetime.now(timezone.utc) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "metadata": {
            "name": name,
            "uid": f"uid-{name}",
            "creationTimestamp": born,
            "labels": {key: make_safe_label_value(value) for key, value in said.items() if value},
        },
        "status": {"phase": phase},
    }


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    made = FakeApi()
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", '{"conn_type": "sluice", "extra": {"namespace": "jobs"}}')
    with serving(made, tmp_path) as kubeconfig:
        monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(kubeconfig))
        yield made


@pytest.fixture
def airflow_says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say the states of tasks of the run; those not named are not known."""

    def say(**states: str) -> None:
        def answer(tasks: Sequence[Task]) -> dict[Task, str]:
            return {task: states[task.task_id] for task in tasks if task.task_id in states}

        monkeypatch.setattr(orphans, "task_states", answer)

    return say


def reap(api: FakeApi, *words: str) -> set[str]:
    """Run the command; return the names of the pods that are left."""
    assert main(["reap", *words]) == 0
    return set(api.pods)


def put(api: FakeApi, *pods: dict[str, Any]) -> None:
    api.pods = {pod["metadata"]["name"]: pod for pod in pods}


@pytest.mark.parametrize("state", ["success", "failed", "skipped", "upstream_failed", "removed"])
def test_a_running_pod_whose_task_has_ended_is_an_orphan(
    api: FakeApi, airflow_says: Callable[..., None], state: str
) -> None:
    airflow_says(clean=state)
    put(api, pod("a", "clean"))

    assert reap(api, "--yes") == set()


@pytest.mark.parametrize("state", ["running", "deferred", "queued", "scheduled", "up_for_retry", "restarting", "none"])
def test_a_pod_that_somebody_may_still_want_is_left(
    api: FakeApi, airflow_says: Callable[..., None], state: str
) -> None:
    airflow_says(clean=state)
    put(api, pod("a", "clean"))

    assert reap(api, "--yes", "--unknown", "--ended") == {"a"}


def test_without_yes_it_only_says_so(
    api: FakeApi, airflow_says: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    airflow_says(clean="failed", stats="running")
    put(api, pod("a", "clean"), pod("b", "stats"), pod("c", "stats", minutes=1))

    assert reap(api) == {"a", "b", "c"}
    assert capsys.readouterr().out == (
        f"orphan  a  Running, flights.clean of {make_safe_label_value(RUN)} is failed\n"
        f"keep    b  Running, flights.stats of {make_safe_label_value(RUN)} is running\n"
        "keep    c  Running, younger than 10 min\n"
        "1 of 3 pods in jobs are orphans; --yes deletes them\n"
    )


def test_a_young_pod_is_left_whatever_its_task(api: FakeApi, airflow_says: Callable[..., None]) -> None:
    airflow_says(clean="failed")
    put(api, pod("a", "clean", minutes=9), pod("b", "clean", minutes=11))

    assert reap(api, "--yes", "--unknown") == {"a"}


def test_a_pod_of_another_airflow_is_left_unless_it_is_asked_for(
    api: FakeApi, airflow_says: Callable[..., None]
) -> None:
    airflow_says()
    put(api, pod("a", "clean"), pod("b", "", dag_id="", run_id=""))

    assert reap(api, "--yes") == {"a", "b"}
    assert reap(api, "--yes", "--unknown") == set()


def test_a_pod_that_was_kept_to_look_at_is_left_unless_it_is_asked_for(
    api: FakeApi, airflow_says: Callable[..., None]
) -> None:
    airflow_says(clean="failed")
    put(api, pod("a", "clean", phase="Failed"), pod("b", "clean", phase="Succeeded"))

    assert reap(api, "--yes") == {"a", "b"}
    assert reap(api, "--yes", "--ended") == set()


def test_a_pod_that_took_the_name_meanwhile_is_left(
    api: FakeApi, airflow_says: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    airflow_says(clean="failed")
    put(api, pod("a", "clean"))
    listed = orphans.Pods.ours

    def replaced(self: orphans.Pods) -> list[Any]:
        found = listed(self)
        api.pods["a"]["metadata"]["uid"] = "another"
        return found

    monkeypatch.setattr(orphans.Pods, "ours", replaced)

    assert reap(api, "--yes") == {"a"}


def test_a_grace_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["reap", "--grace", "0"])

    assert "must be 1 or more minutes" in capsys.readouterr().err


LONG = "a-task-with-a-name-that-goes-on-and-on-beyond-what-a-label-takes-and-further"


def test_airflows_database_is_asked_by_the_safe_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the real tables; only the columns that are asked for are filled."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils import session as airflow_session
    from sqlalchemy import Column, MetaData, Table, create_engine
    from sqlalchemy.orm import Session

    engine = create_engine(f"sqlite:///{tmp_path}/airflow.db")
    rows: dict[Any, list[dict[str, Any]]] = {
        DagRun: [{"dag_id": "flights", "run_id": RUN}, {"dag_id": "flights", "run_id": "manual"}],
        TaskInstance: [
            {"dag_id": "flights", "run_id": RUN, "task_id": LONG, "map_index": -1, "state": "failed"},
            {"dag_id": "flights", "run_id": RUN, "task_id": "mapped", "map_index": 3, "state": None},
            {"dag_id": "flights", "run_id": "manual", "task_id": "mapped", "map_index": 3, "state": "success"},
        ],
    }
    with engine.begin() as connection:
        for model, values in rows.items():
            columns = [Column(name, model.__table__.c[name].type) for name in values[0]]
            table = Table(model.__tablename__, MetaData(), *columns)
            table.create(connection)
            connection.execute(table.insert(), values)
    monkeypatch.setattr(airflow_session, "create_session", lambda: Session(engine))
    safe_run = make_safe_label_value(RUN)
    long, mapped = Task("flights", safe_run, make_safe_label_value(LONG)), Task("flights", safe_run, "mapped", 3)
    other = Task("other", safe_run, "mapped", 3)

    states = task_states([long, mapped, other])
    engine.dispose()

    assert long.task_id != LONG
    assert safe_run != RUN
    assert (states[long], states[mapped]) == ("failed", "none")
    assert other not in states
