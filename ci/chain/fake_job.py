"""Stands in for ``java -jar shop.jar``: leaves a short and a long receipt and a page as a job would, and is quick."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

LAKE = Path(os.environ["SLUICE_LAKE_WAREHOUSE"].removeprefix("file://"))
REFUSED_MONTH = 3
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>orders</title><h1>{verdict}</h1><p id="script">nothing has run</p>
<script>
  let cookies;
  try {{ cookies = document.cookie }} catch (refused) {{ cookies = refused.name }}
  document.getElementById("script").textContent = `cookies: ${{cookies}}`;
</script>"""
PHASES = {"bind": 310, "plan": 820, "read": 140, "transform": 60, "gate": 9_200, "publish": 900, "report": 915}
RATES = {"uri": "s3://raw/rates.csv", "bytes": 443, "modified": "2026-01-01T00:00:00Z", "etag": "9b2cf535"}
INPUTS = [
    {"name": "orders", "uri": "s3://raw/orders", "snapshot_id": "7000000000000000001", "rows": 10_000},
    {"name": "rates", "uri": "s3://raw/rates.csv", "files": [RATES]},
]


def short_receipt(job: str, month: int, interval: tuple[str, str], page: str) -> dict[str, Any]:
    """Return what a month's run says: one is refused, and what is wrong with the others is little."""
    refused = month == REFUSED_MONTH
    bad = 900 if refused else 40 * month
    amount = {"id": "amount-is-positive", "type": "expect_column_values_to_be_between", "unexpected": bad}
    unique = {"id": "id-is-unique", "type": "expect_column_values_to_be_unique", "unexpected": 7}
    published = {"snapshot_id": f"812345678901234{month}", "files": 12, "bytes": 4_567_890 * month}
    receipt = {
        "receipt_version": "1.0",
        "sdk_version": "0.1.0",
        "job": job,
        "run_token": os.environ["SLUICE_RUN_TOKEN"],
        "run_id": run_id(month),
        "run_key": "/".join((job, "shop.orders", *interval)),
        "status": "REFUSED" if refused else "COMMITTED",
        "phase": "gate" if refused else "report",
        "exit_code": 3 if refused else 0,
        "interval": dict(zip(("start", "end"), interval, strict=True)),
        "target": {"kind": "table", "name": "shop.orders", "uri": "s3://lake/shop/orders"}
        | ({} if refused else published),
        "rows": {"read": 10_000, "written": 9_900 - bad, "quarantined": bad, "filtered": 100},
        "quality": {
            "suite": "orders",
            "success": False,
            "decision": "REFUSE" if refused else "PUBLISH",
            "rule": f"amount-is-positive fails in {bad} rows",
            "evaluated": 12,
            "unsuccessful": 2 if refused else 1,
            "failed": [amount, unique] if refused else [amount],
            "page_uri": page,
        },
        "memory": {"limit_bytes": 2 << 30, "heap_max_bytes": 1_288_490_188, "heap_used_bytes": 734_003_200},
        "timings": {
            "jvm_started_at": f"2026-11-2{month}T11:59:59Z",
            "started_at": f"2026-11-2{month}T12:00:00Z",
            "finished_at": f"2026-11-2{month}T12:00:12Z",
            "total_ms": 12_345,
        },
        "warnings": ["12 files of 371.7 KiB on average were written"],
    }
    if refused:
        message = f"Cannot publish shop.orders: amount-is-positive fails in {bad} rows. Look at shop.orders_quarantine."
        receipt["error"] = {"kind": "DATA", "phase": "gate", "message": message, "retryable": False, "stack": []}
    return receipt


def run_id(month: int) -> str:
    return f"2026112{month}T120000Z-{month:06d}"


def write(file: Path, text: str) -> str:
    """Write a file and return its address."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file.as_uri()


def main() -> int:
    """Do a month's work."""
    job, interval = sys.argv[4], sys.argv[6]
    start, _, end = interval.partition("/")
    month = int(start[5:7])
    html = PAGE.format(verdict="Refused" if month == REFUSED_MONTH else "Published")
    short = short_receipt(job, month, (start, end), write(LAKE / f"_sluice/pages/{job}/{run_id(month)}.html", html))
    long = LAKE / f"_sluice/receipts/{job}/{run_id(month)}.json"
    short["receipt_uri"] = long.as_uri()
    timings = {**short["timings"], "phases_ms": PHASES}
    write(long, json.dumps({**short, "timings": timings, "inputs": INPUTS, "settings": {"raw": "s3://raw"}}))
    Path(os.environ["SLUICE_TERMINATION_MESSAGE"]).write_text(json.dumps(short), encoding="utf-8")
    sys.stdout.write(f"{job} of {start}: {short['status']}\n")
    exit_code: int = short["exit_code"]
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
