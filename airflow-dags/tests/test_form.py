from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import Param

from sluice_airflow import SluiceJobOperator, sluice_dag
from sluice_airflow.form import interval_params, settings_params
from sluice_airflow.manifest import Job, Manifest
from test_dag import through_the_database


@pytest.fixture
def form(reports: Path) -> dict[str, Param]:
    return settings_params(Manifest.load(reports).jobs, {})


def looks(param: Param) -> tuple[Any, dict[str, Any]]:
    return param.value, {key: value for key, value in param.schema.items() if key != "title"}


def test_a_field_for_every_setting_but_secrets(form: dict[str, Param]) -> None:
    assert list(form) == ["cancelled", "departures-snapshot", "jdbc-url", "on-time", "order", "share", "since"]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("on-time", {"type": ["null", "integer"]}),
        ("share", {"type": ["null", "number"]}),
        ("jdbc-url", {"type": ["null", "string"]}),
        ("since", {"type": ["null", "string"], "format": "date"}),
        ("order", {"type": ["null", "string"], "enum": [None, "best", "worst"]}),
        ("cancelled", {"type": ["null", "string"], "enum": [None, "true", "false"]}),
    ],
)
def test_fields_are_typed_and_empty(form: dict[str, Param], name: str, schema: dict[str, Any]) -> None:
    assert looks(form[name]) == (None, schema)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "on-time",
            "Minutes that count as on time. Empty: 15, unless the connection says otherwise. "
            "For punctuality, publish-ranking.",
        ),
        (
            "share",
            "Least share of departures. Empty: 0.01, unless the connection says otherwise. For punctuality.",
        ),
        (
            "jdbc-url",
            "JDBC address of the database. Empty: as the connection says, which then must. For publish-ranking.",
        ),
        (
            "departures-snapshot",
            "Snapshot of the departures to read. Empty: as the connection or the job says. For punctuality.",
        ),
    ],
)
def test_fields_say_what_they_are_for_and_what_holds_when_empty(form: dict[str, Param], name: str, text: str) -> None:
    assert form[name].description == text


@pytest.mark.parametrize(
    ("name", "value", "filled"),
    [("on-time", 5, 5), ("share", 1, 1), ("cancelled", True, "true"), ("order", "worst", "worst")],
)
def test_what_the_dag_sets_is_filled_in(reports: Path, name: str, value: Any, filled: Any) -> None:
    field = settings_params(Manifest.load(reports).jobs, {name: value})[name]

    assert field.value == filled
    assert f" Empty: {filled}, as the DAG says. " in str(field.description)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("departures-snapshot", "{{ published('flights.departures').snapshot_id }}", id="a template"),
        pytest.param("on-time", "5", id="another type"),
        pytest.param("on-time", True, id="no number either"),
        pytest.param("order", "any", id="none of the choices"),
        pytest.param("cancelled", "True", id="a spelling that only the job knows"),
        pytest.param("jdbc-url", object(), id="what another task will say"),
    ],
)
def test_what_no_form_can_show_is_not_asked_for(reports: Path, name: str, value: Any) -> None:
    assert name not in settings_params(Manifest.load(reports).jobs, {name: value})


def test_a_setting_that_jobs_declare_differently_is_not_asked_for() -> None:
    jobs = [
        Job(name=kind, kind="transform", settings=frozenset({"limit"}), schemas={"limit": {"type": kind}})
        for kind in ("string", "integer")
    ]

    assert settings_params(jobs, {}) == {}


def test_the_interval_is_asked_for_where_a_job_needs_one(reports: Path) -> None:
    manifest = Manifest.load(reports)

    assert list(interval_params(manifest.jobs)) == ["interval-start", "interval-end"]
    assert interval_params([manifest.job("publish-ranking")]) == {}


def test_a_job_with_a_setting_of_that_name_keeps_it() -> None:
    jobs = [Job(name="a", kind="transform", settings=frozenset({"interval-end"}), needs_interval=True)]

    assert interval_params(jobs) == {}


def test_a_dag_has_the_form_and_its_tasks_ask_it(reports: Path) -> None:
    dag = through_the_database(sluice_dag(reports, settings={"on-time": 5}))

    assert dag.params["on-time"] == 5
    assert dag.params["order"] is None
    assert {task.task_id: list(task.settings_from_params) for task in sluice_dag(reports).tasks
            if isinstance(task, SluiceJobOperator)} == {
        "punctuality": ["cancelled", "departures-snapshot", "on-time", "order", "share", "since"],
        "publish-ranking": ["jdbc-url", "on-time"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [("on-time", "soon"), ("order", "any"), ("since", "yesterday"), ("cancelled", True)],
)
def test_airflow_refuses_what_does_not_fit(reports: Path, name: str, value: Any) -> None:
    params: Any = sluice_dag(reports).params

    with pytest.raises(Exception, match=str(value)):
        params.get_param(name).resolve(value)


def test_params_of_ones_own_come_on_top(reports: Path) -> None:
    dag = sluice_dag(reports, params={"mood": "good", "on-time": 7})

    assert (dag.params["mood"], dag.params["on-time"], dag.params["order"]) == ("good", 7, None)


def test_a_dag_may_have_no_form(reports: Path) -> None:
    dag = sluice_dag(reports, params=False)

    task: Any = dag.get_task("punctuality")
    assert dict(dag.params) == {}
    assert not task.settings_from_params


def test_a_scheduled_dag_may_have_one(reports: Path) -> None:
    dag: Any = sluice_dag(reports, schedule="@daily", start_date="2013-01-01")

    dag.validate()
