"""The pages in Airflow, asked with bad intent: to whom they show what, and that nothing in a receipt can do harm."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from airflow_metadata import Metadata
from airflow_pages import long_receipt, record, words
from receipts import failed, receipt

SCRIPT = "<script>alert(1)</script>"


class Markup(HTMLParser):
    """Keeps every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, attrs))


def test_the_quality_page_is_shown_as_nobodys(client: TestClient, metadata: Metadata, lake: Path) -> None:
    file = lake / "_sluice/pages/run.html"
    file.parent.mkdir()
    file.write_text("<h1>Published</h1>" + SCRIPT)
    run = metadata.add(record(receipt(quality={**receipt()["quality"], "page_uri": file.as_uri()})))

    page = client.get("/quality", params=run)

    assert page.text == "<h1>Published</h1>" + SCRIPT
    policy = page.headers["content-security-policy"]
    # Without allow-same-origin the document has no cookie of Airflow's, and without connect-src it reaches nothing.
    assert policy.startswith("sandbox allow-scripts; default-src 'none';")
    assert "allow-same-origin" not in policy
    assert 'href="/sluice/quality?dag_id=flights' in client.get("/receipt", params=run).text


OUTSIDE = [
    "file:///etc/passwd",
    "/etc/passwd",
    "file://{lake}/_sluice/../secret.html",
    "file://{lake}/_sluice/pages/../../secret.html",
    "file://{lake}/_sluice/pages/%2e%2e/%2e%2e/secret.html",
    "file://{lake}/secret.html",
    "file://{lake}/_sluice-other/secret.html",
    "file://{lake}/_sluice/link.html",
    "file://{lake}/_sluice",
    "file://elsewhere{lake}/_sluice/page.html",
    "s3://{lake}/_sluice/page.html",
    "http://169.254.169.254/latest/meta-data",
    "s3://key@{lake}/_sluice/page.html",
    "file://{lake}/_sluice/page.html\x00",
    "http://[",
]


@pytest.mark.parametrize("uri", OUTSIDE)
def test_what_lies_outside_the_connections_folders_is_never_read(
    client: TestClient, metadata: Metadata, lake: Path, uri: str
) -> None:
    (lake / "secret.html").write_text("a secret")
    (lake / "_sluice-other").mkdir()
    (lake / "_sluice-other/secret.html").write_text("a secret")
    (lake / "_sluice/page.html").write_text("a page")
    (lake / "_sluice/link.html").symlink_to(lake / "secret.html")
    uri = uri.replace("{lake}", str(lake))
    run = metadata.add(record(receipt(receipt_uri=uri, quality={**receipt()["quality"], "page_uri": uri})))

    quality, shown = client.get("/quality", params=run), client.get("/receipt", params=run)

    assert quality.status_code == 404
    assert "Cannot show" in words(quality.text)
    assert "the long one cannot be shown, because" in words(shown.text)
    assert "a secret" not in quality.text + shown.text
    assert "root:" not in quality.text + shown.text


@pytest.mark.parametrize("path", ["/receipt/../../etc/passwd", "/style.css/../app.py", "/..%2f..%2fetc%2fpasswd"])
def test_an_address_leads_to_no_file(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def hostile(value: Any) -> Any:
    """Put markup wherever a receipt has a text, and into names as well."""
    if isinstance(value, dict):
        return {key: hostile(item) for key, item in value.items()} | {SCRIPT: 7}
    if isinstance(value, list):
        return [hostile(item) for item in value] + [f"'\">{SCRIPT}"]
    return f"{value}'\">{SCRIPT}" if isinstance(value, str) else value


def test_nothing_in_a_receipt_becomes_markup(client: TestClient, metadata: Metadata, lake: Path) -> None:
    document = hostile(long_receipt(error=failed(70, "BUG", "x")["error"], warnings=["w"]))
    document |= {"status": "FAILED", "target": {**document["target"], "kind": "table"}}
    file = lake / "_sluice/receipts/run.json"
    file.write_text(json.dumps(document))
    short = {**document, "receipt_uri": file.as_uri()}
    run = metadata.add(record(short, job=f"job{SCRIPT}"), task_id=f"t{SCRIPT}", run_id=f"r{SCRIPT}")

    asked = [
        client.get("/"),
        client.get("/", params={"job": f"job{SCRIPT}", "dag_id": "flights"}),
        client.get("/tables"),
        client.get("/table", params={"name": document["target"]["name"]}),
        client.get("/table", params={"name": SCRIPT}),
        client.get("/receipt", params=run),
        client.get("/quality", params=run),
    ]

    for answer in asked:
        assert answer.status_code in (200, 404)
        assert "<script" not in answer.text
        for tag, attributes in Markup(answer.text).elements:
            assert tag != "script"
            assert all(not name.startswith("on") for name, _ in attributes)
            assert all((value or "").startswith("/sluice") for name, value in attributes if name in ("href", "src"))
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "etag" in asked[5].text


@pytest.mark.parametrize("nonsense", [None, 7, "text", [], [[]], {}, {"a": {}}, True, -1, 1e308])
def test_a_receipt_of_any_shape_has_a_page(client: TestClient, metadata: Metadata, nonsense: Any) -> None:
    parts = ("target", "rows", "quality", "memory", "timings", "warnings", "error", "interval", "inputs", "settings")
    runs = [metadata.add(record({**long_receipt(), part: nonsense})) for part in (*parts, "status", "job", "phase")]
    runs += [metadata.add(record({**long_receipt(), "inputs": [nonsense], "rows": {"read": nonsense}}))]
    runs += [metadata.add(record(nonsense)), metadata.add(nonsense)]

    answers = [client.get("/"), client.get("/tables"), *(client.get("/receipt", params=run) for run in runs)]

    assert [answer.status_code for answer in answers] == [200] * len(answers)


PAGES = ["/", "/tables", "/table?name=flights.departures", "/receipt?{run}", "/quality?{run}"]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_anything_without_logging_in(stranger: TestClient, metadata: Metadata, path: str) -> None:
    run = metadata.add(record(receipt()))
    path = path.replace("{run}", "&".join(f"{key}={value}" for key, value in run.items()))

    answer = stranger.get(path)
    browser = stranger.get(path, headers={"Sec-Fetch-Dest": "document"})

    stranger.cookies.set("_token", "of yesterday")
    refused = stranger.get(path, headers={"Sec-Fetch-Dest": "document"})

    assert (answer.status_code, words(answer.text).strip()) == (401, "Not logged in Not authenticated Log in")
    # Airflow 3.1.0 does not look at cookies, and must not send people in circles for it.
    why = words(refused.text).strip()
    assert refused.status_code == 401
    assert why in ("Not logged in Token Expired Log in", "Not logged in Not authenticated Log in")
    assert browser.status_code == 307
    assert browser.headers["location"].startswith("/api/v2/auth/login?next=%2F")


def test_a_run_of_another_dag_is_neither_listed_nor_shown(client: TestClient, metadata: Metadata) -> None:
    run = metadata.add(record(receipt(), job="secret-job"), dag_id="secrets")

    assert "secret-job" not in client.get("/").text
    assert "secret-job" not in client.get("/", params={"dag_id": "secrets"}).text
    assert "flights.departures" not in client.get("/tables").text
    assert client.get("/table", params={"name": "flights.departures"}).status_code == 404
    assert client.get("/receipt", params=run).status_code == 404
    assert client.get("/quality", params=run).status_code == 404
