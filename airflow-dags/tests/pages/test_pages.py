"""The pages in Airflow, asked over HTTP: what they show."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from airflow_metadata import Metadata
from airflow_pages import long_receipt, record, words
from receipts import failed, receipt
from sluice_airflow.plugin import SluicePlugin

GOLDEN = Path(__file__).parents[3] / "sdk/model/src/test/resources/dev/sluice/model/golden"

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
    broken["error"]["stack"] = ["dev.sluice.Reader.read(Reader.java:41)"]

    page = words(client.get("/receipt", params=metadata.add(record(broken), state="failed")).text)

    assert "Cannot read flights: no route. Try again later. SOURCE in phase transform; a retry may help" in page
    assert "dev.sluice.Reader.read(Reader.java:41)" in page
    assert "Warnings 31 small files" in page


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
    assert "left carrier salted the hottest key has 61.3 % of the left side: its rows are spread over 8 parts" in page
    assert "heap at most 1.2 GiB heap held 860.0 MiB memory held 1.1 GiB garbage collection 1.8 %" in page
    assert (
        "What it took spilled 1.2 GiB from memory to disk: more memory for executors, such as 2Gi, spares that "
        "executors 2 limit of each 1.0 GiB heap of each 614.0 MiB heap that one held 574.0 MiB "
        "tasks 9 failed tasks 1 tasks together 41.0 s of it garbage collection 3.1 % "
        "read 73.4 MiB shuffled 50.8 KiB spilled to disk 307.2 MiB" in page
    )
    assert "3 save at GatedWrite.java:88 9 41.0 s 9.0 s 2.3 × 307.2 MiB" in page
    assert "event log s3://lake/_sluice/events/eventlog_v2_20261123t231500z-1a2b3c" in page


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the SDK is not beside this package")
def test_a_range_shows_its_parts(client: TestClient, metadata: Metadata, lake: Path) -> None:
    copy = lake / "_sluice/ranges/copy.json"
    copy.parent.mkdir()
    copy.write_text((GOLDEN / "receipt-range-full.json").read_text())
    brief = json.loads((GOLDEN / "receipt-range-brief.json").read_text())
    run = metadata.add(record(brief, receipt_copy=str(copy)))

    page, listed = words(client.get("/receipt", params=run).text), words(client.get("/").text)

    assert "interval 2013-01-01 … 2013-01-06 parts 2 of 5 days target" in page
    assert "2013-01-01 … 2013-01-06 2 of 5 days failed" in listed
    assert "2013-01-01/2013-01-02 committed 900 880 20 1.2 s 20261123T231500Z-1a2b3c" in page
    assert "2013-01-03/2013-01-04 refused Cannot publish flights.departures: … – – – 1.2 s" in page
    assert "2013-01-05/2013-01-06 not run – – – – –" in page


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the SDK is not beside this package")
def test_in_brief_a_range_shows_the_parts_that_failed(client: TestClient, metadata: Metadata) -> None:
    brief = json.loads((GOLDEN / "receipt-range-brief.json").read_text())

    page = words(client.get("/receipt", params=metadata.add(record(brief))).text)

    assert "2013-01-03/2013-01-04 refused Cannot publish flights.departures: … – – – –" in page
    assert "2013-01-01/2013-01-02" not in page.partition("Parts")[2]


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


def test_a_run_without_a_quality_page_says_so(client: TestClient, metadata: Metadata) -> None:
    page = client.get("/quality", params=metadata.add(record(receipt())))

    assert page.status_code == 404
    assert "This run has written no page" in words(page.text)


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
