"""How a trigger learns what became of its task, which older releases of the Kubernetes provider cannot ask."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

from sluice_airflow.triggers.pod import JobPodTrigger


@pytest.mark.parametrize(("map_index", "state"), [(-1, "deferred"), (3, "failed")])
def test_the_state_is_that_of_this_very_task(monkeypatch: pytest.MonkeyPatch, map_index: int, state: str) -> None:
    asked: list[dict[str, Any]] = []

    def answer(**about: Any) -> dict[str, dict[str, str]]:
        asked.append(about)
        return {"run": {"clean": "deferred", "clean_3": "failed"}}

    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", answer)
    trigger: Any = SimpleNamespace(
        task_instance=SimpleNamespace(dag_id="flights", task_id="clean", run_id="run", map_index=map_index)
    )

    assert asyncio.run(JobPodTrigger.get_task_state(trigger)) == state
    assert asked == [{"dag_id": "flights", "task_ids": ["clean"], "run_ids": ["run"], "map_index": map_index}]
