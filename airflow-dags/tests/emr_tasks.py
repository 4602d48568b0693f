"""Tasks whose jobs run on EMR, in the worker and in the triggerer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

import fake_emr as fake
from contexts import context
from sluice_airflow import SluiceJobOperator
from sluice_airflow.exceptions import SluiceError
from sluice_airflow.testing.cluster import Clock
from sluice_airflow.testing.tasks import run_task as run

MONTH = {"interval_start": "2013-01-01T00:00:00+00:00", "interval_end": "2013-02-01T00:00:00+00:00"}
COMMITS = [fake.running, fake.running, fake.ended("commit")]


@pytest.fixture(params=["emr-serverless", "emr-containers"])
def launcher(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sync", "deferrable"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def made(launcher: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[fake.FakeEmr, Clock]]:
    with fake.fake_emr(launcher, monkeypatch) as (emr, clock):
        connect(monkeypatch, emr)
        emr.lives = [COMMITS]
        yield emr, clock


@pytest.fixture
def emr(made: tuple[fake.FakeEmr, Clock]) -> fake.FakeEmr:
    return made[0]


@pytest.fixture
def clock(made: tuple[fake.FakeEmr, Clock]) -> Clock:
    return made[1]


def connect(monkeypatch: pytest.MonkeyPatch, emr: fake.FakeEmr, **more: Any) -> None:
    value = json.dumps({"conn_type": "sluice", "extra": emr.extra(**more)})
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", value)


def operator(flights: Path, mode: str = "sync", **more: Any) -> SluiceJobOperator:
    given = {"job": "clean-departures", "manifest": flights, "settings": {"raw": "/raw"}}
    return SluiceJobOperator(deferrable=mode == "deferrable", **{**given, **MONTH, **more})


def failure(flights: Path, mode: str = "sync", **more: Any) -> SluiceError:
    with pytest.raises(SluiceError) as error:
        run(operator(flights, mode, **more), context())
    return error.value


def refusal(code: str, message: str, status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(cast("Any", answer), "GetJobRun")


def forbidden(*_: Any) -> Any:
    raise refusal("AccessDenied", "Access Denied", 403)
