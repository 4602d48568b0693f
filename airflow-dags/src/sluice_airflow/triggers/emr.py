"""The trigger of a job run of EMR: waits in the triggerer as the worker would, and leaves all else to the worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from airflow.triggers.base import TriggerEvent
from asgiref.sync import sync_to_async

from sluice_airflow.launchers.emr_api import HOPELESS, TROUBLE, Emr, JobRun, Place, aws_message
from sluice_airflow.launchers.emr_status import look_at
from sluice_airflow.lifecycle import Action, Limits, Stage, Wait, Watch, after_silence, next_action
from sluice_airflow.triggers.job import JobTrigger

#: How often a run is looked at, at most: an account has few calls a second, and all triggers share them.
PAUSE = 5.0


@lru_cache(maxsize=64)
def shared_emr(place: Place) -> Emr:
    """Return the client that all triggers of a place share; its threads may do so."""
    return place.emr()


class JobRunTrigger(JobTrigger):
    """Waits until something has to be done about a job run, and tells the worker what is known.

    The client knows no event loop, so it is asked in threads of the triggerer.

    :param place: :class:`Place` as plain values.
    :param name: of the work.
    :param for_task: what tells the task instance from others.
    :param run_id: of this try's own run, once it is known.
    :param limits: :class:`Limits` as plain values.
    :param watch: :class:`Watch` as plain values.
    """

    def __init__(
        self,
        *,
        place: Mapping[str, Any],
        name: str,
        for_task: str,
        run_id: str | None,
        limits: Mapping[str, Any],
        watch: Mapping[str, Any],
    ):
        super().__init__()  # type: ignore[no-untyped-call]
        self.place = Place(**place)
        self.name = name
        self.for_task = for_task
        self.run_id = run_id
        self.limits = Limits(**limits)
        self.watch = Watch.from_json(watch)

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the trigger as Airflow stores it: names and counts, no credentials."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "place": self.place.to_json(),
                "name": self.name,
                "for_task": self.for_task,
                "run_id": self.run_id,
                "limits": self.limits.to_json(),
                "watch": self.watch.to_json(),
            },
        )

    async def until_something_is_to_do(self) -> TriggerEvent:
        """Look at the job run until there is more to do than to wait."""
        while True:
            try:
                action = await self._next()
            except HOPELESS as trouble:  # the worker may have the credentials that the triggerer has not
                return self._event(blind=aws_message(trouble)[:200])
            if not isinstance(action, Wait):
                return self._event()
            await asyncio.sleep(max(action.seconds, PAUSE))

    async def _next(self) -> Action:
        try:
            run, stages = await sync_to_async(self._see, thread_sensitive=False)()
        except HOPELESS:
            raise
        except TROUBLE as trouble:
            self.log.info("AWS does not answer: %s", aws_message(trouble))
            shared_emr.cache_clear()  # the credentials may have expired
            action, self.watch = after_silence(self.watch, self.limits, time.time())
            return action
        look = look_at(run, stages, task=self.for_task, own=self.watch.token if self.run_id else None)
        action, watch = next_action(look, self.watch, self.limits, time.time())
        if isinstance(action, Wait):  # all else is the worker's, who looks again
            self.watch = watch
        return action

    def _see(self) -> tuple[JobRun | None, Mapping[str, Stage]]:
        emr = shared_emr(self.place)
        run, self.run_id = emr.see(self.name, self.watch.token, self.run_id)
        return run, emr.stages

    def _event(self, *, blind: str | None = None) -> TriggerEvent:
        return TriggerEvent(  # type: ignore[no-untyped-call]
            {"watch": self.watch.to_json(), "run_id": self.run_id, "blind": blind}
        )

    async def on_kill(self) -> None:
        """Cancel this try's own run; while another run does the work there is none."""
        await sync_to_async(self._cancel, thread_sensitive=False)()

    def _cancel(self) -> None:
        self._see()
        if self.run_id is not None:
            shared_emr(self.place).cancel(self.run_id)
