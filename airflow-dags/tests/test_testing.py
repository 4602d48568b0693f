"""The kit for users' own tests, as the README shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sluice_airflow import SluiceJobOperator
from sluice_airflow.exceptions import SluiceOutOfMemory
from sluice_airflow.testing.cluster import Cluster, commits, ended, evicted, first_life, running
from sluice_airflow.testing.tasks import run_task, task_context


@pytest.fixture(params=[False, True], ids=["sync", "deferrable"])
def job(request: pytest.FixtureRequest, flights: Path) -> SluiceJobOperator:
    interval: dict[str, Any] = {"interval_start": "2013-01-01T00:00:00Z", "interval_end": "2013-02-01T00:00:00Z"}
    return SluiceJobOperator(job="clean-departures", manifest=flights, deferrable=request.param, **interval)


def test_a_job_commits(job: SluiceJobOperator, sluice_cluster: Callable[..., Cluster]) -> None:
    sluice_cluster(running, ended(0, commits()))

    assert run_task(job, task_context(job))["status"] == "COMMITTED"


def test_memory(job: SluiceJobOperator, sluice_cluster: Callable[..., Cluster]) -> None:
    sluice_cluster(running, ended(137, reason="OOMKilled"))

    with pytest.raises(SluiceOutOfMemory):
        run_task(job, task_context(job))


def test_an_eviction_costs_no_retry(job: SluiceJobOperator, sluice_cluster: Callable[..., Cluster]) -> None:
    cluster = sluice_cluster()
    cluster.stages = [first_life(cluster, evicted("low on disk"), running, ended(0, commits()))]

    run_task(job, task_context(job))

    assert len(cluster.created) == 2


def test_processes_run_where_it_says(
    job: SluiceJobOperator, sluice_process: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "flights.jar").touch()
    says = Path(tmp_path, "java")
    says.write_text('#!/bin/sh\necho "in $SLUICE_LAKE_WAREHOUSE"; exit 70\n')
    says.chmod(0o755)
    sluice_process(tmp_path, java=str(says), SLUICE_LAKE_WAREHOUSE="file:///lake")

    with pytest.raises(Exception, match="in file:///lake") as error:
        run_task(job, context_of(job))

    assert "exit code  70" in str(error.value)


def context_of(job: SluiceJobOperator) -> Any:
    return task_context(job, try_number=2)
