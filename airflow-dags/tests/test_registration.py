"""The task that registers the table of a job: before the job, through both launchers, with a receipt of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

from contexts import context
from pods import clock, cluster, fails, mode, run, says
from sluice_airflow import SluiceJobOperator, SluiceTaskGroup, sluice_dag
from sluice_airflow.exceptions import SluiceConfigError, SluiceContractError, SluiceReceiptError
from sluice_airflow.testing import cluster as fake
from test_dag import shape, through_the_database
from test_operator import arguments, seen

__all__ = ["clock", "cluster", "mode", "seen"]

NAME = "register.clean-departures"


@pytest.fixture
def pods(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"namespace": "jobs"}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))


def task(flights: Path, mode: str = "sync", **more: Any) -> SluiceJobOperator:
    return SluiceJobOperator(job=NAME, manifest=flights, deferrable=mode == "deferrable", **more)


def test_a_dag_that_registers_first(flights: Path, golden: Callable[[str, Any], None]) -> None:
    dag = sluice_dag(flights, register=True, start_date="2013-01-01", settings={"raw": "s3a://raw"})

    golden("registering-dag.json", shape(dag))
    assert sorted(through_the_database(dag).task_dict) == sorted(dag.task_dict)


def test_only_the_tables_of_the_jobs_that_run_are_registered(flights: Path) -> None:
    dag = sluice_dag(flights, jobs=["clean-departures"], register=True)

    assert sorted(dag.task_dict) == ["clean-departures", NAME]


def test_in_a_group(flights: Path) -> None:
    with DAG("nightly", schedule=None) as dag:
        SluiceTaskGroup(flights, jobs=["clean-departures"], register=True)

    assert dag.get_task("flights.clean-departures").upstream_task_ids == {f"flights.{NAME}"}


def test_a_sink_is_not_registered(flights: Path) -> None:
    (sink,) = (job["name"] for job in json.loads(flights.read_text())["jobs"] if "sink" in job["write"])

    assert f"register.{sink}" not in sluice_dag(flights, register=True).task_dict
    with pytest.raises(SluiceConfigError, match="the image has no such job"):
        SluiceJobOperator(job=f"register.{sink}", manifest=flights)


def test_it_runs_the_command_without_an_interval(flights: Path, seen: Path) -> None:
    result = task(flights, settings={"lake.region": "eu-west-1"}).execute(context(task_id=NAME))

    assert result["status"] == "COMMITTED"
    assert arguments(seen) == ["register", "clean-departures", "--set", "lake.region=eu-west-1"]


def test_where_there_is_nothing_to_do_it_is_green(flights: Path, seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_JAVA", "already")

    assert task(flights).execute(context(task_id=NAME))["status"] == "ALREADY_COMMITTED"


def test_a_pod_registers(flights: Path, cluster: Callable[..., fake.Cluster], pods: None, mode: str) -> None:
    made = cluster(fake.running, fake.ended(0, says(job=NAME)))
    ctx = context(task_id=NAME)

    assert run(task(flights, mode), ctx)["status"] == "COMMITTED"

    assert made.created[0].spec.containers[0].args == ["register", "clean-departures"]
    assert ctx["outlet_events"] == {}, "no rows have come, so nobody downstream is woken"


def test_a_table_that_does_not_fit_is_not_tried_again(
    flights: Path, cluster: Callable[..., fake.Cluster], pods: None, mode: str
) -> None:
    message = "Cannot register table flights.departures: column 'origin' is int in the catalog."
    cluster(fake.running, fake.ended(3, fails(3, "CONTRACT", message, job=NAME)))

    with pytest.raises(SluiceContractError, match="column 'origin' is int in the catalog"):
        run(task(flights, mode), context(task_id=NAME))


def test_the_receipt_of_the_job_itself_is_no_proof(
    flights: Path, cluster: Callable[..., fake.Cluster], pods: None, mode: str
) -> None:
    cluster(fake.running, fake.ended(0, says(job="clean-departures")))

    with pytest.raises(SluiceReceiptError, match="it belongs to another run"):
        run(task(flights, mode), context(task_id=NAME))
