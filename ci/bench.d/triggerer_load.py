"""Runs many triggers in one loop for some seconds, as a triggerer would, and prints what that took."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook
from airflow.providers.cncf.kubernetes.triggers.pod import KubernetesPodTrigger
from airflow.sdk.definitions.connection import Connection
from sluice_airflow.joblog import Cursor
from sluice_airflow.lifecycle import Limits, Watch
from sluice_airflow.triggers.pod import JobPodTrigger


def sluice(number: int) -> Any:
    """Return the trigger of a deferred job."""
    return JobPodTrigger(
        pod_name=f"pod-{number}",
        pod_namespace="jobs",
        kubernetes_conn_id=None,
        task_labels={},
        limits=Limits().to_json(),
        watch=Watch(token=f"pod-{number}", began=time.time(), launches=1).to_json(),
        log=Cursor().to_json(),
    )


def kubernetes_pod(number: int) -> Any:
    """Return the trigger of a deferred KubernetesPodOperator, as its defaults make it."""
    return KubernetesPodTrigger(
        pod_name=f"pod-{number}",
        pod_namespace="jobs",
        base_container_name="base",
        trigger_start_time=datetime.now(UTC),
        poll_interval=2,
    )


async def load(make: Callable[[int], Any], count: int, seconds: float) -> None:
    """Run the triggers until the time is over."""

    async def wait(trigger: Any) -> None:
        async for event in trigger.run():
            raise AssertionError(f"The pod runs, but its trigger says {event.payload}")

    tasks = [asyncio.create_task(wait(make(number))) for number in range(count)]
    done, pending = await asyncio.wait(tasks, timeout=seconds)
    for task in done:
        task.result()
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)


def resident() -> int:
    """Return the bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def cpu() -> float:
    """Return the seconds of CPU that this process has used."""
    return time.process_time()


def main(variant: str, count: int, seconds: float) -> None:
    """Print memory added at the peak and CPU used, as JSON."""
    logging.disable(logging.CRITICAL)
    KubernetesHook.get_connection = classmethod(  # type: ignore[method-assign,assignment]
        lambda _, conn_id: Connection(conn_id=conn_id, conn_type="kubernetes")
    )
    make = {"sluice": sluice, "kubernetes-pod": kubernetes_pod}[variant]
    make(0)
    gc.collect()
    before, began = resident(), cpu()
    asyncio.run(load(make, count, seconds))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"rss": peak - before, "cpu": cpu() - began}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
