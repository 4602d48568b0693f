"""What is told to OpenLineage, from every kind of receipt, and what happens where one cannot be read."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import attr
import pytest
from airflow.sdk import DAG, Asset

from contexts import context
from long_receipts import LAKE, long_receipt
from receipts import TOKEN, failed, receipt, text
from sluice_airflow import SluiceJobOperator, lineage
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.dataset_names import DatasetName, in_catalog, location_of, of_files, of_location, of_sink
from sluice_airflow.launchers import JobRequest
from sluice_airflow.launchers.pod import pod_spec
from sluice_airflow.lineage import ended, parent_environment, started, to_openlineage
from sluice_airflow.lineage_facets import operator_lineage
from sluice_airflow.verdict import Ending, Outcome, State

JOB = "clean-departures"


def operator(flights: Path, monkeypatch: pytest.MonkeyPatch, **extra: Any) -> SluiceJobOperator:
    settings = {"launcher": "process", "home": "/jars", **extra}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": settings}))
    with DAG("flights", schedule=None):
        return SluiceJobOperator(job=JOB, manifest=flights)


def left(document: dict[str, Any] | None, copy: Path | None = None) -> Outcome:
    """Return what a job leaves that has ended with this short receipt."""
    message = text(document) if document else None
    ending = Ending(State.ENDED, "process 7", TOKEN, exit_code=0, message=message)
    return Outcome.of(ending, job=JOB, copy=str(copy) if copy else None)


def shown(told: Any) -> Any:
    """Return lineage as plain values, without what is empty and who produced it."""

    def tidy(value: Any) -> Any:
        if attr.has(type(value)):
            return tidy(attr.asdict(value, recurse=False))
        if isinstance(value, dict):
            found = {key: tidy(item) for key, item in value.items() if key not in ("_producer", "_schemaURL")}
            return {key: item for key, item in found.items() if item not in (None, {}, [])}
        return [tidy(item) for item in value] if isinstance(value, list) else value

    return tidy(told)


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("s3://lake/warehouse/flights/departures", DatasetName("s3://lake", "warehouse/flights/departures")),
        ("s3a://lake/x/", DatasetName("s3://lake", "x")),
        ("s3://lake", DatasetName("s3://lake", "/")),
        ("file:///lake/flights/departures", DatasetName("file", "/lake/flights/departures")),
        ("hdfs://name:8020/lake/t", DatasetName("hdfs://name:8020", "lake/t")),
    ],
)
def test_places(uri: str, name: DatasetName) -> None:
    assert of_location(uri) == name


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("s3://raw/a/airlines.csv", DatasetName("s3://raw", "a/airlines.csv")),
        ("s3://raw/a/airlines-*.csv", DatasetName("s3://raw", "a")),
        ("file:///raw/{2013,2014}/x.csv", DatasetName("file", "/raw")),
    ],
)
def test_files(uri: str, name: DatasetName) -> None:
    assert of_files(uri) == name


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("jdbc:postgresql://db.example/mart#delays", DatasetName("postgres://db.example:5432", "mart.public.delays")),
        ("jdbc:postgresql://db:6000/mart#out.delays", DatasetName("postgres://db:6000", "mart.out.delays")),
        ("jdbc:postgresql://one:6000,two:6000/mart#delays", DatasetName("postgres://one:6000", "mart.public.delays")),
        ("jdbc:postgresql:mart#delays", DatasetName("postgres://localhost:5432", "mart.public.delays")),
        ("jdbc:mysql://db/mart#delays", DatasetName("mysql://db:3306", "mart.delays")),
        ("jdbc:sqlite:/data/mart.db#delays", DatasetName("file", "/data/mart.db#delays")),
    ],
)
def test_sinks(uri: str, name: DatasetName) -> None:
    assert of_sink(uri) == name


@pytest.mark.parametrize(
    ("catalog", "name"),
    [
        (
            {"type": "glue", "address": "region eu-west-1", "region": "eu-west-1", "account": "123456789012"},
            DatasetName("arn:aws:glue:eu-west-1:123456789012", "table/flights/departures"),
        ),
        ({"type": "glue", "address": "region eu-west-1", "region": "eu-west-1"}, None),
        (
            {"type": "hive", "address": "thrift://meta:9083,thrift://other:9083"},
            DatasetName("hive://meta:9083", "flights.departures"),
        ),
        (
            {"type": "rest", "address": "https://rest.example/api/"},
            DatasetName("https://rest.example/api", "flights.departures"),
        ),
        ({"type": "embedded", "address": "jdbc:sqlite:/lake/catalog.db"}, None),
    ],
)
def test_names_in_catalogs(catalog: dict[str, str], name: DatasetName | None) -> None:
    assert in_catalog(catalog, "flights.departures") == name


@pytest.mark.parametrize("warehouse", [None, "", "file:lake", "lake", "${lake}"])
def test_a_place_that_is_not_known_in_full_is_not_guessed(warehouse: str | None) -> None:
    assert location_of(warehouse, "flights.departures") is None


def test_all_that_a_long_receipt_says(golden: Callable[[str, Any], None]) -> None:
    golden("lineage.json", shown(operator_lineage(long_receipt())))


def test_a_sink_is_named_as_its_database_does() -> None:
    told = operator_lineage(long_receipt("load-delays"))

    assert [(output.namespace, output.name) for output in told.outputs] == [
        ("postgres://db.example:5432", "mart.public.delays")
    ]
    assert list(told.outputs[0].facets) == ["schema", "columnLineage"]


def test_a_short_receipt_says_what_was_written_and_what_failed() -> None:
    told = shown(operator_lineage(receipt()))

    departures, quarantine = told["outputs"]
    assert departures["name"] == "/lake/flights/departures"
    assert departures["facets"]["version"] == {"datasetVersion": "8123"}
    assert departures["outputFacets"]["outputStatistics"] == {"rowCount": 26483, "size": 1234567, "fileCount": 31}
    assert departures["facets"]["dataQualityAssertions"]["assertions"] == [
        {
            "assertion": "expect_column_values_to_not_be_null",
            "success": False,
            "name": "dep-delay-known",
            "actual": "521 unexpected",
        }
    ]
    assert quarantine["name"] == "/lake/flights/departures_quarantine"
    assert quarantine["outputFacets"]["outputStatistics"] == {"rowCount": 521}
    assert "inputs" not in told


def test_a_run_that_found_its_work_done_has_written_nothing() -> None:
    told = shown(operator_lineage(receipt(status="ALREADY_COMMITTED")))

    (output,) = told["outputs"]
    assert output["facets"]["version"] == {"datasetVersion": "8123"}
    assert "outputFacets" not in output
    assert told["run_facets"]["sluice"]["status"] == "ALREADY_COMMITTED"


def test_a_refused_run_has_published_no_version() -> None:
    told = shown(operator_lineage(receipt(status="REFUSED", exit_code=3, phase="gate")))

    departures, quarantine = told["outputs"]
    assert "version" not in departures["facets"]
    assert "outputFacets" not in departures
    assert quarantine["outputFacets"]["outputStatistics"] == {"rowCount": 521}


def test_a_failed_run_says_why() -> None:
    told = shown(operator_lineage(failed(70, "BUG", "Cannot transform: no such column. Correct the job.")))

    assert told["run_facets"]["errorMessage"]["message"] == "Cannot transform: no such column. Correct the job."
    assert told["run_facets"]["errorMessage"]["programmingLanguage"] == "JAVA"
    assert told["run_facets"]["errorMessage"]["stackTrace"].startswith("dev.sluice.jobs.flights.CleanDepartures")
    assert told["run_facets"]["sluice"]["errorKind"] == "BUG"


def test_no_value_of_a_row_is_told() -> None:
    document = long_receipt()
    document["quality"]["validation"]["results"][0]["result"]["partial_unexpected_list"] = ["canary"]

    assert "canary" not in str(operator_lineage(document))


def test_the_version_of_files_changes_with_any_of_them() -> None:
    def version(document: dict[str, Any]) -> str:
        found: str = shown(operator_lineage(document))["inputs"][1]["facets"]["version"]["datasetVersion"]
        return found

    changed = json.loads(json.dumps(long_receipt()))
    changed["inputs"][1]["files"][0]["etag"] = "other"

    assert version(long_receipt()).startswith("files-")
    assert version(changed) != version(long_receipt())


def test_the_copy_is_read_first_and_then_the_lake(
    flights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = operator(flights, monkeypatch)
    copy, kept = tmp_path / "copy.json", tmp_path / "kept.json"
    kept.write_text(text(long_receipt(rows={"read": 2, "written": 2, "quarantined": 0, "filtered": 0})))
    outcome = left(receipt(receipt_uri=kept.as_uri()), copy)

    assert written(ended(task, outcome)) == 2, "there is no copy"
    copy.write_text(text(long_receipt(rows={"read": 3, "written": 3, "quarantined": 0, "filtered": 0})))
    assert written(ended(task, outcome)) == 3


def written(told: Any) -> Any:
    return told.run_facets["sluice"].rowsWritten


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param("gravel", id="no receipt"),
        pytest.param(text(long_receipt(run_token="another")), id="another run's"),
        pytest.param(text(long_receipt(padding="x" * 1000)), id="too long"),
        pytest.param(text(long_receipt(inputs=[{"uri": "s3://without/a/name"}])), id="not of its form"),
    ],
)
def test_the_short_receipt_stands_in_for_a_long_one_that_cannot_be_had(
    flights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    monkeypatch.setattr(lineage, "READ_BYTES", len(text(long_receipt())) + 500)
    copy = tmp_path / "copy.json"
    if content is not None:
        copy.write_text(content)
    outcome = left(receipt(receipt_uri="nowhere://x/y.json"), copy)

    told = ended(operator(flights, monkeypatch), outcome)

    assert told.inputs == []
    assert written(told) == 26483


def test_a_store_that_does_not_answer_is_not_waited_for(
    flights: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    release = threading.Event()
    monkeypatch.setattr(lineage, "READ_SECONDS", 0.05)
    monkeypatch.setattr(lineage, "_read_into", lambda place, found: release.wait(30))
    try:
        told = ended(operator(flights, monkeypatch), left(receipt()))
    finally:
        release.set()

    assert written(told) == 26483
    assert "no answer in" in caplog.text


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(None, id="the launch failed"),
        pytest.param(left(None), id="no message"),
        pytest.param(left(receipt(run_token="another")), id="a forged receipt"),
    ],
)
def test_without_a_receipt_the_declaration_is_told(
    flights: Path, monkeypatch: pytest.MonkeyPatch, outcome: Outcome | None
) -> None:
    task = operator(flights, monkeypatch, env={"SLUICE_LAKE_WAREHOUSE": LAKE})

    told = ended(task, outcome)

    assert told == started(task)
    assert told.run_facets["sluice"].status is None


def test_the_start_names_the_tables_as_the_end_does(flights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = started(operator(flights, monkeypatch, env={"SLUICE_LAKE_WAREHOUSE": LAKE}))
    final = operator_lineage(long_receipt())

    assert {(each.namespace, each.name) for each in told.inputs} == {
        ("s3://lake", "warehouse/flights/flights"),
        ("s3://lake", "warehouse/flights/weather"),
    }
    assert (told.outputs[0].namespace, told.outputs[0].name) == (final.outputs[0].namespace, final.outputs[0].name)


def test_the_start_guesses_no_names(flights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = started(operator(flights, monkeypatch))

    assert (told.inputs, told.outputs) == ([], [])


def test_a_broken_connection_is_for_the_task_to_tell(flights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = operator(flights, monkeypatch, launcher="nothing")

    assert started(task).outputs == []


def test_an_asset_has_a_name_that_the_tables_events_give_as_well() -> None:
    dataset = to_openlineage(Asset("sluice://table/flights.departures"), None)
    output = shown(operator_lineage(long_receipt()))["outputs"][0]

    assert dataset is not None
    assert {"namespace": dataset.namespace, "name": dataset.name, "type": "TABLE"} in output["facets"]["symlinks"][
        "identifiers"
    ]


def test_any_other_asset_is_not_ours_to_name() -> None:
    assert to_openlineage(Asset("s3://table/flights.departures"), None) is None


def test_without_openlineage_set_up_a_job_hears_of_no_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENLINEAGE_URL", raising=False)

    assert parent_environment(context()["ti"]) == {}


def test_a_parent_that_cannot_be_told_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENLINEAGE_URL", "http://localhost:1")

    assert parent_environment(context()["ti"]) == {}
    assert "Cannot tell the job which task runs it" in caplog.text


def test_the_parent_reaches_the_pod() -> None:
    request = JobRequest(
        project="flights",
        job=JOB,
        arguments=("run", JOB),
        run_token=TOKEN,
        dag_id="flights",
        task_id=JOB,
        run_id="manual",
        try_number=1,
        image="i",
        parent={"OPENLINEAGE_PARENT_ID": "airflow/flights.clean/1"},
    )

    env = pod_spec(request, ConnectionSettings())["spec"]["containers"][0]["env"]

    assert {"name": "OPENLINEAGE_PARENT_ID", "value": "airflow/flights.clean/1"} in env


def test_the_operator_keeps_what_its_job_has_left(flights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = operator(flights, monkeypatch, home="/no/jars")

    told = task.get_openlineage_facets_on_failure(cast("Any", None))

    assert told.run_facets["sluice"].job == JOB
