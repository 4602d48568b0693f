from __future__ import annotations

from typing import Any

import pytest

from receipts import JOB, TOKEN, receipt, text
from sluice_airflow.exceptions import SluiceReceiptError
from sluice_airflow.receipt import disagreement, parse_receipt


def parse(message: str | None) -> Any:
    return parse_receipt(message, run_token=TOKEN, job=JOB)


def test_reads_a_receipt_and_ignores_keys_it_does_not_know() -> None:
    parsed = parse(text(receipt(receipt_version="1.7", mood="good")))

    assert parsed.published
    assert parsed.to_xcom() == {
        "status": "COMMITTED",
        "rows": {"read": 27004, "written": 26483, "quarantined": 521, "filtered": 0},
        "target": "flights.departures",
        "snapshot_id": "8123",
        "run_key": f"{JOB}/flights.departures/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z",
        "receipt_uri": f"file:///lake/_sluice/receipts/{JOB}/20261123T231500Z-1a2b3c.json",
    }


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        pytest.param(None, "there is none. Check that the image is a Sluice image.", id="missing"),
        pytest.param(" \n", "there is none. Check that the image is a Sluice image.", id="blank"),
        pytest.param(
            "Killed",
            "it is not JSON (Expecting value: line 1 column 1 (char 0)): 'Killed'. "
            "Check that nothing but the job writes the termination message.",
            id="not JSON",
        ),
        pytest.param(
            text(receipt())[:31],
            "it is not JSON (Unterminated string starting at: line 1 column 28 (char 27)): "
            """'{"receipt_version": "1.0", "sdk'. Check that nothing but the job writes the termination message.""",
            id="cut off",
        ),
        pytest.param(
            "[1]",
            "it is not a JSON object: '[1]'. Check that nothing but the job writes the termination message.",
            id="a list",
        ),
        pytest.param(
            "{}",
            "it has no receipt_version. Check that nothing but the job writes the termination message.",
            id="empty object",
        ),
        pytest.param(
            text(receipt(receipt_version="2.0")),
            "its version is 2.0, and this provider reads 1.x. "
            "Install the airflow-provider-sluice that belongs to the image's SDK.",
            id="unknown major version",
        ),
        pytest.param(
            text(receipt(run_token="other")),
            f'it belongs to another run: its run_token is "other", not "{TOKEN}". '
            "The result of this run is not known; the next try finds out from the ledger.",
            id="of another run",
        ),
        pytest.param(
            text(receipt(run_token=None)),
            f'it belongs to another run: its run_token is null, not "{TOKEN}". '
            "The result of this run is not known; the next try finds out from the ledger.",
            id="of no run",
        ),
        pytest.param(
            text(receipt(job="delay-stats")),
            f'it belongs to another run: its job is "delay-stats", not "{JOB}". '
            "The result of this run is not known; the next try finds out from the ledger.",
            id="of another job",
        ),
        pytest.param(
            text(receipt(status="DONE")),
            'its status is "DONE", which nobody knows. Check that nothing but the job writes the termination message.',
            id="unknown status",
        ),
        pytest.param(
            text(receipt(status=None)),
            "its status is null. Check that nothing but the job writes the termination message.",
            id="no status",
        ),
        pytest.param(
            text(receipt(rows={"read": "many"})),
            'its rows are {"read": "many"}. Check that nothing but the job writes the termination message.',
            id="rows that are no numbers",
        ),
        pytest.param(
            text(receipt(exit_code="0")),
            'its exit_code is "0". Check that nothing but the job writes the termination message.',
            id="exit code as text",
        ),
    ],
)
def test_what_is_no_receipt_of_this_run_is_not_believed(message: str | None, reason: str) -> None:
    with pytest.raises(SluiceReceiptError) as error:
        parse(message)

    assert str(error.value) == f"Cannot believe the receipt of job '{JOB}': {reason}"


@pytest.mark.parametrize(
    ("status", "stated", "exit_code", "contradiction"),
    [
        ("COMMITTED", 0, 0, None),
        ("ALREADY_COMMITTED", 0, 0, None),
        ("REFUSED", 3, 3, None),
        ("FAILED", 70, 70, None),
        ("CANCELLED", 143, 143, None),
        ("UNKNOWN", 5, 5, None),
        ("RUNNING", None, 137, None),
        ("RUNNING", None, 0, "it ended with exit code 0, but its receipt is still RUNNING"),
        ("COMMITTED", 0, 1, "it ended with exit code 1, but its receipt says 0"),
        ("FAILED", 70, 0, "it ended with exit code 0, but its receipt says 70"),
        ("REFUSED", None, 0, "it ended with exit code 0, but its receipt says REFUSED"),
        ("COMMITTED", None, 143, "it ended with exit code 143, but its receipt says COMMITTED"),
    ],
)
def test_status_and_exit_code_must_agree(
    status: str, stated: int | None, exit_code: int, contradiction: str | None
) -> None:
    assert disagreement(parse(text(receipt(status=status, exit_code=stated))), exit_code) == contradiction
