"""Stands in for ``java -jar shop.jar``: leaves a short and a long receipt and a page as a job would, and is quick."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

LAKE = Path(os.environ["SLUICE_LAKE_WAREHOUSE"].removeprefix("file://"))
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>orders</title><h1>{verdict}</h1><p id="script">nothing has run</p>
<script>
  let cookies;
  try {{ cookies = document.cookie }} catch (refused) {{ cookies = refused.name }}
  document.getElementById("script").textContent = `cookies: ${{cookies}}`;
</script>"""


def write(file: Path, text: str) -> str:
    """Write a file and return its address."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file.as_uri()


def main() -> int:
    """Do the month's work: March is refused, and what is wrong with the others is little."""
    _, job, _, interval = sys.argv[3:7]
    start, end = interval.split("/")
    month = int(start[5:7])
    refused = month == 3
    run_id = f"2026112{month}T120000Z-{month:06d}"
    bad = 40 * month if not refused else 900
    short = {
        "receipt_version": "1.0",
        "sdk_version": "0.1.0",
        "job": job,
        "run_token": os.environ["SLUICE_RUN_TOKEN"],
        "run_id": run_id,
        "run_key": f"{job}/shop.orders/{start}/{end}",
        "status": "REFUSED" if refused else "COMMITTED",
        "phase": "gate" if refused else "report",
        "exit_code": 3 if refused else 0,
        "interval": {"start": start, "end": end},
        "target": {
            "kind": "table",
            "name": "shop.orders",
            "uri": f"file://{LAKE}/shop/orders",
            **({} if refused else {"snapshot_id": f"812345678901234{month}", "files": 12, "bytes": 4567890 * month}),
        },
        "rows": {"read": 10_000, "written": 9_900 - bad, "quarantined": bad, "filtered": 100},
        "quality": {
            "suite": "orders",
            "success": False,
            "decision": "REFUSE" if refused else "PUBLISH",
            "rule": f"amount-is-positive fails in {bad} rows",
            "evaluated": 12,
            "unsuccessful": 2 if refused else 1,
            "failed": [
                {"id": "amount-is-positive", "type": "expect_column_values_to_be_between", "unexpected": bad},
                *([{"id": "id-is-unique", "type": "expect_column_values_to_be_unique", "unexpected": 7}] * refused),
            ],
            "page_uri": write(LAKE / f"_sluice/pages/{job}/{run_id}.html", PAGE.format(verdict="Refused" if refused else "Published")),
        },
        "memory": {"limit_bytes": 2 << 30, "heap_max_bytes": 1288490188, "heap_used_bytes": 734003200},
        "timings": {
            "jvm_started_at": f"2026-11-2{month}T11:59:59Z",
            "started_at": f"2026-11-2{month}T12:00:00Z",
            "finished_at": f"2026-11-2{month}T12:00:12Z",
            "total_ms": 12_345,
        },
        "warnings": ["12 files of 371.7 KiB on average were written"],
        "receipt_uri": (LAKE / f"_sluice/receipts/{job}/{run_id}.json").as_uri(),
    }  # fmt: skip
    if refused:
        message = f"Cannot publish shop.orders: amount-is-positive fails in {bad} rows. Look at shop.orders_quarantine."
        short["error"] = {"kind": "DATA", "phase": "gate", "message": message, "retryable": False, "stack": []}
    phases = {"bind": 310, "plan": 820, "read": 140, "transform": 60, "gate": 9_200, "publish": 900, "report": 915}
    inputs = [
        {"name": "orders", "uri": "s3://raw/orders", "snapshot_id": "7000000000000000001", "rows": 10_000},
        {
            "name": "rates",
            "uri": "s3://raw/rates.csv",
            "files": [{"uri": "s3://raw/rates.csv", "bytes": 443, "modified": "2026-01-01T00:00:00Z", "etag": "9b2cf535"}],
        },
    ]
    full = {**short, "inputs": inputs, "settings": {"raw": "s3://raw"}, "timings": {**short["timings"], "phases_ms": phases}}  # type: ignore[dict-item]
    write(LAKE / f"_sluice/receipts/{job}/{run_id}.json", json.dumps(full))
    Path(os.environ["SLUICE_TERMINATION_MESSAGE"]).write_text(json.dumps(short), encoding="utf-8")
    sys.stdout.write(f"{job} of {start}: {short['status']}\n")
    return 3 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
