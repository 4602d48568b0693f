"""The Kubernetes launcher: a job in a pod, standing on KubernetesPodOperator's public methods.

The upstream operator creates, watches, logs and deletes the pod, in the worker or through its own trigger.
Three things are ours: which pod of a task is taken up again, reading how the container ended before the pod is
deleted, and the verdict. No sidecar, no exec: the result is the container's termination message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator
from airflow.providers.cncf.kubernetes.utils.pod_manager import PodNotFoundException
from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException
from urllib3.exceptions import HTTPError

from sluice_airflow._compat import AirflowException, TaskDeferred
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError, SluiceError, SluiceInfrastructureError
from sluice_airflow.launchers import JobRequest, LaunchOptions
from sluice_airflow.launchers.pod import CONTAINER, launched_pod
from sluice_airflow.launchers.pod_status import is_final, pod_ending, same_work
from sluice_airflow.verdict import Ending, State

if TYPE_CHECKING:
    from airflow.sdk import Context
    from kubernetes.client.models import V1Pod

LOG_TAIL = 8

#: Images with a whole Spark inside take their time on a fresh node; one that cannot be pulled fails at once anyway.
STARTUP_SECONDS = 600

#: What upstream raises when something is wrong with the pod or the cluster; anything else is a bug and passes.
TROUBLE = (AirflowException, ApiException, ConfigException, HTTPError)


class JobPod(KubernetesPodOperator):
    """One pod of one try. Never part of a DAG: the launcher calls its public methods within a task."""

    def __init__(self, *, run_token: str, **kwargs: Any):
        super().__init__(**kwargs)
        self.run_token = run_token
        self.ending: Ending | None = None

    def get_or_create_pod(self, pod_request_obj: V1Pod, context: Context) -> V1Pod:
        """Take up the pod that an earlier try of this task left running, else create a new one."""
        adopted: V1Pod | None = None
        for leftover in self._leftovers(pod_request_obj):
            token = same_work(leftover, pod_request_obj)
            if is_final(leftover) or leftover.metadata.deletion_timestamp is not None:
                self.process_pod_deletion(leftover, reraise=False)
            elif token is not None and adopted is None:
                self.log.info("Taking up pod %s, which an earlier try left running.", leftover.metadata.name)
                adopted, self.run_token = leftover, token
            else:
                self.log.info("Deleting pod %s, which an earlier try left.", leftover.metadata.name)
                self.pod_manager.delete_pod(leftover)
        return adopted or self._create(pod_request_obj)

    def find_pod(self, namespace: str, context: Context, *, exclude_checked: bool = True) -> V1Pod | None:
        """Return the pod of this try by its name; upstream would search by labels and find others as well."""
        return self.pod_manager.read_pod(cast("V1Pod", self.pod))

    def trigger_reentry(self, context: Context, event: dict[str, Any]) -> Any:
        """Come back from the triggerer, unless the pod is gone: upstream may call that a success, or stumble."""
        try:
            self.hook.get_pod(event["name"], event["namespace"])
        except ApiException as error:
            if error.status != 404:
                raise
            return None
        return super().trigger_reentry(context, event)

    def cleanup(self, pod: V1Pod, remote_pod: V1Pod, *args: Any, **kwargs: Any) -> None:
        """Read how the container ended, then let upstream delete the pod."""
        last_seen = remote_pod or self.pod
        if last_seen is None:
            return
        final = last_seen if is_final(last_seen) else self._read_again(last_seen)
        if final is None:
            return
        self.ending = self._read_ending(final)
        try:
            super().cleanup(pod, final, *args, **kwargs)
        except AirflowException:
            pass  # "Pod returned a failure": the verdict says it better
        except (ApiException, HTTPError) as error:
            self.log.warning("Cannot clean up pod %s: %s", final.metadata.name, _api_message(error))

    def _leftovers(self, wanted: V1Pod) -> list[V1Pod]:
        ours = {
            key: value
            for key, value in wanted.metadata.labels.items()
            if key in ("dag_id", "task_id", "run_id", "map_index", "sluice.dev/job")
        }
        selector = ",".join([*(f"{key}={value}" for key, value in sorted(ours.items())), "already_checked!=True"])
        pods = self.client.list_namespaced_pod(wanted.metadata.namespace, label_selector=selector)
        return list(pods.items)

    def _create(self, wanted: V1Pod) -> V1Pod:
        # Not through the pod manager: when creation fails it logs the whole pod, values of variables included.
        return self.client.create_namespaced_pod(namespace=wanted.metadata.namespace, body=wanted)

    def _read_again(self, pod: V1Pod) -> V1Pod | None:
        try:
            return self.pod_manager.read_pod(pod)
        except ApiException as error:
            if error.status == 404:
                return None
            raise

    def _read_ending(self, pod: V1Pod) -> Ending:
        ending = pod_ending(pod, run_token=self.run_token)
        if ending.state is State.ENDED and ending.exit_code == 0:
            return ending
        if ending.state is State.NOT_STARTED:
            return pod_ending(pod, run_token=self.run_token, hint=self._last_warning(pod))
        return replace(ending, log_tail=self._log_tail(pod))

    def _last_warning(self, pod: V1Pod) -> str | None:
        try:
            events = self.pod_manager.read_pod_events(pod).items
        except (ApiException, HTTPError, AirflowException):
            return None  # a hint is a courtesy
        warnings = [str(event.message) for event in events if event.type == "Warning" and event.message]
        telling = [message for message in warnings if not message.startswith(("Error: ", "Back-off"))]
        return next(reversed(telling or warnings), None)

    def _log_tail(self, pod: V1Pod) -> tuple[str, ...]:
        try:
            # As bytes: newer clients would turn them into the text of a bytes literal.
            answer = self.client.read_namespaced_pod_log(
                pod.metadata.name,
                pod.metadata.namespace,
                container=CONTAINER,
                tail_lines=LOG_TAIL,
                _preload_content=False,
            )
        except (ApiException, HTTPError):
            return ()  # the log is a courtesy as well
        text = answer.data.decode(errors="replace")
        return tuple(line for line in text.splitlines() if line.strip())


class KubernetesLauncher:
    """Runs a job in a pod, waiting in the worker or, deferred, in the triggerer."""

    def __init__(self, settings: ConnectionSettings, options: LaunchOptions):
        self.settings = settings
        self.options = options
        self._pod: JobPod | None = None

    def launch(self, request: JobRequest, context: Context) -> Ending:
        """Create the pod (or take one up) and wait for its end; deferred, raise TaskDeferred."""
        pod = self._job_pod(request, full_pod_spec=self._full_pod_spec(request))
        wait = pod.execute_async if self.options.deferrable else pod.execute_sync
        return self._ending(pod, request, lambda: wait(context))

    def resume(self, request: JobRequest, context: Context, event: Mapping[str, Any]) -> Ending:
        """Read the ending of the pod that the triggerer watched."""
        pod = self._job_pod(request)
        return self._ending(pod, request, lambda: pod.trigger_reentry(context, dict(event)), event)

    def kill(self) -> None:
        """Delete the pod; the kubelet sends SIGTERM and the job ends cleanly."""
        if self._pod is not None:
            self._pod.on_kill()

    def _job_pod(self, request: JobRequest, **spec: Any) -> JobPod:
        self._pod = JobPod(
            task_id=request.task_id.rpartition(".")[2],
            run_token=request.run_token,
            kubernetes_conn_id=self.settings.kubernetes_conn_id,
            namespace=self.options.profile.namespace or self.settings.namespace,
            random_name_suffix=False,
            deferrable=self.options.deferrable,
            execution_timeout=self.options.execution_timeout,
            on_finish_action=self.options.on_finish_action,
            startup_timeout_seconds=self.options.profile.timeout("startup") or STARTUP_SECONDS,
            startup_check_interval_seconds=1,
            log_pod_spec_on_failure=False,
            do_xcom_push=False,
            **spec,
        )
        return self._pod

    def _full_pod_spec(self, request: JobRequest) -> V1Pod:
        return PodGenerator.deserialize_model_dict(launched_pod(request, self.settings, self.options).pod)

    def _ending(
        self,
        pod: JobPod,
        request: JobRequest,
        step: Callable[[], Any],
        event: Mapping[str, Any] | None = None,
    ) -> Ending:
        trouble: Exception | None = None
        try:
            step()
        except TaskDeferred as deferred:
            # Upstream would write the cluster's credentials into the trigger's row.
            deferred.trigger.connection_extras = None
            raise TaskDeferred(
                trigger=deferred.trigger,
                method_name="resume",
                kwargs={"run_token": pod.run_token},
                timeout=deferred.timeout,
            ) from None
        except SluiceError:
            raise
        except TROUBLE as error:
            trouble = error
        if pod.ending is not None:
            return _explained(pod.ending, trouble)
        if trouble is None or _is_absence(trouble, created=pod.pod is not None or event is not None):
            return _gone(pod, request, event)
        raise _translated(trouble, request, created=pod.pod is not None)


def _explained(ending: Ending, trouble: Exception | None) -> Ending:
    """An end that was seen needs no explanation; upstream's words tell why a pod was given up before it."""
    if trouble is None or ending.state is State.ENDED or ending.detail:
        return ending
    return replace(ending, detail=_api_message(trouble))


def _is_absence(trouble: Exception, *, created: bool) -> bool:
    if isinstance(trouble, PodNotFoundException):
        return True
    return created and isinstance(trouble, ApiException) and trouble.status == 404


def _gone(pod: JobPod, request: JobRequest, event: Mapping[str, Any] | None) -> Ending:
    if event is not None:
        name = f"{event.get('namespace')}/{event.get('name')}"
    else:
        name = f"{pod.pod.metadata.namespace}/{pod.pod.metadata.name}" if pod.pod else request.job
    saw = "the triggerer saw it succeed" if event is not None and event.get("status") == "success" else None
    return Ending(
        state=State.GONE,
        where=f"pod {name}",
        run_token=pod.run_token,
        detail=saw,
        image=request.image,
        memory_limit=request.resources.get("memory"),
    )


#: Answers of the API server that a retry will not change.
REFUSALS = frozenset({400, 401, 403, 404, 422})


def _translated(trouble: Exception, request: JobRequest, *, created: bool) -> SluiceError:
    head = f"Cannot {'watch' if created else 'create'} the pod of job '{request.job}': {_api_message(trouble)}."
    if isinstance(trouble, ConfigException):
        return SluiceConfigError(f"{head} Name a kubernetes_conn_id in the connection's extra, or set KUBECONFIG.")
    if isinstance(trouble, ApiException):
        if trouble.status == 409:
            return SluiceInfrastructureError(
                f"{head} Another process runs this very try, or its pod was kept; the next try gets its own pod."
            )
        quota = "quota" in _api_message(trouble).lower()
        if trouble.status in REFUSALS and not quota and not created:
            return SluiceConfigError(f"{head} Correct the connection, the namespace or the account's rights.")
    elif isinstance(trouble, AirflowException) and not created:
        return SluiceConfigError(f"{head} Correct the Kubernetes connection.")
    return SluiceInfrastructureError(f"{head} See that the cluster answers.")


def _api_message(error: Exception) -> str:
    """The API server's own sentence; the exception's text would be a page of headers."""
    if not isinstance(error, ApiException):
        return str(error).strip().rstrip(".") or type(error).__name__
    try:
        message = json.loads(error.body)["message"]
    except (TypeError, ValueError, KeyError):
        message = error.reason
    return f"{str(message).rstrip('.')} (HTTP {error.status})"
