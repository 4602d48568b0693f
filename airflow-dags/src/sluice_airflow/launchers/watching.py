"""One try of a launch, wherever it runs: look, ask the life cycle, do what it says, until there is an end."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from dataclasses import replace

from sluice_airflow._compat import AirflowTaskTimeout
from sluice_airflow.exceptions import SluiceError
from sluice_airflow.lifecycle import (
    Action,
    Adopt,
    Create,
    Delete,
    Finish,
    GiveUp,
    Limits,
    Look,
    Wait,
    Watch,
    after_refusal,
    after_silence,
    next_action,
    not_made,
)
from sluice_airflow.verdict import Ending

log = logging.getLogger("airflow.task.sluice")

#: What was deleted or made is not looked at before that.
MOMENT = 1.0


class Watching(ABC):
    """Watches over what one try has made, or has taken up."""

    #: What is raised when something is wrong with the platform; anything else is a bug and passes.
    troubles: tuple[type[Exception], ...]

    #: Seconds between two looks at least.
    pause = 0.0

    def __init__(self, limits: Limits, watch: Watch):
        self.limits, self.watch = limits, watch
        self._trouble: Exception | None = None
        self._said: str | None = None

    @property
    @abstractmethod
    def name(self) -> str:
        """Return what is watched, for people: ``pod jobs/flights-…``."""

    @abstractmethod
    def look(self) -> Look:
        """Look at what has the name of this work."""

    @abstractmethod
    def create(self) -> None:
        """Make it."""

    @abstractmethod
    def remove(self) -> None:
        """End what was looked at last."""

    @abstractmethod
    def end(self, seen: Ending | None) -> Ending:
        """Return how it ended.

        :param seen: the end that the triggerer has seen, should it be gone by now.
        """

    @abstractmethod
    def give_up(self, action: GiveUp) -> Ending:
        """End it, and return how far it came."""

    @abstractmethod
    def words(self, trouble: Exception) -> str:
        """Return the platform's own sentence."""

    @abstractmethod
    def refusal(self, trouble: Exception) -> SluiceError | None:
        """Return what to raise for trouble that a retry will not change."""

    def is_taken(self, trouble: Exception) -> bool:
        """Return whether it could not be made because somebody was faster."""
        return False

    def is_quota(self, trouble: Exception) -> bool:
        """Return whether it could not be made because there is no room yet."""
        return False

    @abstractmethod
    def prepare_again(self, trouble: Exception) -> None:
        """Do what lets the next look succeed, such as logging in again."""

    @abstractmethod
    def defer(self) -> None:
        """Raise TaskDeferred, where the triggerer is to wait instead."""

    def listen(self) -> bool:
        """Say what the log has gained; return whether there was anything."""
        return False

    def to_its_end(self, seen: Ending | None = None) -> Ending:
        """Return how it ended; ``seen`` as in :meth:`end`."""
        try:
            while True:
                action = self._next()
                if isinstance(action, Create):
                    action = self._create()
                if isinstance(action, Finish):
                    return self.end(seen)
                if isinstance(action, GiveUp):
                    return self.give_up(action)
                self._do(action)
        except AirflowTaskTimeout:
            return self.give_up(GiveUp("execution", time.time() - self.watch.began))

    def _next(self) -> Action:
        try:
            look = self.look()
        except self.troubles as trouble:
            return self._after(trouble, met=bool(self.watch.stage))  # there is one once the platform has answered
        action, self.watch = next_action(look, self.watch, self.limits, time.time())
        return action

    def _create(self) -> Action:
        try:
            self.create()
        except self.troubles as trouble:
            if self.is_quota(trouble):
                action, self.watch = after_refusal(self.watch, self.limits, time.time(), self.words(trouble))
                return action
            self.watch = not_made(self.watch)
            return Wait(MOMENT) if self.is_taken(trouble) else self._after(trouble, met=False)
        log.info("Made %s.", self.name)
        return Wait(MOMENT)

    def _after(self, trouble: Exception, *, met: bool) -> Action:
        """A platform that has never let us in never will; one that has will answer again."""
        if not met and (refusal := self.refusal(trouble)):
            raise refusal from None
        self.prepare_again(trouble)
        self._trouble = trouble
        action, self.watch = after_silence(self.watch, self.limits, time.time())
        return replace(action, reason=self.words(trouble)) if isinstance(action, Wait) else action

    def _do(self, action: Action) -> None:
        if isinstance(action, Adopt):
            log.info("Taking up %s, which an earlier try left running.", self.name)
        elif isinstance(action, Delete):
            log.info("Deleting %s: %s", self.name, action.why)
            self.remove()
            time.sleep(MOMENT)
        elif isinstance(action, Wait):
            self._wait(action)

    def _wait(self, action: Wait) -> None:
        if action.reason and action.reason != self._said:
            log.info("Waiting for %s: %s", self.name, action.reason)
            self._said = action.reason
        self.defer()
        self.listen()
        time.sleep(max(action.seconds, self.pause))
