"""Which pods nobody waits for: pods of Sluice, held against the task instances that Airflow knows.

A pod is told by its labels, which the Kubernetes provider has made safe; so the safe forms are what is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sluice_airflow.connection import ConnectionSettings

SELECTOR = "app.kubernetes.io/managed-by=sluice"

#: States of a task instance that has ended; in any other its pod may still be wanted, or taken up by the next try.
ENDED = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})

PHASES_OF_THE_END = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True)
class Task:
    """A task instance by the labels of its pod."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1


@dataclass(frozen=True)
class Judged:
    """A pod, and what became of the task that it ran for."""

    name: str
    uid: str
    phase: str
    state: str | None  #: of the task instance; ``unknown`` if Airflow knows none, None if it was not asked
    why: str


#: Answers what became of tasks; those that Airflow does not know are left out.
States = Callable[[Sequence[Task]], Mapping[Task, str]]


def judge_pods(pods: Sequence[Any], states: States, *, now: datetime, grace_minutes: int) -> list[Judged]:
    """Return for every pod what became of its task; pods within their grace are not even asked about."""
    old = [pod for pod in pods if now - pod.metadata.creation_timestamp >= timedelta(minutes=grace_minutes)]
    tasks = {pod.metadata.name: task for pod in old if (task := _task_of(pod)) is not None}
    known = states(sorted(set(tasks.values()), key=str))
    return [_judged(pod, pod in old, tasks.get(pod.metadata.name), known, grace_minutes) for pod in pods]


def is_orphan(pod: Judged, *, ended: bool, unknown: bool) -> bool:
    """Return whether a pod may go: its task has ended, and it has not or need not be kept.

    :param ended: whether pods that have ended may go, which somebody may have kept to look at.
    :param unknown: whether pods of unknown tasks may go, which may be those of another Airflow.
    """
    if pod.phase in PHASES_OF_THE_END and not ended:
        return False
    return pod.state in ENDED or (unknown and pod.state == "unknown")


def _judged(pod: Any, old: bool, task: Task | None, known: Mapping[Task, str], grace_minutes: int) -> Judged:
    if not old:
        state, why = None, f"younger than {grace_minutes} min"
    elif task is None:
        state, why = "unknown", "it has no labels of a task"
    else:
        state = known.get(task, "unknown")
        place = f"{task.dag_id}.{task.task_id} of {task.run_id}"
        why = f"this Airflow does not know {place}" if state == "unknown" else f"{place} is {state}"
    return Judged(pod.metadata.name, pod.metadata.uid, pod.status.phase or "Unknown", state, why)


def _task_of(pod: Any) -> Task | None:
    labels = pod.metadata.labels or {}
    if not {"dag_id", "run_id", "task_id"} <= labels.keys():
        return None
    return Task(labels["dag_id"], labels["run_id"], labels["task_id"], int(labels.get("map_index", -1)))


def task_states(tasks: Sequence[Task]) -> dict[Task, str]:
    """Ask Airflow's database for the states of task instances, by the safe forms of their ids."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance as Row
    from airflow.providers.cncf.kubernetes.pod_generator import make_safe_label_value as safe
    from airflow.utils.session import create_session
    from sqlalchemy import select

    states: dict[Task, str] = {}
    with create_session() as session:
        for dag_id in list(session.scalars(select(DagRun.dag_id).distinct())):
            labels = {task.run_id for task in tasks if task.dag_id == safe(dag_id)}
            runs = list(session.scalars(select(DagRun.run_id).where(DagRun.dag_id == dag_id))) if labels else []
            for run_id in [run_id for run_id in runs if safe(run_id) in labels]:
                of_run = select(Row.task_id, Row.map_index, Row.state).where(Row.dag_id == dag_id, Row.run_id == run_id)
                for task_id, map_index, state in session.execute(of_run):
                    states[Task(safe(dag_id), safe(run_id), safe(task_id), map_index)] = str(state or "none")
    return states


class Pods:
    """The pods of Sluice in a namespace."""

    def __init__(self, core: Any, namespace: str):
        self.core = core
        self.namespace = namespace

    @classmethod
    def of(cls, settings: ConnectionSettings, namespace: str | None) -> Pods:
        """Return those that a connection leads to."""
        from sluice_airflow._compat import cluster_hook

        hook = cluster_hook(settings.kubernetes_conn_id)
        return cls(hook.core_v1_client, namespace or settings.namespace or hook.get_namespace() or "default")

    def ours(self) -> list[Any]:
        """Return all pods that this provider has made."""
        return list(self.core.list_namespaced_pod(self.namespace, label_selector=SELECTOR).items)

    def delete(self, pod: Judged) -> bool:
        """Delete this very pod, and none that has its name meanwhile; return whether it is going."""
        from kubernetes.client.exceptions import ApiException

        from sluice_airflow.launchers.api_server import delete_pod

        try:
            delete_pod(self.core, self.namespace, pod.name, pod.uid)
        except ApiException:
            return False
        return True
