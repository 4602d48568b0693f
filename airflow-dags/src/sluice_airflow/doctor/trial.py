"""Starts a pod of each image and sees it end: the only proof that nodes can pull it and that it runs there."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from sluice_airflow.doctor import Finding, ok, wrong
from sluice_airflow.doctor.pods import NO_IMAGE, Probe
from sluice_airflow.launchers.api_server import api_message
from sluice_airflow.launchers.pod_status import look_at, pod_ending, telling_warning
from sluice_airflow.verdict import failure_without_receipt

TIMEOUT = (5, 10)
PATIENCE_SECONDS = 180.0
SEE_THE_CLUSTER = "See that the cluster has room and that its nodes can pull the image."


def look_at_start(
    core: Any, namespace: str, pods: Sequence[Probe], patience: float = PATIENCE_SECONDS
) -> Iterator[Finding]:
    """Start one pod of each image, which prints its help and is deleted whatever comes of it."""
    for probe in {probe.image: probe for probe in reversed(pods) if probe.image != NO_IMAGE}.values():
        pod = _helpful(probe)
        try:
            core.create_namespaced_pod(namespace, pod, _request_timeout=TIMEOUT)
            yield _seen(core, namespace, pod["metadata"]["name"], probe.image, patience)
        except (ApiException, HTTPError) as error:
            yield wrong("start", f"{probe.image}: {api_message(error)}", "Correct what the lines above say.")
        finally:
            _delete(core, namespace, pod["metadata"]["name"])


def _helpful(probe: Probe) -> dict[str, Any]:
    """The job's pod in all but what it is asked to do, and under a name of its own."""
    pod: dict[str, Any] = deepcopy(dict(probe.pod))
    pod["metadata"]["name"] = f"sluice-doctor-{uuid.uuid4().hex[:8]}"
    pod["spec"]["activeDeadlineSeconds"] = int(PATIENCE_SECONDS)
    next(container for container in pod["spec"]["containers"] if container["name"] == "base")["args"] = ["--help"]
    return pod


def _seen(core: Any, namespace: str, name: str, image: str, patience: float) -> Finding:
    began = time.monotonic()
    while True:
        pod = core.read_namespaced_pod(name, namespace, _request_timeout=TIMEOUT)
        look = look_at(pod, task={}, hint=_warning(core, namespace, name))
        seconds = time.monotonic() - began
        if look.over or look.hopeless:
            break
        if seconds > patience:
            return wrong(
                "start",
                f"{image} did not end within {patience:.0f} s ({look.detail or look.stage.value})",
                SEE_THE_CLUSTER,
            )
        time.sleep(1)
    cause = failure_without_receipt(pod_ending(pod, run_token="doctor", hint=_warning(core, namespace, name)))  # noqa: S106
    if cause is not None:
        return wrong("start", cause.reason, cause.advice)
    return ok("start", f"{image} starts on {pod.spec.node_name} and ends, after {seconds:.0f} s")


def _warning(core: Any, namespace: str, name: str) -> str | None:
    selector = f"involvedObject.name={name}"
    try:
        return telling_warning(
            core.list_namespaced_event(namespace, field_selector=selector, _request_timeout=TIMEOUT).items
        )
    except (ApiException, HTTPError):
        return None


def _delete(core: Any, namespace: str, name: str) -> None:
    try:
        core.delete_namespaced_pod(name, namespace, _request_timeout=TIMEOUT)
    except (ApiException, HTTPError):
        return  # it was never made, or it ends by its own deadline
