"""What a suite's result says in few values: one a check, and figures of columns; no row's values among them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

#: Longest text of what a check expects.
LONGEST = 300


class Assertion(NamedTuple):
    """One check and its answer; the fields are those of OpenLineage's assertions."""

    assertion: str
    success: bool
    column: str | None = None
    severity: str | None = None
    name: str | None = None
    expected: str | None = None
    actual: str | None = None


def assertions(quality: Mapping[str, Any]) -> list[Assertion]:
    """Return every check of a receipt; the short receipt names only those that do not hold."""
    results = _results(quality)
    if results:
        return [_assertion(result) for result in results]
    return [
        Assertion(failed["type"], success=False, name=failed["id"], actual=f"{failed['unexpected']} unexpected")
        for failed in quality.get("failed") or ()
    ]


def column_metrics(quality: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the figures that the checks have found, by column."""
    metrics: dict[str, dict[str, Any]] = {}
    for result in _results(quality):
        column = _kwargs(result).get("column")
        if column and (found := _figures(_type(result), result.get("result") or {})):
            metrics.setdefault(column, {}).update(found)
    return metrics


#: Which figure of OpenLineage the value is that a check has observed.
_OBSERVED = {
    "expect_column_min_to_be_between": "min",
    "expect_column_max_to_be_between": "max",
    "expect_column_sum_to_be_between": "sum",
    "expect_column_unique_value_count_to_be_between": "distinctCount",
}


def _figures(kind: str, result: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "expect_column_values_to_not_be_null" and {"element_count", "unexpected_count"} <= result.keys():
        nulls = result["unexpected_count"]
        return {"nullCount": nulls, "count": result["element_count"] - nulls}
    observed = result.get("observed_value")
    if not isinstance(observed, (int, float)) or isinstance(observed, bool):
        return {}
    if kind == "expect_column_median_to_be_between":
        return {"quantiles": {"0.5": observed}}
    return {_OBSERVED[kind]: observed} if kind in _OBSERVED else {}


def _results(quality: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    validation = quality.get("validation")
    return list(validation.get("results") or ()) if isinstance(validation, Mapping) else []


def _assertion(result: Mapping[str, Any]) -> Assertion:
    own: Mapping[str, Any] = (result.get("meta") or {}).get("sluice") or {}
    kwargs = dict(_kwargs(result))
    column = kwargs.pop("column", None)
    on_failure = own.get("onFailure")
    return Assertion(
        _type(result),
        success=result.get("success") is True,
        column=column,
        severity={"warn": "warn"}.get(on_failure, "error") if on_failure else None,
        name=own.get("id"),
        expected=json.dumps(kwargs, ensure_ascii=False)[:LONGEST] if kwargs else None,
        actual=_actual(result.get("result") or {}),
    )


def _actual(result: Mapping[str, Any]) -> str | None:
    if "unexpected_count" in result:
        return f"{result['unexpected_count']} unexpected"
    observed = result.get("observed_value")
    return str(observed) if isinstance(observed, (int, float)) else None


def _kwargs(result: Mapping[str, Any]) -> Mapping[str, Any]:
    return (result.get("expectation_config") or {}).get("kwargs") or {}


def _type(result: Mapping[str, Any]) -> str:
    return str((result.get("expectation_config") or {}).get("type"))
