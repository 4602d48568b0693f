"""The operator that runs one job of a manifest."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from sluice_airflow._compat import conf
from sluice_airflow.assets import table_asset, triggering_interval
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError, SluiceOutOfMemory
from sluice_airflow.hooks.sluice import SluiceHook
from sluice_airflow.launchers import Declared, JobRequest, Launcher, LaunchOptions, launcher_for, limits_of
from sluice_airflow.launchers.layers import LayeredPod
from sluice_airflow.launchers.pod import DEFAULT_RESOURCES, launched_pod
from sluice_airflow.lineage import ended, parent_environment, started
from sluice_airflow.links.job import LINKS, announce, report
from sluice_airflow.manifest import Job, Manifest, variable_of
from sluice_airflow.plan import OUTPUT_LINES, Plan, judge_plan
from sluice_airflow.profile import JobProfile, profile_of
from sluice_airflow.receipt import Receipt
from sluice_airflow.retries import MemoryEscalation, count_death, deaths
from sluice_airflow.secret_literals import refuse_secret
from sluice_airflow.summary import success_text
from sluice_airflow.verdict import Ending, Outcome, judge

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage
    from airflow.sdk import Context
    from airflow.sdk.definitions.mappedoperator import OperatorPartial

# A run without a logical date has no data interval, and the names are not even defined then.
START = "{{ data_interval_start.isoformat() if data_interval_start is defined and data_interval_start else '' }}"
END = "{{ data_interval_end.isoformat() if data_interval_end is defined and data_interval_end else '' }}"

#: What a mapped task is called in the UI, instead of its number.
MAP_NAME = "{{ task.mapped_name }}"

#: As much of it as Airflow's database holds.
MAX_NAME = 250


class SluiceJobOperator(BaseOperator):
    """Runs one job of a manifest, in a pod or in a local JVM as the connection says.

    The task is green only if the job ended with exit code 0 *and* left a receipt of this very try that says
    COMMITTED or ALREADY_COMMITTED. Its return value is the receipt in brief: status, rows, target, snapshot_id,
    run_key and receipt_uri. A plan publishes nothing: it is green if it ended with exit code 0 *and* has printed a
    whole plan of the job, and returns that in brief.

    In a run that assets have triggered, and that has no data interval therefore, a job that needs one takes the one
    that the tables were published for; they must agree.

    :param job: name of the job in the manifest, or ``maintain.TABLE`` for what keeps a table in order, or
        ``register.JOB`` for what brings the catalog in line with the table of a job, or ``plan.JOB`` for what shows
        what a job would do; also the task's id unless one is given.
    :param manifest: path of the manifest file, or a manifest already read.
    :param sluice_conn_id: connection of type ``sluice``.
    :param interval_start: begin of the interval, inclusive. (templated) Default: of the data interval.
    :param interval_end: end of the interval, exclusive. (templated) Default: of the data interval.
    :param settings: settings of the job, by name. (templated)
    :param settings_from_params: names of settings that the run's params of the same name give, where they are not
        null; they win over ``settings``.
    :param image: image to run instead of the connection's or the manifest's. (templated)
    :param job_resources: ``memory`` and ``cpu`` instead of the manifest's, e.g. ``{"memory": "4Gi"}``.
    :param deferrable: wait in the triggerer. Means nothing to the ``process`` launcher.
    :param pod_override: pod that is laid over the job's, as a dict in Kubernetes' spelling or a ``V1Pod``.
    :param on_finish_action: ``delete_pod``, ``delete_succeeded_pod`` or ``keep_pod``.
    :param memory_escalation: have a try that follows a death for memory start with more, e.g. ``MemoryEscalation()``.
    :param timeouts: how long a stage of the pod may last, as ``timedelta`` or seconds: ``admission`` (until quota,
        gate or another run of the same work lets it in), ``scheduling``, ``startup``, ``progress`` (without a new
        line of log; none by default), ``deletion``, ``unreachable``. ``execution_timeout`` is the whole task's.
    """

    template_fields: Sequence[str] = ("interval_start", "interval_end", "settings", "image")
    template_fields_renderers = {"settings": "json"}  # noqa: RUF012 - as in Airflow
    operator_extra_links = LINKS
    ui_color = "#d7ecf0"

    def __init__(
        self,
        *,
        job: str,
        manifest: str | os.PathLike[str] | Manifest,
        task_id: str | None = None,
        sluice_conn_id: str = SluiceHook.default_conn_name,
        interval_start: str | datetime | None = START,
        interval_end: str | datetime | None = END,
        settings: Mapping[str, Any] | None = None,
        settings_from_params: Collection[str] = (),
        image: str | None = None,
        job_resources: Mapping[str, str] | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        pod_override: Any = None,
        on_finish_action: str = "delete_pod",
        timeouts: Mapping[str, timedelta | float] | None = None,
        memory_escalation: MemoryEscalation | None = None,
        **kwargs: Any,
    ):
        self.manifest = Manifest.load(manifest)
        self.spec = self.manifest.job(job)
        super().__init__(task_id=task_id or job, **{**task_args(self.spec), **kwargs})
        self.job = job
        self.sluice_conn_id = sluice_conn_id
        self.interval_start = interval_start
        self.interval_end = interval_end
        self.settings = settings
        self.settings_from_params = settings_from_params
        self._check_settings(settings)
        self.image = image
        self.job_resources = job_resources
        self.deferrable = deferrable
        self.pod_override = pod_override
        self.on_finish_action = on_finish_action
        self.timeouts = timeouts
        limits_of(timeouts or {}, job)
        self.memory_escalation = memory_escalation
        self._launcher: Launcher | None = None
        self._outcome: Outcome | None = None

    @classmethod
    def partial(cls, **kwargs: Any) -> OperatorPartial:
        """Begin a mapped task: as of any operator, with the job's assets and a name for each mapped one."""
        if "job" in kwargs and "manifest" in kwargs:
            known = task_args(Manifest.load(kwargs["manifest"]).job(kwargs["job"]))
            kwargs = {"task_id": kwargs["job"], **known, **kwargs}
        return super().partial(**{"map_index_template": MAP_NAME, **kwargs})

    @property
    def mapped_name(self) -> str:
        """Return what tells a mapped task from its siblings: interval and settings."""
        bounds = [_iso(value).removesuffix("T00:00:00+00:00") for value in (self.interval_start, self.interval_end)]
        interval = ["/".join(bounds)] if all(bounds) and self.spec.needs_interval else []
        words = [*interval, *(f"{key}={value}" for key, value in (self.settings or {}).items())]
        return " ".join(words)[:MAX_NAME]

    def execute(self, context: Context) -> dict[str, Any]:
        """Run the job; deferred, raise TaskDeferred to come back in :meth:`resume`."""
        return self._run(context, str(uuid.uuid4()), lambda launcher, request: launcher.launch(request, context))

    def resume(self, context: Context, event: dict[str, Any], run_token: str) -> dict[str, Any]:
        """Come back from the triggerer and judge what it has seen."""
        return self._run(context, run_token, lambda launcher, request: launcher.resume(request, context, event))

    def on_kill(self) -> None:
        """Stop the job; nothing of it will be published."""
        if self._launcher is not None:
            self._launcher.kill()

    def get_openlineage_facets_on_start(self) -> OperatorLineage[Any, Any]:
        """Return the tables that the job is declared to read and to write."""
        return started(self)

    def get_openlineage_facets_on_complete(self, ti: Any) -> OperatorLineage[Any, Any]:
        """Return what the job's receipt says of its datasets."""
        return ended(self, self._outcome)

    def get_openlineage_facets_on_failure(self, ti: Any) -> OperatorLineage[Any, Any]:
        """Return what the receipt of a failed job says, if it has left one."""
        return self.get_openlineage_facets_on_complete(ti)

    def explain(self, context: Context) -> LayeredPod:
        """Return the pod that a launch would create, and who set which of its fields; nothing is launched."""
        connection = SluiceHook(self.sluice_conn_id).get_conn()
        if connection.launcher != "kubernetes":
            raise SluiceConfigError(
                f"Cannot explain the pod of job '{self.job}': connection '{self.sluice_conn_id}' launches no pods but "
                f"'{connection.launcher}'. Ask where the connection is one of Kubernetes."
            )
        profile = profile_of(connection.profile, project=self.manifest.project, job=self.job)
        request = self._request(context, connection, "(its own for every try)", profile)
        return launched_pod(request, connection, self._options(profile))

    def _options(self, profile: JobProfile) -> LaunchOptions:
        return LaunchOptions(
            deferrable=self.deferrable,
            on_finish_action=self.on_finish_action,
            pod_override=self.pod_override,
            execution_timeout=self.execution_timeout,
            profile=profile,
            limits=limits_of({**profile.timeouts, **(self.timeouts or {})}, self.job),
        )

    def _run(self, context: Context, run_token: str, step: Callable[[Launcher, JobRequest], Ending]) -> dict[str, Any]:
        connection = SluiceHook(self.sluice_conn_id).get_conn()
        profile = profile_of(connection.profile, project=self.manifest.project, job=self.job)
        request = self._request(context, connection, run_token, profile)
        self._launcher = launcher_for(connection, self._options(profile))
        announce(context, self.sluice_conn_id, connection, request)
        ending = step(self._launcher, request)
        self._outcome = outcome = Outcome.of(ending, job=self.job, copy=request.receipt_copy)
        report(context, self.sluice_conn_id, connection, request, outcome)
        try:
            done = judge_plan(ending, job=self.spec.plans) if self.spec.plans else judge(outcome)
        except SluiceOutOfMemory:
            count_death(context)
            raise
        if isinstance(done, Plan):
            self.log.info("%s", done.text())
            return done.to_xcom()
        self.log.info("%s", success_text(done))
        self._tell_outlets(context, done)
        return done.to_xcom()

    def _check_settings(self, settings: Any) -> None:
        """At parse what stands in the DAG, when the job is launched what templates and people have made of it."""
        if not isinstance(settings, Mapping):
            return  # nothing, or what another task will say
        self.spec.check_settings(list(settings), of=f"manifest {self.manifest.path}")
        for name, value in settings.items():
            doing = f"Cannot set '{name}' of job '{self.job}' in a DAG"
            refuse_secret(
                name,
                value,
                doing=doing,
                instead=f"Give it as {variable_of(name)} by the connection's env_from_secrets.",
            )

    def _request(
        self, context: Context, connection: ConnectionSettings, run_token: str, profile: JobProfile
    ) -> JobRequest:
        ti = context["ti"]
        settings = self._settings(context)
        self._check_settings(settings)
        interval = self._interval(context)
        receipt = None if self.spec.plans else _receipt_copy(connection.receipt_root, ti)
        return JobRequest(
            project=self.manifest.project,
            job=self.job,
            arguments=(
                *self.spec.command,
                *(("--interval", interval) if interval else ()),
                *(word for key, value in settings.items() for word in ("--set", _assignment(key, value))),
                *(("--receipt", receipt) if receipt else ()),
            ),
            run_token=run_token,
            dag_id=ti.dag_id,
            task_id=ti.task_id,
            run_id=ti.run_id,
            try_number=ti.try_number,
            map_index=ti.map_index if ti.map_index is not None else -1,
            interval=interval,
            receipt_copy=receipt,
            image=self.image or profile.image or connection.image or self.manifest.image,
            resources=self._resources(context, profile),
            output_lines=OUTPUT_LINES if self.spec.plans else 0,
            parent=parent_environment(ti),
            declared=Declared(self.manifest.image, self.spec.resources),
        )

    def _resources(self, context: Context, profile: JobProfile) -> dict[str, str]:
        said = (DEFAULT_RESOURCES, self.spec.resources, profile.resources, self.job_resources or {})
        resources = {name: amount for layer in said for name, amount in layer.items()}
        if self.memory_escalation is not None:
            times = deaths(context, self.retries or 0)
            resources["memory"] = self.memory_escalation.memory(resources["memory"], times)
        return resources

    def _settings(self, context: Context) -> dict[str, Any]:
        """Those of the operator, under those that somebody has filled in when triggering the run."""
        params: Mapping[str, Any] = context.get("params") or {}
        filled = {name: params.get(name) for name in self.settings_from_params}
        return {**(self.settings or {}), **{name: value for name, value in filled.items() if value is not None}}

    def _interval(self, context: Context) -> str | None:
        if not self.spec.needs_interval:
            return None
        start, end = (_iso(value) for value in (self.interval_start, self.interval_end))
        if not start and not end:
            start, end = triggering_interval(context) or ("", "")
        if not start or not end:
            raise SluiceConfigError(
                f"Cannot run job '{self.job}': it needs an interval, and this run has no data interval. "
                "Trigger the DAG with a logical date, or give the operator interval_start and interval_end."
            )
        if start == end:
            raise SluiceConfigError(
                f"Cannot run job '{self.job}': its data interval is empty ({start} to {end}). Schedule the DAG with "
                "CronDataIntervalTimetable, as sluice_dag does; a bare cron string has no intervals in Airflow 3. "
                "Or trigger it with an interval in the form."
            )
        return f"{start}/{end}"

    def _tell_outlets(self, context: Context, receipt: Receipt) -> None:
        for outlet in self.outlets:
            context["outlet_events"][outlet].extra = receipt.to_event()


def task_args(spec: Job) -> dict[str, Any]:
    """Return what the manifest knows of a task: its description and its assets."""
    return {
        "doc_md": spec.description,
        "inlets": [table_asset(table) for table in spec.reads],
        "outlets": [table_asset(spec.writes)] if spec.writes else [],
    }


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
