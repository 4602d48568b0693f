"""Two months by the command line into a lake on S3 and Glue and into PostgreSQL, read back by others."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import checks
import partitions
from expected import Expected
from flights import ICEBERG, JOBS, TARGETS, Filled, interval
from readers import Lake
from services import Services

pytestmark = pytest.mark.chain
TASKS = [(job, month) for month in (1, 2) for job in JOBS]


@pytest.fixture(scope="module")
def lake(services: Services, filled: Filled) -> Lake:
    return Lake(services)


def test_the_raw_data_is_what_these_tests_were_written_for(expected: Expected) -> None:
    assert expected.count("flights.flights", 1, 2) == 27_004 + 24_951
    assert expected.count("flights.departures_quarantine", 1) == 521
    storms = f"SELECT origin, wind_speed FROM ({expected.query('flights.weather_quarantine', 1, 2)})"
    assert expected.db.execute(storms).fetchall() == [("EWR", pytest.approx(1048.36058))]


@pytest.mark.parametrize("table", ICEBERG)
def test_pyiceberg_reads_the_rows_of_the_csv(lake: Lake, expected: Expected, filled: Filled, table: str) -> None:
    checks.iceberg_table(lake, expected, table, filled.months)


@pytest.mark.parametrize("table", ["flights.weather", "flights.departures"])
def test_pyiceberg_reads_the_bad_rows_with_their_reasons(
    lake: Lake, expected: Expected, filled: Filled, table: str
) -> None:
    checks.quarantine(lake, expected, table, filled.months)


def test_pyarrow_and_duckdb_read_the_parquet_table_where_glue_says(
    lake: Lake, expected: Expected, filled: Filled
) -> None:
    checks.parquet_table(lake, expected, "flights.delay_stats", filled.months)


@pytest.mark.parametrize("table", ICEBERG)
def test_glue_lists_an_iceberg_table_as_such(lake: Lake, table: str) -> None:
    entry, wanted = lake.entry(table), checks.declared(table)
    assert entry["Parameters"]["table_type"] == "ICEBERG"
    assert entry["Description"] == wanted["comment"]
    columns = {c["Name"]: c.get("Comment") for c in entry["StorageDescriptor"]["Columns"]}
    assert columns == {c["name"]: c["comment"] for c in wanted["columns"]}
    assert entry["StorageDescriptor"]["Location"] == f"s3://lake/warehouse/{table.replace('.', '/')}"


def test_postgresql_holds_the_delays(services: Services, expected: Expected, filled: Filled) -> None:
    checks.database(services, expected, filled.months)


@pytest.mark.parametrize(("job", "month"), TASKS)
def test_receipt(lake: Lake, expected: Expected, filled: Filled, job: str, month: int) -> None:
    run = filled.runs[job, month]
    assert run.short is not None
    assert run.short_bytes <= 4096
    assert run.short["run_token"] == run.token
    assert "validation" not in run.short.get("quality", {})
    long = checks.receipt(lake, expected, run.short, job, month)
    assert long == run.receipt
    assert run.stderr.rstrip().splitlines()[-1].endswith(long["receipt_uri"])
    table = TARGETS[job]
    if table in ICEBERG:
        snapshot = lake.iceberg(table).snapshot_by_id(int(long["target"]["snapshot_id"]))
        assert snapshot is not None


def test_running_everything_again_changes_nothing(lake: Lake, services: Services, filled: Filled) -> None:
    before = _fingerprint(lake)
    with ThreadPoolExecutor(2) as pool:
        again = list(pool.map(lambda task: filled.sluice.run(task[0], interval(task[1])), TASKS))
    for task, run in zip(TASKS, again, strict=True):
        run.expect(0, "ALREADY_COMMITTED")
        assert run.receipt["rows"] == filled.runs[task].receipt["rows"]
        published = filled.runs[task].receipt["target"]
        written = {"files", "bytes"}  # of a run that writes; this one has written nothing
        assert run.receipt["target"] == {key: value for key, value in published.items() if key not in written}
        checks.valid("receipt", run.receipt)
    assert _fingerprint(lake) == before


def _fingerprint(lake: Lake) -> dict[str, object]:
    names = [*ICEBERG, "flights.weather_quarantine", "flights.departures_quarantine"]
    tables: dict[str, object] = {name: lake.iceberg(name).metadata_location for name in names}
    entry = lake.entry("flights.delay_stats")
    tables["flights.delay_stats"] = (
        entry["Parameters"],
        [p["StorageDescriptor"]["Location"] for p in lake.partitions("flights.delay_stats")],
    )
    return tables


def test_plan_of_work_that_is_done_says_so(filled: Filled) -> None:
    plan = filled.sluice("plan", "clean-departures", "--interval", interval(1), "--json").expect(0)
    found = json.loads(plan.stdout)
    assert found["already_committed"] is True
    assert plan.short == {
        "plan_version": "1.0",
        "job": "clean-departures",
        "run_token": plan.token,
        "exit_code": 0,
        "plan": found,
    }
    text = filled.sluice("plan", "delay-stats", "--interval", interval(3)).expect(0).stdout
    assert "flights.delay_stats (replace-partitions) at s3://lake/warehouse/flights/delay_stats" in text
    assert "not checked:" in text


def test_plan_of_a_job_that_cannot_run_says_why(filled: Filled) -> None:
    plan = filled.sluice("plan", "delay-stats").expect(2)
    assert plan.short is not None
    assert (plan.short["job"], plan.short["run_token"]) == ("delay-stats", plan.token)
    assert (plan.short["error"]["kind"], plan.short["error"]["message"]) == ("CONFIG", plan.stderr.strip())


@pytest.mark.parametrize("job", JOBS)
def test_receipts_and_ledger_agree(filled: Filled, job: str) -> None:
    verified = filled.sluice("runs", "verify", job).expect(0)
    assert verified.stdout == "receipts, ledger and audit log agree\n"
    assert verified.short == {
        "verification_version": "1.0",
        "job": job,
        "run_token": verified.token,
        "exit_code": 0,
        "findings": [],
    }
    runs = json.loads(filled.sluice("runs", "list", job, "--json").expect(0).stdout)
    first = next(run for run in runs if run["status"] == "COMMITTED")
    assert json.loads(filled.sluice("runs", "show", job, first["run_id"]).expect(0).stdout) == first
    listed = filled.sluice("runs", "list", job).expect(0).stdout
    assert f"{first['run_id']}  COMMITTED         {first['run_key']}  {first['rows']['written']:,} written, " in listed


def test_a_run_that_nobody_made_is_named(filled: Filled) -> None:
    shown = filled.sluice("runs", "show", "delay-stats", "never").expect(2)
    assert shown.stderr.startswith("Cannot show run 'never': job delay-stats has no receipt of it. ")


def test_reconcile_settles_what_is_published(filled: Filled) -> None:
    settled = filled.sluice("reconcile", "delay-stats", "--interval", interval(1)).expect(0)
    assert "/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z: committed by run " in settled.stdout
    settled = filled.sluice("reconcile", "delay-stats", "--interval", interval(3)).expect(75)
    assert settled.stdout.endswith("/2013-03-01T00:00:00Z/2013-04-01T00:00:00Z: not committed. Run it again\n")


@pytest.mark.parametrize("job", ["extract-flights", "delay-stats"])
def test_register_again_changes_nothing(lake: Lake, filled: Filled, job: str) -> None:
    before = _fingerprint(lake)
    done = filled.sluice("register", job, "--interval", interval(1)).expect(0)
    assert done.stdout == "no change\n"
    assert _fingerprint(lake) == before


def test_list_and_manifest_tell_of_every_job(filled: Filled) -> None:
    listed = json.loads(filled.sluice("list", "--json").expect(0).stdout)
    assert sorted(job["name"] for job in listed) == sorted(JOBS)
    image = "registry.example/sluice/flights@sha256:" + "0" * 64
    manifest = json.loads(filled.sluice("manifest", "--image", image).expect(0).stdout)
    checks.valid("manifest", manifest)
    assert manifest["image"] == image
    assert sorted(job["name"] for job in manifest["jobs"]) == sorted(JOBS)


def test_every_command_has_help(filled: Filled) -> None:
    text = filled.sluice("--help").expect(0).stdout
    for command in ("run", "plan", "list", "manifest", "register", "check-suite", "suite", "runs", "reconcile"):
        assert command in text
        assert f"Usage: sluice {command}" in filled.sluice(command, "--help").expect(0).stdout


def test_more_partitions_than_a_call_takes(lake: Lake, services: Services, jar: Path) -> None:
    partitions.run(jar, services.job_environment)
    partitions.check(lake, "s3://lake/warehouse")


def test_a_catalog_that_does_not_answer_is_named(filled: Filled) -> None:
    away = filled.sluice.within(SLUICE_LAKE_GLUE_ENDPOINT="http://127.0.0.1:9")
    ended = away.run("extract-weather", interval(3)).expect(75, "FAILED")
    error = ended.receipt["error"]
    assert error["message"].startswith("Cannot reach catalog glue at http://127.0.0.1:9: ")
    assert error["retryable"] is True
