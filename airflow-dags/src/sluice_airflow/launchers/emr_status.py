"""What a job run of EMR says of itself as plain values: how far it is, and how it ended.

EMR has no termination message, and hardly an exit code. What proves the result is the copy of the receipt that the
job has left in S3, and that EMR says the same of the run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sluice_airflow.exceptions import SluiceReceiptError
from sluice_airflow.launchers import JobRequest
from sluice_airflow.lifecycle import Look, Stage
from sluice_airflow.receipt import parse_receipt
from sluice_airflow.verdict import Ending, State

if TYPE_CHECKING:
    from sluice_airflow.launchers.emr_api import Emr, JobRun
    from sluice_airflow.launchers.emr_job import EmrJob

#: What EMR says, and the JVM, when there was too little memory.
OUT_OF_MEMORY = re.compile(r"OutOfMemoryError|OOMKilled|exit ?code:? ?137\b|memory limit|out of memory", re.IGNORECASE)

EXIT_CODE = re.compile(r"exit ?code:? ?(\d+)", re.IGNORECASE)

#: Exit code of a job that was told to stop.
TERMINATED = 143


def look_at(
    run: JobRun | None, stages: Mapping[str, Stage], *, task: str, own: str | None = None, work: EmrJob | None = None
) -> Look:
    """Return what is to be known of a run that bears the name of some work; None is no run.

    :param task: the task instance that looks.
    :param own: the run token of the try that knows the run for its own.
    :param work: what is wanted; None if it does not matter.
    """
    if run is None:
        return Look(Stage.ABSENT)
    does = run.driver.get("entryPoint"), run.driver.get("entryPointArguments")
    return Look(
        stage=stages.get(run.state, Stage.UNSCHEDULED),
        token=own or run.token,
        same_task=run.task == task,
        same_work=work is None or does == (work.entry_point, list(work.arguments)),
        detail=run.detail,
    )


def ending(
    emr: Emr, run: JobRun, job: EmrJob, request: JobRequest, token: str, message: str | None, tail: Sequence[str] = ()
) -> Ending:
    """Return how a run ended, or how far it came.

    :param message: what lies where the job was asked to leave the copy of its receipt.
    """
    common: dict[str, Any] = {
        "where": where(emr, run.id),
        "run_token": token,
        "message": brief(message),
        "image": job.image,
        "memory_limit": request.resources.get("memory"),
        "log_tail": tuple(tail),
    }
    stage = emr.stages.get(run.state, Stage.UNSCHEDULED)
    if run.state == emr.succeeded:
        return Ending(state=State.ENDED, exit_code=0, **common)
    if run.state == emr.cancelled:
        return Ending(state=State.ENDED, exit_code=TERMINATED, interrupted=True, detail=run.detail, **common)
    if stage is not Stage.ENDED:
        state = State.RUNNING if stage in (Stage.RUNNING, Stage.LEAVING) else State.NOT_STARTED
        return Ending(state=state, reason=run.state, detail=run.detail, **common)
    code = _exit_code(message, token, request.job)
    if code is None:
        return _without_receipt(run, common)
    return Ending(state=State.ENDED, exit_code=code, detail=run.detail, **common) if code else _failed(run, common)


def where(emr: Emr, run_id: str) -> str:
    """Return what a run is called for people."""
    return f"{emr.launcher} job run {emr.home}/{run_id}"


def brief(message: str | None) -> str | None:
    """Return a long receipt without what is long in it, as a pod's termination message has it."""
    try:
        document = json.loads(message or "")
        return json.dumps({key: _short(key, value) for key, value in document.items() if key not in _LONG})
    except (ValueError, AttributeError):
        return message


_LONG = ("inputs", "lineage", "parent", "registered", "settings")


def _short(key: str, value: Any) -> Any:
    if key == "quality" and isinstance(value, dict):
        kept = {name: part for name, part in value.items() if name != "validation"}
        return {**kept, "failed": kept["failed"][:5]} if isinstance(kept.get("failed"), list) else kept
    if key == "timings" and isinstance(value, dict):
        return {name: part for name, part in value.items() if name != "phases"}
    return value[:5] if key == "warnings" and isinstance(value, list) else value


def _exit_code(message: str | None, token: str, job: str) -> int | None:
    """The exit code of which the receipt of this very try tells."""
    try:
        return parse_receipt(message, run_token=token, job=job).exit_code
    except SluiceReceiptError:
        return None


def _without_receipt(run: JobRun, common: Mapping[str, Any]) -> Ending:
    """EMR's own words are all there is."""
    said = " ".join(filter(None, (run.detail, *common["log_tail"])))
    if OUT_OF_MEMORY.search(said):
        return Ending(state=State.FAILED, reason="OOMKilled", detail=run.detail, **common)
    told = EXIT_CODE.search(run.detail or "")
    if told and int(told[1]):
        return Ending(state=State.ENDED, exit_code=int(told[1]), detail=run.detail, **common)
    return _failed(run, common)


def _failed(run: JobRun, common: Mapping[str, Any]) -> Ending:
    return Ending(state=State.FAILED, reason=run.reason, detail=run.detail, **common)
