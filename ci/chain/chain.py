"""The whole chain on a cluster: an image, services that pods can reach, an Airflow that may launch pods and no more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from airflow_home import Airflow
from cluster import NAMESPACE, Cluster
from readers import Lake
from services import RAW_BUCKET, ROOT, Services
from sluice import Sluice

JAVA_OPTIONS = "-XX:TieredStopAtLevel=1"  # pods that live for seconds


@dataclass(frozen=True)
class Chain:
    """Everything that takes part."""

    cluster: Cluster
    services: Services
    airflow: Airflow

    @classmethod
    def start(
        cls,
        cluster: Cluster,
        manifests: Mapping[str, Path],
        dags: Iterable[Path],
        raw: Path,
        work: Path,
        until: ExitStack,
        java_options: str = JAVA_OPTIONS,
    ) -> Chain:
        """Start services, the raw files in a bucket, and an Airflow with some DAG files; they end with the stack.

        :param manifests: by project.
        """
        services = Services.start(work / "services-for-pods", cluster.host, until)
        for file in raw.glob("*.csv"):
            services.client("s3").upload_file(str(file), RAW_BUCKET, file.name)
        environment = {
            **services.job_environment,
            "SLUICE_RAW": f"s3a://{RAW_BUCKET}",
            "JDK_JAVA_OPTIONS": java_options,
        }
        cluster.secret("lake", {name: environment.pop(name) for name in services.credentials})
        cluster.secret("faults", {})
        connection = {
            "launcher": "kubernetes",
            "namespace": NAMESPACE,
            "service_account": "sluice-job",
            "env": environment,
            "env_from_secrets": ["lake", "faults"],
        }
        folder = work / "dags"
        folder.mkdir()
        for dag in dags:
            shutil.copy(dag, folder)
        airflow = Airflow(
            work / "airflow",
            folder,
            {
                "AIRFLOW_CONN_SLUICE_DEFAULT": json.dumps({"conn_type": "sluice", "extra": connection}),
                "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE": "True",
                "KUBECONFIG": str(cluster.kubeconfig_of("sluice-launcher", work / "launcher.kubeconfig")),
                **{f"SLUICE_{project.upper()}_MANIFEST": str(file) for project, file in manifests.items()},
            },
        )
        airflow.start(until)
        return cls(cluster, services, airflow)

    @property
    def lake(self) -> Lake:
        """The lake as others read it."""
        return Lake(self.services)


def manifests_of(cluster: Cluster, jars: Collection[Path], work: Path) -> dict[str, Path]:
    """Build and push the image of each jar's project; return the manifests that name them, by project.

    The flights' is not built where SLUICE_IMAGE names one that is there already.
    """
    given = os.environ.get("SLUICE_IMAGE")
    images = {"flights": given} if given else {}
    images |= _push(cluster, {jar.stem: jar.parents[1] for jar in jars if jar.stem not in images})
    files = {}
    for jar in jars:
        files[jar.stem] = work / f"{jar.stem}.json"
        asked = Sluice(jar, work / "runs")("manifest", "--image", images[jar.stem], "--output", str(files[jar.stem]))
        asked.expect(0)
    return files


def _push(cluster: Cluster, projects: dict[str, Path]) -> dict[str, str]:
    subprocess.run([ROOT / "containers/base/build"], check=True)
    modules = ",".join(str(folder.relative_to(ROOT)) for folder in projects.values())
    # What the image holds was listed when the jars were built, if anybody has asked for that.
    goals = ["package", "-Pimage,bench", "-DskipTests", "-Dsbom.phase=none", f"-Dimage.registry={cluster.registry}"]
    subprocess.run(["./mvnw", "-B", "-ntp", "-q", "-pl", modules, "-am", *goals], cwd=ROOT, check=True)
    digests = {
        project: (folder / "target/jib-image.digest").read_text(encoding="utf-8").strip()
        for project, folder in projects.items()
    }
    return {project: f"{cluster.registry}/sluice/{project}@{digest}" for project, digest in digests.items()}
