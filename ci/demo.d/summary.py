"""What a person reads at the end of the demo: tasks, tables, quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pyiceberg.catalog.glue import GlueCatalog

WAREHOUSE_SUFFIX = "_quarantine"


def print_tasks(rows: Sequence[tuple[str, dict[str, Any], dict[str, Any]]]) -> None:
    """A line for each task: state, time, and what became of the rows."""
    lines = []
    for month, task, result in rows:
        counts = result.get("rows") or {}
        lines.append(
            (
                month,
                task["task_id"],
                task["state"] or "-",
                result.get("status", "-").lower().replace("_", " "),
                seconds(task),
                *(number(counts.get(name)) for name in ("read", "written", "quarantined", "filtered")),
            )
        )
    head = ("month", "task", "state", "run", "time", "read", "written", "quarantined", "filtered")
    print_table("What ran", head, lines, right_from=4)


def print_tables(endpoint: str) -> None:
    """A line for each table as the catalog lists it."""
    catalog = glue(endpoint)
    lines = []
    for database in catalog.list_namespaces():
        for entry in catalog.glue.get_tables(DatabaseName=database[0])["TableList"]:
            lines.append((f"{database[0]}.{entry['Name']}", *described(catalog, database[0], entry)))
    print_table(
        "What the catalog lists", ("table", "format", "rows", "columns", "partitioned by"), lines, right_from=99
    )


def described(catalog: GlueCatalog, database: str, entry: dict[str, Any]) -> tuple[str, str, str, str]:
    parameters = entry["Parameters"]
    if parameters.get("table_type") == "ICEBERG":
        table = catalog.load_table((database, entry["Name"]))
        snapshot = table.current_snapshot()
        rows = snapshot.summary["total-records"] if snapshot and snapshot.summary else "0"
        partitions = ", ".join(field.name for field in table.spec().fields)
        return "iceberg", number(int(rows or 0)), str(len(table.schema().fields)), partitions or "-"
    found = catalog.glue.get_partitions(DatabaseName=database, TableName=entry["Name"])["Partitions"]
    rows_in_all = sum(int(partition["Parameters"]["sluice.rows-written"]) for partition in found)
    keys = [key["Name"] for key in entry["PartitionKeys"]]
    columns = len(entry["StorageDescriptor"]["Columns"]) + len(keys)
    return "parquet", number(rows_in_all), str(columns), ", ".join(keys)


def print_quarantine(endpoint: str) -> None:
    """The three commonest reasons, each with a row."""
    catalog = glue(endpoint)
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], dict[str, Any]] = {}
    for database in catalog.list_namespaces():
        for name in catalog.list_tables(database):
            if not name[-1].endswith(WAREHOUSE_SUFFIX):
                continue
            for row in catalog.load_table(name).scan().to_arrow().to_pylist():
                for reason in row["_sluice_reasons"]:
                    key = (name[-1].removesuffix(WAREHOUSE_SUFFIX), reason)
                    counts[key] += 1
                    examples.setdefault(key, row)
    print("\nWhy rows are in quarantine")
    for (table, reason), count in counts.most_common(3):
        row = {key: value for key, value in examples[table, reason].items() if not key.startswith("_sluice")}
        print(f"  {number(count):>7}  {table}: {reason}")
        print(f"           e.g. {shown(row)}")


def shown(row: dict[str, Any], most: int = 9) -> str:
    cells = [f"{key}={value}" for key, value in row.items()]
    return " ".join(cells[:most]) + (" …" if len(cells) > most else "")


def glue(endpoint: str) -> GlueCatalog:
    """The catalog through a client that is not ours."""
    return GlueCatalog("demo", **{"glue.endpoint": endpoint, "glue.region": "us-east-1"})


def seconds(task: dict[str, Any]) -> str:
    if not (task.get("start_date") and task.get("end_date")):
        return "-"
    took = datetime.fromisoformat(task["end_date"]) - datetime.fromisoformat(task["start_date"])
    return f"{took.total_seconds():.0f} s"


def number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def print_table(title: str, head: Sequence[str], lines: Sequence[Sequence[str]], right_from: int) -> None:
    """Print aligned columns; those from one index on are numbers."""
    widths = [max(len(line[i]) for line in (head, *lines)) for i in range(len(head))]
    print(f"\n{title}")
    for line in (head, *lines):
        cells = [
            c.rjust(w) if i >= right_from else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))
        ]
        print("  " + "  ".join(cells).rstrip())
