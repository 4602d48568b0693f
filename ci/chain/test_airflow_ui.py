"""What a person sees of Sluice in a real Airflow, in a real browser: the connection's form, the buttons, the pages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sluice_airflow import get_provider_info
from sluice_airflow.connection import ConnectionSettings, parse_extra

from airflow_home import Airflow
from browser import Browser, chromium
from services import ROOT
from test_page import CONTRAST, SCHEMES
from waiting import awaited

pytestmark = pytest.mark.chain

PATIENCE = 120
MONTHS = (1, 2, 3)

DAG = """
from airflow.sdk import DAG
from sluice_airflow import SluiceJobOperator

with DAG("shop", schedule=None):
    for month in (1, 2, 3):
        SluiceJobOperator(
            job="clean-orders",
            manifest=__file__.replace(".py", ".json"),
            task_id=f"clean-orders-{month}",
            interval_start=f"2026-0{month}-01T00:00:00+00:00",
            interval_end=f"2026-0{month + 1}-01T00:00:00+00:00",
        )
"""
JOB = {
    "name": "clean-orders",
    "kind": "transform",
    "reads": [],
    "write": {"table": "shop.orders", "mode": "replacePartitions"},
    "interval": "required",
}


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """An Airflow in which three months of one job have run, and the third was refused."""
    folder = tmp_path_factory.mktemp("airflow-ui")
    dags, jars, lake = folder / "dags", folder / "jars", folder / "lake"
    for made in (dags, jars, lake):
        made.mkdir()
    (dags / "shop.py").write_text(DAG)
    manifest = {"manifest_version": "1.0", "project": "shop", "image": "shop", "jobs": [JOB]}
    (dags / "shop.json").write_text(json.dumps(manifest))
    (jars / "shop.jar").touch()
    java = jars / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_job.py")}" "$@"\n')
    java.chmod(0o755)
    extra = {
        "launcher": "process",
        "java": str(java),
        "home": str(jars),
        "env": {"SLUICE_LAKE_WAREHOUSE": lake.as_uri()},
        "spark_ui_url": "https://history.example/?job={job}&try={try_number}",
        "logs_url": "https://logs.example/?pod={pod}",  # a process has none
    }
    connection = json.dumps({"conn_type": "sluice", "extra": extra})
    env = {"AIRFLOW_CONN_SLUICE_DEFAULT": connection, "AIRFLOW__CORE__TEST_CONNECTION": "Enabled"}
    airflow = Airflow(folder / "home", dags, env)
    with ExitStack() as until:
        airflow.start(until)
        airflow.unpause("shop")
        airflow.shown = airflow.run("shop")  # type: ignore[attr-defined]
        yield airflow


@pytest.fixture(scope="module")
def run(airflow: Airflow) -> dict[str, Any]:
    """The run of the DAG."""
    run: dict[str, Any] = airflow.shown  # type: ignore[attr-defined]
    states = {name: task["state"] for name, task in airflow.tasks(run).items()}
    expected = {f"clean-orders-{month}": "failed" if month == 3 else "success" for month in MONTHS}
    assert states == expected, airflow.log(airflow.tasks(run)["clean-orders-1"], 1)
    return run


@pytest.fixture(scope="module")
def browser(airflow: Airflow, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser in which somebody has logged in, on the way to the pages."""
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        browser.open(f"{airflow.url}/sluice/")
        for field in ("username", "password"):
            see(browser, f"!!document.querySelector('input[name={field}]')")
            browser.evaluate(f"document.querySelector('input[name={field}]').focus()")
            browser.send("Input.insertText", text="admin")
        browser.evaluate("document.querySelector('button[type=submit]').click()")
        see(browser, "location.pathname === '/sluice/' && document.querySelector('h1')?.textContent === 'Runs'")
        yield browser


@pytest.fixture(scope="module")
def pictures() -> Path:
    """Where people find the screenshots afterwards."""
    folder = ROOT / "target/airflow-ui"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def see(browser: Browser, condition: str) -> None:
    """Wait until a condition holds in the page."""

    def holds() -> bool | None:
        try:
            return browser.evaluate(f"!!({condition})") or None
        except AssertionError:  # the page was being replaced
            return None

    def instead() -> str:
        return f"not seen: {condition}\nin {browser.evaluate('location.href')}:\n{text(browser)[:3000]}"

    awaited(holds, instead, PATIENCE)


def text(browser: Browser, of: str = "document.body") -> str:
    """Return what is read."""
    words: str = browser.evaluate(f"{of}.innerText")
    return " ".join(words.replace("\u202f", " ").split())


def query(run: dict[str, Any], month: int) -> str:
    return f"dag_id=shop&run_id={quote(run['dag_run_id'], safe='')}&task_id=clean-orders-{month}"


def task_page(airflow: Airflow, run: dict[str, Any], month: int) -> str:
    return f"{airflow.url}/dags/shop/runs/{quote(run['dag_run_id'], safe='')}/tasks/clean-orders-{month}/details"


def shown(run: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """Return the address of each page and what it says."""
    return {
        "runs": (
            "",
            ["2026-03-01 … 2026-04-01 refused 9 000 900 2 of 12 12.3 s 1", "2026-02-01 committed 9 860 40 1 of 12"],
        ),
        "tables": ("tables", ["shop.orders 2026-11-23 12:00:00 refused 8123456789012342 9 820 8.7 MiB 80"]),
        "table": ("table?name=shop.orders", ["Rows", "Expectations", "Quarantined rows quarantined highest 900"]),
        "receipt": (
            f"receipt?{query(run, 1)}",
            [
                "10 000 read = 9 860 written + 40 quarantined + 100 filtered",
                "gate 9.2 s",
                "orders s3://raw/orders snapshot 7000000000000000001 10 000",
                "etag 9b2cf535",
                "12 files of 371.7 KiB on average were written",
            ],
        ),
        "refused": (
            f"receipt?{query(run, 3)}",
            [
                "Cannot publish shop.orders: amount-is-positive fails in 900 rows. Look at shop.orders_quarantine.",
                "DATA in phase gate; no retry will help",
                "id-is-unique expect_column_values_to_be_unique 7",
            ],
        ),
    }


@pytest.mark.parametrize("scheme", SCHEMES)
def test_pages_can_be_read(
    airflow: Airflow, run: dict[str, Any], browser: Browser, pictures: Path, scheme: str
) -> None:
    for name, (address, said) in shown(run).items():
        browser.open(f"{airflow.url}/sluice/{address}", scheme=scheme)
        browser.screenshot(pictures / f"{name}-{scheme}.png")
        page = text(browser)
        assert [words for words in said if words not in page] == [], page
        assert browser.evaluate(CONTRAST) == [], name
        assert browser.complaints() == [], name
        assert all(asked.startswith(airflow.url) for asked in browser.requests()), name


def test_the_charts_have_a_bar_for_each_run(airflow: Airflow, run: dict[str, Any], browser: Browser) -> None:
    browser.open(f"{airflow.url}/sluice/table?name=shop.orders")

    bars = "[...document.querySelectorAll('svg.chart')].map(svg => svg.querySelectorAll('a').length)"
    assert browser.evaluate(bars) == [2, 3, 3]
    # Every bar is a link to its run's receipt.
    browser.evaluate("document.querySelector('svg.chart:last-of-type a').dispatchEvent(new MouseEvent('click'))")
    see(browser, "location.pathname === '/sluice/receipt' && document.querySelector('h1')")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_view_in_the_navigation_shows_the_runs(
    airflow: Airflow, run: dict[str, Any], browser: Browser, pictures: Path, scheme: str
) -> None:
    browser.open(f"{airflow.url}/plugin/sluice", scheme=scheme)

    frame = "document.querySelector('iframe')?.contentDocument?.querySelector('main')"
    see(browser, f"{frame}?.innerText.includes('clean-orders')")
    assert "refused" in text(browser, frame)
    see(browser, "document.querySelector('nav, [data-testid]')")
    browser.screenshot(pictures / f"navigation-{scheme}.png")
    # Within Airflow's frame nothing leads to Airflow, and a receipt opens in it.
    assert browser.evaluate("!!document.querySelector('iframe').contentDocument.querySelector('.back')") is False
    browser.evaluate("document.querySelector('iframe').contentDocument.querySelector('tbody a').click()")
    see(browser, f"{frame}?.innerText.includes('Phases')")


def buttons(browser: Browser) -> dict[str, str]:
    """Return the buttons of a task's page that lead elsewhere, with their targets."""
    found: dict[str, str] = browser.evaluate(
        "Object.fromEntries([...document.querySelectorAll('a')].map(a => [a.innerText.trim(), a.href]))"
    )
    names = ("Receipt", "Quality", "Quarantine", "Spark UI", "Pod logs")
    return {name: found[name] for name in names if name in found}


def test_every_button_of_a_task_leads_somewhere(
    airflow: Airflow, run: dict[str, Any], browser: Browser, pictures: Path
) -> None:
    for scheme in SCHEMES:
        browser.open(task_page(airflow, run, 1), scheme=scheme)
        see(browser, "[...document.querySelectorAll('a')].some(a => a.innerText.trim() === 'Receipt')")
        see(browser, "[...document.querySelectorAll('td')].some(cell => cell.innerText.trim() === 'success')")
        browser.screenshot(pictures / f"buttons-{scheme}.png")
    found = buttons(browser)

    # A process has no pod, and so no log of one.
    assert sorted(found) == ["Quality", "Quarantine", "Receipt", "Spark UI"]
    assert found["Spark UI"] == "https://history.example/?job=clean-orders&try=1"
    leads_to = {
        "Receipt": ("receipt", "clean-orders committed"),
        "Quarantine": ("receipt", "40 rows lie with their reasons"),
        "Quality": ("quality", "Published cookies: SecurityError"),  # its own script ran, and had nothing of the user's
    }
    for name, (page, seen) in leads_to.items():
        browser.open(task_page(airflow, run, 1))
        see(browser, f"[...document.querySelectorAll('a')].some(a => a.innerText.trim() === '{name}')")
        browser.evaluate(f"[...document.querySelectorAll('a')].find(a => a.innerText.trim() === '{name}').click()")
        see(browser, f"location.pathname === '/sluice/{page}' && document.querySelector('h1')")
        assert seen in text(browser)


def test_a_refused_run_has_its_buttons_too(airflow: Airflow, run: dict[str, Any], browser: Browser) -> None:
    links = airflow.get(f"dags/shop/dagRuns/{quote(run['dag_run_id'], safe='')}/taskInstances/clean-orders-3/links")

    assert links["extra_links"] == {
        "Receipt": f"/sluice/receipt?{query(run, 3)}",
        "Quality": f"/sluice/quality?{query(run, 3)}",
        "Quarantine": f"/sluice/receipt?{query(run, 3)}#quarantine",
        "Spark UI": "https://history.example/?job=clean-orders&try=1",
        "Spark history": None,
        "Pod logs": None,
    }


def test_nobody_sees_a_page_without_logging_in(airflow: Airflow, run: dict[str, Any]) -> None:
    client = airflow.client.__class__(base_url=airflow.url)
    for name in ("", "tables", "table?name=shop.orders", f"receipt?{query(run, 1)}", f"quality?{query(run, 1)}"):
        answer = client.get(f"/sluice/{name}")
        assert answer.status_code == 401, name
        assert "committed" not in answer.text


DIALOG = "document.querySelector('[role=dialog]')"


def click(browser: Browser, button: str, within: str = "document") -> None:
    """Click on a button, by its text or by what it is called, as a mouse does."""
    found = (
        f"[...{within}.querySelectorAll('button')].find(b => [b.innerText.trim(), b.ariaLabel].includes('{button}'))"
    )
    see(browser, f"{found} && !{found}.disabled")
    # Dialogs slide in and sections unfold: a place counts once it stays.
    place = f"""
    (button => {{
      button.scrollIntoView({{block: "center", behavior: "instant"}});
      const box = button.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    }})({found})
    """
    before: list[float] = []
    while (now := browser.evaluate(place)) != before:
        before = now
        browser.evaluate("new Promise(done => setTimeout(done, 500))")
    x, y = before
    for kind in ("mousePressed", "mouseReleased"):
        browser.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


def fill(browser: Browser, field: str, words: str) -> None:
    """Type into a field of the dialog."""
    see(browser, f"{DIALOG}?.querySelector('{field}')")
    browser.evaluate(f"{DIALOG}.querySelector('{field}').focus()")
    browser.send("Input.insertText", text=words)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_connections_form_explains_every_field(
    airflow: Airflow, browser: Browser, pictures: Path, scheme: str
) -> None:
    browser.open(f"{airflow.url}/connections", scheme=scheme)
    click(browser, "Add Connection")
    fill(browser, "input[name=connection_id]", f"made-{scheme}")
    fill(browser, "[role=combobox]", "Sluice")
    see(browser, "document.querySelector('[role=option]')?.innerText === 'Sluice'")
    for kind in ("keyDown", "keyUp"):
        browser.send("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13)
    click(browser, "Extra Fields", DIALOG)
    see(browser, f"{DIALOG}.innerText.includes('Launcher')")

    form = text(browser, DIALOG)
    browser.screenshot(pictures / f"form-{scheme}.png")
    (connection,) = get_provider_info()["connection-types"]
    said = [words for field in connection["conn-fields"].values() for words in (field["label"], field["description"])]
    assert [words for words in said if words not in form] == []
    click(browser, "Save", DIALOG)
    see(browser, f"!{DIALOG} && document.body.innerText.includes('made-{scheme}')")
    # What the form leaves empty counts as not said.
    saved = airflow.get(f"connections/made-{scheme}")
    assert parse_extra("made", saved["extra"]) == ConnectionSettings()


@pytest.fixture(scope="module")
def lab(airflow: Airflow) -> str:
    """A connection to a JVM that is not there."""
    extra = {"launcher": "process", "java": "/nowhere/java", "home": "/nowhere"}
    # Airflow 3.3.2 refuses to test one without a port from its list (apache/airflow#73298), and Sluice's have none.
    connection = {"connection_id": "lab", "conn_type": "sluice", "extra": json.dumps(extra), "port": 0}
    airflow.client.post("/api/v2/connections", json=connection).raise_for_status()
    return "lab"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_connections_test_says_what_is_wrong(
    airflow: Airflow, browser: Browser, pictures: Path, lab: str, scheme: str
) -> None:
    browser.open(f"{airflow.url}/connections?name_pattern={lab}", scheme=scheme)
    see(browser, f"document.querySelectorAll('tbody tr').length === 1 && document.body.innerText.includes('{lab}')")
    click(browser, "Test Connection")

    advice = "Install a JDK 17 or newer on every worker, or name its java in the connection's extra."
    said = f"Cannot launch jobs: java: '/nowhere/java' does not run: No such file or directory. {advice}"
    see(browser, f"document.body.innerText.includes({said!r})")
    toast = "document.querySelector('[data-scope=toast][data-part=root]')"  # which slides in
    see(browser, f"{toast}.getBoundingClientRect().bottom < innerHeight && getComputedStyle({toast}).opacity === '1'")
    browser.screenshot(pictures / f"connection-{scheme}.png")
