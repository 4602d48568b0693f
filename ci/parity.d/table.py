"""Prints what became of each fate of a pod, by the way of waiting and the Airflow, from the reports of pytest."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

LOCKS = {"airflow-3.1.0": "3.1.0", "dev": "newest"}
MODES = ("sync", "deferrable")

#: By row and mode: what became of it.
Outcomes = dict[tuple[str, str], str]


def outcomes(report: Path, *, guards: bool) -> Outcomes:
    """Read what became of each fate; a fate with one way of waiting has the mode ``""``."""
    found: Outcomes = {}
    if not report.exists():
        return found
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if ((case.get("classname") or "").endswith("test_guards")) != guards:
            continue
        bad = case.find("failure") is not None or case.find("error") is not None
        now = "FAIL" if bad else "MISSING" if case.find("skipped") is not None else "pass"
        key = row_and_mode(case.get("name") or "")
        found[key] = min(found.get(key, now), now, key=["FAIL", "MISSING", "pass"].index)
    return found


def row_and_mode(name: str) -> tuple[str, str]:
    """Split a test's name: ``test_red[sync-no receipt]`` is the row ``red: no receipt`` in the mode ``sync``."""
    test, _, parameters = name.rstrip("]").partition("[")
    words = parameters.split("-") if parameters else []
    mode = next((word for word in words if word in MODES), "")
    case = re.sub(r"-?(stages|silence)\d+-?", " ", "-".join(word for word in words if word != mode)).strip()
    return test.removeprefix("test_").replace("_", " ") + (f": {case}" if case else ""), mode


def table(reports: Path, *, guards: bool) -> list[str]:
    """Print a line for each row; return all verdicts."""
    by_lock = {lock: outcomes(reports / f"{lock}.xml", guards=guards) for lock in LOCKS}
    rows = list(dict.fromkeys(row for found in by_lock.values() for row, _ in found))
    width = max((len(row) for row in rows), default=0)
    print(f"{'':{width}} " + " ".join(f"{mode} {version}".ljust(18) for version in LOCKS.values() for mode in MODES))
    verdicts = []
    for row in rows:
        modes = {mode for found in by_lock.values() for name, mode in found if name == row}
        line = []
        for found in by_lock.values():
            # A fate with one way of waiting is one of the triggerer, or of neither; it stands in the second column.
            asked = MODES if modes != {""} else ("", "")
            line += [found.get((row, mode), "MISSING") if mode in modes else "–" for mode in asked]
            if modes == {""}:
                line[-2] = "–"
        verdicts += line
        print(f"{row:{width}} " + " ".join(f"{verdict:18}" for verdict in line).rstrip())
    return verdicts


def main(reports: Path) -> int:
    """Print both tables and the sum; return the exit code."""
    verdicts = table(reports, guards=False)
    print("\nguards, taken away in turn: pass means that the row breaks")
    verdicts += table(reports, guards=True)
    counts = {word: verdicts.count(word) for word in ("pass", "FAIL", "MISSING", "–")}
    print("\n" + ", ".join(f"{count} {word}" for word, count in counts.items()))
    return 1 if counts["FAIL"] or counts["MISSING"] or not counts["pass"] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
