"""What a retry does otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import RUNNING, clock, cluster, mode, operator, pod_connection, run, says
from sluice_airflow.exceptions import SluiceConfigError, SluiceConflict, SluiceError, SluiceInfrastructureError
from sluice_airflow.retries import MemoryEscalation, retry_policy
from sluice_airflow.testing import cluster as fake

__all__ = ["clock", "cluster", "mode", "pod_connection"]


@pytest.mark.parametrize(("times", "memory"), [(0, "2Gi"), (1, "3072Mi"), (2, "4608Mi"), (3, "5120Mi"), (9, "5120Mi")])
def test_memory_grows_up_to_its_cap(times: int, memory: str) -> None:
    assert MemoryEscalation(cap="5Gi").memory("2Gi", times) == memory


def test_a_cap_below_what_is_declared_takes_nothing_away() -> None:
    assert MemoryEscalation(cap="1Gi").memory("2Gi", 3) == "2Gi"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"factor": 1}, "Cannot escalate memory by 1: it would not become more. Give a factor above 1."),
        ({"cap": "much"}, "Cannot read 'much': it is no number of bytes. Write it as 2Gi or 1500Mi."),
    ],
)
def test_what_is_no_escalation(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SluiceConfigError) as error:
        MemoryEscalation(**arguments)

    assert str(error.value) == message


def memory_of(made: fake.Cluster) -> list[str]:
    return [pod.spec.containers[0].resources.limits["memory"] for pod in made.created]


def test_a_try_after_a_death_for_memory_has_more(
    mode: str, flights: Path, cluster: Callable[..., fake.Cluster]
) -> None:
    made = cluster()
    killed = fake.ended(137, RUNNING, reason="OOMKilled")
    made.stages = [fake.first_life(made, killed, fake.ended(0, says()))]
    store: dict[str, Any] = {}
    task = operator(flights, mode, memory_escalation=MemoryEscalation())

    with pytest.raises(SluiceError):
        run(task, {**context(), "task_state_store": Store(store)})
    run(task, {**context(try_number=2), "task_state_store": Store(store)})

    assert memory_of(made) == ["2Gi", "3072Mi"]


def test_other_failures_need_no_more_memory(mode: str, flights: Path, cluster: Callable[..., fake.Cluster]) -> None:
    made = cluster()
    made.stages = [fake.first_life(made, fake.ended(75), fake.ended(0, says()))]
    store: dict[str, Any] = {}
    task = operator(flights, mode, memory_escalation=MemoryEscalation())

    with pytest.raises(SluiceError):
        run(task, {**context(), "task_state_store": Store(store)})
    run(task, {**context(try_number=2), "task_state_store": Store(store)})

    assert memory_of(made) == ["2Gi", "2Gi"]


@pytest.mark.parametrize(
    ("try_number", "max_tries", "memory"),
    [
        pytest.param(1, 2, "2Gi", id="first try"),
        pytest.param(2, 2, "3072Mi", id="first retry"),
        pytest.param(4, 5, "2Gi", id="first try after it was cleared"),
        pytest.param(5, 5, "3072Mi", id="first retry after it was cleared"),
    ],
)
def test_where_nobody_remembers_every_retry_counts(
    flights: Path, cluster: Callable[..., fake.Cluster], try_number: int, max_tries: int, memory: str
) -> None:
    made = cluster(fake.ended(0, says()))
    task = operator(flights, memory_escalation=MemoryEscalation(), retries=2)

    run(task, context(try_number=try_number, max_tries=max_tries))

    assert memory_of(made) == [memory]


def test_a_policy_waits_as_long_as_the_failure_needs() -> None:
    sdk = pytest.importorskip("airflow.sdk")
    if not hasattr(sdk, "ExceptionRetryPolicy"):
        with pytest.raises(SluiceConfigError, match="this Airflow has none"):
            retry_policy()
        return
    policy = retry_policy(settle=timedelta(seconds=7), recover=timedelta(seconds=70))

    assert policy.evaluate(SluiceConflict("x"), 1, 3).retry_delay == timedelta(seconds=7)
    assert policy.evaluate(SluiceInfrastructureError("x"), 1, 3).retry_delay == timedelta(seconds=70)


class Store:
    """As much of Airflow's store as a task asks for."""

    def __init__(self, values: dict[str, Any]):
        self.values = values

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def set(self, key: str, value: Any) -> None:
        self.values[key] = value
