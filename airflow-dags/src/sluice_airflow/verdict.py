"""The verdict: how a container ended plus what its receipt says gives a result or one precise exception.

Pure functions over plain values; nothing here knows Kubernetes or a process. Success needs positive evidence:
exit code 0 *and* a receipt of this very run *and* a published status. Everything else is red.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any

from sluice_airflow.exceptions import (
    SluiceCommitUnknown,
    SluiceConfigError,
    SluiceConflict,
    SluiceContractError,
    SluiceDataError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceJobError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceSourceError,
    SluiceTerminated,
    SluiceTimeout,
)
from sluice_airflow.receipt import JobError, Receipt, disagreement, parse_receipt
from sluice_airflow.retries import MemoryEscalation, bytes_of
from sluice_airflow.summary import failure_text


class State(Enum):
    """What was last seen of a container."""

    ENDED = "ended"  # it has an exit code
    RUNNING = "running"  # it was given up while running
    NOT_STARTED = "not started"  # it never ran
    GONE = "gone"  # it cannot be found any more
    FAILED = "failed"  # the platform says so, and knows no exit code


@dataclass(frozen=True)
class Ending:
    """How one container or process ended: all that the verdict needs to know."""

    state: State
    where: str  #: for people: ``pod airflow/flights-…`` or ``process 4711``
    run_token: str  #: the token that this container was given
    exit_code: int | None = None
    message: str | None = None  #: the termination message
    reason: str | None = None  #: the platform's word: ``OOMKilled``, ``ErrImagePull``, ``Evicted``
    detail: str | None = None  #: the platform's sentence that goes with it
    interrupted: bool = False  #: somebody deleted it, or the platform took it away
    image: str | None = None
    memory_limit: str | None = None
    log_tail: tuple[str, ...] = ()
    limit: tuple[str, float] | None = None  #: the time limit at which it was given up, and its seconds

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the event of a trigger."""
        return {**asdict(self), "state": self.state.value, "log_tail": list(self.log_tail), "limit": None}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Ending:
        """Read what :meth:`to_json` wrote."""
        return cls(**{**values, "state": State(values["state"]), "log_tail": tuple(values["log_tail"])})


@dataclass(frozen=True)
class Outcome:
    """How a job has ended and what its receipt says, read once for all who ask."""

    job: str
    ending: Ending
    receipt: Receipt | None = None
    doubt: SluiceReceiptError | None = None  #: why what was left is no receipt of this run
    copy: str | None = None  #: where a copy of the long receipt was asked for

    @classmethod
    def of(cls, ending: Ending, *, job: str, copy: str | None = None) -> Outcome:
        """Read the receipt, which may be none."""
        if ending.state is not State.ENDED and not ending.message:
            return cls(job, ending, copy=copy)
        try:
            receipt = parse_receipt(ending.message, run_token=ending.run_token, job=job)
        except SluiceReceiptError as doubt:
            return cls(job, ending, doubt=doubt, copy=copy)
        return cls(job, ending, receipt, copy=copy)


@dataclass(frozen=True)
class Cause:
    """Why a job failed: the exception to raise, the reason and what to do next."""

    error: type[SluiceError]
    reason: str
    advice: str
    verb: str = "finish"
    told: JobError | None = None  #: the job's own account, where it is the best one


def judge(outcome: Outcome) -> Receipt:
    """Return the receipt of a run that published its data, or raise what is wrong with the run."""
    error = outcome.receipt.error if outcome.receipt else None
    cause = _cause(outcome.ending, error, outcome.receipt, outcome.doubt)
    if cause is None:
        assert outcome.receipt is not None  # noqa: S101 - no cause means that there is a receipt
        return outcome.receipt
    raise cause.error(failure_text(outcome.job, cause, outcome.ending, outcome.receipt))


def failure_without_receipt(ending: Ending, error: JobError | None = None) -> Cause | None:
    """Return why a command failed that leaves no receipt; None after exit code 0, whatever that proves.

    :param error: what the command itself says went wrong.
    """
    if ending.exit_code == HEAP_EXHAUSTED and error is None:  # else the image has said why it refuses
        return Cause(SluiceOutOfMemory, "the JVM ran out of heap", "Raise the job's memory.")
    return None if ending.exit_code == 0 else _cause(ending, error)


def _cause(
    ending: Ending, error: JobError | None, receipt: Receipt | None = None, doubt: SluiceReceiptError | None = None
) -> Cause | None:
    """Ask the questions in order; the first that has an answer decides."""
    questions: tuple[Callable[[], Cause | None], ...] = (
        lambda: _over_limit(ending),
        lambda: _never_ended(ending),
        lambda: _bad_start(ending),
        lambda: _out_of_memory(ending, error, receipt),
        lambda: _interrupted(ending),
        lambda: _failed_without_exit_code(ending, receipt),
        lambda: _unproven_success(ending, receipt, doubt),
        lambda: _failed(ending, error, receipt),
    )
    for question in questions:
        if cause := question():
            return cause
    return None


#: What was waited for, and what to look at.
LIMITS: Mapping[str, tuple[str, str]] = {
    "admission": ("was not let into the cluster", "Look at the quota, and at who does the same work meanwhile."),
    "scheduling": ("found no node", "See that the cluster has room for the job's resources."),
    "startup": ("did not start", "Look at the image's size, the registry and the pod's volumes."),
    "execution": ("did not end", "Raise execution_timeout, or let the job do less in one run."),
    "progress": ("said nothing new", "Look at the last lines; the next try runs again."),
    "deletion": ("was deleted and did not go", "Its node may be lost: look at the cluster."),
    "unreachable": ("could not be seen: the cluster did not answer", "See that the cluster answers; the pod goes on."),
}


def _over_limit(ending: Ending) -> Cause | None:
    if ending.limit is None:
        return None
    name, seconds = ending.limit
    what, advice = LIMITS[name]
    why = ": ".join(filter(None, (ending.reason, ending.detail)))
    return Cause(
        SluiceTimeout,
        f"{ending.where} {what} within {seconds:.0f} s" + (f" ({why.rstrip('.')})" if why else ""),
        advice,
        verb="start" if name in ("admission", "scheduling", "startup") else "finish",
    )


def _never_ended(ending: Ending) -> Cause | None:
    if ending.state is State.GONE:
        return Cause(
            SluiceInfrastructureError,
            f"{ending.where} is gone and took its result with it" + (f" ({ending.detail})" if ending.detail else ""),
            "It was deleted, or its node was lost. The next try runs again and finds out from the ledger "
            "what was published.",
        )
    if ending.state is State.RUNNING and not ending.interrupted:
        return Cause(
            SluiceInfrastructureError,
            f"{ending.where} was given up while it was running: {ending.detail or 'no end was seen'}",
            "Look at the cluster and at the task's time limits.",
        )
    if ending.state is State.NOT_STARTED:
        return _not_started(ending)
    return None


IMAGE_REASONS = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"}
)

#: What registries say when no retry will help.
IMAGE_IS_WRONG = (
    "not found",
    "manifest unknown",
    "name unknown",
    "does not exist",
    "unauthorized",
    "authentication required",
    "denied",
    "forbidden",
    "invalid reference",
    "couldn't parse image",
    "no match for platform",
    "not present with pull policy",
)

CONTAINER_IS_WRONG = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})


def is_hopeless(reason: str | None, detail: str | None) -> bool:
    """Return whether a container that waits for this reason will wait for ever."""
    if reason in ("InvalidImageName", "ErrImageNeverPull") or reason in CONTAINER_IS_WRONG:
        return True
    return reason in IMAGE_REASONS and any(words in (detail or "").lower() for words in IMAGE_IS_WRONG)


def _not_started(ending: Ending) -> Cause:
    detail = ending.detail or "no reason was given"
    reason = ending.reason or "no container started"
    if ending.reason in IMAGE_REASONS:
        return Cause(
            SluiceConfigError if is_hopeless(reason, detail) else SluiceInfrastructureError,
            f"image {ending.image} cannot be pulled ({reason}): {detail}",
            "Push the image, or correct it in the manifest, the connection or the operator.",
            verb="start",
        )
    if ending.reason in CONTAINER_IS_WRONG:
        return Cause(
            SluiceConfigError,
            f"{ending.where} cannot be set up ({reason}): {detail}",
            "Create the secret, volume or account that it names, or correct the connection.",
            verb="start",
        )
    return Cause(
        SluiceInfrastructureError,
        f"{ending.where} did not start ({reason}): {detail}",
        "See that the cluster has room for the job's resources.",
        verb="start",
    )


def _bad_start(ending: Ending) -> Cause | None:
    if ending.reason not in ("StartError", "ContainerCannotRun"):
        return None
    return Cause(
        SluiceConfigError,
        f"the container of image {ending.image} cannot run ({ending.reason}): {ending.detail or ending.message}",
        "Check that the image is a Sluice image for this machine's architecture.",
        verb="start",
    )


HEAP_EXHAUSTED = 3  # the JVM's own exit code under -XX:+ExitOnOutOfMemoryError; the gate's is the same


def _out_of_memory(ending: Ending, error: JobError | None, receipt: Receipt | None) -> Cause | None:
    killed = ending.reason == "OOMKilled" or (ending.exit_code == 137 and not ending.interrupted)
    limit = f" (now {ending.memory_limit})" if ending.memory_limit else ""
    if killed and error is not None:  # it could still say whose memory it was: its own, or an executor's
        more = f"Raise the job's memory{limit}, or that of the executor that it names."
        return Cause(SluiceOutOfMemory, "it ran out of memory", more, told=error)
    if killed:
        return Cause(
            SluiceOutOfMemory,
            "it was killed for memory",
            f"Raise the job's memory{limit}{_proposal(ending.memory_limit)}, or let it read less in one run.",
        )
    if ending.exit_code == HEAP_EXHAUSTED and receipt is not None and receipt.status == "RUNNING":
        return Cause(
            SluiceOutOfMemory,
            "the JVM ran out of heap",
            "Raise the job's memory, of which the heap is a share, or let it read less in one run.",
        )
    return None


def _proposal(limit: str | None) -> str:
    """Half as much again, which is what a run proposes that can still say so."""
    try:
        return f" to {math.floor(bytes_of(limit) * MemoryEscalation.factor / 2**20)}Mi" if limit else ""
    except SluiceConfigError:  # a platform's own way to write it
        return ""


def _interrupted(ending: Ending) -> Cause | None:
    if not ending.interrupted or ending.exit_code == 0:
        return None
    reason = None if ending.reason == "Error" else ending.reason
    why = ": ".join(filter(None, (reason, ending.detail)))
    return Cause(
        SluiceInfrastructureError,
        f"{ending.where} was deleted, evicted or killed while it was running" + (f" ({why})" if why else ""),
        "Nothing was half published; the next try runs again.",
    )


def _failed_without_exit_code(ending: Ending, receipt: Receipt | None) -> Cause | None:
    if ending.state is not State.FAILED:
        return None
    why = ": ".join(filter(None, (ending.reason, ending.detail)))
    if receipt is not None and receipt.published:
        return Cause(
            SluiceReceiptError,
            f"{ending.where} has failed ({why.rstrip('.')}), but its receipt says {receipt.status}",
            "The result is not known; the next try finds out from the ledger.",
        )
    return Cause(
        SluiceConfigError if ending.reason == "VALIDATION_ERROR" else SluiceInfrastructureError,
        f"{ending.where} has failed and left no receipt" + (f" ({why.rstrip('.')})" if why else ""),
        "Look at its log. The next try runs again and finds out from the ledger what was published.",
    )


def _unproven_success(ending: Ending, receipt: Receipt | None, doubt: SluiceReceiptError | None) -> Cause | None:
    if receipt is None:
        if ending.exit_code != 0:
            return None
        return Cause(
            SluiceReceiptError,
            "it ended with exit code 0, but that is no proof",
            str(doubt),
        )
    assert ending.exit_code is not None  # noqa: S101 - the states without one were answered before
    contradiction = disagreement(receipt, ending.exit_code)
    if contradiction and (ending.exit_code == 0 or receipt.published):
        return Cause(
            SluiceReceiptError,
            contradiction,
            "The result is not known; the next try finds out from the ledger.",
        )
    return None


#: What the exit codes of the command line mean; the error's kind in the receipt is more precise for 2, 70 and 75.
BY_EXIT_CODE: dict[int, Cause] = {
    2: Cause(SluiceConfigError, "its configuration is wrong", "Correct the settings or the connection."),
    3: Cause(SluiceDataError, "the gate refused the rows", "Look at the failed expectations and the rows."),
    4: Cause(SluiceDataError, "too many input records are bad", "Look at the source's bad records."),
    5: Cause(
        SluiceCommitUnknown,
        "the outcome of the commit is unknown",
        "The next try reads the ledger and settles it.",
    ),
    6: Cause(SluiceConflict, "another writer changed the table meanwhile", "The next try runs on its state."),
    70: Cause(SluiceJobError, "the job's own code failed", "Correct the job; the stack names the line."),
    75: Cause(SluiceInfrastructureError, "something it needs failed for the moment", "The next try may do."),
    143: Cause(SluiceTerminated, "it was told to stop", "Nothing was published; the next try runs again."),
}

BY_KIND: dict[str, type[SluiceError]] = {
    "CONFIG": SluiceConfigError,
    "CONTRACT": SluiceContractError,
    "DATA": SluiceDataError,
    "SOURCE": SluiceSourceError,
    "INFRA": SluiceInfrastructureError,
    "BUG": SluiceJobError,
}

#: Where the kind says better than the exit code what is wrong.
KIND_CAUSES: dict[str, tuple[str, str]] = {
    "CONTRACT": ("an input is not what the job declares", "Correct the input, or the declaration."),
}

#: These codes say more than any kind: they are about the commit and the kill, not about an error of the job.
DECISIVE = frozenset({5, 6, 143})


#: A range that was told to stop has published what it had done by then.
STOPPED_RANGE = "What is committed stays; the next try does the rest."


def _failed(ending: Ending, error: JobError | None, receipt: Receipt | None) -> Cause | None:
    code = ending.exit_code
    if code is None or code == 0:
        return None
    cause = BY_EXIT_CODE.get(code) or _unknown_exit_code(code)
    if cause.error is SluiceTerminated and receipt is not None and receipt.range is not None:
        cause = replace(cause, advice=STOPPED_RANGE)
    if error is None:
        return cause
    kind = cause.error if code in DECISIVE else BY_KIND.get(error.kind, cause.error)
    reason, advice = KIND_CAUSES.get(error.kind, (cause.reason, cause.advice))
    return replace(cause, error=kind, told=error, reason=reason, advice=advice)


def _unknown_exit_code(code: int) -> Cause:
    if code > 128:
        return Cause(
            SluiceInfrastructureError,
            f"it was ended by signal {code - 128}",
            "Look at the log for the JVM's last words.",
        )
    return Cause(
        SluiceJobError,
        f"it ended with exit code {code}, which is none of Sluice's",
        "Look at the log: most likely the JVM did not start, or the image is not a Sluice image.",
    )
