"""Fixtures for pytest: ``sluice_cluster``, ``sluice_clock`` and ``sluice_process``."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from sluice_airflow.testing.cluster import Clock, Cluster, Stage, TriggererApi


@pytest.fixture
def sluice_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let time pass at once while a task waits for its pod, in the worker and in the triggerer."""
    from sluice_airflow.launchers import attempt, kubernetes, watching
    from sluice_airflow.triggers import job, pod

    clock = Clock()
    for module in (attempt, job, kubernetes, pod, watching):
        monkeypatch.setattr(module, "time", clock)
    for module in (job, pod):
        monkeypatch.setattr(module, "asyncio", SimpleNamespace(sleep=clock.sleep_async))
    return clock


@pytest.fixture
def sluice_cluster(monkeypatch: pytest.MonkeyPatch, sluice_clock: Clock) -> Callable[..., Cluster]:
    """Return a function that makes a cluster in memory, whose pods live through the stages that it is given."""
    from airflow.providers.cncf.kubernetes.triggers.pod import KubernetesPodTrigger

    from sluice_airflow.launchers.job_pod import JobPod
    from sluice_airflow.triggers import client, pod

    def make(*stages: Stage) -> Cluster:
        cluster = Cluster(*stages)
        monkeypatch.setattr(JobPod, "hook", cluster)
        monkeypatch.setattr(KubernetesPodTrigger, "hook", cluster.triggerer_hook())
        monkeypatch.setattr(client, "CoreV1Api", TriggererApi)
        # Where pytest hears it; the triggerer has a logger of its own for each trigger.
        monkeypatch.setattr(pod.JobPodTrigger, "log", logging.getLogger("airflow.task.trigger"))
        return cluster

    if "AIRFLOW_CONN_SLUICE_DEFAULT" not in os.environ:  # a test may have said more
        _connect(monkeypatch, "sluice_default", {"namespace": "jobs"})
    return make


@pytest.fixture
def sluice_process(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that has jobs run in a JVM on this machine, so that ``dag.test()`` runs the real thing.

    It takes the folder of the jars and, by name, settings of the environment: ``SLUICE_LAKE_WAREHOUSE="file:///…"``.
    """

    def use(home: str | os.PathLike[str], *, java: str = "java", conn_id: str = "sluice_default", **env: str) -> None:
        _connect(monkeypatch, conn_id, {"launcher": "process", "home": os.fspath(home), "java": java, "env": env})

    return use


def _connect(monkeypatch: pytest.MonkeyPatch, conn_id: str, extra: dict[str, object]) -> None:
    value = json.dumps({"conn_type": "sluice", "extra": extra})
    monkeypatch.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", value)
