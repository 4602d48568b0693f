"""What a pod says of itself as plain values: whether it has ended, how, or why it did not start.

Pure functions over the client's models, without a Kubernetes import.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sluice_airflow.launchers.pod import CONTAINER, TOKEN
from sluice_airflow.lifecycle import Look, Stage
from sluice_airflow.verdict import IMAGE_REASONS, Ending, State, is_hopeless

#: Labels that name a task instance, as KubernetesPodOperator sets them.
TASK_LABELS = ("dag_id", "task_id", "run_id", "map_index")


def look_at(
    pod: Any, *, task: Mapping[str, str], work: tuple[str, Sequence[str]] | None = None, hint: str | None = None
) -> Look:
    """Return what is to be known of a pod that bears the name of some work; None is no pod.

    :param task: the labels of the task instance that looks.
    :param work: image and arguments that are wanted; None if it does not matter.
    :param hint: what else is known when the pod itself gives no reason, e.g. its last warning event.
    """
    if pod is None:
        return Look(Stage.ABSENT)
    container = _base(pod.spec.containers)
    labels = pod.metadata.labels or {}
    status = _status(pod)
    reason, detail = _reason_for_not_starting(pod, status, hint)
    tokens = [variable.value for variable in (container.env if container else None) or [] if variable.name == TOKEN]
    return Look(
        stage=_stage(pod, status),
        started=_has_started(status),
        token=tokens[-1] if tokens else None,
        same_task=all(labels.get(name) == task.get(name) for name in TASK_LABELS),
        same_work=work is None
        or (container is not None and (container.image, container.args) == (work[0], list(work[1]))),
        settled=labels.get("already_checked") == "True",
        hopeless=is_hopeless(reason, detail),
        detail=": ".join(word for word in (reason, detail) if word) or None,
    )


def _stage(pod: Any, status: Any) -> Stage:
    started = _has_started(status)
    if pod.status is not None and pod.status.phase in ("Succeeded", "Failed"):
        # One that is evicted, or whose node was lost, is Failed while its container's last word is that it runs.
        return Stage.ENDED if started or pod.status.phase == "Succeeded" else Stage.LOST
    if _terminated(status) is not None:
        return Stage.ENDED
    if pod.metadata.deletion_timestamp is not None:
        return Stage.LEAVING
    if started:
        return Stage.RUNNING
    if (
        status is not None
        or pod.spec.node_name
        or (pod.status is not None and _condition(pod, "PodScheduled", "True") is not None)
    ):
        return Stage.STARTING
    return Stage.HELD if pod.spec.scheduling_gates else Stage.UNSCHEDULED


def is_bare(pod: Any) -> bool:
    """Return whether an image cannot be pulled and the pod does not say why; the registry's words are in an event."""
    status = _status(pod)
    waiting = status.state.waiting if status is not None and status.state is not None else None
    return waiting is not None and waiting.reason in IMAGE_REASONS and _is_back_off(waiting.message)


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
    pod_reason, taken_for = pod.status.reason, pod.status.message or (disruption.message if disruption else None)
    if terminated is not None:
        taken = pod.metadata.deletion_timestamp is not None or disruption is not None or bool(pod_reason)
        oom = terminated.reason == "OOMKilled"
        return Ending(
            state=State.ENDED,
            exit_code=terminated.exit_code,
            message=terminated.message,
            reason=terminated.reason if oom or not pod_reason else pod_reason,
            detail=taken_for,
            interrupted=taken and not oom,
            **common,
        )
    if _has_started(status):
        over = pod.status.phase == "Failed"
        return Ending(state=State.RUNNING, reason=pod_reason, detail=taken_for or hint, interrupted=over, **common)
    reason, detail = _reason_for_not_starting(pod, status, hint)
    return Ending(state=State.NOT_STARTED, reason=reason, detail=detail, **common)


def telling_warning(events: Sequence[Any]) -> str | None:
    """Return what the last warning that tells something says, or None."""
    warnings = [str(event.message) for event in events if event.type == "Warning" and event.message]
    telling = [message for message in warnings if not message.startswith(("Error: ", "Back-off"))]
    return next(reversed(telling or warnings), None)


def _reason_for_not_starting(pod: Any, status: Any, hint: str | None) -> tuple[str | None, str | None]:
    waiting = status.state.waiting if status is not None and status.state is not None else None
    if waiting is not None and waiting.reason not in (None, "ContainerCreating", "PodInitializing"):
        # Older kubelets say no more than that they wait; the registry's words are in an event then.
        detail = (hint or waiting.message) if _is_back_off(waiting.message) else (waiting.message or hint)
        return waiting.reason, detail
    if pod.status.reason:
        return pod.status.reason, pod.status.message or hint
    unscheduled = _condition(pod, "PodScheduled", "False")
    if unscheduled is not None:
        return unscheduled.reason, unscheduled.message or hint
    return (waiting.reason if waiting is not None else None), hint


def _is_back_off(message: str | None) -> bool:
    return re.fullmatch(r'Back-off pulling image "[^"]*"', message or "") is not None


def _base(containers: Any) -> Any:
    return next((container for container in containers or [] if container.name == CONTAINER), None)


def _status(pod: Any) -> Any:
    return _base(pod.status.container_statuses) if pod.status is not None else None


def _has_started(status: Any) -> bool:
    running = status is not None and status.state is not None and status.state.running is not None
    return running or _terminated(status) is not None


def _terminated(status: Any) -> Any:
    return status.state.terminated if status is not None and status.state is not None else None


def _condition(pod: Any, kind: str, status: str) -> Any:
    conditions = pod.status.conditions or []
    return next((c for c in conditions if c.type == kind and c.status == status), None)
