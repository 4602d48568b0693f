"""The tasks of a manifest: its jobs in the order of their tables, and what goes before each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from airflow.sdk import BaseOperator

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.graph import upstream
from sluice_airflow.manifest import COMMON_SETTINGS, Job, Manifest
from sluice_airflow.nearest import did_you_mean
from sluice_airflow.operators.job import SluiceJobOperator

#: Asks before every job whose plan takes something away.
DESTRUCTIVE = "destructive"


@dataclass(frozen=True)
class Choice:
    """What of a manifest is to run, and how."""

    manifest: Manifest
    jobs: tuple[Job, ...]
    register: bool = False
    verify: bool = False
    each: str | None = None  #: what part of its interval a job runs for at a time
    approve: str | Collection[str] = ()  #: ``destructive``, or names of jobs
    settings: Mapping[str, Any] = field(default_factory=dict)
    params: Collection[str] = ()  #: names of settings that the DAG's form asks for
    operator_args: Mapping[str, Any] = field(default_factory=dict)
    approval_args: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._refuse_unknown_settings()
        self._refuse_each_of_none()
        if isinstance(self.approve, str):
            self._refuse_unknown_word(self.approve)
        else:
            for name in self.approve:
                self.manifest.job(name)

    def approval(self, job: Job) -> str | None:
        """Return when somebody is asked before a job: ``destructive``, ``always`` or never."""
        if isinstance(self.approve, str):
            return DESTRUCTIVE
        return "always" if job.name in self.approve else None

    def _refuse_unknown_word(self, word: str) -> None:
        if word != DESTRUCTIVE:
            raise SluiceConfigError(
                f"Cannot ask for approval of '{word}': it is neither '{DESTRUCTIVE}' nor a list of jobs. "
                f"Write approve='{DESTRUCTIVE}', or approve=['{self.jobs[0].name}']."
            )

    def _refuse_each_of_none(self) -> None:
        if self.each is not None and not any(job.has_parts for job in self.jobs):
            raise SluiceConfigError(
                f"Cannot run the jobs of manifest {self.manifest.path} for each {self.each}: "
                "none of them has an interval. Leave out 'each'."
            )

    def _refuse_unknown_settings(self) -> None:
        declared = {name for job in self.manifest.jobs for name in job.settings}
        for name in self.settings:
            if name not in declared | COMMON_SETTINGS:
                raise SluiceConfigError(
                    f"Cannot set '{name}': no job of manifest {self.manifest.path} declares such a setting. "
                    f"{did_you_mean(name, declared)}"
                )


def chosen_jobs(manifest: Manifest, names: Collection[str] | None) -> tuple[Job, ...]:
    """Return the jobs of these names; all, where none are given."""
    return manifest.jobs if names is None else tuple(manifest.job(name) for name in names)


def add_tasks(choice: Choice) -> None:
    """Add the tasks to the DAG or group that is being defined.

    What goes before a job waits for nothing: plans and catalogs are settled before anything is read. Who reads what a
    job has published waits until that is verified.
    """
    tasks = {job.name: _task(choice, job) for job in choice.jobs}
    last = {job.name: _verified(choice, job, tasks[job.name]) for job in choice.jobs}
    for name, writers in upstream(choice.jobs).items():
        for writer in writers:
            last[writer] >> tasks[name]
    for job in choice.jobs:
        for before, after in pairwise([*_approval(choice, job), *_registration(choice, job), tasks[job.name]]):
            before >> after


def _verified(choice: Choice, job: Job, task: BaseOperator) -> BaseOperator:
    if not choice.verify:
        return task
    verification = _task(choice, choice.manifest.job(f"verify.{job.name}"))
    task >> verification
    return verification


def _registration(choice: Choice, job: Job) -> list[BaseOperator]:
    if not choice.register or not job.writes:
        return []
    return [_task(choice, choice.manifest.job(f"register.{job.name}"))]


def _approval(choice: Choice, job: Job) -> list[BaseOperator]:
    when = choice.approval(job)
    if when is None:
        return []
    try:  # here, because only a DAG that asks people needs a standard provider that can
        from sluice_airflow.operators.approval import SluiceApprovalOperator
    except ImportError as error:
        raise SluiceConfigError(
            f"Cannot ask for approval of job '{job.name}': a package is missing or old ({error}). "
            "Install airflow-provider-sluice[approval]."
        ) from None
    plan = _task(choice, choice.manifest.job(f"plan.{job.name}"))
    asks = SluiceApprovalOperator(
        task_id=f"approve.{job.name}", job=job.name, plan_task_id=plan.task_id, ask=when, **choice.approval_args
    )
    return [plan, asks]


def _task(choice: Choice, job: Job) -> SluiceJobOperator:
    known = {key: value for key, value in choice.settings.items() if key in job.settings | COMMON_SETTINGS}
    asked = sorted(job.settings.intersection(choice.params))
    return SluiceJobOperator(
        job=job.name,
        manifest=choice.manifest,
        settings=known,
        settings_from_params=asked,
        **{"each": choice.each if job.has_parts else None, **choice.operator_args},
    )
