"""What Skew.auto() gives: facts whose keys follow Zipf's law, joined with a table of keys, each run in its own process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

from rounds import OUT, in_turn, java, middle, ratio, say

FACTS = 20_000_000
#: How many keys there are: as a table that is sent to every task, and as one that is too large for that.
KEYS = (200_000, 4_000_000)
FOLDER = OUT / "join"


def join(rounds: int) -> list[dict[str, Any]]:
    """A left join on skewed keys, decided by itself and spread by force, against Spark's own; adaptive execution on."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    say(f"preparing {FACTS:,} facts for {KEYS[0]:,} and {KEYS[1]:,} keys")
    _run("prepare", str(FACTS), ",".join(map(str, KEYS)))
    lines: list[dict[str, Any]] = []
    for keys in KEYS:
        say(f"{keys:,} keys")

        def run(variant: str, _: int, keys: int = keys) -> dict[str, float]:
            return _run(variant, str(keys))

        measured = in_turn(rounds, ("plain", "auto", "salted"), run)
        for variant in ("auto", "salted"):
            lines += [
                ratio(f"join with {keys:,} keys, {variant}: {unit}", measured, variant, "plain", unit)
                for unit in ("wall", "cpu", "rss")
            ]
        spilled = (f"{variant} {middle(measured, variant, 'spill') / 2**20:.0f} MiB" for variant in measured[0])
        say(f"spilled to disk: {', '.join(spilled)}")
    return lines


def _run(variant: str, *arguments: str) -> dict[str, float]:
    command = [*java("2g", "", "JoinBench"), variant, f"file://{FOLDER}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr[-8000:])
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    return figures
