"""Where a job runs: a launcher takes a request, runs it to its end and says how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.lifecycle import Limits
from sluice_airflow.nearest import did_you_mean
from sluice_airflow.profile import JobProfile

if TYPE_CHECKING:
    from airflow.sdk import Context

    from sluice_airflow.connection import ConnectionSettings
    from sluice_airflow.verdict import Ending


@dataclass(frozen=True)
class Declared:
    """What the manifest says of a job's image and resources, before anybody else had a say."""

    image: str | None = None
    resources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class JobRequest:
    """One try of one job: what to run, and for which task."""

    project: str
    job: str
    arguments: tuple[str, ...]  #: of the image's command line: ``run JOB --interval …``
    run_token: str
    dag_id: str
    task_id: str
    run_id: str
    try_number: int
    map_index: int = -1
    interval: str | None = None  #: ``START/END``
    receipt_copy: str | None = None  #: where the arguments ask for a copy of the long receipt
    image: str | None = None
    resources: Mapping[str, str] = field(default_factory=dict)
    small: bool = False  #: whether there is little to do, so that a fast start is worth more than fast code
    parent: Mapping[str, str] = field(default_factory=dict)  #: variables that name the task, for lineage and traces
    declared: Declared = Declared()

    def environment(self) -> dict[str, str]:
        """Return what the job itself cannot know: its token, and what the audit log says of its origin."""
        started_by = f"airflow:{self.dag_id}.{self.task_id}/{self.run_id}"
        return {
            **self.parent,
            "SLUICE_RUN_TOKEN": self.run_token,
            "SLUICE_STARTED_BY": started_by,
            "SLUICE_LOG_NUMBERS": "1",
        }


@dataclass(frozen=True)
class LaunchOptions:
    """What the operator says about the launch itself, beside the connection."""

    deferrable: bool = False
    on_finish_action: str = "delete_pod"
    pod_override: Any = None  #: a pod as a dict in Kubernetes' own spelling, or a V1Pod
    execution_timeout: Any = None  #: the task's ``timedelta``
    profile: JobProfile = field(default_factory=JobProfile)
    limits: Limits = field(default_factory=Limits)


#: The stages whose time a task may limit; the whole task's limit is Airflow's own.
TIMEOUTS = tuple(f.name for f in fields(Limits) if f.name not in ("execution", "launches"))


def limits_of(timeouts: Mapping[str, timedelta | float], job: str) -> Limits:
    """Return the limits with some of them set, or raise what is wrong with one."""
    seconds: dict[str, float] = {}
    for name, value in timeouts.items():
        if name not in TIMEOUTS:
            raise SluiceConfigError(
                f"Cannot limit '{name}' of job '{job}': there is no such timeout. {did_you_mean(name, TIMEOUTS)}"
            )
        seconds[name] = value.total_seconds() if isinstance(value, timedelta) else value
        if isinstance(value, bool) or not isinstance(seconds[name], (int, float)) or seconds[name] <= 0:
            raise SluiceConfigError(
                f"Cannot limit '{name}' of job '{job}' to {value!r}: it is no time. "
                "Write a timedelta or seconds above 0."
            )
    return Limits(**seconds)  # type: ignore[arg-type]


class Launcher(Protocol):
    """Runs a job somewhere. Both methods return how it ended, or raise a SluiceError or TaskDeferred."""

    def launch(self, request: JobRequest, context: Context) -> Ending:
        """Start the job and wait for its end, here or in the triggerer."""

    def resume(self, request: JobRequest, context: Context, event: Mapping[str, Any]) -> Ending:
        """Take up a job whose end the triggerer has seen."""

    def kill(self) -> None:
        """Stop the job now; called from a signal handler."""


def launcher_for(settings: ConnectionSettings, options: LaunchOptions) -> Launcher:
    """Return the launcher that the connection names."""
    if settings.launcher == "process":
        from sluice_airflow.launchers.process import ProcessLauncher

        return ProcessLauncher(settings, options.profile)
    if settings.on_emr:
        return _emr_launcher(settings, options)
    try:
        from sluice_airflow.launchers.kubernetes import KubernetesLauncher
    except ImportError as error:
        raise SluiceConfigError(
            f"Cannot launch on Kubernetes: a package is missing ({error}). "
            "Install airflow-provider-sluice[kubernetes], or use a connection with launcher 'process'."
        ) from None
    return KubernetesLauncher(settings, options)


def _emr_launcher(settings: ConnectionSettings, options: LaunchOptions) -> Launcher:
    try:
        from sluice_airflow.launchers.emr import EmrLauncher
    except ImportError as error:
        raise SluiceConfigError(
            f"Cannot launch on {settings.launcher}: a package is missing ({error}). "
            "Install airflow-provider-sluice[emr], or use a connection with another launcher."
        ) from None
    return EmrLauncher(settings, options)
