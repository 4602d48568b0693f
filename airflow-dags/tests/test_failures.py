"""The page of failures: one of each class is provoked, and what it says is what docs/failures.md shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import RUNNING, TOKEN, clock, cluster, fails, operator, pod_connection, run, says
from sluice_airflow import exceptions
from sluice_airflow._compat import AirflowFailException
from sluice_airflow.exceptions import SluiceError
from sluice_airflow.testing import cluster as fake

__all__ = ["clock", "cluster", "pod_connection"]

PAGE = Path(__file__).parents[2] / "docs/failures.md"

HEAD = """# What a failed task says

One screen: the cause, what to do, and what is known of the pod. Each class of `sluice_airflow.exceptions` is public, so
that a retry policy can name it. The texts below are written by the tests that provoke them.

| class | means | retried |
|---|---|---|
"""

REFUSED: dict[str, Any] = {
    "status": "REFUSED",
    "exit_code": 3,
    "phase": "gate",
    "rows": {"read": 27004, "written": 1004, "quarantined": 26000, "filtered": 0},
    "quality": {
        "decision": "REFUSE",
        "suite": "departures",
        "evaluated": 12,
        "unsuccessful": 1,
        "failed": [{"id": "dep-delay-known", "type": "expect_column_values_to_not_be_null", "unexpected": 26000}],
    },
}

ENDS: dict[str, list[fake.Stage]] = {
    "SluiceConfigError": [
        fake.ended(2, fails(2, "CONFIG", "Cannot bind setting 'raw': it is missing. Set it.", phase="bind"))
    ],
    "SluiceContractError": [
        fake.ended(
            2,
            fails(
                2,
                "CONTRACT",
                "Cannot read flights.csv: column 'dep_time' is missing. Ask who writes the file.",
                phase="plan",
            ),
        )
    ],
    "SluiceDataError": [fake.ended(3, says(**REFUSED))],
    "SluiceJobError": [fake.ended(70, fails(70, "BUG", "Cannot transform: no price. Correct the job."))],
    "SluiceSourceError": [
        fake.ended(
            75, fails(75, "SOURCE", "Cannot read s3://raw/flights: connection timed out. Try again.", phase="plan")
        )
    ],
    "SluiceInfrastructureError": [fake.running, fake.ended(143, deleted=True, disrupted="preempted by a system pod")],
    "SluiceTerminated": [
        fake.running,
        fake.ended(143, says(status="CANCELLED", exit_code=143, phase="transform", rows=None, quality=None)),
    ],
    "SluiceTimeout": [fake.unscheduled("0/3 nodes are available: 3 Insufficient memory.")],
    "SluiceOutOfMemory": [fake.running, fake.ended(137, RUNNING, reason="OOMKilled")],
    "SluiceCommitUnknown": [
        fake.ended(
            5,
            fails(
                5,
                "INFRA",
                "Cannot say whether it is published: the catalog does not answer.",
                status="UNKNOWN",
                phase="commit",
            ),
        )
    ],
    "SluiceConflict": [
        fake.ended(
            6,
            fails(
                6,
                "INFRA",
                "Cannot publish to flights.departures: another writer changed it. Run again.",
                phase="commit",
            ),
        )
    ],
    "SluiceReceiptError": [fake.ended(0, says(run_token="of-another-run"))],
}


def classes() -> list[type[SluiceError]]:
    """Return every class that a task can fail with, in the module's order."""
    found = [value for value in vars(exceptions).values() if isinstance(value, type) and issubclass(value, SluiceError)]
    return [value for value in found if value is not SluiceError]


@pytest.fixture
def said(flights: Path, cluster: Callable[..., fake.Cluster]) -> dict[str, str]:
    """Provoke a failure of each class and return what it says."""
    texts = {}
    for error in classes():
        cluster(*ENDS[error.__name__]).log = "clean-departures: transform · tasks 3/9 · 12,004 rows read\n"
        with pytest.raises(SluiceError) as raised:
            run(operator(flights), context())
        assert type(raised.value) is error
        texts[error.__name__] = TOKEN.sub("TOKEN", str(raised.value))
    return texts


def test_every_failure_fits_one_screen(said: dict[str, str]) -> None:
    for name, text in said.items():
        assert len(text.splitlines()) <= 25, name
        assert "Cannot " in text.splitlines()[0]


def test_the_page_shows_what_is_said(said: dict[str, str], request: pytest.FixtureRequest) -> None:
    table, sections = "", ""
    for error in classes():
        means = (error.__doc__ or "").split(". ")[0].rstrip(".")
        table += f"| `{error.__name__}` | {means} | {'no' if issubclass(error, AirflowFailException) else 'yes'} |\n"
        sections += f"\n## {error.__name__}\n\n```\n{said[error.__name__]}\n```\n"
    page = HEAD + table + sections
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "docs/failures.md has changed; see README.md for how to update it"
