"""Plans: read from the output of a command that leaves no receipt, judged, and run as tasks by both launchers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import MONTH, clock, cluster, mode, run
from sluice_airflow import SluiceJobOperator
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceContractError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceJobError,
    SluiceOutOfMemory,
    SluiceReceiptError,
)
from sluice_airflow.manifest import Manifest
from sluice_airflow.plan import MAX_TEXT_LINES, Plan, judge_plan, parse_plan
from sluice_airflow.testing import cluster as fake
from sluice_airflow.verdict import Ending, State
from test_operator import JANUARY, arguments, connect, rendered, seen

__all__ = ["clock", "cluster", "mode", "seen"]

JOB = "clean-departures"
DOCUMENT: dict[str, Any] = {
    "job": JOB,
    "run_key": "clean-departures/flights.departures/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z",
    "already_committed": False,
    "reads": ["flights: table flights.flights, time_hour within the interval"],
    "write": "flights.departures (replace-partitions) at file:///lake/flights/departures",
    "columns": ["flight_date date", "origin string"],
    "checks": ["dep-delay-known (each row; on failure: quarantine)"],
    "register": ["add column gate string (readers go on)"],
    "not_checked": ["the rows themselves: checks run while they are written"],
}


def printed(**changes: Any) -> list[str]:
    """Return the lines of a plan among others' words."""
    lines = json.dumps({**DOCUMENT, **changes}, indent=2).splitlines()
    return ["INFO the lake is open", "{", *lines, "WARN a hook took its time"]


def plan(**changes: Any) -> Plan:
    return parse_plan(printed(**changes), job=JOB)


@pytest.fixture
def pods(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"namespace": "jobs"}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))


def ending(exit_code: int | None, *lines: str, **more: Any) -> Ending:
    state = State.ENDED if exit_code is not None else State.GONE
    return Ending(state=state, where="process 7", run_token="t", exit_code=exit_code, log_tail=lines, **more)


def test_reads_a_plan_among_others_words() -> None:
    assert plan().text() == "\n".join(
        [
            "plan of clean-departures",
            "run key: clean-departures/flights.departures/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z",
            "reads:",
            "  flights: table flights.flights, time_hour within the interval",
            "writes:",
            "  flights.departures (replace-partitions) at file:///lake/flights/departures",
            "registers:",
            "  add column gate string (readers go on)",
            "checks:",
            "  dep-delay-known (each row; on failure: quarantine)",
            "columns:",
            "  flight_date date",
            "  origin string",
            "not checked:",
            "  the rows themselves: checks run while they are written",
        ]
    )


def test_says_how_joins_are_done() -> None:
    line = "left join on id: decided when it runs, by the sizes of both sides and by their keys"

    assert f"writes:\n  {DOCUMENT['write']}\njoins:\n  {line}\nregisters:" in plan(joins=[line]).text()


def test_reads_what_an_image_has_printed() -> None:
    lines = Path(__file__).parent.joinpath("data", "plan.json").read_text().splitlines()

    read = parse_plan(lines, job=JOB)

    assert read.register == ("create table flights.departures at file:///lake/flights/departures",)
    assert (len(read.reads), len(read.columns), len(read.checks), len(read.not_checked)) == (4, 18, 10, 2)
    assert read.destructive == ()


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        pytest.param({}, (), id="a column more"),
        pytest.param(
            {"register": ["drop column seats int (breaks readers of the column)"]},
            ("drop column seats int (breaks readers of the column)",),
            id="a column dropped",
        ),
        pytest.param(
            {
                "register": [
                    "rename column a to b (breaks readers of the column)",
                    "reorder columns to b, c (readers …)",
                ]
            },
            ("rename column a to b (breaks readers of the column)",),
            id="a column renamed",
        ),
        pytest.param(
            {"write": "flights.departures (replace-table) at file:///lake"},
            ("replace all rows of flights.departures",),
            id="all rows replaced",
        ),
        pytest.param(
            {
                "write": "flights.departures (replace-table) at file:///lake",
                "register": ["create table flights.departures at file:///lake"],
            },
            (),
            id="a new table has no rows to lose",
        ),
        pytest.param(
            {"write": "flights.departures (replace-table) at file:///lake", "already_committed": True},
            (),
            id="all rows replaced long ago",
        ),
    ],
)
def test_what_a_run_would_take_away(changes: dict[str, Any], lost: tuple[str, ...]) -> None:
    assert plan(**changes).destructive == lost


def test_a_long_plan_is_cut_for_the_tasks_that_come_after() -> None:
    result = plan(columns=[f"c{n} string" for n in range(1000)]).to_xcom()

    assert len(result["text"].splitlines()) == MAX_TEXT_LINES + 1
    assert result["text"].endswith(" more lines in the task's log")
    assert len(json.dumps(result)) < 8192


def test_exit_code_0_without_a_plan_is_no_proof() -> None:
    with pytest.raises(SluiceReceiptError) as error:
        judge_plan(ending(0, "gravel"), job=JOB)

    assert str(error.value) == (
        "Cannot believe the plan of job 'clean-departures': the output holds none. "
        "Look at the task's log, and run it again."
    )


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(printed(job="delay-stats"), 'it is one of "delay-stats"', id="of another job"),
        pytest.param(printed()[:-4], "the output holds none", id="cut off"),
        pytest.param(printed(already_committed=None), "it is not whole", id="a key missing"),
        pytest.param(printed(register="no change"), "it is not whole", id="no list"),
        pytest.param(["[", "]"], "the output holds none", id="a list"),
    ],
)
def test_a_plan_that_is_none(lines: list[str], reason: str) -> None:
    with pytest.raises(SluiceReceiptError, match=reason):
        parse_plan(lines, job=JOB)


@pytest.mark.parametrize(
    ("end", "expected", "message"),
    [
        pytest.param(
            ending(2, "Cannot find setting 'raw': no source has it. Give --set raw=…"),
            SluiceConfigError,
            "Cannot find setting 'raw': no source has it. Give --set raw=…",
            id="configuration",
        ),
        pytest.param(
            ending(3, "Cannot register table flights.departures: column 'origin' is int in the catalog. Correct it"),
            SluiceContractError,
            "Cannot register table flights.departures: column 'origin' is int in the catalog. Correct it",
            id="what is there does not fit",
        ),
        pytest.param(
            ending(3, "Terminating due to java.lang.OutOfMemoryError: Java heap space"),
            SluiceOutOfMemory,
            "Cannot plan job 'plan.clean-departures': the JVM ran out of heap.",
            id="heap",
        ),
        pytest.param(ending(75), SluiceInfrastructureError, "something it needs failed for the moment", id="transient"),
        pytest.param(ending(1), SluiceJobError, "it ended with exit code 1, which is none of Sluice's", id="a bug"),
        pytest.param(ending(137), SluiceOutOfMemory, "it was killed for memory", id="killed"),
        pytest.param(ending(None), SluiceInfrastructureError, "process 7 is gone", id="gone"),
        pytest.param(
            ending(143, interrupted=True), SluiceInfrastructureError, "deleted, evicted or killed", id="interrupted"
        ),
    ],
)
def test_a_plan_that_fails(end: Ending, expected: type[SluiceError], message: str) -> None:
    with pytest.raises(expected) as error:
        judge_plan(end, job=JOB)

    assert type(error.value) is expected
    assert message in str(error.value)


def test_a_plan_needs_what_its_job_needs_and_touches_no_table(flights: Path) -> None:
    manifest = Manifest.load(flights)
    job, its_plan = manifest.job(JOB), manifest.job(f"plan.{JOB}")

    assert [planned.name for planned in manifest.plans] == [f"plan.{each.name}" for each in manifest.jobs]
    assert (its_plan.needs_interval, its_plan.settings, its_plan.secrets) == (True, job.settings, job.secrets)
    assert (its_plan.resources, its_plan.reads, its_plan.writes) == (job.resources, (), None)


def test_a_task_plans_without_a_receipt(
    flights: Path, seen: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connect(monkeypatch, tmp_path, receipt_root="s3a://receipts")  # plan knows no --receipt
    task = SluiceJobOperator(job=f"plan.{JOB}", manifest=flights, settings={"raw": "/raw"})
    ctx = rendered(task, **JANUARY)

    result = task.execute(ctx)

    assert result["destructive"] == []
    assert result["text"].startswith(f"plan of {JOB}\n")
    interval = "2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00"
    assert arguments(seen) == ["plan", JOB, "--json", "--interval", interval, "--set", "raw=/raw"]
    assert ctx["outlet_events"] == {}, "nothing was published, so nobody downstream is woken"


def test_a_pod_plans(flights: Path, cluster: Callable[..., fake.Cluster], pods: None, mode: str) -> None:
    made = cluster(fake.running, fake.ended(0))
    made.log = "\n".join(printed())

    assert run(planning(flights, mode), context(task_id=f"plan.{JOB}"))["run_key"] == DOCUMENT["run_key"]
    assert made.created[0].spec.containers[0].args[:3] == ["plan", JOB, "--json"]


def test_a_pod_that_prints_no_plan_is_red(
    flights: Path, cluster: Callable[..., fake.Cluster], pods: None, mode: str
) -> None:
    cluster(fake.running, fake.ended(0))

    with pytest.raises(SluiceReceiptError, match="the output holds none"):
        run(planning(flights, mode), context(task_id=f"plan.{JOB}"))


def planning(flights: Path, mode: str) -> SluiceJobOperator:
    month: dict[str, Any] = MONTH
    return SluiceJobOperator(job=f"plan.{JOB}", manifest=flights, deferrable=mode == "deferrable", **month)
