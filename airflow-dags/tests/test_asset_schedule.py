"""A DAG of a second image starts when the first one has published, and knows what; in a real Airflow."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from real_airflow import RealAirflow, airflow, database

__all__ = ["airflow", "database"]

pytestmark = pytest.mark.filterwarnings("default")

DATA = Path(__file__).parent / "data"

FLIGHTS = f"""
    from sluice_airflow import sluice_dag

    dag = sluice_dag(
        "{DATA}/flights.json", jobs=["clean-departures"], schedule="@monthly", start_date="2013-01-01",
        end_date="2013-06-01", catchup=True, max_active_runs=16
    )
"""

REPORTS = f"""
    from sluice_airflow import sluice_dag

    dag = sluice_dag(
        "{DATA}/reports.json", jobs=["punctuality"], schedule="@upstream",
        settings={{"departures-snapshot": "{{{{ published('flights.departures').snapshot_id }}}}"}}
    )
"""

JANUARY = "2013-01-01T00:00:00Z/2013-02-01T00:00:00Z"
FEBRUARY = "2013-02-01T00:00:00Z/2013-03-01T00:00:00Z"
MARCH = "2013-03-01T00:00:00Z/2013-04-01T00:00:00Z"


@pytest.fixture
def both(airflow: RealAirflow) -> RealAirflow:
    airflow.parse(flights=FLIGHTS, reports=REPORTS)
    return airflow


def publish(airflow: RealAirflow) -> None:
    """Run the first image's DAG for the next month."""
    (run,) = (run for run in airflow.schedule() if run.dag_id == "flights")
    assert airflow.run(run) == {"clean-departures": "success"}


def consume(airflow: RealAirflow) -> dict[str, str]:
    (run,) = (run for run in airflow.schedule() if run.dag_id == "reports")
    return airflow.run(run)


def test_the_second_image_gets_the_snapshot_and_the_interval(both: RealAirflow) -> None:
    publish(both)

    assert consume(both) == {"punctuality": "success"}
    assert both.asked_of_java()[-1] == [
        "run",
        "punctuality",
        "--interval",
        JANUARY,
        "--set",
        "departures-snapshot=8123",
    ]


def test_the_event_says_of_the_run_what_readers_want_to_know(both: RealAirflow) -> None:
    publish(both)

    ((uri, extra),) = both.events()
    assert uri == "sluice://table/flights.departures"
    assert extra == {
        "status": "COMMITTED",
        "rows": {"read": 27004, "written": 26483, "quarantined": 521, "filtered": 0},
        "target": "flights.departures",
        "snapshot_id": "8123",
        "run_key": f"clean-departures/flights.departures/{JANUARY}",
        "receipt_uri": "file:///lake/_sluice/receipts/clean-departures/20261123T231500Z-1a2b3c.json",
        "interval": {"start": "2013-01-01T00:00:00Z", "end": "2013-02-01T00:00:00Z"},
        "files": 31,
        "bytes": 1234567,
        "quality": {"suite": "departures", "evaluated": 12, "failed": 1},
    }


def test_months_that_were_published_together_are_not_guessed(
    both: RealAirflow, capsys: pytest.CaptureFixture[str]
) -> None:
    """Airflow wakes the reader for the first of two events that come close, and gives it the second with the third."""
    for _ in range(3):
        months = both.schedule()
    both.run(months[0])
    both.run(months[1])
    assert consume(both) == {"punctuality": "success"}
    both.run(months[2])

    assert consume(both) == {"punctuality": "failed"}
    assert (
        "Cannot tell the interval of this run: the tables that triggered it were published for several: "
        f"{FEBRUARY} of flights.departures, {MARCH} of flights.departures. "
        "Trigger the DAG once for each, with the interval in the form."
    ) in capsys.readouterr().out
    assert [words[1] for words in both.asked_of_java()].count("punctuality") == 1, "the job was not started again"


def test_by_hand_the_interval_is_in_the_form_and_the_snapshot_the_newest(both: RealAirflow) -> None:
    publish(both)
    form = {"interval-start": "2013-03-01T00:00:00Z", "interval-end": "2013-04-01T00:00:00Z", "on-time": 5}

    assert both.run(both.trigger("reports", conf=form)) == {"punctuality": "success"}
    assert both.asked_of_java()[-1][2:] == [
        "--interval",
        "2013-03-01T00:00:00Z/2013-04-01T00:00:00Z",
        "--set",
        "departures-snapshot=8123",
        "--set",
        "on-time=5",
    ]


def test_an_empty_form_leaves_the_interval_to_the_schedule(both: RealAirflow) -> None:
    run = both.trigger("flights", logical_date=datetime(2013, 5, 1, tzinfo=timezone.utc))

    assert both.run(run) == {"clean-departures": "success"}
    assert both.asked_of_java()[-1][3] == "2013-04-01T00:00:00+00:00/2013-05-01T00:00:00+00:00"


def test_the_form_is_checked_when_the_run_is_made(both: RealAirflow) -> None:
    with pytest.raises(Exception, match="'soon' is not of type 'null', 'integer'"):
        both.trigger("reports", conf={"on-time": "soon"})


def test_every_kind_of_field_reaches_the_job(both: RealAirflow) -> None:
    publish(both)
    interval = {"interval-start": "2013-03-01T00:00:00Z", "interval-end": "2013-04-01T00:00:00Z"}
    form = {"cancelled": "true", "share": 0.5, "since": "2013-01-01", "order": "worst", "on-time": 0}

    assert both.run(both.trigger("reports", conf={**interval, **form})) == {"punctuality": "success"}
    assert [word for word in both.asked_of_java()[-1][6:] if word != "--set"] == [
        "cancelled=true",
        "on-time=0",
        "order=worst",
        "share=0.5",
        "since=2013-01-01",
    ]
