"""A job that needs more memory than it has, on a real node: whose memory, how much, and the next try has it."""

from __future__ import annotations

import re

import pytest

from chain import Chain
from readers import published

pytestmark = pytest.mark.kubernetes

#: A line of code, in the words that Spark has for a stage.
STAGE = r"in stage \d+ \(\S.* at \S+:\d+\)"

#: Limit, heap, the rest, the peak and the stage. The job's own code runs out within a task: what Spark throws names
#: neither stage nor executor, what it tells its listeners does.
SAID = {
    "hungry_driver": r"out of memory \(900 MiB memory limit, 5\d\d MiB heap, 3\d\d MiB for all else, "
    rf"used at most \d{{3}} MiB of heap and \d{{3}} MiB in all, {STAGE}\)\. "
    r"Give the job more memory in its resources, such as 1350Mi",
    # An executor's heap is looked at once a second: one that fills it faster may go unseen.
    "hungry_executor": r"out of memory \(executor \d+: 900 MiB memory limit, 540 MiB heap, 360 MiB for all else, "
    rf"(used at most \d+ MiB of heap, )?{STAGE}\)\. "
    r"Give executors more memory in the job.{1,2}s resources, such as 1350Mi",
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
