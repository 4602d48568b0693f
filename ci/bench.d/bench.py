"""The measurements of ci/bench: each variant in a process of its own, all in turn within a round."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from executors import executors
from gate import gate
from join import join
from peers import peers
from publish import change, publish
from rounds import JOBS, OUT, in_turn, java, middle, ratio, say
from scale import scale
from start import start
from task import task
from triggerer import triggerer

MONTHS = [f"2013-{month:02d}-01/2013-{month + 1:02d}-01" for month in range(1, 11)]

PARSED = ("import", "first", "later", "modules")


def overhead(rounds: int) -> list[dict[str, Any]]:
    """A run of clean-departures, gate off and on, against plain Spark; a month for each round."""
    lake = OUT / "lake"
    shutil.rmtree(lake, ignore_errors=True)
    raw = os.environ["DATA"]
    environment = {**os.environ, "SLUICE_RAW": raw, "SLUICE_LAKE_WAREHOUSE": f"file://{lake}"}
    for month in MONTHS[:rounds]:
        for job in ("extract-flights", "extract-weather"):
            say(f"preparing {job} {month}")
            command = [os.environ["JAVA"], "-jar", str(JOBS / "flights.jar"), "run", job, "--interval", month]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stderr)
    start = java("2g", "", "DeparturesBench")

    def run(variant: str, index: int) -> dict[str, float]:
        command = [*start, variant, MONTHS[index], f"file://{lake}", raw]
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
    manifest = json.loads((JOBS / "jobs.json").read_text(encoding="utf-8"))
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
        imports, first, later, modules = (middle(measured, variant, unit) for unit in PARSED)
        say(f"{variant}: import {imports:.0f} ms, first {first:.0f} ms, later {later:.1f} ms, {modules:.0f} modules")
    return [ratio(f"parse: {unit}", measured, "sluice", "by-hand", unit) for unit in PARSED]


BENCHMARKS = {
    "overhead": overhead,
    "parse": parse,
    "task": task,
    "gate": gate,
    "peers": peers,
    "scale": scale,
    "start": start,
    "publish": publish,
    "change": change,
    "join": join,
    "executors": executors,
    "triggerer": triggerer,
}

#: Names for several of them.
GROUPS = {"airflow": ("parse", "task", "triggerer")}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=["overhead", "parse", "task"])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for name in (one for named in options.names for one in GROUPS.get(named, (named,))):
        if name not in BENCHMARKS:
            known = ", ".join((*BENCHMARKS, *GROUPS))
            parser.error(f"Cannot measure '{name}': there is no such benchmark. Known: {known}")
        results = BENCHMARKS[name](options.rounds)
        OUT.mkdir(parents=True, exist_ok=True)
        (OUT / f"{name}.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        print(f"{name}: ratio against the baseline, lowest and highest of {options.rounds} rounds")
        for line in results:
            bar = f"  bar {line['bar']}" if line["bar"] else ""
            print(f"  {line['name']:<45} {line['ratio']:>7.2f}  ({line['low']:.2f} – {line['high']:.2f}){bar}")


if __name__ == "__main__":
    main()
