"""Verifications: after a job, and before its readers, its receipts are compared with the ledger of its table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

from contexts import context
from pods import clock, cluster, mode, run
from receipts import TOKEN, text
from sluice_airflow import SluiceJobOperator, SluiceTaskGroup, sluice_dag
from sluice_airflow.exceptions import SluiceConfigError, SluiceError, SluiceOutOfMemory, SluiceReceiptError
from sluice_airflow.testing import cluster as fake
from sluice_airflow.verdict import Ending, State
from sluice_airflow.verification import Verified, judge_verification
from test_dag import through_the_database

__all__ = ["clock", "cluster", "mode"]

JOB = "clean-departures"
FINDING = "clean-departures/flights.departures: two receipts say committed"


def verification(token: str, *findings: str) -> str:
    """Return the termination message of a verification."""
    return text({"verification_version": "1.0", "job": JOB, "run_token": token, "findings": list(findings)})


def ending(exit_code: int, message: str | None = None, **more: Any) -> Ending:
    return Ending(state=State.ENDED, where="process 7", run_token=TOKEN, exit_code=exit_code, message=message, **more)


def test_all_agree() -> None:
    assert judge_verification(ending(0, verification(TOKEN)), job=JOB) == Verified(JOB)


RED: list[Any] = [
    pytest.param(ending(3, verification(TOKEN, FINDING)), SluiceReceiptError, FINDING, id="they differ"),
    pytest.param(ending(0, verification(TOKEN, FINDING)), SluiceReceiptError, FINDING, id="they differ, and it is 0"),
    pytest.param(
        ending(3, verification(TOKEN)), SluiceReceiptError, "the log says how", id="it is 3, and nothing said"
    ),
    pytest.param(ending(0), SluiceReceiptError, "there is none", id="nothing left"),
    pytest.param(ending(3), SluiceOutOfMemory, "the JVM ran out of heap", id="heap, whose exit code is 3 too"),
    pytest.param(ending(0, verification("another")), SluiceReceiptError, "it belongs to another run", id="of another"),
    pytest.param(
        ending(0, text({"verification_version": "1.0", "job": JOB, "run_token": TOKEN})),
        SluiceReceiptError,
        "it is not whole",
        id="not whole",
    ),
    pytest.param(ending(2), SluiceConfigError, "its configuration is wrong", id="configuration"),
    pytest.param(ending(137, reason="OOMKilled"), SluiceOutOfMemory, "it was killed for memory", id="memory"),
]


@pytest.mark.parametrize(("ended", "error", "says"), RED)
def test_what_does_not_prove_that_all_agree_is_red(ended: Ending, error: type[SluiceError], says: str) -> None:
    with pytest.raises(error) as raised:
        judge_verification(ended, job=JOB)

    assert type(raised.value) is error
    assert says in str(raised.value)


def test_readers_wait_until_it_is_verified(flights: Path) -> None:
    dag = sluice_dag(flights, verify=True, start_date="2013-01-01", settings={"raw": "s3a://raw"})

    assert dag.get_task(f"verify.{JOB}").upstream_task_ids == {JOB}
    readers = dag.get_task(f"verify.{JOB}").downstream_task_ids
    assert readers
    assert not dag.get_task(JOB).downstream_task_ids - {f"verify.{JOB}"}
    assert sorted(through_the_database(dag).task_dict) == sorted(dag.task_dict)


def test_in_a_group(flights: Path) -> None:
    with DAG("nightly", schedule=None) as dag:
        SluiceTaskGroup(flights, jobs=[JOB], verify=True)

    assert dag.get_task(f"flights.verify.{JOB}").upstream_task_ids == {f"flights.{JOB}"}


def test_a_pod_asks_for_all_runs_of_the_job(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = {"namespace": "jobs", "receipt_root": "s3://lake/receipts"}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    made = cluster(fake.running, fake.ended(0, lambda pod: verification(fake.token_of(pod))))
    task = SluiceJobOperator(job=f"verify.{JOB}", manifest=flights, deferrable=mode == "deferrable")

    assert run(task, context()) == {"verified": True}
    assert made.created[0].spec.containers[0].args == ["runs", "verify", JOB]
    assert task.outlets == []
