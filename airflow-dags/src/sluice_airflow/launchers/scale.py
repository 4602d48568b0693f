"""On how many machines a job runs: in its own pod alone, or with executors in pods that Spark makes beside it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import scratch
from sluice_airflow.launchers.layers import Layer, lay
from sluice_airflow.retries import bytes_of

#: Keys of resources that say something of executors.
KEYS = ("scale", "executor_memory", "executor_cpu")

#: Who may make executors, where nobody says otherwise: containers/executors.yaml makes the account.
DRIVER_ACCOUNT = "sluice-driver"

ROLE = "sluice.dev/role"

#: What the heap gets of a container, and the least with which Spark starts, in MiB: as the image and its SDK have it.
HEAP_SHARE, LEAST_HEAP = 0.6, 450

#: What Spark calls a volume that is its place for rows of a shuffle: else it mounts one of its own over ours.
LOCAL_DIR = "spark-local-dir-tmp"

#: Variables of the job's own container that are none of its executors'.
OWN_VARIABLES = re.compile(r"SLUICE_(RUN_TOKEN|STARTED_BY|LOG_NUMBERS|SPARK_SCALE)|OPENLINEAGE_.*|TRACE(PARENT|STATE)")


@dataclass(frozen=True)
class Scale:
    """How many executors a job has, and how large each is."""

    text: str  #: ``executors(2)`` or ``executors(1..8)``
    memory: str
    cpu: str


def scale_of(resources: Mapping[str, str], job: str) -> Scale | None:
    """Return what resources say of executors, None where the job has none, or raise what cannot be."""
    text = resources.get("scale", "local")
    if text == "local":
        return None
    numbers = re.fullmatch(r"executors\((\d{1,5})(?:\.\.(\d{1,5}))?\)", text)
    if numbers is None or int(numbers[2] or numbers[1]) < max(int(numbers[1]), 1):
        raise SluiceConfigError(
            f"Cannot scale job '{job}' to '{text}': it is neither local nor a number of executors. "
            "Write it like executors(2) or executors(1..8)."
        )
    memory = resources.get("executor_memory") or resources["memory"]
    _check_size(memory, job)
    return Scale(text, memory, resources.get("executor_cpu") or resources["cpu"])


def of_the_container(resources: Mapping[str, str]) -> dict[str, str]:
    """Return what resources say of the job's own container."""
    return {name: amount for name, amount in resources.items() if name not in (*KEYS, *scratch.KEYS)}


def driver_layer(scale: Scale, pod: Mapping[str, Any], account: str | None, own: Sequence[Layer]) -> Layer:
    """Return what a job's pod needs more where it has executors: an account that may make them, and what they are like.

    :param pod: the job's pod in all else, which its executors resemble.
    :param account: the service account that may make pods.
    :param own: what executors have otherwise than the job's pod.
    """
    variables = {
        "SLUICE_SPARK_SCALE": scale.text,
        "SLUICE_EXECUTOR_MEMORY": scale.memory,
        "SLUICE_EXECUTOR_CPU": scale.cpu,
        "SLUICE_EXECUTOR_ACCOUNT": pod["spec"].get("serviceAccountName"),
        "SLUICE_EXECUTOR_POD": json.dumps(lay([Layer("", executor_pod(pod)), *own]).pod),
    }
    fields = {
        "SLUICE_POD_NAME": "metadata.name",
        "SLUICE_POD_NAMESPACE": "metadata.namespace",
        "SLUICE_POD_IP": "status.podIP",
    }
    env = [
        *({"name": name, "value": value} for name, value in variables.items() if value),
        *({"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in fields.items()),
    ]
    spec = {
        "automountServiceAccountToken": True,
        "serviceAccountName": account or DRIVER_ACCOUNT,
        "containers": [{"name": "base", "env": env}],
    }
    return Layer("scale", {"metadata": {"labels": {ROLE: "driver"}}, "spec": spec})


def executor_pod(pod: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template of an executor's pod: the job's own without its name, its work, its size and its token."""
    spec = deepcopy(dict(pod["spec"]))
    for key in ("activeDeadlineSeconds", "serviceAccountName"):
        spec.pop(key, None)
    container = next(c for c in spec["containers"] if c["name"] == "base")
    disk = container.pop("resources", {}).get("requests", {}).get("ephemeral-storage")
    for key in ("args", "command", "image", "terminationMessagePolicy"):
        container.pop(key, None)
    if disk is not None:
        container["resources"] = {"requests": {"ephemeral-storage": disk}}
    for named in (*spec.get("volumes", ()), *container.get("volumeMounts", ())):
        if named["name"] == scratch.VOLUME:
            named["name"] = LOCAL_DIR
    container["env"] = [v for v in container.get("env", ()) if not OWN_VARIABLES.fullmatch(v["name"])]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        # Not the labels by which the provider finds the pods that it made itself.
        "metadata": {"labels": {ROLE: "executor"}, "annotations": dict(pod["metadata"].get("annotations") or {})},
        "spec": {**spec, "containers": [container], "automountServiceAccountToken": False},
    }


def _check_size(memory: str, job: str) -> None:
    mib = bytes_of(memory) / 2**20
    if mib * HEAP_SHARE < LEAST_HEAP:
        raise SluiceConfigError(
            f"Cannot run job '{job}' on executors of {memory}: of its {mib:.0f} MiB the heap gets "
            f"{mib * HEAP_SHARE:.0f}, and Spark needs {LEAST_HEAP}. "
            f"Ask for {math.ceil(LEAST_HEAP / HEAP_SHARE)}Mi or more."
        )
