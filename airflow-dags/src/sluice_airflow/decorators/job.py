"""The decorator that makes a task of a job, with settings that a function finds out at run time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk.bases.decorator import DecoratedOperator, task_decorator_factory

from sluice_airflow._compat import TaskDeferred, determine_kwargs
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.manifest import Manifest
from sluice_airflow.operators.job import MAP_NAME, SluiceJobOperator, task_args

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.bases.decorator import TaskDecorator


class JobDecoratedOperator(DecoratedOperator, SluiceJobOperator):
    """Calls a function for the settings, and runs the job with them."""

    custom_operator_name = "@task.sluice_job"
    template_fields: Sequence[str] = (*DecoratedOperator.template_fields, *SluiceJobOperator.template_fields)
    template_fields_renderers = {  # noqa: RUF012 - as in Airflow
        **DecoratedOperator.template_fields_renderers,
        **SluiceJobOperator.template_fields_renderers,
    }
    #: So that the UI shows what the function has answered.
    overwrite_rtif_after_execution = True

    def execute(self, context: Context) -> Any:
        """Ask the function, and run the job."""
        kwargs = determine_kwargs(self.python_callable, self.op_args, {**context, **self.op_kwargs})
        self._take(*_answer(self.python_callable(*self.op_args, **kwargs), self.job))
        try:
            return SluiceJobOperator.execute(self, context)
        except TaskDeferred as deferred:
            # Another process comes back, and must not ask again: the answer may have changed.
            answer = {"settings": self.settings, "interval": [self.interval_start, self.interval_end]}
            deferred.kwargs = {**(deferred.kwargs or {}), "answer": answer}
            raise

    def resume(
        self, context: Context, event: dict[str, Any], run_token: str, answer: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Come back from the triggerer with what the function had answered."""
        if answer is not None:
            self._take(answer["settings"], answer["interval"])
        return super().resume(context, event, run_token)

    def _take(self, settings: Mapping[str, Any], interval: Sequence[str | datetime] | None) -> None:
        self.spec.check_settings(list(settings), of=f"manifest {self.manifest.path}")
        self.settings = {**(self.settings or {}), **settings}
        if interval is not None and self.spec.needs_interval:
            self.interval_start, self.interval_end = (
                bound.isoformat() if isinstance(bound, datetime) else bound for bound in interval
            )


def job(
    job: str | Callable[..., Any] | None = None,
    manifest: str | os.PathLike[str] | Manifest | None = None,
    *,
    python_callable: Callable[..., Any] | None = None,
    **kwargs: Any,
) -> TaskDecorator:
    """Make a task that runs a job with the settings that the decorated function returns.

    The function returns the settings as a mapping, or settings and interval as ``(settings, (start, end))``, or None;
    its arguments may be mapped with ``expand``. Also known as ``@task.sluice_job``.

    :param job: name of the job in the manifest.
    :param manifest: path of the manifest file, or a manifest already read.
    :param kwargs: all else that a :class:`SluiceJobOperator` takes.
    """
    if not isinstance(job, str) or manifest is None:
        raise SluiceConfigError(
            "Cannot make a task of a function: which job it runs is not said. "
            'Write @sluice.job("clean-departures", manifest="/opt/airflow/dags/flights.json").'
        )
    given = {**task_args(Manifest.load(manifest).job(job)), "map_index_template": MAP_NAME, **kwargs}
    # The result is a receipt; whatever the function is said to return, it is one value.
    given.setdefault("multiple_outputs", False)
    return task_decorator_factory(
        python_callable=python_callable,
        decorated_operator_class=JobDecoratedOperator,
        job=job,
        manifest=manifest,
        **given,
    )


def _answer(value: Any, job: str) -> tuple[Mapping[str, Any], Sequence[Any] | None]:
    if value is None or isinstance(value, Mapping):
        return value or {}, None
    if isinstance(value, (tuple, list)) and len(value) == 2:
        settings, interval = value
        if isinstance(settings, Mapping) and isinstance(interval, (tuple, list)) and len(interval) == 2:
            return settings, interval
    raise SluiceConfigError(
        f"Cannot run job '{job}': its function returned {value!r:.80}. "
        "Return the settings as a dict, or (settings, (start, end))."
    )
