"""The whole chain: a real Airflow launches the jobs as restricted pods; others read what they have published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import checks
from chain import Chain
from expected import Expected
from flights import JOBS, TARGETS, run_key
from handover import TABLE as AIRLINES
from handover import Handover
from readers import published
from weather import Weather

pytestmark = pytest.mark.kubernetes
MIB = 1 << 20


@pytest.fixture(scope="module")
def two_months(chain: Chain) -> list[dict[str, Any]]:
    """The flights DAG, caught up for January and February; another project waits for its departures."""
    chain.airflow.unpause("punctuality")  # first: who is paused is woken by no event
    chain.airflow.unpause("flights")
    return chain.airflow.await_runs("flights", 2)


def test_airflow_runs_the_dag_for_two_months(chain: Chain, two_months: list[dict[str, Any]]) -> None:
    for run in two_months:
        tasks = chain.airflow.tasks(run)
        assert {name: task["state"] for name, task in tasks.items()} == dict.fromkeys(JOBS, "success")
        assert {task["try_number"] for task in tasks.values()} == {1}, "no pod needed a second try"
        assert run["state"] == "success"
    chain.cluster.await_no_pods()


def test_other_engines_read_what_the_pods_have_written(
    chain: Chain, expected: Expected, two_months: list[dict[str, Any]]
) -> None:
    checks.whole_lake(chain.services, expected, (1, 2))


@pytest.mark.parametrize("job", JOBS)
def test_task_returns_the_receipt(chain: Chain, expected: Expected, two_months: list[dict[str, Any]], job: str) -> None:
    for month, run in zip((1, 2), two_months, strict=True):
        returned = chain.airflow.returned(chain.airflow.tasks(run)[job])
        assert returned["status"] == "COMMITTED"
        assert returned["rows"] == expected.rows(job, month)
        receipt = json.loads(chain.lake.receipt(returned["receipt_uri"]))
        checks.valid("receipt", receipt)
        assert receipt["run_key"] == run_key(job, month) == returned["run_key"]
        assert receipt["rows"] == returned["rows"]
        memory = receipt["memory"]
        assert memory["limit_bytes"] == 2048 * MIB
        assert 0.5 < memory["heap_max_bytes"] / memory["limit_bytes"] < 0.65


def test_tables_become_assets(chain: Chain, two_months: list[dict[str, Any]]) -> None:
    events = chain.airflow.get("assets/events?limit=100")["asset_events"]
    keys = {event["extra"]["run_key"] for event in events if event["source_dag_id"] == "flights"}
    assert keys == {run_key(job, month) for job in JOBS for month in (1, 2) if TARGETS[job] != "delays"}


@pytest.fixture(scope="module")
def handed_over(chain: Chain, two_months: list[dict[str, Any]]) -> list[Handover]:
    """What the DAG of a second image has made of each month."""
    runs = sorted(chain.airflow.await_runs("punctuality", 2), key=lambda run: str(run["run_after"]))
    chain.airflow.patch("dags/punctuality", is_paused=True)
    return [
        Handover.between(chain.airflow, first, second, chain.lake.receipt)
        for first, second in zip(two_months, runs, strict=True)
    ]


def test_the_dag_of_a_second_image_is_started_by_the_table(handed_over: list[Handover]) -> None:
    for month in handed_over:
        month.check_start()


def test_the_second_image_reads_the_snapshot_that_was_published(chain: Chain, handed_over: list[Handover]) -> None:
    for month in handed_over:
        snapshot = month.check_snapshot()
        assert published(chain.lake.iceberg("flights.departures"), month.published["run_key"]) == [snapshot]


def test_each_job_has_run_in_its_own_image(chain: Chain, handed_over: list[Handover]) -> None:
    lines = chain.lake.iceberg("sluice.receipts").scan().to_arrow().to_pylist()
    images = {line["run_id"]: line["image"].partition("@")[0] for line in lines}
    for month in handed_over:
        assert images[month.published["run_id"]].endswith("/sluice/flights")
        assert images[month.made["run_id"]].endswith("/sluice/punctuality")


def test_the_rows_of_the_second_image_are_exact(chain: Chain, expected: Expected, handed_over: list[Handover]) -> None:
    expected.check(AIRLINES, chain.lake.iceberg(AIRLINES).scan().to_arrow(), 1, 2)


@pytest.fixture(scope="module")
def march(chain: Chain, two_months: list[dict[str, Any]]) -> dict[str, Any]:
    """A month in which one pod was killed while it wrote and another between its write and its commit."""
    chain.airflow.unpause("killed_while_writing")
    writing = chain.cluster.await_log("extract-flights", "extract-flights: transform")
    chain.cluster.kill(writing)
    extracts = chain.airflow.await_runs("killed_while_writing", 1)[0]
    with _paused_at_publish(chain):
        chain.airflow.unpause("killed_before_commit")
        staged = chain.cluster.await_log("clean-departures", "paused at publish")
    chain.cluster.kill(staged)
    departures = chain.airflow.await_runs("killed_before_commit", 1)[0]
    tasks = {**chain.airflow.tasks(extracts), **chain.airflow.tasks(departures)}
    return {"pods": {"extract-flights": writing, "clean-departures": staged}, "tasks": tasks}


def test_pods_are_what_pod_security_restricted_admits(chain: Chain, march: dict[str, Any]) -> None:
    labels = json.loads(chain.cluster.kubectl("get", "namespace", "sluice", "-o", "json"))["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    for pod in march["pods"].values():
        container = pod["spec"]["containers"][0]
        assert len(pod["spec"]["containers"]) == 1, "no sidecar"
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert "@sha256:" in container["image"]
        assert not {"AWS_SECRET_ACCESS_KEY"} & {variable["name"] for variable in container["env"]}


@pytest.mark.parametrize("job", ["extract-flights", "clean-departures"])
def test_a_killed_pod_is_tried_again_and_nothing_is_doubled(
    chain: Chain, expected: Expected, march: dict[str, Any], job: str
) -> None:
    task = march["tasks"][job]
    assert (task["state"], task["try_number"]) == ("success", 2)
    first = chain.airflow.log(task, 1)
    assert "SluiceInfrastructureError" in first
    assert f"pod sluice/{march['pods'][job]['metadata']['name']}" in first
    table = chain.lake.iceberg(TARGETS[job])
    expected.check(TARGETS[job], table.scan().to_arrow(), 1, 2, 3)
    assert len(published(table, run_key(job, 3))) == 1
    assert chain.airflow.returned(task)["rows"] == expected.rows(job, 3)


def test_quarantine_is_exact_after_a_kill(chain: Chain, expected: Expected, march: dict[str, Any]) -> None:
    checks.quarantine(chain.lake, expected, "flights.departures", (1, 2, 3))


def test_too_little_memory_is_called_that(chain: Chain) -> None:
    task = _failed(chain, "too_little_memory")
    text = chain.airflow.log(task, 1)
    assert "SluiceOutOfMemory" in text
    assert "limit 160.0 MiB" in text
    assert "Raise the job's memory (now 160Mi)" in text
    assert "\\n    NOTE: Picked up JDK_JAVA_OPTIONS" in text, "the last lines of the log, each on its own"


def test_an_image_that_does_not_exist_fails_at_once(chain: Chain) -> None:
    task = _failed(chain, "no_such_image")
    assert task["try_number"] == 1, "another try would not find it either"
    assert task["duration"] < 60
    text = chain.airflow.log(task, 1)
    assert "SluiceConfigError" in text
    assert "sluice/absent@sha256:000" in text
    assert "cannot be pulled" in text
    chain.cluster.await_no_pods()


@pytest.fixture
def weather(chain: Chain) -> Iterator[Weather]:
    """The weather's pods: nobody has one now."""
    chain.cluster.await_no_pods()
    seen = Weather(chain)
    yield seen
    seen.end()


def test_a_triggerer_that_crashes_costs_nothing(chain: Chain, expected: Expected, weather: Weather) -> None:
    weather.begin("triggerer_crashed", "deferred")
    chain.airflow.restart("triggerer", crash=True)
    weather.published(expected, month=5, tries={1}, pods=1)


def test_a_scheduler_that_is_restarted_costs_nothing(chain: Chain, expected: Expected, weather: Weather) -> None:
    weather.begin("scheduler_restarted", "deferred")
    chain.airflow.restart("scheduler")
    weather.published(expected, month=6, tries={1}, pods=1)


def test_a_worker_that_is_killed_leaves_its_pod_to_the_next_try(
    chain: Chain, expected: Expected, weather: Weather
) -> None:
    task = weather.begin("worker_killed", "running")
    chain.airflow.kill_worker_of(task)
    weather.says(2, "Taking up pod")
    chain.cluster.kubectl("create", "configmap", "gate", "--from-literal=open=yes")
    weather.published(expected, month=7, tries={2}, pods=1)


def test_a_task_that_is_cleared_while_it_runs_has_one_pod_at_a_time(
    chain: Chain, expected: Expected, weather: Weather
) -> None:
    task = weather.begin("cleared", "deferred")
    chain.airflow.post(
        "dags/cleared/clearTaskInstances",
        dry_run=False,
        dag_run_id=task["dag_run_id"],
        task_ids=[task["task_id"]],
        only_failed=False,
    )
    # The third: Airflow takes a try away where a task is resumed before its executor has told that it was deferred.
    weather.published(expected, month=8, tries={1, 2, 3}, pods=2)


def test_a_task_that_is_marked_failed_leaves_no_pod(chain: Chain, weather: Weather) -> None:
    task = weather.begin("marked_failed", "deferred")
    path = f"dags/marked_failed/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
    chain.airflow.patch(path, new_state="failed")
    chain.cluster.await_no_pods()
    table = chain.lake.iceberg(TARGETS[weather.job])
    assert len(published(table, run_key(weather.job, 9))) <= 1


def test_a_pod_that_is_drained_from_its_node_is_tried_again(chain: Chain, expected: Expected, weather: Weather) -> None:
    with _paused_at_publish(chain):
        task = weather.begin("drained", "deferred")
        weather.says(1, f"{weather.job}: plan")  # so that Airflow has seen that it runs
        (pod,) = chain.cluster.pods(weather.job)
        chain.cluster.evict(pod)
    weather.published(expected, month=10, tries={2}, pods=2)
    assert "SluiceInfrastructureError" in chain.airflow.log(task, 1)


def test_a_pod_that_the_kubelet_evicts_is_called_that(chain: Chain) -> None:
    with _paused_at_publish(chain):  # a kubelet looks once a minute: before that or later
        task = _failed(chain, "out_of_disk")
    text = chain.airflow.log(task, 1)
    assert "SluiceInfrastructureError" in text
    assert "Evicted: Usage of EmptyDir volume" in text
    assert not published(chain.lake.iceberg(TARGETS["extract-weather"]), run_key("extract-weather", 11))
    chain.cluster.await_no_pods()


@contextmanager
def _paused_at_publish(chain: Chain) -> Iterator[None]:
    """Let jobs that start meanwhile wait before they publish."""
    chain.cluster.secret("faults", {"SLUICE_PAUSE_AT": "publish"})
    try:
        yield
    finally:
        chain.cluster.secret("faults", {})


def _failed(chain: Chain, dag: str) -> dict[str, Any]:
    chain.airflow.unpause(dag)
    run = chain.airflow.await_runs(dag, 1)[0]
    task = chain.airflow.tasks(run)["extract-weather"]
    assert (run["state"], task["state"]) == ("failed", "failed")
    return task
