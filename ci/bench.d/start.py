"""How long a job's image takes to start and to do little: its own JVM and libraries, with and without the archive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import image
from sluice_airflow.jvm import SMALL

from rounds import JOBS, OUT, ROOT, in_turn, middle, ratio, say

FOLDER = OUT / "start"
ROWS = 1000
MORE_ROWS = (100_000, 1_000_000, 3_000_000)
MAIN = "dev.sluice.runtime.cli.Main"
JOB = ("run", "extract-weather", "--interval", "2013-01-01/2013-02-01")
UNITS = ("wall", "cpu", "rss")

#: What the image has more than a JVM needs to run the job at all.
TUNED = ("-XX:SharedArchiveFile=", "-XX:Tier4")
IMAGE, SMALL_JOB = "image", "image, small job"
#: Whether the JVM is started as the image has it, and what the provider adds.
VARIANTS = {"plain": (False, ""), IMAGE: (True, ""), SMALL_JOB: (True, SMALL["JDK_JAVA_OPTIONS"])}


def start(rounds: int) -> list[dict[str, Any]]:
    """One job of 1,000 rows that nobody has trained on, and the three of the training, each in a fresh process.

    Then the job with more rows, which shows up to where a JVM for small jobs pays.
    """
    _unpack()
    lines: list[dict[str, Any]] = []
    _raw(ROWS)
    lines += _against("1,000 rows, not trained on", JOB, "plain", (IMAGE, SMALL_JOB), rounds)
    training = ("warm-up", "{lake}/warm")
    lines += _against("the three small jobs of the training", training, "plain", (IMAGE, SMALL_JOB), rounds)
    for rows in MORE_ROWS:
        _raw(rows)
        lines += _against(f"{rows:,} rows", JOB, IMAGE, (SMALL_JOB,), rounds)
    return lines


def _against(
    name: str, words: tuple[str, ...], baseline: str, others: tuple[str, ...], rounds: int
) -> list[dict[str, Any]]:
    say(name)
    measured = in_turn(rounds, (baseline, *others), lambda variant, _: _run(variant, words))
    for variant in (baseline, *others):
        wall, cpu, rss = (middle(measured, variant, unit) for unit in UNITS)
        say(f"{name}: {variant}: {wall:.1f} s wall, {cpu:.1f} s cpu, {rss / 2**20:.0f} MiB")
    return [
        ratio(f"{name}: {variant}: {unit}", measured, variant, baseline, unit) for variant in others for unit in UNITS
    ]


def _run(variant: str, words: tuple[str, ...]) -> dict[str, float]:
    tuned, options = VARIANTS[variant]
    lake = FOLDER / "lake"
    shutil.rmtree(lake, ignore_errors=True)
    lake.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(FOLDER),
        "SLUICE_RAW": str(FOLDER / "raw"),
        "SLUICE_LAKE_WAREHOUSE": lake.as_uri(),
        "JDK_JAVA_OPTIONS": options,
    }
    given = (JOBS / "start/java.args").read_text(encoding="utf-8").splitlines()
    arguments = [word.replace("/app/", f"{FOLDER}/app/") for word in given if tuned or not word.startswith(TUNED)]
    words = tuple(word.replace("{lake}", str(lake)) for word in words)
    began = time.monotonic()
    with (FOLDER / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [FOLDER / "root/opt/java/bin/java", "-Xmx1g", *arguments, MAIN, *words],
            cwd=FOLDER / "work",
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit((FOLDER / "log").read_text(encoding="utf-8"))
    wall = time.monotonic() - began
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "rss": float(used.ru_maxrss * 1024)}


def _unpack() -> None:
    """Lay out the image's files: the base, the libraries, the jobs' jar and what starts them."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name in ("work", "raw", "app/libs", "app/classpath"):
        (FOLDER / name).mkdir(parents=True)
    image.unpack(ROOT / "containers/base/target/base.tar", FOLDER / "root")
    for library in (JOBS / "lib").iterdir():
        copy = FOLDER / "app/libs" / library.name
        shutil.copyfile(library, copy)
        os.utime(copy, (1, 1))
    shutil.copyfile(JOBS / "flights.jar", FOLDER / "app/classpath/flights.jar")
    shutil.copyfile(JOBS / "archive/sluice.jsa", FOLDER / "app/sluice.jsa")


def _raw(rows: int) -> None:
    """The weather of January, again and again until there are so many rows, each of another second."""
    with Path(os.environ["DATA"], "weather.csv").open(encoding="utf-8") as whole:
        head = next(whole)
        january = [line.rpartition(",")[0] for line in whole if line.split(",")[2] == "1"]
    first = datetime(2013, 1, 1)
    with (FOLDER / "raw/weather.csv").open("w", encoding="utf-8") as made:
        made.write(head)
        for row in range(rows):
            made.write(f"{january[row % len(january)]},{(first + timedelta(seconds=row)).isoformat()}Z\n")
