"""The pod's specification and the reading of its end, as plain values."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from kubernetes import client as k8s

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import JobRequest
from sluice_airflow.launchers.pod import pod_name, pod_spec
from sluice_airflow.launchers.pod_status import pod_ending
from sluice_airflow.testing import cluster as fake
from sluice_airflow.verdict import State

REQUEST = JobRequest(
    project="flights",
    job="clean-departures",
    arguments=("run", "clean-departures", "--interval", "2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00"),
    run_token="the-token",
    dag_id="flights",
    task_id="clean-departures",
    run_id="scheduled__2013-01-01T00:00:00+00:00",
    try_number=1,
    interval="2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00",
    image="registry.example/sluice/flights@sha256:00",
    resources={"memory": "3Gi", "cpu": "1"},
)
SETTINGS = ConnectionSettings(
    namespace="jobs",
    service_account="flights",
    image_pull_policy="IfNotPresent",
    env={"SLUICE_LAKE_WAREHOUSE": "s3://lake/warehouse"},
    env_from_secrets=("lake-keys",),
)


def test_the_pod(golden: Callable[[str, Any], None]) -> None:
    golden("pod.json", pod_spec(REQUEST, SETTINGS, deadline=3900))


def test_the_pod_of_a_bare_connection(golden: Callable[[str, Any], None]) -> None:
    golden("pod-minimal.json", pod_spec(replace(REQUEST, interval=None, resources={}), ConnectionSettings()))


def test_without_an_image_there_is_no_pod() -> None:
    with pytest.raises(SluiceConfigError) as error:
        pod_spec(replace(REQUEST, image=None), SETTINGS)

    assert str(error.value) == (
        "Cannot launch job 'clean-departures' on Kubernetes: no image is known. Build the manifest with "
        "`manifest --image REF`, or name an image in the connection's extra or in the operator."
    )


def test_a_pods_name_is_readable_and_that_of_its_work() -> None:
    name = pod_name(REQUEST)

    assert name.startswith("flights-clean-departures-20130101-")
    written_otherwise = "2013-01-01T01:00:00+01:00/2013-02-01T00:00:00Z"
    for same in (
        {"run_token": "another"},
        {"try_number": 2},
        {"run_id": "backfill", "dag_id": "other"},
        {"interval": written_otherwise},
    ):
        assert pod_name(replace(REQUEST, **same)) == name


@pytest.mark.parametrize(
    "change", [{"project": "trains"}, {"job": "other"}, {"interval": "2013-01-01T00:00:00+00:00/2013-01-02T00:00:00Z"}]
)
def test_other_work_has_another_name(change: dict[str, Any]) -> None:
    assert pod_name(replace(REQUEST, **change)) != pod_name(REQUEST)


@pytest.mark.parametrize("change", [{"run_id": "manual"}, {"map_index": 3}, {"dag_id": "other"}, {"task_id": "g.x"}])
def test_without_an_interval_every_task_instance_is_work_of_its_own(change: dict[str, Any]) -> None:
    plain = replace(REQUEST, interval=None)

    assert pod_name(replace(plain, **change)) != pod_name(plain)
    assert pod_name(replace(plain, try_number=2)) == pod_name(plain)


def test_a_long_name_is_cut_to_what_kubernetes_takes() -> None:
    name = pod_name(replace(REQUEST, project="Very_Long.Project", job="a-job-with-a-name-that-goes-on-and-on-and-on"))

    assert len(name) <= 63
    assert name.startswith("very-long-project-a-job-with")
    assert not name.endswith("-")


def ending(stage: fake.Stage, **more: Any) -> Any:
    document = pod_spec(REQUEST, SETTINGS)
    pod = k8s.ApiClient()._ApiClient__deserialize_model(json.loads(json.dumps(document)), k8s.V1Pod)
    return pod_ending(stage(pod), run_token="the-token", **more)


def test_an_end_carries_message_code_image_and_limit() -> None:
    end = ending(fake.ended(0, "{}"))

    assert (end.state, end.exit_code, end.message, end.interrupted) == (State.ENDED, 0, "{}", False)
    assert (end.image, end.memory_limit) == (REQUEST.image, "3Gi")
    assert end.where == f"pod jobs/{pod_name(REQUEST)}"


@pytest.mark.parametrize(
    ("stage", "reason", "detail", "interrupted"),
    [
        pytest.param(fake.ended(137, reason="OOMKilled"), "OOMKilled", None, False, id="memory"),
        pytest.param(fake.ended(137, reason="OOMKilled", deleted=True), "OOMKilled", None, False, id="memory first"),
        pytest.param(fake.ended(143, deleted=True), "Error", None, True, id="deleted"),
        pytest.param(
            fake.ended(143, pod_reason="Evicted", pod_message="low on disk"),
            "Evicted",
            "low on disk",
            True,
            id="evicted",
        ),
        pytest.param(fake.ended(143, disrupted="preempted"), "Error", "preempted", True, id="preempted"),
        pytest.param(fake.ended(70), "Error", None, False, id="the job's own failure"),
    ],
)
def test_who_ended_a_container(stage: fake.Stage, reason: str, detail: str | None, interrupted: bool) -> None:
    end = ending(stage)

    assert (end.state, end.reason, end.detail, end.interrupted) == (State.ENDED, reason, detail, interrupted)


@pytest.mark.parametrize(
    ("stage", "hint", "reason", "detail"),
    [
        pytest.param(fake.waiting("ErrImagePull", "not found"), "hint", "ErrImagePull", "not found", id="image"),
        pytest.param(
            fake.waiting("ImagePullBackOff", 'Back-off pulling image "i"'),
            "manifest unknown",
            "ImagePullBackOff",
            "manifest unknown",
            id="the registry's words are in an event",
        ),
        pytest.param(
            fake.waiting("ImagePullBackOff", 'Back-off pulling image "i": ErrImagePull: not found'),
            "hint",
            "ImagePullBackOff",
            'Back-off pulling image "i": ErrImagePull: not found',
            id="the registry's words are in the state",
        ),
        pytest.param(
            fake.waiting("ContainerCreating"),
            "no such volume",
            "ContainerCreating",
            "no such volume",
            id="volume",
        ),
        pytest.param(fake.evicted("low on memory"), None, "Evicted", "low on memory", id="evicted before the start"),
        pytest.param(fake.pending, "no idea", None, "no idea", id="nothing known"),
    ],
)
def test_why_a_container_did_not_start(stage: fake.Stage, hint: str | None, reason: str | None, detail: str) -> None:
    end = ending(stage, hint=hint)

    assert (end.state, end.reason, end.detail) == (State.NOT_STARTED, reason, detail)


def test_a_running_container_has_not_ended() -> None:
    end = ending(fake.running)

    assert (end.state, end.interrupted) == (State.RUNNING, False)


def test_a_container_that_the_kubelet_is_just_ending_was_taken_away() -> None:
    end = ending(fake.taken("low on disk"), hint="hint")

    assert (end.state, end.reason, end.detail, end.interrupted) == (State.RUNNING, "Evicted", "low on disk", True)
