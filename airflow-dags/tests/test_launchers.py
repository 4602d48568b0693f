"""The contract of launchers, kept by each of them; and one DAG that runs on all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from fake_emr import fake_emr
from launcher_contract import LauncherContract, World
from sluice_airflow import sluice_dag
from sluice_airflow.connection import LAUNCHERS
from sluice_airflow.testing.cluster import Clock, Cluster
from sluice_airflow.testing.tasks import run_task
from worlds import EmrWorld, KubernetesWorld, ProcessWorld

DIES_WITH_IT = "the process dies with its worker: nothing is left for others"
NEVER_DEFERRED = "a process is never deferred: it lives on this worker"
AIRFLOWS_OWN = "Airflow raises the timeout into the wait; test_process_launcher has that"


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ProcessWorld:
    return ProcessWorld(monkeypatch, tmp_path)


@pytest.fixture
def kubernetes(
    monkeypatch: pytest.MonkeyPatch, sluice_cluster: Callable[..., Cluster], sluice_clock: Clock
) -> KubernetesWorld:
    return KubernetesWorld(monkeypatch, sluice_cluster(), sluice_clock)


@pytest.fixture
def emr_serverless(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmrWorld]:
    with fake_emr("emr-serverless", monkeypatch) as (made, clock):
        yield EmrWorld(monkeypatch, made, clock)


@pytest.fixture
def emr_containers(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmrWorld]:
    with fake_emr("emr-containers", monkeypatch) as (made, clock):
        yield EmrWorld(monkeypatch, made, clock)


class TestProcess(LauncherContract):
    switched_off = {  # noqa: RUF012 - as in the contract
        "test_a_deferred_task_does_not_go_on_before_airflow_knows_that_it_is_deferred": NEVER_DEFERRED,
        "test_a_kill_while_deferred_ends_the_job": NEVER_DEFERRED,
        "test_a_retry_takes_up_what_still_runs": DIES_WITH_IT,
        "test_a_retry_that_wants_other_work_ends_what_still_runs": DIES_WITH_IT,
        "test_another_run_of_the_same_work_is_waited_for": "workers do not know each other: the commit decides",
        "test_a_kill_leaves_another_runs_job_alone": NEVER_DEFERRED,
        "test_the_tasks_own_timeout_ends_the_job": AIRFLOWS_OWN,
        "test_a_kill_for_memory_says_how_much_there_was": "a process has no limit of its own",
    }

    @pytest.fixture
    def world(self, process: ProcessWorld) -> ProcessWorld:
        return process


class TestKubernetes(LauncherContract):
    switched_off = {  # noqa: RUF012
        "test_a_reference_to_a_kubernetes_secret_that_cannot_be_followed_is_refused": "here it can be followed",
    }

    @pytest.fixture
    def world(self, kubernetes: KubernetesWorld) -> KubernetesWorld:
        return kubernetes


class TestEmrServerless(LauncherContract):
    @pytest.fixture
    def world(self, emr_serverless: EmrWorld) -> EmrWorld:
        return emr_serverless


class TestEmrContainers(LauncherContract):
    @pytest.fixture
    def world(self, emr_containers: EmrWorld) -> EmrWorld:
        return emr_containers


@pytest.mark.parametrize("launcher", LAUNCHERS)
@pytest.mark.parametrize("mode", ["sync", "deferrable"])
def test_the_same_dag_runs_on_each(request: pytest.FixtureRequest, flights: Path, launcher: str, mode: str) -> None:
    """Nothing differs but the connection."""
    world: World = request.getfixturevalue(launcher.replace("-", "_"))
    world.plays("commit")
    dag = sluice_dag(
        flights, schedule=None, settings={"raw": "/raw"}, operator_args={"deferrable": mode == "deferrable"}
    )
    task: Any = dag.get_task("clean-departures")
    task.interval_start, task.interval_end = "2013-01-01T00:00:00+00:00", "2013-02-01T00:00:00+00:00"

    assert run_task(task, context())["status"] == "COMMITTED"
    assert [job.arguments[:2] for job in world.started] == [["run", "clean-departures"]]
