"""What users of other operators suffer from, and the tests that hold that ours do not: pains.json names them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
PAINS: list[dict[str, Any]] = json.loads((TESTS / "pains.json").read_text(encoding="utf-8"))
NAMED = sorted({test for pain in PAINS for test in pain["tests"]})


@pytest.mark.parametrize("test", NAMED)
def test_is_there(test: str) -> None:
    file, name = test.split("::")

    assert f"\ndef {name}(" in (TESTS / file).read_text(encoding="utf-8")


def test_none_is_left_out() -> None:
    assert [pain["pain"] for pain in PAINS] == list(range(1, 22))
