"""DAGs of a job that needs more memory than it is given: as one pod, and on executors."""

import os
from datetime import timedelta

from airflow.sdk import DAG
from sluice_airflow import MemoryEscalation, sluice_dag


def hungry(dag_id: str, month: int, **resources: str) -> DAG:
    """Return a DAG whose job dies for memory at first, and is tried again with more."""
    first = f"2013-{month:02}-01"
    return sluice_dag(
        os.environ["SLUICE_HUNGRY_MANIFEST"],
        dag_id=dag_id,
        schedule="@monthly",
        start_date=first,
        end_date=first,
        catchup=True,
        settings={"megabytes": 560},
        operator_args={
            "job_resources": {"cpu": "500m", **resources},
            "memory_escalation": MemoryEscalation(factor=2),
            "deferrable": True,
        },
        default_args={"retries": 1, "retry_delay": timedelta(seconds=1)},
    )


hungry_driver = hungry("hungry_driver", 1, memory="900Mi")
hungry_executor = hungry(
    "hungry_executor", 2, memory="1200Mi", scale="executors(1)", executor_memory="900Mi", executor_cpu="500m"
)
