"""Both sides of the contract agree: what these tests take for a manifest or a receipt is one by the SDK's schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from long_receipts import long_receipt
from receipts import failed, ranged, receipt
from sluice_airflow import receipt as ours
from sluice_airflow.lineage_facets import DIRECT, operator_lineage
from sluice_airflow.verdict import BY_EXIT_CODE, BY_KIND

SCHEMAS = Path(__file__).parents[2] / "sdk/model/src/main/resources/dev/sluice/model"
GOLDEN = Path(__file__).parents[2] / "sdk/model/src/test/resources/dev/sluice/model/golden"

pytestmark = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the SDK is not beside this package")


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text())


def test_the_manifest_of_these_tests(flights: Path) -> None:
    jsonschema.validate(json.loads(flights.read_text()), schema("manifest"))


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(receipt(), id="good"),
        pytest.param(failed(70, "BUG", "Cannot transform: bug. Correct it."), id="failed"),
        pytest.param(receipt(status="RUNNING", exit_code=None, rows=None, quality=None), id="running"),
        pytest.param(
            long_receipt("clean-departures", parent={"namespace": "a", "name": "b", "run_id": "c"}), id="long"
        ),
        pytest.param(long_receipt("load-delays"), id="long, of a sink"),
        pytest.param(ranged(28, 1, [(3, "Cannot publish: no. Look at it.")], 1), id="of a range"),
    ],
)
def test_the_receipts_of_these_tests(document: dict[str, Any]) -> None:
    jsonschema.validate(document, schema("receipt"))


def test_every_status_exit_code_and_kind_has_an_answer() -> None:
    properties = schema("receipt")["properties"]

    assert {*ours.EXIT_CODES, "RUNNING"} == set(properties["status"]["enum"])
    assert {0, 137, *BY_EXIT_CODE} == set(properties["exit_code"]["enum"])
    assert set(DIRECT) < set(schema("receipt")["definitions"]["origin"]["properties"]["how"]["items"]["enum"])
    assert set(BY_KIND) == set(properties["error"]["properties"]["kind"]["enum"])


def test_what_the_sdk_writes_is_told_in_full() -> None:
    document = json.loads((GOLDEN / "receipt-full.json").read_text())

    told = operator_lineage(document)

    output = told.outputs[0]
    assert [(each.namespace, each.name) for each in told.inputs] == [
        ("s3://lake", "flights/flights"),
        ("s3://raw", "airlines.csv"),
    ]
    assert {"schema", "symlinks", "storage", "catalog", "columnLineage", "dataQualityAssertions"} <= set(output.facets)
    lineage = output.facets["columnLineage"]
    assert [field.name for field in lineage.fields["dep_delay"].inputFields] == ["flights/flights"]
    assert [field.name for field in lineage.dataset] == ["airlines.csv"]


def test_a_range_has_written_what_its_own_parts_have() -> None:
    document = json.loads((GOLDEN / "receipt-range-full.json").read_text())

    told = operator_lineage(document)

    table, quarantine = told.outputs
    assert table.outputFacets["outputStatistics"].rowCount == 880, "not what was there before"
    assert quarantine.outputFacets["outputStatistics"].rowCount == 20
