"""The trigger of a job's pod: waits in the triggerer as the worker would, and leaves all that is done to the worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from airflow.providers.cncf.kubernetes.triggers.pod import KubernetesPodTrigger
from airflow.triggers.base import TriggerEvent
from kubernetes.config import ConfigException
from kubernetes_asyncio.config import ConfigException as AsyncConfigException

from sluice_airflow._compat import AirflowException
from sluice_airflow.joblog import Cursor, take
from sluice_airflow.launchers.api_server import only_pod
from sluice_airflow.launchers.pod import CONTAINER
from sluice_airflow.launchers.pod_status import look_at, pod_ending
from sluice_airflow.lifecycle import Action, Finish, Limits, Wait, Watch, after_silence, next_action
from sluice_airflow.triggers.client import SharedClient, shared_client
from sluice_airflow.triggers.job import JobTrigger
from sluice_airflow.verdict import State

#: A call that has no answer by then is one that the cluster does not answer.
REQUEST_SECONDS = 30

#: Nobody can see a pod without a way to the cluster; the worker may have one that the triggerer has not.
BLINDING = (AirflowException, ConfigException, AsyncConfigException, FileNotFoundError)


class JobPodTrigger(JobTrigger, KubernetesPodTrigger):
    """Waits until something has to be done about a pod, and tells the worker what is known.

    Upstream's trigger has the hook, the answer to a kill and the account; what to wait for is the life cycle's.

    :param task_labels: labels of the task instance, to tell its pod from another's.
    :param limits: :class:`Limits` as plain values.
    :param watch: :class:`Watch` as plain values.
    :param log: :class:`Cursor` as plain values.
    """

    def __init__(
        self,
        *,
        pod_name: str,
        pod_namespace: str,
        kubernetes_conn_id: str | None,
        task_labels: Mapping[str, str],
        limits: Mapping[str, Any],
        watch: Mapping[str, Any],
        log: Mapping[str, Any],
    ):
        super().__init__(
            pod_name=pod_name,
            pod_namespace=pod_namespace,
            kubernetes_conn_id=kubernetes_conn_id,
            trigger_start_time=datetime.now(timezone.utc),
            base_container_name=CONTAINER,
        )
        self.task_labels = dict(task_labels)
        self.limits = Limits(**limits)
        self.watch = Watch.from_json(watch)
        self.cursor = Cursor.from_json(log)
        self._deaf = False

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the trigger as Airflow stores it: names and counts, no credentials."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "pod_name": self.pod_name,
                "pod_namespace": self.pod_namespace,
                "kubernetes_conn_id": self.kubernetes_conn_id,
                "task_labels": self.task_labels,
                "limits": self.limits.to_json(),
                "watch": self.watch.to_json(),
                "log": self.cursor.to_json(),
            },
        )

    async def until_something_is_to_do(self) -> TriggerEvent:
        """Look at the pod and follow its log until there is more to do than to wait."""
        async with shared_client(self.hook, self.kubernetes_conn_id) as client:
            while True:
                try:
                    pod, action = await self._next(client)
                except BLINDING as trouble:
                    return self._event(blind=f"{type(trouble).__name__}: {str(trouble)[:200]}")
                if not isinstance(action, Wait):
                    return self._event(pod, over=isinstance(action, Finish))
                await self._listen(client)
                await asyncio.sleep(action.seconds)

    async def _next(self, client: SharedClient) -> tuple[Any, Action]:
        try:
            pod = await self._read(await client.api())
        except BLINDING:
            raise
        except Exception as trouble:  # of any of the client's layers: it may answer again
            self.log.info("The cluster does not answer: %s", str(trouble)[:200])
            if getattr(trouble, "status", None) == 401:
                await client.renew()
            action, self.watch = after_silence(self.watch, self.limits, time.time())
            return None, action
        look = look_at(pod, task=self.task_labels)
        action, watch = next_action(look, self.watch, self.limits, time.time())
        if isinstance(action, Wait):  # all else is the worker's, who looks again
            self.watch = watch
        return pod, action

    async def _read(self, api: Any) -> Any:
        try:
            return await api.read_namespaced_pod(self.pod_name, self.pod_namespace, _request_timeout=REQUEST_SECONDS)
        except Exception as error:
            if getattr(error, "status", None) == 404:
                return None
            raise

    async def _listen(self, client: SharedClient) -> None:
        if not self.watch.ran or self._deaf:
            return
        try:
            lines, self.cursor = take(await self._piece_of_log(await client.api()), self.cursor)
        except Exception as trouble:  # the log is a courtesy
            self._deaf = getattr(trouble, "status", None) in (401, 403)
            return
        for line in lines:
            self.log.log(line.level, "%s", line.text)
        if lines:
            self.watch = replace(self.watch, heard=time.time())

    async def _piece_of_log(self, api: Any) -> bytes:
        call = self.cursor.call(self.pod_namespace, self.pod_name, CONTAINER)
        answer = await api.api_client.call_api(**call, _return_http_data_only=True, _request_timeout=REQUEST_SECONDS)
        return bytes(await answer.read())

    def _event(self, pod: Any = None, *, over: bool = False, blind: str | None = None) -> TriggerEvent:
        ending = None
        if over and pod is not None:
            # The pod may be collected before the worker comes to see it; its message is the proof of the result.
            seen = pod_ending(pod, run_token=self.watch.token)
            ending = seen.to_json() if seen.state is State.ENDED else None
        return TriggerEvent(  # type: ignore[no-untyped-call]
            {"watch": self.watch.to_json(), "log": self.cursor.to_json(), "ending": ending, "blind": blind}
        )

    async def on_kill(self) -> None:
        """Delete the pod, if it is this try's: its name may be that of another run that does the same work."""
        async with shared_client(self.hook, self.kubernetes_conn_id) as client:
            api = await client.api()
            pod = await self._read(api)
            if pod is None or look_at(pod, task=self.task_labels).token != self.watch.token:
                return
            await api.delete_namespaced_pod(self.pod_name, self.pod_namespace, body=only_pod(pod.metadata.uid))
