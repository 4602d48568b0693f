"""The buttons of a task: what is pushed when, and what Airflow makes of it."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.bases.xcom import BaseXCom
from airflow.serialization import serialized_objects

from contexts import context
from receipts import receipt, text
from sluice_airflow import SluiceJobOperator, get_provider_info
from sluice_airflow._compat import AirflowException
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.launchers import JobRequest
from sluice_airflow.links.job import LINKS, RECEIPT, announce, mount, report
from sluice_airflow.run_record import RECORD
from sluice_airflow.verdict import Ending, Outcome, State

TASK = "dag_id=flights&run_id=scheduled__2013-01-01T00%3A00%3A00%2B00%3A00&task_id=clean-departures"
REQUEST = JobRequest(
    project="flights",
    job="clean-departures",
    arguments=("run", "clean-departures", "--receipt", "/receipts/flights/run/clean-departures.json"),
    run_token="the-token",
    dag_id="flights",
    task_id="clean-departures",
    run_id="scheduled__2013-01-01T00:00:00+00:00",
    try_number=2,
    interval="2013-01-01/2013-02-01",
    receipt_copy="/receipts/flights/run/clean-departures.json",
)
TEMPLATES: dict[str, Any] = {
    "spark_ui_url": "https://history/{job}/{try_number}?run={run_id}",
    "spark_history_url": "https://history/history/{application}/jobs/",
    "logs_url": "https://logs/{namespace}/{pod}",
}
PAGE = {"page_uri": "s3://lake/_sluice/pages/clean-departures/run.html"}


def ended(document: Any, where: str = "process 7") -> Outcome:
    message = text(document) if isinstance(document, dict) else document
    ending = Ending(state=State.ENDED, where=where, run_token="the-token", exit_code=0, message=message)
    return Outcome.of(ending, job=REQUEST.job)


def pushed(
    settings: ConnectionSettings, outcome: Outcome | None = None, request: JobRequest = REQUEST
) -> dict[str, Any]:
    """Return what has been pushed, links by their button."""
    ctx = context()
    announce(ctx, "lab", settings, request)
    if outcome is not None:
        ctx["pushed"].clear()
        report(ctx, "lab", settings, request, outcome)
    names = {link.xcom_key: link.name for link in LINKS}
    return {names.get(key, key): value for key, value in ctx["pushed"].items()}


def test_before_the_job_starts_the_receipts_page_is_known_and_says_so() -> None:
    told = pushed(ConnectionSettings(launcher="process"))

    assert told == {
        "Receipt": f"/sluice/receipt?{TASK}",
        RECORD: {
            "job": "clean-departures",
            "interval": "2013-01-01/2013-02-01",
            "conn_id": "lab",
            "receipt_copy": "/receipts/flights/run/clean-departures.json",
            "receipt": None,
        },
    }


def test_after_it_the_links_that_have_a_target_are_there() -> None:
    good = receipt(run_token="the-token", quality={**receipt()["quality"], **PAGE})

    told = pushed(ConnectionSettings(launcher="process"), ended(good))

    record = told.pop(RECORD)
    assert told == {"Quality": f"/sluice/quality?{TASK}", "Quarantine": f"/sluice/receipt?{TASK}#quarantine"}
    assert record["receipt"] == {key: value for key, value in good.items() if key != "run_token"}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(None, id="nothing"),
        pytest.param("gravel", id="no JSON"),
        pytest.param(receipt(run_token="another", quality=PAGE), id="another run's"),
        pytest.param(receipt(run_token="the-token", job="delay-stats"), id="another job's"),
    ],
)
def test_a_receipt_that_cannot_be_believed_makes_no_link(document: Any) -> None:
    told = pushed(ConnectionSettings(launcher="process"), ended(document))

    assert list(told) == [RECORD]
    assert told[RECORD]["receipt"] is None


def test_a_clean_run_without_a_suite_has_neither_quality_nor_quarantine() -> None:
    rows = {"read": 1, "written": 1, "quarantined": 0, "filtered": 0}

    told = pushed(
        ConnectionSettings(launcher="process"), ended(receipt(run_token="the-token", rows=rows, quality=None))
    )

    assert list(told) == [RECORD]


def test_sparks_pages_and_the_logs_are_where_the_connection_says() -> None:
    settings = ConnectionSettings(namespace="jobs", **TEMPLATES)

    told = pushed(settings)

    assert told["Spark UI"] == "https://history/clean-departures/2?run=scheduled__2013-01-01T00%3A00%3A00%2B00%3A00"
    assert told["Pod logs"].startswith("https://logs/jobs/flights-clean-departures-20130101-")
    # A pod that was taken up may have another name, and the cluster may choose the namespace.
    assert pushed(settings, ended(None, "pod prod/earlier"))["Pod logs"] == "https://logs/prod/earlier"


def test_a_job_run_of_emr_is_a_name_for_addresses() -> None:
    settings = ConnectionSettings(launcher="emr-serverless", logs_url="https://console/{job_run}")

    assert "Pod logs" not in pushed(settings)
    assert pushed(settings, ended(None, "emr-serverless job run 00f1/00g2"))["Pod logs"] == "https://console/00g2"


def test_a_pods_log_is_no_link_where_there_is_no_pod() -> None:
    told = pushed(ConnectionSettings(launcher="process", **TEMPLATES))

    assert "Spark UI" in told
    assert "Pod logs" not in told


def test_a_run_is_in_sparks_history_once_it_has_left_its_log() -> None:
    settings = ConnectionSettings(launcher="process", **TEMPLATES)
    spark = {"application_id": "20261123T231500Z-1a2b3c", "event_log": "s3://lake/_sluice/events/eventlog_v2_1"}

    assert "Spark history" not in pushed(settings)
    assert "Spark history" not in pushed(settings, ended(receipt(run_token="the-token")))
    told = pushed(settings, ended(receipt(run_token="the-token", spark=spark)))
    assert told["Spark history"] == "https://history/history/20261123T231500Z-1a2b3c/jobs/"
    assert "Pod logs" not in told


def test_what_a_receipt_calls_its_application_leads_nowhere_else() -> None:
    settings = ConnectionSettings(launcher="process", **TEMPLATES)
    spark = {"application_id": "../../elsewhere?"}

    told = pushed(settings, ended(receipt(run_token="the-token", spark=spark)))

    assert told["Spark history"] == "https://history/history/..%2F..%2Felsewhere%3F/jobs/"


def test_an_instance_of_a_mapped_task_has_links_of_its_own() -> None:
    request = JobRequest(**{**REQUEST.__dict__, "map_index": 3})

    assert pushed(ConnectionSettings(), request=request)["Receipt"] == f"/sluice/receipt?{TASK}&map_index=3"


def test_links_lead_to_where_airflow_is_mounted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example/team/")

    assert mount() == "/team/sluice"


@pytest.mark.parametrize(("stored", "link"), [("/sluice/receipt?x", "/sluice/receipt?x"), (None, "")])
def test_airflow_is_given_what_was_pushed(monkeypatch: pytest.MonkeyPatch, stored: str | None, link: str) -> None:
    key = SimpleNamespace(dag_id="flights", task_id="t", run_id="r", map_index=-1)

    def get_value(*, key: str, ti_key: Any) -> str | None:
        return stored if (key, ti_key.task_id) == ("_link_ReceiptLink", "t") else "wrong"

    monkeypatch.setattr(BaseXCom, "get_value", get_value)

    assert RECEIPT.get_link(None, ti_key=key) == link  # type: ignore[arg-type]


def test_the_scheduler_knows_the_buttons(flights: Path) -> None:
    with DAG("flights", schedule=None) as dag:
        SluiceJobOperator(job="clean-departures", manifest=flights)

    module: Any = serialized_objects  # Airflow 3.1 has another name for it
    home = module.DagSerialization if hasattr(module, "DagSerialization") else module.SerializedDAG
    (task,) = home.serialize_dag(dag)["tasks"]

    assert task["__var"]["_operator_extra_links"] == {link.name: link.xcom_key for link in LINKS}


def test_the_provider_lists_them() -> None:
    listed = get_provider_info()["extra-links"]

    assert listed == [f"{type(link).__module__}.{type(link).__name__}" for link in LINKS]
    for path in listed:
        module, _, name = path.rpartition(".")
        assert getattr(import_module(module), name)().name


@pytest.mark.parametrize(("mode", "status"), [("commit", "COMMITTED"), ("refuse", "REFUSED"), ("bug", "FAILED")])
def test_a_task_tells_of_its_run_whether_or_not_it_is_green(
    flights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, status: str
) -> None:
    (tmp_path / "flights.jar").touch()
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_java.py")}" "$@"\n')
    java.chmod(0o755)
    extra = {"launcher": "process", "java": str(java), "home": str(tmp_path), "env": {"FAKE_JAVA": mode}}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    with DAG("flights", schedule=None):
        operator = SluiceJobOperator(
            job="clean-departures", manifest=flights, interval_start="2013-01-01", interval_end="2013-02-01"
        )
    ctx = context()

    try:
        operator.execute(ctx)
    except AirflowException:
        assert mode != "commit"

    assert ctx["pushed"][RECORD]["receipt"]["status"] == status
    assert ctx["pushed"][RECEIPT.xcom_key] == f"/sluice/receipt?{TASK}"
