"""What keeps a task right can be taken away, and then the row breaks that it guards: so the rows are no decoration."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import clock, cluster, mode, operator, pod_connection, run, says
from sluice_airflow import joblog, lifecycle, termination_message
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.exceptions import SluiceInfrastructureError, SluiceTimeout
from sluice_airflow.launchers import attempt, job_pod, pod, pod_status, watching
from sluice_airflow.lifecycle import GiveUp, Limits
from sluice_airflow.testing import cluster as fake
from sluice_airflow.triggers import job as job_trigger
from sluice_airflow.triggers import pod as trigger_module
from sluice_airflow.verdict import Ending

__all__ = ["clock", "cluster", "mode", "pod_connection"]

Make = Callable[..., fake.Cluster]


def test_without_the_token_another_runs_receipt_is_believed(
    mode: str, flights: Path, cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(termination_message, "_check_run", lambda *_: None)
    cluster(fake.running, fake.ended(0, says(run_token="another")))

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"


def test_without_the_name_of_the_work_it_has_two_pods(
    mode: str, flights: Path, cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pod, "pod_name", lambda request: f"pod-{abs(hash(request.run_id))}")
    made = cluster(*[fake.running] * 3, fake.ended(0, says()))
    with pytest.raises(TaskDeferred):
        operator(flights, "deferrable").execute(context(run_id="manual__1"))

    run(operator(flights, mode), context())

    assert len(made.created) == 2
    assert len(made.pods) == 1, "the other run's pod was there all the time"


def test_without_the_question_whose_it_is_another_runs_pod_is_taken(
    mode: str, flights: Path, cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mine(*arguments: Any, **more: Any) -> lifecycle.Look:
        return replace(pod_status.look_at(*arguments, **more), same_task=True)

    monkeypatch.setattr(job_pod, "look_at", mine)
    monkeypatch.setattr(trigger_module, "look_at", mine)
    made = cluster(*[fake.running] * 3, fake.ended(0, says()))
    with pytest.raises(TaskDeferred):
        operator(flights, "deferrable").execute(context(run_id="manual__1"))

    run(operator(flights, mode), context())

    assert len(made.created) == 1
    assert made.pods == {}, "and its own task finds nothing"


def test_without_another_launch_an_eviction_costs_the_try(
    mode: str, flights: Path, cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sluice_airflow.operators.job.limits_of", lambda *_: Limits(launches=1))
    made = cluster()
    made.stages = [fake.first_life(made, fake.evicted("low on disk"), fake.running, fake.ended(0, says()))] * 4

    with pytest.raises(SluiceInfrastructureError, match="low on disk"):
        run(operator(flights, mode), context())


def test_without_its_token_a_kill_ends_another_runs_pod(
    flights: Path, cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cluster(fake.running)
    with pytest.raises(TaskDeferred):
        operator(flights, "deferrable").execute(context(run_id="manual__1"))
    with pytest.raises(TaskDeferred) as deferred:
        operator(flights, "deferrable").execute(context())
    token = deferred.value.trigger.watch.token
    monkeypatch.setattr(trigger_module, "look_at", lambda *_, **__: lifecycle.Look(lifecycle.Stage.RUNNING, token))

    asyncio.run(deferred.value.trigger.on_kill())

    assert made.pods == {}


def test_without_what_the_triggerer_saw_a_collected_pod_proves_nothing(
    flights: Path, cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ending, "from_json", lambda _: None)
    made = cluster(fake.running, fake.ended(0, says()))

    with pytest.raises(SluiceInfrastructureError, match="is gone and took its result with it"):
        run(operator(flights, "deferrable"), context(), between=made.pods.clear)


def test_without_the_wait_a_task_is_back_before_airflow_knows_that_it_was_deferred(
    flights: Path, cluster: Make, clock: fake.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_trigger, "settling_seconds", lambda: 0)
    cluster(fake.ended(0, says()))
    heard: list[str] = []
    clock.at(clock.now + 6, lambda: heard.append("the worker has ended"))

    run(operator(flights, "deferrable"), context(), between=lambda: heard.append("the task is back"))

    assert heard == ["the task is back"], "which Airflow takes for a worker that was killed"


def test_without_patience_a_minute_of_silence_ends_the_run(
    mode: str, flights: Path, cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(watch: lifecycle.Watch, *_: Any) -> tuple[lifecycle.Action, lifecycle.Watch]:
        return GiveUp("unreachable", 0), watch

    monkeypatch.setattr(watching, "after_silence", at_once)
    monkeypatch.setattr(trigger_module, "after_silence", at_once)
    made = cluster(fake.running, fake.running, fake.ended(0, says()))
    made.silence_after(2, [fake.refusal(503, "not now")] * 20)

    with pytest.raises(SluiceTimeout):
        run(operator(flights, mode), context())


def test_without_its_place_a_log_is_said_again(
    mode: str, flights: Path, cluster: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def from_the_beginning(piece: bytes, cursor: joblog.Cursor) -> Any:
        lines, _ = joblog.take(piece, joblog.Cursor())
        return (lines if cursor.same < 3 else []), replace(cursor, same=cursor.same + 1)

    monkeypatch.setattr(attempt, "take", from_the_beginning)
    monkeypatch.setattr(trigger_module, "take", from_the_beginning)
    cluster(*[fake.running] * 5, fake.ended(0, says())).log = "#1 one\n"
    caplog.set_level("INFO")

    run(operator(flights, mode), context())

    assert [record.getMessage() for record in caplog.records].count("one") > 1
