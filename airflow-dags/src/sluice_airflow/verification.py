"""Verifications: whether what was published is what its receipts say, as the image's ``runs verify`` finds it.

A job's task believes the job. This one asks the table's own ledger in a process of its own, after the commit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sluice_airflow.exceptions import SluiceReceiptError
from sluice_airflow.summary import failure_text
from sluice_airflow.termination_message import not_believed, read_message
from sluice_airflow.verdict import Cause, Ending, failure_without_receipt

#: The image's exit code where it has found differences.
DIFFERS = 3


@dataclass(frozen=True)
class Verified:
    """Receipts, ledger and audit log of a job agree."""

    job: str

    def to_xcom(self) -> dict[str, Any]:
        """Return what the task gives back."""
        return {"verified": True}


def judge_verification(ending: Ending, *, job: str) -> Verified:
    """Return that all agree, or raise what differs.

    :param job: name of the job whose runs were compared.
    """
    differs = ending.exit_code == DIFFERS and bool(ending.message)  # else it is the JVM's own code
    cause = None if differs else failure_without_receipt(ending)
    if cause is None:
        cause = _difference(_findings(ending, job), differs)
    if cause is not None:
        raise cause.error(failure_text(f"verify.{job}", replace(cause, verb="verify"), ending, None))
    return Verified(job)


def _difference(findings: list[str], differs: bool) -> Cause | None:
    if not findings and not differs:
        return None
    return Cause(
        SluiceReceiptError,
        f"what was published is not what its receipts say: {'; '.join(findings) or 'the log says how'}",
        "Look who else writes the table; `runs list` and `reconcile` show what the ledger has.",
    )


def _findings(ending: Ending, job: str) -> list[str]:
    document = read_message(
        ending.message, kind="verification", run_token=ending.run_token, job=job, otherwise="The next try asks again."
    )
    findings = document.get("findings")
    if not isinstance(findings, list):
        raise not_believed("verification", job, "it is not whole")
    return [str(finding) for finding in findings]
