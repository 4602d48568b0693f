"""The names that moved between Airflow 3.1 and 3.3; no other module compares versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

try:
    from airflow.sdk.exceptions import (
        AirflowException,
        AirflowFailException,
        AirflowNotFoundException,
        AirflowTaskTimeout,
        TaskDeferred,
    )
except ImportError:  # Airflow 3.1
    from airflow.exceptions import (  # type: ignore[no-redef,attr-defined,unused-ignore]
        AirflowException,
        AirflowFailException,
        AirflowNotFoundException,
        AirflowTaskTimeout,
        TaskDeferred,
    )

try:
    from airflow.sdk import CronDataIntervalTimetable, DeltaDataIntervalTimetable, conf
except ImportError:  # Airflow 3.1
    from airflow.configuration import conf  # type: ignore[no-redef,assignment,unused-ignore]
    from airflow.timetables.interval import (  # type: ignore[no-redef,assignment,unused-ignore]
        CronDataIntervalTimetable,
        DeltaDataIntervalTimetable,
    )

try:
    from airflow.sdk.bases.decorator import determine_kwargs
except ImportError:  # Airflow 3.1
    from airflow.utils.operator_helpers import determine_kwargs  # type: ignore[no-redef,attr-defined,unused-ignore]


def newest_event_extra(asset: Any) -> Mapping[str, Any] | None:
    """Return the extra of an asset's newest event, if there is one; asked within a task."""
    from airflow.sdk.execution_time.context import InletEventsAccessors

    # Not the context's own, which knows the task's inlets alone.
    events: Any = InletEventsAccessors([asset])[asset]
    if hasattr(events, "limit"):  # Airflow 3.2 need not fetch them all
        events = events.ascending(False).limit(1)
    newest = max(events, key=lambda event: event.timestamp, default=None)
    return None if newest is None else newest.extra


__all__ = [
    "AirflowException",
    "AirflowFailException",
    "AirflowNotFoundException",
    "AirflowTaskTimeout",
    "CronDataIntervalTimetable",
    "DeltaDataIntervalTimetable",
    "TaskDeferred",
    "conf",
    "determine_kwargs",
    "newest_event_extra",
]
