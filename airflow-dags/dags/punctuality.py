"""The punctuality jobs, when the flights jobs have published departures.

Their manifest lies beside this file, or where SLUICE_PUNCTUALITY_MANIFEST says.
"""

import os
from pathlib import Path

from sluice_airflow import sluice_dag

file = os.environ.get("SLUICE_PUNCTUALITY_MANIFEST", Path(__file__).with_suffix(".json"))
dag = sluice_dag(file, schedule="@upstream")
