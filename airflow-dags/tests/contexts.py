"""The context of a task, as Airflow would give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

from airflow.sdk import Asset

from sluice_airflow.testing.tasks import task_context


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
    """Return the context of a task of the flights."""
    known = {"dag_id": "flights", "run_id": "scheduled__2013-01-01T00:00:00+00:00", **ti}
    return task_context(SimpleNamespace(task_id="clean-departures"), **known)
