"""The context of a task, as Airflow would give it."""

from __future__ import annotations

from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any


class OutletEvents(dict[str, Any]):
    """The events of the outlets, by the assets' URIs; an asset is no key in every Airflow."""

    def __getitem__(self, asset: Any) -> Any:
        return self.setdefault(asset.uri, SimpleNamespace(extra={}))


def context(**ti: Any) -> Any:
    """Return a context with what the operator and the pod need."""
    pushed: dict[str, Any] = {}
    values = {
        "dag_id": "flights",
        "task_id": "clean-departures",
        "run_id": "scheduled__2013-01-01T00:00:00+00:00",
        "try_number": 1,
        "map_index": -1,
        "start_date": datetime.now(timezone.utc),
        "xcom_push": lambda key, value: pushed.update({key: value}),
        **ti,
    }
    return {
        "ti": SimpleNamespace(**values),
        "run_id": values["run_id"],
        "dag": SimpleNamespace(),
        "outlet_events": OutletEvents(),
        "pushed": pushed,
    }
