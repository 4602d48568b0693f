"""Plans: what a run would do, read from what the image's ``plan`` leaves, judged, and written out for people.

A plan leaves no receipt, because it publishes nothing. Exit code 0 *and* a plan of this very try in the termination
message are its evidence; they prove that a plan was made, and never that anything was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sluice_airflow.exceptions import SluiceReceiptError
from sluice_airflow.receipt import JobError, job_error
from sluice_airflow.summary import failure_text
from sluice_airflow.termination_message import not_believed, read_message
from sluice_airflow.verdict import Ending, failure_without_receipt

_LISTS = ("destructive", "reads", "columns", "checks", "register", "warnings", "not_checked")


@dataclass(frozen=True)
class Plan:
    """What a run would do."""

    job: str
    run_key: str
    already_committed: bool
    destructive: tuple[str, ...]  #: what a run would take away from those who read the table today, one line each
    write: str
    reads: tuple[str, ...]
    columns: tuple[str, ...]
    checks: tuple[str, ...]
    register: tuple[str, ...]
    warnings: tuple[str, ...]
    not_checked: tuple[str, ...]

    def text(self) -> str:
        """Return the plan for people, in the words of the image's ``plan``."""
        sections = {
            "takes away": self.destructive,
            "reads": self.reads,
            "writes": (self.write,),
            "registers": self.register or ("no change",),
            "warnings": self.warnings,
            "checks": self.checks,
            "columns": self.columns,
            "not checked": self.not_checked,
        }
        lines = [f"plan of {self.job}", f"run key: {self.run_key}"]
        if self.already_committed:
            lines.append("already committed: a run would change nothing")
        for title, items in sections.items():
            lines += [f"{title}:", *(f"  {item}" for item in items)] if items else []
        return "\n".join(lines)

    def to_xcom(self) -> dict[str, Any]:
        """Return what the tasks after it want to know, and the plan's text."""
        return {
            "run_key": self.run_key,
            "already_committed": self.already_committed,
            "write": self.write,
            "register": list(self.register),
            "destructive": list(self.destructive),
            "text": self.text(),
        }


def judge_plan(ending: Ending, *, job: str) -> Plan:
    """Return the plan that a command has left, or raise what is wrong.

    :param job: name of the job that was planned.
    """
    if ending.exit_code == 0:
        return _plan(_read(ending, job), job)
    cause = failure_without_receipt(ending, _told(ending, job))
    assert cause is not None  # noqa: S101 - there is one for every other exit code, and for none
    raise cause.error(failure_text(f"plan.{job}", replace(cause, verb="plan"), ending, None))


def _told(ending: Ending, job: str) -> JobError | None:
    """What the image says went wrong, if it could still say it."""
    try:
        error = _read(ending, job).get("error")
    except SluiceReceiptError:
        return None
    return job_error(error) if isinstance(error, Mapping) else None


def _read(ending: Ending, job: str) -> Mapping[str, Any]:
    return read_message(
        ending.message, kind="plan", run_token=ending.run_token, job=job, otherwise="The next try plans again."
    )


def _plan(document: Mapping[str, Any], job: str) -> Plan:
    plan = document.get("plan")
    if not isinstance(plan, Mapping):
        raise not_believed("plan", job, "it holds none")
    run_key, committed, write = (plan.get(key) for key in ("run_key", "already_committed", "write"))
    lists = {key: plan.get(key) for key in _LISTS}
    whole = isinstance(run_key, str) and isinstance(committed, bool) and isinstance(write, str)
    if not whole or not all(isinstance(value, list) for value in lists.values()):
        raise not_believed("plan", job, "it is not whole")
    texts = {key: tuple(str(item) for item in value or ()) for key, value in lists.items()}
    return Plan(job=job, run_key=str(run_key), already_committed=committed is True, write=str(write), **texts)
