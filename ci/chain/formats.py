"""A table of each format as other engines read it: straight from the files, by what catalog or log say of them."""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import deltalake
import duckdb
import fastavro
import pyarrow as pa
import pyarrow.parquet
import pyorc
from pyiceberg.table import StaticTable

from services import ROOT

EPOCH = datetime(1970, 1, 1)
FOLDER = ROOT / "sdk/testkit/target/readers"
Rows = list[dict[str, Any]]


class Days(pyorc.converters.ORCConverter):
    """Days since 1970 as ORC has them: Python's dates end where those of tables do not."""

    @staticmethod
    def from_orc(days: int) -> int:
        """Leave the number as it is."""
        return days

    @staticmethod
    def to_orc(obj: int) -> int:
        """Leave the number as it is."""
        return obj


class Micros(pyorc.converters.ORCConverter):
    """Microseconds since 1970, of what ORC has in seconds and nanoseconds."""

    @staticmethod
    def from_orc(seconds: int, nanoseconds: int, timezone: Any) -> int:
        """Bring both together."""
        return seconds * 1_000_000 + nanoseconds // 1000

    @staticmethod
    def to_orc(obj: int, timezone: Any) -> tuple[int, int]:
        """Take both apart."""
        return obj // 1_000_000, obj % 1_000_000 * 1000


CONVERTERS = {pyorc.TypeKind.DATE: Days, pyorc.TypeKind.TIMESTAMP: Micros, pyorc.TypeKind.TIMESTAMP_INSTANT: Micros}


class Table:
    """One of the tables that ``ReadersTest`` has written."""

    def __init__(self, format: str):
        self.folder = FOLDER / format
        self.declared: dict[str, Any] = json.loads((self.folder / "declared.json").read_text())

    @property
    def expected(self) -> Rows:
        """The rows in order of their ids."""
        lines = (self.folder / "expected.jsonl").read_text().splitlines()
        rows = [json.loads(line, parse_float=Decimal) for line in lines]
        types = {column["name"]: column["type"] for column in self.declared["columns"]}
        return [{name: _meant(value, types[name]) for name, value in row.items()} for row in rows]

    def pyiceberg(self) -> pa.Table:
        """Read the newest metadata as pyiceberg does."""
        return self._iceberg().scan().to_arrow()

    def pyarrow_iceberg(self) -> pa.Table:
        """Read with pyarrow the files that pyiceberg says a scan has to read."""
        files = [_path(task.file.file_path) for task in self._iceberg().scan().plan_files()]
        return pa.concat_tables(pyarrow.parquet.ParquetFile(file).read() for file in files)

    def _iceberg(self) -> StaticTable:
        newest = max((self.folder / "shop/orders/metadata").glob("*.metadata.json"))
        return StaticTable.from_metadata(newest.as_uri())

    def iceberg_columns(self) -> dict[str, str | None]:
        """Return the comments that pyiceberg finds."""
        return {field.name: field.doc for field in self._iceberg().schema().fields}

    def deltalake(self) -> pa.Table:
        """Read the table as delta-rs does."""
        return pa.table(deltalake.DeltaTable(str(self.folder / "shop/orders")).to_pyarrow_table())

    def delta_columns(self) -> dict[str, str | None]:
        """Return the comments that delta-rs finds."""
        fields = deltalake.DeltaTable(str(self.folder / "shop/orders")).schema().fields
        return {field.name: field.metadata.get("comment") for field in fields}

    def partitions(self) -> Iterator[tuple[str | None, Path]]:
        """Each partition's value and its files' folder, as the embedded catalog says."""
        with sqlite3.connect(next(self.folder.glob("**/*.db"))) as catalog:
            for spec, location in catalog.execute("SELECT spec, location FROM sluice_partition"):
                (value,) = json.loads(spec)
                yield (None if value == "__HIVE_DEFAULT_PARTITION__" else value), _path(location)

    def files(self, suffix: str) -> Iterator[tuple[str | None, Path]]:
        """Each file with its partition's value."""
        for value, folder in self.partitions():
            for file in sorted(folder.glob(f"*{suffix}")):
                yield value, file

    def pyarrow_parquet(self) -> pa.Table:
        """Read the files of a Parquet table with pyarrow."""
        parts = []
        for value, file in self.files(".parquet"):
            rows = pyarrow.parquet.ParquetFile(file).read()
            parts.append(rows.append_column("region", pa.array([value] * len(rows), pa.string())))
        return pa.concat_tables(parts)

    def duckdb_parquet(self) -> pa.Table:
        """Read the files of a Parquet table with DuckDB."""
        parts = []
        for value, file in self.files(".parquet"):
            with duckdb.connect() as db:
                db.execute("SET TimeZone = 'UTC'")
                rows = db.sql("SELECT * FROM read_parquet(?)", params=[str(file)]).to_arrow_table()
            parts.append(rows.append_column("region", pa.array([value] * len(rows), pa.string())))
        return pa.concat_tables(parts)

    def pyorc(self) -> Rows:
        """Read the files of an ORC table with the C++ library of Apache ORC."""
        rows = []
        for value, file in self.files(".orc"):
            with file.open("rb") as stream:
                reader = pyorc.Reader(stream, struct_repr=pyorc.StructRepr.DICT, converters=CONVERTERS)
                rows += [{**row, "region": value} for row in reader]
        return rows

    def fastavro(self) -> Rows:
        """Read the files of an Avro table with fastavro."""
        rows: Rows = []
        for value, file in self.files(".avro"):
            with file.open("rb") as stream:
                rows += [{**row, "region": value} for row in fastavro.reader(stream)]  # type: ignore[dict-item]
        return rows


def _path(location: str) -> Path:
    # A catalog's locations are paths behind a scheme, with the escapes that folders have in their names.
    return Path(location.removeprefix("file:").replace("///", "/", 1))


def _meant(value: Any, type: str) -> Any:
    """Make of a cell of the expected rows, which are JSON, what ``told`` makes of the cell itself."""
    if value is not None and type in ("float", "double"):
        return told(float(value))
    if value is not None and type.startswith("decimal"):
        return Decimal(value).normalize()
    return value if type == "binary" else told(value, inside=True)


def told(value: Any, inside: bool = False) -> Any:
    """Say a cell so that cells which differ are said differently, and others alike, whoever has read them."""
    if isinstance(value, float):
        # Every NaN is the same one; 0.0 and -0.0 are not.
        bits = struct.pack(">d", float("nan") if math.isnan(value) else value)
        return Decimal(repr(value)).normalize() if inside else bits
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, bytes):
        return value.hex().upper()
    if isinstance(value, datetime):
        return (value.replace(tzinfo=None) - EPOCH) // timedelta(microseconds=1)
    if isinstance(value, date):
        return (value - EPOCH.date()).days
    if isinstance(value, dict):
        return {key: told(of, inside=True) for key, of in value.items()}
    return [told(of, inside=True) for of in value] if isinstance(value, list) else value


def _map(entries: list[tuple[Any, Any]] | None) -> dict[Any, Any] | None:
    return None if entries is None else dict(entries)


def rows(read: pa.Table | Rows) -> Rows:
    """Say all rows, in order of their ids."""
    if isinstance(read, pa.Table):
        # As numbers: Python's times end where those of tables do not.
        for number, field in enumerate(read.schema):
            if pa.types.is_timestamp(field.type):
                micros = read[field.name].cast(pa.timestamp("us", field.type.tz)).cast(pa.int64())
                read = read.set_column(number, field.name, micros)
            if pa.types.is_date(field.type):
                read = read.set_column(number, field.name, read[field.name].cast(pa.int32()))
        maps = [field.name for field in read.schema if pa.types.is_map(field.type)]
        read = [{**row, **{name: _map(row[name]) for name in maps}} for row in read.to_pylist()]
    return sorted(({name: told(cell) for name, cell in row.items()} for row in read), key=lambda row: row["id"])
