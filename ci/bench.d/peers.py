"""The same suite over the same trips through Great Expectations, on Spark and on pandas, side by side with the gate."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rounds import ROOT, Round, in_turn, middle, say, summary
from trips import COPIES, SUITE, Trips, document, policies

VARIANTS = ("plain", "sluice", "plain-spark", "gx-spark", "gx-pandas")


def peers(rounds: int) -> list[dict[str, Any]]:
    """What each adds to a plain write: none of the peers parts bad rows from good ones."""
    trips = Trips(COPIES, {"key": policies(document(), key=True)})

    def run(variant: str, _: int) -> dict[str, float]:
        if variant in ("plain", "sluice"):
            return trips.write("gate" if variant == "sluice" else "plain", "key", "iceberg", 1)
        return _gx(variant, trips)

    measured = in_turn(rounds, VARIANTS, run)
    for variant in VARIANTS:
        cpu, wall, rss = (middle(measured, variant, unit) for unit in ("cpu", "wall", "rss"))
        say(f"{variant}: {cpu:.1f} CPU-s, {wall:.1f} s, {rss / 2**30:.1f} GiB")
    slower = [one["sluice"]["wall"] / one["gx-pandas"]["wall"] for one in measured]
    return [
        summary("gx on spark: cpu", [one["gx-spark"]["cpu"] / one["plain-spark"]["cpu"] for one in measured]),
        summary("sluice: cpu", [one["sluice"]["cpu"] / one["plain"]["cpu"] for one in measured]),
        summary("added by sluice, of that by gx on spark: cpu", [_added(one) for one in measured]),
        summary("sluice, of gx on pandas: wall", slower),
    ]


def _added(one: Round | dict[str, dict[str, float]]) -> float:
    ours = one["sluice"]["cpu"] - one["plain"]["cpu"]
    theirs = one["gx-spark"]["cpu"] - one["plain-spark"]["cpu"]
    return ours / theirs


def _gx(variant: str, trips: Trips) -> dict[str, float]:
    out = trips.folder / "theirs"
    shutil.rmtree(out, ignore_errors=True)
    command = [os.environ["PEERS"], str(Path(__file__).with_name("gx.py")), variant, trips.files, str(SUITE), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        sys.exit(done.stdout + done.stderr[-8000:])
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures
