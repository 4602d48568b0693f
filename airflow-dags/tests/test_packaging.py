"""What is published: wheel and sdist, and the page of the registry."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

import sluice_airflow

ROOT = Path(__file__).parents[1]
REGISTRY = ROOT.parent / ".airflow-registry.yaml"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_holds_the_package_its_type_marker_and_its_entry_points(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entries = archive.read(
            f"airflow_provider_sluice-{sluice_airflow.__version__}.dist-info/entry_points.txt"
        ).decode()

    assert {"sluice_airflow/py.typed", "sluice_airflow/cli/doctor.py"} <= set(names)
    assert not [name for name in names if name.startswith("tests/") or name.endswith(".pyc")]
    assert "sluice-airflow = sluice_airflow.cli:main" in entries
    assert "provider_info = sluice_airflow:get_provider_info" in entries


def test_the_sdist_holds_the_tests_as_well(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"pyproject.toml", "README.md", "src/sluice_airflow/__init__.py", "tests/conftest.py"} <= names


@pytest.mark.skipif(find_spec("twine") is None, reason="twine is not among the requirements of this Airflow")
def test_twine_accepts_both(built: Path) -> None:
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(built.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


@pytest.mark.skipif(not REGISTRY.is_file(), reason="the root of the repository is not beside this package")
def test_the_registrys_page_names_what_exists() -> None:
    page = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))

    assert page["package-name"] == sluice_airflow.get_provider_info()["package-name"]
    for entry in (*page["operators"], *page["other"]):
        module, _, name = entry["module"].rpartition(".")
        assert getattr(import_module(module), name).__doc__
        assert entry["description"]
