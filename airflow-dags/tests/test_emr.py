"""The launch on EMR: what is asked for, what its answers mean, and what is done when none comes."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from airflow.triggers.base import BaseTrigger
from botocore.exceptions import ClientError, NoCredentialsError
from moto import mock_aws

import fake_emr as fake
from contexts import context
from plays import LAST_WORDS
from sluice_airflow import SluiceJobOperator
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceJobError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceTimeout,
)
from sluice_airflow.launchers import JobRequest, LaunchOptions, launcher_for
from sluice_airflow.launchers.emr_api import Emr, JobRun, Place
from sluice_airflow.launchers.emr_job import emr_job
from sluice_airflow.testing.cluster import Clock
from sluice_airflow.testing.tasks import run_task as run
from sluice_airflow.triggers.emr import JobRunTrigger, shared_emr

MONTH = {"interval_start": "2013-01-01T00:00:00+00:00", "interval_end": "2013-02-01T00:00:00+00:00"}
COMMITS = [fake.running, fake.running, fake.ended("commit")]

REQUEST = JobRequest(
    project="flights",
    job="clean-departures",
    arguments=("run", "clean-departures"),
    run_token="the-token",
    dag_id="flights",
    task_id="clean-departures",
    run_id="manual",
    try_number=1,
    resources={"memory": "2Gi", "cpu": "1"},
)


@pytest.fixture(params=["emr-serverless", "emr-containers"])
def launcher(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sync", "deferrable"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def made(launcher: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[fake.FakeEmr, Clock]]:
    with fake.fake_emr(launcher, monkeypatch) as (emr, clock):
        connect(monkeypatch, emr)
        emr.lives = [COMMITS]
        yield emr, clock


@pytest.fixture
def emr(made: tuple[fake.FakeEmr, Clock]) -> fake.FakeEmr:
    return made[0]


@pytest.fixture
def clock(made: tuple[fake.FakeEmr, Clock]) -> Clock:
    return made[1]


def connect(monkeypatch: pytest.MonkeyPatch, emr: fake.FakeEmr, **more: Any) -> None:
    value = json.dumps({"conn_type": "sluice", "extra": emr.extra(**more)})
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", value)


def operator(flights: Path, mode: str = "sync", **more: Any) -> SluiceJobOperator:
    given = {"job": "clean-departures", "manifest": flights, "settings": {"raw": "/raw"}}
    return SluiceJobOperator(deferrable=mode == "deferrable", **{**given, **MONTH, **more})


def failure(flights: Path, mode: str = "sync", **more: Any) -> SluiceError:
    with pytest.raises(SluiceError) as error:
        run(operator(flights, mode, **more), context())
    return error.value


def refusal(code: str, message: str, status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(cast("Any", answer), "GetJobRun")


# What EMR is asked for.


def test_the_request_as_emr_gets_it(
    emr: fake.FakeEmr, flights: Path, launcher: str, golden: Callable[[str, Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"SLUICE_LAKE_CATALOG": "glue", "SLUICE_DB_PASSWORD": "EMR.secret@flights-db"}
    connect(monkeypatch, emr, env=env, spark={"spark.driver.extraClassPath": "/app/lib/*"})
    run(operator(flights, job_resources={"memory": "4Gi", "cpu": "3"}, execution_timeout=timedelta(hours=1)), context())

    (request,) = emr.requests
    properties = request["configurationOverrides"]["applicationConfiguration"][0]["properties"]
    token = next(name for name in properties if name.endswith("RUN_TOKEN"))
    message = next(name for name in properties if name.endswith("TERMINATION_MESSAGE"))
    properties[message] = properties[message].replace(properties[token], "RUN_TOKEN")
    properties[token] = "RUN_TOKEN"
    golden(f"{launcher}.json", request)


@pytest.mark.parametrize(
    ("launcher", "resources", "expected"),
    [
        ("emr-serverless", {"memory": "2Gi", "cpu": "500m"}, ("1", "1228m", "820m", None)),
        ("emr-serverless", {"memory": "8Gi", "cpu": "3"}, ("4", "4915m", "3277m", None)),
        ("emr-serverless", {"memory": "100Gi", "cpu": "32"}, ("32", "61440m", "40960m", None)),
        ("emr-containers", {"memory": "2Gi", "cpu": "500m"}, ("1", "1228m", "820m", "500m")),
        ("emr-containers", {"memory": "1500Mi", "cpu": "2.5"}, ("3", "900m", "600m", "2.5")),
    ],
)
def test_memory_and_cpu_of_the_driver_are_the_jobs(
    launcher: str, resources: Mapping[str, str], expected: tuple[str | None, ...]
) -> None:
    properties = emr_job(*asked(launcher, resources=resources)).properties

    keys = ("spark.driver.cores", "spark.driver.memory", "spark.driver.memoryOverhead")
    exact = properties.get("spark.kubernetes.driver.request.cores")
    assert (*(properties[key] for key in keys), exact) == expected


def test_cpus_that_are_none_are_named() -> None:
    with pytest.raises(SluiceConfigError) as error:
        emr_job(*asked("emr-serverless", resources={"cpu": "two"}))

    message = "Cannot launch job 'clean-departures': cpu 'two' is no quantity. Write it as 2 or 500m."
    assert str(error.value) == message


def test_a_token_is_that_of_one_launch_of_one_try_of_the_work() -> None:
    def token(launch: int = 1, **changes: Any) -> str:
        return emr_job(*asked("emr-serverless", **changes)).client_token(launch)

    assert token() == token(run_token="another"), "a try that is started twice is one"
    others = [token(2), token(try_number=2), token(map_index=1), token(run_id="other"), token(interval="a/b")]
    assert len({token(), *others}) == 6
    assert len(token()) <= 64


def test_a_job_is_ended_by_emr_itself_soon_after_its_task() -> None:
    def minutes(timeout: timedelta | None) -> int | None:
        return emr_job(*asked("emr-serverless", timeout=timeout)).minutes

    assert [minutes(t) for t in (None, timedelta(seconds=1), timedelta(hours=1, seconds=1))] == [None, 6, 66]


def asked(
    launcher: str, *, timeout: timedelta | None = None, **changes: Any
) -> tuple[JobRequest, ConnectionSettings, LaunchOptions]:
    request = JobRequest(**{**REQUEST.__dict__, **changes})
    return request, ConnectionSettings(launcher=launcher), LaunchOptions(execution_timeout=timeout)


def test_a_strict_connection_wants_the_image_by_digest() -> None:
    settings = ConnectionSettings(launcher="emr-containers", strict=True)
    request = JobRequest(**{**REQUEST.__dict__, "image": "r.example/flights:1"})

    with pytest.raises(SluiceConfigError, match=r"the connection is strict, and image r\.example/flights:1 is named"):
        emr_job(request, settings, LaunchOptions())


def test_a_limit_that_emr_cannot_keep_is_refused(emr: fake.FakeEmr, flights: Path) -> None:
    error = failure(flights, timeouts={"progress": 60})

    assert (type(error), str(error)) == (
        SluiceConfigError,
        "Cannot limit 'progress' of job 'clean-departures' on EMR: its log cannot be read while it runs. "
        "Leave that timeout out, or limit the whole task by execution_timeout.",
    )
    assert emr.runs == []


def test_no_pod_is_explained(emr: fake.FakeEmr, flights: Path, launcher: str) -> None:
    with pytest.raises(SluiceConfigError) as error:
        operator(flights).explain(context())

    assert str(error.value) == (
        "Cannot explain the pod of job 'clean-departures': connection 'sluice_default' launches no pods but "
        f"'{launcher}'. Ask where the connection is one of Kubernetes."
    )


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


def forbidden(*_: Any) -> Any:
    raise refusal("AccessDenied", "Access Denied", 403)


# The triggerer.


def test_where_the_triggerer_cannot_see_the_worker_waits(
    emr: fake.FakeEmr, flights: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def blind(_: Place) -> Any:
        raise NoCredentialsError

    monkeypatch.setattr("sluice_airflow.triggers.emr.shared_emr", blind)

    assert run(operator(flights, "deferrable"), context())["status"] == "COMMITTED"
    assert "The triggerer cannot see the job run (Unable to locate credentials)" in caplog.text


def test_triggers_share_one_client(emr: fake.FakeEmr, flights: Path) -> None:
    places = [trigger_of(flights, run_id=name).place for name in ("a", "b")]

    assert shared_emr(places[0]) is shared_emr(places[1])


@pytest.mark.parametrize(("state", "left"), [("deferred", 1), ("failed", 0)])
def test_an_older_airflow_says_that_a_deferred_task_was_killed_by_cleaning_up(
    emr: fake.FakeEmr, flights: Path, monkeypatch: pytest.MonkeyPatch, state: str, left: int
) -> None:
    monkeypatch.delattr(BaseTrigger, "on_kill", raising=False)
    trigger = trigger_of(flights)

    async def get_task_state(_: Any) -> str:
        return state

    monkeypatch.setattr(JobRunTrigger, "get_task_state", get_task_state)
    asyncio.run(trigger.cleanup())

    assert len(emr.going) == left


def test_nothing_secret_is_stored_of_a_trigger(emr: fake.FakeEmr, flights: Path) -> None:
    _, arguments = trigger_of(flights).serialize()

    assert set(arguments) == {"place", "name", "for_task", "run_id", "limits", "watch"}
    assert set(arguments["place"]) == {"launcher", "home", "region", "aws_conn_id"}


def trigger_of(flights: Path, **ti: Any) -> JobRunTrigger:
    with pytest.raises(TaskDeferred) as deferred:
        operator(flights, "deferrable").execute(context(**ti))
    return cast("JobRunTrigger", deferred.value.trigger)


# What it needs.


def test_credentials_are_those_of_the_aws_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("airflow.providers.amazon", reason="it is among the requirements of Airflow 3.1.0 alone")
    value = {"conn_type": "aws", "login": "an-id", "password": "a-key", "extra": {"region_name": "eu-central-1"}}
    monkeypatch.setenv("AIRFLOW_CONN_LAKE", json.dumps(value))
    with mock_aws():
        client = fake.made_by_the_provider(Place("emr-serverless", "00f1", aws_conn_id="lake"), "emr-serverless")

    assert client.meta.region_name == "eu-central-1"
    assert client._get_credentials().access_key == "an-id"


def test_an_aws_connection_without_its_package_says_what_to_install(
    emr: fake.FakeEmr, flights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "airflow.providers.amazon.aws.hooks.base_aws", cast("Any", None))
    monkeypatch.setattr(Place, "client", fake.made_by_the_provider)
    connect(monkeypatch, emr, aws_conn_id="lake")

    error = failure(flights)

    assert type(error) is SluiceConfigError
    assert str(error).startswith("Cannot use AWS connection 'lake': a package is missing (")
    assert str(error).endswith(
        "Install apache-airflow-providers-amazon, or leave aws_conn_id out to have the worker's own role."
    )


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("launchers.emr", "launchers.emr_api", "triggers.emr"):
        monkeypatch.delitem(sys.modules, f"sluice_airflow.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "boto3", cast("Any", None))

    with pytest.raises(SluiceConfigError) as error:
        launcher_for(ConnectionSettings(launcher="emr-serverless"), LaunchOptions())

    assert str(error.value).startswith("Cannot launch on emr-serverless: a package is missing (")
    assert str(error.value).endswith("Install airflow-provider-sluice[emr], or use a connection with another launcher.")
