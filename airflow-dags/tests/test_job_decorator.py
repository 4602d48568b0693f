"""The decorator: what the function is asked, what its answer does, and that it is asked once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

import sluice_airflow as sluice
from contexts import context
from pods import clock, cluster, mode, run, says, trigger
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.testing import cluster as fake
from test_operator import arguments, seen

__all__ = ["clock", "cluster", "mode", "seen"]

JANUARY = ("2013-01-01", "2013-02-01")


def task(function: Callable[..., Any], flights: Path, **more: Any) -> Any:
    with DAG("mine", schedule=None) as dag:
        sluice.job("clean-departures", flights, **more)(function)()
    return dag.get_task(function.__name__)


def test_the_function_gets_what_it_asks_for_of_the_context(flights: Path, seen: Path) -> None:
    def clean(run_id: str) -> Any:
        return {"raw": f"/raw/{run_id[:9]}"}, JANUARY

    task(clean, flights).execute(context())

    assert arguments(seen)[2:] == ["--interval", "2013-01-01/2013-02-01", "--set", "raw=/raw/scheduled"]


def test_its_answer_comes_on_top_of_the_settings(flights: Path, seen: Path) -> None:
    def clean() -> dict[str, Any]:
        return {"spark.cores": 4}

    settings = {"raw": "/raw", "spark.cores": 1}
    task(clean, flights, settings=settings, interval_start="2013-01-01", interval_end="2013-02-01").execute(context())

    assert arguments(seen)[4:] == ["--set", "raw=/raw", "--set", "spark.cores=4"]


def test_it_may_have_nothing_to_say(flights: Path, seen: Path) -> None:
    def clean() -> None: ...

    task(clean, flights, interval_start="2013-01-01", interval_end="2013-02-01").execute(context())

    assert arguments(seen) == ["run", "clean-departures", "--interval", "2013-01-01/2013-02-01"]


def test_it_has_the_jobs_tables_and_the_functions_name(flights: Path) -> None:
    def clean() -> None: ...

    made = task(clean, flights)

    assert made.task_id == "clean"
    assert made.outlets == [sluice.table_asset("flights.departures")]
    assert made.doc_md == "Joins flights with airline, plane and weather at departure"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"rw": "/raw"}, r"Cannot set 'rw' of job 'clean-departures': .* Did you mean 'raw'\?"),
        ({"lake.rest.token": "x"}, "Cannot set 'lake.rest.token' of job 'clean-departures' in a DAG: it is a secret"),
        ("/raw", r"its function returned '/raw'\. Return the settings as a dict"),
        (({}, "2013-01"), "Return the settings as a dict"),
    ],
)
def test_a_wrong_answer_starts_nothing(flights: Path, seen: Path, answer: Any, message: str) -> None:
    def clean() -> Any:
        return answer

    with pytest.raises(SluiceConfigError, match=message):
        task(clean, flights).execute(context())

    assert not seen.exists()


def test_it_is_asked_once_though_another_process_comes_back(
    flights: Path, cluster: Callable[..., fake.Cluster], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = {"namespace": "jobs"}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    made = cluster(fake.pending, fake.running, fake.ended(0, says()))
    asked: list[int] = []

    def clean() -> Any:
        asked.append(1)
        return {"raw": "/raw"}, JANUARY

    operator = task(clean, flights, deferrable=mode == "deferrable")

    assert run(operator, context(task_id="clean"))["status"] == "COMMITTED"
    assert made.created[0].spec.containers[0].args[2:] == ["--interval", "2013-01-01/2013-02-01", "--set", "raw=/raw"]
    assert asked == [1]


def test_a_decorator_that_does_not_say_which_job(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        sluice.job()

    assert str(error.value) == (
        "Cannot make a task of a function: which job it runs is not said. "
        'Write @sluice.job("clean-departures", manifest="/opt/airflow/dags/flights.json").'
    )


def test_a_deferred_answer_comes_back_from_the_database(
    flights: Path, cluster: Callable[..., fake.Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that comes back has an operator of its own, which has not asked the function."""
    extra = {"namespace": "jobs"}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    cluster(fake.running, fake.running, fake.ended(0, says()))

    def clean() -> Any:
        return {"raw": "/raw"}, JANUARY

    with pytest.raises(TaskDeferred) as deferred:
        task(clean, flights, deferrable=True).execute(context(task_id="clean"))
    event, kwargs = trigger(deferred.value), json.loads(json.dumps(deferred.value.kwargs))

    again = task(clean, flights, deferrable=True)
    assert again.resume(context(task_id="clean"), event=event, **kwargs)["status"] == "COMMITTED"
    assert (again.settings, again.interval_start) == ({"raw": "/raw"}, "2013-01-01")
