"""What the triggers of all launchers do alike, in every Airflow: when a task goes on, and what its kill ends."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from airflow.utils.state import TaskInstanceState
from asgiref.sync import sync_to_async

from sluice_airflow._compat import conf

#: How long the scheduler needs, in seconds, to deal with what its executor tells it.
SCHEDULER_SECONDS = 2


def settling_seconds() -> int:
    """Return how long a task has to stay deferred.

    Airflow fails a task that is at work again when it hears that the worker which has deferred it has ended
    (apache/airflow#72716), and leaves its pod behind. A worker's supervisor may miss that end for a heartbeat.
    """
    return conf.getint("workers", "min_heartbeat_interval", fallback=5) + SCHEDULER_SECONDS


class JobTrigger(BaseTrigger):
    """Lets the task go on when there is something to do, and ends what a killed task has made."""

    _fired_event = False  #: whether the worker has been told to go on

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait until there is more to do than to wait, and until Airflow knows that the task is deferred."""
        settled = time.time() + settling_seconds()
        event = await self.until_something_is_to_do()
        await asyncio.sleep(max(0.0, settled - time.time()))
        self._fired_event = True
        yield event

    @abstractmethod
    async def until_something_is_to_do(self) -> TriggerEvent:
        """Wait as the launcher would, and return what is known."""

    @abstractmethod
    async def on_kill(self) -> None:
        """End what the task has made."""

    async def cleanup(self) -> None:
        """End it if the task was killed and Airflow (< 3.3) does not call ``on_kill``; others are still deferred."""
        if hasattr(BaseTrigger, "on_kill") or self._fired_event:
            return
        try:
            state = await self.get_task_state()
        except Exception:  # nobody knows: it stays, and its deadline ends it
            return
        if state != TaskInstanceState.DEFERRED:
            await self.on_kill()

    async def get_task_state(self) -> str:
        """Ask Airflow for the task's state."""
        from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

        ti: Any = self.task_instance
        answer = await sync_to_async(RuntimeTaskInstance.get_task_states)(
            dag_id=ti.dag_id, task_ids=[ti.task_id], run_ids=[ti.run_id], map_index=ti.map_index
        )
        states = answer[ti.run_id]
        return str(states[f"{ti.task_id}_{ti.map_index}" if ti.map_index >= 0 else ti.task_id])
