"""The flights jobs in their order, and what two months of them leave behind."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter

from sluice import Ended, Sluice

UPSTREAM = {
    "extract-flights": (),
    "extract-weather": (),
    "clean-departures": ("extract-flights", "extract-weather"),
    "delay-stats": ("clean-departures",),
    "load-delays": ("delay-stats",),
}
JOBS = tuple(UPSTREAM)
TARGETS = {
    "extract-flights": "flights.flights",
    "extract-weather": "flights.weather",
    "clean-departures": "flights.departures",
    "delay-stats": "flights.delay_stats",
    "load-delays": "delays",
}
ICEBERG = ("flights.flights", "flights.weather", "flights.departures")

Task = tuple[str, int]


@dataclass(frozen=True)
class Filled:
    """A lake with some months in it."""

    sluice: Sluice
    months: tuple[int, ...]
    runs: dict[Task, Ended]


def interval(month: int) -> str:
    """Return a month of 2013 as an interval."""
    return f"2013-{month:02}-01/2013-{month + 1:02}-01"


def run_key(job: str, month: int) -> str:
    """Return the name of a job's work for a month."""
    return f"{job}/{TARGETS[job]}/2013-{month:02}-01T00:00:00Z/2013-{month + 1:02}-01T00:00:00Z"


def fill(sluice: Sluice, months: tuple[int, ...], jobs: tuple[str, ...] = JOBS) -> Filled:
    """Run the jobs for every month: after those they read from, and after their own month before, two at a time."""
    graph = {
        (job, month): [(before, month) for before in UPSTREAM[job]] + [(job, m) for m in months if m == month - 1]
        for job in jobs
        for month in months
    }
    order = TopologicalSorter(graph)
    order.prepare()
    runs: dict[Task, Ended] = {}
    running: dict[Future[Ended], Task] = {}
    with ThreadPoolExecutor(2) as pool:
        while order.is_active():
            for job, month in order.get_ready():
                running[pool.submit(sluice.run, job, interval(month))] = (job, month)
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                task = running.pop(future)
                runs[task] = future.result().expect(0, "COMMITTED")
                order.done(task)
    return Filled(sluice, months, runs)
