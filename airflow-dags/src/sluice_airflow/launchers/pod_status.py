"""What a pod says of itself as plain values: whether it has ended, how, or why it did not start.

Pure functions over the client's models, without a Kubernetes import.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sluice_airflow.launchers.pod import CONTAINER, TOKEN
from sluice_airflow.verdict import Ending, State


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
