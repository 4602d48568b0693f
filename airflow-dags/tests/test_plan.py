"""Plans: read from what the image leaves instead of a receipt, judged, and run as tasks by both launchers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import MONTH, clock, cluster, mode, run
from receipts import TOKEN, receipt, text
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
from sluice_airflow.plan import Plan, judge_plan
from sluice_airflow.testing import cluster as fake
from sluice_airflow.verdict import Ending, State
from test_operator import JANUARY, arguments, connect, rendered, seen

__all__ = ["clock", "cluster", "mode", "seen"]

JOB = "clean-departures"
DOCUMENT: dict[str, Any] = {
    "job": JOB,
    "run_key": "clean-departures/flights.departures/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z",
    "already_committed": False,
    "destructive": [],
    "reads": ["flights: table flights.flights, time_hour within the interval"],
    "write": "flights.departures (replace-partitions) at file:///lake/flights/departures",
    "joins": [],
    "columns": ["flight_date date", "origin string"],
    "checks": ["dep-delay-known (each row; on failure: quarantine)"],
    "register": ["add column gate string (readers go on)"],
    "warnings": [],
    "not_checked": ["the rows themselves: checks run while they are written"],
}


def left(token: str = TOKEN, **changes: Any) -> str:
    """Return the termination message of a plan."""
    plan = {**DOCUMENT, **changes}
    return text({"plan_version": "1.0", "job": JOB, "run_token": token, "plan": plan})


def refused(kind: str, message: str) -> str:
    """Return the termination message of a plan that is none."""
    error = {"kind": kind, "phase": "plan", "message": message, "retryable": False, "stack": []}
    return text({"plan_version": "1.0", "job": JOB, "run_token": TOKEN, "error": error})


def plan(**changes: Any) -> Plan:
    return judge_plan(ending(0, left(**changes)), job=JOB)


@pytest.fixture
def pods(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"namespace": "jobs"}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))


def ending(exit_code: int | None, message: str | None = None, **more: Any) -> Ending:
    state = State.ENDED if exit_code is not None else State.GONE
    return Ending(state=state, where="process 7", run_token=TOKEN, exit_code=exit_code, message=message, **more)


def test_a_plan_for_people() -> None:
    lost = ["drop column seats int (breaks readers of the column)"]

    assert plan(destructive=lost).text() == "\n".join(
        [
            "plan of clean-departures",
            "run key: clean-departures/flights.departures/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z",
            "takes away:",
            "  drop column seats int (breaks readers of the column)",
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


def test_reads_what_an_image_has_left() -> None:
    message = Path(__file__).parent.joinpath("data", "plan.json").read_text()

    read = judge_plan(ending(0, message), job=JOB)

    assert read.register == ("create table flights.departures at file:///lake/flights/departures",)
    assert (len(read.reads), len(read.columns), len(read.checks), len(read.not_checked)) == (4, 18, 10, 2)
    assert read.destructive == ()


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        pytest.param(None, "there is none. Check that the image is a Sluice image.", id="none"),
        pytest.param(left()[:-4], "it is not JSON", id="cut off"),
        pytest.param(text(receipt()), "it has no plan_version", id="a receipt"),
        pytest.param(left(token="another"), 'its run_token is "another"', id="of another run"),
        pytest.param(
            left().replace(f'"job": "{JOB}"', '"job": "delay-stats"', 1), 'its job is "delay-stats"', id="job"
        ),
        pytest.param(left().replace('"plan_version": "1', '"plan_version": "2'), "its version is 2.0", id="version"),
        pytest.param(refused("CONFIG", "Cannot find setting 'raw'."), "it holds none", id="an error"),
        pytest.param(left(already_committed=None), "it is not whole", id="a key missing"),
        pytest.param(left(register="no change"), "it is not whole", id="no list"),
    ],
)
def test_exit_code_0_without_a_plan_of_this_try_is_no_proof(message: str | None, reason: str) -> None:
    with pytest.raises(SluiceReceiptError) as error:
        judge_plan(ending(0, message), job=JOB)

    assert str(error.value).startswith(f"Cannot believe the plan of job '{JOB}': ")
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("end", "expected", "message"),
    [
        pytest.param(
            ending(2, refused("CONFIG", "Cannot find setting 'raw': no source has it. Give --set raw=…")),
            SluiceConfigError,
            "Cannot find setting 'raw': no source has it. Give --set raw=…",
            id="configuration",
        ),
        pytest.param(
            ending(
                3,
                refused(
                    "CONTRACT",
                    "Cannot register table flights.departures: column 'origin' is int in the catalog. Correct it",
                ),
            ),
            SluiceContractError,
            "Cannot register table flights.departures: column 'origin' is int in the catalog. Correct it",
            id="what is there does not fit",
        ),
        pytest.param(
            ending(3),
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
    assert arguments(seen) == ["plan", JOB, "--interval", interval, "--set", "raw=/raw"]
    assert ctx["outlet_events"] == {}, "nothing was published, so nobody downstream is woken"


def test_a_pod_plans(flights: Path, cluster: Callable[..., fake.Cluster], pods: None, mode: str) -> None:
    made = cluster(fake.running, fake.ended(0, lambda pod: left(fake.token_of(pod))))

    assert run(planning(flights, mode), context(task_id=f"plan.{JOB}"))["run_key"] == DOCUMENT["run_key"]
    assert made.created[0].spec.containers[0].args[:3] == ["plan", JOB, "--interval"]


def test_a_pod_that_leaves_no_plan_is_red(
    flights: Path, cluster: Callable[..., fake.Cluster], pods: None, mode: str
) -> None:
    cluster(fake.running, fake.ended(0))

    with pytest.raises(SluiceReceiptError, match="there is none"):
        run(planning(flights, mode), context(task_id=f"plan.{JOB}"))


def planning(flights: Path, mode: str) -> SluiceJobOperator:
    month: dict[str, Any] = MONTH
    return SluiceJobOperator(job=f"plan.{JOB}", manifest=flights, deferrable=mode == "deferrable", **month)
