"""The doctor on the lake: folders, buckets and Glue, on the AWS emulator and on a Glue that refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.doctor import Finding
from sluice_airflow.doctor.lake import NO_DATABASE, look_at_lake

boto3 = pytest.importorskip("boto3", reason="boto3 is not among the requirements of this Airflow")
moto_server = pytest.importorskip("moto.server", reason="moto is not among the requirements of this Airflow")


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # which would remember those of an earlier test
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "sluice")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sluice-secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def look(endpoint: str, **env: str) -> list[Finding]:
    said = {
        "SLUICE_LAKE_S3_ENDPOINT": endpoint,
        "SLUICE_LAKE_GLUE_ENDPOINT": endpoint,
        "SLUICE_LAKE_S3_PATH_STYLE": "true",
        "SLUICE_LAKE_REGION": "eu-central-1",
        **env,
    }
    return list(look_at_lake(ConnectionSettings(env=said)))


def test_a_bucket_that_answers(aws: str) -> None:
    s3 = boto3.client("s3", endpoint_url=aws, region_name="us-east-1")
    s3.create_bucket(Bucket="lake")

    (finding,) = look(aws, SLUICE_LAKE_WAREHOUSE="s3a://lake/warehouse")

    assert (finding.check, finding.state.value, finding.says) == ("warehouse", "ok", "s3a://lake/warehouse answers")


def test_a_bucket_that_does_not_exist(aws: str) -> None:
    (finding,) = look(aws, SLUICE_LAKE_WAREHOUSE="s3://none/warehouse")

    assert (finding.state.value, finding.says) == ("wrong", "bucket none does not exist")
    assert finding.fix == "Create it, or correct the address."


def test_a_store_that_does_not_answer() -> None:
    (finding,) = look("http://127.0.0.1:9", SLUICE_LAKE_WAREHOUSE="s3://lake/warehouse")

    assert finding.state.value == "wrong"
    assert finding.says.startswith("s3://lake/warehouse does not answer: ")


def test_a_machine_without_credentials_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    found = look("http://127.0.0.1:9", SLUICE_LAKE_WAREHOUSE="s3://lake/w", SLUICE_LAKE_CATALOG="glue")

    assert [(finding.check, finding.state.value) for finding in found] == [
        ("warehouse", "unknown"),
        ("glue", "unknown"),
    ]
    assert all("no credentials of AWS" in finding.says for finding in found)


def test_a_glue_that_allows_everything_is_left_as_it_was(aws: str) -> None:
    (finding,) = look(aws, SLUICE_LAKE_CATALOG="glue")

    glue = boto3.client("glue", endpoint_url=aws, region_name="eu-central-1")
    assert (finding.check, finding.state.value) == ("glue", "ok")
    assert glue.get_databases()["DatabaseList"] == []


@pytest.fixture
def refusing() -> Iterator[Any]:
    """A Glue that refuses to change tables."""

    class Handler(BaseHTTPRequestHandler):
        asked: list[tuple[str, Any]] = []  # noqa: RUF012 - one server, one list

        def do_POST(self) -> None:
            action = self.headers["X-Amz-Target"].partition(".")[2]
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.asked.append((action, body))
            refused = action in ("CreateTable", "UpdateTable")
            answer: dict[str, Any] = {"__type": "AccessDeniedException" if refused else "EntityNotFoundException"}
            if action == "GetDatabases":
                answer = {"DatabaseList": []}
            content = json.dumps(answer).encode()
            self.send_response_only(200 if action == "GetDatabases" else 400)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_rights_that_are_missing_in_glue_are_named(refusing: Any) -> None:
    (finding,) = look(f"http://127.0.0.1:{refusing.server_port}", SLUICE_LAKE_CATALOG="glue")

    assert (finding.state.value, finding.says) == (
        "wrong",
        "this identity must not glue:CreateTable, glue:UpdateTable",
    )
    named = {
        body.get("DatabaseName") for action, body in refusing.RequestHandlerClass.asked if action != "GetDatabases"
    }
    assert named == {NO_DATABASE}, "a call that is allowed has no effect"


def test_a_folder_of_this_machine(tmp_path: Path) -> None:
    settings = ConnectionSettings(launcher="process", env={"SLUICE_LAKE_WAREHOUSE": f"file://{tmp_path}/new/lake"})

    (finding,) = look_at_lake(settings)

    assert (finding.state.value, finding.says) == ("ok", f"{tmp_path}/new/lake is writable")
