"""A job that has little to do gets a JVM that starts fast; what is little is known from the task's last run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import clock, cluster, mode, operator, run, says
from real_airflow import RealAirflow, airflow, database
from sluice_airflow.jvm import SMALL, SMALL_ROWS, small
from sluice_airflow.launchers.process import ProcessLauncher
from sluice_airflow.manifest import Manifest
from sluice_airflow.testing import cluster as fake
from test_process_launcher import REQUEST, launcher

__all__ = ["airflow", "clock", "cluster", "database", "mode"]  # fixtures

OPTIONS = SMALL["JDK_JAVA_OPTIONS"]


def last(read: Any) -> Callable[..., Any]:
    """Return an ``xcom_pull`` that knows a last run."""
    return lambda **_: {"status": "COMMITTED", "rows": {"read": read, "written": read}}


def variables(made: fake.Cluster) -> dict[str, str]:
    (pod,) = made.created
    return {variable.name: variable.value for variable in pod.spec.containers[0].env}


@pytest.mark.parametrize(
    ("job", "scale", "ti", "expected"),
    [
        ("clean-departures", "local", {"xcom_pull": last(1_000)}, True),
        ("clean-departures", "local", {"xcom_pull": last(SMALL_ROWS)}, True),
        ("clean-departures", "local", {"xcom_pull": last(SMALL_ROWS + 1)}, False),
        ("clean-departures", "executors(2)", {"xcom_pull": last(1_000)}, False),
        ("clean-departures", "local", {"xcom_pull": last(1_000), "try_number": 2}, False),
        ("clean-departures", "local", {"xcom_pull": lambda **_: None}, False),
        ("clean-departures", "local", {"xcom_pull": lambda **_: {"rows": None}}, False),
        ("clean-departures", "local", {"xcom_pull": lambda **_: ["what another version returned"]}, False),
        ("clean-departures", "local", {}, False),
        ("plan.clean-departures", "local", {}, True),
        ("verify.clean-departures", "local", {"try_number": 3}, True),
    ],
)
def test_what_is_small(flights: Path, job: str, scale: str, ti: dict[str, Any], expected: bool) -> None:
    assert small(Manifest.load(flights).job(job), context(**ti), scale) is expected


def test_a_small_jobs_pod(mode: str, flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster(fake.running, fake.ended(0, says()))

    run(operator(flights, mode), context(xcom_pull=last(1_000)))

    assert variables(made)["JDK_JAVA_OPTIONS"] == OPTIONS


def test_whoever_sets_the_options_decides(
    flights: Path, cluster: Callable[..., fake.Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = {"namespace": "jobs", "env": {"JDK_JAVA_OPTIONS": "-XX:+UseZGC"}}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    made = cluster(fake.running, fake.ended(0, says()))

    run(operator(flights), context(xcom_pull=last(1_000)))

    assert variables(made)["JDK_JAVA_OPTIONS"] == "-XX:+UseZGC"


def test_a_small_process(airflow: RealAirflow, tmp_path: Path) -> None:
    """In a real Airflow, where the second run finds what the first has returned."""
    seen = tmp_path / "seen"
    seen.mkdir()
    airflow.connect(FAKE_JAVA_SEEN=str(seen))
    airflow.parse(
        flights=f"""
        from sluice_airflow import sluice_dag

        dag = sluice_dag(
            "{Path(__file__).parent}/data/flights.json", jobs=["clean-departures"], schedule="@monthly",
            start_date="2013-01-01", end_date="2013-02-01", catchup=True
        )
        """
    )
    for _ in range(3):
        airflow.schedule()

    for month in airflow.runs():
        assert airflow.run(month) == {"clean-departures": "success"}

    told = sorted(seen.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    assert [json.loads(file.read_text())["env"].get("JDK_JAVA_OPTIONS") for file in told] == [None, OPTIONS]


def test_the_workers_own_options_win_over_a_small_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-Xmx300m")
    made = launcher(tmp_path, "commit")
    assert isinstance(made, ProcessLauncher)
    environment = made._environment(replace(REQUEST, small=True), tmp_path / "message")
    assert environment["JDK_JAVA_OPTIONS"] == "-Xmx300m"
