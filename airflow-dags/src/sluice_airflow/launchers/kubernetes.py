"""The Kubernetes launcher: a job in a pod, standing on KubernetesPodOperator's public parts.

The pod is watched by an :class:`Attempt` here or, deferred, by a trigger; both ask the same life cycle what to do.
No sidecar, no exec: the result is the container's termination message.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator

from sluice_airflow._compat import TaskDeferred
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.joblog import Cursor
from sluice_airflow.launchers import JobRequest, LaunchOptions
from sluice_airflow.launchers.attempt import TROUBLE, Attempt, translated
from sluice_airflow.launchers.job_pod import JobPod
from sluice_airflow.launchers.pod import MARGIN, launched_pod
from sluice_airflow.launchers.watching import log
from sluice_airflow.lifecycle import Watch
from sluice_airflow.triggers.pod import JobPodTrigger
from sluice_airflow.verdict import Ending

if TYPE_CHECKING:
    from airflow.sdk import Context
    from kubernetes.client.models import V1Pod


class KubernetesLauncher:
    """Runs a job in a pod, waiting in the worker or, deferred, in the triggerer."""

    def __init__(self, settings: ConnectionSettings, options: LaunchOptions):
        self.settings = settings
        self.options = options
        timeout: timedelta | None = options.execution_timeout
        self.limits = replace(options.limits, execution=timeout.total_seconds() if timeout else None)
        self._attempt: Attempt | None = None

    def launch(self, request: JobRequest, context: Context) -> Ending:
        """Make the pod, or take one up, and wait for its end; deferred, raise TaskDeferred."""
        return self._watch(request, context, Watch(token=request.run_token, began=time.time()), Cursor())

    def resume(self, request: JobRequest, context: Context, event: Mapping[str, Any]) -> Ending:
        """Go on where the triggerer has stopped."""
        seen = Ending.from_json(event["ending"]) if event.get("ending") else None
        if event.get("blind"):
            log.warning("The triggerer cannot see the pod (%s): waiting in the worker instead.", event["blind"])
        watch, cursor = Watch.from_json(event["watch"]), Cursor.from_json(event["log"])
        return self._watch(request, context, watch, cursor, seen=seen, here=bool(event.get("blind")))

    def kill(self) -> None:
        """Delete the pod; the kubelet sends SIGTERM and the job ends cleanly."""
        if self._attempt is not None:
            self._attempt.kill()

    def _watch(
        self,
        request: JobRequest,
        context: Context,
        watch: Watch,
        cursor: Cursor,
        *,
        seen: Ending | None = None,
        here: bool = False,
    ) -> Ending:
        pod = self._pod(request)
        try:
            pod.prepare(context)
        except TROUBLE as trouble:
            raise translated(trouble, request.job) from None

        def defer(watch: Watch, cursor: Cursor) -> None:
            raise self._deferral(pod, watch, cursor)

        waits_here = here or not self.options.deferrable
        attempt = Attempt(
            pod,
            request.job,
            self.limits,
            watch,
            cursor,
            defer=None if waits_here else defer,
        )
        self._attempt = attempt
        return attempt.to_its_end(seen)

    def _deferral(self, pod: JobPod, watch: Watch, cursor: Cursor) -> TaskDeferred:
        trigger = JobPodTrigger(
            pod_name=pod.wanted.metadata.name,
            pod_namespace=pod.wanted.metadata.namespace,
            kubernetes_conn_id=self.settings.kubernetes_conn_id,
            task_labels=dict(pod.task_labels),
            limits=self.limits.to_json(),
            watch=watch.to_json(),
            log=cursor.to_json(),
        )
        timeout = self.options.execution_timeout
        left = timedelta(seconds=watch.began - time.time()) + timeout + MARGIN if timeout else None
        return TaskDeferred(trigger=trigger, method_name="resume", kwargs={"run_token": watch.token}, timeout=left)

    def _pod(self, request: JobRequest) -> JobPod:
        return JobPod(
            task_id=request.task_id.rpartition(".")[2],
            kubernetes_conn_id=self.settings.kubernetes_conn_id,
            namespace=self.options.profile.namespace or self.settings.namespace,
            random_name_suffix=False,
            on_finish_action=self.options.on_finish_action,
            do_xcom_push=False,
            full_pod_spec=self._full_pod_spec(request),
        )

    def _full_pod_spec(self, request: JobRequest) -> V1Pod:
        return PodGenerator.deserialize_model_dict(launched_pod(request, self.settings, self.options).pod)
