"""Long receipts as jobs would leave them: with inputs, lineage and the whole result of the suite."""

from __future__ import annotations

import os
from typing import Any

from receipts import receipt

LAKE = "s3://lake/warehouse"
GLUE = {
    "type": "glue",
    "address": "region eu-west-1",
    "warehouse": LAKE,
    "region": "eu-west-1",
    "account": "123456789012",
}


def long_receipt(job: str = "clean-departures", **changes: Any) -> dict[str, Any]:
    """Return the long receipt of a good run of one of three jobs that follow each other."""
    document = {**receipt(job=job), **_JOBS[job], **changes}
    if parent := os.environ.get("OPENLINEAGE_PARENT_ID"):
        namespace, name, run_id = parent.rsplit("/", 2)
        document["parent"] = {"namespace": namespace, "name": name, "run_id": run_id}
    return {key: value for key, value in document.items() if value is not None}


def _column(name: str, kind: str = "int", **more: str) -> dict[str, str]:
    return {"name": name, "type": kind, **more}


def _origin(source: str, column: str, *how: str) -> dict[str, Any]:
    return {"input": source, "column": column, "how": list(how)}


def _check(kind: str, passed: bool, result: dict[str, Any], on_failure: str, **kwargs: Any) -> dict[str, Any]:
    return {
        "success": passed,
        "expectation_config": {"type": kind, "kwargs": kwargs},
        "result": result,
        "meta": {"sluice": {"id": f"{kind}.{kwargs.get('column')}", "onFailure": on_failure, "status": "passed"}},
    }


_NOT_NULL = "expect_column_values_to_not_be_null"

_CLEAN: dict[str, Any] = {
    "target": {**receipt()["target"], "uri": f"{LAKE}/flights/departures"},
    "quality": {
        **receipt()["quality"],
        "validation": {
            "success": False,
            "results": [
                _check(
                    _NOT_NULL,
                    False,
                    {"element_count": 27004, "unexpected_count": 521, "partial_unexpected_list": [None]},
                    "quarantine",
                    column="dep_delay",
                    mostly=0.95,
                ),
                _check("expect_column_max_to_be_between", True, {"observed_value": 1301}, "warn", column="dep_delay"),
                _check("expect_table_row_count_to_be_between", True, {"observed_value": 27004}, "refuse", min_value=1),
            ],
        },
    },
    "inputs": [
        {"name": "flights", "uri": f"{LAKE}/flights/flights", "snapshot_id": "7001", "rows": 27004},
        {
            "name": "airlines",
            "uri": "s3://raw/airlines-*.csv",
            "files": [
                {"uri": "s3://raw/airlines-1.csv", "bytes": 443, "modified": "2026-01-01T00:00:00Z", "etag": "9b2c"},
                {"uri": "s3://raw/airlines-2.csv", "bytes": 500, "modified": "2026-01-01T00:00:00Z"},
            ],
        },
    ],
    "lineage": {
        "catalog": GLUE,
        "inputs": [
            {
                "name": "flights",
                "table": "flights.flights",
                "format": "iceberg",
                "columns": [_column("carrier", "string"), _column("dep_delay"), _column("day", "date")],
            },
            {
                "name": "airlines",
                "format": "csv",
                "columns": [_column("carrier", "string"), _column("name", "string")],
            },
        ],
        "output": {
            "name": "flights.departures",
            "table": "flights.departures",
            "format": "iceberg",
            "columns": [_column("airline", "string"), _column("dep_delay", comment="in minutes")],
        },
        "columns": {
            "airline": [_origin("airlines", "name", "TRANSFORMATION"), _origin("flights", "carrier", "CONDITIONAL")],
            "dep_delay": [_origin("flights", "dep_delay", "IDENTITY")],
        },
        "rows": [
            _origin("airlines", "carrier", "JOIN"),
            _origin("flights", "carrier", "JOIN"),
            _origin("flights", "day", "FILTER"),
        ],
        "notes": ["MapPartitions is not looked into: what it makes is said to come of all it is given"],
    },
}

_STATS: dict[str, Any] = {
    "target": {
        "kind": "table",
        "name": "flights.delay_stats",
        "uri": f"{LAKE}/flights/delay_stats",
        "files": 1,
        "bytes": 900,
    },
    "rows": {"read": 31, "written": 31, "quarantined": 0, "filtered": 0},
    "quality": None,
    "inputs": [{"name": "departures", "uri": f"{LAKE}/flights/departures", "snapshot_id": "8123"}],
    "lineage": {
        "catalog": GLUE,
        "inputs": [
            {
                "name": "departures",
                "table": "flights.departures",
                "format": "iceberg",
                "columns": [_column("airline", "string"), _column("dep_delay")],
            }
        ],
        "output": {
            "name": "flights.delay_stats",
            "table": "flights.delay_stats",
            "format": "parquet",
            "columns": [_column("airline", "string"), _column("worst_dep_delay")],
        },
        "columns": {
            "airline": [_origin("departures", "airline", "IDENTITY")],
            "worst_dep_delay": [_origin("departures", "dep_delay", "AGGREGATION")],
        },
        "rows": [_origin("departures", "airline", "GROUP_BY")],
    },
}

_LOAD: dict[str, Any] = {
    "target": {"kind": "sink", "name": "delays", "uri": "jdbc:postgresql://db.example/mart#delays"},
    "rows": {"read": 31, "written": 31, "quarantined": 0, "filtered": 0},
    "quality": None,
    "inputs": [{"name": "stats", "uri": f"{LAKE}/flights/delay_stats"}],
    "lineage": {
        "catalog": GLUE,
        "inputs": [
            {
                "name": "stats",
                "table": "flights.delay_stats",
                "format": "parquet",
                "columns": [_column("airline", "string"), _column("worst_dep_delay")],
            }
        ],
        "output": {"name": "delays", "format": "jdbc", "columns": [_column("worst")]},
        "columns": {"worst": [_origin("stats", "worst_dep_delay", "IDENTITY")]},
    },
}

_JOBS = {"clean-departures": _CLEAN, "delay-stats": _STATS, "load-delays": _LOAD}
