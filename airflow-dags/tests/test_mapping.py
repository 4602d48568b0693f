"""Mapped tasks, of the operator and of the decorator, in a real Airflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from real_airflow import RealAirflow, airflow, database

__all__ = ["airflow", "database"]

pytestmark = pytest.mark.filterwarnings("default")

MANIFEST = Path(__file__).parent / "data" / "flights.json"

HEAD = f"""
    from datetime import datetime, timezone

    import sluice_airflow as sluice
    from airflow.sdk import DAG, task

    MANIFEST = "{MANIFEST}"

    with DAG("mapped", schedule=None):
"""


def run(airflow: RealAirflow, body: str) -> dict[str, str]:
    airflow.parse(mapped=HEAD + body)
    return airflow.run(airflow.trigger("mapped"))


def settings(airflow: RealAirflow) -> list[list[str]]:
    return [[word for word in words[2:] if word != "--set"] for words in airflow.asked_of_java()]


def test_over_intervals(airflow: RealAirflow) -> None:
    states = run(
        airflow,
        """
        weeks = [
            {"interval_start": "2013-01-01T00:00:00+00:00", "interval_end": "2013-01-08T00:00:00+00:00"},
            {"interval_start": "2013-01-08T00:00:00+00:00", "interval_end": "2013-01-15T00:00:00+00:00"},
        ]
        sluice.SluiceJobOperator.partial(job="clean-departures", manifest=MANIFEST).expand_kwargs(weeks)
        """,
    )

    assert states == {
        "clean-departures[2013-01-01/2013-01-08]": "success",
        "clean-departures[2013-01-08/2013-01-15]": "success",
    }
    assert [words[3] for words in airflow.asked_of_java()] == [
        "2013-01-01T00:00:00+00:00/2013-01-08T00:00:00+00:00",
        "2013-01-08T00:00:00+00:00/2013-01-15T00:00:00+00:00",
    ]


def test_a_mapped_task_updates_its_table_once_for_each(airflow: RealAirflow) -> None:
    run(
        airflow,
        """
        sluice.SluiceJobOperator.partial(
            job="clean-departures", manifest=MANIFEST, interval_start="2013-01-01", interval_end="2013-02-01"
        ).expand(settings=[{"raw": "/a"}, {"raw": "/b"}])
        """,
    )

    assert [uri for uri, _ in airflow.events()] == ["sluice://table/flights.departures"] * 2


def test_over_what_another_task_has_found(airflow: RealAirflow) -> None:
    states = run(
        airflow,
        """
        @task
        def folders():
            return [{"raw": "/a"}, {"raw": "/b"}]

        sluice.SluiceJobOperator.partial(
            job="clean-departures", manifest=MANIFEST, interval_start="2013-01-01", interval_end="2013-02-01"
        ).expand(settings=folders())
        """,
    )

    assert states == {
        "folders": "success",
        "clean-departures[2013-01-01/2013-02-01 raw=/a]": "success",
        "clean-departures[2013-01-01/2013-02-01 raw=/b]": "success",
    }


def test_a_function_says_the_settings_and_the_interval(airflow: RealAirflow) -> None:
    states = run(
        airflow,
        """
        @sluice.job("clean-departures", manifest=MANIFEST)
        def clean(dag_run) -> dict:
            day = datetime(2013, 1, 1, tzinfo=timezone.utc)
            return {"raw": f"/raw/{dag_run.dag_id}", "spark.cores": 2}, (day, "2013-01-02")

        clean()
        """,
    )

    assert states == {"clean": "success"}
    assert settings(airflow) == [
        ["--interval", "2013-01-01T00:00:00+00:00/2013-01-02", "raw=/raw/mapped", "spark.cores=2"]
    ]
    assert [uri for uri, _ in airflow.events()] == ["sluice://table/flights.departures"]
    (done,) = airflow.runs("success")
    assert airflow.xcom(done, "clean")["snapshot_id"] == "8123"


def test_a_function_expands(airflow: RealAirflow) -> None:
    states = run(
        airflow,
        """
        @task.sluice_job("load-delays", manifest=MANIFEST, interval_start="2013-01-01", interval_end="2013-02-01")
        def load(city, rows):
            return {"jdbc-url": f"jdbc:postgresql://db/{city}"}

        load.partial(rows=5).expand(city=["paris", "rome"])
        """,
    )

    assert states == {
        "load[2013-01-01/2013-02-01 jdbc-url=jdbc:postgresql://db/paris]": "success",
        "load[2013-01-01/2013-02-01 jdbc-url=jdbc:postgresql://db/rome]": "success",
    }
    assert [words[-1] for words in settings(airflow)] == [
        "jdbc-url=jdbc:postgresql://db/paris",
        "jdbc-url=jdbc:postgresql://db/rome",
    ]


def test_a_function_that_answers_with_something_else_is_told_so(
    airflow: RealAirflow, capsys: pytest.CaptureFixture[str]
) -> None:
    states = run(
        airflow,
        """
        @sluice.job("clean-departures", manifest=MANIFEST)
        def clean():
            return "/raw"

        clean()
        """,
    )

    assert states == {"clean": "failed"}
    assert airflow.asked_of_java() == []
    assert (
        "Cannot run job 'clean-departures': its function returned '/raw'. "
        "Return the settings as a dict, or (settings, (start, end))."
    ) in capsys.readouterr().out
