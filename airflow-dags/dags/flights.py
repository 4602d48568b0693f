"""The flights jobs, once a month; their manifest lies beside this file, or where SLUICE_FLIGHTS_MANIFEST says."""

import os
from pathlib import Path

from sluice_airflow import sluice_dag

file = os.environ.get("SLUICE_FLIGHTS_MANIFEST", Path(__file__).with_suffix(".json"))
dag = sluice_dag(
    file, schedule="@monthly", start_date="2013-01-01", end_date="2013-02-01", catchup=True, max_active_runs=1
)
