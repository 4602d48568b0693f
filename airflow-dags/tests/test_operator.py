"""The operator through the process launcher: rendering, interval, settings, result, kill."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG
from pendulum import datetime as moment

from contexts import AssetEvents, context, event
from sluice_airflow import SluiceJobOperator, table_asset
from sluice_airflow._compat import AirflowFailException
from sluice_airflow.exceptions import SluiceConfigError

JANUARY = {"data_interval_start": moment(2013, 1, 1), "data_interval_end": moment(2013, 2, 1)}


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the default connection at a java that writes down what it was given."""
    (tmp_path / "flights.jar").touch()
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_java.py")}" "$@"\n')
    java.chmod(0o755)
    connect(monkeypatch, tmp_path)
    return tmp_path / "seen.json"


def connect(monkeypatch: pytest.MonkeyPatch, home: Path, **extra: Any) -> None:
    settings = {
        "launcher": "process",
        "java": str(home / "java"),
        "home": str(home),
        "env": {"FAKE_JAVA_SEEN": str(home / "seen.json")},
        **extra,
    }
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": settings}))


def task(flights: Path, **more: Any) -> SluiceJobOperator:
    with DAG("flights", schedule=None):
        return SluiceJobOperator(**{"job": "clean-departures", "manifest": flights, **more})


def rendered(operator: SluiceJobOperator, **values: Any) -> Any:
    ctx: Any = {**context(task_id=operator.task_id), **values}
    operator.render_template_fields(ctx)
    return ctx


def arguments(seen: Path) -> list[str]:
    words: list[str] = json.loads(seen.read_text())["argv"]
    return words[2:]


def test_the_data_interval_is_the_jobs_interval(flights: Path, seen: Path) -> None:
    operator = task(flights)

    result = operator.execute(rendered(operator, **JANUARY))

    assert result["status"] == "COMMITTED"
    assert arguments(seen) == [
        "run",
        "clean-departures",
        "--interval",
        "2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00",
    ]


def test_an_interval_of_ones_own_may_be_templated_or_a_date(flights: Path, seen: Path) -> None:
    operator = task(
        flights,
        interval_start="{{ params.begin }}",
        interval_end=datetime(2013, 1, 8, tzinfo=timezone.utc),
    )

    operator.execute(rendered(operator, params={"begin": "2013-01-01"}))

    assert arguments(seen)[2:4] == ["--interval", "2013-01-01/2013-01-08T00:00:00+00:00"]


def test_settings_are_rendered_and_passed_on(flights: Path, seen: Path) -> None:
    operator = task(flights, settings={"raw": "/raw/{{ run_id }}", "spark.cores": 2, "lake.s3.path-style": True})

    operator.execute(rendered(operator, **JANUARY))

    assert arguments(seen)[4:] == [
        "--set",
        "raw=/raw/scheduled__2013-01-01T00:00:00+00:00",
        "--set",
        "spark.cores=2",
        "--set",
        "lake.s3.path-style=true",
    ]


def test_receipts_are_copied_to_one_place_a_task(
    flights: Path, seen: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connect(monkeypatch, tmp_path, receipt_root="s3a://receipts/")
    operator = task(flights)

    operator.execute(rendered(operator, **JANUARY))

    assert arguments(seen)[4:] == [
        "--receipt",
        "s3a://receipts/flights/scheduled__2013-01-01T00-00-00-00-00/clean-departures.json",
    ]


def test_a_job_without_an_interval_gets_none(flights: Path, seen: Path, tmp_path: Path) -> None:
    document = json.loads(flights.read_text())
    for job in document["jobs"]:
        job["interval"] = "none"
    manifest = tmp_path / "no-interval.json"
    manifest.write_text(json.dumps(document))
    operator = task(manifest)

    operator.execute(rendered(operator))

    assert arguments(seen) == ["run", "clean-departures"]


def test_a_run_without_a_data_interval_says_how_to_trigger(flights: Path, seen: Path) -> None:
    operator = task(flights)

    with pytest.raises(SluiceConfigError) as error:
        operator.execute(rendered(operator))

    assert isinstance(error.value, AirflowFailException)
    assert str(error.value) == (
        "Cannot run job 'clean-departures': it needs an interval, and this run has no data interval. "
        "Trigger the DAG with a logical date, or give the operator interval_start and interval_end."
    )
    assert not seen.exists(), "nothing was started"


def test_an_empty_data_interval_says_which_timetable_to_use(flights: Path, seen: Path) -> None:
    operator = task(flights)
    instant = {"data_interval_start": moment(2013, 1, 1), "data_interval_end": moment(2013, 1, 1)}

    with pytest.raises(SluiceConfigError) as error:
        operator.execute(rendered(operator, **instant))

    assert str(error.value) == (
        "Cannot run job 'clean-departures': its data interval is empty (2013-01-01T00:00:00+00:00 to "
        "2013-01-01T00:00:00+00:00). Schedule the DAG with CronDataIntervalTimetable, as sluice_dag does; "
        "a bare cron string has no intervals in Airflow 3. Or trigger it with an interval in the form."
    )


def test_an_unknown_setting_is_refused_when_the_dag_is_parsed(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        task(flights, settings={"rw": "/raw"})

    assert str(error.value) == (
        f"Cannot set 'rw' of job 'clean-departures': manifest {flights} declares no such setting. "
        "Did you mean 'raw'? Known: raw."
    )


def test_a_setting_that_is_no_scalar_is_refused(flights: Path, seen: Path) -> None:
    operator = task(flights, settings={"raw": ["/a", "/b"]})

    with pytest.raises(SluiceConfigError) as error:
        operator.execute(rendered(operator, **JANUARY))

    assert str(error.value) == (
        "Cannot set 'raw': a setting is a text, a number or a boolean, but this is a list. Write it as a text."
    )


def test_deferrable_means_nothing_to_a_process(flights: Path, seen: Path) -> None:
    operator = task(flights, deferrable=True)

    assert operator.execute(rendered(operator, **JANUARY))["status"] == "COMMITTED"


def test_every_try_has_a_token_of_its_own(flights: Path, seen: Path) -> None:
    tokens = set()
    for _ in range(2):
        operator = task(flights)
        operator.execute(rendered(operator, **JANUARY))
        tokens.add(json.loads(seen.read_text())["env"]["SLUICE_RUN_TOKEN"])

    assert len(tokens) == 2


def test_the_outlets_events_carry_the_result_and_more(flights: Path, seen: Path) -> None:
    operator = task(flights)
    ctx = rendered(operator, **JANUARY)

    result = operator.execute(ctx)

    ((uri, told),) = ctx["outlet_events"].items()
    assert uri == "sluice://table/flights.departures"
    assert told.extra.items() >= result.items()
    assert set(told.extra) - set(result) == {"interval", "files", "bytes", "quality"}


def test_a_run_that_tables_have_triggered_has_their_interval(flights: Path, seen: Path) -> None:
    operator = task(flights)
    january = event(interval={"start": "2013-01-01T00:00:00Z", "end": "2013-02-01T00:00:00Z"})

    operator.execute(rendered(operator, triggering_asset_events=AssetEvents(flights__flights=[january])))

    assert arguments(seen)[2:] == ["--interval", "2013-01-01T00:00:00Z/2013-02-01T00:00:00Z"]


def test_an_interval_of_its_own_wins_over_the_tables(flights: Path, seen: Path) -> None:
    operator = task(flights)
    other = AssetEvents(flights__flights=[event(interval={"start": "2000-01-01", "end": "2000-02-01"})])

    operator.execute(rendered(operator, triggering_asset_events=other, **JANUARY))

    assert arguments(seen)[3].startswith("2013-01-01")


def test_what_somebody_has_filled_in_wins_over_the_settings(flights: Path, seen: Path) -> None:
    operator = task(flights, settings={"raw": "/raw"}, settings_from_params=["raw"])

    operator.execute(rendered(operator, params={"raw": "/mine", "other": 1}, **JANUARY))

    assert arguments(seen)[4:] == ["--set", "raw=/mine"]


def test_what_nobody_has_filled_in_changes_nothing(flights: Path, seen: Path) -> None:
    operator = task(flights, settings={"raw": "/raw"}, settings_from_params=["raw"])

    operator.execute(rendered(operator, params={"raw": None}, **JANUARY))

    assert arguments(seen)[4:] == ["--set", "raw=/raw"]


def test_a_kill_before_the_start_does_no_harm(flights: Path) -> None:
    task(flights).on_kill()


def test_the_task_is_named_after_the_job_unless_told_otherwise(flights: Path) -> None:
    assert task(flights).task_id == "clean-departures"
    assert task(flights, task_id="clean").task_id == "clean"


def test_a_mapped_task_shows_its_tables_before_it_runs(flights: Path) -> None:
    with DAG("mapped", schedule=None) as dag:
        SluiceJobOperator.partial(job="clean-departures", manifest=flights).expand(settings=[{"raw": "/a"}])

    mapped = dag.get_task("clean-departures")
    assert mapped.is_mapped
    assert mapped.outlets == [table_asset("flights.departures")]
    assert mapped.inlets == [table_asset("flights.flights"), table_asset("flights.weather")]
    assert mapped.doc_md == "Joins flights with airline, plane and weather at departure"


def test_a_mapped_task_is_named_by_what_tells_it_from_its_siblings(flights: Path) -> None:
    midnight = {
        "interval_start": datetime(2013, 1, 1, tzinfo=timezone.utc),
        "interval_end": "2013-01-01T06:00:00+00:00",
    }

    assert (
        task(flights, settings={"raw": "/a"}, **midnight).mapped_name == "2013-01-01/2013-01-01T06:00:00+00:00 raw=/a"
    )
    assert task(flights, interval_start="", settings={"raw": "/b"}).mapped_name == "raw=/b"
    assert task(flights, job="register.clean-departures", settings={"raw": "/b"}).mapped_name == "raw=/b"
