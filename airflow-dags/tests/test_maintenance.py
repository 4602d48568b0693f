"""The DAG that keeps tables in order: from the manifest alone, one task a table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

from contexts import context
from sluice_airflow import SluiceJobOperator, sluice_dag, sluice_maintenance_dag
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.manifest import Manifest
from test_dag import shape, through_the_database
from test_operator import arguments, seen

__all__ = ["seen"]

STEPS = [
    {"step": "compact", "target_bytes": 134217728, "order": "none", "by": []},
    {"step": "remove-orphans", "age": "PT72H"},
]


@pytest.fixture
def maintained(flights: Path, tmp_path: Path) -> Path:
    """The flights' manifest, two tables of which declare maintenance."""
    document = json.loads(flights.read_text())
    for table in document["tables"]:
        if table["name"] in ("flights.departures", "flights.delay_stats"):
            table["maintenance"] = STEPS
    file = tmp_path / "flights.json"
    file.write_text(json.dumps(document))
    return file


def test_the_maintenance_dag(maintained: Path, golden: Callable[[str, Any], None]) -> None:
    golden("maintenance-dag.json", shape(sluice_maintenance_dag(maintained, start_date="2013-01-01")))


def test_a_task_runs_the_command_for_its_table(maintained: Path, seen: Path) -> None:
    dag = sluice_maintenance_dag(maintained, settings={"lake.longest-run": "PT48H"})
    task = dag.get_task("flights.departures")
    assert isinstance(task, SluiceJobOperator)

    result = task.execute(context(task_id=task.task_id))

    assert result["status"] == "COMMITTED"
    assert arguments(seen) == ["maintain", "flights.departures", "--set", "lake.longest-run=PT48H"]


def test_a_table_needs_what_its_job_needs(maintained: Path) -> None:
    manifest = Manifest.load(maintained)

    assert [(job.maintains, job.resources) for job in manifest.maintenance] == [
        ("flights.delay_stats", manifest.job("delay-stats").resources),
        ("flights.departures", manifest.job("clean-departures").resources),
    ]


def test_maintenance_is_no_part_of_the_jobs_dag(maintained: Path, flights: Path) -> None:
    assert sorted(sluice_dag(maintained).task_dict) == sorted(sluice_dag(flights).task_dict)


def test_some_tables(maintained: Path) -> None:
    dag = sluice_maintenance_dag(maintained, tables=["flights.departures"], dag_id="mine", max_active_runs=2)

    assert (dag.dag_id, list(dag.task_dict), dag.max_active_runs) == ("mine", ["flights.departures"], 2)


def test_the_audit_log_is_kept_in_order_too(maintained: Path, flights: Path, seen: Path) -> None:
    dag = sluice_maintenance_dag(maintained, audit_log="sluice.receipts")
    alone = sluice_maintenance_dag(flights, audit_log="sluice.receipts")
    task = dag.get_task("sluice.receipts")
    assert isinstance(task, SluiceJobOperator)

    task.execute(context(task_id=task.task_id))

    assert arguments(seen) == ["maintain", "sluice.receipts"]
    assert sorted(dag.task_dict) == ["flights.delay_stats", "flights.departures", "sluice.receipts"]
    assert list(alone.task_dict) == ["sluice.receipts"]


def test_a_task_of_ones_own(maintained: Path) -> None:
    with DAG("mine", schedule=None):
        task = SluiceJobOperator(job="maintain.flights.departures", manifest=maintained)

    assert task.task_id == "maintain.flights.departures"


def test_a_table_that_declares_nothing_is_refused(maintained: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        sluice_maintenance_dag(maintained, tables=["flights.departure"])

    assert str(error.value) == (
        f"Cannot maintain table 'flights.departure': manifest {maintained} has no such table that declares how. "
        "Did you mean 'flights.departures'? Known: flights.delay_stats, flights.departures."
    )


def test_a_manifest_that_declares_nothing_is_refused(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        sluice_maintenance_dag(flights)

    assert str(error.value) == (
        f"Cannot maintain the tables of manifest {flights}: none declares how. "
        "Add .maintenance(…) to a table, and write the manifest again."
    )


def test_steps_that_are_none_are_named(maintained: Path) -> None:
    maintained.write_text(maintained.read_text().replace('"step": "compact"', '"step": 1'))

    with pytest.raises(SluiceConfigError, match=r"/tables/\d+/maintenance/0/step must be a text, but is 1"):
        sluice_maintenance_dag(maintained)


def test_airflow_can_serialise_it(maintained: Path) -> None:
    dag = sluice_maintenance_dag(maintained)

    assert sorted(through_the_database(dag).task_dict) == sorted(dag.task_dict)
