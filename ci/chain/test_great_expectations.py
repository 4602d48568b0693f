"""Great Expectations itself opens our suites, and says of the same rows what the receipts say."""

from __future__ import annotations

import json
import math
import os
from typing import Any

import pandas as pd
import pytest
from pyiceberg.exceptions import NoSuchTableError

from flights import TARGETS, Filled
from readers import Lake
from services import ROOT, Services

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import: the tests of a checkout report nothing to anybody
import great_expectations as gx
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationSuiteValidationResultSchema,
)
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView

pytestmark = pytest.mark.chain

CASES = [(job, month) for job in TARGETS for month in (1, 2) if job != "load-delays"]
SUITES = ROOT / "quality-suites"


@pytest.fixture(scope="module")
def context() -> Any:
    return gx.get_context(mode="ephemeral")


def produced(services: Services, table: str, month: int) -> pd.DataFrame:
    """All rows that the job made for a month: those that were published and those in quarantine."""
    lake = Lake(services)
    rows = lake.rows(table).to_pandas()
    try:
        rejected = lake.iceberg(f"{table}_quarantine").scan().to_pandas()
        rows = pd.concat([rows, rejected[rows.columns]], ignore_index=True) if len(rejected) else rows
    except NoSuchTableError:
        pass
    return rows[rows["month"] == month].reset_index(drop=True)


def test_there_is_a_suite_for_each_table() -> None:
    assert {f"flights.{path.stem}" for path in SUITES.glob("*.json")} == set(TARGETS.values()) - {"delays"}


@pytest.mark.parametrize(("job", "month"), CASES)
def test_receipt_agrees_with_great_expectations(
    context: Any, services: Services, filled: Filled, job: str, month: int
) -> None:
    table = TARGETS[job]
    document = json.loads((SUITES / f"{table.partition('.')[2]}.json").read_text(encoding="utf-8"))
    suite = gx.ExpectationSuite(**document)
    source = context.data_sources.add_pandas(f"{job}-{month}")
    batch = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    theirs = batch.get_batch({"dataframe": produced(services, table, month)}).validate(suite).to_json_dict()
    ours = filled.runs[job, month].receipt["quality"]["validation"]

    assert len(theirs["results"]) == len(document["expectations"])
    for mine, other in zip(ours["results"], _in_order(theirs["results"], document), strict=True):
        figures = _comparable(other)
        assert {key: value for key, value in _comparable(mine).items() if key in figures} == figures
    assert ours["success"] == theirs["success"]
    assert ours["statistics"] == theirs["statistics"]


@pytest.mark.parametrize(("job", "month"), CASES)
def test_result_opens_in_great_expectations_own_classes(filled: Filled, job: str, month: int) -> None:
    ours = filled.runs[job, month].receipt["quality"]["validation"]
    opened: Any = ExpectationSuiteValidationResultSchema().load(ours)
    again = opened.to_json_dict()
    usual = {"severity": "critical", "meta": {}}  # which Great Expectations fills in where a suite is silent
    for mine, theirs in zip(ours["results"], again["results"], strict=True):
        assert theirs == {**mine, "expectation_config": {**usual, **mine["expectation_config"]}}
    kept = ("success", "statistics", "suite_name", "meta")
    assert {key: again[key] for key in kept} == {key: ours[key] for key in kept}
    view: Any = DefaultJinjaPageView()
    assert isinstance(opened, ExpectationSuiteValidationResult)
    page = view.render(ValidationResultsPageRenderer().render(opened))
    assert str(ours["suite_name"]) in page


def _in_order(results: list[dict[str, Any]], suite: dict[str, Any]) -> list[dict[str, Any]]:
    """Great Expectations answers in an order of its own."""
    left = list(results)
    ordered = []
    for expectation in suite["expectations"]:
        match = next(result for result in left if _asks(result["expectation_config"], expectation))
        left.remove(match)
        ordered.append(match)
    return ordered


def _asks(config: dict[str, Any], expectation: dict[str, Any]) -> bool:
    kwargs = {key: value for key, value in config["kwargs"].items() if key != "batch_id"}
    return bool(config["type"] == expectation["type"] and kwargs == expectation["kwargs"])


def _comparable(result: dict[str, Any]) -> dict[str, Any]:
    """The verdict and every figure of a result; samples are chosen freely, and none is as good as absent."""
    figures = {key: _figure(value) for key, value in result["result"].items() if not key.startswith("partial_")}
    return {
        "type": result["expectation_config"]["type"],
        "success": result["success"],
        "raised": result["exception_info"].get("raised_exception", False),
        **{key: value for key, value in figures.items() if value is not None},
    }


def _figure(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 9)
    if isinstance(value, list):
        return sorted(value)
    return value
