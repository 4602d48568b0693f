"""Jobs in pods through the real KubernetesPodOperator and the real trigger, on a cluster in memory."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.cncf.kubernetes.triggers.pod import KubernetesPodTrigger

import fake_cluster as fake
from receipts import failed, receipt, text
from sluice_airflow import SluiceJobOperator
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.launchers import attempt, kubernetes
from sluice_airflow.launchers.job_pod import JobPod
from sluice_airflow.triggers import pod as trigger_module
from sluice_airflow.triggers.pod import JobPodTrigger

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
def clock(monkeypatch: pytest.MonkeyPatch) -> fake.Clock:
    """Time passes at once: nothing here waits for the real thing."""
    made = fake.Clock()
    monkeypatch.setattr(attempt, "time", made)
    monkeypatch.setattr(kubernetes, "time", made)
    monkeypatch.setattr(trigger_module, "time", made)
    monkeypatch.setattr(trigger_module, "asyncio", SimpleNamespace(sleep=made.sleep_async))
    return made


@pytest.fixture(autouse=True)
def pod_connection(monkeypatch: pytest.MonkeyPatch) -> None:
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
        monkeypatch.setattr(trigger_module, "CoreV1Api", fake.TriggererApi)
        # Where pytest hears it; the triggerer has a logger of its own for each trigger.
        monkeypatch.setattr(JobPodTrigger, "log", logging.getLogger("airflow.task.trigger"))
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
