"""DAGs for the chain test on Kubernetes: like flights.py, each for one month, and each with something to survive."""

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG
from sluice_airflow import sluice_dag


def month(
    dag_id: str,
    number: int,
    *jobs: str,
    retries: int = 2,
    settings: dict[str, str] | None = None,
    **operator_args: Any,
) -> DAG:
    """Return a DAG that runs some jobs for one month of 2013."""
    first = f"2013-{number:02}-01"
    return sluice_dag(
        os.environ["SLUICE_FLIGHTS_MANIFEST"],
        dag_id=dag_id,
        jobs=jobs,
        schedule="@monthly",
        start_date=first,
        end_date=first,
        catchup=True,
        settings=settings,
        operator_args=operator_args,
        default_args={"retries": retries, "retry_delay": timedelta(seconds=1)},
    )


#: Room for less than a job needs: the kubelet itself takes such a pod away.
CRAMPED = {"spec": {"volumes": [{"name": name, "emptyDir": {"sizeLimit": "64Ki"}} for name in ("tmp", "work")]}}

#: A job that waits before it publishes until there is a ConfigMap of that name: longer than a worker is missed.
GATE = "gate"
GATED = {
    "spec": {
        "volumes": [{"name": GATE, "configMap": {"name": GATE, "optional": True}}],
        "containers": [
            {
                "name": "base",
                "env": [
                    {"name": "SLUICE_PAUSE_AT", "value": "publish"},
                    {"name": "SLUICE_PAUSE_UNTIL", "value": f"/{GATE}/open"},
                ],
                "volumeMounts": [{"name": GATE, "mountPath": f"/{GATE}"}],
            }
        ],
    }
}

killed_while_writing = month("killed_while_writing", 3, "extract-flights", "extract-weather", deferrable=False)
killed_before_commit = month("killed_before_commit", 3, "clean-departures", deferrable=True)
too_little_memory = month(
    "too_little_memory", 4, "extract-weather", retries=0, deferrable=False, job_resources={"memory": "160Mi"}
)
no_such_image = month(
    "no_such_image", 4, "extract-weather", deferrable=False, image="localhost:5000/sluice/absent@sha256:" + "0" * 64
)
triggerer_crashed = month("triggerer_crashed", 5, "extract-weather", deferrable=True)
scheduler_restarted = month("scheduler_restarted", 6, "extract-weather", deferrable=True)
worker_killed = month("worker_killed", 7, "extract-weather", deferrable=False, pod_override=GATED)
cleared = month("cleared", 8, "extract-weather", deferrable=True)
marked_failed = month("marked_failed", 9, "extract-weather", deferrable=True)
drained = month("drained", 10, "extract-weather", deferrable=True)
out_of_disk = month("out_of_disk", 11, "extract-weather", retries=0, deferrable=True, pod_override=CRAMPED)

#: Three pods on a node of two cores.
SCALED = {
    "memory": "1536Mi",
    "cpu": "500m",
    "scale": "executors(2)",
    "executor_memory": "1Gi",
    "executor_cpu": "500m",
    "scratch": "1Gi",
}

scaled = month("scaled", 9, "extract-flights", job_resources=SCALED)
executor_killed = month("executor_killed", 10, "extract-flights", job_resources=SCALED, retries=0)
executor_evicted = month("executor_evicted", 7, "extract-flights", job_resources=SCALED, retries=0)
driver_killed = month("driver_killed", 11, "extract-flights", job_resources=SCALED)
elastic = month("elastic", 8, "extract-flights", job_resources={**SCALED, "scale": "executors(1..2)"}, retries=0)

#: Executors that never come: no node is so large, or a quota leaves no room for one more pod.
IMPATIENT = {"spark.executor-wait": "PT10S"}

no_room = month(
    "no_room",
    12,
    "extract-flights",
    job_resources={**SCALED, "executor_memory": "4000Gi"},
    settings=IMPATIENT,
    retries=0,
)
over_quota = month("over_quota", 12, "extract-flights", job_resources=SCALED, settings=IMPATIENT, retries=0)
