"""The operator that runs one job of a manifest."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from sluice_airflow._compat import conf
from sluice_airflow.assets import table_asset
from sluice_airflow.exceptions import SluiceConfigError, SluiceOutOfMemory
from sluice_airflow.hooks.sluice import SluiceHook
from sluice_airflow.launchers import JobRequest, Launcher, LaunchOptions, launcher_for, limits_of
from sluice_airflow.launchers.layers import LayeredPod
from sluice_airflow.launchers.pod import DEFAULT_RESOURCES, launched_pod
from sluice_airflow.launchers.scale import scale_of
from sluice_airflow.launchers.scratch import scratch_layer
from sluice_airflow.lineage import ended, started
from sluice_airflow.links.job import LINKS, announce, report
from sluice_airflow.manifest import Job, Manifest
from sluice_airflow.operators.request import bounds, check_settings, job_request
from sluice_airflow.plan import Plan, judge_plan
from sluice_airflow.profile import JobProfile, profile_of
from sluice_airflow.ranges import check_each
from sluice_airflow.receipt import Receipt
from sluice_airflow.retries import MemoryEscalation, count_death
from sluice_airflow.summary import success_text
from sluice_airflow.verdict import Ending, Outcome, judge
from sluice_airflow.verification import Verified, judge_verification

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
    run_key, receipt_uri and, with ``each``, the counts of the parts as ``range``. A plan publishes nothing: it is
    green if it ended with exit code 0 *and* left a plan of this very try, and returns that in brief. A verification
    is green if it left, of this very try, that nothing differs.

    In a run that assets have triggered, and that has no data interval therefore, a job that needs one takes the one
    that the tables were published for; they must agree.

    :param job: name of the job in the manifest, or ``maintain.TABLE`` for what keeps a table in order, or
        ``register.JOB`` for what brings the catalog in line with the table of a job, or ``plan.JOB`` for what shows
        what a job would do, or ``verify.JOB`` for what compares its receipts with the table's ledger; also the task's
        id unless one is given.
    :param manifest: path of the manifest file, or a manifest already read.
    :param sluice_conn_id: connection of type ``sluice``.
    :param interval_start: begin of the interval, inclusive. (templated) Default: of the data interval.
    :param interval_end: end of the interval, exclusive. (templated) Default: of the data interval.
    :param each: ``hour``, ``day``, ``month`` or ``year``: the interval is split at these bounds of the calendar, in
        UTC, and each part is a run of its own, all in one pod. The task is green if all are committed; a retry runs
        those that are not.
    :param settings: settings of the job, by name. (templated)
    :param settings_from_params: names of settings that the run's params of the same name give, where they are not
        null; they win over ``settings``.
    :param image: image to run instead of the connection's or the manifest's. (templated)
    :param job_resources: ``memory`` and ``cpu`` instead of the manifest's, e.g. ``{"memory": "4Gi"}``; ``scale`` is
        ``local`` or, with ``executor_memory`` and ``executor_cpu`` where they differ, ``executors(2)`` or
        ``executors(1..8)``. Executors are pods: the ``process`` launcher has none. ``scratch`` is how much disk each
        pod may fill, ``scratch_class`` the storage class that it is of, where it is not the node's own disk.
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
        each: str | None = None,
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
        self.each = each
        check_each(self.spec, each)
        self.settings = settings
        self.settings_from_params = settings_from_params
        check_settings(self.spec, settings, of=self.manifest.path)
        self.image = image
        self.job_resources = job_resources
        self.deferrable = deferrable
        self.pod_override = pod_override
        self.on_finish_action = on_finish_action
        self.timeouts = timeouts
        limits_of(timeouts or {}, job)
        resources = {**DEFAULT_RESOURCES, **self.spec.resources, **(job_resources or {})}
        scale_of(resources, job)
        if "scratch" in resources:  # of a class alone the profile may say how much
            scratch_layer(resources, job)
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
        dates = [bound.removesuffix("T00:00:00+00:00") for bound in bounds(self)]
        interval = ["/".join(dates)] if all(dates) and self.spec.needs_interval else []
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
        request = job_request(self, context, connection, profile, "(its own for every try)")
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
        request = job_request(self, context, connection, profile, run_token)
        self._launcher = launcher_for(connection, self._options(profile))
        announce(context, self.sluice_conn_id, connection, request)
        ending = step(self._launcher, request)
        outcome = (
            Outcome.of(ending, job=self.job, copy=request.receipt_copy)
            if self.spec.leaves_receipt
            else Outcome(self.job, ending)
        )
        self._outcome = outcome
        report(context, self.sluice_conn_id, connection, request, outcome)
        return self._tell(context, self._judge(context, outcome))

    def _judge(self, context: Context, outcome: Outcome) -> Receipt | Plan | Verified:
        try:
            if self.spec.plans:
                return judge_plan(outcome.ending, job=self.spec.plans)
            if self.spec.verifies:
                return judge_verification(outcome.ending, job=self.spec.verifies)
            return judge(outcome)
        except SluiceOutOfMemory:
            count_death(context)
            raise

    def _tell(self, context: Context, done: Receipt | Plan | Verified) -> dict[str, Any]:
        """Tell people, and those who wait for the tables; return the result."""
        if not isinstance(done, Receipt):
            return done.to_xcom()
        self.log.info("%s", success_text(done))
        for outlet in self.outlets:
            context["outlet_events"][outlet].extra = done.to_event()
        return done.to_xcom()


def task_args(spec: Job) -> dict[str, Any]:
    """Return what the manifest knows of a task: its description and its assets."""
    return {
        "doc_md": spec.description,
        "inlets": [table_asset(table) for table in spec.reads],
        "outlets": [table_asset(spec.writes)] if spec.writes else [],
    }
