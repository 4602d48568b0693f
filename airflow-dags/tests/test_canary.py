"""A canary in every place where a secret may stand: nothing that others can read may sing."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.serialization import serialized_objects

from contexts import context
from pods import MONTH, clock, cluster, fails, mode, run, says
from sluice_airflow import SluiceJobOperator
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.exceptions import SluiceConfigError, SluiceError
from sluice_airflow.testing import cluster as fake

__all__ = ["clock", "cluster", "mode"]  # fixtures

CANARY = "canary-4711"


class Channels:
    """All that can be read by people who may not know the secret."""

    def __init__(self) -> None:
        self.heard: dict[str, str] = {}

    def hear(self, channel: str, value: object) -> None:
        self.heard[channel] = self.heard.get(channel, "") + (value if isinstance(value, str) else repr(value))

    def sing(self) -> list[str]:
        return [channel for channel, text in self.heard.items() if CANARY in text]


def serialized(dag: DAG) -> Any:
    names = vars(serialized_objects)
    return (names.get("DagSerialization") or names["SerializedDAG"]).to_dict(dag)  # Airflow 3.1 has the second


def task_of(flights: Path, **more: Any) -> SluiceJobOperator:
    with DAG("flights", schedule=None):
        return SluiceJobOperator(
            **{"job": "clean-departures", "manifest": flights, "settings": {"raw": "/raw"}, **MONTH, **more}
        )


def live(task: SluiceJobOperator, channels: Channels) -> None:
    """Run a task to its end, and listen everywhere."""
    ctx = context()
    channels.hear("serialized DAG", json.dumps(serialized(task.dag), default=str))
    task.render_template_fields(ctx)
    channels.hear("rendered fields", {name: getattr(task, name) for name in task.template_fields})

    def execute(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except TaskDeferred as deferred:
            channels.hear("trigger", [deferred.trigger.serialize(), deferred.kwargs])
            raise

    original = task.execute
    task.execute = lambda ctx: execute(lambda: original(ctx))  # type: ignore[method-assign,assignment]
    try:
        channels.hear("XCom", run(task, ctx))
    except SluiceError as error:
        channels.hear("exception", "".join(traceback.format_exception(error)))
    channels.hear("pushed XCom", ctx["pushed"])
    channels.hear("asset events", [event.extra for event in ctx["outlet_events"].values()])


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(fake.ended(0, says()), id="success"),
        pytest.param(fake.ended(70, fails(70, "BUG", "Cannot do it: bug. Correct it.")), id="failure"),
        pytest.param(fake.gone, id="gone"),
    ],
)
def test_a_pod(
    mode: str,
    flights: Path,
    cluster: Callable[..., fake.Cluster],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    end: fake.Stage,
) -> None:
    extra = {
        "namespace": "jobs",
        "kubernetes_conn_id": "k8s",
        "env": {"SLUICE_NOTE": CANARY},
        "env_from_secrets": ["lake"],
    }
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    monkeypatch.setenv("AIRFLOW_CONN_K8S", json.dumps({"conn_type": "kubernetes", "extra": {"kube_config": CANARY}}))
    made, channels = cluster(fake.running, end), Channels()

    live(task_of(flights, deferrable=mode == "deferrable"), channels)

    channels.hear("log", caplog.text)
    channels.hear("output", "".join(capfd.readouterr()))
    assert CANARY in str(made.created[0]), "the job has it"
    assert len(channels.heard) >= 7
    assert "flights" in channels.heard["serialized DAG"]
    assert channels.sing() == []


@pytest.mark.parametrize("ending", ["commit", "bug", "missing"])
def test_a_process(
    flights: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    ending: str,
) -> None:
    (tmp_path / "flights.jar").touch()
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_java.py")}" "$@"\n')
    java.chmod(0o755)
    env = {"FAKE_JAVA": ending, "FAKE_JAVA_SEEN": str(tmp_path / "seen"), "SLUICE_NOTE": CANARY}
    extra = {"launcher": "process", "java": str(java), "home": str(tmp_path), "env": env}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    monkeypatch.setenv("SLUICE_LAKE_REST_TOKEN", f"{CANARY}-of-the-worker")
    channels = Channels()

    live(task_of(flights), channels)

    channels.hear("log", caplog.text)
    channels.hear("output", "".join(capfd.readouterr()))
    seen = json.loads((tmp_path / "seen").read_text())
    assert seen["env"]["SLUICE_LAKE_REST_TOKEN"] == f"{CANARY}-of-the-worker", "the job has it"
    assert CANARY not in json.dumps(seen["argv"]), "every user of the machine can read a command line"
    assert len(channels.heard) >= 6
    assert channels.sing() == []


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"lake.rest.token": CANARY}, id="marked as secret"),
        pytest.param({"raw": f"https://me:{CANARY}@raw.example/"}, id="within an address"),
    ],
)
def test_a_secret_in_a_dag_is_refused_at_parse(flights: Path, settings: dict[str, str]) -> None:
    with pytest.raises(SluiceConfigError, match=r"^Cannot set '.*env_from_secrets\.$") as error:
        task_of(flights, settings=settings)

    assert CANARY not in "".join(traceback.format_exception(error.value))


def test_a_secret_that_a_template_brings_is_refused_at_launch(flights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"launcher": "process", "home": "/none"}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    task = task_of(flights, settings={"raw": "{{ params.raw }}"})
    ctx: Any = {**context(), "params": {"raw": f"https://me:{CANARY}@raw.example/"}}
    task.render_template_fields(ctx)

    with pytest.raises(SluiceConfigError) as error:
        task.execute(ctx)

    assert "looks like an address with a password" in str(error.value)
    assert CANARY not in str(error.value)


def test_a_secret_in_the_connection_is_refused_and_not_repeated(flights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"env": {"DB_PASSWORD": CANARY}}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    channels = Channels()

    live(task_of(flights), channels)

    assert "'DB_PASSWORD' is what a secret is called" in channels.heard["exception"]
    assert channels.sing() == []
