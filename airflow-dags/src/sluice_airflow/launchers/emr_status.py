"""What a job run of EMR says of itself as plain values: how far it is, and how it ended.

EMR brings no file back, and hardly an exit code. What proves the result is the message that the job has left in S3,
and that EMR says the same of the run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sluice_airflow.lifecycle import Look, Stage
from sluice_airflow.verdict import Ending, State

if TYPE_CHECKING:
    from sluice_airflow.launchers.emr_api import Emr, JobRun, Place
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
    emr: Emr, run: JobRun, wanted: EmrJob, token: str, message: str | None = None, tail: Sequence[str] = ()
) -> Ending:
    """Return how a run ended, or how far it came.

    :param message: what lies where the job was asked to leave its termination message.
    """
    common: dict[str, Any] = {
        "where": where(emr, run.id),
        "run_token": token,
        "message": message,
        "image": wanted.image,
        "memory_limit": wanted.memory,
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
    code = _exit_code(message, token)
    if code is None:
        return _without_receipt(run, common)
    return Ending(state=State.ENDED, exit_code=code, detail=run.detail, **common) if code else _failed(run, common)


def where(place: Emr | Place, run_id: str) -> str:
    """Return what a run is called for people."""
    return f"{place.launcher} job run {place.home}/{run_id}"


def _exit_code(message: str | None, token: str) -> int | None:
    """The exit code of which the message of this very try tells."""
    try:
        document = json.loads(message or "")
    except ValueError:
        return None
    own = isinstance(document, dict) and document.get("run_token") == token
    return document["exit_code"] if own and type(document.get("exit_code")) is int else None


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
