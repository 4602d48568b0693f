"""How much disk a job's pods may fill, and of which kind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sluice_airflow import SluiceJobOperator
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers.pod import pod_spec
from test_pod import REQUEST, SETTINGS
from test_scale import variables


def pods(**resources: str) -> list[dict[str, Any]]:
    """The job's pod, and the template of its executors."""
    said = {"memory": "3Gi", "cpu": "1", "scale": "executors(2)", **resources}
    driver = pod_spec(replace(REQUEST, resources=said), SETTINGS)
    return [driver, json.loads(variables(driver)["SLUICE_EXECUTOR_POD"])]


def disk(pod: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The volume under /tmp without its name, and how much of the node's disk the container asks for."""
    (container,) = pod["spec"]["containers"]
    (mount,) = (mount for mount in container["volumeMounts"] if mount["mountPath"] == "/tmp")
    (volume,) = (volume for volume in pod["spec"]["volumes"] if volume["name"] == mount["name"])
    asked = container.get("resources", {}).get("requests", {}).get("ephemeral-storage", "none")
    return {key: value for key, value in volume.items() if key != "name"}, asked


def test_where_nothing_is_said_there_is_no_limit() -> None:
    assert [disk(pod) for pod in pods()] == [({"emptyDir": {}}, "none")] * 2


def test_the_nodes_disk_has_the_limit_that_is_said() -> None:
    assert [disk(pod) for pod in pods(scratch="20Gi")] == [({"emptyDir": {"sizeLimit": "20Gi"}}, "20Gi")] * 2


def test_a_storage_class_makes_each_pod_a_volume_of_its_own() -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "fast", "resources": {"requests": {"storage": "1Ti"}}}

    volume = {"ephemeral": {"volumeClaimTemplate": {"spec": spec}}}
    assert [disk(pod) for pod in pods(scratch="1Ti", scratch_class="fast")] == [(volume, "none")] * 2


def test_what_is_no_size_is_refused_at_parse(flights: Path) -> None:
    with pytest.raises(SluiceConfigError, match="Cannot read '20 GB': it is no number of bytes"):
        SluiceJobOperator(job="clean-departures", manifest=flights, job_resources={"scratch": "20 GB"})


def test_a_class_without_a_size_is_refused() -> None:
    with pytest.raises(SluiceConfigError) as error:
        pods(scratch_class="fast")

    assert str(error.value) == (
        "Cannot give job 'clean-departures' scratch space of storage class 'fast': nobody says how much. "
        "Add scratch to its resources, e.g. 20Gi."
    )
