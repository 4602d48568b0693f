from __future__ import annotations

from pathlib import Path

import pytest

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.graph import foreign_tables, upstream
from sluice_airflow.manifest import Job, Manifest


def job(name: str, reads: tuple[str, ...] = (), writes: str | None = None) -> Job:
    return Job(name=name, kind="transform", reads=reads, writes=writes)


def test_readers_run_after_writers(flights: Path) -> None:
    assert upstream(Manifest.load(flights).jobs) == {
        "extract-flights": (),
        "extract-weather": (),
        "clean-departures": ("extract-flights", "extract-weather"),
        "delay-stats": ("clean-departures",),
        "load-delays": ("delay-stats",),
    }


def test_a_reader_waits_for_all_writers_of_its_table() -> None:
    jobs = [job("read", reads=("t",)), job("one", writes="t"), job("two", writes="t")]

    assert upstream(jobs)["read"] == ("one", "two")


def test_a_job_that_reads_its_own_table_does_not_wait_for_itself() -> None:
    assert upstream([job("again", reads=("t",), writes="t")]) == {"again": ()}


def test_tables_that_nobody_here_writes_are_no_reason_to_wait() -> None:
    assert upstream([job("read", reads=("elsewhere",))]) == {"read": ()}


def test_a_loop_is_named() -> None:
    jobs = [job("a", reads=("z",), writes="x"), job("b", reads=("x",), writes="y"), job("c", reads=("y",), writes="z")]

    with pytest.raises(SluiceConfigError) as error:
        upstream(jobs)

    assert str(error.value) == (
        "Cannot order the jobs of the manifest: a → b → c → a wait for each other's tables. "
        "Break the loop, or run these jobs in separate DAGs."
    )


def test_tables_that_others_write() -> None:
    jobs = [job("a", reads=("x", "own"), writes="own"), job("b", reads=("own", "y", "x"))]

    assert foreign_tables(jobs) == ("x", "y")
