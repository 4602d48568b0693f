"""How long a job's image takes to start and to do little: its own JVM and libraries, with and without the archive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import image

from rounds import JOBS, OUT, ROOT, in_turn, middle, ratio, say

FOLDER = OUT / "start"
ROWS = 1000
MAIN = "dev.sluice.runtime.cli.Main"
SHARED = "-XX:SharedArchiveFile=/app/sluice.jsa"
VARIANTS = {
    "plain": (),
    "archive": (SHARED,),
    "archive, small": (SHARED, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
}


def start(rounds: int) -> list[dict[str, Any]]:
    """One job of 1,000 rows that nobody has trained on, and the three of the training, each in a fresh process."""
    _unpack()
    _raw()
    commands = {
        "1,000 rows, not trained on": ("run", "extract-weather", "--interval", "2013-01-01/2013-02-01"),
        "the three small jobs of the training": ("warm-up", "{lake}/warm"),
    }
    lines: list[dict[str, Any]] = []
    for name, words in commands.items():
        say(name)

        def run(variant: str, _: int, words: tuple[str, ...] = words) -> dict[str, float]:
            return _run(VARIANTS[variant], words)

        measured = in_turn(rounds, tuple(VARIANTS), run)
        for variant in VARIANTS:
            seconds = [f"{middle(measured, variant, unit):.1f} s {unit}" for unit in ("wall", "cpu")]
            say(f"{name}: {variant}: {', '.join(seconds)}")
        lines += [
            ratio(f"{name}: {variant}: {unit}", measured, variant, "plain", unit)
            for variant in ("archive", "archive, small")
            for unit in ("wall", "cpu", "rss")
        ]
    return lines


def _run(flags: tuple[str, ...], words: tuple[str, ...]) -> dict[str, float]:
    lake = FOLDER / "lake"
    shutil.rmtree(lake, ignore_errors=True)
    lake.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(FOLDER),
        "SLUICE_RAW": str(FOLDER / "raw"),
        "SLUICE_LAKE_WAREHOUSE": lake.as_uri(),
    }
    text = (JOBS / "start/java.args").read_text(encoding="utf-8").splitlines()
    given = [argument for argument in text if not argument.startswith(SHARED.partition("=")[0])]
    arguments = [argument.replace("/app/", f"{FOLDER}/app/") for argument in (*flags, *given)]
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


def _raw() -> None:
    with Path(os.environ["DATA"], "weather.csv").open(encoding="utf-8") as whole:
        head = [next(whole) for _ in range(ROWS + 1)]
    (FOLDER / "raw/weather.csv").write_text("".join(head), encoding="utf-8")
