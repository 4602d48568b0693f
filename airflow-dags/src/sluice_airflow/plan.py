"""The plan of a run: what the image's ``plan --json`` prints, read, judged and written out for people.

A plan leaves no receipt, because it publishes nothing. Exit code 0 *and* a whole plan of this very job in the
output are its evidence; they prove that a plan was made, and never that anything was published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sluice_airflow.exceptions import SluiceContractError, SluiceOutOfMemory, SluiceReceiptError
from sluice_airflow.receipt import JobError
from sluice_airflow.summary import failure_text
from sluice_airflow.verdict import Cause, Ending, failure_without_receipt

#: How many of the last lines of the output hold any plan, which has a line for each of its parts, and what comes after.
OUTPUT_LINES = 500

#: What of it travels to the tasks that come after; the log has it all.
MAX_TEXT_LINES = 80

_LISTS = ("reads", "columns", "checks", "register", "not_checked")


@dataclass(frozen=True)
class Plan:
    """What a run would do."""

    job: str
    run_key: str
    already_committed: bool
    write: str
    reads: tuple[str, ...]
    columns: tuple[str, ...]
    checks: tuple[str, ...]
    register: tuple[str, ...]
    not_checked: tuple[str, ...]
    joins: tuple[str, ...] = ()

    @property
    def destructive(self) -> tuple[str, ...]:
        """Return what a run would take away from those who read the table today, one line each.

        These are the changes of columns that the plan itself says break readers (dropped, renamed), and all rows
        of a table that is there and is replaced as a whole.
        """
        lines = [line for line in self.register if "(breaks readers" in line]
        new = any(line.startswith("create table ") for line in self.register)
        if " (replace-table) at " in self.write and not new and not self.already_committed:
            lines.append(f"replace all rows of {self.write.split(' ')[0]}")
        return tuple(lines)

    def text(self) -> str:
        """Return the plan for people, in the words of the image's ``plan``."""
        sections = {
            "destructive": self.destructive,
            "reads": self.reads,
            "writes": (self.write,),
            "joins": self.joins,
            "registers": self.register or ("no change",),
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
        lines = self.text().splitlines()
        if len(lines) > MAX_TEXT_LINES:
            lines = [*lines[:MAX_TEXT_LINES], f"… and {len(lines) - MAX_TEXT_LINES} more lines in the task's log"]
        return {
            "run_key": self.run_key,
            "already_committed": self.already_committed,
            "write": self.write,
            "register": list(self.register),
            "destructive": list(self.destructive),
            "text": "\n".join(lines),
        }


def judge_plan(ending: Ending, *, job: str) -> Plan:
    """Return the plan that a command has printed, or raise what is wrong.

    :param job: name of the job that was planned.
    """
    cause = failure_without_receipt(ending)
    if cause is None:
        return parse_plan(ending.log_tail, job=job)
    cause = _told(cause, ending)
    raise cause.error(failure_text(f"plan.{job}", cause, ending, None))


def parse_plan(lines: Sequence[str], *, job: str) -> Plan:
    """Return the plan in the last lines of the output, among which there may be others' words."""
    document = _document(lines)
    if document is None:
        raise _cannot(job, "the output holds none")
    if document.get("job") != job:
        raise _cannot(job, f"it is one of {json.dumps(document.get('job'))[:80]}")
    run_key, committed, write = (document.get(key) for key in ("run_key", "already_committed", "write"))
    lists = {key: document.get(key) for key in _LISTS}
    lists["joins"] = document.get("joins", [])  # an older image says nothing of them
    whole = isinstance(run_key, str) and isinstance(committed, bool) and isinstance(write, str)
    if not whole or not all(isinstance(value, list) for value in lists.values()):
        raise _cannot(job, "it is not whole")
    texts = {key: tuple(str(item) for item in value or ()) for key, value in lists.items()}
    return Plan(job=job, run_key=str(run_key), already_committed=committed is True, write=str(write), **texts)


def _document(lines: Sequence[str]) -> dict[str, Any] | None:
    """The last JSON object that begins and ends on lines of its own."""
    ends = [position for position, line in enumerate(lines) if line.rstrip() == "}"]
    for end in reversed(ends):
        for begin in (position for position in range(end, -1, -1) if lines[position].rstrip() == "{"):
            try:
                document = json.loads("\n".join(lines[begin : end + 1]))
            except ValueError:
                break
            return document if isinstance(document, dict) else None
    return None


def _told(cause: Cause, ending: Ending) -> Cause:
    """The command line's own last words are better than the exit code's meaning for a run."""
    if ending.exit_code == 3:  # of a run, the gate; but a plan sees no row
        if any("java.lang.OutOfMemoryError" in line for line in ending.log_tail):
            return Cause(SluiceOutOfMemory, "the JVM ran out of heap", "Raise the job's memory.", verb="plan")
        cause = Cause(SluiceContractError, "a run could not succeed", "Correct what the log says.", verb="plan")
    said = [line for line in ending.log_tail if re.match(r"Cannot \w+ ", line)]
    return replace(cause, told=JobError(kind="", message=said[-1])) if said else cause


def _cannot(job: str, reason: str) -> SluiceReceiptError:
    return SluiceReceiptError(
        f"Cannot believe the plan of job '{job}': {reason}. Look at the task's log, and run it again."
    )
