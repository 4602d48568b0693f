"""The pod of a job in its cluster: KubernetesPodOperator's public parts, as far as a launch needs them.

The upstream operator builds the request with its labels and the site's mutation hook, holds the client and deletes as
``on_finish_action`` says. What is done when is not its business here but that of the life cycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from sluice_airflow._compat import AirflowException
from sluice_airflow.joblog import Cursor, parse
from sluice_airflow.launchers.api_server import delete_pod, last_warning
from sluice_airflow.launchers.pod import CONTAINER
from sluice_airflow.launchers.pod_status import TASK_LABELS, is_bare, look_at
from sluice_airflow.lifecycle import Look

if TYPE_CHECKING:
    from airflow.sdk import Context
    from kubernetes.client.models import V1Pod

LOG_TAIL = 8


class JobPod(KubernetesPodOperator):
    """The one pod of some work. Never part of a DAG: the launcher calls it within a task."""

    wanted: V1Pod

    def prepare(self, context: Context) -> None:
        """Build the request, which is what the cluster is asked for and what a pod that is found is compared with."""
        self.wanted = self.build_pod_request_obj(context)

    @property
    def name_in_cluster(self) -> str:
        """Return ``namespace/name``."""
        return f"{self.wanted.metadata.namespace}/{self.wanted.metadata.name}"

    @property
    def task_labels(self) -> Mapping[str, str]:
        """Return the labels that name the task instance."""
        return {name: self.wanted.metadata.labels[name] for name in TASK_LABELS if name in self.wanted.metadata.labels}

    def log_in_again(self) -> None:
        """Forget the client: its account may have a new token by now."""
        for name in ("hook", "client", "pod_manager"):
            self.__dict__.pop(name, None)

    def read(self) -> V1Pod | None:
        """Return the pod, or None if there is none."""
        try:
            return self.client.read_namespaced_pod(self.wanted.metadata.name, self.wanted.metadata.namespace)
        except ApiException as error:
            if error.status != 404 or "namespaces" in str(error.body):
                raise
            return None

    def look(self, pod: V1Pod | None) -> Look:
        """Return what a pod that was read says of itself."""
        container = self.wanted.spec.containers[0]
        hint = self.last_warning() if pod is not None and is_bare(pod) else None
        return look_at(pod, task=self.task_labels, work=(container.image, container.args), hint=hint)

    def create(self) -> V1Pod:
        """Make the pod."""
        # Not through the pod manager: when creation fails it logs the whole pod, values of variables included.
        return self.client.create_namespaced_pod(namespace=self.wanted.metadata.namespace, body=self.wanted)

    def remove(self, pod: V1Pod) -> None:
        """Delete a pod whatever ``on_finish_action`` says, and that very pod only."""
        delete_pod(self.client, pod.metadata.namespace, pod.metadata.name, pod.metadata.uid)

    def settle(self, pod: V1Pod) -> None:
        """Delete a pod whose end was read, or mark it so that nobody waits for it."""
        try:
            if not self.process_pod_deletion(pod, reraise=True):
                labels = {"metadata": {"labels": {"already_checked": "True"}}}
                self.client.patch_namespaced_pod(pod.metadata.name, pod.metadata.namespace, body=labels)
        except (ApiException, HTTPError, AirflowException) as error:
            self.log.warning("Cannot clean up pod %s: %s", pod.metadata.name, getattr(error, "reason", None) or error)

    def piece_of_log(self, cursor: Cursor) -> bytes:
        """Return what the log has gained since it was last read, as far as one piece goes."""
        call = cursor.call(self.wanted.metadata.namespace, self.wanted.metadata.name, CONTAINER)
        return bytes(self.client.api_client.call_api(**call, _return_http_data_only=True).data)

    def log_tail(self) -> tuple[str, ...]:
        """Return the last lines of the log, or none: they are a courtesy."""
        name, namespace = self.wanted.metadata.name, self.wanted.metadata.namespace
        try:
            # As bytes: newer clients would turn them into the text of a bytes literal.
            answer = self.client.read_namespaced_pod_log(
                name, namespace, container=CONTAINER, tail_lines=LOG_TAIL, _preload_content=False
            )
        except (ApiException, HTTPError):
            return ()
        text = bytes(answer.data).decode(errors="replace")
        return tuple(parse(line)[1].text for line in text.splitlines() if line.strip())

    def last_warning(self) -> str | None:
        """Return the last telling event, or none."""
        return last_warning(self.client, self.wanted.metadata.namespace, self.wanted.metadata.name)
