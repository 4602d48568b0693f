"""What ci/faults runs, and what came of it: rows.json says which tests show which row on which format."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
MATRIX: dict[str, Any] = json.loads((FOLDER / "rows.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Cell:
    """A row on one format: the tests that show it, or why there is none."""

    tests: tuple[str, ...]
    none: str = ""

    def verdict(self, outcomes: dict[str, str]) -> str:
        """Say what the reports say of the tests: the worst of them."""
        if not self.tests:
            return "–"
        found = {outcomes.get(test, "MISSING") for test in self.tests}
        return next(word for word in ("FAIL", "MISSING", "pass") if word in found)


def cells(row: dict[str, Any]) -> dict[str, Cell]:
    """Return a row's cell for each column; ``contract`` names tests that every format has in a class of its own."""
    found = {}
    for column, classes in MATRIX["columns"].items():
        tests = [f"{classes[kind]}#{name}" for kind, name in row.get("contract", [])]
        tests += row.get("tests", {}).get(column, [])
        none = row.get("none", {})
        reason = none.get(column) or ("" if tests else none.get("*", ""))
        found[column] = Cell(() if column in none else tuple(tests), reason)
    return found


def chosen(names: list[str]) -> list[dict[str, Any]]:
    """Return the rows of these names, or all."""
    unknown = set(names) - {row["row"] for row in MATRIX["rows"]}
    if unknown:
        sys.exit(f"Cannot run row {min(unknown)}: there is none of that name. Use one of rows.json, such as F1")
    return [row for row in MATRIX["rows"] if not names or row["row"] in names]


def tests(rows: list[dict[str, Any]]) -> Iterator[str]:
    """List every test of some rows and of all guards that belong to them, once."""
    named = {row["row"] for row in rows}
    found = [test for row in rows for cell in cells(row).values() for test in cell.tests]
    found += [guard["test"] for guard in MATRIX["guards"] if guard["row"] in named]
    yield from dict.fromkeys(found)


def java(rows: list[dict[str, Any]]) -> str:
    """Return what Maven's -Dtest takes."""
    methods: dict[str, list[str]] = {}
    for test in tests(rows):
        if "#" in test:
            name, method = test.split("#")
            methods.setdefault(name, []).append(method + "*")  # parametrised ones have more behind the name
    return ",".join(f"{name}#{'+'.join(names)}" for name, names in methods.items())


def chain(rows: list[dict[str, Any]]) -> str:
    """Return what pytest takes."""
    return " ".join(test for test in tests(rows) if "::" in test)


def outcomes(reports: Path) -> dict[str, str]:
    """Read what became of each test; a parametrised one has passed if all its cases have."""
    found: dict[str, str] = {}
    for report in sorted(reports.glob("*.xml")):
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            owner, name = (case.get("classname") or "").split(".")[-1], re.split(r"[(\[{]", case.get("name") or "")[0]
            test = f"{owner}.py::{name}" if report.name == "chain.xml" else f"{owner}#{name}"
            bad = case.find("failure") is not None or case.find("error") is not None
            skipped = case.find("skipped") is not None
            now = "FAIL" if bad else "MISSING" if skipped else "pass"
            found[test] = min(found.get(test, now), now, key=["FAIL", "MISSING", "pass"].index)
    return found


def table(rows: list[dict[str, Any]], reports: Path) -> int:
    """Print the matrix and the guards; return the exit code."""
    seen = outcomes(reports)
    columns = list(MATRIX["columns"])
    width = max(len(row["what"]) for row in rows)
    verdicts: list[str] = []
    notes: dict[tuple[str, str], list[str]] = {}
    print(f"{'':4} {'':{width}} " + " ".join(f"{column:12}" for column in columns))
    for row in rows:
        line = []
        for column, cell in cells(row).items():
            verdict = cell.verdict(seen)
            line.append(verdict)
            if cell.none:
                notes.setdefault((row["row"], cell.none), []).append(column)
        verdicts += line
        print(f"{row['row']:4} {row['what']:{width}} " + " ".join(f"{verdict:12}" for verdict in line))
    print()
    named = {row["row"] for row in rows}
    for guard in MATRIX["guards"]:
        if guard["row"] in named:
            verdict = Cell((guard["test"],)).verdict(seen)
            verdicts.append(verdict)
            told = {"pass": "breaks without it"}.get(verdict, verdict)
            print(f"{guard['row']:4} guard {guard['guard']:20} {told}")
    print("\n–")
    for (name, reason), concerned in notes.items():
        print(f"{name:4} {'all' if concerned == columns else ', '.join(concerned)}: {reason}")
    counts = {word: verdicts.count(word) for word in ("pass", "FAIL", "MISSING", "–")}
    print("\n" + ", ".join(f"{count} {word}" for word, count in counts.items()))
    return 1 if counts["FAIL"] or counts["MISSING"] else 0


def main(command: str, *arguments: str) -> int:
    """Do what the script asks for."""
    match command:
        case "java" | "chain":
            print({"java": java, "chain": chain}[command](chosen(list(arguments))))
            return 0
        case "table":
            return table(chosen(list(arguments[1:])), Path(arguments[0]))
        case _:
            raise ValueError(command)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
