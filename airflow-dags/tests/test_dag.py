from __future__ import annotations

import runpy
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG, Asset

from sluice_airflow import SluiceJobOperator, SluiceTaskGroup, sluice_dag, table_asset
from sluice_airflow._compat import CronDataIntervalTimetable, DeltaDataIntervalTimetable
from sluice_airflow.exceptions import SluiceConfigError

FLIGHTS_DAG = Path(__file__).parents[1] / "dags" / "flights.py"
DATA = Path(__file__).parent / "data"


def shape(dag: DAG) -> dict[str, Any]:
    """Return what users see of a DAG: tasks, order, assets, times."""
    return {
        "dag_id": dag.dag_id,
        "schedule": dag.timetable.__class__.__name__,
        "start_date": str(dag.start_date),
        "end_date": str(dag.end_date),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "tasks": [
            {
                "task_id": task.task_id,
                "operator": task.__class__.__name__,
                "after": sorted(task.upstream_task_ids),
                "inlets": [asset.uri for asset in task.inlets if isinstance(asset, Asset)],
                "outlets": [asset.uri for asset in task.outlets if isinstance(asset, Asset)],
                "retries": task.retries,
                "doc": task.doc_md,
                "templates": {name: getattr(task, name) for name in task.template_fields},
            }
            for task in dag.tasks
        ],
    }


@pytest.fixture
def flights_dag(flights: Path, monkeypatch: pytest.MonkeyPatch) -> DAG:
    monkeypatch.setenv("SLUICE_FLIGHTS_MANIFEST", str(flights))
    dag = runpy.run_path(str(FLIGHTS_DAG))["dag"]
    assert isinstance(dag, DAG)
    return dag


def test_the_flights_dag(flights_dag: DAG, golden: Callable[[str, Any], None]) -> None:
    golden("flights-dag.json", shape(flights_dag))


def test_the_flights_dag_runs_for_two_whole_months(flights_dag: DAG) -> None:
    assert intervals(flights_dag) == [
        (utc(2013, 1, 1), utc(2013, 2, 1)),
        (utc(2013, 2, 1), utc(2013, 3, 1)),
    ]


def test_the_flights_dag_without_a_manifest_says_where_it_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLUICE_FLIGHTS_MANIFEST", raising=False)

    with pytest.raises(SluiceConfigError) as error:
        runpy.run_path(str(FLIGHTS_DAG))

    assert str(error.value).startswith(
        f"Cannot read manifest {FLIGHTS_DAG.with_suffix('.json')}: there is no such file."
    )


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        pytest.param("@monthly", CronDataIntervalTimetable, id="preset"),
        pytest.param("0 3 * * *", CronDataIntervalTimetable, id="cron"),
        pytest.param(timedelta(hours=6), DeltaDataIntervalTimetable, id="timedelta"),
    ],
)
def test_plain_schedules_get_intervals(flights: Path, schedule: Any, expected: type) -> None:
    dag = sluice_dag(flights, schedule=schedule, start_date="2013-01-01")

    assert type(dag.timetable) is expected
    (start, end), *_ = intervals(dag, count=1)
    assert start < end


@pytest.mark.parametrize("schedule", [None, "@once", "@continuous"])
def test_other_schedules_are_left_alone(flights: Path, schedule: Any) -> None:
    dag = sluice_dag(flights, schedule=schedule, start_date="2013-01-01", max_active_runs=1)

    assert not isinstance(dag.timetable, (CronDataIntervalTimetable, DeltaDataIntervalTimetable))


def test_an_asset_may_be_the_schedule(flights: Path) -> None:
    dag = sluice_dag(flights, jobs=["delay-stats"], schedule=[Asset("sluice://table/flights.departures")])

    assert dag.get_task("delay-stats").inlets == [Asset("sluice://table/flights.departures")]


def test_the_tables_that_others_write_may_be_the_schedule(reports: Path) -> None:
    dag = sluice_dag(reports, schedule="@upstream", settings={"jdbc-url": "jdbc:sqlite:x"})

    condition: Any = dag.timetable.asset_condition
    assert list(condition.objects) == [table_asset("flights.departures")]


def test_the_punctuality_dag_waits_for_the_departures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_PUNCTUALITY_MANIFEST", str(DATA / "punctuality.json"))

    dag = runpy.run_path(str(FLIGHTS_DAG.with_name("punctuality.py")))["dag"]

    assert list(dag.timetable.asset_condition.objects) == [table_asset("flights.departures")]
    assert dag.task_ids == ["airline-punctuality"]


def test_jobs_that_read_nothing_of_others_have_no_such_schedule(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        sluice_dag(flights, schedule="@upstream")

    assert str(error.value) == (
        f"Cannot schedule the jobs of manifest {flights} on their tables: they read none that others write. "
        "Give the DAG a cron expression, or choose jobs that read another image's tables."
    )


def test_settings_go_to_the_jobs_that_know_them(flights: Path) -> None:
    dag = sluice_dag(flights, settings={"raw": "/raw", "jdbc-url": "jdbc:sqlite:x", "lake.region": "eu"})

    assert {task.task_id: task.settings for task in dag.tasks if isinstance(task, SluiceJobOperator)} == {
        "extract-flights": {"raw": "/raw", "lake.region": "eu"},
        "extract-weather": {"raw": "/raw", "lake.region": "eu"},
        "clean-departures": {"raw": "/raw", "lake.region": "eu"},
        "delay-stats": {"lake.region": "eu"},
        "load-delays": {"jdbc-url": "jdbc:sqlite:x", "lake.region": "eu"},
    }


def test_a_setting_that_no_job_knows_is_refused(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        sluice_dag(flights, settings={"jdbc_url": "x"})

    assert str(error.value) == (
        f"Cannot set 'jdbc_url': no job of manifest {flights} declares such a setting. "
        "Did you mean 'jdbc-url'? Known: jdbc-password, jdbc-url, jdbc-user, late-from, raw."
    )


def test_a_job_that_the_manifest_lacks_is_refused(flights: Path) -> None:
    with pytest.raises(
        SluiceConfigError, match=r"Cannot find job 'extract-flight' .* Did you mean 'extract-flights'\?"
    ):
        sluice_dag(flights, jobs=["extract-flight"])


def test_some_jobs_keep_their_order(flights: Path) -> None:
    dag = sluice_dag(flights, jobs=["load-delays", "delay-stats"])

    assert dag.get_task("load-delays").upstream_task_ids == {"delay-stats"}
    assert dag.get_task("delay-stats").upstream_task_ids == set()


def test_operator_args_and_default_args_reach_every_task(flights: Path) -> None:
    dag = sluice_dag(
        flights, operator_args={"sluice_conn_id": "lab", "deferrable": True}, default_args={"retries": 7, "owner": "me"}
    )

    for task in dag.tasks:
        assert isinstance(task, SluiceJobOperator)
        assert (task.sluice_conn_id, task.deferrable, task.retries, task.owner) == ("lab", True, 7, "me")


def test_a_date_that_is_none(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        sluice_dag(flights, start_date="January")

    assert str(error.value) == "Cannot read date 'January': it is not ISO 8601. Write it as 2013-01-01."


def test_a_task_group_within_a_dag_of_ones_own(flights: Path) -> None:
    with DAG("mine", schedule=None) as dag:
        group = SluiceTaskGroup(flights, settings={"raw": "/raw"})
        other = SluiceTaskGroup(flights, group_id="others", jobs=["extract-weather"])
        group >> other

    assert dag.get_task("flights.clean-departures").upstream_task_ids == {
        "flights.extract-flights",
        "flights.extract-weather",
    }
    assert dag.get_task("others.extract-weather").upstream_task_ids == {"flights.load-delays"}


def test_airflow_can_serialise_dag_and_group(flights: Path, flights_dag: DAG) -> None:
    with DAG("mine", schedule=None) as mine:
        SluiceTaskGroup(flights)

    for dag in (flights_dag, mine):
        again = through_the_database(dag)
        assert sorted(again.task_dict) == sorted(dag.task_dict)


def through_the_database(dag: DAG) -> Any:
    """Return the DAG as Airflow's scheduler sees it."""
    from airflow.serialization import serialized_objects

    names = vars(serialized_objects)
    serialization: Any = names.get("DagSerialization") or names["SerializedDAG"]  # Airflow 3.1 has the second
    return serialization.from_dict(serialization.to_dict(dag))


def intervals(dag: DAG, count: int = 10) -> list[tuple[datetime, datetime]]:
    """Return the intervals for which Airflow's own scheduler would make runs, at most so many."""
    from airflow.timetables.base import DataInterval, TimeRestriction
    from pendulum import instance

    timetable = through_the_database(dag).timetable
    limits = TimeRestriction(
        earliest=instance(dag.start_date) if dag.start_date else None,
        latest=instance(dag.end_date) if dag.end_date else None,
        catchup=True,
    )
    found: list[DataInterval] = []
    while len(found) < count:
        run = timetable.next_dagrun_info(last_automated_data_interval=found[-1] if found else None, restriction=limits)
        if run is None or run.data_interval is None:
            break
        found.append(run.data_interval)
    return [(interval.start, interval.end) for interval in found]


def utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=timezone.utc)
