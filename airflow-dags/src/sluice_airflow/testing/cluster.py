"""A cluster in memory: an API server, and pods that live through a list of stages as they are looked at.

A stage takes a pod and returns it as it is seen next, or None once it is gone: ``pending``, ``unscheduled``,
``waiting``, ``running``, ``leaving``, ``evicted``, ``ended``, ``gone``. Each look at a pod shows the next stage; the
last one stays.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

from kubernetes import client as k8s
from kubernetes.client.exceptions import ApiException

Stage = Callable[[k8s.V1Pod], k8s.V1Pod | None]

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)

#: As many seconds pass at most while tasks wait.
LONGEST = 7 * 86400.0


def refusal(status: int, message: str) -> ApiException:
    """Return the answer of an API server that refuses."""
    error = ApiException(status=status, reason="Refused")
    error.body = json.dumps({"kind": "Status", "message": message})
    return error


class Cluster:
    """As much of CoreV1Api as a launch needs, and the hook that would give it out."""

    def __init__(self, *stages: Stage):
        self.stages = list(stages)
        self.pods: dict[str, k8s.V1Pod] = {}
        self.seen: dict[str, int] = {}
        self.created: list[k8s.V1Pod] = []
        self.deleted: list[str] = []
        self.events: list[str] = []
        self.log = "job says hello\n"
        self.refuse_creation: ApiException | None = None
        self.logs: list[str] = []  #: what the log is at each reading, the last one for ever
        self.silence: list[Exception] = []  #: what it answers instead of a pod
        self.answers = 0  #: how many pods it still gives before that
        self.skew = timedelta()  #: how far the nodes' clocks are ahead
        self.api_client = ApiClient(self)

    # The API, by the names of the client library.

    def create_namespaced_pod(self, namespace: str, body: k8s.V1Pod) -> k8s.V1Pod:
        """Make a pod, unless its name is taken."""
        if self.refuse_creation is not None:
            raise self.refuse_creation
        if body.metadata.name in self.pods:
            raise refusal(409, f'pods "{body.metadata.name}" already exists')
        return self.add(body)

    def read_namespaced_pod(self, name: str, namespace: str, **_: Any) -> k8s.V1Pod:
        """Show a pod in its next stage."""
        if self.silence and self.answers == 0:
            raise self.silence.pop(0)
        self.answers = max(self.answers - 1, 0)
        pod = self.pods.get(name)
        if pod is not None:
            stage = self.stages[min(self.seen[name], len(self.stages) - 1)]
            self.seen[name] += 1
            pod = stage(copy.deepcopy(pod))
            if name not in self.pods:  # deleted while it was looked at
                pod = None
            elif pod is None:
                del self.pods[name]
            else:
                self.pods[name] = pod
        if pod is None:
            raise refusal(404, f'pods "{name}" not found')
        return copy.deepcopy(pod)

    def delete_namespaced_pod(self, name: str, namespace: str, body: Any = None, **_: Any) -> None:
        """Delete a pod, if it is the one that is meant."""
        wanted = body["preconditions"]["uid"] if isinstance(body, dict) else None
        if name in self.pods and wanted not in (None, self.pods[name].metadata.uid):
            raise refusal(409, "the pod is another one")
        if self.pods.pop(name, None) is None:
            raise refusal(404, f'pods "{name}" not found')
        self.deleted.append(name)

    def patch_namespaced_pod(self, name: str, namespace: str, body: Any) -> None:
        """Add labels."""
        if name in self.pods:
            self.pods[name].metadata.labels.update(body["metadata"]["labels"])

    def read_namespaced_pod_log(self, name: str, namespace: str, *, _preload_content: bool = True, **_: Any) -> Any:
        """Show ``log``, or the next of ``logs``."""
        # Like the real client, whose text is that of a bytes literal.
        return str(self._next_log().encode()) if _preload_content else Response(self.log.encode())

    def stamped_log(self, *, since: str = "", limit: int) -> Response:
        """Show it with the nodes' time of each line, of which a numbered one has the second of its number."""
        lines = []
        for line in self._next_log().splitlines():
            number = re.match(r"#(\d+) ", line)
            second = NOW + self.skew + timedelta(seconds=int(number[1]) if number else 0)
            stamp = f"{second:%Y-%m-%dT%H:%M:%S}.000000000Z"
            if stamp[:19] >= since[:19]:
                lines.append(f"{stamp} {line}\n")
        return Response("".join(lines).encode()[:limit])

    def _next_log(self) -> str:
        if self.logs:
            self.log = self.logs.pop(0) if len(self.logs) > 1 else self.logs[0]
        return self.log

    def list_namespaced_event(self, namespace: str, **_: Any) -> Any:
        """List ``events`` as warnings."""
        return SimpleNamespace(
            metadata=SimpleNamespace(resource_version="1"),
            items=[
                SimpleNamespace(
                    type="Warning",
                    reason="Failed",
                    message=message,
                    metadata=SimpleNamespace(uid=str(n), resource_version="1"),
                    involved_object=SimpleNamespace(field_path=None),
                )
                for n, message in enumerate(self.events)
            ],
        )

    # The hook of the provider, for worker and triggerer.

    @property
    def core_v1_client(self) -> Cluster:
        """Return the client."""
        return self

    is_in_cluster = False

    def get_namespace(self) -> str:
        """Return the namespace of the connection."""
        return "default"

    def get_pod(self, name: str, namespace: str) -> k8s.V1Pod:
        """Show a pod in its next stage."""
        return self.read_namespaced_pod(name, namespace)

    def triggerer_hook(self) -> Any:
        """Return the hook of the triggerer."""
        return TriggererHook(self)

    def silence_after(self, answers: int, silence: list[Exception]) -> None:
        """Give some more pods, and then no answer."""
        self.answers, self.silence = answers, list(silence)

    def add(self, pod: k8s.V1Pod) -> k8s.V1Pod:
        """Put a pod into the cluster."""
        pod = copy.deepcopy(pod)
        pod.metadata.uid = f"uid-{len(self.created)}"
        pod.metadata.creation_timestamp = NOW
        pod.status = k8s.V1PodStatus(phase="Pending")
        self.pods[pod.metadata.name], self.seen[pod.metadata.name] = pod, 0
        self.created.append(pod)
        return copy.deepcopy(pod)


class TriggererHook:
    """The way to the cluster that the triggerer has."""

    def __init__(self, cluster: Cluster):
        self.cluster = cluster

    @asynccontextmanager
    async def get_conn(self) -> AsyncIterator[Cluster]:
        """Yield the cluster as its own connection."""
        yield self.cluster


class TriggererApi:
    """The client that the triggerer makes of a connection."""

    def __init__(self, cluster: Cluster):
        self.cluster = cluster

    async def read_namespaced_pod(self, name: str, namespace: str, **how: Any) -> k8s.V1Pod:
        """Show a pod in its next stage."""
        return self.cluster.read_namespaced_pod(name, namespace, **how)

    async def delete_namespaced_pod(self, name: str, namespace: str, **how: Any) -> None:
        """Delete a pod, if it is the one that is meant."""
        self.cluster.delete_namespaced_pod(name, namespace, **how)

    @property
    def api_client(self) -> TriggererApi:
        """Return what is below the API."""
        return self

    async def call_api(self, **call: Any) -> Response:
        """Show the log."""
        return self.cluster.api_client.call_api(**call)


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.now = NOW.timestamp()
        self.alarms: list[tuple[float, Callable[[], object]]] = []

    def at(self, time: float, what: Callable[[], object]) -> None:
        """Let something happen when it is that late."""
        self.alarms.append((time, what))

    def time(self) -> float:
        """Return the seconds since 1970."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass, but not for ever."""
        self.now += seconds
        if self.now > NOW.timestamp() + LONGEST:
            raise AssertionError(f"The task has waited for {LONGEST / 86400:.0f} days, and would go on")
        due = [alarm for alarm in self.alarms if alarm[0] <= self.now]
        self.alarms = [alarm for alarm in self.alarms if alarm not in due]
        for _, what in due:
            what()

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass."""
        self.sleep(seconds)


class ApiClient(k8s.ApiClient):  # type: ignore[misc]  # which has no types
    """What is below the API: it is asked for logs directly."""

    def __init__(self, cluster: Cluster):
        super().__init__()
        self.cluster = cluster

    def call_api(self, resource_path: str, method: str, *, query_params: list[tuple[str, Any]], **_: Any) -> Response:
        """Show a log with its times."""
        if (method, resource_path.rpartition("/")[2]) != ("GET", "log"):
            raise NotImplementedError(f"{method} {resource_path}")
        asked = dict(query_params)
        return self.cluster.stamped_log(since=asked.get("sinceTime", ""), limit=asked["limitBytes"])


class Response:
    """The answer of a log."""

    def __init__(self, data: bytes):
        self.data = data

    async def read(self) -> bytes:
        """Return all of it."""
        return self.data


# The stages of a pod's life.


def pending(pod: k8s.V1Pod) -> k8s.V1Pod:
    """A node has the pod and sets it up."""
    pod.status = k8s.V1PodStatus(phase="Pending", conditions=[condition("PodScheduled", "True")])
    return pod


def unscheduled(message: str) -> Stage:
    """Return the stage of a pod for which there is no room."""

    def stage(pod: k8s.V1Pod) -> k8s.V1Pod:
        no = condition("PodScheduled", "False", reason="Unschedulable", message=message)
        pod.status = k8s.V1PodStatus(phase="Pending", conditions=[no])
        return pod

    return stage


def leaving(pod: k8s.V1Pod) -> k8s.V1Pod:
    """Somebody deletes the pod, and it has not ended."""
    pod.metadata.deletion_timestamp = NOW
    return running(pod)


def running(pod: k8s.V1Pod) -> k8s.V1Pod:
    """Its container runs."""
    return _with(pod, "Running", k8s.V1ContainerState(running=k8s.V1ContainerStateRunning(started_at=NOW)))


def taken(message: str) -> Stage:
    """Return the stage of a pod that is evicted while its container runs, before that has ended."""

    def stage(pod: k8s.V1Pod) -> k8s.V1Pod:
        pod = running(pod)
        pod.status.phase, pod.status.reason, pod.status.message = "Failed", "Evicted", message
        return pod

    return stage


def gone(_: k8s.V1Pod) -> None:
    """There is no such pod any more."""
    return


def first_life(cluster: Cluster, then: Stage, *later: Stage) -> Stage:
    """Return a stage that only the first pod lives through; those made after it live through the later ones."""

    def stage(pod: k8s.V1Pod) -> k8s.V1Pod | None:
        if len(cluster.created) == 1:
            return then(pod)
        return later[min(cluster.seen[pod.metadata.name] - 1, len(later) - 1)](pod)

    return stage


def waiting(reason: str, message: str | None = None) -> Stage:
    """Return the stage of a container that waits, e.g. for ``ErrImagePull``."""
    state = k8s.V1ContainerState(waiting=k8s.V1ContainerStateWaiting(reason=reason, message=message))
    return lambda pod: _with(pod, "Pending", state)


def ended(
    exit_code: int,
    message: str | Callable[[k8s.V1Pod], str] | None = None,
    *,
    reason: str | None = None,
    pod_reason: str | None = None,
    pod_message: str | None = None,
    deleted: bool = False,
    disrupted: str | None = None,
) -> Stage:
    """Return the stage of a container that has ended; the message may depend on the pod."""

    def stage(pod: k8s.V1Pod) -> k8s.V1Pod:
        terminated = k8s.V1ContainerStateTerminated(
            exit_code=exit_code,
            reason=reason or ("Error" if exit_code else "Completed"),
            message=message(pod) if callable(message) else message,
            finished_at=datetime.now(timezone.utc),
        )
        pod = _with(pod, "Failed" if exit_code else "Succeeded", k8s.V1ContainerState(terminated=terminated))
        pod.status.reason, pod.status.message = pod_reason, pod_message
        pod.metadata.deletion_timestamp = NOW if deleted else None
        if disrupted:
            pod.status.conditions = [condition("DisruptionTarget", "True", message=disrupted)]
        return pod

    return stage


def beside_a_sidecar(stage: Stage) -> Stage:
    """Return the stage of a pod that another container keeps running."""

    def beside(pod: k8s.V1Pod) -> k8s.V1Pod | None:
        seen = stage(pod)
        if seen is not None:
            seen.status.phase = "Running"
            state = k8s.V1ContainerState(running=k8s.V1ContainerStateRunning(started_at=NOW))
            mesh = k8s.V1ContainerStatus(name="mesh", image="i", image_id="", ready=True, restart_count=0, state=state)
            seen.status.container_statuses = [mesh, *seen.status.container_statuses]
        return seen

    return beside


def evicted(message: str) -> Stage:
    """Return the stage of a pod that is evicted before its container has run."""

    def stage(pod: k8s.V1Pod) -> k8s.V1Pod:
        pod.status = k8s.V1PodStatus(phase="Failed", reason="Evicted", message=message)
        return pod

    return stage


def condition(kind: str, status: str, reason: str | None = None, message: str | None = None) -> k8s.V1PodCondition:
    """Return a condition of a pod."""
    return k8s.V1PodCondition(type=kind, status=status, reason=reason, message=message)


def commits(**changes: Any) -> Callable[[k8s.V1Pod], str]:
    """Return what a job leaves that has committed: the message for :func:`ended`, a receipt of the pod's own run.

    :param changes: values of the receipt, e.g. ``rows={"read": 2, "written": 2, "quarantined": 0, "filtered": 0}``.
    """

    def message(pod: k8s.V1Pod) -> str:
        words = pod.spec.containers[0].args
        document = {
            "receipt_version": "1.0",
            "job": words[1],
            "run_token": token_of(pod),
            "run_key": words[1],
            "status": "COMMITTED",
            "phase": "report",
            "exit_code": 0,
            "rows": {"read": 1, "written": 1, "quarantined": 0, "filtered": 0},
            "target": {"kind": "table", "name": "a.table", "snapshot_id": "1"},
        }
        return json.dumps({**document, **changes})

    return message


def token_of(pod: k8s.V1Pod) -> str:
    """Return the run token that a pod was given."""
    return str(next(v.value for v in pod.spec.containers[0].env if v.name == "SLUICE_RUN_TOKEN"))


def _with(pod: k8s.V1Pod, phase: str, state: k8s.V1ContainerState) -> k8s.V1Pod:
    status = k8s.V1ContainerStatus(name="base", image="i", image_id="", ready=False, restart_count=0, state=state)
    pod.status = k8s.V1PodStatus(phase=phase, container_statuses=[status])
    return pod
