"""A month in lakes whose catalogs are a real Hive Metastore and Iceberg's own REST server, read back by others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sluice_airflow import SluiceJobOperator
from sluice_airflow.exceptions import SluiceReceiptError
from sluice_airflow.testing.tasks import run_task, task_context

import checks
import partitions
from catalog_readers import HiveLake, RestLake
from expected import Expected
from flights import ICEBERG, Filled, fill, interval
from readers import Lake
from services import LAKE_BUCKET, Catalog, Services
from sluice import Ended, Sluice

pytestmark = pytest.mark.chain
MONTH = (1,)
#: The jobs whose tables each catalog can have.
JOBS = {
    "hive": ("extract-flights", "extract-weather", "clean-departures", "delay-stats"),
    "rest": ("extract-flights", "extract-weather", "clean-departures"),
}
#: Those whose tables are registered by themselves: one of Iceberg, one of files.
REGISTERED = {"hive": ("extract-weather", "delay-stats"), "rest": ("extract-weather",)}
TOKEN = "token-that-nobody-may-see"


def only(catalog: str) -> pytest.MarkDecorator:
    """Run a test on one catalog alone."""
    return pytest.mark.parametrize("filling", [catalog], indirect=True, scope="module")


@dataclass(frozen=True)
class Filling:
    """A catalog, its lake as others see it, and the runs that filled it."""

    catalog: Catalog
    lake: Lake
    registered: dict[str, tuple[Ended, ...]]  #: by job: planned, done, done again, before anything ran
    filled: Filled


@pytest.fixture(scope="module", params=JOBS)
def filling(
    request: pytest.FixtureRequest, command_line: Sluice, services: Services, raw: Path, work: Path
) -> Iterator[Filling]:
    with ExitStack() as until:
        name = request.param
        catalog = services.start_catalog(name, work / name, "127.0.0.1", until)
        sluice = command_line.within(**catalog.job_environment, SLUICE_RAW=str(raw), SLUICE_LAKE_REST_TOKEN=TOKEN)
        lake = HiveLake(catalog) if name == "hive" else RestLake(catalog)
        registered = {job: _registered(sluice, job) for job in REGISTERED[name]}
        yield Filling(catalog, lake, registered, fill(sluice, MONTH, JOBS[name]))


def _registered(sluice: Sluice, job: str) -> tuple[Ended, ...]:
    return tuple(sluice("register", job, *more).expect(0) for more in (("--plan",), (), ("--json",)))


def test_a_table_is_registered_before_any_run(filling: Filling) -> None:
    for job, (planned, done, again) in filling.registered.items():
        assert planned.stdout.startswith("create table flights.")
        assert planned.short is None, "a plan is no run"
        assert done.stdout == planned.stdout
        assert done.short is not None
        assert (done.short["job"], done.short["status"]) == (f"register.{job}", "COMMITTED")
        assert (again.receipt["status"], again.receipt["registered"]) == ("ALREADY_COMMITTED", [])
        assert again.receipt["target"] == done.short["target"]


def test_pyiceberg_reads_the_rows_of_the_csv(filling: Filling, expected: Expected) -> None:
    for table in ICEBERG:
        checks.iceberg_table(filling.lake, expected, table, MONTH)


def test_pyiceberg_reads_the_bad_rows_with_their_reasons(filling: Filling, expected: Expected) -> None:
    checks.quarantine(filling.lake, expected, "flights.departures", MONTH)


@only("hive")
def test_pyarrow_and_duckdb_read_the_parquet_table_where_the_metastore_says(
    filling: Filling, expected: Expected
) -> None:
    checks.parquet_table(filling.lake, expected, "flights.delay_stats", MONTH)


@only("hive")
def test_more_partitions_than_a_call_takes(filling: Filling, jar: Path) -> None:
    partitions.run(jar, filling.catalog.job_environment)
    partitions.check(filling.lake, filling.catalog.warehouse)


@only("rest")
def test_a_table_of_files_is_refused_at_plan_time(filling: Filling) -> None:
    message = (
        "Cannot use table flights.delay_stats: its files are parquet, and catalog rest has Iceberg tables only. "
        "Set lake.catalog to embedded, glue or hive, or declare the table as Iceberg"
    )
    assert message in filling.filled.sluice("plan", "delay-stats", "--interval", interval(1)).expect(2).stderr
    refused = filling.filled.sluice.run("delay-stats", interval(1)).expect(2, "FAILED")
    assert refused.receipt["error"]["message"] == message


def test_receipts_name_snapshots_and_no_secret(filling: Filling, expected: Expected) -> None:
    for (job, month), run in filling.filled.runs.items():
        assert run.short is not None
        long = checks.receipt(filling.lake, expected, run.short, job, month)
        table = long["target"]["name"]
        if table in ICEBERG:
            assert filling.lake.iceberg(table).snapshot_by_id(int(long["target"]["snapshot_id"])) is not None
        assert TOKEN not in run.stdout + run.stderr
    s3 = filling.catalog.services.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=LAKE_BUCKET, Prefix=f"{filling.catalog.name}/"):
        for item in page["Contents"]:
            assert TOKEN.encode() not in s3.get_object(Bucket=LAKE_BUCKET, Key=item["Key"])["Body"].read(), item["Key"]


def test_running_everything_again_changes_nothing(filling: Filling) -> None:
    before = _fingerprint(filling)
    for job, month in filling.filled.runs:
        again = filling.filled.sluice.run(job, interval(month)).expect(0, "ALREADY_COMMITTED")
        assert again.receipt["rows"] == filling.filled.runs[job, month].receipt["rows"]
    assert _fingerprint(filling) == before


def test_register_again_changes_nothing(filling: Filling) -> None:
    before = _fingerprint(filling)
    for job in filling.filled.runs:
        assert filling.filled.sluice("register", job[0]).expect(0).stdout == "no change\n"
    assert _fingerprint(filling) == before


def _fingerprint(filling: Filling) -> dict[str, object]:
    lake = filling.lake
    tables: dict[str, object] = {name: lake.iceberg(name).metadata_location for name in ICEBERG}
    if filling.catalog.name == "hive":
        ours = {k: v for k, v in lake.entry("flights.delay_stats")["Parameters"].items() if k.startswith("sluice.run")}
        partitions = [p["StorageDescriptor"]["Location"] for p in lake.partitions("flights.delay_stats")]
        tables["flights.delay_stats"] = (ours, partitions)
    return tables


@only("rest")
def test_a_table_that_somebody_took_back_makes_verify_red(filling: Filling, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last that needs it: the catalog has the table as it was before the job published."""
    name, sluice = "flights.weather", filling.filled.sluice
    task = _verification(sluice, "extract-weather", monkeypatch)
    assert run_task(task, task_context(task)) == {"verified": True}
    catalog = filling.lake.catalog()
    before = catalog.load_table(name).metadata.metadata_log[-1].metadata_file
    catalog.drop_table(name)
    catalog.register_table(name, before)

    with pytest.raises(SluiceReceiptError) as error:
        run_task(task, task_context(task))

    run_id = filling.filled.runs["extract-weather", 1].receipt["run_id"]
    assert run_id in str(error.value)
    assert "Cannot verify job 'verify.extract-weather': what was published is not what" in str(error.value)


def _verification(sluice: Sluice, job: str, monkeypatch: pytest.MonkeyPatch) -> SluiceJobOperator:
    """The provider's task that verifies a job, in a process of the worker."""
    manifest = sluice.folder / "to-verify.json"
    sluice("manifest", "--output", str(manifest)).expect(0)
    for variable, value in sluice.env.items():
        monkeypatch.setenv(variable, value)
    extra = {"launcher": "process", "home": str(sluice.jar.parent)}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    return SluiceJobOperator(job=f"verify.{job}", manifest=manifest)


def test_a_catalog_that_does_not_answer_is_named(filling: Filling) -> None:
    name = filling.catalog.name
    address = {"hive": "thrift://127.0.0.1:9", "rest": "http://127.0.0.1:9"}[name]
    away = filling.filled.sluice.within(**{f"SLUICE_LAKE_{name.upper()}_URI": address})
    ended = away.run("extract-weather", interval(3)).expect(75, "FAILED")
    error = ended.receipt["error"]
    assert error["message"].startswith(f"Cannot reach catalog {name} at {address}: ")
    assert error["retryable"] is True
