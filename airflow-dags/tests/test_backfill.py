"""Catch-up and backfill make one run, and so one run key, for every interval of the schedule; in a real Airflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from real_airflow import RealAirflow, airflow, database

__all__ = ["airflow", "database"]

pytestmark = pytest.mark.filterwarnings("default")

MONTHLY = f"""
    from sluice_airflow import sluice_dag

    dag = sluice_dag(
        "{Path(__file__).parent}/data/flights.json", jobs=["clean-departures"], schedule="@monthly",
        start_date="2013-01-01", end_date="2013-04-01", catchup=CATCHUP, max_active_runs=16
    )
"""

QUARTER = [
    "2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00",
    "2013-02-01T00:00:00+00:00/2013-03-01T00:00:00+00:00",
    "2013-03-01T00:00:00+00:00/2013-04-01T00:00:00+00:00",
]


def intervals(airflow: RealAirflow) -> list[str]:
    assert all(words[:3] == ["run", "clean-departures", "--interval"] for words in airflow.asked_of_java())
    return [words[3] for words in airflow.asked_of_java()]


def backfill(*options: str) -> None:
    """Call ``airflow backfill create`` as a person would."""
    from airflow.cli.cli_parser import get_parser

    words = ["backfill", "create", "--dag-id", "flights", "--from-date", "2013-01-01", "--to-date", "2013-03-01"]
    arguments = get_parser().parse_args([*words, *options])
    arguments.func(arguments)


def test_catching_up_runs_every_month_once(airflow: RealAirflow) -> None:
    airflow.parse(flights=MONTHLY.replace("CATCHUP", "True"))
    for _ in range(6):
        airflow.schedule()

    for run in airflow.runs():
        assert airflow.run(run) == {"clean-departures": "success"}

    assert intervals(airflow) == [*QUARTER, "2013-04-01T00:00:00+00:00/2013-05-01T00:00:00+00:00"]


def test_a_backfill_runs_the_schedules_months(airflow: RealAirflow) -> None:
    airflow.parse(flights=MONTHLY.replace("CATCHUP", "False"))

    backfill()
    for run in airflow.runs():
        assert (run.run_type, airflow.run(run)) == ("backfill", {"clean-departures": "success"})

    assert intervals(airflow) == QUARTER


def test_a_backfill_of_months_may_run_each_of_their_days(airflow: RealAirflow) -> None:
    airflow.parse(flights=MONTHLY.replace("catchup=CATCHUP", 'catchup=False, each="day"'))

    backfill()
    for run in airflow.runs():
        assert airflow.run(run) == {"clean-departures": "success"}

    assert intervals(airflow) == QUARTER
    assert all(words[4:6] == ["--each", "day"] for words in airflow.asked_of_java())


def test_a_backfill_again_asks_for_the_same_run_keys(airflow: RealAirflow) -> None:
    airflow.parse(flights=MONTHLY.replace("CATCHUP", "False"))
    backfill()
    for run in airflow.runs():
        airflow.run(run)
    airflow.schedule()

    backfill("--reprocess-behavior", "completed")
    for run in airflow.runs():
        airflow.run(run)

    assert sorted(intervals(airflow)) == sorted(QUARTER * 2)
    run_keys = [extra["run_key"] for _, extra in airflow.events()]
    assert len(run_keys) == 6
    assert len(set(run_keys)) == 3, "the ledger finds each by its key, and publishes it once"
