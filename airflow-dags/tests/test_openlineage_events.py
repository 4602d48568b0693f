"""The real OpenLineage provider sends what our tasks tell to a real collector; every event is validated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from openlineage_events import Event, collector, facets, validate, validated

DAG = """
import os, sys
from airflow.sdk import DAG, task
from pendulum import datetime
from sluice_airflow import SluiceJobOperator

with DAG("flights", schedule=None, tags=["sluice"]) as dag:
    jobs = [
        SluiceJobOperator(
            job=job, manifest=os.environ["MANIFEST"], sluice_conn_id=connection, task_id=task_id,
            interval_start="2013-01-01T00:00:00+00:00", interval_end="2013-02-01T00:00:00+00:00",
        )
        for task_id, job, connection in (
            ("clean-departures", "clean-departures", "sluice_default"),
            ("delay-stats", "delay-stats", "sluice_default"),
            ("load-delays", "load-delays", "sluice_default"),
            ("refused", "clean-departures", "sluice_refuse"),
        )
    ]
    jobs[0] >> jobs[1] >> jobs[2] >> jobs[3]

if __name__ == "__main__":
    dag.test()
"""

NAMESPACE = "https://airflow.example/prod"


class Told:
    """What the collector has got of one run of the DAG."""

    def __init__(self, events: list[Event], seen: Path, log: str):
        self.events = events
        self.seen = seen
        self.log = log

    def of(self, job: str, kind: str) -> Event:
        found = [e for e in self.events if e["job"]["name"] == job and e["eventType"] == kind]
        assert len(found) == 1, [(e["job"]["name"], e["eventType"]) for e in self.events] + [self.log[-3000:]]
        return found[0]

    def output(self, job: str, kind: str = "COMPLETE") -> Event:
        found: Event = self.of(job, kind)["outputs"][0]
        return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    home = tmp_path_factory.mktemp("openlineage")
    (home / "dags").mkdir()
    (home / "dags" / "dag.py").write_text(DAG)
    (home / "flights.jar").touch()
    java = home / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_java.py")}" "$@"\n')
    java.chmod(0o755)
    with collector() as (url, events):
        log = _run(home, url)
        return Told(events, home, log)


def _run(home: Path, url: str) -> str:
    def connection(mode: str) -> str:
        extra = {
            "launcher": "process",
            "java": str(home / "java"),
            "home": str(home),
            "receipt_root": str(home / "receipts"),
            "env": {
                "FAKE_JAVA": mode,
                "FAKE_JAVA_LONG": str(home / f"{mode}.json"),
                "FAKE_JAVA_SEEN": str(home / f"{mode}-seen.json"),
                "SLUICE_LAKE_WAREHOUSE": "s3://lake/warehouse",
            },
        }
        return json.dumps({"conn_type": "sluice", "extra": extra})

    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    env = {
        **inherited,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__OPENLINEAGE__NAMESPACE": NAMESPACE,
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps({"type": "http", "url": url}),
        "AIRFLOW__OPENLINEAGE__EXECUTION_TIMEOUT": "120",  # of a busy machine
        "AIRFLOW_CONN_SLUICE_DEFAULT": connection("commit"),
        "AIRFLOW_CONN_SLUICE_REFUSE": connection("refuse"),
        "MANIFEST": str(Path(__file__).parent / "data" / "flights.json"),
    }
    log = ""
    for command in (["-m", "airflow", "db", "migrate"], [str(home / "dags" / "dag.py")]):
        done = subprocess.run(
            [sys.executable, *command], env=env, cwd=home, capture_output=True, text=True, check=False
        )
        log += done.stdout + done.stderr
        assert done.returncode == 0, log[-5000:]
    return log


TASKS = ["flights.clean-departures", "flights.delay-stats", "flights.load-delays", "flights.refused"]


def test_every_task_starts_and_ends_once_and_the_dag_ends(told: Told) -> None:
    got = sorted((e["job"]["name"], e["eventType"]) for e in told.events if e["job"]["name"] != "flights")

    ends = {"flights.refused": "FAIL"}
    assert got == sorted((name, kind) for name in TASKS for kind in ("START", ends.get(name, "COMPLETE")))
    assert told.of("flights", "FAIL"), "the DAG's run failed with its last task"


def test_every_event_is_one_by_the_published_schemas(told: Told) -> None:
    held_to = set.union(*(validate(event) for event in told.events))

    assert held_to >= {
        "ColumnLineageDatasetFacet.json",
        "ErrorMessageRunFacet.json",
        "InputStatisticsInputDatasetFacet.json",
        "JobTypeJobFacet.json",
        "OutputStatisticsOutputDatasetFacet.json",
        "ParentRunFacet.json",
        "ProcessingEngineRunFacet.json",
        "SchemaDatasetFacet.json",
        "SluiceRunFacet.json",
    }


def test_no_facet_of_ours_goes_unchecked(told: Told) -> None:
    airflows = {"airflow", "airflowDagRun", "airflowState"}
    checked = {key for event in told.events for _, key, facet in facets(event) if validated(facet)}

    assert {key for event in told.events for _, key, _ in facets(event)} - checked <= airflows
    assert checked >= {
        *("schema", "version", "symlinks", "storage", "catalog", "columnLineage", "inputStatistics"),
        *("outputStatistics", "dataQualityAssertions", "dataQualityMetrics", "sluice", "errorMessage", "parent"),
    }


def test_one_run_is_connected_from_its_dag_to_its_columns(told: Told) -> None:
    """From the DAG's run to each task's, along the tables, to the column of the database and back to a file's."""
    dag_run = told.of("flights", "FAIL")["run"]["runId"]
    for task in TASKS[:3]:
        parent = told.of(task, "COMPLETE")["run"]["facets"]["parent"]
        assert (parent["job"]["namespace"], parent["job"]["name"]) == (NAMESPACE, "flights")
        assert parent["run"]["runId"] == dag_run
        assert told.of(task, "START")["run"] | {"facets": {}} == told.of(task, "COMPLETE")["run"] | {"facets": {}}

    written = {dataset(told.output(task)): task for task in TASKS[:3]}
    assert [written.get(dataset(each)) for each in told.of("flights.load-delays", "COMPLETE")["inputs"]] == [
        "flights.delay-stats"
    ]
    assert [written.get(dataset(each)) for each in told.of("flights.delay-stats", "COMPLETE")["inputs"]] == [
        "flights.clean-departures"
    ]

    made_of = {
        (*dataset(output), column): {(f["namespace"], f["name"], f["field"]) for f in fields["inputFields"]}
        for task in TASKS[:3]
        for output in [told.output(task)]
        for column, fields in output["facets"]["columnLineage"]["fields"].items()
    }
    worst = ("postgres://db.example:5432", "mart.public.delays", "worst")
    path = [worst]
    while path[-1] in made_of:
        (origin,) = made_of[path[-1]]
        path.append(origin)
    assert [column for _, _, column in path] == ["worst", "worst_dep_delay", "dep_delay", "dep_delay"]
    assert path[-1][:2] == ("s3://lake", "warehouse/flights/flights")

    declared = {
        (*dataset(each), field["name"])
        for event in told.events
        for each in [*event.get("inputs", []), *event.get("outputs", [])]
        for field in each["facets"].get("schema", {}).get("fields", [])
    }
    assert declared >= {*made_of, *(origin for origins in made_of.values() for origin in origins)}, (
        "every column of the graph is one that a schema names"
    )


def test_the_start_and_the_end_of_a_task_name_the_same_tables(told: Told) -> None:
    for task in ("flights.clean-departures", "flights.delay-stats"):
        assert dataset(told.of(task, "START")["outputs"][0]) == dataset(told.output(task))


def test_the_job_knows_the_task_that_runs_it(told: Told) -> None:
    """A listener in the job's own Spark, and its receipt, hang on to the very run that Airflow tells of."""
    run = told.of("flights.load-delays", "COMPLETE")["run"]["runId"]
    dag_run = told.of("flights", "FAIL")["run"]["runId"]
    env = json.loads((told.seen / "commit-seen.json").read_text())["env"]
    receipt = json.loads((told.seen / "commit.json").read_text())

    assert env["OPENLINEAGE_PARENT_ID"] == f"{NAMESPACE}/flights.load-delays/{run}"
    assert env["OPENLINEAGE_ROOT_PARENT_ID"] == f"{NAMESPACE}/flights/{dag_run}"
    assert receipt["parent"] == {"namespace": NAMESPACE, "name": "flights.load-delays", "run_id": run}


def test_the_end_says_which_versions_were_read_and_written(told: Told) -> None:
    event = told.of("flights.clean-departures", "COMPLETE")

    versions = [each["facets"]["version"]["datasetVersion"] for each in event["inputs"]]
    assert versions[0] == "7001"
    assert versions[1].startswith("files-")
    assert event["outputs"][0]["facets"]["version"]["datasetVersion"] == "8123"
    assert event["run"]["facets"]["sluice"]["status"] == "COMMITTED"


def test_a_refused_run_says_what_was_refused_and_why(told: Told) -> None:
    event = told.of("flights.refused", "FAIL")

    assert event["run"]["facets"]["sluice"]["status"] == "REFUSED"
    assert "the gate refused the rows" in event["run"]["facets"]["errorMessage"]["message"]
    checks = event["outputs"][0]["facets"]["dataQualityAssertions"]["assertions"]
    assert [(check["column"], check["success"]) for check in checks if "column" in check] == [
        ("dep_delay", False),
        ("dep_delay", True),
    ]
    assert event["outputs"][1]["name"] == "warehouse/flights/departures_quarantine"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("run", "runId"), "no uuid"),
        (("outputs", 0, "facets", "columnLineage", "fields"), []),
        (("outputs", 0, "facets", "schema", "fields", 0), {"type": "int"}),
        (("outputs", 0, "facets", "version", "datasetVersion"), 8123),
        (("outputs", 0, "facets", "dataQualityAssertions", "assertions", 0, "success"), "no"),
        (("outputs", 0, "outputFacets", "outputStatistics", "rowCount"), "many"),
        (("run", "facets", "sluice", "status"), "FINE"),
        (("run", "facets", "parent"), {"_producer": "https://x", "_schemaURL": "https://x/ParentRunFacet.json"}),
    ],
    ids=str,
)
def test_the_validation_sees_what_is_wrong(told: Told, path: tuple[Any, ...], value: Any) -> None:
    event = json.loads(json.dumps(told.of("flights.clean-departures", "COMPLETE")))
    holder = event
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value

    with pytest.raises((jsonschema.ValidationError, AssertionError)):
        validate(event)


def dataset(of: Event) -> tuple[str, str]:
    return of["namespace"], of["name"]
