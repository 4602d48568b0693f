"""``sluice-airflow render``: the DAG that a manifest makes, as text or as a graph."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

HELP = "print the DAG that a manifest makes"
DESCRIPTION = "Prints the DAG that a manifest makes: as a tree of text, or as a graph for Graphviz or Mermaid."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("manifest", metavar="MANIFEST", help="manifest file")
    parser.add_argument("--register", action="store_true", help="with the tasks that register tables")
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="text (default), dot or mermaid")


def run(arguments: argparse.Namespace, out: TextIO) -> int:
    """Print the DAG of a manifest."""
    from sluice_airflow.dag import sluice_dag

    dag = sluice_dag(arguments.manifest, register=arguments.register)
    for line in FORMATS[arguments.format](dag):
        out.write(f"{line}\n")
    return 0


def _text(dag: Any) -> Iterator[str]:
    """A task that waits for several stands under each of them, with what follows it only the first time."""
    yield dag.dag_id
    shown: set[str] = set()
    roots = [task for task in dag.tasks if not task.upstream_task_ids]
    for position, task in enumerate(roots):
        yield from _branch(dag, task, "", position == len(roots) - 1, shown)


def _branch(dag: Any, task: Any, indent: str, last: bool, shown: set[str]) -> Iterator[str]:
    again = task.task_id in shown and bool(task.downstream_task_ids)
    yield f"{indent}{'└─ ' if last else '├─ '}{task.task_id}{_writes(task)}{' …' if again else ''}"
    if again:
        return
    shown.add(task.task_id)
    below = _downstream(dag, task)
    for position, name in enumerate(below):
        deeper = f"{indent}{'   ' if last else '│  '}"
        yield from _branch(dag, dag.get_task(name), deeper, position == len(below) - 1, shown)


def _dot(dag: Any) -> Iterator[str]:
    yield f'digraph "{dag.dag_id}" {{'
    yield "  rankdir=LR; node [shape=box];"
    for task in dag.tasks:
        yield f'  "{task.task_id}";'
    for task, name in _edges(dag):
        yield f'  "{task.task_id}" -> "{name}"{_dot_label(task)};'
    yield "}"


def _dot_label(task: Any) -> str:
    table = _table(task)
    return f' [label="{table}"]' if table else ""


def _mermaid(dag: Any) -> Iterator[str]:
    yield "flowchart LR"
    numbers: Mapping[str, int] = {task.task_id: n for n, task in enumerate(dag.tasks)}
    for task in dag.tasks:
        yield f'  t{numbers[task.task_id]}["{task.task_id}"]'
    for task, name in _edges(dag):
        table = _table(task)
        yield f"  t{numbers[task.task_id]} -->{f'|{table}|' if table else ''} t{numbers[name]}"


def _edges(dag: Any) -> Iterator[tuple[Any, str]]:
    for task in dag.tasks:
        for name in _downstream(dag, task):
            yield task, name


def _downstream(dag: Any, task: Any) -> list[str]:
    """In the order of the manifest."""
    return [other.task_id for other in dag.tasks if other.task_id in task.downstream_task_ids]


def _writes(task: Any) -> str:
    table = _table(task)
    return f" → {table}" if table else ""


def _table(task: Any) -> str | None:
    spec = getattr(task, "spec", None)
    return spec.writes if spec is not None else None


FORMATS = {"text": _text, "dot": _dot, "mermaid": _mermaid}
