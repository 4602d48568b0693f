"""The pages in Airflow, asked over HTTP: what they show, to whom, and that nothing in a receipt can do harm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from airflow.api_fastapi.core_api import security
from fastapi.testclient import TestClient
from jwt import ExpiredSignatureError

from airflow_metadata import Metadata
from receipts import failed, receipt
from sluice_airflow.plugin import SluicePlugin
from sluice_airflow.plugin import app as pages

SCRIPT = "<script>alert(1)</script>"
GOLDEN = Path(__file__).parents[2] / "sdk/model/src/test/resources/dev/sluice/model/golden"


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


def record(document: Any, **changes: Any) -> dict[str, Any]:
    interval = "2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00"
    base = {"job": "clean-departures", "interval": interval, "conn_id": "lake", "receipt_copy": None}
    return {**base, "receipt": document, **changes}


def words(html: str) -> str:
    """Return what is read, without markup."""
    body = html[html.index("<main>") :]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))).replace("\u202f", " ")


class Markup(HTMLParser):
    """Keeps every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, attrs))


RUNNING = receipt(status="RUNNING", exit_code=None, phase="read", rows=None, quality=None, target=None)

STATUSES = [
    pytest.param(receipt(), "success", "committed", id="committed"),
    pytest.param(receipt(status="ALREADY_COMMITTED"), "success", "already committed", id="already committed"),
    pytest.param(receipt(status="REFUSED", exit_code=3), "failed", "refused", id="refused"),
    pytest.param(failed(70, "BUG", "Cannot transform: no column. Correct it."), "failed", "failed", id="failed"),
    pytest.param(receipt(status="CANCELLED", exit_code=143), "failed", "cancelled", id="cancelled"),
    pytest.param(receipt(status="UNKNOWN", exit_code=5), "up_for_retry", "unknown", id="unknown"),
    pytest.param(RUNNING, "failed", "failed", id="cut off"),
    pytest.param(None, "running", "running", id="running"),
    pytest.param(None, "deferred", "deferred", id="deferred"),
    pytest.param(None, "failed", "failed", id="no receipt"),
]


@pytest.mark.parametrize(("document", "state", "badge"), STATUSES)
def test_a_run_of_every_status_is_listed_and_has_a_page(
    client: TestClient, metadata: Metadata, document: Any, state: str, badge: str
) -> None:
    run = metadata.add(record(document), state=state, try_number=2)

    listed, page = client.get("/"), client.get("/receipt", params=run)

    assert (listed.status_code, page.status_code) == (200, 200)
    row = words(listed.text)
    assert f"clean-departures flights 2013-01-01 … 2013-02-01 {badge} " in row
    assert f"clean-departures {badge} interval 2013-01-01 … 2013-02-01" in words(page.text)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("running", "The job runs; its receipt comes when it ends."),
        ("failed", "The task is failed, and this try has left no receipt that could be believed."),
    ],
)
def test_a_page_without_a_receipt_says_why(client: TestClient, metadata: Metadata, state: str, says: str) -> None:
    run = metadata.add(record(None), state=state)

    assert says in words(client.get("/receipt", params=run).text)


def test_runs_are_listed_newest_first_with_their_figures(client: TestClient, metadata: Metadata) -> None:
    metadata.add(record(receipt(timings={"started_at": "2026-11-23T10:00:00Z", "total_ms": 12345})))
    metadata.add(record(receipt(timings={"started_at": "2026-11-24T10:00:00Z", "total_ms": 61000})), try_number=3)

    row = words(client.get("/").text)

    assert re.findall(r"2026-11-\d\d 10:00:00", row) == ["2026-11-24 10:00:00", "2026-11-23 10:00:00"]
    assert "committed 26 483 521 1 of 12 61.0 s 3 2026-11-23" in row
    assert "committed 26 483 521 1 of 12 12.3 s 1" in row


def test_runs_of_one_job_can_be_asked_for(client: TestClient, metadata: Metadata) -> None:
    metadata.add(record(receipt(), job="clean-departures"))
    metadata.add(record(receipt(), job="delay-stats"), task_id="delay-stats")

    assert "delay-stats" not in words(client.get("/", params={"job": "clean-departures"}).text)


def test_an_empty_airflow_says_what_would_show(client: TestClient) -> None:
    assert "No run is known yet." in words(client.get("/").text)
    assert "No run that you may see has written a table yet." in words(client.get("/tables").text)


def test_the_short_receipt_is_a_readable_page(client: TestClient, metadata: Metadata) -> None:
    page = words(client.get("/receipt", params=metadata.add(record(receipt()))).text)

    assert "27 004 read = 26 483 written + 521 quarantined + 0 filtered" in page
    assert "Suite departures : publish; 1 of 12 expectations failed." in page
    assert "dep-delay-known expect_column_values_to_not_be_null 521" in page
    assert "521 rows lie with their reasons in flights.departures_quarantine" in page
    assert "limit 2.0 GiB heap at most 1.2 GiB heap used 700.0 MiB files 31 their size 1.2 MiB" in page
    assert "the long one cannot be shown, because the API server knows no connection 'lake'" in page


def test_rows_that_do_not_add_up_are_pointed_out(client: TestClient, metadata: Metadata) -> None:
    rows = {"read": 10, "written": 7, "quarantined": 1, "filtered": 1}

    page = words(client.get("/receipt", params=metadata.add(record(receipt(rows=rows)))).text)

    assert "10 read ≠ 7 written + 1 quarantined + 1 filtered" in page
    assert "Rows are missing, or came from nowhere" in page


def test_an_error_is_shown_with_its_advice(client: TestClient, metadata: Metadata) -> None:
    broken = failed(75, "SOURCE", "Cannot read flights: no route. Try again later.", warnings=["31 small files"])

    page = words(client.get("/receipt", params=metadata.add(record(broken), state="failed")).text)

    assert "Cannot read flights: no route. Try again later. SOURCE in phase transform; a retry may help" in page
    assert "dev.sluice.jobs.flights.CleanDepartures.transform(CleanDepartures.java:41)" in page
    assert "Warnings 31 small files" in page


def long_receipt(**changes: Any) -> dict[str, Any]:
    pinned = {"uri": "s3://raw/a.csv", "bytes": 443, "modified": "2026-01-01T00:00:00Z", "etag": "9b2c"}
    return receipt(
        timings={"started_at": "2026-11-23T23:15:00Z", "total_ms": 12345, "phases_ms": {"bind": 12, "read": 9000}},
        inputs=[
            {"name": "flights", "uri": "s3://lake/flights", "snapshot_id": "7000", "rows": 27004},
            {"name": "airlines", "uri": "s3://raw/a.csv", "files": [pinned]},
        ],
        settings={"raw": "s3://raw", "jdbc-password": "***"},
        **changes,
    )


def test_the_long_receipt_is_read_from_the_lake(client: TestClient, metadata: Metadata, lake: Path) -> None:
    file = lake / "_sluice/receipts/run.json"
    file.write_text(json.dumps(long_receipt(receipt_uri=file.as_uri())))

    page = words(client.get("/receipt", params=metadata.add(record(receipt(receipt_uri=file.as_uri())))).text)

    assert "bind 0.0 s read 9.0 s" in page
    assert "flights s3://lake/flights snapshot 7000 27 004" in page
    assert "airlines s3://raw/a.csv 443 Bytes, of 2026-01-01T00:00:00Z, etag 9b2c" in page
    assert "jdbc-password ***" in page
    assert "the long one cannot be shown" not in page


def test_the_copy_is_read_where_the_lake_cannot_be(
    client: TestClient, metadata: Metadata, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = {"receipt_root": str(tmp_path)}
    monkeypatch.setenv("AIRFLOW_CONN_LAKE", json.dumps({"conn_type": "sluice", "extra": extra}))
    copy = tmp_path / "flights/run/clean-departures.json"
    copy.parent.mkdir(parents=True)
    copy.write_text(json.dumps(long_receipt()))
    run = metadata.add(record(receipt(), receipt_copy=str(copy)))

    assert "read 9.0 s" in words(client.get("/receipt", params=run).text)

    # The next try writes to the same place.
    copy.write_text(json.dumps(long_receipt(run_id="20261124T000000Z-ffffff")))

    page = words(client.get("/receipt", params=run).text)
    assert "read 9.0 s" not in page


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the SDK is not beside this package")
def test_receipts_as_the_sdk_writes_them_are_shown(client: TestClient, metadata: Metadata, lake: Path) -> None:
    copy = lake / "_sluice/receipts/copy.json"
    copy.write_text((GOLDEN / "receipt-full.json").read_text())
    brief = json.loads((GOLDEN / "receipt-brief.json").read_text())

    page = words(client.get("/receipt", params=metadata.add(record(brief, receipt_copy=str(copy)))).text)

    assert "clean-departures refused interval 2013-01-01 … 2013-02-01 target flights.departures" in page
    assert "27 004 read = 26 483 written + 521 quarantined + 0 filtered" in page
    assert "2 of 60 expectations failed. The whole quality page dep-delay fails in 521 rows (7.00 %)" in page
    assert "bind 0.0 s transform 9.0 s" in page
    assert (
        "airlines s3://raw/airlines.csv 443 Bytes, of 2026-01-01T00:00:00Z, etag 9b2cf535f27731c974343645a3985328"
        in page
    )
    assert "Settings jdbc-password *** raw s3://raw" in page


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{}", "it belongs to another run"),
        ("gravel", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        (None, "there is no such file"),
    ],
)
def test_a_long_receipt_that_is_none_leaves_the_short_one(
    client: TestClient, metadata: Metadata, lake: Path, content: str | None, why: str
) -> None:
    file = lake / "_sluice/receipts/run.json"
    if content is not None:
        file.write_text(content)

    page = words(client.get("/receipt", params=metadata.add(record(receipt(receipt_uri=file.as_uri())))).text)

    assert "27 004 read = 26 483 written" in page
    assert f"the long one cannot be shown, because {why}." in page


def test_tables_show_their_last_snapshot_and_what_happened_over_time(client: TestClient, metadata: Metadata) -> None:
    for n in range(3):
        rows = {"read": 100, "written": 100 - 10 * n, "quarantined": 10 * n, "filtered": 0}
        target = {**receipt()["target"], "snapshot_id": f"{n}"}
        started = {"started_at": f"2026-11-2{n}T00:00:00Z"}
        metadata.add(record(receipt(rows=rows, target=target, timings=started)))
    metadata.add(record(receipt(status="REFUSED", timings={"started_at": "2026-11-25T00:00:00Z"})), state="failed")

    listed = words(client.get("/tables").text)
    page = client.get("/table", params={"name": "flights.departures"})

    assert "flights.departures 2026-11-25 00:00:00 refused 2 80 1.2 MiB 20" in listed
    assert "published 2026-11-22 00:00:00 snapshot 2 rows of it 80 size of it 1.2 MiB" in words(page.text)
    titles = re.findall(r"<title>(2013[^<]*)</title>", page.text)
    assert titles == [
        *(f"2013-01-01: {n} written" for n in (100, 90, 80)),
        *["2013-01-01: 11 hold, 1 failed"] * 4,
        *(f"2013-01-01: {n} quarantined" for n in (0, 10, 20, 521)),
    ]


def test_a_sink_is_no_table(client: TestClient, metadata: Metadata) -> None:
    metadata.add(record(receipt(target={"kind": "sink", "name": "delays", "uri": "jdbc:x"})))

    assert "No run that you may see has written a table yet." in words(client.get("/tables").text)


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


def test_a_run_without_a_quality_page_says_so(client: TestClient, metadata: Metadata) -> None:
    page = client.get("/quality", params=metadata.add(record(receipt())))

    assert page.status_code == 404
    assert "This run has written no page" in words(page.text)


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


def test_a_mapped_task_has_a_page_for_each_instance(client: TestClient, metadata: Metadata) -> None:
    run = metadata.add(record(receipt()), map_index=3)

    assert "clean-departures [3] · try 1" in words(client.get("/receipt", params=run).text)


def test_pages_need_no_network(client: TestClient, metadata: Metadata) -> None:
    run = metadata.add(record(receipt()))
    for path in ("/", "/tables", "/table?name=flights.departures"):
        assert set(re.findall(r'(?:href|src)="(\w+:)?//', client.get(path).text)) == set()
    assert 'href="/sluice/style.css"' in client.get("/receipt", params=run).text
    assert client.get("/style.css").headers["content-type"].startswith("text/css")
    assert client.get("/icon.svg").headers["content-type"] == "image/svg+xml"


def test_only_a_page_of_its_own_links_back_to_airflow(client: TestClient, metadata: Metadata) -> None:
    run = metadata.add(record(receipt()))

    alone = client.get("/receipt", params=run, headers={"Sec-Fetch-Dest": "document"}).text
    framed = client.get("/receipt", params=run, headers={"Sec-Fetch-Dest": "iframe"}).text

    assert 'href="/dags/flights/runs/run-1/tasks/clean-departures"' in alone
    assert "/dags/flights" not in framed


def test_the_plugin_mounts_the_pages_and_is_in_the_navigation() -> None:
    (mounted,) = SluicePlugin.fastapi_apps
    (view,) = SluicePlugin.external_views

    assert mounted["url_prefix"] == "/sluice"
    assert (view["href"], view["destination"]) == ("/sluice/", "nav")
    assert "No route" not in TestClient(mounted["app"]).get("/style.css").text
