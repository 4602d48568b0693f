"""The order of the jobs: whoever reads a table runs after whoever writes it."""

from __future__ import annotations

from collections.abc import Sequence

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.manifest import Job


def foreign_tables(jobs: Sequence[Job]) -> tuple[str, ...]:
    """Return the tables that these jobs read and none of them writes, in the jobs' order."""
    written = {job.writes for job in jobs}
    return tuple(dict.fromkeys(table for job in jobs for table in job.reads if table not in written))


def upstream(jobs: Sequence[Job]) -> dict[str, tuple[str, ...]]:
    """Return for every job the names of those that write a table it reads, in the jobs' order.

    A job that reads its own table does not wait for itself. Jobs that wait for each other are an error.
    """
    writers: dict[str, list[str]] = {}
    for job in jobs:
        if job.writes:
            writers.setdefault(job.writes, []).append(job.name)
    order = {job.name: position for position, job in enumerate(jobs)}
    edges = {job.name: _writers_of(job, writers, order) for job in jobs}
    _refuse_cycles(edges)
    return edges


def _writers_of(job: Job, writers: dict[str, list[str]], order: dict[str, int]) -> tuple[str, ...]:
    names = {name for table in job.reads for name in writers.get(table, []) if name != job.name}
    return tuple(sorted(names, key=order.__getitem__))


def _refuse_cycles(edges: dict[str, tuple[str, ...]]) -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            loop = " → ".join(reversed((*path[path.index(name) :], name)))
            raise SluiceConfigError(
                f"Cannot order the jobs of the manifest: {loop} wait for each other's tables. "
                "Break the loop, or run these jobs in separate DAGs."
            )
        if name not in done:
            for other in edges[name]:
                visit(other, (*path, name))
            done.add(name)

    for name in edges:
        visit(name, ())
