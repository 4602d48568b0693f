"""A job that needs more memory than it has, on a real node: whose memory, how much, and the next try has it."""

from __future__ import annotations

import re

import pytest

from chain import Chain
from readers import published

pytestmark = pytest.mark.kubernetes

#: Where the job's code is what has run out, Spark throws what a task threw: it names neither stage nor executor.
SAID = {
    "hungry_driver": r"out of memory \(900 MiB memory limit, 5\d\d MiB heap\)\. "
    r"Give the job more memory in its resources, such as 1350Mi",
    "hungry_executor": r"out of memory \(.* MiB heap.*\)\. Give .* more memory in .* resources, such as \d+Mi",
}


@pytest.mark.parametrize("dag", SAID)
def test_memory_that_does_not_do_is_named_and_the_next_try_has_more(chain: Chain, dag: str) -> None:
    chain.airflow.unpause(dag)
    run = chain.airflow.await_runs(dag, 1)[0]
    task = chain.airflow.tasks(run)["hungry"]
    first = chain.airflow.log(task, 1)
    assert (task["state"], task["try_number"]) == ("success", 2), first[-3000:]
    assert "SluiceOutOfMemory" in first
    assert re.search(SAID[dag], first), first[-3000:]
    returned = chain.airflow.returned(task)
    assert (returned["status"], returned["rows"]["written"]) == ("COMMITTED", 16)
    assert len(published(chain.lake.iceberg("hungry.airlines"), returned["run_key"])) == 1
    chain.cluster.await_no_pods()
