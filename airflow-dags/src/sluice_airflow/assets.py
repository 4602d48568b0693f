"""Tables as Airflow assets: their URI, what an event says of the run behind it, and how a reader gets at that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult

from airflow.sdk import Asset
from jinja2 import pass_context

from sluice_airflow._compat import newest_event_extra
from sluice_airflow.exceptions import SluiceConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEME = "sluice"

#: As the SDK names tables: ``namespace.table``.
TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def table_uri(table: str) -> str:
    """Return the asset URI of a table, e.g. ``sluice://table/flights.departures``."""
    return f"{SCHEME}://table/{table}"


def table_asset(table: str) -> Asset:
    """Return the asset of a table: what jobs update, and what a DAG may be scheduled on.

    :param table: the table's name in the lake, e.g. ``flights.departures``.
    """
    return Asset(table_uri(table))


def create_asset(*, table: str, extra: dict[str, Any] | None = None) -> Asset:
    """Return the asset of a table for Airflow's hook lineage, which knows factories by their scheme."""
    return Asset(table_uri(table), extra=extra)


def sanitize_uri(uri: SplitResult) -> SplitResult:
    """Return a ``sluice`` URI as it is, or raise ValueError: a misspelt one would never be updated."""
    if uri.netloc != "table" or not TABLE_NAME.fullmatch(uri.path[1:]) or uri.query:
        raise ValueError(
            f"Cannot use asset URI '{uri.geturl()}': it names no table. Write it as {table_uri('namespace.table')}, "
            "or call table_asset('namespace.table')."
        )
    return uri


@pass_context
def published(context: Mapping[str, Any], table: str) -> dict[str, Any]:
    """Return what the run said of itself that published a table: the one that triggered this DAG run.

    In a run that this table did not trigger it is the newest there is. The keys are ``status``, ``target``,
    ``snapshot_id``, ``run_key``, ``interval``, ``rows``, ``quality``, ``files``, ``bytes`` and ``receipt_uri``.
    In a template of a DAG that :func:`sluice_dag` has made, the context is given:
    ``{{ published('flights.departures').snapshot_id }}``.

    :param context: of the task.
    :param table: the table's name, e.g. ``flights.departures``.
    """
    triggering = dict(_events(context)).get(table_uri(table))  # of several the last, which is the newest
    extra = triggering if triggering is not None else newest_event_extra(table_asset(table))
    if extra is None:
        raise SluiceConfigError(
            f"Cannot tell what was published to {table}: no run has published it yet. "
            "Run the job that writes it, or create an asset event with the extra of an earlier one."
        )
    return dict(extra)


def triggering_interval(context: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the interval for which the tables were published that triggered this run, if they all have the same."""
    found: dict[tuple[str, str], str] = {}
    for uri, extra in _events(context):
        interval = extra.get("interval") or {}
        if interval.get("start") and interval.get("end"):
            found.setdefault((interval["start"], interval["end"]), uri)
    if len(found) > 1:
        listed = ", ".join(f"{start}/{end} of {uri.rpartition('/')[2]}" for (start, end), uri in sorted(found.items()))
        raise SluiceConfigError(
            f"Cannot tell the interval of this run: the tables that triggered it were published for several: {listed}. "
            "Trigger the DAG once for each, with the interval in the form."
        )
    return next(iter(found), None)


def _events(context: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every event of a table that triggered the run, oldest first of each table."""
    by_asset: Mapping[Any, Sequence[Any]] = context.get("triggering_asset_events") or {}
    for asset, events in by_asset.items():
        uri = getattr(asset, "uri", "")  # an alias has none
        if uri.startswith(table_uri("")):
            for event in sorted(events, key=lambda event: event.timestamp):
                yield uri, event.extra or {}
