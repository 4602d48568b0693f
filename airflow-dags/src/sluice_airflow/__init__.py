"""Sluice for Apache Airflow: ``SluiceJobOperator``, ``sluice_dag``, ``SluiceTaskGroup`` and more.

The names are imported when they are first used: Airflow loads this module to discover the provider, long
before it is ready for operators, and a DAG file must never pay for the Kubernetes client.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sluice_airflow.provider_info import get_provider_info

if TYPE_CHECKING:
    from sluice_airflow.assets import published, table_asset
    from sluice_airflow.dag import SluiceTaskGroup, sluice_dag, sluice_maintenance_dag
    from sluice_airflow.decorators.job import job
    from sluice_airflow.operators.job import SluiceJobOperator
    from sluice_airflow.retries import MemoryEscalation, retry_policy

__version__ = "0.1.0"

__all__ = [
    "MemoryEscalation",
    "SluiceJobOperator",
    "SluiceTaskGroup",
    "__version__",
    "get_provider_info",
    "job",
    "published",
    "retry_policy",
    "sluice_dag",
    "sluice_maintenance_dag",
    "table_asset",
]

_HOMES = {
    "MemoryEscalation": "sluice_airflow.retries",
    "SluiceJobOperator": "sluice_airflow.operators.job",
    "SluiceTaskGroup": "sluice_airflow.dag",
    "job": "sluice_airflow.decorators.job",
    "published": "sluice_airflow.assets",
    "retry_policy": "sluice_airflow.retries",
    "sluice_dag": "sluice_airflow.dag",
    "sluice_maintenance_dag": "sluice_airflow.dag",
    "table_asset": "sluice_airflow.assets",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
