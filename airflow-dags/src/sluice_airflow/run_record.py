"""What a task leaves of its run for the pages in Airflow: one small XCom beside the return value.

Unlike the return value it is there from the start, and there for runs that fail.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sluice_airflow.exceptions import SluiceReceiptError
from sluice_airflow.receipt import parse_receipt

if TYPE_CHECKING:
    from sluice_airflow.launchers import JobRequest
    from sluice_airflow.verdict import Ending

#: The XCom's key.
RECORD = "sluice_run"


def record(conn_id: str, request: JobRequest, ending: Ending | None = None) -> dict[str, Any]:
    """Return the run as the pages read it; the receipt is that of this very try, or None."""
    words = request.arguments
    return {
        "job": request.job,
        "interval": request.interval,
        "conn_id": conn_id,
        "receipt_copy": words[words.index("--receipt") + 1] if "--receipt" in words else None,
        "receipt": _believed(ending, request.job) if ending is not None else None,
    }


def _believed(ending: Ending, job: str) -> dict[str, Any] | None:
    try:
        parse_receipt(ending.message, run_token=ending.run_token, job=job)
    except SluiceReceiptError:
        return None
    document: dict[str, Any] = json.loads(ending.message or "")
    # It proves a result to the task that asked for it, and is nobody else's business.
    document.pop("run_token")
    return document
