"""What 200 deferred tasks cost a triggerer in memory, CPU and calls, ours against those of KubernetesPodOperator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from rounds import OUT, in_turn, middle, ratio, say

TASKS = 200
SECONDS = 60


def triggerer(rounds: int) -> list[dict[str, Any]]:
    """Wait for 200 pods that run and say a line a second, in one process as a triggerer is."""
    OUT.mkdir(parents=True, exist_ok=True)

    def run(variant: str, _: int) -> dict[str, float]:
        with _api_server() as (kubeconfig, calls):
            command = [
                sys.executable,
                str(Path(__file__).with_name("triggerer_load.py")),
                variant,
                str(TASKS),
                str(SECONDS),
            ]
            environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "AIRFLOW_HOME": str(OUT / "airflow")}
            done = subprocess.run(command, capture_output=True, text=True, env=environment)
            if done.returncode:
                sys.exit(done.stdout[-2000:] + done.stderr[-4000:])
            figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
            return {**figures, "calls": float(len(calls))}

    measured = in_turn(rounds, ("kubernetes-pod", "sluice"), run)
    for variant in ("kubernetes-pod", "sluice"):
        rss, cpu, calls = (middle(measured, variant, unit) for unit in ("rss", "cpu", "calls"))
        say(f"{variant}: {rss / 2**20:.0f} MiB more, {cpu:.1f} s of CPU, {calls:.0f} calls in {SECONDS} s")
    return [
        ratio(f"{TASKS} deferred tasks: {unit}", measured, "sluice", "kubernetes-pod", unit)
        for unit in ("rss", "cpu", "calls")
    ]


@contextmanager
def _api_server() -> Iterator[tuple[Path, list[str]]]:
    """Serve pods that run and whose log grows; yields a kubeconfig and the paths that were asked for."""
    calls: list[str] = []
    began = time.time()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            calls.append(path)
            content = _log(began) if path.endswith("/log") else json.dumps(_document(path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain" if path.endswith("/log") else "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = TASKS

        def handle_error(self, *_: Any) -> None:
            """Say nothing of those who leave when the time is over."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kubeconfig = OUT / "kubeconfig"
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "bench", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "users": [{"name": "bench", "user": {"token": "none"}}],
        "contexts": [{"name": "bench", "context": {"cluster": "bench", "user": "bench"}}],
        "current-context": "bench",
    }
    kubeconfig.write_text(json.dumps(document), encoding="utf-8")
    try:
        yield kubeconfig, calls
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _document(path: str) -> dict[str, Any]:
    if "/pods/" not in path:
        return {"kind": "EventList", "metadata": {"resourceVersion": "1"}, "items": []}
    name = path.rpartition("/")[2]
    running = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
    status = {"name": "base", "image": "i", "imageID": "", "ready": True, "restartCount": 0, "state": running}
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "jobs", "uid": name, "resourceVersion": "1", "labels": {}},
        "spec": {
            "nodeName": "node",
            "containers": [
                {"name": "base", "image": "i", "args": ["run"], "env": [{"name": "SLUICE_RUN_TOKEN", "value": name}]}
            ],
        },
        "status": {"phase": "Running", "containerStatuses": [status]},
    }


def _log(began: float) -> bytes:
    lines = []
    for second in range(int(time.time() - began)):
        moment = datetime.fromtimestamp(began + second, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000000Z")
        lines.append(f"{moment} #{second + 1} job: transform · tasks {second}/900 · {'rows ' * 20}\n")
    return "".join(lines).encode()
