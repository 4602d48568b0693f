"""The launch on Kubernetes through the real KubernetesPodOperator and its real trigger, on a cluster in memory.

Every fate of a pod is lived through twice, waiting in the worker and deferred: the outcome must be the same.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.cncf.kubernetes.triggers.pod import KubernetesPodTrigger
from kubernetes.client import V1Pod
from kubernetes.config import ConfigException

import fake_cluster as fake
from contexts import context
from receipts import failed, receipt, text
from sluice_airflow import SluiceJobOperator
from sluice_airflow._compat import AirflowFailException, TaskDeferred
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceDataError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceSourceError,
    SluiceTerminated,
)
from sluice_airflow.launchers.kubernetes import JobPod

MONTH = {"interval_start": "2013-01-01T00:00:00+00:00", "interval_end": "2013-02-01T00:00:00+00:00"}
IMAGE = "registry.example/sluice/flights@sha256:" + 64 * "0"


TOKEN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def says(**changes: Any) -> Callable[[str], str]:
    """Return the receipt that the pod with a run token would leave."""
    return lambda token: text(receipt(**{"run_token": token, **changes}))


def fails(exit_code: int, kind: str, message: str, **changes: Any) -> Callable[[str], str]:
    return lambda token: text(failed(exit_code, kind, message, run_token=token, **changes))


RUNNING = says(status="RUNNING", phase="transform", exit_code=None, rows=None, quality=None)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes at once: nothing here waits for the real thing."""
    pause = asyncio.sleep
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr(asyncio, "sleep", lambda *_: pause(0))


@pytest.fixture(autouse=True)
def connection(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"namespace": "jobs", "service_account": "flights", "env": {"SLUICE_LAKE_CATALOG": "glue"}}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    monkeypatch.delenv("KUBECONFIG", raising=False)


@pytest.fixture(params=["sync", "deferrable"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Callable[..., fake.Cluster]:
    """Return a function that makes the cluster of a test, with the stages of its pods' life."""

    def make(*stages: fake.Stage) -> fake.Cluster:
        made = fake.Cluster(*stages)
        monkeypatch.setattr(JobPod, "hook", made)
        monkeypatch.setattr(KubernetesPodTrigger, "hook", made.triggerer_hook())
        return made

    return make


def operator(flights: Path, mode: str = "sync", **more: Any) -> SluiceJobOperator:
    return SluiceJobOperator(
        job="clean-departures",
        manifest=flights,
        deferrable=mode == "deferrable",
        settings={"raw": "/raw"},
        **{**MONTH, **more},
    )


def run(task: SluiceJobOperator, ctx: Any, *, between: Callable[[], Any] = lambda: None) -> Any:
    """Run a task to its end, playing the triggerer whenever it defers itself."""
    step: Callable[[], Any] = partial(task.execute, ctx)
    while True:
        try:
            return step()
        except TaskDeferred as deferred:
            event, back = trigger(deferred), getattr(task, deferred.method_name)
            step = partial(back, ctx, event=event, **(deferred.kwargs or {}))
        between()


def trigger(deferred: TaskDeferred) -> Any:
    """Send the trigger through the database, as Airflow does, and run it to its first event."""
    path, arguments = deferred.trigger.serialize()
    module, _, name = path.rpartition(".")
    again = getattr(importlib.import_module(module), name)(**arguments)

    async def first() -> Any:
        return (await anext(again.run())).payload

    return asyncio.run(first())


GREEN = [
    pytest.param([fake.pending, fake.running, fake.running, fake.ended(0, says())], "COMMITTED", id="committed"),
    pytest.param(
        [fake.pending, fake.running, fake.ended(0, says(status="ALREADY_COMMITTED"))],
        "ALREADY_COMMITTED",
        id="already committed",
    ),
    pytest.param([fake.ended(0, says())], "COMMITTED", id="ended at first sight"),
    pytest.param([fake.running, fake.ended(0, says(), deleted=True)], "COMMITTED", id="deleted after its good end"),
]


@pytest.mark.parametrize(("stages", "status"), GREEN)
def test_green(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], stages: list[fake.Stage], status: str
) -> None:
    made = cluster(*stages)
    ctx = context()
    task = operator(flights, mode)

    result = run(task, ctx)

    assert result == {
        "status": status,
        "rows": {"read": 27004, "written": 26483, "quarantined": 521, "filtered": 0},
        "target": "flights.departures",
        "snapshot_id": "8123",
        "run_key": "clean-departures/flights.departures/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z",
        "receipt_uri": "file:///lake/_sluice/receipts/clean-departures/20261123T231500Z-1a2b3c.json",
    }
    (event,) = ctx["outlet_events"].values()
    assert event.extra.items() >= result.items()
    assert made.pods == {}, "the pod is deleted"
    assert len(made.created) == 1


RED = [
    pytest.param(
        [fake.running, fake.ended(0)],
        SluiceReceiptError,
        "it ended with exit code 0, but that is no proof. Cannot believe the receipt of job 'clean-departures': "
        "there is none.",
        id="no receipt",
    ),
    pytest.param([fake.running, fake.ended(0, "gravel")], SluiceReceiptError, "it is not JSON", id="receipt malformed"),
    pytest.param(
        [fake.running, fake.ended(0, says(run_token="other"))],
        SluiceReceiptError,
        'it belongs to another run: its run_token is "other"',
        id="receipt of another run",
    ),
    pytest.param(
        [fake.running, fake.ended(0, says(receipt_version="2.0"))],
        SluiceReceiptError,
        "its version is 2.0, and this provider reads 1.x.",
        id="receipt of an unknown version",
    ),
    pytest.param(
        [fake.running, fake.ended(0, RUNNING)],
        SluiceReceiptError,
        "it ended with exit code 0, but its receipt is still RUNNING.",
        id="receipt still running",
    ),
    pytest.param(
        [fake.running, fake.ended(3, says(status="REFUSED", exit_code=3, phase="gate"))],
        SluiceDataError,
        "the gate refused the rows.",
        id="gate refused",
    ),
    pytest.param(
        [fake.running, fake.ended(2, fails(2, "CONFIG", "Cannot bind 'raw': it is missing. Set it."))],
        SluiceConfigError,
        "Cannot bind 'raw': it is missing. Set it.",
        id="configuration",
    ),
    pytest.param(
        [fake.running, fake.ended(75, fails(75, "SOURCE", "Cannot read s3://raw: timed out. Try again."))],
        SluiceSourceError,
        "Cannot read s3://raw: timed out. Try again.",
        id="source",
    ),
    pytest.param(
        [fake.running, fake.ended(137, RUNNING, reason="OOMKilled")],
        SluiceOutOfMemory,
        "it was killed for memory. Raise the job's memory (now 2Gi), or let it read less in one run.",
        id="killed for memory",
    ),
    pytest.param(
        [fake.running, fake.ended(143, says(status="CANCELLED", exit_code=143, phase="read"))],
        SluiceTerminated,
        "it was told to stop.",
        id="told to stop",
    ),
    pytest.param(
        [fake.running, fake.ended(143, says(status="CANCELLED", exit_code=143), deleted=True)],
        SluiceInfrastructureError,
        "was deleted, evicted or killed while it was running.",
        id="pod deleted, end seen",
    ),
    pytest.param(
        [fake.pending, fake.running, fake.gone],
        SluiceInfrastructureError,
        "is gone and took its result with it.",
        id="pod deleted, end not seen",
    ),
    pytest.param(
        [fake.pending, fake.evicted("The node was low on memory.")],
        SluiceInfrastructureError,
        "did not start (Evicted): The node was low on memory.",
        id="evicted before the start",
    ),
    pytest.param(
        [fake.pending, fake.waiting("ErrImagePull", "manifest unknown")],
        SluiceConfigError,
        f"Cannot start job 'clean-departures': image {IMAGE} cannot be pulled (ErrImagePull): manifest unknown. "
        "Push the image, or correct it in the manifest, the connection or the operator.",
        id="image not found",
    ),
]


@pytest.mark.parametrize(("stages", "expected", "message"), RED)
def test_red(
    mode: str,
    flights: Path,
    cluster: Callable[..., fake.Cluster],
    stages: list[fake.Stage],
    expected: type[SluiceError],
    message: str,
) -> None:
    made = cluster(*stages)
    ctx = context()

    with pytest.raises(SluiceError) as error:
        run(operator(flights, mode), ctx)

    assert type(error.value) is expected
    assert message in str(error.value)
    assert len(str(error.value).splitlines()) <= 24
    assert "remote_pod" not in str(error.value)
    assert made.pods == {}, "the pod is deleted"
    assert ctx["outlet_events"] == {}, "no event of an asset that was not written"


@pytest.mark.parametrize(("stages", "expected", "message"), RED)
def test_both_modes_say_the_same(
    flights: Path, cluster: Callable[..., fake.Cluster], stages: list[fake.Stage], expected: type, message: str
) -> None:
    said = []
    for mode in ("sync", "deferrable"):
        cluster(*stages)
        with pytest.raises(expected) as error:
            run(operator(flights, mode), context())
        said.append(TOKEN.sub("TOKEN", str(error.value)))

    assert said[0] == said[1]


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


def test_a_good_end_that_was_collected_before_it_could_be_read_is_red(
    flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.running, fake.ended(0, says()))

    with pytest.raises(SluiceInfrastructureError) as error:
        run(operator(flights, "deferrable"), context(), between=made.pods.clear)

    assert "is gone and took its result with it (the triggerer saw it succeed)." in str(error.value)
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
            fake.refusal(403, "pods is forbidden: exceeded quota: compute"),
            SluiceInfrastructureError,
            "Cannot create the pod of job 'clean-departures': pods is forbidden: exceeded quota: compute (HTTP 403). "
            "See that the cluster answers.",
            id="quota",
        ),
        pytest.param(
            fake.refusal(404, 'namespaces "jobs" not found'),
            SluiceConfigError,
            "Cannot create the pod of job 'clean-departures': namespaces \"jobs\" not found (HTTP 404). "
            "Correct the connection, the namespace or the account's rights.",
            id="no namespace",
        ),
        pytest.param(
            fake.refusal(503, "the server is currently unable"),
            SluiceInfrastructureError,
            "Cannot create the pod of job 'clean-departures': the server is currently unable (HTTP 503). "
            "See that the cluster answers.",
            id="server down",
        ),
        pytest.param(
            fake.refusal(409, 'pods "flights" already exists'),
            SluiceInfrastructureError,
            "Cannot create the pod of job 'clean-departures': pods \"flights\" already exists (HTTP 409). "
            "Another process runs this very try, or its pod was kept; the next try gets its own pod.",
            id="the same try runs",
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

    monkeypatch.setattr(made, "list_namespaced_pod", no_config)

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

    def killed(pod: V1Pod) -> V1Pod:
        task.on_kill()
        return fake.running(pod)

    made = cluster(fake.pending, killed, fake.gone)

    with pytest.raises(SluiceInfrastructureError, match="is gone"):
        run(task, context())

    assert len(made.deleted) == 1


def test_a_kill_while_deferred_deletes_the_pod(flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(fake.running)
    with pytest.raises(TaskDeferred) as deferred:
        operator(flights, "deferrable").execute(context())

    asyncio.run(deferred.value.trigger.on_kill())

    assert made.pods == {}


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
