"""One try of a launch on Kubernetes: what is done to its pod, and what the cluster's answers mean."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException
from urllib3.exceptions import HTTPError

from sluice_airflow._compat import AirflowException
from sluice_airflow.exceptions import SluiceConfigError, SluiceError, SluiceInfrastructureError
from sluice_airflow.joblog import Cursor, take
from sluice_airflow.launchers.api_server import api_message
from sluice_airflow.launchers.job_pod import JobPod
from sluice_airflow.launchers.pod_status import pod_ending
from sluice_airflow.launchers.watching import Watching, log
from sluice_airflow.lifecycle import GiveUp, Limits, Look, Watch
from sluice_airflow.verdict import Ending, State

if TYPE_CHECKING:
    from kubernetes.client.models import V1Pod

#: What is raised when something is wrong with the cluster; anything else is a bug and passes.
TROUBLE = (AirflowException, ApiException, ConfigException, HTTPError)

#: Answers of the API server that a retry will not change.
REFUSALS = frozenset({400, 401, 403, 404, 422})


class Attempt(Watching):
    """Watches over the pod of one try.

    :param defer: raises TaskDeferred with what is known; None means to wait here.
    """

    troubles = TROUBLE

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
        super().__init__(limits, watch)
        self.pod, self.job, self.cursor = pod, job, cursor
        self._defer = defer
        self._found: V1Pod | None = None
        self._deaf = False

    @property
    def name(self) -> str:
        """Return the pod's name in the cluster."""
        return f"pod {self.pod.name_in_cluster}"

    def kill(self) -> None:
        """Delete the pod, if there is one; the kubelet sends SIGTERM and the job ends cleanly."""
        found = self.pod.read()
        if found is not None and self.pod.look(found).token == self.watch.token:
            self.pod.remove(found)

    def look(self) -> Look:
        """Read the pod, and look at it."""
        self._found = self.pod.read()
        return self.pod.look(self._found)

    def create(self) -> None:
        """Make the pod."""
        self._found = self.pod.create()

    def remove(self) -> None:
        """Delete the pod that was read last."""
        if self._found is not None:
            self.pod.remove(self._found)

    def words(self, trouble: Exception) -> str:
        """Return the API server's sentence."""
        return api_message(trouble)

    def refusal(self, trouble: Exception) -> SluiceError | None:
        """Return what the cluster refuses for good."""
        return translated(trouble, self.job) if _is_final(trouble) else None

    def is_taken(self, trouble: Exception) -> bool:
        """Return whether there is a pod of this name by now."""
        return isinstance(trouble, ApiException) and trouble.status == 409

    def is_quota(self, trouble: Exception) -> bool:
        """Return whether a quota has refused the pod."""
        forbidden = isinstance(trouble, ApiException) and trouble.status == 403
        return forbidden and "quota" in api_message(trouble).lower()

    def prepare_again(self, trouble: Exception) -> None:
        """Log in again where the token was refused."""
        if isinstance(trouble, ApiException) and trouble.status == 401:
            self.pod.log_in_again()

    def defer(self) -> None:
        """Have the triggerer wait, if it is asked to."""
        if self._defer is not None:
            self._defer(self.watch, self.cursor)

    def listen(self) -> bool:
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

    def end(self, seen: Ending | None) -> Ending:
        """Return how the pod ended, and delete it as the task wants."""
        found = self._found
        if found is None:
            return seen or self._gone()
        self.watch = replace(self.watch, ran=True)
        while self.listen():
            pass
        ending = pod_ending(found, run_token=self.watch.token)
        if ending.state is State.NOT_STARTED:
            ending = pod_ending(found, run_token=self.watch.token, hint=self.pod.last_warning())
        elif ending.exit_code != 0:
            ending = replace(ending, log_tail=self.pod.log_tail())
        self.pod.settle(found)
        return ending

    def give_up(self, action: GiveUp) -> Ending:
        """Delete the pod, unless nobody can see it, and return how far it came."""
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
