"""The page of a run in a real browser: it opens fast and alone, says the most important first, and can be read."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import Browser, chromium
from services import ROOT

pytestmark = pytest.mark.chain

SCHEMES = ("light", "dark")
PAGES = ("holds", "reserved", "refused", "unchecked")
FIRST_SCREEN = 800
OPENS_WITHIN_MS = 1000

# The contrast of each text that is drawn with what is behind it, by WCAG 2; texts that fall short of AA are listed.
CONTRAST = """
(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => {
    const part = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = rgba(getComputedStyle(element).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    throw new Error("nothing is behind");
  };
  const bad = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest("svg, script")) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(rgba(style.color)), light(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) bad.push(`${texts.currentNode.data.trim()}: ${ratio.toFixed(2)}`);
  }
  return bad;
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(jar: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample pages, rendered by the SDK that is in the jar."""
    classes = ROOT / "sdk/quality/target/test-classes"
    main = "dev.sluice.quality.page.SamplePages"
    assert (classes / (main.replace(".", "/") + ".class")).exists(), "Cannot render: run ./mvnw install -DskipTests"
    folder = tmp_path_factory.mktemp("pages")
    subprocess.run(["java", "-cp", os.pathsep.join((str(jar), str(classes))), main, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def pictures() -> Path:
    """Where people find the screenshots afterwards."""
    folder = ROOT / "target/page"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def shown(browser: Browser, selector: str) -> str:
    """Return the text of an element that is wholly within the first screen."""
    box = f"document.querySelector({selector!r}).getBoundingClientRect()"
    top, bottom = browser.evaluate(f"(b => [b.top, b.bottom])({box})")
    assert 0 <= top < bottom <= FIRST_SCREEN, f"{selector} reaches from {top} to {bottom}"
    text: str = browser.evaluate(f"document.querySelector({selector!r}).innerText")
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("page", "verdict", "rule", "step"),
    [
        ("holds", "Published", "Every check holds.", "Nothing. The table is ready to be read."),
        ("reserved", "Published", "3 of 12 checks do not hold", "Look at the 641 rows in quarantine"),
        ("refused", "Refused", "check-0 fails in 2,041 rows (7.70 %), the limit is 5.00 %", "See what the check found"),
        ("unchecked", "Published unchecked", "The job names no suite", "Give the job a suite"),
        ("wide", "Refused", "check-0 fails in 2,041 rows (7.70 %), the limit is 5.00 %", "See what the check found"),
    ],
)
def test_first_screen_says_what_happened_by_which_rule_and_what_to_do(
    browser: Browser, pages: Path, pictures: Path, page: str, verdict: str, rule: str, step: str, scheme: str
) -> None:
    browser.open(pages / f"{page}.html", scheme=scheme)
    browser.screenshot(pictures / f"{page}-{scheme}.png")

    assert shown(browser, "h1") == verdict
    assert rule in shown(browser, ".rule")
    assert step in shown(browser, ".next")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("page", [*PAGES, "hostile", "wide", "broken"])
def test_opens_alone_and_without_a_complaint(browser: Browser, pages: Path, page: str, scheme: str) -> None:
    file = pages / f"{page}.html"

    browser.open(file, scheme=scheme)

    assert browser.complaints() == []
    assert browser.requests() == [file.as_uri()]


def test_complaints_are_heard(browser: Browser, pages: Path, tmp_path: Path) -> None:
    """Markup that got in would be stopped by the page's policy, and the test above would see it."""
    changed = tmp_path / "changed.html"
    html = (pages / "holds.html").read_text(encoding="utf-8")
    changed.write_text(html.replace("<main>", "<main><script>document.title = 'owned'</script>"), encoding="utf-8")

    browser.open(changed)

    assert any("Content Security Policy" in complaint for complaint in browser.complaints())
    assert browser.evaluate("document.title") != "owned"


@pytest.mark.parametrize("page", ["wide", "broken"])
def test_three_thousand_checks_open_within_a_second(browser: Browser, pages: Path, page: str) -> None:
    opened, painted = [], []
    for _ in range(5):
        browser.open(pages / f"{page}.html")
        opened.append(browser.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        painted.append(
            browser.evaluate(
                "new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))"
                ".observe({type: 'paint', buffered: true}))"
            )
        )

    assert statistics.median(opened) < OPENS_WITHIN_MS, f"loaded after {opened} ms"
    assert statistics.median(painted) < OPENS_WITHIN_MS, f"painted after {painted} ms"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("page", [*PAGES, "hostile"])
def test_contrast_is_enough_for_everybody(browser: Browser, pages: Path, page: str, scheme: str) -> None:
    browser.open(pages / f"{page}.html", scheme=scheme)

    assert browser.evaluate(CONTRAST) == []


def test_all_is_there_without_script(browser: Browser, pages: Path) -> None:
    browser.open(pages / "refused.html", script=False)

    assert browser.evaluate("document.querySelector('.filter').checkVisibility()") is False
    assert browser.evaluate("document.querySelectorAll('.check').length") == 40
    browser.evaluate("document.querySelector('summary').click()")
    assert browser.evaluate("document.querySelector('details li').checkVisibility()") is True


def filter_by(browser: Browser, words: str) -> str:
    """Type into the filter, wait for its answer and return it."""
    script = """
    new Promise(done => {
      const output = document.querySelector("output");
      new MutationObserver(() => done(output.textContent)).observe(output, {childList: true});
      const input = document.getElementById("filter");
      input.value = WORDS;
      input.dispatchEvent(new Event("input"));
    })
    """
    answer: str = browser.evaluate(script.replace("WORDS", repr(words)))
    return answer


def test_filter_finds_a_column_among_thousands(browser: Browser, pages: Path) -> None:
    browser.open(pages / "wide.html")

    assert filter_by(browser, "column_78 matches") == "3 of 3000 checks"

    rows = "[...document.querySelectorAll('[data-filter]')].filter(e => e.checkVisibility()).map(e => e.textContent)"
    shown_rows = browser.evaluate(rows)
    assert len(shown_rows) == 3
    assert all("every value matches" in row for row in shown_rows)
    assert filter_by(browser, "") == ""
    assert browser.evaluate("document.querySelectorAll('.off, details[open]').length") == 0


def test_link_leads_to_the_check_that_refused(browser: Browser, pages: Path) -> None:
    browser.open(pages / "wide.html")
    browser.evaluate("document.documentElement.style.scrollBehavior = 'auto'")

    browser.evaluate("document.querySelector('.next a').click()")
    browser.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert "refused this run" in shown(browser, ":target")


@pytest.mark.parametrize("page", ["reserved", "hostile", "refused"])
def test_narrow_screen_needs_no_sideways_scrolling(browser: Browser, pages: Path, page: str) -> None:
    browser.open(pages / f"{page}.html", width=360)

    assert browser.evaluate("document.documentElement.scrollWidth") <= 360


def test_prints_folded_checks_too(browser: Browser, pages: Path) -> None:
    browser.open(pages / "refused.html")
    browser.send("Emulation.setEmulatedMedia", media="print")

    heights = browser.evaluate(
        "[...document.querySelectorAll('details li')].map(e => e.getBoundingClientRect().height)"
    )
    browser.send("Emulation.setEmulatedMedia", media="")

    assert heights
    assert min(heights) > 0
