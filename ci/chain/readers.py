"""Readers that know nothing of Sluice: pyiceberg, pyarrow, DuckDB, boto3, psycopg."""

from __future__ import annotations

import hashlib
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.dataset
import pyarrow.fs
import s3fs
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.table import Table as IcebergTable

from services import Services


class Lake:
    """The tables as other engines see them, through the catalog."""

    def __init__(self, services: Services):
        self.services = services
        self.glue = services.client("glue")

    def catalog(self) -> Catalog:
        """Open Iceberg's catalog of the lake."""
        s = self.services
        return load_catalog(
            "lake",
            type="glue",
            **{
                "glue.endpoint": s.glue,
                "glue.region": s.region,
                "glue.access-key-id": s.access_key,
                "glue.secret-access-key": s.secret_key,
                **self.file_io,
            },
        )

    @property
    def file_io(self) -> dict[str, str]:
        """How pyiceberg reaches the files."""
        s = self.services
        return {
            "s3.endpoint": s.s3,
            "s3.region": s.region,
            "s3.access-key-id": s.access_key,
            "s3.secret-access-key": s.secret_key,
            "s3.force-virtual-addressing": "false",
        }

    def iceberg(self, name: str) -> IcebergTable:
        """Load an Iceberg table."""
        return self.catalog().load_table(name)

    def rows(self, name: str) -> pa.Table:
        """Read all rows of a table, whatever its format."""
        entry = self.entry(name)
        if entry.get("Parameters", {}).get("table_type") == "ICEBERG":
            return self.iceberg(name).scan().to_arrow()
        return self.parquet(name)

    def entry(self, name: str) -> dict[str, Any]:
        """Return a table as Glue has it."""
        database, table = name.split(".")
        found: dict[str, Any] = self.glue.get_table(DatabaseName=database, Name=table)["Table"]
        return found

    def partitions(self, name: str) -> list[dict[str, Any]]:
        """Return the partitions that Glue has of a table, in order of their values."""
        database, table = name.split(".")
        pages = self.glue.get_paginator("get_partitions").paginate(DatabaseName=database, TableName=table)
        found = [partition for page in pages for partition in page["Partitions"]]
        return sorted(found, key=lambda p: [int(value) for value in p["Values"]])

    def parquet(self, name: str) -> pa.Table:
        """Read a table of Parquet files with pyarrow, from just the places that Glue's partitions name."""
        keys = [key["Name"] for key in self.entry(name)["PartitionKeys"]]
        scheme = "https" if self.services.s3.startswith("https") else "http"
        s3 = pyarrow.fs.S3FileSystem(
            access_key=self.services.access_key,
            secret_key=self.services.secret_key,
            region=self.services.region,
            endpoint_override=self.services.s3.removeprefix(f"{scheme}://"),
            scheme=scheme,
        )
        parts = []
        for partition in self.partitions(name):
            path = partition["StorageDescriptor"]["Location"].removeprefix("s3://")
            rows = pyarrow.dataset.dataset(path, filesystem=s3, format="parquet").to_table()
            for key, value in zip(keys, partition["Values"], strict=True):
                rows = rows.append_column(key, pa.array([int(value)] * len(rows), pa.int32()))
            parts.append(rows)
        return pa.concat_tables(parts)

    def duckdb_sums(self, name: str, column: str) -> dict[tuple[str, ...], Any]:
        """Return each partition's count of rows and sum of a column, as DuckDB reads them."""
        s = self.services
        files = s3fs.S3FileSystem(endpoint_url=s.s3, key=s.access_key, secret=s.secret_key, use_listings_cache=False)
        db = duckdb.connect()
        db.register_filesystem(files)
        found = {}
        for partition in self.partitions(name):
            location = partition["StorageDescriptor"]["Location"]
            query = f"SELECT count(*), sum({column}) FROM read_parquet('{location}/*.parquet')"
            found[tuple(partition["Values"])] = db.execute(query).fetchone()
        return found

    def receipt(self, uri: str) -> bytes:
        """Read a receipt from the lake."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        body: bytes = self.services.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return body


def database_rows(services: Services, table: str) -> pa.Table:
    """Read all rows of a PostgreSQL table."""
    with psycopg.connect(services.postgres) as connection:
        cursor = connection.execute(f"SELECT * FROM {table}")
        names = [column.name for column in cursor.description or ()]
        return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in cursor])


def database_tables(services: Services) -> list[str]:
    """List the tables of the PostgreSQL."""
    query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
    with psycopg.connect(services.postgres) as connection:
        return [name for (name,) in connection.execute(query)]


def published(table: IcebergTable, run_key: str) -> list[int]:
    """Return the snapshots of a table's history that carry a run key; those never published are not in it.

    A snapshot that was published over another's carries only the id of its staging, which begins with the key's hash.
    """
    staged = hashlib.sha256(run_key.encode()).hexdigest()[:16] + "-"
    found = []
    current = table.current_snapshot()
    while current is not None:
        summary = current.summary.additional_properties if current.summary else {}
        if summary.get("sluice.run-key") == run_key or summary.get("published-wap-id", "").startswith(staged):
            found.append(current.snapshot_id)
        current = table.snapshot_by_id(current.parent_snapshot_id) if current.parent_snapshot_id else None
    return found
