"""The context of a task, as Airflow would give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

from airflow.sdk import Asset


class OutletEvents(dict[str, Any]):
    """The events of the outlets, by the assets' URIs; an asset is no key in every Airflow."""

    def __getitem__(self, asset: Any) -> Any:
        return self.setdefault(asset.uri, SimpleNamespace(extra={}))


class AssetEvents(Mapping[Any, Any]):
    """Events of assets, as the context has them: an asset is a key, though it cannot be hashed in every Airflow."""

    def __init__(self, **tables: Any):
        self.events = {f"sluice://table/{name.replace('__', '.')}": events for name, events in tables.items()}

    def __getitem__(self, asset: Any) -> Any:
        return self.events[asset.uri]

    def __iter__(self) -> Iterator[Any]:
        return iter([Asset(uri) for uri in self.events])

    def __len__(self) -> int:
        return len(self.events)

    def items(self) -> Any:
        return [(asset, self[asset]) for asset in self]


def event(minute: int = 0, **extra: Any) -> Any:
    """Return an event of an asset."""
    return SimpleNamespace(timestamp=datetime(2026, 1, 1, 0, minute, tzinfo=timezone.utc), extra=extra)


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
