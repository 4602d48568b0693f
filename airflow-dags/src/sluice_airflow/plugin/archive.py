"""Reads what runs have left in the lake: long receipts and quality pages, and nothing else.

The addresses come from receipts, which jobs write. So only what lies below a folder that the *connection* names is
read: anything else would let a job show its author the files of Airflow's API server.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.plugin.document import Document

MAX_BYTES = 16 << 20

#: So many files are kept in memory, none of them larger than this.
KEPT = 64
KEPT_BYTES = 1 << 20


class Unreadable(Exception):
    """Why a file is not shown, for people."""


@dataclass(frozen=True)
class Archive:
    """The folders of one connection."""

    roots: tuple[str, ...]
    storage_conn_id: str | None = None

    @classmethod
    def of(cls, settings: ConnectionSettings) -> Archive:
        """Return the folders that a connection names: that of the receipts' copies, and the lake's own."""
        warehouse = settings.env.get("SLUICE_LAKE_WAREHOUSE")
        lake = f"{warehouse.rstrip('/')}/_sluice" if warehouse else None
        return cls(tuple(filter(None, (settings.receipt_root, lake))), settings.storage_conn_id)

    def read(self, uri: str) -> bytes:
        """Return a file's content, or raise Unreadable."""
        scheme, bucket, path = _parts(uri)
        within = [root for root in map(_parts, self.roots) if root[:2] == (scheme, bucket) and _below(path, root[2])]
        if not within:
            raise Unreadable(
                "it lies in no folder that the connection names. Set receipt_root, or SLUICE_LAKE_WAREHOUSE in env"
            )
        try:
            if scheme == "file":
                return _local(Path(path), [Path(root[2]) for root in within])
            return _stored(f"{scheme}://{bucket}{path}", self.storage_conn_id)
        except Unreadable:
            raise
        except FileNotFoundError:
            raise Unreadable("there is no such file") from None
        except Exception as error:  # whatever a file system or an object store may say
            raise Unreadable(str(error)[:300] or type(error).__name__) from error

    def receipt(self, uri: str) -> Document:
        """Return a long receipt, or raise Unreadable."""
        try:
            return Document(json.loads(self.read(uri)))
        except (ValueError, RecursionError):
            raise Unreadable("it is not JSON") from None


def _parts(uri: str) -> tuple[str, str, str]:
    """Split an address into scheme, bucket and path, in one spelling."""
    if re.search(r"[\x00-\x1f\\?#]", uri):
        raise Unreadable("its address has characters that none of ours has")
    try:
        split = urlsplit(uri)
    except ValueError:
        raise Unreadable("its address is none") from None
    scheme = {"": "file", "s3a": "s3", "s3n": "s3"}.get(split.scheme, split.scheme)
    if ".." in split.path.split("/"):
        raise Unreadable("its address leads upwards")
    bucket = "" if scheme == "file" and split.netloc == "localhost" else split.netloc
    return scheme, bucket, posixpath.normpath("/" + split.path.lstrip("/"))


def _below(path: str, root: str) -> bool:
    return path.startswith(root.rstrip("/") + "/")


def _local(path: Path, roots: list[Path]) -> bytes:
    real = path.resolve(strict=True)  # a link may lead out of the folder
    if not any(real.is_relative_to(root.resolve()) for root in roots):
        raise Unreadable("it is a link that leads out of the folder that the connection names")
    if not real.is_file():
        raise Unreadable("it is no file")
    found = real.stat()
    return _KNOWN.get(str(real), (found.st_mtime_ns, found.st_size), real.read_bytes)


def _stored(uri: str, conn_id: str | None) -> bytes:
    from airflow.sdk import ObjectStoragePath

    path = ObjectStoragePath(uri, conn_id=conn_id)
    found = path.stat()
    return _KNOWN.get(f"{conn_id} {uri}", (found.st_mtime, found.st_size), path.read_bytes)


class _Cache:
    """The files read last; one that has changed is read again."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, tuple[Any, bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, version: tuple[float, int], read: Any) -> bytes:
        if version[1] > MAX_BYTES:
            raise Unreadable(f"it has {version[1] >> 20} MiB, which is too much for a page")
        with self._lock:
            if name in self._files and self._files[name][0] == version:
                self._files.move_to_end(name)
                return self._files[name][1]
        content: bytes = read()
        if len(content) > KEPT_BYTES or not version[0]:  # some stores do not say when a file was written
            return content
        with self._lock:
            self._files[name] = version, content
            while len(self._files) > KEPT:
                self._files.popitem(last=False)
        return content


_KNOWN = _Cache()
