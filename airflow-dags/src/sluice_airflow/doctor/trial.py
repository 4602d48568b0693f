"""Starts a pod of each image and sees it end: the only proof that nodes can pull it and that it runs there."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from sluice_airflow.doctor import TIMEOUT, Finding, ok, wrong
from sluice_airflow.doctor.pods import NO_IMAGE, Probe
from sluice_airflow.launchers.api_server import api_message, last_warning
from sluice_airflow.launchers.pod_status import is_bare, look_at, pod_ending
from sluice_airflow.verdict import failure_without_receipt

PATIENCE_SECONDS = 180


def look_at_start(core: Any, namespace: str, pods: Sequence[Probe]) -> Iterator[Finding]:
    """Start one pod of each image, which prints its help and is deleted whatever comes of it."""
    for probe in {probe.image: probe for probe in reversed(pods) if probe.image != NO_IMAGE}.values():
        pod = _helpful(probe)
        name = pod["metadata"]["name"]
        try:
            core.create_namespaced_pod(namespace, pod, _request_timeout=TIMEOUT)
            yield _seen(core, namespace, name, probe.image)
        except (ApiException, HTTPError) as error:
            yield wrong("start", f"{probe.image}: {api_message(error)}", "Correct what the lines above say.")
        finally:
            _delete(core, namespace, name)


def _helpful(probe: Probe) -> dict[str, Any]:
    """The job's pod in all but what it is asked to do, and under a name of its own."""
    pod: dict[str, Any] = deepcopy(dict(probe.pod))
    pod["metadata"]["name"] = f"sluice-doctor-{uuid.uuid4().hex[:8]}"
    pod["spec"]["activeDeadlineSeconds"] = PATIENCE_SECONDS
    next(container for container in pod["spec"]["containers"] if container["name"] == "base")["args"] = ["--help"]
    return pod


def _seen(core: Any, namespace: str, name: str, image: str) -> Finding:
    began = time.monotonic()
    while True:
        pod = core.read_namespaced_pod(name, namespace, _request_timeout=TIMEOUT)
        hint = last_warning(core, namespace, name) if is_bare(pod) else None
        look = look_at(pod, task={}, hint=hint)
        seconds = time.monotonic() - began
        if look.over or look.hopeless:
            return _ended(pod, hint, image, seconds)
        if seconds >= PATIENCE_SECONDS:
            why = look.detail or last_warning(core, namespace, name) or look.stage.value
            says = f"{image} did not end within {PATIENCE_SECONDS} s ({why})"
            return wrong("start", says, "See that the cluster has room and that its nodes can pull the image.")
        time.sleep(1)


def _ended(pod: Any, hint: str | None, image: str, seconds: float) -> Finding:
    cause = failure_without_receipt(pod_ending(pod, run_token="doctor", hint=hint))  # noqa: S106 - it proves nothing here
    if cause is not None:
        return wrong("start", cause.reason, cause.advice)
    return ok("start", f"{image} starts on {pod.spec.node_name} and ends, after {seconds:.0f} s")


def _delete(core: Any, namespace: str, name: str) -> None:
    try:
        core.delete_namespaced_pod(name, namespace, _request_timeout=TIMEOUT)
    except (ApiException, HTTPError):
        return  # it was never made, or it ends by its own deadline
