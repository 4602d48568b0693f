"""Job runs of EMR: what its answers mean, and what is done when none comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

import fake_emr as fake
from contexts import context
from emr_tasks import clock, connect, emr, failure, forbidden, launcher, made, mode, operator, refusal
from plays import LAST_WORDS
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceJobError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceTimeout,
)
from sluice_airflow.launchers.emr_api import Emr, JobRun
from sluice_airflow.testing.cluster import Clock
from sluice_airflow.testing.tasks import run_task as run

__all__ = ["clock", "emr", "launcher", "made", "mode"]

# One run, whatever becomes of answers.


def test_a_lost_answer_starts_no_second_run(emr: fake.FakeEmr, flights: Path, mode: str) -> None:
    emr.answers = [fake.LOST_ANSWER]

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert (len(emr.runs), len(emr.requests)) == (1, 1)


def test_a_run_that_has_ended_before_anybody_knew_of_it_is_found_by_its_token(
    emr: fake.FakeEmr, flights: Path, mode: str
) -> None:
    emr.answers, emr.unseen = [fake.LOST_ANSWER], [fake.ended("commit")]

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert (len(emr.runs), len(emr.requests)) == (1, 2)


def test_two_schedulers_that_start_the_same_try_have_one_run(
    emr: fake.FakeEmr, flights: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    emr.lives = [[*[fake.running] * 4, fake.ended("commit")]]
    with pytest.raises(TaskDeferred):
        operator(flights, "deferrable").execute(context())
    find, looks = Emr.find, iter([True])
    monkeypatch.setattr(Emr, "find", lambda self, name: None if next(looks, False) else find(self, name))  # too early

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert len(emr.runs) == 1


def test_a_try_that_is_started_anew_after_its_end_has_a_run_of_its_own(
    emr: fake.FakeEmr, flights: Path, mode: str
) -> None:
    run(operator(flights, mode), context())

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert len(emr.runs) == 2


def test_a_try_knows_its_own_run_though_emr_does_not_say_what_it_was_given(
    emr: fake.FakeEmr, flights: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JobRun, "variable", lambda *_: None)

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert len(emr.runs) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        refusal("InternalServerException", "Oops", 500),
        refusal("ThrottlingException", "Rate exceeded", 429),
        refusal("ExpiredTokenException", "The security token included in the request is expired", 403),
        fake.LOST_ANSWER,
    ],
    ids=["error", "throttled", "expired", "no answer"],
)
def test_aws_that_is_silent_for_a_minute_does_not_spoil_a_run(
    emr: fake.FakeEmr, flights: Path, mode: str, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    silence = answers(monkeypatch, "read", after=1, then=[trouble] * 8)

    assert run(operator(flights, mode), context())["status"] == "COMMITTED"
    assert silence == []
    assert len(emr.runs) == 1


def test_aws_that_stays_silent_is_given_up_and_its_run_left(
    emr: fake.FakeEmr, flights: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    emr.lives = [[fake.running]]
    answers(monkeypatch, "read", after=1, then=[refusal("InternalServerException", "Oops", 500)] * 10_000)

    error = failure(flights, mode)

    assert type(error) is SluiceTimeout
    assert "could not be seen: the cluster did not answer within 600 s (Oops (InternalServerException))" in str(error)
    assert len(emr.going) == 1


def answers(monkeypatch: pytest.MonkeyPatch, call: str, *, after: int, then: list[Exception]) -> list[Exception]:
    """Let a call succeed so often, then raise these."""
    left, silence = [None] * after, list(then)

    def broken(original: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*args: Any) -> Any:
            if left:
                left.pop()
            elif silence:
                raise silence.pop(0)
            return original(*args)

        return answer

    for kind in Emr.__subclasses__():
        monkeypatch.setattr(kind, call, broken(getattr(kind, call)))
    return silence


@pytest.mark.parametrize(
    "trouble",
    [refusal("AccessDeniedException", "User: x is not authorized", 403), NoCredentialsError()],
    ids=["rights", "credentials"],
)
def test_a_refusal_gives_aws_own_words(
    emr: fake.FakeEmr,
    flights: Path,
    launcher: str,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
) -> None:
    def refuse(*_: Any) -> Any:
        raise trouble

    monkeypatch.setattr(Emr, "find", refuse)

    error = failure(flights, mode)

    assert type(error) is SluiceConfigError
    assert str(error).startswith(f"Cannot start the job run of job 'clean-departures' on {launcher} {emr.home}: ")
    words = ("User: x is not authorized (AccessDeniedException).", "Unable to locate credentials.")
    assert str(error).endswith(" Correct the connection, its AWS connection or the rights of that identity.")
    assert any(word in str(error) for word in words)


def test_an_application_that_is_not_there_is_named(
    emr: fake.FakeEmr, flights: Path, launcher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"emr-serverless": "application_id", "emr-containers": "virtual_cluster_id"}[launcher]
    connect(monkeypatch, emr, **{key: "nowhere"})

    error = failure(flights)

    assert type(error) is SluiceConfigError
    assert f"on {launcher} nowhere: " in str(error)
    assert "(ResourceNotFoundException)" in str(error)


# How far a run comes.

LIMITS = [
    pytest.param("scheduling", [], "found no node within 60 s", id="scheduling"),
    pytest.param("deletion", [fake.running, fake.leaving], "was deleted and did not go within 60 s", id="deletion"),
]


@pytest.mark.parametrize(("limit", "stages", "message"), LIMITS)
def test_a_limit_cancels_the_run(
    emr: fake.FakeEmr, flights: Path, mode: str, limit: str, stages: list[fake.Stage], message: str
) -> None:
    emr.lives = [stages or [lambda *_: None]]

    error = failure(flights, mode, timeouts={limit: 60})

    assert type(error) is SluiceTimeout
    assert message in str(error)
    assert emr.cancelled == [emr.runs[0].id]


@pytest.mark.parametrize("launcher", ["emr-serverless"], indirect=True)
def test_an_application_that_is_full_is_waited_for_until_the_limit(
    emr: fake.FakeEmr, flights: Path, clock: Clock, mode: str
) -> None:
    emr.lives = [[fake.queued]]
    began = clock.now

    error = failure(flights, mode)

    assert "was not let into the cluster within 3600 s (QUEUED)" in str(error)
    assert 3600 <= clock.now - began < 3700
    assert emr.going == []


def test_a_run_that_somebody_cancels_is_tried_again(emr: fake.FakeEmr, flights: Path, mode: str) -> None:
    def cancelled(_: fake.FakeEmr, run: Any) -> None:
        run.state, run.state_details = "CANCELLED", "JobRun CANCELLED successfully."

    emr.lives = [[fake.running, cancelled]]

    error = failure(flights, mode)

    assert type(error) is SluiceInfrastructureError
    assert "was deleted, evicted or killed while it was running (JobRun CANCELLED successfully.)" in str(error)


LEFT_NONE = "has failed and left no receipt"
FOR_MEMORY = "it was killed for memory."
WORDS = [
    pytest.param("Disk is full", None, SluiceInfrastructureError, f"{LEFT_NONE} (Disk is full).", id="any"),
    pytest.param("", None, SluiceInfrastructureError, f"{LEFT_NONE}. Look at its log.", id="none"),
    pytest.param("No role", "VALIDATION_ERROR", SluiceConfigError, "(VALIDATION_ERROR: No role)", id="request"),
    pytest.param("Job failed. ExitCode: 1. Last", None, SluiceJobError, "exit code 1, which", id="exit code"),
    pytest.param("ExitCode: 137", None, SluiceOutOfMemory, FOR_MEMORY, id="killed"),
    pytest.param("java.lang.OutOfMemoryError: heap", None, SluiceOutOfMemory, FOR_MEMORY, id="heap"),
    pytest.param("Driver pod failed: OOMKilled", "USER_ERROR", SluiceOutOfMemory, FOR_MEMORY, id="pod"),
]


@pytest.mark.parametrize(("detail", "reason", "expected", "message"), WORDS)
def test_emrs_own_words_tell_what_no_receipt_does(
    emr: fake.FakeEmr,
    flights: Path,
    launcher: str,
    detail: str,
    reason: str | None,
    expected: type[SluiceError],
    message: str,
) -> None:
    if reason and launcher == "emr-serverless":
        pytest.skip("EMR Serverless has no word for the reason")
    emr.lives = [[fake.running, fake.failed_with(detail, reason)]]

    error = failure(flights)

    assert type(error) is expected
    assert message in str(error)


def test_the_exit_code_of_another_run_is_not_this_ones(emr: fake.FakeEmr, flights: Path) -> None:
    emr.lives = [[fake.running, fake.ended("other-run-failed")]]

    error = failure(flights)

    assert type(error) is SluiceInfrastructureError
    assert "has failed and left no receipt (Job failed, please check complete logs)" in str(error)


def test_a_log_that_is_not_there_yet_is_named(emr: fake.FakeEmr, flights: Path, launcher: str) -> None:
    emr.lives = [[fake.failed_with("no words")]]

    folder = "applications/" if launcher == "emr-serverless" else ""
    assert f"    (none yet in s3://lake/logs/{folder}{emr.home}/jobs/" in str(failure(flights))


def test_without_a_place_for_logs_no_line_is_shown(
    emr: fake.FakeEmr, flights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(monkeypatch, emr, log_uri=None)
    emr.lives = [[fake.ended("oom")]]

    text = str(failure(flights))

    assert LAST_WORDS not in text
    assert "monitoringConfiguration" not in emr.requests[0]["configurationOverrides"]


# The receipt.


def test_a_receipt_that_the_worker_may_not_read_is_no_proof(
    emr: fake.FakeEmr, flights: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sluice_airflow.launchers.emr.stored_text", forbidden)

    error = failure(flights, mode)

    assert type(error) is SluiceReceiptError
    assert "Cannot read the result of job 'clean-departures' at s3://lake/receipts/_messages/" in str(error)
    assert ".json: Access Denied (AccessDenied). Give the worker s3:GetObject and s3:ListBucket there" in str(error)


def test_a_failure_does_not_hide_behind_a_receipt_that_cannot_be_read(
    emr: fake.FakeEmr, flights: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    emr.lives = [[fake.failed_with("Disk is full")]]
    monkeypatch.setattr("sluice_airflow.launchers.emr.stored_text", forbidden)

    assert "(Disk is full)" in str(failure(flights))
    assert "Access Denied (AccessDenied)" in caplog.text
