"""What a check has found: a line of the table, and a test of the report."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What a check was of, what it has seen, and what is wrong with that.

    :param checked: false where there was nothing to look at; then ``seen`` says what is not there.
    """

    check: str
    of: str
    seen: str
    wrong: tuple[str, ...] = ()
    checked: bool = True

    @property
    def verdict(self) -> str:
        """One word."""
        if not self.checked:
            return "not checked"
        return "FAIL" if self.wrong else "pass"


def table(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each, below it what is wrong, and the sum."""
    widths = [max(len(text) for text in column) for column in zip(*((o.check, o.of) for o in outcomes), strict=True)]
    lines = []
    for outcome in outcomes:
        lines.append(f"{outcome.check:{widths[0]}}  {outcome.of:{widths[1]}}  {outcome.verdict:11}  {outcome.seen}")
        lines += [f"    {text}" for text in outcome.wrong]
    verdicts = [outcome.verdict for outcome in outcomes]
    return "\n".join(
        [*lines, "", ", ".join(f"{verdicts.count(word)} {word}" for word in ("pass", "FAIL", "not checked"))]
    )


def report(outcomes: Sequence[Outcome], file: Path) -> None:
    """Write them as the other runners write their tests."""
    suite = ElementTree.Element(
        "testsuite",
        name="supply",
        tests=str(len(outcomes)),
        failures=str(sum(outcome.verdict == "FAIL" for outcome in outcomes)),
        errors="0",
        skipped=str(sum(not outcome.checked for outcome in outcomes)),
    )
    for outcome in outcomes:
        case = ElementTree.SubElement(suite, "testcase", classname="supply", name=f"{outcome.check}: {outcome.of}")
        if not outcome.checked:
            ElementTree.SubElement(case, "skipped", message=outcome.seen)
        elif outcome.wrong:
            ElementTree.SubElement(case, "failure", message="\n".join(outcome.wrong))
    ElementTree.ElementTree(suite).write(file, encoding="utf-8", xml_declaration=True)
