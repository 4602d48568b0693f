"""EMR: the emulator, and behind it the drivers of the job runs, which the emulator does not run.

A driver lives through a list of stages, one at each look at its run; the last one stays.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws
from moto.emrcontainers.models import emrcontainers_backends
from moto.emrserverless.models import emrserverless_backends

from plays import LAST_WORDS, left
from sluice_airflow.launchers import emr, watching
from sluice_airflow.launchers.emr_api import Place
from sluice_airflow.testing.cluster import Clock
from sluice_airflow.triggers import emr as trigger
from sluice_airflow.triggers import job

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/jobs"

#: The words of each service for the stages of a run.
WORDS = {
    "emr-serverless": {"first": "SUBMITTED", "queued": "QUEUED", "good": "SUCCESS", "leaving": "CANCELLING"},
    "emr-containers": {"first": "PENDING", "queued": "PENDING", "good": "COMPLETED", "leaving": "CANCEL_PENDING"},
}

Stage = Callable[["FakeEmr", Any], None]


class FakeEmr:
    """One application or virtual cluster, its bucket and its drivers."""

    def __init__(self, launcher: str):
        self.launcher, self.words = launcher, WORDS[launcher]
        self.lives: list[Sequence[Stage]] = []
        self.seen: dict[str, int] = {}
        self.requests: list[dict[str, Any]] = []  #: what was asked for, whether or not a run came of it
        self.answers: list[Exception | None] = []  #: what is raised after a run was started, instead of its answer
        self.unseen: list[Stage] = []  #: what a driver lives through before anybody knows of it
        self.cancelled: list[str] = []
        self.s3 = client_of("s3")
        self.s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": REGION})
        client = client_of(launcher)
        if launcher == "emr-serverless":
            answer = client.create_application(name="jobs", releaseLabel="emr-7.12.0", type="SPARK")
            self.home = answer["applicationId"]
            self._backend.job_runs[self.home] = []  # the emulator knows no application without runs
        else:
            place = {"id": "eks", "type": "EKS", "info": {"eksInfo": {"namespace": "jobs"}}}
            self.home = client.create_virtual_cluster(name="jobs", containerProvider=place)["id"]

    def extra(self, **more: Any) -> dict[str, Any]:
        """Return the connection."""
        own = (
            {"application_id": self.home}
            if self.launcher == "emr-serverless"
            else {"virtual_cluster_id": self.home, "release_label": "emr-7.12.0-latest"}
        )
        return {
            "launcher": self.launcher,
            "execution_role_arn": ROLE,
            "region": REGION,
            "receipt_root": "s3://lake/receipts",
            "log_uri": "s3://lake/logs",
            **own,
            **more,
        }

    @property
    def runs(self) -> list[Any]:
        """Return the emulator's own job runs, the oldest first."""
        if self.launcher == "emr-serverless":
            return list(self._backend.job_runs[self.home])
        return list((self._backend.job_runs if hasattr(self._backend, "job_runs") else self._backend.jobs).values())

    @property
    def going(self) -> list[Any]:
        """Return those that have not ended."""
        return [run for run in self.runs if run.state not in (self.words["good"], "FAILED", "CANCELLED")]

    @property
    def _backend(self) -> Any:
        backends = emrserverless_backends if self.launcher == "emr-serverless" else emrcontainers_backends
        return backends[ACCOUNT][REGION]

    # What stands between the provider's clients and the emulator.

    def handlers(self) -> dict[str, Callable[..., Any]]:
        """Return what happens at the calls of a client of the provider."""
        of = self.launcher
        return {
            f"provide-client-params.{of}.GetJobRun": self._looked_at,
            f"provide-client-params.{of}.DescribeJobRun": self._looked_at,
            f"provide-client-params.{of}.CancelJobRun": self._cancel,
            f"before-call.{of}.StartJobRun": self._start,
            f"after-call.{of}.StartJobRun": self._started,
        }

    def _looked_at(self, params: dict[str, Any], **_: Any) -> None:
        run = self._run(params.get("jobRunId") or params["id"])
        if run is None or run not in self.going:
            return
        life = self.lives[min(self.runs.index(run), len(self.lives) - 1)]
        look = self.seen.get(run.id, 0)
        self.seen[run.id] = look + 1
        life[min(look, len(life) - 1)](self, run)

    def _cancel(self, params: dict[str, Any], **_: Any) -> None:
        self.cancelled.append(params.get("jobRunId") or params["id"])

    def _start(self, params: dict[str, Any], **_: Any) -> Any:
        """Give the same run for the same token, and refuse it for another request, as AWS documents it."""
        request = json.loads(params["body"])
        token = request["clientToken"]
        before = [known for known in self.requests if known["clientToken"] == token]
        self.requests.append(request)
        if not before:
            return None
        if before[0] != request:
            words = {"Code": "ConflictException", "Message": "This client token was used for another request"}
            return SimpleNamespace(status_code=409), {"Error": words, "ResponseMetadata": {"HTTPStatusCode": 409}}
        (run,) = [run for run in self.runs if run.client_token == token]
        return SimpleNamespace(status_code=200), {"jobRunId": run.id, "id": run.id}

    def _started(self, parsed: dict[str, Any], **_: Any) -> None:
        run = self._run(parsed.get("jobRunId") or parsed.get("id"))
        if run is not None and run.id not in self.seen:
            run.state = self.words["first"]
            self.seen[run.id] = 0
            for stage in self.unseen:
                stage(self, run)
        lost = self.answers.pop(0) if self.answers else None
        if lost is not None:
            raise lost

    def _run(self, run_id: str | None) -> Any:
        return next((run for run in self.runs if run.id == run_id), None)

    # What the driver of a run knows and does.

    def variables(self, run: Any) -> dict[str, str]:
        """Return the environment of a driver."""
        (section,) = run.configuration_overrides["applicationConfiguration"]
        prefix = {"emr-serverless": "spark.emr-serverless.driverEnv.", "emr-containers": "spark.kubernetes.driverEnv."}
        known = prefix[self.launcher]
        return {key.removeprefix(known): value for key, value in section["properties"].items() if key.startswith(known)}

    def arguments(self, run: Any) -> list[str]:
        """Return the command line of a driver."""
        (driver,) = run.job_driver.values()
        return list(driver["entryPointArguments"])

    def leave(self, run: Any, document: dict[str, Any] | str) -> None:
        """Leave the termination message at the address that the driver was given."""
        bucket, _, key = self.variables(run)["SLUICE_TERMINATION_MESSAGE"].removeprefix("s3://").partition("/")
        words = json.dumps(document) if isinstance(document, dict) else document
        self.s3.put_object(Bucket=bucket, Key=key, Body=words.encode())

    def say(self, run: Any, stream: str, words: str) -> None:
        """Put what the driver has said on a stream where EMR puts it."""
        folder = (
            f"logs/applications/{self.home}/jobs/{run.id}/SPARK_DRIVER"
            if self.launcher == "emr-serverless"
            else f"logs/{self.home}/jobs/{run.id}/containers/spark-1/spark-{run.id}-driver"
        )
        self.s3.put_object(Bucket="lake", Key=f"{folder}/{stream}.gz", Body=gzip.compress(words.encode()))


# The stages of a driver's life.


def queued(emr: FakeEmr, run: Any) -> None:
    """There is no room yet."""
    run.state = emr.words["queued"]


def running(emr: FakeEmr, run: Any) -> None:
    """The driver runs."""
    run.state = "RUNNING"


def leaving(emr: FakeEmr, run: Any) -> None:
    """It was told to stop, and has not yet."""
    run.state = emr.words["leaving"]


def succeeded(emr: FakeEmr, run: Any) -> None:
    """It has ended with exit code 0, whatever that proves."""
    run.state = emr.words["good"]


def failed_with(detail: str, reason: str | None = None) -> Stage:
    """Return the stage of a run of which EMR says no more than that."""

    def stage(emr: FakeEmr, run: Any) -> None:
        run.state, run.state_details, run.failure_reason = "FAILED", detail, reason

    return stage


def ended(play: str) -> Stage:
    """Return the stage of a driver that has ended as a play of that name."""

    def stage(emr: FakeEmr, run: Any) -> None:
        emr.say(run, "stderr", f"{LAST_WORDS}\n")
        if play == "oom":
            return failed_with("Job failed. ExitCode: 137. Last few exceptions: none")(emr, run)
        code, document = left(play, emr.arguments(run), emr.variables(run)["SLUICE_RUN_TOKEN"])
        if document:
            emr.leave(run, document)
        return failed_with("Job failed, please check complete logs")(emr, run) if code else succeeded(emr, run)

    return stage


LOST_ANSWER = ReadTimeoutError(endpoint_url="https://emr.eu-west-1.amazonaws.com")


@lru_cache
def client_of(service: str) -> Any:
    """Return a client as the provider makes it; it is made once, since that takes long."""
    return made_by_the_provider(Place("", "", REGION), service)


made_by_the_provider = Place.client


@contextmanager
def fake_emr(launcher: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FakeEmr, Clock]]:
    """Yield EMR, and the clock by which it is waited for."""
    with mock_aws():
        clock, events = Clock(), client_of(launcher).meta.events
        forget = trigger.shared_emr.cache_clear
        monkeypatch.setattr(Place, "client", lambda _, service: client_of(service))
        made = FakeEmr(launcher)
        for module in (emr, job, watching, trigger):
            monkeypatch.setattr(module, "time", clock)
        for module in (job, trigger):
            monkeypatch.setattr(module, "asyncio", SimpleNamespace(sleep=clock.sleep_async))
        for event, handler in made.handlers().items():
            events.register(event, handler)
        try:
            yield made, clock
        finally:
            for event, handler in made.handlers().items():
                events.unregister(event, handler)
            forget()
