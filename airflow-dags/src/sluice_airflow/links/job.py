"""The buttons of a job's task: its receipt, quality page and quarantine, Spark's pages and history, the log store.

A browser opens neither ``s3://`` nor ``file://``, so the first three lead to the pages of :mod:`sluice_airflow.plugin`.
Each link is pushed as soon as its target is known, so that it shows while the job runs, and is absent until then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from airflow.sdk import BaseOperatorLink

from sluice_airflow._compat import conf
from sluice_airflow.run_record import RECORD, record

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator, Context
    from airflow.sdk.types import TaskInstanceKey

    from sluice_airflow.connection import ConnectionSettings
    from sluice_airflow.launchers import JobRequest
    from sluice_airflow.verdict import Outcome

#: Where a job ran, as its ending says it.
RAN_IN = r"pod (?P<namespace>[^/\s]+)/(?P<pod>\S+)|emr-\w+ job run [^/\s]+/(?P<job_run>\S+)"


class SluiceLink(BaseOperatorLink):
    """A link that the task itself has pushed."""

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Return what was pushed; Airflow calls this at the task's end and keeps the answer. Empty: no button."""
        from airflow.sdk.bases.xcom import BaseXCom

        key: Any = ti_key  # its attributes cannot be set, as BaseXCom's signature wants them to be
        return BaseXCom.get_value(key=self.xcom_key, ti_key=key) or ""


class ReceiptLink(SluiceLink):
    """Leads to the run's receipt as a page."""

    @property
    def name(self) -> str:
        """The button's text."""
        return "Receipt"


class QualityLink(SluiceLink):
    """Leads to the page that the run has written about its expectations."""

    @property
    def name(self) -> str:
        """The button's text."""
        return "Quality"


class QuarantineLink(SluiceLink):
    """Leads to the rejected rows' counts and reasons; absent where no row was rejected."""

    @property
    def name(self) -> str:
        """The button's text."""
        return "Quarantine"


class SparkLink(SluiceLink):
    """Leads to Spark's own pages, where the connection says where they are."""

    @property
    def name(self) -> str:
        """The button's text."""
        return "Spark UI"


class HistoryLink(SluiceLink):
    """Leads to the run in Spark's history server, where the connection says where that is and the run left a log."""

    @property
    def name(self) -> str:
        """The button's text."""
        return "Spark history"


class LogsLink(SluiceLink):
    """Leads to the pod's log in a log store, where the connection says where that is."""

    @property
    def name(self) -> str:
        """The button's text."""
        return "Pod logs"


RECEIPT, QUALITY, QUARANTINE = ReceiptLink(), QualityLink(), QuarantineLink()
SPARK, HISTORY, LOGS = SparkLink(), HistoryLink(), LogsLink()
LINKS = (RECEIPT, QUALITY, QUARANTINE, SPARK, HISTORY, LOGS)


def announce(context: Context, conn_id: str, settings: ConnectionSettings, request: JobRequest) -> None:
    """Tell Airflow's pages that a job is about to run."""
    push = context["ti"].xcom_push
    push(key=RECORD, value=record(conn_id, request))
    push(key=RECEIPT.xcom_key, value=page("receipt", request))
    _push_addresses(push, settings, _names(request, _planned_pod(settings, request)))


def report(context: Context, conn_id: str, settings: ConnectionSettings, request: JobRequest, outcome: Outcome) -> None:
    """Tell Airflow's pages how the job ended, whether or not that is good."""
    push = context["ti"].xcom_push
    told = record(conn_id, request, outcome.receipt)
    push(key=RECORD, value=told)
    receipt = told["receipt"] or {}
    if (receipt.get("quality") or {}).get("page_uri"):
        push(key=QUALITY.xcom_key, value=page("quality", request))
    if (receipt.get("rows") or {}).get("quarantined"):
        push(key=QUARANTINE.xcom_key, value=page("receipt", request) + "#quarantine")
    seen = re.fullmatch(RAN_IN, outcome.ending.where)
    found = {name: text for name, text in seen.groupdict().items() if text} if seen else {}
    if application := (receipt.get("spark") or {}).get("application_id"):
        found["application"] = application
    if found:
        _push_addresses(push, settings, _names(request, found))


def page(name: str, request: JobRequest) -> str:
    """Return the address of a page about one task instance, from the root of whatever host shows Airflow."""
    task: dict[str, Any] = {"dag_id": request.dag_id, "run_id": request.run_id, "task_id": request.task_id}
    if request.map_index >= 0:
        task["map_index"] = request.map_index
    return f"{mount()}/{name}?{urlencode(task)}"


def mount() -> str:
    """Return the path under which the pages are mounted."""
    return urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/") + "/sluice"


def _push_addresses(push: Any, settings: ConnectionSettings, names: Mapping[str, str]) -> None:
    links = ((SPARK, settings.spark_ui_url), (HISTORY, settings.spark_history_url), (LOGS, settings.logs_url))
    for link, template in links:
        try:
            address = template.format_map(names) if template else None
        except KeyError:  # not known yet, or never: a process has no pod
            continue
        if address:
            push(key=link.xcom_key, value=address)


def _names(request: JobRequest, pod: Mapping[str, str]) -> dict[str, str]:
    task = {name: getattr(request, name) for name in ("job", "dag_id", "task_id", "run_id", "try_number", "map_index")}
    return {name: quote(str(value), safe="") for name, value in {**task, **pod}.items()}


def _planned_pod(settings: ConnectionSettings, request: JobRequest) -> dict[str, str]:
    if settings.launcher != "kubernetes" or not settings.namespace:
        return {}
    from sluice_airflow.launchers.pod import pod_name

    return {"namespace": settings.namespace, "pod": pod_name(request)}
