"""Receipts as datasets and facets of OpenLineage. Imported only where OpenLineage is installed and asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeVar

import attr
from airflow.providers.openlineage.extractors import OperatorLineage
from openlineage.client.event_v2 import Dataset, InputDataset, OutputDataset
from openlineage.client.facet_v2 import (
    DatasetFacet,
    JobFacet,
    OutputDatasetFacet,
    RunFacet,
    column_lineage_dataset,
    data_quality_assertions_dataset,
    dataset_version_dataset,
    error_message_run,
    output_statistics_output_dataset,
    schema_dataset,
    storage_dataset,
    symlinks_dataset,
)
from openlineage.client.generated import (
    catalog_dataset,
    data_quality_metrics_dataset,
    input_statistics_input_dataset,
)

from sluice_airflow.dataset_names import DatasetName, in_catalog, of_files, of_location, of_sink, of_table
from sluice_airflow.quality_facts import Assertion, assertions, column_metrics
from sluice_airflow.receipt import PUBLISHED

#: The JSON Schema of our own facet; it lies beside this file.
SCHEMA = Path(__file__).with_name("SluiceRunFacet.json")
SCHEMA_URL = "https://sluice.dev/schema/openlineage/1-0-0/SluiceRunFacet.json#/$defs/SluiceRunFacet"

QUARANTINE = "_quarantine"
DIRECT = frozenset({"IDENTITY", "TRANSFORMATION", "AGGREGATION"})
FILE_FORMATS = frozenset({"parquet", "orc", "avro", "json", "csv", "text", "xml"})

Made = TypeVar("Made")


@attr.define
class SluiceRunFacet(RunFacet):
    """What the receipt says of the run itself."""

    job: str
    status: str | None = None
    runKey: str | None = None  # noqa: N815 - as OpenLineage writes its fields
    runId: str | None = None  # noqa: N815
    receiptUri: str | None = None  # noqa: N815
    sdkVersion: str | None = None  # noqa: N815
    rowsRead: int | None = None  # noqa: N815
    rowsWritten: int | None = None  # noqa: N815
    rowsQuarantined: int | None = None  # noqa: N815
    rowsFiltered: int | None = None  # noqa: N815
    errorKind: str | None = None  # noqa: N815
    errorPhase: str | None = None  # noqa: N815
    notes: list[str] | None = None

    _additional_skip_redact: ClassVar[list[str]] = ["job", "status", "runKey", "runId", "receiptUri"]

    @staticmethod
    def _get_schema() -> str:
        return SCHEMA_URL


class _Receipt(NamedTuple):
    """A receipt of either form, with empty values for what the short one leaves out."""

    of: Mapping[str, Any]

    def part(self, *keys: str) -> Mapping[str, Any]:
        value: Any = self.of
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value if isinstance(value, Mapping) else {}

    @property
    def status(self) -> str | None:
        return self.of.get("status")

    @property
    def published(self) -> bool:
        return self.status in PUBLISHED

    def runs(self, *statuses: str) -> list[Mapping[str, Any]]:
        """The runs that have ended so: this one, or of a range its parts."""
        runs = self.part("range").get("runs") if self.part("range") else [self.of]
        return [run for run in runs or () if run.get("status") in statuses]

    @property
    def inputs(self) -> list[Mapping[str, Any]]:
        return list(self.of.get("inputs") or ())

    def described(self, name: str) -> Mapping[str, Any]:
        """What the lineage says of the input that the job reads by this name."""
        return next((each for each in self.part("lineage").get("inputs") or () if each.get("name") == name), {})

    def name_of(self, entry: Mapping[str, Any]) -> DatasetName:
        table = self.described(entry["name"]).get("table")
        return of_location(entry["uri"]) if table or "files" not in entry else of_files(entry["uri"])


def operator_lineage(document: Mapping[str, Any]) -> OperatorLineage[Any, Any]:
    """Return what a receipt says, or what stands for one before there is any."""
    receipt = _Receipt(document)
    inputs = [_input(receipt, entry) for entry in receipt.inputs if entry.get("uri")]
    outputs = [*_output(receipt), *_quarantine(receipt)]
    jobs: dict[str, JobFacet] = {}
    return OperatorLineage(inputs=inputs, outputs=outputs, run_facets=_run_facets(receipt), job_facets=jobs)


def _input(receipt: _Receipt, entry: Mapping[str, Any]) -> InputDataset:
    described = receipt.described(entry["name"])
    namespace, name = receipt.name_of(entry)
    files = entry.get("files")
    statistics = _made(
        input_statistics_input_dataset.InputStatisticsInputDatasetFacet,
        rowCount=entry.get("rows"),
        size=sum(file["bytes"] for file in files) if files else None,
        fileCount=len(files) if files else None,
    )
    known = files or entry.get("rows") is not None
    return InputDataset(
        namespace=namespace,
        name=name,
        facets=_facets(receipt, described, entry.get("snapshot_id") or _pinned(files)),
        inputFacets={"inputStatistics": statistics} if known else {},
    )


def _pinned(files: Iterable[Mapping[str, Any]] | None) -> str | None:
    """Return one word for just these files with just this content."""
    if not files:
        return None
    pins = sorted((file["uri"], file["bytes"], file.get("etag") or file["modified"]) for file in files)
    return "files-" + hashlib.sha256(json.dumps(pins).encode()).hexdigest()[:16]


def _output(receipt: _Receipt) -> list[OutputDataset]:
    target = receipt.part("target")
    if not target.get("uri"):
        return []
    is_table = target.get("kind") == "table"
    namespace, name = of_location(target["uri"]) if is_table else of_sink(target["uri"])
    described = {**receipt.part("lineage", "output"), **({"table": target["name"]} if is_table else {})}
    facets = {
        **_facets(receipt, described, target.get("snapshot_id") if receipt.published else None),
        **_column_lineage(receipt),
        **_quality(receipt),
    }
    return [OutputDataset(namespace=namespace, name=name, facets=facets, outputFacets=_written(receipt, target))]


def _written(receipt: _Receipt, target: Mapping[str, Any]) -> dict[str, OutputDatasetFacet]:
    """What this run has added; one that found its work done has added nothing."""
    runs = receipt.runs("COMMITTED")
    if not runs:
        return {}
    return {
        "outputStatistics": _made(
            output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet,
            rowCount=_count(runs, "written"),
            size=target.get("bytes"),
            fileCount=target.get("files"),
        )
    }


def _quarantine(receipt: _Receipt) -> list[OutputDataset]:
    target, rows = receipt.part("target"), _count(receipt.runs("COMMITTED", "REFUSED"), "quarantined")
    if not rows or target.get("kind") != "table":
        return []
    namespace, name = of_location(target["uri"] + QUARANTINE)
    statistics = _made(output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet, rowCount=rows)
    facets = _facets(receipt, {"table": target["name"] + QUARANTINE, "format": "iceberg"}, None)
    return [OutputDataset(namespace=namespace, name=name, facets=facets, outputFacets={"outputStatistics": statistics})]


def _count(runs: Iterable[Mapping[str, Any]], rows: str) -> int | None:
    counts = [run["rows"][rows] for run in runs if run.get("rows")]
    return sum(counts) if counts else None


def _facets(receipt: _Receipt, described: Mapping[str, Any], version: str | None) -> dict[str, DatasetFacet]:
    facets: dict[str, DatasetFacet] = {}
    if columns := described.get("columns"):
        fields = [
            schema_dataset.SchemaDatasetFacetFields(
                name=column["name"], type=column["type"], description=column.get("comment")
            )
            for column in columns
        ]
        facets["schema"] = schema_dataset.SchemaDatasetFacet(fields=fields)
    if version:
        facets["version"] = dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=version)
    if table := described.get("table"):
        facets["symlinks"] = _symlinks(receipt.part("lineage", "catalog"), table)
    if word := described.get("format"):
        facets.update(_storage(word))
    if described.get("table") and (catalog := receipt.part("lineage", "catalog")):
        facets["catalog"] = _made(
            catalog_dataset.CatalogDatasetFacet,
            framework=described.get("format") or "iceberg",
            type="jdbc" if catalog["type"] == "embedded" else catalog["type"],
            name="lake",
            metadataUri=catalog["address"] if ":/" in catalog["address"] else None,
            warehouseUri=catalog["warehouse"],
            source="spark",
        )
    return facets


def _symlinks(catalog: Mapping[str, Any], table: str) -> symlinks_dataset.SymlinksDatasetFacet:
    names = [name for name in (in_catalog(catalog, table), of_table(table)) if name]
    return symlinks_dataset.SymlinksDatasetFacet(
        identifiers=[
            symlinks_dataset.Identifier(namespace=namespace, name=name, type="TABLE") for namespace, name in names
        ]
    )


def _storage(word: str) -> dict[str, DatasetFacet]:
    if word in ("iceberg", "delta"):
        return {"storage": storage_dataset.StorageDatasetFacet(storageLayer=word, fileFormat="parquet")}
    if word in FILE_FORMATS:
        return {"storage": storage_dataset.StorageDatasetFacet(storageLayer="file", fileFormat=word)}
    return {}


def _column_lineage(receipt: _Receipt) -> dict[str, DatasetFacet]:
    lineage = receipt.part("lineage")
    columns: Mapping[str, Any] = lineage.get("columns") or {}
    if not columns:
        return {}
    names = {entry["name"]: receipt.name_of(entry) for entry in receipt.inputs if entry.get("uri")}
    fields = {
        column: column_lineage_dataset.Fields(inputFields=_input_fields(origins, names))
        for column, origins in columns.items()
    }
    rows = _input_fields(lineage.get("rows") or (), names)
    return {"columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields, dataset=rows)}


def _input_fields(
    origins: Iterable[Mapping[str, Any]], names: Mapping[str, DatasetName]
) -> list[column_lineage_dataset.InputField]:
    return [
        column_lineage_dataset.InputField(
            namespace=names[origin["input"]].namespace,
            name=names[origin["input"]].name,
            field=origin["column"],
            transformations=[
                column_lineage_dataset.Transformation(type="DIRECT" if how in DIRECT else "INDIRECT", subtype=how)
                for how in origin["how"]
            ],
        )
        for origin in origins
        if origin["input"] in names
    ]


def _quality(receipt: _Receipt) -> dict[str, DatasetFacet]:
    """Facets about the rows that the gate has judged: those that are written and those that are not."""
    facets: dict[str, DatasetFacet] = {}
    quality = receipt.part("quality")
    if found := assertions(quality):
        facets["dataQualityAssertions"] = data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(  # type: ignore[assignment]
            assertions=[_assertion(each) for each in found]
        )
    if metrics := column_metrics(quality):
        rows = receipt.part("rows")
        facets["dataQualityMetrics"] = data_quality_metrics_dataset.DataQualityMetricsDatasetFacet(
            rowCount=rows["written"] + rows["quarantined"] if rows else None,
            columnMetrics={
                column: _made(data_quality_metrics_dataset.ColumnMetrics, **values)
                for column, values in metrics.items()
            },
        )
    return facets


def _assertion(of: Assertion) -> data_quality_assertions_dataset.Assertion:
    return _made(data_quality_assertions_dataset.Assertion, **of._asdict())


def _run_facets(receipt: _Receipt) -> dict[str, RunFacet]:
    document, rows, error = receipt.of, receipt.part("rows"), receipt.part("error")
    facets: dict[str, RunFacet] = {
        "sluice": SluiceRunFacet(
            job=document["job"],
            status=receipt.status,
            runKey=document.get("run_key"),
            runId=document.get("run_id"),
            receiptUri=document.get("receipt_uri"),
            sdkVersion=document.get("sdk_version"),
            rowsRead=rows.get("read"),
            rowsWritten=rows.get("written"),
            rowsQuarantined=rows.get("quarantined"),
            rowsFiltered=rows.get("filtered"),
            errorKind=error.get("kind"),
            errorPhase=error.get("phase"),
            notes=receipt.part("lineage").get("notes"),
        )
    }
    if error:
        facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(
            message=str(error.get("message")),
            programmingLanguage="JAVA",
            stackTrace="\n".join(error.get("stack") or ()) or None,
        )
    return facets


def _made(kind: type[Made], **values: Any) -> Made:
    """Make a facet of what this version of the client knows of it, without what is not known."""
    known = {field.name for field in attr.fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in values.items() if name in known and value is not None})


__all__ = ["SCHEMA", "SCHEMA_URL", "Dataset", "SluiceRunFacet", "operator_lineage"]
