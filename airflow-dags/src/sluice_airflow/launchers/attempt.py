"""One try of a launch on Kubernetes: look at the pod, ask the life cycle, do what it says, until there is an end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException
from urllib3.exceptions import HTTPError

from sluice_airflow._compat import AirflowException, AirflowTaskTimeout
from sluice_airflow.exceptions import SluiceConfigError, SluiceError, SluiceInfrastructureError
from sluice_airflow.joblog import Cursor, take
from sluice_airflow.launchers.api_server import api_message
from sluice_airflow.launchers.job_pod import JobPod
from sluice_airflow.launchers.pod_status import pod_ending
from sluice_airflow.lifecycle import (
    Action,
    Adopt,
    Create,
    Delete,
    Finish,
    GiveUp,
    Limits,
    Wait,
    Watch,
    after_refusal,
    after_silence,
    next_action,
    not_made,
)
from sluice_airflow.verdict import Ending, State

if TYPE_CHECKING:
    from kubernetes.client.models import V1Pod

log = logging.getLogger("airflow.task.sluice")

#: What is raised when something is wrong with the cluster; anything else is a bug and passes.
TROUBLE = (AirflowException, ApiException, ConfigException, HTTPError)

#: Answers of the API server that a retry will not change.
REFUSALS = frozenset({400, 401, 403, 404, 422})

#: A pod that was deleted or made is not looked at before that.
MOMENT = 1.0


class Attempt:
    """Watches over the pod of one try.

    :param defer: raises TaskDeferred with what is known; None means to wait here.
    """

    def __init__(
        self,
        pod: JobPod,
        job: str,
        limits: Limits,
        watch: Watch,
        cursor: Cursor,
        *,
        defer: Callable[[Watch, Cursor], None] | None = None,
    ):
        self.pod, self.job, self.limits = pod, job, limits
        self.watch, self.cursor = watch, cursor
        self._defer = defer
        self._found: V1Pod | None = None
        self._trouble: Exception | None = None
        self._said: str | None = None
        self._deaf = False

    def to_its_end(self, seen: Ending | None = None) -> Ending:
        """Return how the pod ended.

        :param seen: the end that the triggerer has seen, should the pod be gone by now.
        """
        try:
            while True:
                action = self._next()
                if isinstance(action, Create):
                    action = self._create()
                if isinstance(action, Finish):
                    return self._end(seen)
                if isinstance(action, GiveUp):
                    return self._give_up(action)
                self._do(action)
        except AirflowTaskTimeout:
            return self._give_up(GiveUp("execution", time.time() - self.watch.began))

    def kill(self) -> None:
        """Delete the pod, if there is one; the kubelet sends SIGTERM and the job ends cleanly."""
        found = self.pod.read()
        if found is not None and self.pod.look(found).token == self.watch.token:
            self.pod.remove(found)

    def _next(self) -> Action:
        try:
            self._found = self.pod.read()
            look = self.pod.look(self._found)
        except TROUBLE as trouble:
            return self._after(trouble, met=bool(self.watch.stage))  # there is one once the cluster has answered
        action, self.watch = next_action(look, self.watch, self.limits, time.time())
        return action

    def _create(self) -> Action:
        try:
            self._found = self.pod.create()
        except TROUBLE as trouble:
            if isinstance(trouble, ApiException):
                if trouble.status == 409:  # somebody was faster
                    self.watch = not_made(self.watch)
                    return Wait(MOMENT)
                if trouble.status == 403 and "quota" in api_message(trouble).lower():
                    action, self.watch = after_refusal(self.watch, self.limits, time.time(), api_message(trouble))
                    return action
            self.watch = not_made(self.watch)
            return self._after(trouble, met=False)
        log.info("Made pod %s.", self.pod.name_in_cluster)
        return Wait(MOMENT)

    def _after(self, trouble: Exception, *, met: bool) -> Action:
        """A cluster that has never let us in never will; one that has will answer again."""
        if not met and _is_final(trouble):
            raise translated(trouble, self.job) from None
        if isinstance(trouble, ApiException) and trouble.status == 401:
            self.pod.log_in_again()
        self._trouble = trouble
        action, self.watch = after_silence(self.watch, self.limits, time.time())
        return replace(action, reason=api_message(trouble)) if isinstance(action, Wait) else action

    def _do(self, action: Action) -> None:
        if isinstance(action, Adopt):
            log.info("Taking up pod %s, which an earlier try left running.", self.pod.name_in_cluster)
        elif isinstance(action, Delete) and self._found is not None:
            log.info("Deleting pod %s: %s", self.pod.name_in_cluster, action.why)
            self.pod.remove(self._found)
            time.sleep(MOMENT)
        elif isinstance(action, Wait):
            self._wait(action)

    def _wait(self, action: Wait) -> None:
        if action.reason and action.reason != self._said:
            log.info("Waiting for pod %s: %s", self.pod.name_in_cluster, action.reason)
            self._said = action.reason
        if self._defer is not None:
            self._defer(self.watch, self.cursor)
        self._listen()
        time.sleep(action.seconds)

    def _listen(self) -> bool:
        """Say what the log has gained; return whether there was anything."""
        if not self.watch.ran or self._deaf:
            return False
        try:
            lines, self.cursor = take(self.pod.piece_of_log(self.cursor), self.cursor)
        except (ApiException, HTTPError) as trouble:
            if isinstance(trouble, ApiException) and trouble.status in REFUSALS:
                log.warning("Cannot read the log of pod %s: %s", self.pod.name_in_cluster, api_message(trouble))
                self._deaf = True
            return False
        for line in lines:
            log.log(line.level, "%s", line.text)
        if lines:
            self.watch = replace(self.watch, heard=time.time())
        return bool(lines)

    def _end(self, seen: Ending | None) -> Ending:
        found = self._found
        if found is None:
            return seen or self._gone()
        self.watch = replace(self.watch, ran=True)
        while self._listen():
            pass
        ending = pod_ending(found, run_token=self.watch.token)
        if ending.state is State.NOT_STARTED:
            ending = pod_ending(found, run_token=self.watch.token, hint=self.pod.last_warning())
        elif ending.exit_code != 0:
            ending = replace(ending, log_tail=self.pod.log_tail())
        self.pod.settle(found)
        return ending

    def _give_up(self, action: GiveUp) -> Ending:
        limit = (action.limit, action.seconds)
        if action.limit == "unreachable":
            why = api_message(self._trouble) if self._trouble else None
            return replace(self._gone(), state=State.RUNNING, detail=why, limit=limit)
        found = self._found
        if found is None or self.pod.look(found).token != self.watch.token:
            return replace(self._gone(), state=State.NOT_STARTED, detail=self.watch.refusal, limit=limit)
        ending = pod_ending(found, run_token=self.watch.token, hint=self.pod.last_warning())
        ending = replace(ending, limit=limit, log_tail=self.pod.log_tail() if self.watch.ran else ())
        self.pod.remove(found)
        return ending

    def _gone(self) -> Ending:
        container = self.pod.wanted.spec.containers[0]
        return Ending(
            state=State.GONE,
            where=f"pod {self.pod.name_in_cluster}",
            run_token=self.watch.token,
            image=container.image,
            memory_limit=(container.resources.limits or {}).get("memory") if container.resources else None,
        )


def _is_final(trouble: Exception) -> bool:
    if isinstance(trouble, ApiException):
        return trouble.status in REFUSALS
    return isinstance(trouble, (ConfigException, AirflowException))


def translated(trouble: Exception, job: str) -> SluiceError:
    """Return the error that says what the cluster has refused, in its own words."""
    head = f"Cannot create the pod of job '{job}': {api_message(trouble)}."
    if isinstance(trouble, ConfigException):
        return SluiceConfigError(f"{head} Name a kubernetes_conn_id in the connection's extra, or set KUBECONFIG.")
    if isinstance(trouble, ApiException) and trouble.status in REFUSALS:
        return SluiceConfigError(f"{head} Correct the connection, the namespace or the account's rights.")
    if isinstance(trouble, AirflowException):
        return SluiceConfigError(f"{head} Correct the Kubernetes connection.")
    return SluiceInfrastructureError(f"{head} See that the cluster answers.")
