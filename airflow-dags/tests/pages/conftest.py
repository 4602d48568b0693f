from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow.api_fastapi.core_api import security
from fastapi.testclient import TestClient
from jwt import ExpiredSignatureError

from airflow_metadata import Metadata
from sluice_airflow.plugin import app as pages


class Auth:
    """Whoever asks may see the DAG 'flights'."""

    def get_authorized_dag_ids(self, **_: Any) -> set[str]:
        return {"flights"}

    async def get_user_from_token(self, token: str) -> None:
        raise ExpiredSignatureError(token)


@pytest.fixture
def metadata() -> Metadata:
    return Metadata()


@pytest.fixture
def stranger(metadata: Metadata, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Ask as somebody who has not logged in."""

    def session() -> Iterator[Any]:
        with metadata.session() as session:
            yield session

    monkeypatch.setattr(pages, "get_auth_manager", Auth)
    monkeypatch.setattr(security, "get_auth_manager", Auth)
    pages.app.dependency_overrides[pages.database] = session
    yield TestClient(pages.app, follow_redirects=False)
    pages.app.dependency_overrides.clear()


@pytest.fixture
def client(stranger: TestClient) -> TestClient:
    """Ask as a user."""
    pages.app.dependency_overrides[security.get_user] = lambda: "somebody"
    return stranger


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a lake in the connection 'lake'."""
    lake = tmp_path / "lake"
    (lake / "_sluice/receipts").mkdir(parents=True)
    extra = {"launcher": "process", "home": str(tmp_path), "env": {"SLUICE_LAKE_WAREHOUSE": f"file://{lake}"}}
    monkeypatch.setenv("AIRFLOW_CONN_LAKE", json.dumps({"conn_type": "sluice", "extra": extra}))
    return lake
