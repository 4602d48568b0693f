"""What OpenLineage calls a dataset: names by its rules, from the addresses that receipts hold; imports nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

#: Namespace of a table by its name alone: what its asset is, wherever the lake is.
TABLES = "sluice://table"

_S3 = frozenset({"s3a", "s3n"})
_GLOB = re.compile(r"[*?\[{]")
_DATABASES = {
    "postgresql": ("postgres", 5432),
    "mysql": ("mysql", 3306),
    "mariadb": ("mysql", 3306),
    "redshift": ("redshift", 5439),
    "sqlserver": ("sqlserver", 1433),
}


class DatasetName(NamedTuple):
    """A dataset's name and the namespace that it is unique in."""

    namespace: str
    name: str


def of_table(table: str) -> DatasetName:
    """Name a table of the lake by its name alone, as its asset does."""
    return DatasetName(TABLES, table)


def of_location(uri: str) -> DatasetName:
    """Name a folder or file by where it lies."""
    parts = urlsplit(uri)
    scheme = "s3" if parts.scheme in _S3 else parts.scheme
    path = parts.path.rstrip("/") or "/"
    if scheme in ("", "file"):
        return DatasetName("file", path)
    return DatasetName(f"{scheme}://{parts.netloc}", path.lstrip("/") or "/")


def of_files(uri: str) -> DatasetName:
    """Name files by the address that a job reads them from; a pattern is named by the folder before it."""
    pattern = _GLOB.search(uri)
    return of_location(uri[: uri.rindex("/", 0, pattern.start())] if pattern else uri)


def of_sink(uri: str) -> DatasetName:
    """Name a table of a database by the address that its connector shows: ``jdbc:…#schema.table``."""
    address, _, table = uri.partition("#")
    parts = urlsplit(address.removeprefix("jdbc:"))
    if parts.scheme == "sqlite":
        return DatasetName("file", f"{parts.path}#{table}")
    scheme, usual = _DATABASES.get(parts.scheme, (parts.scheme, None))
    host = parts.netloc.split(",")[0] or "localhost"  # a cluster is named by its first server
    if usual and not re.search(r":\d+$", host):
        host = f"{host}:{usual}"
    if scheme == "postgres" and "." not in table:
        table = f"public.{table}"
    return DatasetName(f"{scheme}://{host}", ".".join(filter(None, (parts.path.strip("/"), table))))


def in_catalog(catalog: Mapping[str, Any], table: str) -> DatasetName | None:
    """Name a table as its catalog does; None where the catalog has no name of its own, or it is not known."""
    address = str(catalog.get("address", ""))
    if catalog.get("type") == "glue" and catalog.get("account"):
        database, _, name = table.rpartition(".")
        return DatasetName(f"arn:aws:glue:{catalog.get('region')}:{catalog['account']}", f"table/{database}/{name}")
    if catalog.get("type") == "hive" and address.startswith("thrift://"):
        first = urlsplit(address.split(",")[0].strip())
        return DatasetName(f"hive://{first.hostname}:{first.port or 9083}", table)
    if catalog.get("type") == "rest" and address:
        return DatasetName(address.rstrip("/"), table)
    return None


def location_of(warehouse: str | None, table: str) -> str | None:
    """Return where a table of the lake lies, as far as the warehouse's address is known in full."""
    if not warehouse or not re.match(r"(s3[an]?|file)://", warehouse):
        return None
    namespace, _, name = table.rpartition(".")
    return f"{warehouse.rstrip('/')}/{namespace}/{name}"
