"""Every fate of a pod, lived through twice: waiting in the worker and deferred. The outcome must be the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from contexts import context
from pods import IMAGE, RUNNING, TOKEN, clock, cluster, fails, mode, operator, pod_connection, run, says
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceDataError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceSourceError,
    SluiceTerminated,
    SluiceTimeout,
)
from sluice_airflow.testing import cluster as fake

__all__ = ["clock", "cluster", "mode", "pod_connection"]

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
        "it was killed for memory. Raise the job's memory (now 2Gi) to 3072Mi, or let it read less in one run.",
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
        [fake.pending, fake.taken("The node was low on disk.")],
        SluiceInfrastructureError,
        "was deleted, evicted or killed while it was running (Evicted: The node was low on disk.).",
        id="evicted, end not seen",
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
    for way in ("sync", "deferrable"):
        cluster(*stages)
        with pytest.raises(expected) as error:
            run(operator(flights, way), context())
        said.append(TOKEN.sub("TOKEN", str(error.value)))

    assert said[0] == said[1]


def test_a_pod_that_is_evicted_before_it_ran_is_made_again(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster()
    made.stages = [fake.first_life(made, fake.evicted("low on disk"), fake.running, fake.ended(0, says()))] * 4

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert len(made.created) == 2


def test_a_pod_whose_run_was_seen_only_when_it_was_deleted_is_not_made_again(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.pending, fake.leaving, fake.gone)

    with pytest.raises(SluiceInfrastructureError, match="is gone and took its result with it"):
        run(operator(flights, mode), context())

    assert len(made.created) == 1


def test_a_pod_that_is_always_evicted_is_given_up(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.pending, fake.evicted("low on disk"))

    with pytest.raises(SluiceInfrastructureError, match=r"did not start \(Evicted\): low on disk"):
        run(operator(flights, mode), context())

    assert len(made.created) == 3


def test_two_runs_of_the_same_work_have_one_pod(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], clock: fake.Clock
) -> None:
    made = cluster()
    again = fake.ended(0, says(status="ALREADY_COMMITTED"))
    made.stages = [fake.first_life(made, fake.running, fake.running, again)]
    with pytest.raises(TaskDeferred):
        operator(flights, "deferrable").execute(context(run_id="manual__1"))
    clock.at(clock.now + 100, made.pods.clear)

    result = run(operator(flights, mode), context())

    assert result["status"] == "ALREADY_COMMITTED"
    first, second = made.created
    assert first.metadata.name == second.metadata.name
    assert fake.token_of(first) != fake.token_of(second)


def test_a_quota_lets_it_in_later(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], clock: fake.Clock
) -> None:
    made = cluster(fake.running, fake.ended(0, says()))
    made.refuse_creation = fake.refusal(403, "pods is forbidden: exceeded quota: compute")
    began = clock.now
    clock.at(began + 300, lambda: setattr(made, "refuse_creation", None))

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert 300 <= clock.now - began < 400


TIMEOUTS = [
    pytest.param("admission", [], "was not let into the cluster within 60 s (exceeded quota: compute (HTTP 403))"),
    pytest.param("scheduling", [fake.unscheduled("0/3 nodes: too little memory")], "found no node within 60 s"),
    pytest.param("startup", [fake.waiting("ContainerCreating")], "did not start within 60 s"),
    pytest.param("progress", [fake.running], "said nothing new within 60 s"),
    pytest.param("deletion", [fake.running, fake.leaving], "was deleted and did not go within 60 s"),
]


@pytest.mark.parametrize(("limit", "stages", "message"), TIMEOUTS)
def test_a_limit_ends_the_wait(
    mode: str,
    flights: Path,
    cluster: Callable[..., fake.Cluster],
    limit: str,
    stages: list[fake.Stage],
    message: str,
) -> None:
    made = cluster(*stages)
    if not stages:
        made.refuse_creation = fake.refusal(403, "exceeded quota: compute")

    with pytest.raises(SluiceTimeout) as error:
        run(operator(flights, mode, timeouts={limit: 60}), context())

    assert message in str(error.value)
    assert made.pods == {}, "the pod is deleted"


def test_the_tasks_own_timeout_ends_the_pod(mode: str, flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(fake.running)

    with pytest.raises(SluiceTimeout, match="did not end within 120 s"):
        run(operator(flights, mode, execution_timeout=timedelta(minutes=2)), context())

    assert made.pods == {}
