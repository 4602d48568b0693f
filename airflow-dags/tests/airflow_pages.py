"""What the pages in Airflow are made of, and what is read on them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from receipts import receipt


def record(document: Any, **changes: Any) -> dict[str, Any]:
    interval = "2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00"
    base = {"job": "clean-departures", "interval": interval, "conn_id": "lake", "receipt_copy": None}
    return {**base, "receipt": document, **changes}


def words(html: str) -> str:
    """Return what is read, without markup."""
    body = html[html.index("<main>") :]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))).replace("\u202f", " ")


def long_receipt(**changes: Any) -> dict[str, Any]:
    pinned = {"uri": "s3://raw/a.csv", "bytes": 443, "modified": "2026-01-01T00:00:00Z", "etag": "9b2c"}
    return receipt(
        timings={"started_at": "2026-11-23T23:15:00Z", "total_ms": 12345, "phases_ms": {"bind": 12, "read": 9000}},
        inputs=[
            {"name": "flights", "uri": "s3://lake/flights", "snapshot_id": "7000", "rows": 27004},
            {"name": "airlines", "uri": "s3://raw/a.csv", "files": [pinned]},
        ],
        settings={"raw": "s3://raw", "jdbc-password": "***"},
        **changes,
    )
