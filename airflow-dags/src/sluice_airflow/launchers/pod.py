"""The pod of a job as plain values: the specification that goes to the cluster, the ending that comes back.

Both directions are pure functions without a Kubernetes import, so that golden files can pin them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import JobRequest
from sluice_airflow.verdict import Ending, State

CONTAINER = "base"  # KubernetesPodOperator's own name for the container whose end is the pod's end
USER = 65532
MAX_NAME = 63
DEFAULT_RESOURCES = {"memory": "2Gi", "cpu": "1"}

TOKEN = "SLUICE_RUN_TOKEN"  # noqa: S105 - the name of a variable; the token proves, it does not protect


def pod_name(request: JobRequest) -> str:
    """Return the pod's name: readable, and the same for the same try, so that one try has one pod."""
    task = (request.dag_id, request.task_id, request.run_id, request.map_index, request.try_number)
    digest = hashlib.sha256(json.dumps(task).encode()).hexdigest()[:8]
    day = re.sub(r"\D", "", (request.interval or "").split("/")[0])[:8]
    words = "-".join(filter(None, (request.project, request.job, day, f"t{request.try_number}")))
    readable = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return f"{readable[: MAX_NAME - 9].rstrip('-')}-{digest}"


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


def same_work(pod: Any, wanted: Any) -> str | None:
    """Return the run token of a pod that does exactly the wanted work, or None if it does other work."""
    container, other = _base(pod.spec.containers), _base(wanted.spec.containers)
    if container is None or other is None:
        return None
    if (container.image, container.args) != (other.image, other.args):
        return None
    tokens = [variable.value for variable in container.env or [] if variable.name == TOKEN]
    return tokens[-1] if tokens else None


def is_final(pod: Any) -> bool:
    """Return whether nothing more will be heard of the job's container."""
    return pod.status is not None and (
        pod.status.phase in ("Succeeded", "Failed") or _terminated(_status(pod)) is not None
    )


def pod_ending(pod: Any, *, run_token: str, log_tail: Sequence[str] = (), hint: str | None = None) -> Ending:
    """Return how a pod ended, or how far it came.

    :param hint: what else is known when the pod itself gives no reason, e.g. its last warning event.
    """
    container = _base(pod.spec.containers)
    limits = (container.resources.limits if container and container.resources else None) or {}
    common: dict[str, Any] = {
        "where": f"pod {pod.metadata.namespace}/{pod.metadata.name}",
        "run_token": run_token,
        "image": container.image if container else None,
        "memory_limit": limits.get("memory"),
        "log_tail": tuple(log_tail),
    }
    status = _status(pod)
    terminated = _terminated(status)
    disruption = _condition(pod, "DisruptionTarget", "True")
    pod_reason, pod_detail = pod.status.reason, pod.status.message
    if terminated is not None:
        taken = pod.metadata.deletion_timestamp is not None or disruption is not None or bool(pod_reason)
        oom = terminated.reason == "OOMKilled"
        return Ending(
            state=State.ENDED,
            exit_code=terminated.exit_code,
            message=terminated.message,
            reason=terminated.reason if oom or not pod_reason else pod_reason,
            detail=pod_detail or (disruption.message if disruption else None),
            interrupted=taken and not oom,
            **common,
        )
    if status is not None and status.state is not None and status.state.running is not None:
        return Ending(state=State.RUNNING, detail=hint, **common)
    reason, detail = _reason_for_not_starting(pod, status, hint)
    return Ending(state=State.NOT_STARTED, reason=reason, detail=detail, **common)


def _reason_for_not_starting(pod: Any, status: Any, hint: str | None) -> tuple[str | None, str | None]:
    waiting = status.state.waiting if status is not None and status.state is not None else None
    if waiting is not None and waiting.reason not in (None, "ContainerCreating", "PodInitializing"):
        # Older kubelets say no more than that they wait; the registry's words are in an event then.
        bare = re.fullmatch(r'Back-off pulling image "[^"]*"', waiting.message or "") is not None
        detail = (hint or waiting.message) if bare else (waiting.message or hint)
        return waiting.reason, detail
    if pod.status.reason:
        return pod.status.reason, pod.status.message or hint
    unscheduled = _condition(pod, "PodScheduled", "False")
    if unscheduled is not None:
        return unscheduled.reason, unscheduled.message or hint
    return (waiting.reason if waiting is not None else None), hint


def _base(containers: Any) -> Any:
    return next((container for container in containers or [] if container.name == CONTAINER), None)


def _status(pod: Any) -> Any:
    return _base(pod.status.container_statuses) if pod.status is not None else None


def _terminated(status: Any) -> Any:
    return status.state.terminated if status is not None and status.state is not None else None


def _condition(pod: Any, kind: str, status: str) -> Any:
    conditions = pod.status.conditions or []
    return next((c for c in conditions if c.type == kind and c.status == status), None)
