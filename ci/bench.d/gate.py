"""What the gate costs: the same rows derived and written as plain Spark and behind a suite, each in its own process."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rounds import OUT, ROOT, Round, in_turn, middle, ratio, say

#: A month of trips is repeated so many times; with twelve months of 10,000 trips that makes 2.4 million.
COPIES = 20
#: Format of the table written, and how many percent of the rows are bad.
SETTINGS = (("iceberg", 0), ("iceberg", 1), ("iceberg", 20), ("parquet", 1))
VARIANTS = ("plain", "no-key", "key")


def gate(rounds: int) -> list[dict[str, Any]]:
    """A validated write with its bad rows in quarantine, against the plain write: CPU, wall time, peak memory."""
    data = os.environ.get("SLUICE_BENCH_TRIPS")
    suite = os.environ.get("SLUICE_BENCH_SUITE")
    if not data or not suite:
        sys.exit(
            "bench: Cannot measure the gate: there are no trips. Point SLUICE_BENCH_TRIPS at CSV files of trips and"
            " SLUICE_BENCH_SUITE at their suite"
        )
    folder = OUT / "gate"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "classes/suites").mkdir(parents=True)
    document = json.loads(Path(suite).read_text(encoding="utf-8"))
    for name, with_key in (("no_key", False), ("key", True)):
        made = json.dumps(_policies(document, with_key))
        (folder / f"classes/suites/{name}.json").write_text(made, encoding="utf-8")
    warehouse = f"file://{folder / 'lake'}"
    say("preparing the trips")
    _java(folder, "prepare", warehouse, f"{data}/*.csv", str(COPIES))
    lines: list[dict[str, Any]] = []
    for form, percent in SETTINGS:
        say(f"{form}, {percent} % bad rows")

        def run(variant: str, _: int, form: str = form, percent: int = percent) -> dict[str, float]:
            how = "plain" if variant == "plain" else "gate"
            found = _java(folder, how, warehouse, variant.replace("-", "_"), form, str(percent))
            for made in (*folder.glob("lake/bench/gate_*"), *folder.glob("lake/**/plain_*")):
                shutil.rmtree(made, ignore_errors=True)
            return found

        measured = in_turn(rounds, VARIANTS, run)
        lines += _ratios(form, percent, measured)
    return lines


def _ratios(form: str, percent: int, measured: list[Round]) -> list[dict[str, Any]]:
    lines = []
    for variant in VARIANTS[1:]:
        for unit in ("cpu", "wall", "rss"):
            name = f"{form}, {percent} % bad, {variant}: {unit}"
            lines.append(ratio(name, measured, variant, "plain", unit))
        say(f"{form}, {percent} %, {variant}: {middle(measured, variant, 'jobs'):.0f} Spark jobs")
    return lines


def _policies(document: dict[str, Any], with_key: bool) -> dict[str, Any]:
    """The suite as it is, with rows that fail in quarantine and all else a warning, so that every run publishes."""
    kept = []
    for number, expectation in enumerate(document["expectations"]):
        kind = expectation["type"]
        key = "unique" in kind and "compound" in kind
        if key and not with_key:
            continue
        of_rows = re.match(r"expect_column_(values|value_lengths|pair_values)", kind)
        policy = {"id": f"check-{number}", "onFailure": "quarantine" if of_rows else "warn"}
        kwargs = {name: value for name, value in expectation["kwargs"].items() if name != "mostly"}
        kept.append({**expectation, "kwargs": kwargs, "meta": {"sluice": policy}})
    return {**document, "expectations": kept, "meta": {"sluice": {"limit": 1}}}


def _java(folder: Path, *arguments: str) -> dict[str, float]:
    target = ROOT / "jobs/flights/target"
    pom = (ROOT / "pom.xml").read_text(encoding="utf-8")
    found = re.search(r"<image.jvm.flags>(.*)</image.jvm.flags>", pom)
    assert found
    flags = [flag for flag in found[1].split(",") if "MaxRAM" not in flag]
    path = f"{folder / 'classes'}:{target / 'test-classes'}:{target / 'flights.jar'}"
    command = [os.environ["JAVA"], "-Xmx4g", *flags, "-cp", path, "dev.sluice.jobs.flights.bench.GateBench", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr[-4000:])
    if arguments[0] == "prepare":
        return {}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    rows = result.pop("rows")
    if rows:
        read, written, quarantined = rows
        assert read == written + quarantined, rows
        result["quarantined"] = quarantined
    figures: dict[str, float] = result
    return figures
