"""What it costs to have executors, and what a join costs by its rows: pods of one image on a real node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sluice_airflow.connection import parse_extra
from sluice_airflow.launchers import JobRequest
from sluice_airflow.launchers.pod import pod_spec
from sluice_airflow.manifest import Manifest

from chain import manifests_of
from cluster import NAMESPACE, Cluster
from node import node
from readers import Lake
from rounds import ROOT, draw, in_turn, jvm_flags, middle, ratio, say
from services import RAW_BUCKET, Services
from waiting import awaited

PROJECT = ROOT / "ci/bench.d/tpch"
JOB = "lines-of-orders"
#: Of TPC-H: 60,000, 600,000 and 6 million lines.
SCALES = ("0.01", "0.1", "1")
LARGE = "1"
PATIENCE = 900
#: What runs with every number of rows, and is drawn.
DRAWN = ("local", "executors(2)")
PICTURE = ROOT / "docs/executors.png"
#: Two cores less what the node needs for itself; a driver of executors has little to do.
WHOLE, DRIVER = 1800, 300


def _executors(number: int) -> dict[str, str]:
    """So many executors that share what one pod has alone."""
    share = f"{(WHOLE - DRIVER) // number}m"
    return {
        "scale": f"executors({number})",
        "memory": "1Gi",
        "cpu": f"{DRIVER}m",
        "executor_memory": f"{4096 // number}Mi",
        "executor_cpu": share,
    }


SIZES = {
    "local": {"scale": "local", "memory": "4Gi", "cpu": f"{WHOLE}m"},
    **{f"executors({number})": _executors(number) for number in (1, 2, 4)},
}


def executors(rounds: int) -> list[dict[str, Any]]:
    """A join that shuffles all of its rows, by rows in one pod and on two executors, the largest on 1 and 4 as well."""
    lines: list[dict[str, Any]] = []
    points: dict[str, list[tuple[float, float]]] = {name: [] for name in DRAWN}
    with _ready() as ready:
        for scale in SCALES:
            names = tuple(SIZES) if scale == LARGE else DRAWN
            say(f"scale {scale}")

            def run(name: str, _: int, scale: str = scale) -> dict[str, float]:
                return ready.run(scale, SIZES[name])

            measured = in_turn(rounds, names, run)
            for name in names:
                wall, rows = (middle(measured, name, unit) for unit in ("wall", "rows"))
                say(f"scale {scale}, {name}: {wall:.1f} s from JVM to receipt, {rows:,.0f} rows")
                if name in DRAWN:
                    points[name].append((rows, wall))
            others = [name for name in names if name != "local"]
            lines += [ratio(f"TPC-H {scale}, {name}: wall", measured, name, "local", "wall") for name in others]
    draw("executors", points, PICTURE)
    return lines


@dataclass
class Ready:
    """A cluster with what the pods need, and the image of the project."""

    cluster: Cluster
    services: Services
    manifest: Manifest
    hours: Iterator[int] = field(default_factory=count)

    def run(self, scale: str, resources: dict[str, str]) -> dict[str, float]:
        """Run the job as a pod, for an hour that nobody has asked for; seconds from its JVM's start to its receipt."""
        start = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=next(self.hours))
        interval = f"{start.isoformat()}/{(start + timedelta(hours=1)).isoformat()}"
        pod = self._pod(scale, interval, resources)
        self.cluster.kubectl("create", "-f", "-", given=json.dumps(pod))
        name = pod["metadata"]["name"]
        ended = awaited(lambda: self._ended(name), lambda: f"{name} does not end", PATIENCE)
        said = ended["containerStatuses"][0]["state"]["terminated"]
        if said["exitCode"]:
            sys.exit(f"bench: {name}: {said['message']}\n{self.cluster.kubectl('logs', name)[-4000:]}")
        receipt = json.loads(Lake(self.services).receipt(json.loads(said["message"])["receipt_uri"]))
        self.cluster.kubectl("delete", "pod", name, "--wait=true")
        self.cluster.await_no_pods()
        times = [datetime.fromisoformat(receipt["timings"][at]) for at in ("jvm_started_at", "finished_at")]
        return {"wall": (times[1] - times[0]).total_seconds(), "rows": float(receipt["rows"]["written"])}

    def _pod(self, scale: str, interval: str, resources: dict[str, str]) -> dict[str, Any]:
        environment = {**self.services.job_environment, "SLUICE_RAW": f"s3a://{RAW_BUCKET}/{scale}"}
        for secret in self.services.credentials:
            del environment[secret]
        extra = {
            "namespace": NAMESPACE,
            "service_account": "sluice-job",
            "env": environment,
            "env_from_secrets": ["lake"],
        }
        request = JobRequest(
            project=self.manifest.project,
            job=JOB,
            arguments=("run", JOB, "--interval", interval),
            run_token="bench",
            dag_id="bench",
            task_id=JOB,
            run_id=interval,
            try_number=1,
            interval=interval,
            image=self.manifest.image,
            resources=resources,
        )
        return pod_spec(request, parse_extra("sluice_default", json.dumps(extra)))

    def _ended(self, name: str) -> dict[str, Any] | None:
        status: dict[str, Any] = json.loads(self.cluster.kubectl("get", "pod", name, "-o", "json"))["status"]
        return status if status["phase"] in ("Succeeded", "Failed") else None


@contextmanager
def _ready() -> Iterator[Ready]:
    with node() as (cluster, work, until):
        services = Services.start(work / "services", cluster.host, until)
        cluster.secret("lake", services.credentials)
        for scale in SCALES:
            say(f"making TPC-H of scale {scale}")
            _upload(services, _rows(work / "rows", scale))
        manifest = Manifest.load(str(manifests_of(cluster, [PROJECT / "target/tpch.jar"], work)["tpch"]))
        assert manifest.image, "it was pushed"
        sizes = ", ".join(f"{size / 2**20:.2f}" for size in cluster.layers(manifest.image))
        say(f"layers of the image, compressed, in MiB: {sizes}")
        yield Ready(cluster, services, manifest)


def _rows(folder: Path, scale: str) -> Path:
    """Make orders and lines in FOLDER/SCALE."""
    classes = (PROJECT / "target/test.cp").read_text(encoding="utf-8").strip()
    path = f"{PROJECT / 'target/test-classes'}:{classes}"
    main = "dev.sluice.jobs.tpch.TpchRows"
    command = [os.environ["JAVA"], "-Xmx3g", *jvm_flags(), "-cp", path, main, str(folder / scale), scale, "8"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr[-4000:])
    return folder / scale


def _upload(services: Services, folder: Path) -> None:
    for file in folder.rglob("*.parquet"):
        services.client("s3").upload_file(str(file), RAW_BUCKET, str(file.relative_to(folder.parent)))
