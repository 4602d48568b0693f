"""The same readers through other catalogs: pyiceberg over REST, the metastore's protocol spoken by Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlparse

import pyarrow as pa
from hive_metastore.ThriftHiveMetastore import Client
from hive_metastore.ttypes import FieldSchema, GetTableRequest, StorageDescriptor
from pyiceberg.catalog import Catalog as IcebergCatalog
from pyiceberg.catalog import load_catalog
from pyiceberg.table import StaticTable
from pyiceberg.table import Table as IcebergTable
from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TBufferedTransport

from readers import Lake
from services import Catalog


class RestLake(Lake):
    """The tables through an Iceberg REST catalog, which has Iceberg tables only."""

    def __init__(self, catalog: Catalog):
        super().__init__(catalog.services)
        self._uri = catalog.uri

    def catalog(self) -> IcebergCatalog:
        """Open the catalog as pyiceberg does."""
        return load_catalog("lake", type="rest", uri=self._uri, **self.file_io)

    def rows(self, name: str) -> pa.Table:
        """Read all rows of a table."""
        return self.iceberg(name).scan().to_arrow()


class HiveLake(Lake):
    """The tables as a Hive Metastore tells of them, in the form in which Glue would."""

    def __init__(self, catalog: Catalog):
        super().__init__(catalog.services)
        self._uri = urlparse(catalog.uri)

    @contextmanager
    def _metastore(self) -> Iterator[Any]:
        transport = TBufferedTransport(TSocket(self._uri.hostname, self._uri.port))
        transport.open()
        try:
            yield Client(TBinaryProtocol(transport))
        finally:
            transport.close()

    def iceberg(self, name: str) -> IcebergTable:
        """Load an Iceberg table from where the metastore says that its metadata is.

        Not by pyiceberg's own client of Hive: it asks with ``get_table``, which metastores of version 4 no longer know.
        """
        parameters = self.entry(name)["Parameters"]
        assert parameters["table_type"] == "ICEBERG"
        return StaticTable.from_metadata(parameters["metadata_location"], self.file_io)

    def entry(self, name: str) -> dict[str, Any]:
        """Return a table as the metastore has it."""
        database, table = name.split(".")
        with self._metastore() as metastore:
            found = metastore.get_table_req(GetTableRequest(dbName=database, tblName=table)).table
        return {
            "Parameters": found.parameters,
            "Description": found.parameters.get("comment"),
            "TableType": found.tableType,
            "PartitionKeys": _columns(found.partitionKeys),
            "StorageDescriptor": _storage(found.sd),
        }

    def partitions(self, name: str) -> list[dict[str, Any]]:
        """Return the partitions that the metastore has of a table, in order of their values."""
        database, table = name.split(".")
        with self._metastore() as metastore:
            found = [
                {"Values": p.values, "Parameters": p.parameters, "StorageDescriptor": _storage(p.sd)}
                for p in metastore.get_partitions(database, table, -1)
            ]
        return sorted(found, key=lambda p: [int(value) for value in p["Values"]])


def _columns(columns: list[FieldSchema]) -> list[dict[str, Any]]:
    return [{"Name": c.name, "Type": c.type, "Comment": c.comment} for c in columns]


def _storage(storage: StorageDescriptor) -> dict[str, Any]:
    return {
        "Columns": _columns(storage.cols),
        "Location": storage.location,
        "InputFormat": storage.inputFormat,
        "SerdeInfo": {"SerializationLibrary": storage.serdeInfo.serializationLib},
    }
