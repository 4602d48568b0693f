"""What the chain tests share: data, services, the jar, and one lake that the jobs have filled."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chain import Chain, manifest_of
from cluster import Cluster, NoClusterError
from expected import Expected
from flights import Filled, fill, interval
from services import ROOT, Services, script
from sluice import SHORT_LIVED, Sluice


@pytest.fixture(scope="session")
def work() -> Iterator[Path]:
    """A folder of this session alone, short enough for sockets."""
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/sluice-chain.XXXXXX"], text=True).strip())
    yield folder
    if not os.environ.get("SLUICE_KEEP"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def raw() -> Path:
    """The folder of the raw CSV files."""
    return Path(os.environ.get("SLUICE_DATA") or script("data"))


@pytest.fixture(scope="session")
def expected(raw: Path) -> Expected:
    """The figures that the raw files give."""
    return Expected(raw)


@pytest.fixture(scope="session")
def jar() -> Path:
    """The executable jar of the flights jobs."""
    return _built(Path(os.environ.get("SLUICE_JAR") or ROOT / "jobs/flights/target/flights.jar"))


@pytest.fixture(scope="session")
def punctuality_jar() -> Path:
    """The executable jar of a second project, which reads a table of the flights."""
    return _built(ROOT / "jobs/punctuality/target/punctuality.jar")


def _built(jar: Path) -> Path:
    assert jar.exists(), f"Cannot find {jar}: it is not built. Run: ./mvnw install -DskipTests"
    return jar


@pytest.fixture(scope="session")
def class_data(jar: Path, raw: Path, work: Path) -> Path:
    """Every class that a run loads, archived once: fifty later starts take half the time each."""
    archive = work / "classes.jsa"
    lake = work / "warm-up"
    job = [
        "run",
        "extract-weather",
        "--interval",
        interval(1),
        "--set",
        f"raw={raw}",
        "--set",
        f"lake.warehouse={lake}",
    ]
    subprocess.run(
        ["java", *SHORT_LIVED, f"-XX:ArchiveClassesAtExit={archive}", "-Xlog:disable", "-jar", jar, *job],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    shutil.rmtree(lake)
    return archive


@pytest.fixture(scope="session")
def command_line(jar: Path, work: Path, class_data: Path) -> Sluice:
    """The jobs' command line, with nothing set."""
    return Sluice(jar, work / "runs", class_data=class_data)


@pytest.fixture(scope="session")
def services(work: Path) -> Iterator[Services]:
    """S3, Glue and PostgreSQL, empty."""
    with ExitStack() as until:
        yield Services.start(work / "services", "127.0.0.1", until)


@pytest.fixture(scope="session")
def filled(command_line: Sluice, services: Services, raw: Path) -> Filled:
    """A lake on S3 and Glue into which the jobs have run for two months, once."""
    return fill(command_line.within(**services.job_environment, SLUICE_RAW=str(raw)), months=(1, 2))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A Kubernetes with an empty namespace for jobs."""
    with ExitStack() as until:
        try:
            cluster = Cluster.up(until)
        except NoClusterError as reason:
            pytest.skip(str(reason))
        cluster.namespace(until)
        yield cluster


@pytest.fixture(scope="session")
def manifest(cluster: Cluster, jar: Path, work: Path) -> Path:
    """The manifest of the flights jobs, whose image the cluster can pull."""
    return manifest_of(cluster, jar, work)


@pytest.fixture(scope="session")
def chain(cluster: Cluster, manifest: Path, punctuality_jar: Path, raw: Path, work: Path) -> Iterator[Chain]:
    """A real Airflow that launches the jobs as pods."""
    manifests = {"flights": manifest, "punctuality": manifest_of(cluster, punctuality_jar, work)}
    dags = (*(ROOT / f"airflow-dags/dags/{name}.py" for name in manifests), Path(__file__).with_name("faults.py"))
    with ExitStack() as until:
        yield Chain.start(cluster, manifests, dags, raw, work, until)
