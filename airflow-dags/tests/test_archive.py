"""Receipts and quality pages in an object store, and the memory of what was read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from airflow.sdk.io import attach
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.plugin import archive as archives
from sluice_airflow.plugin.archive import Archive, Unreadable

URI = "s3://lake/warehouse/_sluice/receipts/clean-departures/run.json"


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """A real object store over HTTP, which the Airflow connection 'store' leads to."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = {"endpoint_url": f"http://{host}:{port}", "region_name": "us-east-1"}
    client = boto3.client("s3", aws_access_key_id="key", aws_secret_access_key="secret", **address)
    client.create_bucket(Bucket="lake")
    # What the Amazon provider would make of the connection.
    attach(protocol="s3", conn_id="store", fs=S3FileSystem(key="key", secret="secret", client_kwargs=address))
    yield client
    client.close()
    server.stop()


def lake(**more: Any) -> Archive:
    env = {"SLUICE_LAKE_WAREHOUSE": "s3a://lake/warehouse/"}
    return Archive.of(ConnectionSettings(env=env, storage_conn_id="store", **more))


@pytest.mark.parametrize("uri", [URI, URI.replace("s3:", "s3a:")])
def test_a_receipt_is_read_from_an_object_store(s3: Any, uri: str) -> None:
    s3.put_object(Bucket="lake", Key=URI.removeprefix("s3://lake/"), Body=b'{"job": "clean-departures"}')

    assert lake().receipt(uri).text("job") == "clean-departures"


def test_what_has_changed_in_the_store_is_read_again(s3: Any) -> None:
    for job in ("first", "a longer second"):
        s3.put_object(Bucket="lake", Key=URI.removeprefix("s3://lake/"), Body=json.dumps({"job": job}).encode())

        assert lake().receipt(URI).text("job") == job


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("s3://lake/warehouse/_sluice/receipts/none.json", "there is no such file"),
        ("s3://other/warehouse/_sluice/receipts/run.json", "it lies in no folder that the connection names"),
        ("s3://lake/warehouse/orders.csv", "it lies in no folder that the connection names"),
        ("s3://lake/warehouse/_sluice-other/run.json", "it lies in no folder that the connection names"),
        ("s3://store@lake/warehouse/_sluice/receipts/run.json", "it lies in no folder that the connection names"),
        ("s3://lake/warehouse/_sluice/../orders.csv", "its address leads upwards"),
    ],
)
def test_why_something_in_the_store_is_not_shown(s3: Any, uri: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        lake().read(uri)


def test_a_store_that_airflow_cannot_read_is_named() -> None:
    with pytest.raises(Unreadable, match="No filesystem registered for scheme gs"):
        Archive(("gs://lake",)).read("gs://lake/run.json")


def test_folders_are_those_of_the_connection() -> None:
    env = {"SLUICE_LAKE_WAREHOUSE": "file:///lake"}

    assert Archive.of(ConnectionSettings(env=env, receipt_root="/receipts")).roots == (
        "/receipts",
        "file:///lake/_sluice",
    )
    assert Archive.of(ConnectionSettings()).roots == ()


def test_a_file_is_read_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "run.json"
    file.write_text("one")
    read: list[Path] = []
    bytes_of = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or bytes_of(path))  # type: ignore[func-returns-value]
    archive = Archive((str(tmp_path),))

    assert [archive.read(str(file)) for _ in range(3)] == [b"one"] * 3
    assert read == [file]

    file.write_text("two")
    os.utime(file, (0, 0))
    assert archive.read(str(file)) == b"two"


def test_a_file_that_is_too_large_for_a_page_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 3)
    (tmp_path / "page.html").write_text("long")

    with pytest.raises(Unreadable, match="which is too much for a page"):
        Archive((str(tmp_path),)).read(str(tmp_path / "page.html"))
