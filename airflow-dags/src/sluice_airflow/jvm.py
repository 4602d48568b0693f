"""How the JVM of a small job is started: with the compiler that is ready at once, and a collector of one thread.

What is small is told by what is known before there is a JVM: what the task's last run has read (docs/image.md has the
figures). Whoever sets JDK_JAVA_OPTIONS in connection, profile or pod_override decides instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sluice_airflow.manifest import Job

if TYPE_CHECKING:
    from airflow.sdk import Context

#: HotSpot's first compiler alone, which needs no figures of what ran before, and no threads that collect side by side.
SMALL = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}

#: Up to so many rows both take less wall time and less CPU than the JVM's own choice; `ci/bench start` measures it.
SMALL_ROWS = 1_000_000


def small(spec: Job, context: Context, scale: str) -> bool:
    """Return whether a try of a job has little to do.

    What works on no rows has little to do. A job has, where its task's last run read up to :data:`SMALL_ROWS` rows.
    Where nobody knows, with executors, and on every try after the first, it has not.
    """
    if not spec.works_on_rows:
        return True
    if scale != "local" or context["ti"].try_number > 1:
        return False
    rows = _rows_last_read(context["ti"])
    return rows is not None and rows <= SMALL_ROWS


def _rows_last_read(ti: Any) -> int | None:
    """What the newest run of the same task says, up to this run's date; one request to Airflow."""
    if not hasattr(ti, "xcom_pull"):  # nobody runs: a command explains
        return None
    index = ti.map_index if ti.map_index is not None else -1
    last = ti.xcom_pull(task_ids=ti.task_id, include_prior_dates=True, map_indexes=index)
    rows = last.get("rows") if isinstance(last, dict) else None
    read = rows.get("read") if isinstance(rows, dict) else None
    return read if isinstance(read, int) else None
