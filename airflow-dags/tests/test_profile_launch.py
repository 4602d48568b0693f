"""A profile from the connection to the pod, or to the process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import clock, cluster, mode, operator, run, says
from sluice_airflow.exceptions import SluiceConfigError, SluiceInfrastructureError
from sluice_airflow.testing import cluster as fake

__all__ = ["clock", "cluster", "mode"]  # fixtures


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give the default connection a profile."""

    def write(text: str, **extra: Any) -> None:
        file = tmp_path / "profile.yaml"
        file.write_text(text)
        said = {"namespace": "jobs", "profile": str(file), **extra}
        monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": said}))

    return write


def test_what_it_says_is_launched(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], profile: Callable[..., None]
) -> None:
    profile(
        "default: {namespace: production, image: r.example/mirror, resources: {memory: 8Gi}}\n"
        "projects: {flights: {env: {WHERE: production}, pod: {spec: {priorityClassName: batch}}}}\n"
    )
    made = cluster(fake.running, fake.ended(0, says()))

    run(operator(flights, mode), context())

    (pod,) = made.created
    (container,) = pod.spec.containers
    env = {variable.name: variable.value for variable in container.env}
    assert (pod.metadata.namespace, pod.spec.priority_class_name) == ("production", "batch")
    assert (container.image, env["SLUICE_IMAGE"], env["WHERE"]) == (
        "r.example/mirror",
        "r.example/mirror",
        "production",
    )
    assert (container.resources.requests["memory"], container.resources.limits["memory"]) == ("8Gi", "8Gi")


def test_the_operator_has_more_to_say(
    flights: Path, cluster: Callable[..., fake.Cluster], profile: Callable[..., None]
) -> None:
    profile("default: {image: r.example/mirror, resources: {memory: 8Gi, cpu: '2'}}")
    made = cluster(fake.running, fake.ended(0, says()))

    run(operator(flights, image="r.example/mine", job_resources={"memory": "1Gi"}), context())

    (container,) = made.created[0].spec.containers
    assert container.image == "r.example/mine"
    assert container.resources.requests == {"memory": "1Gi", "cpu": "2"}


@pytest.mark.parametrize(("said", "seconds"), [({}, 60), ({"timeouts": {"startup": 90}}, 90)])
def test_it_limits_a_stage_unless_the_operator_does(
    mode: str,
    flights: Path,
    cluster: Callable[..., fake.Cluster],
    profile: Callable[..., None],
    clock: fake.Clock,
    said: dict[str, Any],
    seconds: int,
) -> None:
    profile("default: {timeouts: {startup: 1m}}")
    cluster(fake.waiting("ContainerCreating"))
    began = clock.now

    with pytest.raises(SluiceInfrastructureError):
        run(operator(flights, mode, **said), context())

    assert seconds <= clock.now - began < seconds + 30


def processes(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "flights.jar").touch()
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_java.py")}" "$@"\n')
    java.chmod(0o755)
    return {"launcher": "process", "java": str(java), "home": str(tmp_path)}


def test_a_process_gets_its_environment(flights: Path, tmp_path: Path, profile: Callable[..., None]) -> None:
    profile(f"default: {{env: {{FAKE_JAVA_SEEN: {tmp_path}/seen, WHERE: laptop}}}}", **processes(tmp_path))

    operator(flights).execute(context())

    assert json.loads((tmp_path / "seen").read_text())["env"]["WHERE"] == "laptop"


def test_a_process_cannot_resolve_references(flights: Path, tmp_path: Path, profile: Callable[..., None]) -> None:
    profile("default: {env: {DB: {secretKeyRef: {name: db, key: url}}}}", **processes(tmp_path))

    with pytest.raises(SluiceConfigError) as error:
        operator(flights).execute(context())

    assert str(error.value) == (
        "Cannot set DB of a process: the profile refers to something of Kubernetes. "
        "Set it in the worker's environment, or leave it out of this environment's profile."
    )


def test_it_is_read_at_launch_and_not_at_parse(flights: Path, profile: Callable[..., None]) -> None:
    profile("nonsense: true")

    task = operator(flights)

    with pytest.raises(SluiceConfigError, match="unknown key 'nonsense'"):
        task.execute(context())
