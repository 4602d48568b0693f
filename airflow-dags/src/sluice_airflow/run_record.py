"""What a task leaves of its run for the pages in Airflow: one small XCom beside the return value.

Unlike the return value it is there from the start, and there for runs that fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sluice_airflow.launchers import JobRequest
    from sluice_airflow.receipt import Receipt

#: The XCom's key.
RECORD = "sluice_run"


def record(conn_id: str, request: JobRequest, receipt: Receipt | None = None) -> dict[str, Any]:
    """Return the run as the pages read it."""
    # The token proves a result to the task that asked for it, and is nobody else's business.
    told = {key: value for key, value in receipt.document.items() if key != "run_token"} if receipt else None
    return {
        "job": request.job,
        "interval": request.interval,
        "conn_id": conn_id,
        "receipt_copy": request.receipt_copy,
        "receipt": told,
    }
