"""Jobs in pods through the real KubernetesPodOperator and the real trigger, on a cluster in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kubernetes.client import V1Pod

from receipts import failed, receipt, text
from sluice_airflow import SluiceJobOperator
from sluice_airflow.testing import cluster as fake
from sluice_airflow.testing.tasks import run_task as run
from sluice_airflow.testing.tasks import run_trigger as trigger

__all__ = ["run", "trigger"]

MONTH = {"interval_start": "2013-01-01T00:00:00+00:00", "interval_end": "2013-02-01T00:00:00+00:00"}
IMAGE = "registry.example/sluice/flights@sha256:" + 64 * "0"


Message = Callable[[V1Pod], str]

TOKEN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def says(**changes: Any) -> Message:
    """Return the receipt that the pod with a run token would leave."""
    return lambda pod: text(receipt(**{"run_token": fake.token_of(pod), **changes}))


def fails(exit_code: int, kind: str, message: str, **changes: Any) -> Message:
    return lambda pod: text(failed(exit_code, kind, message, run_token=fake.token_of(pod), **changes))


RUNNING = says(status="RUNNING", phase="transform", exit_code=None, rows=None, quality=None)


@pytest.fixture(autouse=True)
def clock(sluice_clock: fake.Clock) -> fake.Clock:
    """Time passes at once: nothing here waits for the real thing."""
    return sluice_clock


@pytest.fixture(autouse=True)
def pod_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"namespace": "jobs", "service_account": "flights", "env": {"SLUICE_LAKE_CATALOG": "glue"}}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    monkeypatch.delenv("KUBECONFIG", raising=False)


@pytest.fixture(params=["sync", "deferrable"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def cluster(sluice_cluster: Callable[..., fake.Cluster]) -> Callable[..., fake.Cluster]:
    """Return a function that makes the cluster of a test, with the stages of its pods' life."""
    return sluice_cluster


def operator(flights: Path, mode: str = "sync", **more: Any) -> SluiceJobOperator:
    return SluiceJobOperator(
        job="clean-departures",
        manifest=flights,
        deferrable=mode == "deferrable",
        settings={"raw": "/raw"},
        **{**MONTH, **more},
    )
