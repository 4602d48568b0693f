"""Runs that are asked to stop, killed, or doubled: nothing is half published, and running again makes it exact."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

import checks
from expected import Expected
from flights import TARGETS, interval, run_key
from interruptions import AFTER, BEFORE, MONTHS, LocalLake, Stopped, cut, run_again, stop_at, together
from readers import database_rows, published
from services import Services
from sluice import Ended, Sluice
from waiting import awaited

pytestmark = pytest.mark.chain

TERM, KILL = signal.SIGTERM, signal.SIGKILL
TWICE = ["ALREADY_COMMITTED", "COMMITTED"]


@dataclass(frozen=True)
class Small:
    """A small set of raw files and the figures that it gives."""

    raw: Path
    expected: Expected


@pytest.fixture(scope="module")
def small(raw: Path, work: Path) -> Small:
    folder = cut(raw, work / "small")
    return Small(folder, Expected(folder))


@pytest.fixture(scope="module")
def stopped(command_line: Sluice, small: Small, work: Path) -> dict[str, Stopped]:
    """Everything that is stopped, two lakes at a time; the tests only look at what was left behind."""
    found = {
        "iceberg-SIGTERM": Stopped(LocalLake(work / "lake-term"), "extract-weather"),
        "iceberg-SIGKILL": Stopped(LocalLake(work / "lake-kill"), "extract-weather"),
        "parquet": Stopped(LocalLake(work / "lake-files"), "delay-stats"),
        "jdbc": Stopped(LocalLake(work / "lake-files"), "load-delays"),
    }

    def iceberg(number: signal.Signals) -> None:
        mine = found[f"iceberg-{number.name}"]
        sluice = command_line.within(SLUICE_RAW=str(small.raw), **mine.lake.environment)
        stop_at(sluice, mine, number, *BEFORE, *AFTER)
        run_again(sluice, mine, *MONTHS)

    def files(number: signal.Signals) -> None:
        lake = found["parquet"].lake
        lake.add_departures(small.expected)
        sluice = command_line.within(**lake.environment)
        for kind in ("parquet", "jdbc"):
            stop_at(sluice, found[kind], KILL, "gate", "publish")
            stop_at(sluice, found[kind], number, "publish", "register")
            run_again(sluice, found[kind], 1, 2)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(iceberg, TERM), pool.submit(iceberg, KILL), pool.submit(files, TERM)]:
            done.result()
    return found


@pytest.mark.parametrize("phase", BEFORE)
def test_asked_to_stop_before_the_commit(stopped: dict[str, Stopped], phase: str) -> None:
    mine = stopped["iceberg-SIGTERM"]
    ended = mine.ended["SIGTERM", phase].expect(143, "CANCELLED")
    assert ended.short is not None
    for receipt in (ended.short, ended.receipt):
        checks.valid("receipt", receipt)
        assert receipt["phase"] == phase
        assert receipt["exit_code"] == 143
        assert receipt["error"]["retryable"] is True
        assert receipt["error"]["message"].startswith(
            "Cannot go on: the run was asked to stop, and nothing was published"
        )
    assert mine.counts["SIGTERM", phase] == (0, 0)
    assert mine.files["SIGTERM", phase] == [], "a run that is asked to stop clears away what it has staged"


@pytest.mark.parametrize("phase", BEFORE)
def test_killed_before_the_commit(stopped: dict[str, Stopped], phase: str) -> None:
    mine = stopped["iceberg-SIGKILL"]
    ended = mine.ended["SIGKILL", phase].expect(137)
    assert ended.short is not None
    checks.valid("receipt", ended.short)
    assert (ended.short["status"], ended.short["phase"]) == ("RUNNING", phase)
    assert ended.short["memory"]["heap_max_bytes"] > 0
    assert mine.counts["SIGKILL", phase] == (0, 0)


@pytest.mark.parametrize("phase", AFTER)
def test_asked_to_stop_after_the_commit(stopped: dict[str, Stopped], small: Small, phase: str) -> None:
    mine = stopped["iceberg-SIGTERM"]
    ended = mine.ended["SIGTERM", phase].expect(0, "COMMITTED")
    assert ended.short is not None
    assert ended.short["status"] == "COMMITTED"
    assert mine.counts["SIGTERM", phase] == _counts(small.expected, "flights.weather", phase)


@pytest.mark.parametrize("phase", AFTER)
def test_killed_after_the_commit(stopped: dict[str, Stopped], small: Small, phase: str) -> None:
    mine = stopped["iceberg-SIGKILL"]
    ended = mine.ended["SIGKILL", phase].expect(137)
    assert ended.short is not None
    assert (ended.short["status"], ended.short["phase"]) == ("RUNNING", phase)
    assert mine.counts["SIGKILL", phase] == _counts(small.expected, "flights.weather", phase)


def _counts(expected: Expected, table: str, phase: str) -> tuple[int, int]:
    """What is published once a run was stopped there: February's rows first, then March's as well."""
    months = (2,) if phase == "register" else (2, 3)
    return expected.count(table, *months), expected.count(f"{table}_quarantine", *months)


@pytest.mark.parametrize("number", ["SIGTERM", "SIGKILL"])
def test_running_again_makes_an_iceberg_table_exact(stopped: dict[str, Stopped], small: Small, number: str) -> None:
    mine = stopped[f"iceberg-{number}"]
    mine.again[1].expect(0, "COMMITTED")
    mine.again[2].expect(0, "ALREADY_COMMITTED")
    mine.again[3].expect(0, "ALREADY_COMMITTED")
    _exact(mine.lake, small.expected, MONTHS)
    for month in MONTHS:
        assert mine.again[month].receipt["rows"] == small.expected.rows("extract-weather", month)


def _exact(lake: LocalLake, expected: Expected, months: tuple[int, ...]) -> None:
    table = lake.catalog().load_table("flights.weather")
    expected.check("flights.weather", table.scan().to_arrow(), *months)
    expected.check("flights.weather_quarantine", lake.rows("flights.weather_quarantine"), *months)
    for month in months:
        assert len(published(table, run_key("extract-weather", month))) == 1


@pytest.mark.parametrize("kind", ["parquet", "jdbc"])
def test_files_and_databases_are_all_or_nothing_too(stopped: dict[str, Stopped], small: Small, kind: str) -> None:
    mine, target = stopped[kind], TARGETS[stopped[kind].job]
    for number, phase, code in (("SIGKILL", "gate", 137), ("SIGKILL", "publish", 137), ("SIGTERM", "publish", 143)):
        mine.ended[number, phase].expect(code)
        assert mine.counts[number, phase][0] == 0
    mine.ended["SIGTERM", "register"].expect(0, "COMMITTED")
    assert mine.counts["SIGTERM", "register"][0] == small.expected.count(target, 2)
    mine.again[1].expect(0, "COMMITTED")
    mine.again[2].expect(0, "ALREADY_COMMITTED")
    small.expected.check(target, mine.lake.rows(target), 1, 2)


def test_asked_to_stop_while_rows_are_written(command_line: Sluice, raw: Path, work: Path) -> None:
    lake = LocalLake(work / "lake-busy")
    sluice = command_line.within(SLUICE_RAW=str(raw), **lake.environment)
    run = sluice.start_job("extract-flights", interval(1))

    def writing() -> bool | None:
        assert run.process.poll() is None, run.log()
        return True if lake.files("flights.flights") else None

    awaited(writing, run.log, 120, pause=0.02)
    asked = time.monotonic()
    ended = run.send(TERM).wait().expect(143, "CANCELLED")
    assert time.monotonic() - asked < 10
    assert ended.receipt["phase"] == "transform"
    assert lake.count("flights.flights") == 0


def test_two_runs_of_the_same_work_at_once(command_line: Sluice, small: Small, work: Path) -> None:
    lake = LocalLake(work / "lake-twice")
    sluice = command_line.within(SLUICE_RAW=str(small.raw), **lake.environment)
    ended = together(work, sluice, ("extract-weather", 1), ("extract-weather", 1))
    assert _outcomes(ended) in (TWICE, ["COMMITTED", "FAILED 6"])
    _exact(lake, small.expected, (1,))


def test_two_months_at_once(command_line: Sluice, small: Small, work: Path) -> None:
    lake = LocalLake(work / "lake-months")
    sluice = command_line.within(SLUICE_RAW=str(small.raw), **lake.environment)
    ended = together(work, sluice, ("extract-weather", 1), ("extract-weather", 2))
    assert _outcomes(ended) in (["COMMITTED", "COMMITTED"], ["COMMITTED", "FAILED 6"])
    for month, run in zip((1, 2), ended, strict=True):
        done = sluice.run("extract-weather", interval(month)) if run.exit_code == 6 else run
        done.expect(0, "COMMITTED")
        snapshots = published(lake.catalog().load_table("flights.weather"), run_key("extract-weather", month))
        assert done.receipt["target"].get("snapshot_id") == str(snapshots[0])
    _exact(lake, small.expected, (1, 2))


def test_two_runs_of_the_same_work_into_files_and_a_database(
    command_line: Sluice, stopped: dict[str, Stopped], small: Small, work: Path
) -> None:
    lake = stopped["parquet"].lake
    sluice = command_line.within(**lake.environment)
    files = together(work, sluice, ("delay-stats", 3), ("delay-stats", 3))
    # A catalog of files has no commit that refuses the second of two: both may have published, and the same rows.
    assert _outcomes(files) in (["ALREADY_COMMITTED", "COMMITTED"], ["COMMITTED", "COMMITTED"])
    small.expected.check("flights.delay_stats", lake.rows("flights.delay_stats"), *MONTHS)
    assert _outcomes(together(work, sluice, ("load-delays", 3), ("load-delays", 3))) == TWICE
    small.expected.check("delays", lake.rows("delays"), *MONTHS)
    # Those who were killed left staging tables, and the run that did their work after all removed them.
    assert lake.staging_tables() == []


def test_two_runs_of_the_same_work_into_postgresql(
    command_line: Sluice, services: Services, stopped: dict[str, Stopped], small: Small, work: Path
) -> None:
    with psycopg.connect(services.postgres) as connection:
        connection.execute("CREATE SCHEMA twice")
        connection.execute("CREATE SCHEMA others CREATE TABLE sluice_ledger (unlike_ours TEXT)")
    url = f"{services.jdbc_url}&currentSchema=twice"
    sluice = command_line.within(**{**stopped["parquet"].lake.environment, "SLUICE_JDBC_URL": url})
    assert _outcomes(together(work, sluice, ("load-delays", 1), ("load-delays", 1))) == TWICE
    small.expected.check("delays", database_rows(services, "twice.delays"), 1)
    with psycopg.connect(services.postgres) as connection:
        connection.execute("DROP SCHEMA twice, others CASCADE")


def _outcomes(ended: list[Ended]) -> list[str]:
    for run in ended:
        run.expect(run.exit_code if run.exit_code in (0, 6) else 0)
    return sorted(r.receipt["status"] + (f" {r.exit_code}" if r.exit_code else "") for r in ended)
