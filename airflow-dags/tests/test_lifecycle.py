"""The life cycle of a pod as a table: what was seen, and what is done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sluice_airflow.lifecycle import (
    Action,
    Adopt,
    Create,
    Delete,
    Finish,
    GiveUp,
    Limits,
    Look,
    Stage,
    Wait,
    Watch,
    after_refusal,
    after_silence,
    next_action,
)

NEW = Watch(token="mine", began=1000)
MADE = replace(NEW, launches=1)
RAN = replace(MADE, ran=True)
LAST = replace(MADE, launches=3)


def own(stage: Stage, **more: Any) -> Look:
    return Look(stage, token="mine", **more)


def other(stage: Stage, **more: Any) -> Look:
    return Look(stage, token="theirs", **more)


@pytest.mark.parametrize(
    ("look", "watch", "action"),
    [
        pytest.param(Look(Stage.ABSENT), NEW, Create(), id="nothing is there yet"),
        pytest.param(Look(Stage.ABSENT), MADE, Create(), id="deleted before it ran"),
        pytest.param(Look(Stage.ABSENT), RAN, Finish(), id="gone after it ran"),
        pytest.param(Look(Stage.ABSENT), LAST, Finish(), id="deleted too often before it ran"),
        pytest.param(own(Stage.LOST, detail="Evicted"), MADE, Delete("It never started (Evicted)."), id="evicted"),
        pytest.param(own(Stage.LOST), LAST, Finish(), id="evicted too often"),
        pytest.param(own(Stage.LOST), RAN, Finish(), id="lost with its node after it ran"),
        pytest.param(own(Stage.STARTING, hopeless=True), MADE, Finish(), id="an image that is not there"),
        pytest.param(own(Stage.ENDED), MADE, Finish(), id="ended"),
        pytest.param(own(Stage.RUNNING), MADE, Wait(1), id="running"),
        pytest.param(own(Stage.LEAVING), RAN, Wait(1), id="somebody deletes it"),
        pytest.param(other(Stage.RUNNING), NEW, Adopt("theirs"), id="an earlier try runs"),
        pytest.param(other(Stage.UNSCHEDULED), NEW, Adopt("theirs"), id="an earlier try waits for a node"),
        pytest.param(
            other(Stage.RUNNING, same_work=False),
            NEW,
            Delete("An earlier try left it, and it does other work."),
            id="an earlier try does other work",
        ),
        pytest.param(other(Stage.ENDED), NEW, Delete("An earlier try left it."), id="an earlier try has ended unseen"),
        pytest.param(other(Stage.LEAVING), NEW, Wait(1), id="an earlier try is being deleted"),
        pytest.param(other(Stage.RUNNING, same_task=False), NEW, Wait(1), id="another run does the same work"),
        pytest.param(other(Stage.ENDED, same_task=False), NEW, Wait(1), id="another run has not read its end"),
        pytest.param(
            other(Stage.ENDED, same_task=False, settled=True),
            NEW,
            Delete("An earlier try left it."),
            id="another run has kept its pod",
        ),
    ],
)
def test_what_is_done(look: Look, watch: Watch, action: Action) -> None:
    assert next_action(look, watch, Limits(), now=1000)[0] == action


@pytest.mark.parametrize(
    ("look", "limit"),
    [
        (own(Stage.HELD), "admission"),
        (other(Stage.RUNNING, same_task=False), "admission"),
        (own(Stage.UNSCHEDULED), "scheduling"),
        (own(Stage.STARTING), "startup"),
        (own(Stage.LEAVING), "deletion"),
        (own(Stage.RUNNING), "progress"),
        (own(Stage.RUNNING), "execution"),
        (own(Stage.UNSCHEDULED), "execution"),
    ],
)
def test_every_stage_has_its_limit(look: Look, limit: str) -> None:
    off: dict[str, Any] = {"admission": None, "scheduling": None, "startup": None, "deletion": None}
    limits = Limits(**{**off, limit: 60})
    first, watch = next_action(look, MADE, limits, now=1000)
    before, watch = next_action(look, watch, limits, now=1059)
    after, _ = next_action(look, watch, limits, now=1060)

    assert isinstance(first, Wait)
    assert isinstance(before, Wait)
    assert after == GiveUp(limit, 60)


def test_a_pod_that_was_seen_only_when_it_was_deleted_is_not_made_again_within_the_try() -> None:
    _, watch = next_action(own(Stage.LEAVING, started=True), MADE, Limits(), now=1000)

    assert next_action(Look(Stage.ABSENT), watch, Limits(), now=1001)[0] == Finish()


def test_each_stage_begins_its_time_anew() -> None:
    limits = Limits(scheduling=60, startup=60)
    _, watch = next_action(own(Stage.UNSCHEDULED), MADE, limits, now=1000)
    _, watch = next_action(own(Stage.STARTING), watch, limits, now=1050)
    action, _ = next_action(own(Stage.STARTING), watch, limits, now=1100)

    assert isinstance(action, Wait)


def test_a_log_that_grows_is_progress() -> None:
    _, watch = next_action(own(Stage.RUNNING), MADE, Limits(progress=60), now=1000)
    heard = replace(watch, heard=1050)

    assert isinstance(next_action(own(Stage.RUNNING), heard, Limits(progress=60), now=1100)[0], Wait)


def test_it_looks_seldom_at_what_lasts() -> None:
    _, watch = next_action(own(Stage.RUNNING), MADE, Limits(), now=1000)
    pauses = [next_action(own(Stage.RUNNING), watch, Limits(), now=1000 + age)[0] for age in (0, 20, 100, 3600)]

    assert pauses == [Wait(1), Wait(1), Wait(5), Wait(15)]


def test_a_cluster_that_is_silent_may_come_back() -> None:
    limits = Limits(unreachable=600)
    action, watch = after_silence(RAN, limits, now=2000)
    assert isinstance(action, Wait)
    action, watch = after_silence(watch, limits, now=2599)
    assert isinstance(action, Wait)
    assert after_silence(watch, limits, now=2600)[0] == GiveUp("unreachable", 600)

    _, back = next_action(own(Stage.RUNNING), watch, limits, now=2599)
    assert isinstance(after_silence(back, limits, now=3000)[0], Wait), "its time begins anew"


def test_a_refused_pod_is_asked_for_again_and_not_at_once() -> None:
    limits = Limits(admission=600)
    action, watch = next_action(Look(Stage.ABSENT), NEW, limits, now=1000)
    assert action == Create()
    action, watch = after_refusal(watch, limits, 1000, "exceeded quota")
    assert action == Wait(30, "exceeded quota")
    assert watch.launches == 0, "a pod that was never made does not count"

    assert next_action(Look(Stage.ABSENT), watch, limits, now=1010)[0] == Wait(20)
    assert next_action(Look(Stage.ABSENT), watch, limits, now=1030)[0] == Create()
    assert next_action(Look(Stage.ABSENT), watch, limits, now=1600)[0] == GiveUp("admission", 600)


def test_what_a_try_knows_travels_as_json() -> None:
    watch = replace(RAN, stage="running", since=3.5)

    assert Watch.from_json(watch.to_json()) == watch


@pytest.mark.parametrize("limit", [{"startup": 0}, {"progress": -1}, {"launches": 0}])
def test_a_limit_is_a_time(limit: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(limit))):
        Limits(**limit)
