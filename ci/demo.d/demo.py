"""Runs the flights DAG in a real Airflow and prints what came of it. Started by ci/demo, which sets the environment."""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "ci/chain"))

from airflow_home import Airflow  # noqa: E402  (the chain tests start their Airflow the same way)
from summary import print_quarantine, print_tables, print_tasks  # noqa: E402

DEMO = Path(os.environ["DEMO"])
TASKS = ("extract-flights", "extract-weather", "clean-departures", "delay-stats", "load-delays")


def connection() -> str:
    """The connection that says where jobs run: a JVM on this machine."""
    lake = {
        "SLUICE_RAW": os.environ["DATA"],
        "SLUICE_JDBC_URL": f"jdbc:sqlite:{DEMO / 'delays.db'}",
        "SLUICE_LAKE_WAREHOUSE": f"file://{DEMO / 'lake'}",
        "SLUICE_LAKE_CATALOG": "glue",
        "SLUICE_LAKE_GLUE_ENDPOINT": os.environ["GLUE_ENDPOINT"],
    }
    home = str(ROOT / "jobs/flights/target")
    extra = {"launcher": "process", "java": os.environ["JAVA"], "home": home, "env": lake}
    return json.dumps({"conn_type": "sluice", "extra": extra})


def airflow() -> Airflow:
    """A new Airflow; what earlier runs have published is in the lake, not here."""
    home = DEMO / "airflow"
    shutil.rmtree(home, ignore_errors=True)
    dags = DEMO / "dags"
    shutil.rmtree(dags, ignore_errors=True)
    dags.mkdir(parents=True)
    shutil.copy(ROOT / "airflow-dags/dags/flights.py", dags)
    shutil.copy(ROOT / "jobs/flights/target/jobs.json", dags / "flights.json")
    return Airflow(home, dags, {"AIRFLOW_CONN_SLUICE_DEFAULT": connection()})


def told(airflow: Airflow, task: dict[str, Any]) -> dict[str, Any]:
    """What a task gave back, if it got that far."""
    return airflow.returned(task) if task["state"] == "success" else {}


def print_failures(airflow: Airflow, tasks: list[dict[str, Any]]) -> None:
    """Show the end of the log of what failed."""
    for task in tasks:
        if task["state"] == "failed":
            log = airflow.log(task, task["try_number"])
            print(f"\n{task['task_id']} failed:\n{log[-3000:]}")


def main() -> int:
    keep = "--keep" in sys.argv
    server = airflow()
    with ExitStack() as until:
        server.start(until)
        print(f"demo: Airflow is at {server.url} (admin / admin); January and February 2013 run now", file=sys.stderr)
        server.unpause("flights")
        runs = server.await_runs("flights", 2)
        done: list[dict[str, Any]] = []
        rows: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        for run in runs:
            month = datetime.fromisoformat(run["logical_date"]).strftime("%b %Y")
            found = server.tasks(run)
            for name in TASKS:
                task = next(t for t in found.values() if t["task_id"] in (name, name.replace("-", "_")))
                done.append(task)
                rows.append((month, task, told(server, task)))
        print_tasks(rows)
        print_failures(server, done)
        print_tables(os.environ["GLUE_ENDPOINT"])
        print_quarantine(os.environ["GLUE_ENDPOINT"])
        print(f"\nreceipts  {DEMO / 'lake/_sluice/receipts'}\ndatabase  {DEMO / 'delays.db'} (table delays)")
        if keep:
            until.pop_all()
            remember_pids(server)
            print(f"Airflow   {server.url}/plugin/sluice (admin / admin); ci/demo --stop ends it")
        else:
            print("Airflow   has ended; ci/demo --keep leaves it running")
    return 0 if all(task["state"] == "success" for task in done) else 1


def remember_pids(server: Airflow) -> None:
    """Leave pid files as ci/lib.sh reads them: the pid, and when the process began."""
    folder = DEMO / "run"
    folder.mkdir(exist_ok=True)
    for name, process in server.processes.items():
        (folder / f"{name}.pid").write_text(f"{process.pid} {birth(process.pid)}\n", encoding="utf-8")


def birth(pid: int) -> str:
    """When a process began, in the words of ci/lib.sh."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        return stat.read_text(encoding="utf-8").rpartition(") ")[2].split()[19]
    said = os.popen(f"ps -o state=,lstart= -p {pid}").read().split()  # macOS has no /proc
    return "".join(said[1:])


if __name__ == "__main__":
    sys.exit(main())
