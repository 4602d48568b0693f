"""Job runs of EMR that the triggerer waits for."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from airflow.triggers.base import BaseTrigger
from botocore.exceptions import NoCredentialsError

import fake_emr as fake
from contexts import context
from emr_tasks import clock, emr, launcher, made, mode, operator
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.launchers.emr_api import Place
from sluice_airflow.testing.tasks import run_task as run
from sluice_airflow.triggers.emr import JobRunTrigger, shared_emr

__all__ = ["clock", "emr", "launcher", "made", "mode"]


def test_where_the_triggerer_cannot_see_the_worker_waits(
    emr: fake.FakeEmr, flights: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def blind(_: Place) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr("sluice_airflow.triggers.emr.shared_emr", blind)

    assert run(operator(flights, "deferrable"), context())["status"] == "COMMITTED"
    assert "The triggerer cannot see the job run (Unable to locate credentials)" in caplog.text


def test_triggers_share_one_client(emr: fake.FakeEmr, flights: Path) -> None:
    places = [trigger_of(flights, run_id=name).place for name in ("a", "b")]

    assert shared_emr(places[0]) is shared_emr(places[1])


@pytest.mark.parametrize(("state", "left"), [("deferred", 1), ("failed", 0)])
def test_an_older_airflow_says_that_a_deferred_task_was_killed_by_cleaning_up(
    emr: fake.FakeEmr, flights: Path, monkeypatch: pytest.MonkeyPatch, state: str, left: int
) -> None:
    monkeypatch.delattr(BaseTrigger, "on_kill", raising=False)
    trigger = trigger_of(flights)

    async def get_task_state(_: Any) -> str:
        return state

    monkeypatch.setattr(JobRunTrigger, "get_task_state", get_task_state)
    asyncio.run(trigger.cleanup())

    assert len(emr.going) == left


def test_nothing_secret_is_stored_of_a_trigger(emr: fake.FakeEmr, flights: Path) -> None:
    _, arguments = trigger_of(flights).serialize()

    assert set(arguments) == {"place", "name", "for_task", "run_id", "limits", "watch"}
    assert set(arguments["place"]) == {"launcher", "home", "region", "aws_conn_id"}


def trigger_of(flights: Path, **ti: Any) -> JobRunTrigger:
    with pytest.raises(TaskDeferred) as deferred:
        operator(flights, "deferrable").execute(context(**ti))
    return cast("JobRunTrigger", deferred.value.trigger)
