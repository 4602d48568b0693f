"""What Skew.auto() gives: joins with and without hot keys, against Spark's own, each run in its own process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any, NamedTuple

from rounds import OUT, Round, in_turn, java, middle, ratio, say

FACTS = 40_000_000
FOLDER = OUT / "join"


class Case(NamedTuple):
    """Two tables of JoinBench, and the tasks at once.

    With more tasks than the machine has cores, the path tells: what the stages would take on so many.
    """

    name: str
    left: str
    right: str
    cores: int
    units: tuple[str, ...]


VARIANTS = ("plain", "auto")
WHOLE = ("wall", "cpu", "rss")
CASES = (
    Case("lines of orders", "lines", "orders", 2, WHOLE),
    Case("few keys", "facts", "few_keys", 2, WHOLE),
    Case("many keys", "facts", "many_keys", 2, WHOLE),
    Case("many keys, 8 cores", "facts", "many_keys", 8, ("path", "longest", "cpu", "rss")),
)


def join(rounds: int) -> list[dict[str, Any]]:
    """Left joins decided by themselves against Spark's own; adaptive execution is on."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    say(f"preparing {FACTS:,} facts and as many lines of orders")
    _run("prepare", str(FACTS))
    return [line for case in CASES for line in _lines(case, rounds)]


def _lines(case: Case, rounds: int) -> list[dict[str, Any]]:
    say(case.name)
    measured = in_turn(rounds, VARIANTS, lambda variant, _: _measure(case, variant))
    _tell(case, measured)
    return [ratio(f"{case.name}, auto: {unit}", measured, "auto", "plain", unit) for unit in case.units]


def _measure(case: Case, variant: str) -> dict[str, float]:
    figures: dict[str, float] = json.loads(_run(variant, case.left, case.right, str(case.cores)).splitlines()[-1])
    return figures


def _tell(case: Case, measured: list[Round]) -> None:
    for variant in VARIANTS:
        units = ("wall", "path", "longest", "rss", "spill")
        wall, path, longest, rss, spill = (middle(measured, variant, unit) for unit in units)
        say(
            f"{case.name}, {variant}: {wall:.1f} s, path {path:.1f} s, longest task {longest:.2f} s of CPU, "
            f"{rss / 2**20:.0f} MiB at most, {spill / 2**20:.0f} MiB spilled"
        )


def _run(variant: str, *arguments: str) -> str:
    command = [*java("2g", "", "JoinBench"), variant, f"file://{FOLDER}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr[-8000:])
    for line in done.stderr.splitlines():
        if line.startswith("left join on "):
            say(line)
    return done.stdout
