"""``sluice-airflow explain``: the final pod of a task, and who set which of its fields."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any, TextIO

HELP = "print the final pod of a task, with a comment that says who set each field"
DESCRIPTION = (
    "Prints the pod that a task would be launched in, as YAML. A comment names the layer that gave a field its value: "
    "defaults, small job, manifest, connection, profile, operator, run or pod_override. Nothing is launched, no "
    "cluster is asked."
)

#: Where the comments begin, unless a line is longer.
COLUMN = 72


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("dag", metavar="DAG", help="id of the DAG")
    parser.add_argument("task", metavar="TASK", help="id of the task")
    parser.add_argument("--run-date", metavar="DATE", help="when the run is due, as 2013-02-01 (default: now)")
    parser.add_argument("--dags-folder", metavar="PATH", help="folder or file of the DAG (default: [core] dags_folder)")


def run(arguments: argparse.Namespace, out: TextIO) -> int:
    """Print the pod of a task."""
    task = _task(arguments.dags_folder, arguments.dag, arguments.task)
    context = _context(task, _date(arguments.run_date))
    task.render_template_fields(context)
    layered = task.explain(context)
    out.write(f"# The pod of task {arguments.task} of DAG {arguments.dag} in run {context['run_id']}.\n")
    out.write(
        "# Airflow adds labels of its own (dag_id, task_id, run_id, …), and its pod_mutation_hook has the last word.\n"
    )
    for line in annotated(layered.pod, layered.origins):
        out.write(f"{line}\n")
    return 0


def annotated(pod: Mapping[str, Any], origins: Mapping[str, str]) -> Iterator[str]:
    """Return the lines of a pod as YAML, each field with the layer that set it as a comment."""
    for text, path in _lines(pod, "", "", ""):
        origin = origins.get(path)
        yield f"{text:<{COLUMN}}  # {origin}" if origin else text


def _lines(value: Any, path: str, field: str, indent: str) -> Iterator[tuple[str, str]]:
    from sluice_airflow.launchers.layers import child_path, identity

    if isinstance(value, Mapping):
        for key, child in value.items():
            place = child_path(path, key)
            if isinstance(child, Mapping) and child:
                yield f"{indent}{_scalar(key)}:", ""
                yield from _lines(child, place, key, f"{indent}  ")
            elif isinstance(child, list) and child:
                yield f"{indent}{_scalar(key)}:", place
                yield from _lines(child, place, key, indent)
            else:
                yield f"{indent}{_scalar(key)}: {_scalar(child)}", place
        return
    for position, item in enumerate(value):
        if isinstance(item, Mapping):
            lines = list(_lines(item, f"{path}[{identity(field, item, position)}]", "", ""))
            yield from ((f"{indent}{'- ' if n == 0 else '  '}{text}", place) for n, (text, place) in enumerate(lines))
        else:
            yield f"{indent}- {_scalar(item)}", f"{path}[{position}]"


def _scalar(value: Any) -> str:
    """A scalar on one line; JSON's spelling is YAML's as well."""
    import yaml

    if isinstance(value, str) and "\n" not in value:
        return (
            str(yaml.safe_dump(value, width=float("inf"), allow_unicode=True)).removesuffix("\n").removesuffix("\n...")
        )
    return json.dumps(value, ensure_ascii=False)


def _task(folder: str | None, dag_id: str, task_id: str) -> Any:
    from sluice_airflow._compat import dag_bag
    from sluice_airflow.exceptions import SluiceConfigError
    from sluice_airflow.nearest import did_you_mean
    from sluice_airflow.operators.job import SluiceJobOperator

    bag = dag_bag(folder)
    dag = bag.dags.get(dag_id)
    if dag is None:
        broken = "; ".join(f"{file}: {trace.strip().splitlines()[-1]}" for file, trace in bag.import_errors.items())
        raise SluiceConfigError(
            f"Cannot find DAG '{dag_id}': no file of {bag.dag_folder} has it{f' ({broken})' if broken else ''}. "
            f"{did_you_mean(dag_id, bag.dags)}"
        )
    task = dag.task_dict.get(task_id)
    if not isinstance(task, SluiceJobOperator):
        jobs = [name for name, found in dag.task_dict.items() if isinstance(found, SluiceJobOperator)]
        reason = "it runs no job of a manifest" if task else "there is no such task"
        raise SluiceConfigError(
            f"Cannot explain task '{task_id}' of DAG '{dag_id}': {reason}. {did_you_mean(task_id, jobs)}"
        )
    return task


def _date(text: str | None) -> datetime:
    from sluice_airflow.exceptions import SluiceConfigError

    if text is None:
        return datetime.now(timezone.utc)
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise SluiceConfigError(f"Cannot read date '{text}': it is not ISO 8601. Write it as 2013-02-01.") from None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)


def _context(task: Any, date: datetime) -> dict[str, Any]:
    """What the templates of a run due at this date would see, as far as it is known before the run."""
    import pendulum

    from sluice_airflow._compat import core_timetable

    due = pendulum.instance(date)
    interval = core_timetable(task.dag.timetable).infer_manual_data_interval(run_after=due)
    run_id = f"manual__{due.isoformat()}"
    ti = SimpleNamespace(dag_id=task.dag_id, task_id=task.task_id, run_id=run_id, try_number=1, map_index=-1)
    return {
        "dag": task.dag,
        "task": task,
        "ti": ti,
        "task_instance": ti,
        "run_id": run_id,
        "logical_date": due,
        "ds": due.to_date_string(),
        "ts": due.isoformat(),
        "data_interval_start": interval.start,
        "data_interval_end": interval.end,
        "params": task.dag.params.dump(),
    }
