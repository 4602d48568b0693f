"""What goes on around a pod while it runs, lived through in both modes: silence, clocks, logs, other processes."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from kubernetes.config import ConfigException

from contexts import context
from pods import clock, cluster, mode, operator, pod_connection, run, says, trigger
from sluice_airflow import SluiceJobOperator
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.exceptions import SluiceReceiptError, SluiceTimeout
from sluice_airflow.testing import cluster as fake
from sluice_airflow.triggers.client import shared_client
from test_verification import verification

__all__ = ["clock", "cluster", "mode", "pod_connection"]


@pytest.mark.parametrize("status", [500, 503, 429, 401])
def test_a_cluster_that_is_silent_for_a_minute_does_not_spoil_a_run(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], status: int
) -> None:
    silence = [fake.refusal(status, "not now")] * 20
    made = cluster(fake.running, fake.running, fake.ended(0, says()))
    made.silence_after(2, silence)

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert silence
    assert not made.silence
    assert len(made.created) == 1


def test_a_token_that_expires_while_another_run_is_waited_for_does_not_spoil_a_run(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], clock: fake.Clock
) -> None:
    made = cluster()
    made.stages = [fake.first_life(made, fake.running, fake.running, fake.ended(0, says()))]
    with pytest.raises(TaskDeferred):
        operator(flights, "deferrable").execute(context(run_id="manual__1"))
    clock.at(clock.now + 100, made.pods.clear)
    made.silence_after(2, [fake.refusal(401, "Unauthorized")] * 3)

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert not made.silence


def test_a_cluster_that_stays_silent_is_given_up_and_its_pod_left(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.running)
    made.silence_after(2, [fake.refusal(503, "not now")] * 10_000)

    with pytest.raises(SluiceTimeout, match="could not be seen: the cluster did not answer within 600 s") as error:
        run(operator(flights, mode), context())

    assert "the pod goes on" in str(error.value)
    assert len(made.pods) == 1


def test_a_log_is_said_once_and_what_is_missing_too(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], caplog: pytest.LogCaptureFixture
) -> None:
    made = cluster(fake.running, fake.running, fake.running, fake.ended(0, says()))
    made.logs = ["#1 one\n#2 two\n", "#1 one\n#2 two\n#3 three\n", "#7 2026-11-23T00:00:00.000Z WARN  Late: seven\n"]
    caplog.set_level("INFO")

    run(operator(flights, mode), context())

    said = [record for record in caplog.records if record.levelname != "DEBUG"]
    words = [record.getMessage() for record in said]
    for word in ("one", "two", "three"):
        assert words.count(word) == 1
    assert "3 lines are missing here: the node no longer had them when they were read." in words
    assert next(r.levelname for r in said if r.getMessage().endswith("Late: seven")) == "WARNING"


def test_a_pod_that_succeeded_is_not_believed_where_the_catalog_disagrees(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    """The job's own task is green; the task that its readers wait for asks the table's ledger."""
    cluster(fake.running, fake.ended(0, says()))
    assert run(operator(flights, mode), context())["status"] == "COMMITTED"

    finding = "the receipt of run 1 says committed, and the ledger does not know it"
    cluster(fake.running, fake.ended(3, lambda pod: verification(fake.token_of(pod), finding)))
    verify = SluiceJobOperator(job="verify.clean-departures", manifest=flights, deferrable=mode == "deferrable")
    with pytest.raises(SluiceReceiptError, match=finding):
        run(verify, context())


@pytest.mark.parametrize("minutes", [-5, 5])
def test_clocks_that_differ_neither_end_a_run_nor_cost_a_line(
    mode: str,
    flights: Path,
    cluster: Callable[..., fake.Cluster],
    clock: fake.Clock,
    caplog: pytest.LogCaptureFixture,
    minutes: int,
) -> None:
    """The nodes' clock is that of no other; worker and triggerer differ by as much."""
    made = cluster(fake.pending, *[fake.running] * 5, fake.ended(0, says()))
    made.skew = timedelta(minutes=minutes)
    made.logs = ["".join(f"#{line} line {line}\n" for line in range(1, count)) for count in (3, 5, 7, 9)]
    caplog.set_level("INFO")

    clock.at(clock.now + 2, lambda: clock.sleep(60 * minutes))

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"

    said = [record.getMessage() for record in caplog.records if record.getMessage().startswith("line ")]
    assert said == [f"line {line}" for line in range(1, 9)]


def test_two_schedulers_that_start_the_same_try_have_one_pod(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(*[fake.running] * 4, fake.ended(0, says()))
    first = operator(flights, "deferrable")
    with pytest.raises(TaskDeferred) as deferred:
        first.execute(context())
    made.silence_after(0, [fake.refusal(404, "not found")])  # the other has looked before the pod was made

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert len(made.created) == 1
    assert deferred.value


def test_where_the_triggerer_cannot_see_the_worker_waits(
    flights: Path, cluster: Callable[..., fake.Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster(fake.running, fake.running, fake.ended(0, says()))

    def blind(*_: Any) -> Any:
        raise ConfigException("no configuration")

    monkeypatch.setattr(fake.TriggererHook, "get_conn", blind)

    assert run(operator(flights, "deferrable"), context())["status"] == "COMMITTED"


def test_a_sidecar_that_stays_does_not_hold_the_task(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.running, fake.beside_a_sidecar(fake.ended(0, says())))

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert made.pods == {}


def test_a_pod_that_is_given_up_is_deleted_though_ended_pods_are_kept(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.running)

    with pytest.raises(SluiceTimeout):
        run(operator(flights, mode, on_finish_action="keep_pod", timeouts={"progress": 60}), context())

    assert made.pods == {}


def test_a_triggerer_that_is_started_again_goes_on(flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(*[fake.running] * 6, fake.ended(0, says()))
    task, ctx = operator(flights, "deferrable"), context()
    with pytest.raises(TaskDeferred) as deferred:
        task.execute(ctx)
    begin_to_wait(deferred.value, made)

    event = trigger(deferred.value)
    result = task.resume(ctx, event=event, **(deferred.value.kwargs or {}))

    assert result["status"] == "COMMITTED"
    assert len(made.created) == 1


def begin_to_wait(deferred: TaskDeferred, made: fake.Cluster) -> None:
    """Let a triggerer look at the pod, and end before it has seen anything."""
    path, arguments = deferred.trigger.serialize()
    module, _, name = path.rpartition(".")
    again = getattr(importlib.import_module(module), name)(**arguments)

    async def look() -> None:
        async with shared_client(again.hook, None) as client:
            await again._next(client)

    asyncio.run(look())
    assert len(made.pods) == 1


def test_a_task_that_is_cleared_while_it_runs_begins_anew(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster()
    made.stages = [fake.first_life(made, fake.running, fake.running, fake.ended(0, says()))]
    first = operator(flights, "deferrable")
    with pytest.raises(TaskDeferred) as deferred:
        first.execute(context())
    asyncio.run(deferred.value.trigger.on_kill())  # what clearing does to a task that is deferred

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert len(made.created) == 2
    assert made.pods == {}


def test_a_task_comes_back_when_airflow_has_heard_of_the_end_of_the_worker_that_deferred_it(
    flights: Path, cluster: Callable[..., fake.Cluster], clock: fake.Clock
) -> None:
    cluster(fake.ended(0, says()))
    heard: list[str] = []
    clock.at(clock.now + 6, lambda: heard.append("the worker has ended"))

    run(operator(flights, "deferrable"), context(), between=lambda: heard.append("the task is back"))

    assert heard == ["the worker has ended", "the task is back"]


def test_a_forged_receipt_in_the_triggerers_event_is_not_believed(
    flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster(fake.running, fake.ended(0, says(run_token="forged")))

    with pytest.raises(SluiceReceiptError, match="it belongs to another run"):
        run(operator(flights, "deferrable"), context(), between=made.pods.clear)
