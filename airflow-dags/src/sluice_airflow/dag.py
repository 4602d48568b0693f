"""From a manifest to a DAG or a task group: one task a job, in the order of the tables."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import DAG, TaskGroup

from sluice_airflow._compat import CronDataIntervalTimetable, DeltaDataIntervalTimetable
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.graph import upstream
from sluice_airflow.manifest import COMMON_SETTINGS, Job, Manifest
from sluice_airflow.nearest import did_you_mean
from sluice_airflow.operators.job import SluiceJobOperator

#: Schedules that are words of Airflow and not cron expressions.
WORDS = ("@once", "@continuous")


def sluice_dag(
    manifest: str | os.PathLike[str] | Manifest,
    *,
    dag_id: str | None = None,
    schedule: Any = None,
    start_date: datetime | str | None = None,
    end_date: datetime | str | None = None,
    jobs: Collection[str] | None = None,
    register: bool = False,
    settings: Mapping[str, Any] | None = None,
    operator_args: Mapping[str, Any] | None = None,
    default_args: Mapping[str, Any] | None = None,
    **dag_args: Any,
) -> DAG:
    """Return a DAG with one task for every job of a manifest.

    :param manifest: path of the manifest file, or a manifest already read.
    :param dag_id: default: the manifest's project.
    :param schedule: as for any DAG; a cron expression or a timedelta gives every run the interval that it ends.
    :param start_date: of the first interval, e.g. ``"2013-01-01"``; UTC unless it says otherwise.
    :param end_date: the last begin of an interval.
    :param jobs: names of the jobs to run; default: all.
    :param register: have a task ``register.JOB`` before every job that writes a table: the catalog is brought in
        line with its declaration, or the task refuses, before anything is read.
    :param settings: for every job that declares a setting of that name.
    :param operator_args: for every :class:`SluiceJobOperator`, e.g. ``sluice_conn_id`` or ``deferrable``.
    :param default_args: as for any DAG. Tasks have two retries unless it says otherwise.
    :param dag_args: all else that a DAG takes, e.g. ``catchup``, ``max_active_runs``, ``tags``.
    """
    loaded = Manifest.load(manifest)
    dag = DAG(
        dag_id or loaded.project,
        schedule=_with_intervals(schedule),
        start_date=_date(start_date),
        end_date=_date(end_date),
        default_args={"retries": 2, **(default_args or {})},
        **dag_args,
    )
    with dag:
        _add_tasks(loaded, jobs, register, settings or {}, operator_args or {})
    return dag


def sluice_maintenance_dag(
    manifest: str | os.PathLike[str] | Manifest,
    *,
    dag_id: str | None = None,
    schedule: Any = "@daily",
    start_date: datetime | str | None = None,
    tables: Collection[str] | None = None,
    audit_log: str | None = None,
    settings: Mapping[str, Any] | None = None,
    operator_args: Mapping[str, Any] | None = None,
    default_args: Mapping[str, Any] | None = None,
    **dag_args: Any,
) -> DAG:
    """Return a DAG with one task for every table of a manifest that declares what keeps it in order.

    The tasks are safe beside the jobs and each other: nobody waits for anybody.

    :param manifest: path of the manifest file, or a manifest already read.
    :param dag_id: default: the manifest's project with ``-maintenance``.
    :param schedule: as for any DAG; default: once a day.
    :param start_date: e.g. ``"2013-01-01"``; UTC unless it says otherwise.
    :param tables: names of the tables to maintain; default: all that declare it.
    :param audit_log: name of the lake's audit log, e.g. ``sluice.receipts``, for a task that keeps it in order too;
        one DAG of a lake is enough.
    :param settings: for every task; those that every job has, e.g. ``lake.longest-run``.
    :param operator_args: for every :class:`SluiceJobOperator`, e.g. ``sluice_conn_id`` or ``deferrable``.
    :param default_args: as for any DAG. Tasks have two retries unless it says otherwise.
    :param dag_args: all else that a DAG takes, e.g. ``tags``. One run at a time unless they say otherwise.
    """
    loaded = Manifest.load(manifest)
    chosen = loaded.maintenance if tables is None else tuple(_maintenance_of(loaded, table) for table in tables)
    if audit_log:
        loaded = loaded.maintaining(audit_log)
        chosen = (*chosen, loaded.job(f"maintain.{audit_log}"))
    if not chosen:
        raise SluiceConfigError(
            f"Cannot maintain the tables of manifest {loaded.path}: none declares how. "
            "Add .maintenance(…) to a table, and write the manifest again."
        )
    dag = DAG(
        dag_id or f"{loaded.project}-maintenance",
        schedule=schedule,
        start_date=_date(start_date),
        default_args={"retries": 2, **(default_args or {})},
        **{"catchup": False, "max_active_runs": 1, **dag_args},
    )
    with dag:
        for job in chosen:
            SluiceJobOperator(
                task_id=job.maintains, job=job.name, manifest=loaded, settings=settings, **(operator_args or {})
            )
    return dag


def _maintenance_of(manifest: Manifest, table: str) -> Job:
    for job in manifest.maintenance:
        if job.maintains == table:
            return job
    raise SluiceConfigError(
        f"Cannot maintain table '{table}': manifest {manifest.path} has no such table that declares how. "
        f"{did_you_mean(table, [job.maintains or '' for job in manifest.maintenance])}"
    )


class SluiceTaskGroup(TaskGroup):
    """One task for every job of a manifest, within a DAG of your own.

    :param manifest: path of the manifest file, or a manifest already read.
    :param group_id: default: the manifest's project.
    :param jobs: names of the jobs to run; default: all.
    :param register: have a task ``register.JOB`` before every job that writes a table.
    :param settings: for every job that declares a setting of that name.
    :param operator_args: for every :class:`SluiceJobOperator`.
    :param group_args: all else that a TaskGroup takes.
    """

    def __init__(
        self,
        manifest: str | os.PathLike[str] | Manifest,
        *,
        group_id: str | None = None,
        jobs: Collection[str] | None = None,
        register: bool = False,
        settings: Mapping[str, Any] | None = None,
        operator_args: Mapping[str, Any] | None = None,
        **group_args: Any,
    ):
        loaded = Manifest.load(manifest)
        super().__init__(group_id=group_id or loaded.project, **group_args)
        with self:
            _add_tasks(loaded, jobs, register, settings or {}, operator_args or {})


def _with_intervals(schedule: Any) -> Any:
    """Airflow 3 gives plain cron strings and timedeltas empty intervals; a job wants the month, not its end."""
    if isinstance(schedule, str) and schedule not in WORDS:
        return CronDataIntervalTimetable(schedule, timezone="UTC")
    if isinstance(schedule, timedelta):
        return DeltaDataIntervalTimetable(schedule)
    return schedule


def _date(value: datetime | str | None) -> datetime | None:
    if not isinstance(value, str):
        return value
    try:
        date = datetime.fromisoformat(value)
    except ValueError:
        raise SluiceConfigError(f"Cannot read date '{value}': it is not ISO 8601. Write it as 2013-01-01.") from None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)


def _add_tasks(
    manifest: Manifest,
    names: Collection[str] | None,
    register: bool,
    settings: Mapping[str, Any],
    operator_args: Mapping[str, Any],
) -> None:
    chosen = manifest.jobs if names is None else tuple(manifest.job(name) for name in names)
    _refuse_unknown(settings, manifest)
    tasks = {job.name: _task(manifest, job, settings, operator_args) for job in chosen}
    for name, writers in upstream(chosen).items():
        for writer in writers:
            tasks[writer] >> tasks[name]
    for registration in manifest.registrations if register else ():
        if registration.registers in tasks:
            _task(manifest, registration, settings, operator_args) >> tasks[registration.registers]


def _task(
    manifest: Manifest, job: Job, settings: Mapping[str, Any], operator_args: Mapping[str, Any]
) -> SluiceJobOperator:
    known = {key: value for key, value in settings.items() if key in job.settings | COMMON_SETTINGS}
    return SluiceJobOperator(job=job.name, manifest=manifest, settings=known, **operator_args)


def _refuse_unknown(settings: Mapping[str, Any], manifest: Manifest) -> None:
    declared = {name for job in manifest.jobs for name in job.settings}
    for name in settings:
        if name not in declared | COMMON_SETTINGS:
            raise SluiceConfigError(
                f"Cannot set '{name}': no job of manifest {manifest.path} declares such a setting. "
                f"{did_you_mean(name, declared)}"
            )
