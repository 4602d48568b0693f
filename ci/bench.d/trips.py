"""Taxi trips as the benchmarks of the gate use them: prepared once, then written by one process a run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rounds import OUT, java, say

SUITE = Path(__file__).with_name("trips.json")
#: CSV files of trips, 120,000 in all, are repeated so many times: 2.4 million rows.
COPIES = 20


def document() -> dict[str, Any]:
    """The suite: 43 checks, of which 30 are of single rows, 12 of all rows, and one is a key."""
    read: dict[str, Any] = json.loads(SUITE.read_text(encoding="utf-8"))
    return read


def policies(suite: dict[str, Any], *, key: bool) -> dict[str, Any]:
    """The suite with rows that fail in quarantine and all else a warning, so that every run publishes."""
    kept = []
    for number, expectation in enumerate(suite["expectations"]):
        kind = expectation["type"]
        if "compound" in kind and not key:
            continue
        of_rows = re.match(r"expect_column_(values|value_lengths|pair_values)", kind)
        policy = {"id": f"check-{number}", "onFailure": "quarantine" if of_rows else "warn"}
        kwargs = {name: value for name, value in expectation["kwargs"].items() if name != "mostly"}
        kept.append({**expectation, "kwargs": kwargs, "meta": {"sluice": policy}})
    return {**suite, "expectations": kept, "meta": {"sluice": {"limit": 1}}}


class Trips:
    """A lake that holds the trips so many times, and the suites that they are written behind."""

    def __init__(self, copies: int, suites: dict[str, dict[str, Any]]):
        self.folder = OUT / f"trips-{copies}"
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "classes/suites").mkdir(parents=True)
        (self.folder / "lake").mkdir()
        self.warehouse = f"file://{self.folder / 'lake'}"
        for name, suite in suites.items():
            (self.folder / f"classes/suites/{name}.json").write_text(json.dumps(suite), encoding="utf-8")
        data = os.environ.get("SLUICE_BENCH_TRIPS")
        say(f"preparing {copies} times {'the trips' if data else 'made-up trips: SLUICE_BENCH_TRIPS is not set'}")
        self._java("prepare", f"{data}/*.csv" if data else "made-up", str(copies))

    @property
    def files(self) -> str:
        """The trips as plain Parquet, for who reads no Iceberg."""
        return str(self.folder / "lake/files")

    def write(self, how: str, suite: str, form: str, percent: int) -> dict[str, float]:
        """Write the trips, so many percent of them bad: ``plain``, ``parted`` by Spark or through the ``gate``."""
        done = self._java(how, suite, form, str(percent))
        for made in (*self.folder.glob("lake/bench/gate_*"), *self.folder.glob("lake/**/plain_*")):
            shutil.rmtree(made, ignore_errors=True)
        result: dict[str, Any] = json.loads(done)
        rows = result.pop("rows")
        if rows:
            read, written, quarantined = rows
            assert read == written + quarantined, rows
            result["quarantined"] = quarantined
        figures: dict[str, float] = result
        return figures

    def compiled(self) -> dict[str, float]:
        """Milliseconds until 500 expectations on 250 columns are read and compiled: the first time, and later."""
        figures: dict[str, float] = json.loads(self._java("compile", "none", "iceberg", "0"))
        return figures

    def _java(self, how: str, *arguments: str) -> str:
        command = java("4g", str(self.folder / "classes"), "GateBench")
        done = subprocess.run([*command, how, self.warehouse, *arguments], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stdout + done.stderr[:8000])
        return done.stdout.splitlines()[-1] if done.stdout else ""
