"""The launch on Kubernetes: what is taken up, deleted, refused and killed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.triggers.base import BaseTrigger
from kubernetes.client import V1Pod
from kubernetes.config import ConfigException

from contexts import context
from pods import IMAGE, RUNNING, clock, cluster, fails, mode, operator, pod_connection, run, says
from sluice_airflow import SluiceJobOperator
from sluice_airflow._compat import AirflowFailException, TaskDeferred
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceOutOfMemory,
)
from sluice_airflow.testing import cluster as fake
from sluice_airflow.triggers.pod import JobPodTrigger

__all__ = ["clock", "cluster", "mode", "pod_connection"]


def test_a_kill_for_memory_names_limit_heap_and_phase(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    cluster(fake.running, fake.ended(137, RUNNING, reason="OOMKilled")).log = "stage 3 of 9\n"

    with pytest.raises(SluiceOutOfMemory) as error:
        run(operator(flights, mode), context())

    lines = str(error.value).splitlines()
    assert "  exit code  137, OOMKilled" in lines
    assert "  memory     limit 2.0 GiB, heap up to 1.2 GiB, heap used 700.0 MiB" in lines
    assert "  phase      transform" in lines
    assert "    stage 3 of 9" in lines


def test_a_bare_back_off_is_explained_by_the_last_telling_event(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.pending, fake.waiting("ImagePullBackOff", f'Back-off pulling image "{IMAGE}"'))
    made.events = [f'Failed to pull image "{IMAGE}": not found', "Error: ErrImagePull", "Back-off pulling"]

    with pytest.raises(SluiceConfigError, match=r"\(ImagePullBackOff\): Failed to pull image .* not found"):
        run(operator(flights, mode), context())


def test_a_good_end_that_was_collected_before_the_worker_saw_it_is_green(
    flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.running, fake.ended(0, says()))

    assert run(operator(flights, "deferrable"), context(), between=made.pods.clear)["status"] == "COMMITTED"


def test_a_pod_that_is_gone_proves_nothing(flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(fake.running, fake.running, fake.gone)

    with pytest.raises(SluiceInfrastructureError, match="is gone and took its result with it") as error:
        run(operator(flights, "deferrable"), context(), between=made.pods.clear)

    assert not isinstance(error.value, AirflowFailException)


def test_trouble_with_the_log_does_not_spoil_a_good_run(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cluster(fake.running, fake.running, fake.ended(0, says()))

    def no_log(*_: Any, **__: Any) -> Any:
        raise fake.refusal(403, "pods/log is forbidden")

    monkeypatch.setattr(made, "read_namespaced_pod_log", no_log)

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"


def test_trouble_with_the_deletion_does_not_spoil_a_good_run(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cluster(fake.running, fake.ended(0, says()))

    def no_deletion(*_: Any, **__: Any) -> Any:
        raise fake.refusal(403, "pods is forbidden")

    monkeypatch.setattr(made, "delete_namespaced_pod", no_deletion)

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"


@pytest.mark.parametrize(
    ("refusal", "expected", "message"),
    [
        pytest.param(
            fake.refusal(403, 'pods is forbidden: violates PodSecurity "restricted:latest"'),
            SluiceConfigError,
            "Cannot create the pod of job 'clean-departures': pods is forbidden: violates PodSecurity "
            '"restricted:latest" (HTTP 403). Correct the connection, the namespace or the account\'s rights.',
            id="forbidden",
        ),
        pytest.param(
            fake.refusal(404, 'namespaces "jobs" not found'),
            SluiceConfigError,
            "Cannot create the pod of job 'clean-departures': namespaces \"jobs\" not found (HTTP 404). "
            "Correct the connection, the namespace or the account's rights.",
            id="no namespace",
        ),
    ],
)
def test_a_refused_creation_gives_the_servers_own_words(
    mode: str,
    flights: Path,
    cluster: Callable[..., fake.Cluster],
    caplog: pytest.LogCaptureFixture,
    refusal: Any,
    expected: type[SluiceError],
    message: str,
) -> None:
    cluster(fake.pending).refuse_creation = refusal

    with pytest.raises(SluiceError) as error:
        run(operator(flights, mode), context())

    assert type(error.value) is expected
    assert str(error.value) == message
    assert "SLUICE_LAKE_CATALOG" not in caplog.text, "no pod is dumped into the log"


def test_without_a_kubeconfig_it_says_what_to_set(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cluster(fake.pending)

    def no_config(*_: Any, **__: Any) -> Any:
        raise ConfigException("Invalid kube-config file. No configuration found.")

    monkeypatch.setattr(made, "read_namespaced_pod", no_config)

    with pytest.raises(SluiceConfigError) as error:
        run(operator(flights, mode), context())

    assert str(error.value) == (
        "Cannot create the pod of job 'clean-departures': Invalid kube-config file. No configuration found. "
        "Name a kubernetes_conn_id in the connection's extra, or set KUBECONFIG."
    )


def test_a_pod_that_an_earlier_try_left_running_is_taken_up(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.running, fake.ended(0, says()))
    abandoned = abandon(made, operator(flights))

    result = run(operator(flights, mode), context(try_number=2))

    assert result["status"] == "COMMITTED"
    assert [pod.metadata.name for pod in made.created] == [abandoned]
    assert made.deleted == [abandoned]


def test_a_pod_that_does_other_work_is_deleted(mode: str, flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(fake.running, fake.ended(0, says()))
    abandoned = abandon(made, operator(flights, image="registry.example/older"))

    run(operator(flights, mode), context(try_number=2))

    assert made.deleted[0] == abandoned
    assert len(made.created) == 2


def test_a_pod_that_ended_unseen_is_deleted_and_the_work_done_again(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.ended(0, says()))
    abandoned = abandon(made, operator(flights))
    made.read_namespaced_pod(abandoned, "jobs")

    run(operator(flights, mode), context(try_number=2))

    assert made.deleted[0] == abandoned
    assert len(made.created) == 2


def abandon(cluster: fake.Cluster, task: SluiceJobOperator) -> str:
    """Leave the pod of a first try whose worker died."""
    task.deferrable = True
    with pytest.raises(TaskDeferred):
        task.execute(context())
    return str(cluster.created[-1].metadata.name)


def test_a_kill_deletes_the_pod(flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    task = operator(flights)
    made = cluster(fake.running, fake.running, fake.running)
    looks = 0

    def killed(pod: V1Pod) -> V1Pod:
        nonlocal looks
        looks += 1
        if looks == 2:
            task.on_kill()
        return fake.running(pod)

    made.stages = [killed]

    with pytest.raises(SluiceInfrastructureError, match="is gone"):
        run(task, context())

    assert len(made.deleted) == 1


def test_a_kill_while_deferred_deletes_the_pod(flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(fake.running)
    with pytest.raises(TaskDeferred) as deferred:
        operator(flights, "deferrable").execute(context())

    asyncio.run(deferred.value.trigger.on_kill())

    assert made.pods == {}


def test_a_kill_while_another_run_does_the_work_leaves_its_pod(
    flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.running)
    with pytest.raises(TaskDeferred):
        operator(flights, "deferrable").execute(context(run_id="manual__1"))
    waits = operator(flights, "deferrable")
    with pytest.raises(TaskDeferred) as deferred:
        waits.execute(context())

    asyncio.run(deferred.value.trigger.on_kill())
    waits.on_kill()

    assert len(made.pods) == 1


@pytest.mark.parametrize(("state", "left"), [("deferred", 1), ("failed", 0)])
def test_an_older_airflow_says_that_a_deferred_task_was_killed_by_cleaning_up(
    flights: Path, cluster: Callable[..., fake.Cluster], monkeypatch: pytest.MonkeyPatch, state: str, left: int
) -> None:
    made = cluster(fake.running)
    monkeypatch.delattr(BaseTrigger, "on_kill", raising=False)
    with pytest.raises(TaskDeferred) as deferred:
        operator(flights, "deferrable").execute(context())

    async def get_task_state(_: Any) -> str:
        return state

    monkeypatch.setattr(JobPodTrigger, "get_task_state", get_task_state)
    asyncio.run(deferred.value.trigger.cleanup())

    assert len(made.pods) == left


def test_a_kept_pod_is_marked_and_left(mode: str, flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(fake.running, fake.ended(70, fails(70, "BUG", "Cannot transform: bug. Correct it.")))

    with pytest.raises(SluiceError):
        run(operator(flights, mode, on_finish_action="delete_succeeded_pod"), context())

    (kept,) = made.pods.values()
    assert kept.metadata.labels["already_checked"] == "True"


def test_the_pod_as_the_cluster_gets_it(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], golden: Callable[[str, Any], None]
) -> None:
    made = cluster(fake.running, fake.ended(0, says()))
    override = {"spec": {"nodeSelector": {"pool": "spark"}, "containers": [{"name": "base", "workingDir": "/work"}]}}
    task = operator(
        flights,
        mode,
        pod_override=override,
        job_resources={"memory": "4Gi"},
        execution_timeout=timedelta(hours=1),
    )

    run(task, context())

    document = made.api_client.sanitize_for_serialization(made.created[0])
    container = document["spec"]["containers"][0]
    for variable in container["env"]:
        if variable["name"] == "SLUICE_RUN_TOKEN":
            variable["value"] = "RUN_TOKEN"
    document["metadata"]["labels"]["airflow_version"] = "AIRFLOW_VERSION"
    for key in ("uid", "creationTimestamp"):
        del document["metadata"][key]
    del document["status"]
    golden("pod-launched.json", document)


def test_a_try_has_its_own_token(flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(fake.running, fake.ended(0, says()))
    task = operator(flights)

    run(task, context())
    run(task, context(try_number=2))

    first, second = (fake.token_of(pod) for pod in made.created)
    assert first != second
