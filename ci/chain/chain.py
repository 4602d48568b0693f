"""The whole chain on a cluster: an image, services that pods can reach, an Airflow that may launch pods and no more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
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


def manifest_of(cluster: Cluster, jar: Path, work: Path) -> Path:
    """Write the manifest that names a jar's image in the cluster's registry.

    The image is built and pushed, unless SLUICE_IMAGE names that of the flights.
    """
    project = jar.stem
    given = os.environ.get("SLUICE_IMAGE") if project == "flights" else None
    image = given or _push(cluster, project)
    file = work / f"{project}.json"
    Sluice(jar, work / "runs")("manifest", "--image", image, "--output", str(file)).expect(0)
    return file


def _push(cluster: Cluster, project: str) -> str:
    subprocess.run([ROOT / "containers/base/build"], check=True)
    goals = ["package", "-Pimage", "-DskipTests", f"-Dimage.registry={cluster.registry}"]
    subprocess.run(["./mvnw", "-B", "-ntp", "-q", "-pl", f"jobs/{project}", "-am", *goals], cwd=ROOT, check=True)
    digest = (ROOT / f"jobs/{project}/target/jib-image.digest").read_text(encoding="utf-8").strip()
    return f"{cluster.registry}/sluice/{project}@{digest}"
