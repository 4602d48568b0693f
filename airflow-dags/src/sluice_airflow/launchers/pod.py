"""The pod of a job as plain values, without a Kubernetes import, so that golden files can pin it."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timezone
from typing import Any

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import JobRequest

CONTAINER = "base"  # KubernetesPodOperator's own name for the container whose end is the pod's end
USER = 65532
MAX_NAME = 63
DEFAULT_RESOURCES = {"memory": "2Gi", "cpu": "1"}

TOKEN = "SLUICE_RUN_TOKEN"  # noqa: S105 - the name of a variable; the token proves, it does not protect


def pod_name(request: JobRequest) -> str:
    """Return the pod's name: readable, and the same for the same work, so that no work has two pods.

    What a job does with an interval is one piece of work, whoever asks for it; without one, every task instance is.
    """
    work: tuple[Any, ...] = (request.dag_id, request.task_id, request.run_id, request.map_index)
    if request.interval:
        work = (request.project, request.job, *(_utc(time) for time in request.interval.split("/")))
    digest = hashlib.sha256(json.dumps(work).encode()).hexdigest()[:8]
    day = re.sub(r"\D", "", (request.interval or "").split("/")[0])[:8]
    words = "-".join(filter(None, (request.project, request.job, day)))
    readable = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return f"{readable[: MAX_NAME - 9].rstrip('-')}-{digest}"


def _utc(time: str) -> str:
    """The same for every way to write the same moment."""
    try:
        return datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone(timezone.utc).isoformat()
    except ValueError:  # the job will say what it thinks of it
        return time


def pod_spec(request: JobRequest, settings: ConnectionSettings, *, deadline: int | None = None) -> dict[str, Any]:
    """Return the pod in Kubernetes' own spelling; it satisfies Pod Security "restricted"."""
    if not request.image:
        raise SluiceConfigError(
            f"Cannot launch job '{request.job}' on Kubernetes: no image is known. Build the manifest with "
            "`manifest --image REF`, or name an image in the connection's extra or in the operator."
        )
    spec = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "serviceAccountName": settings.service_account,
        "activeDeadlineSeconds": deadline,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(request, settings)],
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "work", "emptyDir": {}}],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": _without_none(
            {
                "name": pod_name(request),
                "namespace": settings.namespace,
                "labels": {
                    "app.kubernetes.io/managed-by": "sluice",
                    "sluice.dev/project": _label(request.project),
                    "sluice.dev/job": _label(request.job),
                },
                "annotations": _without_none({"sluice.dev/interval": request.interval}),
            }
        ),
        "spec": _without_none(spec),
    }


def _container(request: JobRequest, settings: ConnectionSettings) -> dict[str, Any]:
    resources = {**DEFAULT_RESOURCES, **request.resources}
    image = {"SLUICE_IMAGE": request.image} if request.image else {}
    env = {**settings.env, **request.environment(), **image}
    return _without_none(
        {
            "name": CONTAINER,
            "image": request.image,
            "imagePullPolicy": settings.image_pull_policy,
            "args": list(request.arguments),
            "env": [{"name": name, "value": value} for name, value in env.items()],
            "envFrom": [{"secretRef": {"name": name}} for name in settings.env_from_secrets] or None,
            # Memory asked for is memory owned: a job that may use more than it asked for is the first to be evicted.
            "resources": {"requests": resources, "limits": {"memory": resources["memory"]}},
            "terminationMessagePolicy": "File",
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "work", "mountPath": "/work"}],  # noqa: S108
        }
    )


def _label(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:63].strip("-._")


def _without_none(mapping: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if value is not None}
