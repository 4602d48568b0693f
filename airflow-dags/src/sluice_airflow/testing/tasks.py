"""Runs a task without a scheduler, in the way that worker and triggerer would."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from types import SimpleNamespace
from typing import Any

from sluice_airflow._compat import TaskDeferred


class OutletEvents(dict[str, Any]):
    """The events of the outlets, by the assets' URIs; an asset is no key in every Airflow."""

    def __getitem__(self, asset: Any) -> Any:
        return self.setdefault(asset.uri, SimpleNamespace(extra={}))


def task_context(task: Any, **ti: Any) -> Any:
    """Return a context with what a job's task asks of one.

    :param task: the operator.
    :param ti: of the task instance: ``run_id``, ``try_number``, ``map_index`` and others.
    """
    pushed: dict[str, Any] = {}
    dag = getattr(task, "dag", None) if getattr(task, "has_dag", lambda: False)() else None
    values = {
        "dag_id": dag.dag_id if dag is not None else "dag",
        "task_id": task.task_id,
        "run_id": "manual__2026-01-01T00:00:00+00:00",
        "try_number": 1,
        "map_index": -1,
        "start_date": datetime.now(timezone.utc),
        "xcom_push": lambda key, value: pushed.update({key: value}),
        **ti,
    }
    return {
        "ti": SimpleNamespace(**values),
        "run_id": values["run_id"],
        "dag": dag or SimpleNamespace(),
        "outlet_events": OutletEvents(),
        "pushed": pushed,
    }


def run_task(task: Any, context: Any, *, between: Callable[[], Any] = lambda: None) -> Any:
    """Run a task to its end, playing the triggerer whenever it defers itself; return what it returns, or raise.

    :param context: of :func:`task_context`.
    :param between: what happens after each event of the triggerer, before the worker takes over.
    """
    step: Callable[[], Any] = partial(task.execute, context)
    while True:
        try:
            return step()
        except TaskDeferred as deferred:
            event, back = run_trigger(deferred), getattr(task, deferred.method_name)
            step = partial(back, context, event=event, **(deferred.kwargs or {}))
        between()


def run_trigger(deferred: TaskDeferred) -> Any:
    """Send a trigger through the database, as Airflow does, and run it to its first event."""
    path, arguments = deferred.trigger.serialize()
    module, _, name = path.rpartition(".")
    again = getattr(importlib.import_module(module), name)(**arguments)

    async def first() -> Any:
        return (await anext(again.run())).payload

    return asyncio.run(first())
