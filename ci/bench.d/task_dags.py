"""One job in four DAGs: by Sluice's operator and by a bare KubernetesPodOperator, waiting in worker and triggerer."""

from __future__ import annotations

import json
import os
from typing import Any

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator
from airflow.sdk import DAG
from sluice_airflow import SluiceJobOperator
from sluice_airflow.connection import parse_extra
from sluice_airflow.launchers import JobRequest
from sluice_airflow.launchers.pod import pod_spec
from sluice_airflow.manifest import Manifest

MANIFEST = Manifest.load(os.environ["SLUICE_FLIGHTS_MANIFEST"])
JOB = "extract-weather"
START, END = "2013-01-01T00:00:00+00:00", "2013-02-01T00:00:00+00:00"


def sluice(deferrable: bool) -> Any:
    """The task that this project is about."""
    return SluiceJobOperator(
        job=JOB,
        manifest=MANIFEST,
        interval_start=START,
        interval_end=END,
        deferrable=deferrable,
    )


def bare(deferrable: bool) -> Any:
    """The same pod, launched by upstream's operator as it is."""
    return KubernetesPodOperator(
        task_id=JOB,
        full_pod_spec=PodGenerator.deserialize_model_dict(pod()),
        on_finish_action="delete_pod",
        deferrable=deferrable,
    )


def pod() -> dict[str, Any]:
    """The pod that Sluice would launch; only who launches it differs."""
    connection = json.loads(os.environ["AIRFLOW_CONN_SLUICE_DEFAULT"])
    interval = f"{START}/{END}"
    request = JobRequest(
        project=MANIFEST.project,
        job=JOB,
        arguments=("run", JOB, "--interval", interval),
        run_token="bare",
        dag_id="bare",
        task_id=JOB,
        run_id="bare",
        try_number=1,
        interval=interval,
        image=MANIFEST.image,
        resources=MANIFEST.job(JOB).resources,
    )
    return pod_spec(request, parse_extra("sluice_default", json.dumps(connection["extra"])))


for kind, operator in {"sluice": sluice, "bare": bare}.items():
    for mode in ("sync", "deferred"):
        with DAG(dag_id=f"{kind}_{mode}", schedule=None) as dag:
            operator(deferrable=mode == "deferred")
        globals()[dag.dag_id] = dag
