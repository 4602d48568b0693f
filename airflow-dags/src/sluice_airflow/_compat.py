"""The names that moved between Airflow 3.1 and 3.3; no other module compares versions."""

from __future__ import annotations

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

__all__ = [
    "AirflowException",
    "AirflowFailException",
    "AirflowNotFoundException",
    "AirflowTaskTimeout",
    "CronDataIntervalTimetable",
    "DeltaDataIntervalTimetable",
    "TaskDeferred",
    "conf",
]
