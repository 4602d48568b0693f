"""The examples of the documentation run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from airflow.sdk import DAG

from sluice_airflow.connection import parse_extra

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"


def examples() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "dags.md").read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    "example", examples(), ids=lambda text: re.findall(r"sluice_dag|@sluice.job|partial", text)[-1]
)
def test_an_example_makes_a_dag(example: str) -> None:
    names: dict[str, object] = {}

    exec(example.replace("/opt/airflow/dags", str(DATA)), names)  # noqa: S102 - our own words

    dags = [value for value in names.values() if isinstance(value, DAG)]
    assert dags or "with DAG(" in example


def connections() -> list[str]:
    pages = (ROOT / "airflow-dags" / "README.md", ROOT / "docs" / "launchers.md")
    return [text for page in pages for text in re.findall(r"^```json\n(.*?)^```", page.read_text(), re.DOTALL | re.M)]


@pytest.mark.parametrize("example", connections(), ids=lambda text: re.findall(r'"launcher": "([^"]*)"', text)[0])
def test_an_example_is_a_connection(example: str) -> None:
    assert parse_extra("example", example)
