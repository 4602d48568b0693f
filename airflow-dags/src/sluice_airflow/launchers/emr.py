"""The launchers of EMR: a job as a job run of EMR Serverless or of EMR on EKS.

The run is watched as a pod is. Its result is the message that the job leaves in S3.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from sluice_airflow._compat import TaskDeferred
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError, SluiceError, SluiceReceiptError
from sluice_airflow.launchers import JobRequest, LaunchOptions
from sluice_airflow.launchers.emr_api import (
    HOPELESS,
    TROUBLE,
    Emr,
    JobRun,
    Place,
    aws_message,
    error_code,
    log_tail,
    stored_text,
)
from sluice_airflow.launchers.emr_job import EmrJob, emr_job
from sluice_airflow.launchers.emr_status import ending, look_at, where
from sluice_airflow.launchers.pod import MARGIN
from sluice_airflow.launchers.watching import Watching, log
from sluice_airflow.lifecycle import GiveUp, Limits, Look, Watch
from sluice_airflow.triggers.emr import JobRunTrigger
from sluice_airflow.verdict import Ending, State

if TYPE_CHECKING:
    from airflow.sdk import Context

#: Answers that a retry may change, although they blame whoever asks.
PASSING = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "ThrottlingException", "Throttling"})

#: How AWS says that a token was used for another request.
TAKEN = re.compile(r"client ?token|idempoten", re.IGNORECASE)

#: How AWS refuses to cancel a run that has ended by itself.
ENDED = ("ValidationException", "ResourceNotFoundException")

#: How often a run is looked at, at most: an account has few calls a second.
PAUSE = 5.0


class EmrLauncher:
    """Runs a job on EMR, waiting in the worker or, deferred, in the triggerer."""

    def __init__(self, settings: ConnectionSettings, options: LaunchOptions):
        self.settings = settings
        self.options = options
        timeout: timedelta | None = options.execution_timeout
        self.limits = replace(options.limits, execution=timeout.total_seconds() if timeout else None)
        self._attempt: JobRunAttempt | None = None

    def launch(self, request: JobRequest, context: Context) -> Ending:
        """Start the job run, or take one up, and wait for its end; deferred, raise TaskDeferred."""
        return self._watch(request, Watch(token=request.run_token, began=time.time()))

    def resume(self, request: JobRequest, context: Context, event: Mapping[str, Any]) -> Ending:
        """Go on where the triggerer has stopped."""
        if event.get("blind"):
            log.warning("The triggerer cannot see the job run (%s): waiting in the worker instead.", event["blind"])
        return self._watch(
            request, Watch.from_json(event["watch"]), run_id=event.get("run_id"), here=bool(event.get("blind"))
        )

    def kill(self) -> None:
        """Cancel the job run; EMR tells the driver to stop, and the job ends cleanly."""
        if self._attempt is not None:
            self._attempt.kill()

    def _watch(self, request: JobRequest, watch: Watch, *, run_id: str | None = None, here: bool = False) -> Ending:
        if self.limits.progress is not None:
            raise SluiceConfigError(
                f"Cannot limit 'progress' of job '{request.job}' on EMR: its log cannot be read while it runs. "
                "Leave that timeout out, or limit the whole task by execution_timeout."
            )
        wanted = emr_job(request, self.settings, self.options)
        place = Place.of(self.settings)

        def defer(watch: Watch, run_id: str | None) -> None:
            raise self._deferral(place, wanted, watch, run_id)

        waits_here = here or not self.options.deferrable
        attempt = JobRunAttempt(place, wanted, self.limits, watch, run_id=run_id, defer=None if waits_here else defer)
        self._attempt = attempt
        return attempt.to_its_end()

    def _deferral(self, place: Place, wanted: EmrJob, watch: Watch, run_id: str | None) -> TaskDeferred:
        trigger = JobRunTrigger(
            place=place.to_json(),
            name=wanted.name,
            for_task=wanted.task,
            run_id=run_id,
            limits=self.limits.to_json(),
            watch=watch.to_json(),
        )
        timeout = self.options.execution_timeout
        left = timedelta(seconds=watch.began - time.time()) + timeout + MARGIN if timeout else None
        return TaskDeferred(trigger=trigger, method_name="resume", kwargs={"run_token": watch.token}, timeout=left)


class JobRunAttempt(Watching):
    """Watches over the job run of one try.

    :param defer: raises TaskDeferred with what is known; None means to wait here.
    """

    troubles = TROUBLE
    pause = PAUSE

    def __init__(
        self,
        place: Place,
        wanted: EmrJob,
        limits: Limits,
        watch: Watch,
        *,
        run_id: str | None = None,
        defer: Callable[[Watch, str | None], None] | None = None,
    ):
        super().__init__(limits, watch)
        self.place, self.wanted = place, wanted
        self.run_id = run_id  #: of this try's own run, once it is known
        self._defer = defer
        self._emr: Emr | None = None
        self._found: JobRun | None = None

    @property
    def name(self) -> str:
        """Return the job run, or the work while there is none."""
        run_id = self.run_id or (self._found.id if self._found else None)
        return where(self.place, run_id) if run_id else f"{self.place.launcher} job run {self.wanted.name}"

    @property
    def emr(self) -> Emr:
        """Return the client, which is made when it is first needed."""
        if self._emr is None:
            self._emr = self.place.emr()
        return self._emr

    def look(self) -> Look:
        """Read this try's own run, or else whichever has the name of the work and has not ended."""
        if self.run_id is None and self._found is not None and self._found.token == self.watch.token:
            self.run_id = self._found.id  # taken up a moment ago; it may have ended since
        self._found, self.run_id = self.emr.see(self.wanted.name, self.watch.token, self.run_id)
        own = self.watch.token if self.run_id else None
        return look_at(self._found, self.emr.stages, task=self.wanted.task, own=own, work=self.wanted)

    def create(self) -> None:
        """Start the job run; where an answer was lost, EMR finds it again by the token."""
        launch = self.watch.launches
        try:
            self.run_id = self.emr.start(self.wanted, self.wanted.client_token(launch))
        except ClientError as trouble:
            if not self.is_taken(trouble) or self.emr.find(self.wanted.name) is not None:
                raise
            # This very try has been started before, as when somebody tests a DAG twice, and that run has ended.
            self.run_id = self.emr.start(self.wanted, self.wanted.client_token(launch, self.watch.token))

    def remove(self) -> None:
        """Cancel the run that was read last."""
        if self._found is not None:
            self._cancel(self._found.id)

    def kill(self) -> None:
        """Cancel this try's own run, if there is one."""
        run_id = self.run_id or self.emr.see(self.wanted.name, self.watch.token, None)[1]
        if run_id is not None:
            self._cancel(run_id)

    def defer(self) -> None:
        """Have the triggerer wait, if it is asked to."""
        if self._defer is not None:
            self._defer(self.watch, self.run_id)

    def end(self, seen: Ending | None) -> Ending:
        """Return how the run ended, with what it has left in S3."""
        found = self._found
        if found is None:
            return self._gone()
        s3 = self.place.client("s3")
        succeeded = found.state == self.emr.succeeded
        message = self._message(s3, succeeded=succeeded)
        tail = () if succeeded else self._log_tail(s3, found.id)
        return ending(self.emr, found, self.wanted, self.watch.token, message, tail)

    def give_up(self, action: GiveUp) -> Ending:
        """Cancel the run, unless nobody can see it, and return how far it came."""
        limit = (action.limit, action.seconds)
        found = self._found
        if action.limit == "unreachable":
            why = self.words(self._trouble) if self._trouble else None
            return replace(self._gone(), state=State.RUNNING, detail=why, limit=limit)
        if found is None or found.id != self.run_id:
            return replace(self._gone(), state=State.NOT_STARTED, detail=self.watch.refusal, limit=limit)
        self._cancel(found.id)
        return replace(ending(self.emr, found, self.wanted, self.watch.token), limit=limit)

    def words(self, trouble: Exception) -> str:
        """Return AWS' sentence."""
        return aws_message(trouble)

    def refusal(self, trouble: Exception) -> SluiceError | None:
        """Return what AWS refuses for good."""
        if isinstance(trouble, SluiceError):
            return trouble
        if not isinstance(trouble, HOPELESS) and not _is_blamed(trouble):
            return None
        return SluiceConfigError(
            f"Cannot start the job run of job '{self.wanted.job}' on {self.place.launcher} {self.place.home}: "
            f"{self.words(trouble)}. Correct the connection, its AWS connection or the rights of that identity."
        )

    def is_taken(self, trouble: Exception) -> bool:
        """Return whether somebody else has started this very try meanwhile."""
        code = error_code(trouble)
        return code == "ConflictException" or (code == "ValidationException" and bool(TAKEN.search(str(trouble))))

    def prepare_again(self, trouble: Exception) -> None:
        """Make the client anew: its credentials may have expired."""
        self._emr = None

    def _cancel(self, run_id: str) -> None:
        try:
            self.emr.cancel(run_id)
        except ClientError as trouble:
            if error_code(trouble) not in ENDED:
                raise

    def _log_tail(self, s3: Any, run_id: str) -> tuple[str, ...]:
        if not self.wanted.log_uri:
            return ()
        folder = self.emr.log_folder(self.wanted.log_uri, run_id)
        return log_tail(s3, folder) or (f"(none yet in {folder})",)

    def _message(self, s3: Any, *, succeeded: bool) -> str | None:
        uri = self.wanted.message_address(self.watch.token)
        try:
            return stored_text(s3, uri)
        except (BotoCoreError, ClientError) as trouble:
            if succeeded:
                raise SluiceReceiptError(
                    f"Cannot read the result of job '{self.wanted.job}' at {uri}: {self.words(trouble)}. "
                    "Give the worker s3:GetObject and s3:ListBucket there; the next try finds out from the ledger."
                ) from None
            log.warning("Cannot read the result at %s: %s", uri, self.words(trouble))
            return None

    def _gone(self) -> Ending:
        return Ending(
            state=State.GONE,
            where=self.name,
            run_token=self.watch.token,
            image=self.wanted.image,
            memory_limit=self.wanted.memory,
        )


def _is_blamed(trouble: Exception) -> bool:
    if not isinstance(trouble, ClientError) or error_code(trouble) in PASSING:
        return False
    status = trouble.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return bool(400 <= status < 500 and status != 429)
