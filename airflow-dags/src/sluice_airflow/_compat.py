"""The names that moved between Airflow 3.1 and 3.3; no other module compares versions."""

from __future__ import annotations

from typing import Any

try:
    from airflow.sdk.exceptions import (
        AirflowException,
        AirflowFailException,
        AirflowNotFoundException,
        TaskDeferred,
    )
except ImportError:  # Airflow 3.1
    from airflow.exceptions import (  # type: ignore[no-redef,attr-defined,unused-ignore]
        AirflowException,
        AirflowFailException,
        AirflowNotFoundException,
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

__all__ = [
    "AirflowException",
    "AirflowFailException",
    "AirflowNotFoundException",
    "CronDataIntervalTimetable",
    "DeltaDataIntervalTimetable",
    "TaskDeferred",
    "conf",
    "core_timetable",
    "dag_bag",
]


def dag_bag(folder: str | None) -> Any:
    """Return the DAGs of a folder or file; it takes seconds to import, so only commands ask for it."""
    try:
        from airflow.dag_processing.dagbag import DagBag
    except ImportError:  # Airflow 3.1
        from airflow.models.dagbag import DagBag  # type: ignore[no-redef,attr-defined,unused-ignore]
    return DagBag(dag_folder=folder)


def core_timetable(timetable: Any) -> Any:
    """Return the timetable that can be asked for intervals; newer DAG files hold only its description."""
    try:
        from airflow.serialization.encoders import coerce_to_core_timetable
    except ImportError:  # Airflow 3.1
        return timetable
    return coerce_to_core_timetable(timetable)
