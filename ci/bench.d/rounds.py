"""What all measurements share: variants in turn, and the ratio of one to another."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "target/bench"
#: What a figure should not exceed. From the design: the gate below every peer, and parsing under 50 ms a job.
BARS = {
    "added by sluice, of that by gx on spark: cpu": 0.1,
    "sluice, of gx on pandas: wall": 1.0,
    "1,000 rows, not trained on: image, small job: wall": 0.4,
    "1,000 rows, not trained on: image, small job: cpu": 0.35,
    "run, gate off: cpu": 1.3,
    "run, gate on: cpu": 1.5,
    "run, gate off: wall": 1.3,
    "run, gate on: wall": 1.5,
    **{
        f"{form}, {percent} % bad, {variant}: {unit}": 1.2 if unit == "rss" else bar
        for form, percent in (("iceberg", 0), ("iceberg", 1), ("iceberg", 20), ("parquet", 1))
        for variant, bar in (("no-key", 1.25), ("key", 1.45))
        for unit in ("task cpu", "wall", "rss")
    },
}

#: What the jobs' fat jar and its tests' classes are built into.
JOBS = ROOT / "jobs/flights/target"

Round = dict[str, dict[str, float]]


def java(heap: str, classes: str, main: str) -> list[str]:
    """The command that starts a class of the benchmarks as the image would start a job."""
    path = ":".join(filter(None, (classes, str(JOBS / "test-classes"), str(JOBS / "flights.jar"))))
    return [os.environ["JAVA"], f"-Xmx{heap}", *jvm_flags(), "-cp", path, f"dev.sluice.jobs.flights.bench.{main}"]


def jvm_flags() -> list[str]:
    """The image's, but for the share of a container's memory."""
    found = re.search(r"<image.jvm.flags>(.*)</image.jvm.flags>", (ROOT / "pom.xml").read_text(encoding="utf-8"))
    assert found
    return [flag for flag in found[1].split(",") if "MaxRAM" not in flag]


def in_turn(rounds: int, variants: Sequence[str], run: Callable[[str, int], dict[str, float]]) -> list[Round]:
    """Run all variants once a round; the order moves on each round, so that no place is always the same one's."""
    measured: list[Round] = []
    for index in range(rounds):
        order = [variants[(index + place) % len(variants)] for place in range(len(variants))]
        result = {variant: run(variant, index) for variant in order}
        say(f"round {index + 1}: " + ", ".join(f"{name} {figures}" for name, figures in sorted(result.items())))
        measured.append(result)
    return measured


def ratio(name: str, measured: Sequence[Round], variant: str, baseline: str, unit: str) -> dict[str, Any]:
    """The ratio of each round's pair: median, lowest, highest."""
    ratios = [result[variant][unit] / result[baseline][unit] for result in measured]
    return {**summary(name, ratios), "unit": unit}


def summary(name: str, ratios: Sequence[float]) -> dict[str, Any]:
    """The median of some figures, the lowest and the highest, and what they should not exceed."""
    return {
        "name": name,
        "ratio": round(statistics.median(ratios), 3),
        "low": round(min(ratios), 3),
        "high": round(max(ratios), 3),
        "rounds": len(ratios),
        "bar": BARS.get(name),
    }


def middle(measured: Sequence[Round], variant: str, unit: str) -> float:
    """The median of one variant's figures."""
    return statistics.median(result[variant][unit] for result in measured)


def draw(name: str, points: Any, picture: Path) -> None:
    """Let NAME_plot.py draw what NAME.py has measured, in the environment that has what draws."""
    given = OUT / f"{name}-points.json"
    given.write_text(json.dumps(points), encoding="utf-8")
    command = [os.environ["PEERS"], str(Path(__file__).with_name(f"{name}_plot.py")), str(given), str(picture)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    say(f"drawn: {picture.relative_to(ROOT)}")


def say(line: str) -> None:
    """Tell how far it is, apart from the results."""
    print(f"bench: {line}", file=sys.stderr)
