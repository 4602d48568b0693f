"""Two projects on this machine: the second one's DAG starts when the first one has published, in JVMs of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlparse

import pytest

from airflow_home import Airflow
from expected import Expected
from handover import JOBS, TABLE, Handover
from interruptions import LocalLake
from services import ROOT
from sluice import SHORT_LIVED

pytestmark = pytest.mark.chain

JANUARY = f"""
import os
from sluice_airflow import sluice_dag

dag = sluice_dag(
    os.environ["SLUICE_FLIGHTS_MANIFEST"],
    jobs={JOBS},
    schedule="@monthly",
    start_date="2013-01-01",
    end_date="2013-01-01",
    catchup=True,
)
"""


@pytest.fixture(scope="module")
def lake(work: Path) -> LocalLake:
    """A lake of these tests alone."""
    return LocalLake(work / "lake-of-two")


@pytest.fixture(scope="module")
def airflow(lake: LocalLake, jar: Path, punctuality_jar: Path, raw: Path, work: Path) -> Iterator[Airflow]:
    """An Airflow with a DAG of each project, which runs their jars."""
    home, dags = work / "jars-of-two", work / "dags-of-two"
    home.mkdir()
    dags.mkdir()
    for built in (jar, punctuality_jar):
        (home / built.name).symlink_to(built)  # Java looks for the libraries where the jar itself lies
    (dags / "flights.py").write_text(JANUARY, encoding="utf-8")
    (dags / "punctuality.py").symlink_to(ROOT / "airflow-dags/dags/punctuality.py")
    env = {**lake.environment, "SLUICE_RAW": str(raw), "JDK_JAVA_OPTIONS": " ".join(SHORT_LIVED)}
    connection = {"launcher": "process", "home": str(home), "env": env}
    airflow = Airflow(
        work / "airflow-of-two",
        dags,
        {
            "AIRFLOW_CONN_SLUICE_DEFAULT": json.dumps({"conn_type": "sluice", "extra": connection}),
            "SLUICE_FLIGHTS_MANIFEST": str(jar.with_name("jobs.json")),
            "SLUICE_PUNCTUALITY_MANIFEST": str(punctuality_jar.with_name("jobs.json")),
        },
    )
    with ExitStack() as until:
        airflow.start(until)
        yield airflow


@pytest.fixture(scope="module")
def january(airflow: Airflow) -> Handover:
    """One month, from the raw files to the second project's table."""
    airflow.unpause("punctuality")  # first: who is paused is woken by no event
    airflow.unpause("flights")
    (first,) = airflow.await_runs("flights", 1)
    (second,) = airflow.await_runs("punctuality", 1)
    return Handover.between(airflow, first, second, lambda uri: Path(urlparse(uri).path).read_bytes())


def test_the_second_dag_is_started_by_the_table(january: Handover) -> None:
    january.check_start()


def test_the_second_job_reads_the_snapshot_that_was_published(january: Handover, lake: LocalLake) -> None:
    snapshot = january.check_snapshot()
    current = lake.catalog().load_table("flights.departures").current_snapshot()
    assert current is not None
    assert current.snapshot_id == snapshot


def test_its_rows_are_exact(january: Handover, lake: LocalLake, expected: Expected) -> None:
    rows = lake.rows(TABLE)
    assert rows is not None
    expected.check(TABLE, rows, 1)
