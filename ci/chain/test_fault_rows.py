"""Whatever the fault matrix names is there: a row whose test was renamed shows nothing."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services import ROOT

pytestmark = pytest.mark.chain
MATRIX: dict[str, Any] = json.loads((ROOT / "ci/faults.d/rows.json").read_text(encoding="utf-8"))
ORACLES = {"EXACT", "SAME", "VIS", "REF", "ONE", "RERUN", "BAL", "RCPT"}


def _named() -> set[str]:
    found = {guard["test"] for guard in MATRIX["guards"]}
    for row in MATRIX["rows"]:
        found |= {test for tests in row.get("tests", {}).values() for test in tests}
        for kind, method in row.get("contract", []):
            found |= {f"{classes[kind]}#{method}" for classes in MATRIX["columns"].values()}
    return found


@cache
def _java() -> dict[str, str]:
    return {f.stem: f.read_text(encoding="utf-8") for f in (ROOT / "sdk").glob("*/src/test/java/**/*.java")}


def _exists(test: str) -> bool:
    if "::" in test:
        file, name = test.split("::")
        return f"\ndef {name}(" in (Path(__file__).parent / file).read_text(encoding="utf-8")
    owner, method = test.split("#")
    while owner in _java():
        source = _java()[owner]
        if re.search(rf"\bvoid {method}\(", source):
            return True
        above = re.search(rf"class {owner} extends (\w+)", source)
        owner = above[1] if above else ""
    return False


@pytest.mark.parametrize("test", sorted(_named()))
def test_is_there(test: str) -> None:
    assert _exists(test)


def test_every_row_says_what_it_shows() -> None:
    names = [row["row"] for row in MATRIX["rows"]]
    wanted = [*range(1, 19), *range(27, 37), 39, 40]
    assert names == [f"F{n}" for n in wanted]
    page = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
    for row in MATRIX["rows"]:
        assert f"| {row['row']} | {row['what']} |" in page
        assert f"| {' '.join(row['oracles'])} |" in page
        assert set(row["oracles"]) <= ORACLES, row["row"]
        shown = set(MATRIX["columns"]) if "contract" in row else set(row.get("tests", {}))
        explained = set(row.get("none", {}))
        assert "*" in explained or shown | explained == set(MATRIX["columns"]), row["row"]


def test_every_guard_has_a_row_that_breaks_without_it() -> None:
    source = (ROOT / "sdk/runtime/src/main/java/dev/sluice/runtime/spi/Guard.java").read_text(encoding="utf-8")
    guards = re.findall(r"^  ([A-Z_]+)[,;]$", source, re.M)
    assert {guard["guard"] for guard in MATRIX["guards"]} == {name.lower().replace("_", "-") for name in guards}
