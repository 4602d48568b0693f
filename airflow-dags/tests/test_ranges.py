"""One task for many parts of an interval: what it asks for, what it believes, and what it says of the parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import clock, cluster, mode, operator, pod_connection, run, says
from receipts import JOB, TOKEN, days, ranged, text
from sluice_airflow import SluiceJobOperator, SluiceTaskGroup, sluice_dag
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceDataError,
    SluiceError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceTerminated,
)
from sluice_airflow.ranges import Range
from sluice_airflow.receipt import parse_receipt
from sluice_airflow.summary import MAX_LINES, success_text
from sluice_airflow.testing import cluster as fake
from sluice_airflow.verdict import Ending, Outcome, State, judge

__all__ = ["clock", "cluster", "mode", "pod_connection"]

GOLDEN = Path(__file__).parents[2] / "sdk/model/src/test/resources/dev/sluice/model/golden"

MANY = [(day, f"Cannot publish flights.departures: {day} rows fail. Look at the quarantine.") for day in range(1, 31)]


def outcome(exit_code: int, document: dict[str, Any]) -> Outcome:
    ending = Ending(State.ENDED, "pod jobs/flights-1", TOKEN, exit_code=exit_code, message=text(document))
    return Outcome.of(ending, job=JOB)


def verdict(exit_code: int, document: dict[str, Any]) -> SluiceError:
    with pytest.raises(SluiceError) as error:
        judge(outcome(exit_code, document))
    return error.value


# What is asked for.


def test_jobs_with_an_interval_run_for_each_part_and_nothing_else_does(flights: Path) -> None:
    dag = sluice_dag(flights, each="day", register=True, verify=True)

    each = {task.task_id: task.each for task in dag.tasks if isinstance(task, SluiceJobOperator)}
    assert {name for name, part in each.items() if part == "day"} == {
        task.task_id
        for task in dag.tasks
        if isinstance(task, SluiceJobOperator) and task.spec.needs_interval and task.spec.leaves_receipt
    }
    assert each[JOB] == "day"
    assert (each[f"register.{JOB}"], each[f"verify.{JOB}"]) == (None, None)


def test_a_plan_is_one_of_the_whole_interval(flights: Path) -> None:
    dag = sluice_dag(flights, each="day", approve=[JOB])

    plan: Any = dag.get_task(f"plan.{JOB}")
    assert plan.each is None


def test_a_group_runs_for_each_part_as_well(flights: Path) -> None:
    from airflow.sdk import DAG

    with DAG("nightly", schedule=None) as dag:
        SluiceTaskGroup(flights, each="hour", jobs=[JOB])

    task: Any = dag.get_task(f"flights.{JOB}")
    assert task.each == "hour"


def test_a_word_that_is_no_part_is_refused_when_the_dag_is_parsed(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        sluice_dag(flights, each="days")

    assert "for each 'days': that is no part of an interval. Did you mean 'day'?" in str(error.value)


@pytest.mark.parametrize("job", [f"register.{JOB}", f"verify.{JOB}", f"plan.{JOB}"])
def test_what_is_no_run_of_a_job_has_no_parts(flights: Path, job: str) -> None:
    with pytest.raises(SluiceConfigError) as error:
        SluiceJobOperator(job=job, manifest=flights, each="day")

    assert str(error.value) == (
        f"Cannot run job '{job}' for each day: it has no interval that could be split. "
        "Leave out 'each', or declare the job perInterval() and write the manifest again."
    )


def test_a_manifest_whose_jobs_have_no_interval_is_refused(flights: Path, tmp_path: Path) -> None:
    document = json.loads(flights.read_text())
    for job in document["jobs"]:
        job["interval"] = "none"
    manifest = tmp_path / "no-interval.json"
    manifest.write_text(json.dumps(document))

    with pytest.raises(SluiceConfigError) as error:
        sluice_dag(manifest, each="day")

    assert str(error.value) == (
        f"Cannot run the jobs of manifest {manifest} for each day: none of them has an interval. Leave out 'each'."
    )


def test_the_pod_is_the_whole_ranges(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], clock: fake.Clock
) -> None:
    made = cluster(fake.running, fake.ended(0, says(**days())))

    run(operator(flights, mode, each="day"), context())
    run(operator(flights, mode), context())

    with_parts, without = made.created
    assert with_parts.metadata.name == without.metadata.name, "the same work has the same pod, whoever does it"
    assert with_parts.spec.containers[0].args[4:6] == ["--each", "day"]


# What is believed.


def test_what_the_sdk_writes_is_read() -> None:
    if not GOLDEN.is_dir():
        pytest.skip("the SDK is not beside this package")
    document = json.loads((GOLDEN / "receipt-range-brief.json").read_text())

    found = parse_receipt(json.dumps(document), run_token=document["run_token"], job=document["job"]).range

    assert found is not None
    assert found.text() == "2 of 5 days committed, 1 of them before, 2 failed, 1 not run"
    assert [part.interval for part in found.failures] == ["2013-01-03/2013-01-04", "2013-01-04/2013-01-05"]


def test_green_needs_all_parts(mode: str, flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    cluster(fake.running, fake.ended(0, says(**days(30, 0, (), 1))))
    ctx = context()

    with pytest.raises(SluiceReceiptError) as error:
        run(operator(flights, mode, each="day"), ctx)

    assert "its receipt says COMMITTED, but also 30 of 31 days committed, 1 not run" in str(error.value)
    assert ctx["outlet_events"] == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"failed": 1}, "it is one of a range, and its counts do not add up"),
        ({"parts": "31"}, "it is one of a range, and it has no counts"),
        ({"each": "week"}, "it is one of a range, and it has no counts"),
    ],
)
def test_a_range_that_makes_no_sense_is_not_believed(change: dict[str, Any], reason: str) -> None:
    document = ranged()
    document["range"].update(change)

    with pytest.raises(SluiceReceiptError) as error:
        parse_receipt(text(document), run_token=TOKEN, job=JOB)

    assert reason in str(error.value)


def test_the_event_has_the_counts_and_the_rows_of_all(flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    cluster(fake.running, fake.ended(0, says(**days(30, 1))))
    ctx = context()

    run(operator(flights, each="day"), ctx)

    (event,) = ctx["outlet_events"].values()
    assert event.extra["range"] == {
        "each": "day",
        "parts": 31,
        "committed": 30,
        "already_committed": 1,
        "failed": 0,
        "not_run": 0,
    }
    assert event.extra["rows"]["written"] == 26483
    assert event.extra["interval"] == {"start": "2013-01-01T00:00:00Z", "end": "2013-02-01T00:00:00Z"}


# What is said.


def test_many_failed_parts_fit_one_screen() -> None:
    error = verdict(3, ranged(1, 0, MANY))

    lines = str(error).splitlines()
    assert type(error) is SluiceDataError
    assert len(lines) <= MAX_LINES
    assert lines[-1] == "    and 27 more: the receipt lists all"
    assert sum(" REFUSED: Cannot publish" in line for line in lines) == 3


def test_a_range_that_was_told_to_stop_says_what_it_has_kept() -> None:
    stopped = {"status": "CANCELLED", "exit_code": 143, "phase": "report"}
    error = verdict(143, ranged(12, 0, (), 19, **stopped))

    assert type(error) is SluiceTerminated
    assert str(error).splitlines()[0] == (
        f"Cannot finish job '{JOB}': it was told to stop. What is committed stays; the next try does the rest."
    )
    assert "  parts      12 of 31 days committed, 19 not run" in str(error).splitlines()


def test_a_kill_names_the_part_that_was_on_its_way() -> None:
    document = ranged(12, 0, (), 19, status="RUNNING", exit_code=None, phase="transform")
    document["range"]["running"] = {"start": "2013-01-13T00:00:00Z", "end": "2013-01-14T00:00:00Z"}
    error = verdict(137, document)

    assert type(error) is SluiceOutOfMemory
    assert "12 of 31 days committed, 19 not run, ended within 2013-01-13/2013-01-14" in str(error)


def test_hours_are_named_with_their_time() -> None:
    document = ranged(30, 0, (), 1)["range"]
    document["running"] = {"start": "2013-01-01T05:00:00Z", "end": "2013-01-01T06:00:00Z"}

    assert Range.of(document).running == "2013-01-01T05:00:00Z/2013-01-01T06:00:00Z"


def test_texts_as_people_see_them(golden: Callable[[str, Any], None]) -> None:
    texts = [success_text(judge(outcome(0, ranged(29, 2)))), str(verdict(3, ranged(1, 0, MANY)))]

    golden("range-texts.txt", "\n\n".join(texts))
