"""The measurements of ci/bench: each variant in a process of its own, all in turn within a round."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "target/bench"
MONTHS = [f"2013-{month:02d}-01/2013-{month + 1:02d}-01" for month in range(1, 11)]
#: What a figure should not exceed. From the design: the gate below every peer, and parsing under 50 ms a job.
BARS = {"run, gate off: cpu": 1.3, "run, gate on: cpu": 1.5, "run, gate off: wall": 1.3, "run, gate on: wall": 1.5}

Round = dict[str, dict[str, float]]


def overhead(rounds: int) -> list[dict[str, Any]]:
    """A run of clean-departures, gate off and on, against plain Spark; a month for each round."""
    target = ROOT / "jobs/flights/target"
    lake = OUT / "lake"
    shutil.rmtree(lake, ignore_errors=True)
    raw = os.environ["DATA"]
    environment = {**os.environ, "SLUICE_RAW": raw, "SLUICE_LAKE_WAREHOUSE": f"file://{lake}"}
    for month in MONTHS[:rounds]:
        for job in ("extract-flights", "extract-weather"):
            say(f"preparing {job} {month}")
            command = [os.environ["JAVA"], "-jar", str(target / "flights.jar"), "run", job, "--interval", month]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stderr)
    pom = (ROOT / "pom.xml").read_text(encoding="utf-8")
    found = re.search(r"<image.jvm.flags>(.*)</image.jvm.flags>", pom)
    assert found
    flags = [flag for flag in found[1].split(",") if "MaxRAM" not in flag]
    path = f"{target / 'test-classes'}:{target / 'flights.jar'}"
    java = [os.environ["JAVA"], "-Xmx2g", *flags, "-cp", path, "dev.sluice.jobs.flights.bench.DeparturesBench"]

    def run(variant: str, index: int) -> dict[str, float]:
        command = [*java, variant, MONTHS[index], f"file://{lake}", raw]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return result

    measured = in_turn(rounds, ("plain", "unchecked", "checked"), run)
    names = {"unchecked": "run, gate off", "checked": "run, gate on"}
    return [
        ratio(f"{names[variant]}: {unit}", measured, variant, "plain", unit)
        for variant in names
        for unit in ("wall", "cpu")
    ]


def parse(rounds: int) -> list[dict[str, Any]]:
    """A DAG file of 100 jobs, against 100 KubernetesPodOperators written by hand."""
    folder = OUT / "dags"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((ROOT / "jobs/flights/target/jobs.json").read_text(encoding="utf-8"))
    template = next(job for job in manifest["jobs"] if job["name"] == "clean-departures")
    manifest["jobs"] = [{**template, "name": f"job-{number}"} for number in range(100)]
    manifest["image"] = "registry.example/flights:1"
    (folder / "jobs.json").write_text(json.dumps(manifest), encoding="utf-8")

    def run(variant: str, _: int) -> dict[str, float]:
        command = [sys.executable, str(Path(__file__).with_name("parse.py")), variant, str(folder / "jobs.json")]
        environment = {**os.environ, "AIRFLOW_HOME": str(OUT / "airflow"), "AIRFLOW__CORE__UNIT_TEST_MODE": "True"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return result

    measured = in_turn(rounds, ("by-hand", "sluice"), run)
    for variant in ("by-hand", "sluice"):
        figures = {u: statistics.median(r[variant][u] for r in measured) for u in ("first", "later", "modules")}
        say(f"{variant}: first {figures['first']:.0f} ms, later {figures['later']:.1f} ms, {figures['modules']:.0f} modules")
    return [
        ratio(f"parse: {unit}", measured, "sluice", "by-hand", unit) for unit in ("first", "later", "modules")
    ]


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
    ratios = sorted(result[variant][unit] / result[baseline][unit] for result in measured)
    return {
        "name": name,
        "ratio": round(statistics.median(ratios), 3),
        "low": round(ratios[0], 3),
        "high": round(ratios[-1], 3),
        "rounds": len(ratios),
        "bar": BARS.get(name),
        "unit": unit,
    }


def say(line: str) -> None:
    print(f"bench: {line}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=["overhead", "parse"])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    benchmarks = {"overhead": overhead, "parse": parse}
    for name in options.names:
        if name not in benchmarks:
            parser.error(f"Cannot measure '{name}': there is no such benchmark. Known: {', '.join(benchmarks)}")
        results = benchmarks[name](options.rounds)
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{name}.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        print(f"{name}: ratio against the baseline, lowest and highest of {options.rounds} rounds")
        for line in results:
            bar = f"  bar {line['bar']}" if line["bar"] else ""
            print(f"  {line['name']:<24} {line['ratio']:>7.2f}  ({line['low']:.2f} – {line['high']:.2f}){bar}")


if __name__ == "__main__":
    main()
