"""Loads one DAG of 100 tasks again and again: CPU milliseconds of its imports, of the first load and of later ones."""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from typing import Any

#: What each variant's DAG file imports.
MODULES = {"by-hand": "airflow.providers.cncf.kubernetes.operators.pod", "sluice": "sluice_airflow"}


def by_hand() -> Any:
    """What a team would write: 100 KubernetesPodOperators."""
    from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
    from airflow.sdk import DAG

    with DAG(dag_id="by_hand", schedule=None) as dag:
        for number in range(100):
            KubernetesPodOperator(
                task_id=f"job-{number}",
                name=f"job-{number}",
                namespace="sluice",
                image="registry.example/flights:1",
                arguments=["run", f"job-{number}", "--interval", "{{ data_interval_start }}/{{ data_interval_end }}"],
                termination_message_policy="File",
                on_finish_action="delete_pod",
            )
    return dag


def sluice(manifest: str) -> Any:
    """The same 100 tasks from a manifest."""
    from sluice_airflow import sluice_dag

    return sluice_dag(manifest, dag_id="sluice", schedule=None)


def main() -> None:
    variant, manifest = sys.argv[1:]
    import airflow.sdk  # noqa: F401  (every DAG file pays for it, whoever wrote it)

    before = len(sys.modules)
    load = by_hand if variant == "by-hand" else lambda: sluice(manifest)
    start = time.process_time()
    importlib.import_module(MODULES[variant])
    imports = (time.process_time() - start) * 1000
    times = []
    for _ in range(6):
        start = time.process_time()
        load()
        times.append((time.process_time() - start) * 1000)
    figures = {"import": imports, "first": imports + times[0], "later": statistics.median(times[1:])}
    print(json.dumps({**figures, "modules": len(sys.modules) - before}))


if __name__ == "__main__":
    main()
