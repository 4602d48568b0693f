"""What EMR is asked for, and what it takes to ask."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from moto import mock_aws

import fake_emr as fake
from contexts import context
from emr_tasks import clock, connect, emr, failure, launcher, made, mode, operator
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import JobRequest, LaunchOptions, launcher_for
from sluice_airflow.launchers.emr_api import Place
from sluice_airflow.launchers.emr_job import emr_job
from sluice_airflow.testing.tasks import run_task as run

__all__ = ["clock", "emr", "launcher", "made", "mode"]

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


@pytest.mark.parametrize("launcher", ["emr-serverless", "emr-containers"])
def test_executors_are_refused_until_somebody_takes_them_back(launcher: str) -> None:
    with pytest.raises(SluiceConfigError) as error:
        emr_job(*asked(launcher, resources={"memory": "2Gi", "scale": "executors(1..8)"}))

    assert str(error.value) == (
        "Cannot scale job 'clean-departures' to 'executors(1..8)' on EMR: there a job runs in its driver alone. "
        "Say `scale: local` and more memory in the profile or in job_resources, or use a connection of Kubernetes."
    )
    taken_back = {"memory": "2Gi", "scale": "local", "executor_memory": "4Gi"}
    assert emr_job(*asked(launcher, resources=taken_back)) == emr_job(*asked(launcher, resources={"memory": "2Gi"}))


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
