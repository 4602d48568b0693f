"""What must be true of a lake that the flights jobs have filled, however they were launched."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.compute as pc

from expected import Expected
from flights import ICEBERG, TARGETS, run_key
from readers import Lake, database_rows, database_tables, published
from services import ROOT, Services

MANIFEST = Path(os.environ.get("SLUICE_MANIFEST") or ROOT / "jobs/flights/target/jobs.json")
SCHEMAS = ROOT / "sdk/model/src/main/resources/dev/sluice/model"


@cache
def _schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def valid(name: str, document: Any) -> None:
    """Fail unless a document is what its published JSON Schema says."""
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    jsonschema.Draft7Validator(_schema(name), format_checker=checker).validate(document)


def declared(table: str) -> Any:
    """Return a table of the manifest that the build has written."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return next(t for t in manifest["tables"] if t["name"] == table)


def iceberg_table(lake: Lake, expected: Expected, table: str, months: tuple[int, ...]) -> None:
    """Rows, partitions, comments and published snapshots of an Iceberg table are exact."""
    found = lake.iceberg(table)
    expected.check(table, found.scan().to_arrow(), *months)
    partitions = {(p["partition"]["year"], p["partition"]["month"]): p for p in found.inspect.partitions().to_pylist()}
    assert {key: p["record_count"] for key, p in partitions.items()} == {
        (2013, month): expected.count(table, month) for month in months
    }
    for column in declared(table)["columns"]:
        assert found.schema().find_field(column["name"]).doc == column["comment"]
    job = next(job for job, target in TARGETS.items() if target == table)
    for month in months:
        assert len(published(found, run_key(job, month))) == 1, f"{run_key(job, month)} is not published just once"
    assert found.properties["sluice.run-key"] in {run_key(job, month) for month in months}
    assert found.properties["sluice.sdk-version"]


def quarantine(lake: Lake, expected: Expected, table: str, months: tuple[int, ...]) -> None:
    """Every bad row is in quarantine once, with all its reasons, the run key and the time."""
    rows = lake.rows(f"{table}_quarantine")
    expected.check(f"{table}_quarantine", rows, *months)
    job = next(job for job, target in TARGETS.items() if target == table)
    for month in months:
        keys = pc.sum(pc.equal(rows["_sluice_run_key"], run_key(job, month))).as_py() or 0
        assert keys == expected.count(f"{table}_quarantine", month)
    assert rows["_sluice_quarantined_at"].null_count == 0


def parquet_table(lake: Lake, expected: Expected, table: str, months: tuple[int, ...]) -> None:
    """Rows and Glue's entry of a table of Parquet files are exact; two readers agree."""
    expected.check(table, lake.parquet(table), *months)
    query = "SELECT count(*), sum(departures) FROM ({})"
    assert lake.duckdb_sums(table, "departures") == {
        ("2013", str(month)): expected.db.execute(query.format(expected.query(table, month))).fetchone()
        for month in months
    }
    entry, wanted = lake.entry(table), declared(table)
    columns = {c["name"]: (c["type"], c["comment"]) for c in wanted["columns"]}
    keys = wanted["partitions"]
    stored = entry["StorageDescriptor"]
    assert {c["Name"]: (c["Type"], c["Comment"]) for c in stored["Columns"] + entry["PartitionKeys"]} == columns
    assert [c["Name"] for c in entry["PartitionKeys"]] == keys
    assert [c["Name"] for c in stored["Columns"]] == [name for name in columns if name not in keys]
    assert entry["TableType"] == "EXTERNAL_TABLE"
    assert entry["Description"] == wanted["comment"]
    assert stored["SerdeInfo"]["SerializationLibrary"] == "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    assert stored["InputFormat"].endswith("MapredParquetInputFormat")
    parameters = entry["Parameters"]
    assert parameters["classification"] == "parquet"
    assert parameters["sluice.run-key"] in {run_key("delay-stats", month) for month in months}
    assert {"sluice.run-id", "sluice.rows-written", "sluice.sdk-version"} <= parameters.keys()
    ledger = [json.loads(value) for name, value in parameters.items() if name.startswith("sluice.run.")]
    assert {entry["run_key"]: entry["rows"]["written"] for entry in ledger} == {
        run_key("delay-stats", month): expected.count(table, month) for month in months
    }
    for month, partition in zip(months, lake.partitions(table), strict=True):
        assert partition["Values"] == ["2013", str(month)]
        assert partition["StorageDescriptor"]["Location"].startswith(stored["Location"] + "/")
        assert partition["Parameters"]["sluice.rows-written"] == str(expected.count(table, month))


def database(services: Services, expected: Expected, months: tuple[int, ...]) -> None:
    """The database holds the figures and the ledger, and no staging table is left."""
    rows = database_rows(services, "delays")
    whole = pa.table({name: rows[name] for name in rows.column_names})
    expected.check("delays", whole, *months)
    ledger = {row["run_key"]: json.loads(row["entry"]) for row in database_rows(services, "sluice_ledger").to_pylist()}
    assert {key: entry["rows"]["written"] for key, entry in ledger.items()} == {
        run_key("load-delays", month): expected.count("delays", month) for month in months
    }
    assert database_tables(services) == ["delays", "sluice_ledger"]


def receipt(lake: Lake, expected: Expected, short: dict[str, Any], job: str, month: int) -> dict[str, Any]:
    """Check a short receipt and the long one that it points to; return the long one."""
    long: dict[str, Any] = json.loads(lake.receipt(short["receipt_uri"]))
    for form in (short, long):
        valid("receipt", form)
        assert form["rows"] == expected.rows(job, month)
        assert form["rows"]["read"] == sum(form["rows"][part] for part in ("written", "quarantined", "filtered"))
        assert form["run_key"] == run_key(job, month)
        assert form["target"]["name"] == TARGETS[job]
    assert short["run_id"] == long["run_id"]
    return long


def whole_lake(services: Services, expected: Expected, months: tuple[int, ...]) -> None:
    """All tables and the database at once, for those who launched the jobs in another way."""
    lake = Lake(services)
    for table in ICEBERG:
        iceberg_table(lake, expected, table, months)
    for table in ("flights.weather", "flights.departures"):
        quarantine(lake, expected, table, months)
    parquet_table(lake, expected, "flights.delay_stats", months)
    database(services, expected, months)
