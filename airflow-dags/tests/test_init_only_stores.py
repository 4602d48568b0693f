"""Operators only store what they are given: whatever works on templates works on what has been rendered."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

from sluice_airflow import SluiceJobOperator


class Given(str):
    """A text that is told from its copies by identity."""

    __slots__ = ()


VALUES: dict[str, Any] = {"settings": {"raw": "{{ ds }}"}}


@pytest.mark.parametrize("job", ["clean-departures", "extract-weather", "register.clean-departures"])
@pytest.mark.parametrize("field", SluiceJobOperator.template_fields)
def test_a_template_field_is_stored_unchanged(flights: Path, field: str, job: str) -> None:
    value: Any = VALUES.get(field) or Given("{{ ds }}")
    arguments: dict[str, Any] = {field: value}

    task = SluiceJobOperator(job=job, manifest=flights, **arguments)

    assert getattr(task, field) is value


def test_every_template_field_is_an_argument() -> None:
    assert set(SluiceJobOperator.template_fields) <= set(inspect.signature(SluiceJobOperator.__init__).parameters)


def test_what_another_task_will_say_may_be_given(flights: Path) -> None:
    with DAG("flights", schedule=None):
        first = SluiceJobOperator(job="extract-flights", manifest=flights)
        second = SluiceJobOperator(job="clean-departures", manifest=flights, settings=first.output)  # type: ignore[arg-type]

    assert second.upstream_task_ids == {"extract-flights"}
