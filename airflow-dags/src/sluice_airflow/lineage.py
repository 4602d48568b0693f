"""OpenLineage: what a task tells of its datasets, read from the receipt that its job has left.

Imports nothing of OpenLineage before it is asked: the provider works without it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sluice_airflow.dataset_names import location_of, of_table
from sluice_airflow.exceptions import SluiceReceiptError
from sluice_airflow.receipt import Receipt, parse_receipt

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage
    from airflow.sdk import Asset
    from openlineage.client.event_v2 import Dataset

    from sluice_airflow.operators.job import SluiceJobOperator
    from sluice_airflow.verdict import Outcome

log = logging.getLogger("airflow.task.sluice")

#: OpenLineage gives a task ten seconds for all it does; a store that does not answer may have half of them.
READ_SECONDS = 5.0

#: A receipt that is longer is left where it is.
READ_BYTES = 16 << 20


def parent_environment(ti: Any) -> dict[str, str]:
    """Return the variables by which a job learns which task runs it, where OpenLineage is set up; never raises."""
    try:
        from airflow.providers.openlineage import conf

        if conf.is_disabled():
            return {}
        from airflow.providers.openlineage.plugins.macros import lineage_parent_id, lineage_root_parent_id

        return {
            "OPENLINEAGE_PARENT_ID": lineage_parent_id(ti),
            "OPENLINEAGE_ROOT_PARENT_ID": lineage_root_parent_id(ti),
        }
    except ImportError:
        return {}
    except Exception as error:  # to tell where a job comes from is a courtesy
        log.warning("Cannot tell the job which task runs it, for OpenLineage: %s", error)
        return {}


def started(operator: SluiceJobOperator) -> OperatorLineage[Any, Any]:
    """Return what is known before the job runs: the tables that it is declared to read and to write."""
    from sluice_airflow.lineage_facets import operator_lineage

    return operator_lineage(_declared(operator))


def ended(operator: SluiceJobOperator, outcome: Outcome | None) -> OperatorLineage[Any, Any]:
    """Return what the job's receipt says: the long one where it can be read, else the short one."""
    from sluice_airflow.lineage_facets import operator_lineage

    for receipt in _receipts(outcome) if outcome else ():
        try:
            return operator_lineage(receipt.document)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            log.warning("OpenLineage gets less from this run: a receipt is not of its form (%r)", error)
    return operator_lineage(_declared(operator))


def to_openlineage(asset: Asset, lineage_context: Any) -> Dataset | None:
    """Convert the asset of a table, e.g. ``sluice://table/flights.departures``, to a dataset.

    Its name is one of those that a job's own events give as symlinks of the table's place.
    """
    from openlineage.client.event_v2 import Dataset

    parts = urlsplit(asset.uri)
    table = parts.path.strip("/")
    if parts.scheme != "sluice" or parts.netloc != "table" or not table:
        return None
    namespace, name = of_table(table)
    return Dataset(namespace=namespace, name=name)


def _declared(operator: SluiceJobOperator) -> dict[str, Any]:
    """A receipt with what the manifest and the connection say; empty where they do not say where the lake is."""
    warehouse = (operator.settings or {}).get("lake.warehouse") or _connection_env(operator).get(
        "SLUICE_LAKE_WAREHOUSE"
    )
    tables = {table: location_of(warehouse, table) for table in (*operator.spec.reads, operator.spec.writes) if table}
    if not all(tables.values()):
        return {"job": operator.job}
    target = operator.spec.writes
    return {
        "job": operator.job,
        "inputs": [{"name": table, "uri": tables[table]} for table in operator.spec.reads],
        **({"target": {"kind": "table", "name": target, "uri": tables[target]}} if target else {}),
        "lineage": {"inputs": [{"name": table, "table": table} for table in operator.spec.reads]},
    }


def _connection_env(operator: SluiceJobOperator) -> Mapping[str, str]:
    from sluice_airflow.hooks.sluice import SluiceHook

    try:
        return SluiceHook(operator.sluice_conn_id).get_conn().env
    except Exception as error:  # the task itself says what is wrong with it
        log.debug("Cannot read the connection for OpenLineage: %s", error)
        return {}


def _receipts(outcome: Outcome) -> Iterator[Receipt]:
    """The receipts of this run that can be read, the one that says most first."""
    if outcome.doubt and outcome.ending.message:
        _tell_less(outcome.doubt)
    for place in _places(outcome):
        if long := _long(place, outcome):
            yield long
    if outcome.receipt:
        yield outcome.receipt


def _places(outcome: Outcome) -> Iterator[str]:
    """Where the long receipt may lie: the copy first, for it was put where Airflow looks."""
    if outcome.copy:
        yield outcome.copy
    if outcome.receipt and outcome.receipt.receipt_uri:
        yield outcome.receipt.receipt_uri


def _long(place: str, outcome: Outcome) -> Receipt | None:
    text = _read(place)
    if text is None:
        return None
    try:
        return parse_receipt(text, run_token=outcome.ending.run_token, job=outcome.job)
    except SluiceReceiptError as doubt:
        _tell_less(doubt)
        return None


def _tell_less(doubt: SluiceReceiptError) -> None:
    log.warning("OpenLineage gets less from this run: %s", doubt)


def _read(place: str) -> str | None:
    """Read a file, here or in an object store, if that can be done in time; None if not."""
    found: list[str] = []
    # In a thread, for a client of an object store may try for minutes; it is left behind then.
    reader = Thread(target=_read_into, args=(place, found), daemon=True)
    reader.start()
    reader.join(READ_SECONDS)
    if reader.is_alive():
        log.warning("Cannot read %s for OpenLineage: no answer in %.0f s. Less is told.", place, READ_SECONDS)
    return found[0] if found else None


def _read_into(place: str, found: list[str]) -> None:
    try:
        from airflow.sdk import ObjectStoragePath

        path: Any = ObjectStoragePath(place.replace("s3a://", "s3://", 1))
        with path.open("rb") as file:
            content: bytes = file.read(READ_BYTES + 1)
        if len(content) > READ_BYTES:
            raise ValueError(f"it is longer than {READ_BYTES >> 20} MiB")
        found.append(content.decode())
    except Exception as error:  # whatever keeps it from being read, the task has ended as it has
        log.info("Cannot read %s for OpenLineage (%s). Less is told.", place, error)
