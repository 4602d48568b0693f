"""What publishing costs: the same rows written by Spark alone and published by Sluice, each in its own process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rounds import OUT, ROOT, Round, in_turn, java, middle, ratio, say, summary

#: But Avro, which Spark alone does not write.
FORMATS = ("iceberg", "delta", "parquet", "orc")
PARTITIONS = (1, 200)
FOLDER = OUT / "publish"
PAIR = ("plain", "sluice")


def publish(rounds: int) -> list[dict[str, Any]]:
    """A million rows into each format, with and without partitions, against Spark's own write."""
    _prepare()
    lines: list[dict[str, Any]] = []
    for form in FORMATS:
        for partitions in PARTITIONS:
            measured = _pairs(rounds, f"write {form}, {partitions} partitions", "write", form, str(partitions))
            lines += _ratios(f"publish {form}, {partitions} partitions", measured)
    return lines


def change(rounds: int) -> list[dict[str, Any]]:
    """Loading, merging, compacting, many inputs and registering, against the same without Sluice where there is one."""
    _prepare()
    lines = _ratios("load 200,000 rows into PostgreSQL", _pairs(rounds, "load", "load", os.environ["POSTGRES"]))
    lines += _ratios("upsert 1 % of 5 M rows, to MERGE", _pairs(rounds, "upsert", "upsert", "{round}"))
    lines += _ratios("compact 2,000 files, to Iceberg's own", _pairs(rounds, "compact", "compact"))
    measured = _pairs(rounds, "10,000 input files", "files")
    lines += _ratios("read 10,000 files", measured)
    lines.append(ratio("read 10,000 files: rss", measured, "sluice", "plain", "rss"))
    say(f"memory at 10,000 input files: {middle(measured, 'sluice', 'rss') / 2**20:.0f} MiB at most")
    return [*lines, *_registration(rounds)]


def _prepare() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    say("preparing a million rows to write, five million to merge into, 2,000 small files and 10,000 inputs")
    _run("prepare")


def _pairs(rounds: int, what: str, *arguments: str) -> list[Round]:
    say(what)

    def run(variant: str, index: int) -> dict[str, float]:
        return _run(variant, *(argument.replace("{round}", str(index)) for argument in arguments))

    return in_turn(rounds, PAIR, run)


def _ratios(name: str, measured: list[Round]) -> list[dict[str, Any]]:
    return [ratio(f"{name}: {unit}", measured, "sluice", "plain", unit) for unit in ("wall", "cpu")]


def _registration(rounds: int) -> list[dict[str, Any]]:
    """Seconds and calls for 1,000 new partitions; nothing to compare with, so the figures themselves."""
    catalogs = {
        "Glue (emulator)": ("lake.catalog=glue", f"lake.glue.endpoint={os.environ['GLUE_ENDPOINT']}"),
        "Hive": ("lake.catalog=hive", f"lake.hive.uri={os.environ['HIVE_URI']}"),
    }
    lines = []
    for name, settings in catalogs.items():
        seconds, calls = [], []
        for _ in range(rounds):
            before = _glue_calls()
            seconds.append(_run("sluice", "register", *settings)["rows"] / 1000)
            calls.append(float(_glue_calls() - before))
        lines.append(summary(f"register 1,000 partitions in {name}: seconds", seconds))
        if "Glue" in name:
            lines.append(summary(f"register 1,000 partitions in {name}: calls", calls))
    return lines


def _glue_calls() -> int:
    with Path(os.environ["GLUE_CALLS"]).open(encoding="utf-8") as calls:
        return sum(1 for _ in calls)


def _run(variant: str, *arguments: str) -> dict[str, float]:
    delta = f"{ROOT / 'sdk/connect-delta/target/classes'}:{(OUT / 'delta.cp').read_text(encoding='utf-8').strip()}"
    command = [*java("3g", delta, "PublishBench"), variant, f"file://{FOLDER}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr[-8000:])
    for made in (*FOLDER.glob("plain/*"), *FOLDER.glob("bench/*_[0-9]*")):
        shutil.rmtree(made, ignore_errors=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    return figures
