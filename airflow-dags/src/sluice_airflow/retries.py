"""What a retry does otherwise: more memory after a death for memory, and a delay that fits the failure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sluice_airflow.exceptions import SluiceConfigError

if TYPE_CHECKING:
    from airflow.sdk import Context

UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}

#: Where Airflow 3.3 and newer keep, over the retries of a task, how often it has died for memory.
DEATHS = "sluice_out_of_memory"


@dataclass(frozen=True)
class MemoryEscalation:
    """More memory for each try after one that was killed for memory.

    :param factor: what the memory is multiplied with each time.
    :param cap: what it never exceeds, e.g. ``"16Gi"``.
    """

    factor: float = 1.5
    cap: str = "16Gi"

    def __post_init__(self) -> None:
        if self.factor <= 1:
            raise SluiceConfigError(
                f"Cannot escalate memory by {self.factor}: it would not become more. Give a factor above 1."
            )
        bytes_of(self.cap)

    def memory(self, declared: str, times: int) -> str:
        """Return what a try has after so many deaths, in Kubernetes' spelling; never less than declared."""
        base = bytes_of(declared)
        more = min(base * self.factor**times, max(bytes_of(self.cap), base))
        return declared if times <= 0 or more <= base else f"{math.floor(more / 2**20)}Mi"


def bytes_of(quantity: str) -> float:
    """Return a quantity of memory or disk such as ``2Gi`` in bytes."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([kMGT]|[KMGT]i|)", quantity)
    if match is None:
        raise SluiceConfigError(f"Cannot read '{quantity}': it is no number of bytes. Write it as 2Gi or 1500Mi.")
    return float(match[1]) * UNITS[match[2]]


def deaths(context: Context, retries: int) -> int:
    """Return how often this task has died for memory since it was last cleared.

    Before Airflow 3.3 nobody keeps that over a retry, and every retry counts.
    """
    store: Any = context.get("task_state_store")
    if store is not None:
        return int(store.get(DEATHS) or 0)
    ti = context["ti"]
    tries_before_the_clearing = max((getattr(ti, "max_tries", None) or retries) - retries, 0)
    return max(ti.try_number - 1 - tries_before_the_clearing, 0)


def count_death(context: Context) -> None:
    """Remember that the task has died for memory, where Airflow can."""
    store: Any = context.get("task_state_store")
    if store is not None:
        store.set(DEATHS, int(store.get(DEATHS) or 0) + 1)


def retry_policy(*, settle: timedelta = timedelta(seconds=30), recover: timedelta = timedelta(minutes=5)) -> Any:
    """Return a retry policy for Airflow 3.3 and newer.

    What another try settles by itself is tried again soon, what has to recover first later. What no retry cures
    fails at once in every Airflow, with or without a policy.

    :param settle: the delay after an unknown commit, a conflict, a doubtful receipt or a death for memory.
    :param recover: the delay after a failure of the cluster, the catalog or a source.
    """
    try:
        from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule
    except ImportError:
        raise SluiceConfigError(
            "Cannot make a retry policy: this Airflow has none. Use Airflow 3.3 or newer, or the task's retry_delay."
        ) from None
    home = "sluice_airflow.exceptions."
    soon = ("SluiceCommitUnknown", "SluiceConflict", "SluiceReceiptError", "SluiceOutOfMemory", "SluiceTerminated")
    later = ("SluiceInfrastructureError", "SluiceSourceError")
    return ExceptionRetryPolicy(
        rules=[
            RetryRule(exception=[home + name for name in names], action=RetryAction.RETRY, retry_delay=delay)
            for names, delay in ((soon, settle), (later, recover))
        ]
    )
