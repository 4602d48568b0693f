"""What one try of a task asks of a launcher: the command with its interval and settings, the image, the resources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sluice_airflow.assets import triggering_interval
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.jvm import small
from sluice_airflow.launchers import Declared, JobRequest
from sluice_airflow.launchers.pod import DEFAULT_RESOURCES
from sluice_airflow.launchers.scale import of_the_container
from sluice_airflow.lineage import parent_environment
from sluice_airflow.manifest import Job, variable_of
from sluice_airflow.profile import JobProfile
from sluice_airflow.retries import deaths
from sluice_airflow.secret_literals import refuse_secret
from sluice_airflow.tracing import trace_environment

if TYPE_CHECKING:
    from airflow.sdk import Context

    from sluice_airflow.operators.job import SluiceJobOperator


def job_request(
    task: SluiceJobOperator, context: Context, connection: ConnectionSettings, profile: JobProfile, run_token: str
) -> JobRequest:
    """Return the request of a task whose templates are filled in, or raise what is wrong with what it was given."""
    ti, spec = context["ti"], task.spec
    settings = _settings(task, context)
    check_settings(spec, settings, of=task.manifest.path)
    interval = _interval(task, context)
    resources = _resources(task, context, profile)
    copy = _receipt_copy(connection.receipt_root, ti) if spec.leaves_receipt else None
    return JobRequest(
        project=task.manifest.project,
        job=spec.name,
        arguments=(
            *spec.command,
            *(("--interval", interval) if interval else ()),
            *(("--each", task.each) if task.each else ()),
            *(word for key, value in settings.items() for word in ("--set", _assignment(key, value))),
            *(("--receipt", copy) if copy else ()),
        ),
        run_token=run_token,
        dag_id=ti.dag_id,
        task_id=ti.task_id,
        run_id=ti.run_id,
        try_number=ti.try_number,
        map_index=ti.map_index if ti.map_index is not None else -1,
        interval=interval,
        receipt_copy=copy,
        image=task.image or profile.image or connection.image or task.manifest.image,
        resources=resources,
        small=small(spec, context, resources.get("scale", "local")),
        parent={**parent_environment(ti), **trace_environment()},
        declared=Declared(task.manifest.image, spec.resources),
    )


def check_settings(spec: Job, settings: Any, *, of: str) -> None:
    """Raise what is wrong with settings: of a DAG at parse, of templates and people when the job is launched.

    :param of: path of the manifest.
    """
    if not isinstance(settings, Mapping):
        return  # nothing, or what another task will say
    spec.check_settings(list(settings), of=f"manifest {of}")
    for name, value in settings.items():
        refuse_secret(
            name,
            value,
            doing=f"Cannot set '{name}' of job '{spec.name}' in a DAG",
            instead=f"Give it as {variable_of(name)} by the connection's env_from_secrets.",
        )


def bounds(task: SluiceJobOperator) -> tuple[str, str]:
    """Return begin and end of the interval that a task was given, empty where it has none."""
    return _iso(task.interval_start), _iso(task.interval_end)


def _settings(task: SluiceJobOperator, context: Context) -> dict[str, Any]:
    """Those of the task, under those that somebody has filled in when triggering the run."""
    params: Mapping[str, Any] = context.get("params") or {}
    filled = {name: params.get(name) for name in task.settings_from_params}
    return {**(task.settings or {}), **{name: value for name, value in filled.items() if value is not None}}


def _interval(task: SluiceJobOperator, context: Context) -> str | None:
    if not task.spec.needs_interval:
        return None
    start, end = bounds(task)
    if not start and not end:
        start, end = triggering_interval(context) or ("", "")
    if not start or not end:
        raise SluiceConfigError(
            f"Cannot run job '{task.job}': it needs an interval, and this run has no data interval. "
            "Trigger the DAG with a logical date, or give the operator interval_start and interval_end."
        )
    if start == end:
        raise SluiceConfigError(
            f"Cannot run job '{task.job}': its data interval is empty ({start} to {end}). Schedule the DAG with "
            "CronDataIntervalTimetable, as sluice_dag does; a bare cron string has no intervals in Airflow 3. "
            "Or trigger it with an interval in the form."
        )
    return f"{start}/{end}"


def _resources(task: SluiceJobOperator, context: Context, profile: JobProfile) -> dict[str, str]:
    said = (DEFAULT_RESOURCES, task.spec.resources, profile.resources, task.job_resources or {})
    resources = {name: amount for layer in said for name, amount in layer.items()}
    if task.memory_escalation is not None:
        times = deaths(context, task.retries or 0)
        for name in resources.keys() & {"memory", "executor_memory"}:
            resources[name] = task.memory_escalation.memory(resources[name], times)
    return resources if task.spec.works_on_rows else of_the_container(resources)


def _iso(value: str | datetime | None) -> str:
    return value.isoformat() if isinstance(value, datetime) else (value or "")


def _assignment(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"{key}={str(value).lower()}"
    if isinstance(value, (str, int, float)):
        return f"{key}={value}"
    raise SluiceConfigError(
        f"Cannot set '{key}': a setting is a text, a number or a boolean, but this is a {type(value).__name__}. "
        "Write it as a text."
    )


def _receipt_copy(root: str | None, ti: Any) -> str | None:
    """Where the long receipt is copied to: one place a task instance, so that a retry asks for the same."""
    if not root:
        return None
    task = ti.task_id if ti.map_index is None or ti.map_index < 0 else f"{ti.task_id}-{ti.map_index}"
    parts = (re.sub(r"[^A-Za-z0-9._-]+", "-", part) for part in (ti.dag_id, ti.run_id, task))
    return "/".join((root.rstrip("/"), *parts)) + ".json"
