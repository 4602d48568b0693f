"""From a manifest to a DAG or a task group: one task a job, in the order of the tables."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import DAG, Asset, TaskGroup

from sluice_airflow._compat import CronDataIntervalTimetable, DeltaDataIntervalTimetable
from sluice_airflow.assets import published, table_asset
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.form import INTERVAL_END, INTERVAL_START, interval_params, interval_template, settings_params
from sluice_airflow.graph import foreign_tables
from sluice_airflow.manifest import Job, Manifest
from sluice_airflow.nearest import did_you_mean
from sluice_airflow.operators.job import END, START, SluiceJobOperator
from sluice_airflow.tasks import Choice, add_tasks, chosen_jobs

#: Schedules that are words of Airflow and not cron expressions.
WORDS = ("@once", "@continuous")

#: The schedule of a DAG that runs when the tables have been published that it reads and does not write.
UPSTREAM = "@upstream"


def sluice_dag(
    manifest: str | os.PathLike[str] | Manifest,
    *,
    dag_id: str | None = None,
    schedule: Any = None,
    start_date: datetime | str | None = None,
    end_date: datetime | str | None = None,
    jobs: Collection[str] | None = None,
    register: bool = False,
    verify: bool = False,
    each: str | None = None,
    approve: str | Collection[str] = (),
    settings: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | bool = True,
    operator_args: Mapping[str, Any] | None = None,
    approval_args: Mapping[str, Any] | None = None,
    default_args: Mapping[str, Any] | None = None,
    **dag_args: Any,
) -> DAG:
    """Return a DAG with one task for every job of a manifest.

    :param manifest: path of the manifest file, or a manifest already read.
    :param dag_id: default: the manifest's project.
    :param schedule: as for any DAG; a cron expression or a timedelta gives every run the interval that it ends.
        ``@upstream``: when all the tables have been published anew that these jobs read and none of them writes.
    :param start_date: of the first interval, e.g. ``"2013-01-01"``; UTC unless it says otherwise.
    :param end_date: the last begin of an interval.
    :param jobs: names of the jobs to run; default: all.
    :param register: have a task ``register.JOB`` before every job that writes a table: the catalog is brought in
        line with its declaration, or the task refuses, before anything is read.
    :param verify: have a task ``verify.JOB`` after every job, for which its readers wait: in a process of its own it
        compares the receipts with the ledger of the table, and refuses where they differ.
    :param each: ``hour``, ``day``, ``month`` or ``year``: every job that has an interval runs for each such part of it,
        in one pod with one receipt for each part; a retry runs those that are not committed.
    :param approve: ``destructive``: plan every job first, and ask a person before one that would take something away
        from readers. Or names of jobs: plan these, and always ask.
    :param settings: for every job that declares a setting of that name.
    :param params: True: "Trigger DAG" has a form of the jobs' settings and the interval, where ``settings`` are filled
        in and may be overwritten. A mapping: these params as well. False: no form.
    :param operator_args: for every :class:`SluiceJobOperator`, e.g. ``sluice_conn_id`` or ``deferrable``.
    :param approval_args: for every task that asks a person, e.g. ``response_timeout`` or ``assigned_users``.
    :param default_args: as for any DAG. Tasks have two retries unless it says otherwise.
    :param dag_args: all else that a DAG takes, e.g. ``catchup``, ``max_active_runs``, ``tags``.
    """
    loaded = Manifest.load(manifest)
    chosen = chosen_jobs(loaded, jobs)
    form = {} if params is False else settings_params(chosen, settings or {})
    interval = {} if params is False else interval_params(chosen)
    choice = Choice(
        manifest=loaded,
        jobs=chosen,
        register=register,
        verify=verify,
        each=each,
        approve=approve,
        settings=settings or {},
        params=form,
        operator_args={**_interval_args(interval), **(operator_args or {})},
        approval_args=approval_args or {},
    )
    dag = DAG(
        dag_id or loaded.project,
        schedule=_on_tables(chosen, loaded) if schedule == UPSTREAM else _with_intervals(schedule),
        start_date=_date(start_date),
        end_date=_date(end_date),
        params={**interval, **form, **(params if isinstance(params, Mapping) else {})},
        user_defined_macros={"published": published, **(dag_args.pop("user_defined_macros", None) or {})},
        default_args={"retries": 2, **(default_args or {})},
        **dag_args,
    )
    with dag:
        add_tasks(choice)
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
    :param verify: have a task ``verify.JOB`` after every job, as :func:`sluice_dag` does.
    :param each: what part of its interval a job runs for at a time, as :func:`sluice_dag` has it.
    :param approve: ``destructive``, or names of jobs: ask a person first, as :func:`sluice_dag` does.
    :param settings: for every job that declares a setting of that name.
    :param operator_args: for every :class:`SluiceJobOperator`.
    :param approval_args: for every task that asks a person.
    :param group_args: all else that a TaskGroup takes.
    """

    def __init__(
        self,
        manifest: str | os.PathLike[str] | Manifest,
        *,
        group_id: str | None = None,
        jobs: Collection[str] | None = None,
        register: bool = False,
        verify: bool = False,
        each: str | None = None,
        approve: str | Collection[str] = (),
        settings: Mapping[str, Any] | None = None,
        operator_args: Mapping[str, Any] | None = None,
        approval_args: Mapping[str, Any] | None = None,
        **group_args: Any,
    ):
        loaded = Manifest.load(manifest)
        super().__init__(group_id=group_id or loaded.project, **group_args)
        choice = Choice(
            manifest=loaded,
            jobs=chosen_jobs(loaded, jobs),
            register=register,
            verify=verify,
            each=each,
            approve=approve,
            settings=settings or {},
            operator_args=operator_args or {},
            approval_args=approval_args or {},
        )
        with self:
            add_tasks(choice)


def _with_intervals(schedule: Any) -> Any:
    """Airflow 3 gives plain cron strings and timedeltas empty intervals; a job wants the month, not its end."""
    if isinstance(schedule, str) and schedule not in WORDS:
        return CronDataIntervalTimetable(schedule, timezone="UTC")
    if isinstance(schedule, timedelta):
        return DeltaDataIntervalTimetable(schedule)
    return schedule


def _on_tables(jobs: tuple[Job, ...], manifest: Manifest) -> list[Asset]:
    tables = foreign_tables(jobs)
    if not tables:
        raise SluiceConfigError(
            f"Cannot schedule the jobs of manifest {manifest.path} on their tables: they read none that others write. "
            "Give the DAG a cron expression, or choose jobs that read another image's tables."
        )
    return [table_asset(table) for table in tables]


def _interval_args(params: Mapping[str, Any]) -> dict[str, str]:
    if not params:
        return {}
    return {
        "interval_start": interval_template(INTERVAL_START, START),
        "interval_end": interval_template(INTERVAL_END, END),
    }


def _date(value: datetime | str | None) -> datetime | None:
    if not isinstance(value, str):
        return value
    try:
        date = datetime.fromisoformat(value)
    except ValueError:
        raise SluiceConfigError(f"Cannot read date '{value}': it is not ISO 8601. Write it as 2013-01-01.") from None
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
