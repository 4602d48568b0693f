"""Engines that know nothing of Sluice read a table of every format, with every type and its odd values."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from formats import FOLDER, Rows, Table, rows
from services import ROOT

#: pyiceberg 0.12 tells a null list inside a struct as an empty one; pyarrow reads the same files right.
UNREAD = {"pyiceberg": "tree"}


@pytest.fixture(scope="module", autouse=True)
def written() -> None:
    """Let the tables be written where the tests in Java have not left them."""
    if not (FOLDER / "avro/declared.json").exists():
        command = ["./mvnw", "-B", "-ntp", "-q", "-pl", "sdk/testkit", "-am", "test", "-Dtest=ReadersTest"]
        subprocess.run([*command, "-Dsurefire.failIfNoSpecifiedTests=false"], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("format", "reader"),
    [
        ("iceberg", "pyiceberg"),
        ("iceberg", "pyarrow_iceberg"),
        ("delta", "deltalake"),
        ("parquet", "pyarrow_parquet"),
        ("parquet", "duckdb_parquet"),
        ("orc", "pyorc"),
        ("avro", "fastavro"),
    ],
)
def test_rows_are_read_as_they_were_made(format: str, reader: str) -> None:
    """Every cell of 60 rows, also times before the Gregorian calendar, NaN, nested nulls and 38 digits."""
    table = Table(format)
    found = rows(getattr(table, reader)())
    expected = table.expected
    assert [row["id"] for row in found] == [row["id"] for row in expected]
    for column in (column["name"] for column in table.declared["columns"] if column["name"] != UNREAD.get(reader)):
        old = [format == "orc" and _is_old(column, row[column]) for row in expected]
        assert _cells(found, column, old) == _cells(expected, column, old), column


def _cells(rows: Rows, column: str, left_out: list[bool]) -> list[Any]:
    return [row[column] for row, out in zip(rows, left_out, strict=True) if not out]


def _is_old(column: str, value: int | None) -> bool:
    """Whether a time in an ORC file is of the Julian calendar, which the C++ library takes for one of the Gregorian."""
    first_gregorian_day = -141_427
    unit = {"day": 1, "moment": 86_400_000_000}.get(column)
    return unit is not None and value is not None and value < first_gregorian_day * unit


@pytest.mark.parametrize("format", ["iceberg", "delta"])
def test_comments_are_read_as_declared(format: str) -> None:
    """The two formats that keep comments beside the rows tell them; of files the catalog does."""
    table = Table(format)
    declared = {column["name"]: column["comment"] for column in table.declared["columns"]}
    assert getattr(table, f"{format}_columns")() == declared
