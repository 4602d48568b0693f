"""Checks what an image is made of, prints a table, and fails where something is wrong. ci/supply calls it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import floors
import images
import licences
from outcome import Outcome, report, table
from sbom import Component, components, digest, jars

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main() -> int:
    """Print all outcomes; return the exit code."""
    parser = argparse.ArgumentParser(prog="ci/supply")
    parser.add_argument("--update", action="store_true", help=f"write {licences.PAGE} anew")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the outcomes as tests, too")
    parser.add_argument(
        "--rebuilt", nargs=2, type=Path, required=True, help="target folders of two builds of one project"
    )
    options = parser.parse_args()
    outcomes = [*of_projects(update=options.update), *rebuilt(*options.rebuilt), images.base(ROOT / "containers/base")]
    print(table(outcomes))
    if options.junit:
        report(outcomes, options.junit)
    return 1 if any(outcome.verdict == "FAIL" for outcome in outcomes) else 0


def of_projects(*, update: bool) -> list[Outcome]:
    """Check what has an SBOM: each project by itself, and the libraries of all at once."""
    listed = {sbom.parent: components(sbom) for sbom in sorted((ROOT / "jobs").glob("*/target/sbom.json"))}
    if not listed:
        sys.exit(
            "Cannot check the supply chain: no project has a target/sbom.json. Run ./mvnw install -DskipTests -Psbom"
        )
    every = [component for found in listed.values() for component in found]
    rules = licences.Rules((HERE / "licences.toml").read_text(encoding="utf-8"))
    allowed, found = licences.used(every, rules)
    looked = look(listed)
    return [
        *(jars(target.parent.name, found, target / "lib") for target, found in listed.items()),
        allowed,
        licences.written(licences.page(found, rules), ROOT / licences.PAGE, update=update),
        *(floors.held(floor, looked) for floor in floors.read((HERE / "floors.toml").read_text(encoding="utf-8"))),
        *(images.manifest(target.parent.name, target) for target in listed),
    ]


def look(listed: dict[Path, list[Component]]) -> list[floors.Jar]:
    """Look into every jar once, however many projects have it."""
    known = {component.sha256: component for found in listed.values() for component in found}
    files = {digest(jar): jar for target in listed for jar in sorted((target / "lib").iterdir())}
    return [floors.Jar.read(file, known[found]) for found, file in files.items() if found in known]


def rebuilt(first: Path, second: Path) -> list[Outcome]:
    """Two builds in different folders give the same bytes; the SBOM is compared with the one that was checked."""
    project = first.parent.name
    pairs = [(first / file, second / file) for file in (f"{project}.jar", "jobs.json")]
    return [same(*pair) for pair in [*pairs, (ROOT / "jobs" / project / "target/sbom.json", second / "sbom.json")]]


def same(one: Path, other: Path) -> Outcome:
    """Two files that were built from the same sources have the same bytes."""
    digests = digest(one), digest(other)
    wrong = (
        f"Cannot reproduce {one.name}: built twice from the same sources, it has the SHA-256 {' and '.join(digests)}."
        " Find out which plugin of jobs/pom.xml writes what differs"
    )
    return Outcome("built twice", one.name, f"sha256:{digests[0]}", (wrong,) if digests[0] != digests[1] else ())


if __name__ == "__main__":
    sys.exit(main())
