"""A person is asked before a job whose plan takes something away; in a real Airflow."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from real_airflow import RealAirflow, airflow, asks_a_person, database
from sluice_airflow import sluice_dag
from sluice_airflow.exceptions import SluiceConfigError
from test_dag import shape, through_the_database

__all__ = ["airflow", "database"]

pytestmark = pytest.mark.filterwarnings("default")

DATA = Path(__file__).parent / "data"

DAG = """
    from sluice_airflow import sluice_dag

    dag = sluice_dag(
        "{data}/flights.json", jobs=["clean-departures", "delay-stats"], schedule="@monthly",
        start_date="2013-01-01", catchup=True, approve={approve}, register={register},
    )
"""

LOST = "drop column seats int (breaks readers of the column)"
DROPS: dict[str, Any] = {"destructive": [LOST], "register": [LOST, "add column gate string (readers go on)"]}


def start(airflow: RealAirflow, *, approve: Any = "destructive", first_register: bool = False, **plan: Any) -> Any:
    airflow.connect(FAKE_JAVA_PLAN=json.dumps(plan))
    airflow.parse(flights=DAG.format(data=DATA, approve=repr(approve), register=first_register))
    (run,) = airflow.schedule()
    return run


def ran(airflow: RealAirflow) -> list[str]:
    return sorted(" ".join(words[:2]) for words in airflow.asked_of_java())


def test_nobody_is_asked_where_nothing_is_taken_away(airflow: RealAirflow) -> None:
    run = start(airflow, register=["add column gate string (readers go on)"])

    assert set(airflow.run(run).values()) == {"success"}
    assert ran(airflow) == ["plan clean-departures", "plan delay-stats", "run clean-departures", "run delay-stats"]


@asks_a_person
def test_a_job_waits_for_the_answer_and_runs_when_it_is_yes(airflow: RealAirflow) -> None:
    run = start(airflow, **DROPS)

    waiting = airflow.run(run)
    assert waiting["approve.clean-departures"] == waiting["approve.delay-stats"] == "awaiting_input"
    assert ran(airflow) == ["plan clean-departures", "plan delay-stats"], "the jobs wait"

    asked = airflow.answer(run, "approve.clean-departures", "Approve")
    airflow.answer(run, "approve.delay-stats", "Approve")

    assert set(airflow.run(run).values()) == {"success"}
    assert asked.startswith(
        "Run job clean-departures as planned?\n\n"
        "This would take away from readers:\n\n"
        "- drop column seats int (breaks readers of the column)\n\n"
        "```\nplan of clean-departures\n"
    )
    assert "registers:\n  drop column seats int (breaks readers of the column)\n  add column gate string" in asked


@asks_a_person
def test_rejected_the_job_and_what_waits_for_it_are_skipped(airflow: RealAirflow) -> None:
    run = start(airflow, first_register=True, **DROPS)
    airflow.run(run)

    airflow.answer(run, "approve.clean-departures", "Reject")
    airflow.answer(run, "approve.delay-stats", "Approve")
    states = airflow.run(run)

    assert {name: state for name, state in states.items() if state != "success"} == {
        "register.clean-departures": "skipped",
        "clean-departures": "skipped",
        "delay-stats": "skipped",
    }
    assert "run clean-departures" not in ran(airflow)
    assert airflow.events() == []


@asks_a_person
def test_jobs_that_are_named_are_always_asked_about(airflow: RealAirflow) -> None:
    run = start(airflow, approve=["delay-stats"])

    waiting = airflow.run(run)
    assert waiting["approve.delay-stats"] == "awaiting_input"
    assert waiting["clean-departures"] == "success"

    asked = airflow.answer(run, "approve.delay-stats", "Approve")
    assert asked.startswith("Run job delay-stats as planned?\n\n```\nplan of delay-stats\n")
    assert airflow.run(run)["delay-stats"] == "success"


def test_work_that_is_committed_needs_no_answer(airflow: RealAirflow) -> None:
    run = start(airflow, approve=["delay-stats"], already_committed=True)

    assert set(airflow.run(run).values()) == {"success"}


def test_what_a_dag_looks_like_that_asks(flights: Path, golden: Callable[[str, Any], None]) -> None:
    dag = sluice_dag(flights, jobs=["clean-departures"], register=True, approve="destructive")

    golden("approving-dag.json", shape(dag))
    assert sorted(through_the_database(dag).task_dict) == sorted(dag.task_dict)


def test_a_word_that_is_none_is_refused(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        sluice_dag(flights, approve="always")

    assert str(error.value) == (
        "Cannot ask for approval of 'always': it is neither 'destructive' nor a list of jobs. "
        "Write approve='destructive', or approve=['clean-departures']."
    )


def test_a_job_that_is_none_is_refused(flights: Path) -> None:
    with pytest.raises(SluiceConfigError, match=r"Cannot find job 'delay-stat' .* Did you mean 'delay-stats'\?"):
        sluice_dag(flights, approve=["delay-stat"])


def test_a_standard_provider_that_cannot_ask_says_what_to_install(
    flights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "sluice_airflow.operators.approval", raising=False)
    monkeypatch.setitem(sys.modules, "airflow.providers.standard.operators.hitl", cast("Any", None))

    with pytest.raises(SluiceConfigError) as error:
        sluice_dag(flights, approve="destructive")

    assert str(error.value).startswith(
        "Cannot ask for approval of job 'clean-departures': a package is missing or old ("
    )
    assert str(error.value).endswith("Install airflow-provider-sluice[approval].")
