"""What a trigger does when its task is killed while deferred, in every Airflow."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from airflow.triggers.base import BaseTrigger
from airflow.utils.state import TaskInstanceState
from asgiref.sync import sync_to_async


class KilledWhileDeferred(BaseTrigger):
    """Ends what the task has made, where Airflow does not call ``on_kill`` (< 3.3) as well."""

    _fired_event = False  #: whether the worker has been told to go on

    @abstractmethod
    async def on_kill(self) -> None:
        """End what the task has made."""

    async def cleanup(self) -> None:
        """End it if the task was killed; a triggerer that is only restarted leaves its tasks deferred."""
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
