"""The life of a job's pod: from what was seen of it to what is done next.

One pure function serves the worker that waits by itself and the triggerer that waits for it, so that the two cannot
differ. It knows no Kubernetes client and no clock: what was seen and what time it is are told to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any


class Stage(Enum):
    """How far the pod of a piece of work has come."""

    ABSENT = "absent"  # there is none
    HELD = "held"  # a quota or a scheduling gate holds it back
    UNSCHEDULED = "unscheduled"  # no node has it
    STARTING = "starting"  # a node pulls its image and sets it up
    RUNNING = "running"
    LEAVING = "leaving"  # somebody deletes it, and it has not ended yet
    LOST = "lost"  # it is over, and its container never ran
    ENDED = "ended"  # its container has ended


@dataclass(frozen=True)
class Look:
    """One look at the pod that has the name of this work."""

    stage: Stage
    token: str | None = None  #: run token of the pod that was found
    same_task: bool = True  #: it was made for this very task instance
    same_work: bool = True  #: it runs the image and the command that are wanted
    settled: bool = False  #: whoever made it has read its end
    hopeless: bool = False  #: it will never start, however long one waits
    started: bool = False  #: its container has started, whatever has become of it
    detail: str | None = None  #: the cluster's words

    @property
    def over(self) -> bool:
        """Whether nothing more will be heard of it."""
        return self.stage in (Stage.LOST, Stage.ENDED)


@dataclass(frozen=True)
class Limits:
    """How long each stage may last, in seconds; None is for ever."""

    admission: float | None = 3600  #: until a quota, a gate or another run of the same work lets it in
    scheduling: float | None = 600  #: until a node has it
    startup: float | None = 600  #: until its container runs
    execution: float | None = None  #: of the whole task
    progress: float | None = None  #: without a new line in its log
    deletion: float | None = 300  #: until a deleted pod has gone
    unreachable: float | None = 600  #: without an answer of the cluster
    launches: int = 3  #: pods that one try may make, since some never start

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value is not None and value <= 0:
                raise ValueError(f"{name} is {value}")

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a trigger."""
        return asdict(self)


@dataclass(frozen=True)
class Watch:
    """What one try knows of its pod; it travels between worker and triggerer as JSON."""

    token: str  #: run token of the pod that is watched
    began: float  #: when the try began, in seconds since 1970 as all times here
    stage: str = ""  #: what is waited for, and since when
    since: float = 0
    launches: int = 0  #: pods made by this try
    ran: bool = False  #: its container was seen running
    held_until: float = 0  #: when creation is tried again that a quota has refused
    refusal: str | None = None  #: what the quota said
    heard: float = 0  #: when its log last grew
    unanswered: float = 0  #: since when the cluster does not answer; 0: it does

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a trigger."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Watch:
        """Read what :meth:`to_json` wrote."""
        return cls(**values)


@dataclass(frozen=True)
class Create:
    """Make the pod."""


@dataclass(frozen=True)
class Adopt:
    """Watch the pod that an earlier try of this task has left running."""

    token: str


@dataclass(frozen=True)
class Delete:
    """Delete the pod that was found, and look again."""

    why: str


@dataclass(frozen=True)
class Wait:
    """Look again after some seconds."""

    seconds: float
    reason: str | None = None  #: what people should know of a wait that may be long


@dataclass(frozen=True)
class Finish:
    """It is over: judge what was seen."""


@dataclass(frozen=True)
class GiveUp:
    """A limit is reached: delete the pod and say so."""

    limit: str
    seconds: float


Action = Create | Adopt | Delete | Wait | Finish | GiveUp

#: What each stage waits for.
ROOMS = {
    Stage.ABSENT: "admission",
    Stage.HELD: "admission",
    Stage.UNSCHEDULED: "scheduling",
    Stage.STARTING: "startup",
    Stage.RUNNING: "running",
    Stage.LEAVING: "deletion",
}

QUICK, SLOW = 1.0, 15.0
HELD_SECONDS = 30.0


def next_action(look: Look, watch: Watch, limits: Limits, now: float) -> tuple[Action, Watch]:
    """Return what to do about a pod that was looked at, and what to remember."""
    watch = replace(watch, unanswered=0)
    if look.stage is Stage.ABSENT:
        return _absent(watch, limits, now)
    if look.token != watch.token:
        return _of_another(look, watch, limits, now)
    return _own(look, watch, limits, now)


def after_silence(watch: Watch, limits: Limits, now: float) -> tuple[Action, Watch]:
    """Return what to do when the cluster does not answer: it may come back, and the pod does not need it."""
    watch = replace(watch, unanswered=watch.unanswered or now)
    return _within(limits, "unreachable", watch.unanswered, now) or Wait(_pause(watch.unanswered, now)), watch


def after_refusal(watch: Watch, limits: Limits, now: float, reason: str) -> tuple[Action, Watch]:
    """Return what to do when a quota has refused the pod: there will be room again."""
    watch = replace(_in(not_made(watch), "admission", now), held_until=now + HELD_SECONDS, refusal=reason)
    return _within(limits, "admission", watch.since, now) or Wait(HELD_SECONDS, reason), watch


def not_made(watch: Watch) -> Watch:
    """Return what is known once a pod could not be made after all."""
    return replace(watch, launches=watch.launches - 1)


def _absent(watch: Watch, limits: Limits, now: float) -> tuple[Action, Watch]:
    if watch.ran or watch.launches >= limits.launches:
        return Finish(), watch
    watch = _in(watch, "admission", now)
    if over := _within(limits, "admission", watch.since, now) or _execution(watch, limits, now):
        return over, watch
    if now < watch.held_until:
        return Wait(watch.held_until - now), watch
    return Create(), replace(watch, launches=watch.launches + 1)


def _of_another(look: Look, watch: Watch, limits: Limits, now: float) -> tuple[Action, Watch]:
    watch = _in(watch, "admission", now)
    if look.same_task or look.settled:
        if look.over:
            return Delete("An earlier try left it."), watch
        if look.stage is not Stage.LEAVING:
            if look.same_work and look.token:
                return Adopt(look.token), replace(watch, token=look.token, ran=_has_run(look, watch), launches=1)
            return Delete("An earlier try left it, and it does other work."), watch
    over = _within(limits, "admission", watch.since, now) or _execution(watch, limits, now)
    return over or Wait(_pause(watch.since, now), look.detail), watch


def _own(look: Look, watch: Watch, limits: Limits, now: float) -> tuple[Action, Watch]:
    watch = replace(watch, ran=_has_run(look, watch))
    if look.stage is Stage.ENDED or look.hopeless:
        return Finish(), watch
    if look.stage is Stage.LOST:
        again = not watch.ran and watch.launches < limits.launches
        return Delete(f"It never started ({look.detail or 'no reason was given'}).") if again else Finish(), watch
    watch = _in(watch, ROOMS[look.stage], now)
    if look.stage is Stage.RUNNING:
        watch = replace(watch, heard=max(watch.heard, watch.since))
        silent = _within(limits, "progress", watch.heard, now)
    else:
        silent = _within(limits, watch.stage, watch.since, now)
    return silent or _execution(watch, limits, now) or Wait(_pause(watch.since, now), look.detail), watch


def _has_run(look: Look, watch: Watch) -> bool:
    return watch.ran or look.started or look.stage is Stage.RUNNING


def _in(watch: Watch, room: str, now: float) -> Watch:
    return watch if watch.stage == room else replace(watch, stage=room, since=now)


def _within(limits: Limits, name: str, since: float, now: float) -> GiveUp | None:
    seconds = getattr(limits, name, None)
    return GiveUp(name, seconds) if seconds is not None and now - since >= seconds else None


def _execution(watch: Watch, limits: Limits, now: float) -> GiveUp | None:
    return _within(limits, "execution", watch.began, now)


def _pause(since: float, now: float) -> float:
    """Look often at what has just begun and seldom at what has lasted: a twentieth of its time is lost at most."""
    return min(max((now - since) / 20, QUICK), SLOW)
