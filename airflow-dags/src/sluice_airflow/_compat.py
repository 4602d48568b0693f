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
    "cluster_hook",
    "conf",
    "core_timetable",
    "dag_bag",
    "determine_kwargs",
    "newest_event_extra",
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


def cluster_hook(conn_id: str | None) -> Any:
    """Return the hook of a Kubernetes connection for a command; without one it finds the cluster by itself."""
    from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook
    from airflow.sdk import Connection

    class ClusterHook(KubernetesHook):
        """Takes a default connection that is not there for an empty one, as tasks do."""

        @classmethod
        def get_connection(cls, conn_id: str) -> Any:
            try:
                return super().get_connection(conn_id)
            except ImportError:  # Airflow 3.1, which then asks a supervisor that commands do not have
                if conn_id == cls.default_conn_name:
                    return Connection(conn_id=conn_id, conn_type=cls.conn_type)
                raise AirflowNotFoundException(f"The conn_id `{conn_id}` isn't defined") from None

    return ClusterHook(conn_id=conn_id)
