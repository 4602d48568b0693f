"""Jobs with executors on a real node: the rows of one pod, whoever is lost meanwhile, and nobody left behind."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest

from chain import Chain
from expected import Expected
from flights import TARGETS, run_key
from readers import published
from waiting import awaited

pytestmark = pytest.mark.kubernetes
JOB = "extract-flights"
PATIENCE = 240


def test_rows_are_those_of_a_job_in_one_pod(chain: Chain, expected: Expected) -> None:
    chain.airflow.unpause("scaled")
    two = _both(chain)
    run = chain.airflow.await_runs("scaled", 1)[0]
    _published_once(chain, expected, run, month=9)
    for pod in two:
        container = pod["spec"]["containers"][0]
        assert pod["spec"]["serviceAccountName"] == "sluice-job"
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["resources"]["limits"]["memory"] == "1Gi"
        assert {"name": "spark-local-dir-tmp", "emptyDir": {"sizeLimit": "1Gi"}} in pod["spec"]["volumes"]
    chain.cluster.await_no_pods()


def test_executors_come_and_go_with_the_work(chain: Chain, expected: Expected) -> None:
    chain.airflow.unpause("elastic")
    awaited(lambda: chain.cluster.executors() or None, lambda: "There is no executor", PATIENCE)
    run = chain.airflow.await_runs("elastic", 1)[0]
    _published_once(chain, expected, run, month=8)
    chain.cluster.await_no_pods()


def test_an_executor_that_is_killed_costs_no_row(chain: Chain, expected: Expected) -> None:
    chain.airflow.unpause("executor_killed")
    one, _ = _both(chain)
    chain.cluster.await_log(JOB, f"{JOB}: transform")
    chain.cluster.kill(one)
    run = chain.airflow.await_runs("executor_killed", 1)[0]
    _published_once(chain, expected, run, month=10)
    chain.cluster.await_no_pods()


def test_an_executor_that_is_asked_to_go_tells_the_driver_and_costs_no_row(chain: Chain, expected: Expected) -> None:
    chain.airflow.unpause("executor_evicted")
    one, _ = _both(chain)
    chain.cluster.await_log(JOB, f"{JOB}: transform")
    chain.cluster.evict(one)
    number = one["metadata"]["labels"]["spark-exec-id"]
    chain.cluster.await_log(JOB, f"Received executor {number} decommissioned message")
    run = chain.airflow.await_runs("executor_evicted", 1)[0]
    _published_once(chain, expected, run, month=7)
    assert "FailedPreStopHook" not in chain.cluster.kubectl("get", "events", "-o", "json")
    chain.cluster.await_no_pods()


def test_executors_go_with_a_driver_that_is_killed(chain: Chain, expected: Expected) -> None:
    chain.airflow.unpause("driver_killed")
    _both(chain)
    driver = chain.cluster.await_log(JOB, f"{JOB}: transform")
    before = {pod["metadata"]["uid"] for pod in chain.cluster.executors()}
    chain.cluster.kill(driver)
    began = time.monotonic()
    awaited(
        lambda: None if before & {pod["metadata"]["uid"] for pod in chain.cluster.executors()} else True,
        lambda: "executors stay though their driver is gone",
        60,
    )
    assert time.monotonic() - began < 60
    run = chain.airflow.await_runs("driver_killed", 1)[0]
    assert _published_once(chain, expected, run, month=11)["try_number"] == 2
    chain.cluster.await_no_pods()


@pytest.mark.parametrize(
    ("dag", "why"),
    [
        ("no_room", r"pod \S+-exec-\d+: Unschedulable: .*Insufficient memory.*"),
        ("over_quota", r"pods \S+ is forbidden: exceeded quota: one-pod, .*"),
    ],
)
def test_a_run_whose_executors_do_not_come_ends_in_the_clusters_words(chain: Chain, dag: str, why: str) -> None:
    with _room_for_one_pod(chain) if dag == "over_quota" else nullcontext():
        chain.airflow.unpause(dag)
        run = chain.airflow.await_runs(dag, 1)[0]
    task = chain.airflow.tasks(run)[JOB]
    said = chain.airflow.log(task, 1)
    assert task["state"] == "failed", said[-3000:]
    assert "SluiceInfrastructureError" in said
    words = rf"Cannot run {JOB}: none of its executors has come within 10 s \({why}\)\. See that the cluster"
    assert re.search(words, said), said[-3000:]
    chain.cluster.await_no_pods()


@contextmanager
def _room_for_one_pod(chain: Chain) -> Iterator[None]:
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "one-pod"},
        "spec": {"hard": {"pods": "1"}},
    }
    chain.cluster.kubectl("create", "-f", "-", given=json.dumps(quota))
    try:
        yield
    finally:
        chain.cluster.kubectl("delete", "resourcequota", "one-pod")


def _both(chain: Chain) -> list[dict[str, Any]]:
    def two() -> list[dict[str, Any]] | None:
        found = chain.cluster.executors()
        return found if len(found) == 2 else None

    return awaited(two, lambda: f"There are no two executors: {[p['status'] for p in chain.cluster.pods()]}", PATIENCE)


def _published_once(chain: Chain, expected: Expected, run: dict[str, Any], *, month: int) -> dict[str, Any]:
    task = chain.airflow.tasks(run)[JOB]
    assert task["state"] == "success", chain.airflow.log(task, task["try_number"])[-3000:]
    table = chain.lake.iceberg(TARGETS[JOB])
    assert len(published(table, run_key(JOB, month))) == 1
    returned = chain.airflow.returned(task)
    assert returned["rows"] == expected.rows(JOB, month)
    rows = table.scan(row_filter=f"year = 2013 and month = {month}").to_arrow()
    expected.check(TARGETS[JOB], rows, month)
    return task
