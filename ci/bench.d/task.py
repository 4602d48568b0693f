"""What an Airflow task costs around its JVM: Sluice's operator against a bare KubernetesPodOperator, the same pod."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from chain import JAVA_OPTIONS, Chain, manifests_of
from counted import counted
from node import node
from rounds import ROOT, in_turn, middle, ratio, say

MODES = ("sync", "deferred")
VARIANTS = tuple(f"{kind}_{mode}" for kind in ("bare", "sluice") for mode in MODES)
#: The JVM itself says when it is ready for `main`, and when it ends; both operators put that into the task's log.
JVM_SAYS_WHEN = f"{JAVA_OPTIONS} -Xlog:startuptime,gc+heap+exit:stdout:utctime"
MOMENTS = {"main": re.compile(r"\[([^\[\]]+)\] Create VM,"), "exit": re.compile(r"\[([^\[\]]+)\] Heap\b")}
#: A task fails now and then, the bare one too; that often in a row it is no accident.
TRIES = 3
SPANS = {"start": "task start to main", "end": "JVM exit to task end"}


def task(rounds: int) -> list[dict[str, Any]]:
    """From the start of a task to main, from the JVM's exit to the task's end, and calls to the API server.

    Each waits in the worker and in the triggerer.
    """
    with _chain() as chain, counted(Path(chain.airflow.env["KUBECONFIG"])) as calls:
        for variant in VARIANTS:
            chain.airflow.unpause(variant)
        say("warming up: the image is pulled, and the work is done once, so that all later runs find it committed")
        for variant in VARIANTS:
            _measure(chain, variant, calls)
        measured = in_turn(rounds, VARIANTS, lambda variant, _: _measure(chain, variant, calls))
    for variant in VARIANTS:
        say(
            f"{variant}: "
            + ", ".join(f"{words} {middle(measured, variant, span):.2f} s" for span, words in SPANS.items())
            + f", {middle(measured, variant, 'calls'):.0f} calls"
        )
    return [
        {**ratio(f"{mode}: {words}", measured, f"sluice_{mode}", f"bare_{mode}", figure), "unit": unit}
        for mode in MODES
        for figure, words, unit in (
            *((span, words, "wall") for span, words in SPANS.items()),
            ("calls", "calls", "calls"),
        )
    ]


@contextmanager
def _chain() -> Iterator[Chain]:
    """A cluster and all that runs around it, with the raw files and DAGs of these measurements."""
    with node() as (cluster, work, until):
        manifests = manifests_of(cluster, [ROOT / "jobs/flights/target/flights.jar"], work)
        dags = [Path(__file__).with_name("task_dags.py")]
        yield Chain.start(cluster, manifests, dags, Path(os.environ["DATA"]), work, until, JVM_SAYS_WHEN)


def _measure(chain: Chain, variant: str, calls: list[str]) -> dict[str, float]:
    for _ in range(TRIES):
        before = len(calls)
        run = chain.airflow.run(variant)
        (found,) = chain.airflow.tasks(run).values()
        log = chain.airflow.log(found, found["try_number"])
        if found["state"] == "success":
            break
        say(f"{variant} {found['state']}, measured again: {log[-3000:]}")
        chain.cluster.await_no_pods()
    else:
        sys.exit(f"bench: {variant} failed {TRIES} times")
    jvm = {name: _moment(pattern, log) for name, pattern in MOMENTS.items()}
    began, ended = (datetime.fromisoformat(found[name]) for name in ("start_date", "end_date"))
    chain.cluster.await_no_pods()
    return {
        "start": (jvm["main"] - began).total_seconds(),
        "end": (ended - jvm["exit"]).total_seconds(),
        "calls": float(len(calls) - before),
    }


def _moment(pattern: re.Pattern[str], log: str) -> datetime:
    found = pattern.search(log)
    if found is None:
        sys.exit(f"bench: Cannot find '{pattern.pattern}' in the log of a task: {log[-3000:]}")
    return datetime.fromisoformat(found[1])
