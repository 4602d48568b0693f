"""Runs that are stopped at every phase, on a lake on the local disk, and what others see of it afterwards."""

from __future__ import annotations

import re
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlparse

import pyarrow as pa
import pyarrow.parquet
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import NoSuchTableError

from expected import Expected
from flights import TARGETS, interval
from sluice import Ended, Running, Sluice

BEFORE = ("bind", "plan", "read", "transform", "gate", "publish")
AFTER = ("register", "report")
MONTHS = (1, 2, 3)


def cut(raw: Path, folder: Path) -> Path:
    """Make a small copy of the raw files: three days of flights and all weather of three months, each with a storm."""
    folder.mkdir()
    for name in ("planes", "airlines"):
        (folder / f"{name}.csv").symlink_to(raw / f"{name}.csv")
    kept = {
        "flights": re.compile(r"(?!2013)|2013,[123],[123],"),
        "weather": re.compile(r"(?!\w+,2013)|\w+,2013,[123],"),
    }
    for name, pattern in kept.items():
        lines = (raw / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / f"{name}.csv").write_text("".join(filter(pattern.match, lines)), encoding="utf-8")
    weather = (folder / "weather.csv").read_text(encoding="utf-8")
    for month in (1, 3):
        weather = re.sub(rf"(\nJFK,2013,{month},9,9(?:,[^,]*){{4}}),[^,]*", r"\1,1048.36058", weather)
    (folder / "weather.csv").write_text(weather, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class LocalLake:
    """A lake on this disk with the embedded catalog, as pyiceberg and sqlite3 see it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a job that writes here."""
        return {
            "SLUICE_LAKE_WAREHOUSE": f"file://{self.folder}",
            "SLUICE_JDBC_URL": f"jdbc:sqlite:{self.folder}/delays.db",
        }

    def catalog(self) -> Catalog:
        """Open Iceberg's catalog; makes it where there is none."""
        self.folder.mkdir(exist_ok=True)
        return load_catalog("lake", type="sql", uri=f"sqlite:///{self.folder}/catalog.db", warehouse=str(self.folder))

    def rows(self, table: str) -> pa.Table | None:
        """Read what is published of a table; None where the catalog does not have it."""
        if table == "delays":
            return self._sqlite("delays.db", "delays")
        if table == "flights.delay_stats":
            return self._parquet(table)
        if "." not in table:
            return None
        try:
            return self.catalog().load_table(table).scan().to_arrow()
        except NoSuchTableError:
            return None

    def count(self, table: str) -> int:
        """Return how many rows of a table are published."""
        rows = self.rows(table)
        return 0 if rows is None else len(rows)

    def files(self, table: str) -> list[Path]:
        """List the data files in a table's folder, published or not."""
        return sorted((self.folder / table.replace(".", "/")).rglob("*.parquet"))

    def add_departures(self, expected: Expected) -> None:
        """Make the table that delay-stats reads by another engine: cheaper, and a proof that any engine's will do."""
        rows = expected.arrow("flights.departures", *MONTHS)
        catalog = self.catalog()
        catalog.create_namespace("flights")
        catalog.create_table("flights.departures", schema=rows.schema).append(rows)

    def staging_tables(self) -> list[str]:
        """List the database's tables that are neither the target nor the ledger."""
        with sqlite3.connect(self.folder / "delays.db") as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sorted(set(names) - {"delays", "sluice_ledger"})

    def _parquet(self, table: str) -> pa.Table | None:
        query = "SELECT spec, location FROM sluice_partition WHERE name = ?"
        with sqlite3.connect(self.folder / "catalog.db") as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'sluice_partition'").fetchone():
                return None
            partitions = database.execute(query, (table,)).fetchall()
        parts = []
        for spec, location in partitions:
            year, month = re.findall(r"\d+", spec)
            for file in Path(unquote(urlparse(location).path)).glob("*.parquet"):
                rows = pa.parquet.read_table(file, partitioning=None)
                for name, value in (("year", year), ("month", month)):
                    rows = rows.append_column(name, pa.array([int(value)] * len(rows), pa.int32()))
                parts.append(rows)
        return pa.concat_tables(parts) if parts else None

    def _sqlite(self, file: str, table: str) -> pa.Table | None:
        if not (self.folder / file).exists():
            return None
        with sqlite3.connect(self.folder / file) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                return None
            cursor = database.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in cursor])


@dataclass
class Stopped:
    """Runs of one job that were stopped, what was to be seen after each, and the runs that followed."""

    lake: LocalLake
    job: str
    ended: dict[tuple[str, str], Ended] = field(default_factory=dict)  #: by signal and phase
    counts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  #: rows in table and quarantine
    files: dict[tuple[str, str], list[Path]] = field(default_factory=dict)
    again: dict[int, Ended] = field(default_factory=dict)  #: by month


def stop_at(sluice: Sluice, stopped: Stopped, number: signal.Signals, *phases: str) -> None:
    """Stop a run at each phase: January's before the commit, February's and March's after it."""
    target = TARGETS[stopped.job]
    for phase in phases:
        month = {"register": 2, "report": 3}.get(phase, 1)
        run = sluice.within(SLUICE_PAUSE_AT=phase).start_job(stopped.job, interval(month))
        case = number.name, phase
        stopped.ended[case] = run.await_pause(phase).send(number).wait()
        stopped.counts[case] = (stopped.lake.count(target), stopped.lake.count(f"{target}_quarantine"))
        stopped.files[case] = stopped.lake.files(target) if target != "delays" else []


def run_again(sluice: Sluice, stopped: Stopped, *months: int) -> None:
    """Run plainly what was stopped."""
    for month in months:
        stopped.again[month] = sluice.run(stopped.job, interval(month))


def together(folder: Path, sluice: Sluice, *runs: tuple[str, int]) -> list[Ended]:
    """Run several at once: each waits before its commit until all of them are there."""
    gate = folder / "commit-now"
    waiting = sluice.within(SLUICE_PAUSE_AT="publish", SLUICE_PAUSE_UNTIL=str(gate))

    def begin(run: tuple[str, int]) -> Running:
        return waiting.start_job(run[0], interval(run[1])).await_pause("publish")

    with ThreadPoolExecutor(len(runs)) as pool:
        started = list(pool.map(begin, runs))
    gate.touch()
    ended = [run.wait() for run in started]
    gate.unlink()
    return ended
