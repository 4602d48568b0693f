from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

# Airflow writes its configuration at import; the tests must neither read nor touch the user's own.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="sluice-airflow-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
os.environ.setdefault("AIRFLOW__CORE__UNIT_TEST_MODE", "True")
# As in production: Airflow's own test configuration turns these on, which would hide what sluice_dag has to do.
os.environ["AIRFLOW__SCHEDULER__CREATE_CRON_DATA_INTERVALS"] = "False"
os.environ["AIRFLOW__SCHEDULER__CREATE_DELTA_DATA_INTERVALS"] = "False"

# OpenLineage's client of Airflow 3.1.0's days does not know all facets that a receipt gives.
NEWER_LINEAGE = "openlineage.client.generated"
NEEDS_NEWER_LINEAGE = ["test_contract.py", "test_lineage.py", "test_openlineage_events.py"]
collect_ignore = [] if find_spec(NEWER_LINEAGE + ".data_quality_metrics_dataset") else NEEDS_NEWER_LINEAGE

pytest_plugins = ["sluice_airflow.testing.plugin"]

GOLDEN = Path(__file__).parent / "golden"
DATA = Path(__file__).parent / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


def pytest_configure(config: pytest.Config) -> None:
    if version("apache-airflow").startswith("3.1."):  # whose Kubernetes provider and client use deprecated names
        config.addinivalue_line("filterwarnings", "ignore:The `airflow.*attribute is deprecated")
        config.addinivalue_line("filterwarnings", "ignore:HTTPResponse.getheader:DeprecationWarning")


@pytest.fixture(autouse=True)
def _secrets_are_forgotten() -> Iterator[None]:
    """Forget what Airflow masks: it makes one expression of all that it was ever told, in the end a second a test."""
    yield
    if masker := sys.modules.get("airflow.sdk._shared.secrets_masker"):
        masker.reset_secrets_masker()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Any], None]:
    """Compare a value with a golden file, which shows a reviewer what users will see."""

    def check(name: str, value: Any) -> None:
        file = GOLDEN / name
        text = value + "\n" if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        if request.config.getoption("--update-golden"):
            file.write_text(text, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text, f"{name} has changed; see README.md for how to update it"

    return check


@pytest.fixture
def flights() -> Path:
    return DATA / "flights.json"


@pytest.fixture
def reports() -> Path:
    return DATA / "reports.json"
