"""A real Airflow: its four processes, apart from each other as in production, and its REST API."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx

from waiting import awaited

PROCESSES = ("api-server", "scheduler", "dag-processor", "triggerer")
FINAL = ("success", "failed")
PATIENCE = 1200  # on a busy machine two months take a quarter of an hour


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Airflow:
    """One Airflow with its own home."""

    def __init__(self, home: Path, dags: Path, env: Mapping[str, str]):
        self.home = home
        home.mkdir(parents=True)
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        (home / "passwords.json").write_text(json.dumps({"admin": "admin"}), encoding="utf-8")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
        self.env = {
            **inherited,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
            "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            **env,
        }
        self.client = httpx.Client(base_url=self.url, timeout=30)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, until: ExitStack) -> None:
        """Make the database and start the processes; they end with the stack."""
        self._run("db", "migrate")
        self.processes = {name: self._spawn(name) for name in PROCESSES}
        until.callback(lambda: _stop(list(self.processes.values())))
        awaited(self._healthy, lambda: "Airflow does not get healthy", PATIENCE)
        token = self.client.post("/auth/token", json={"username": "admin", "password": "admin"}).json()["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"

    def restart(self, name: str, *, crash: bool = False) -> None:
        """End one process, or crash it with all that it has started, and start it anew."""
        process = self.processes[name]
        if crash:
            os.killpg(process.pid, signal.SIGKILL)
        _stop([process])
        self.processes[name] = self._spawn(name)
        awaited(self._healthy, lambda: f"Airflow does not get healthy after {name} was started again", PATIENCE)

    def kill_worker_of(self, task: dict[str, Any]) -> None:
        """Kill the process that runs a task, as a lost node would."""
        wanted = f"airflow worker -- {task['id']}"
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and (entry / "cmdline").read_text().replace("\0", " ").startswith(wanted):
                    os.kill(int(entry.name), signal.SIGKILL)
                    return
        raise AssertionError(f"No process runs task {task['task_id']}")

    def post(self, path: str, **body: Any) -> Any:
        """Tell the REST API something."""
        answer = self.client.post(f"/api/v2/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def patch(self, path: str, **body: Any) -> Any:
        """Change something through the REST API."""
        answer = self.client.patch(f"/api/v2/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def running(self, dag: str, task: str, *states: str) -> dict[str, Any]:
        """Wait until the task of a DAG's only run is in one of some states; return its instance."""

        def found() -> dict[str, Any] | None:
            runs = self.get(f"dags/{dag}/dagRuns")["dag_runs"]
            instance = self.tasks(runs[0]).get(task) if runs else None
            return instance if instance and instance["state"] in states else None

        return awaited(found, lambda: f"{task} of {dag} is not {' or '.join(states)}", PATIENCE)

    def get(self, path: str) -> Any:
        """Ask the REST API."""
        answer = self.client.get(f"/api/v2/{path}")
        answer.raise_for_status()
        return answer.json()

    def unpause(self, dag: str) -> None:
        """Let a DAG run; waits until the DAG processor has found it."""

        def found() -> bool | None:
            answer = self.client.patch(f"/api/v2/dags/{dag}", json={"is_paused": False})
            return None if answer.status_code == httpx.codes.NOT_FOUND else True

        awaited(found, lambda: f"{dag} is not found: {self.get('importErrors')}", PATIENCE)

    def run(self, dag: str) -> dict[str, Any]:
        """Start a run of a DAG without a date and wait for its end."""
        answer = self.client.post(f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None})
        answer.raise_for_status()

        def ended() -> dict[str, Any] | None:
            run: dict[str, Any] = self.get(f"dags/{dag}/dagRuns/{answer.json()['dag_run_id']}")
            return run if run["state"] in FINAL else None

        return awaited(ended, lambda: f"{dag} does not end", PATIENCE)

    def await_runs(self, dag: str, count: int) -> list[dict[str, Any]]:
        """Wait until so many runs of a DAG have ended; return them in order of their dates."""

        def runs() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = self.get(f"dags/{dag}/dagRuns?order_by=logical_date")["dag_runs"]
            return found

        def ended() -> list[dict[str, Any]] | None:
            found = runs()
            return found if len(found) >= count and all(run["state"] in FINAL for run in found) else None

        def states() -> str:
            return f"{dag} does not end: {[(run['dag_run_id'], run['state']) for run in runs()]}"

        return awaited(ended, states, PATIENCE)

    def tasks(self, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the task instances of a run by task."""
        found = self.get(f"dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances")["task_instances"]
        return {task["task_id"]: task for task in found}

    def returned(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return what a task gave back."""
        path = f"dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
        value = self.get(f"{path}/xcomEntries/return_value")["value"]
        result: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
        return result

    def log(self, task: dict[str, Any], attempt: int) -> str:
        """Return the log of one try of a task as text."""
        path = f"dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
        return json.dumps(self.get(f"{path}/logs/{attempt}?full_content=true"), ensure_ascii=False)

    def _healthy(self) -> bool | None:
        for name, process in self.processes.items():
            assert process.poll() is None, f"{name} ended: {(self.home / f'{name}.log').read_text()[-3000:]}"
        try:
            health = self.client.get("/api/v2/monitor/health").json()
        except (httpx.HTTPError, ValueError):
            return None
        names = ("metadatabase", "scheduler", "triggerer", "dag_processor")
        return all(health.get(name, {}).get("status") == "healthy" for name in names) or None

    def _run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr[-3000:]

    def _spawn(self, name: str) -> subprocess.Popen[bytes]:
        with (self.home / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "airflow", name],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask each to end; then end what is left of its session."""
    for process in processes:
        process.terminate()
    end = time.monotonic() + 20
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, end - time.monotonic()))
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        process.wait()
