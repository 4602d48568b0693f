"""Libraries that must not be older, since holes are known: floors.toml says which. Jars that hold others are seen."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from outcome import Outcome
from sbom import Component

PROPERTIES = re.compile(r"META-INF/maven/([^/]+)/([^/]+)/pom\.properties")
EARLY = re.compile(r"[-.](alpha|beta|m|rc|snapshot)[-.\d]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Floor:
    """A library, the first version without the hole, and a class by which it is known in a jar that holds it."""

    component: str
    version: str
    known_by: str
    because: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Jar:
    """A jar and what it holds: its own and others' coordinates with their versions, and all paths."""

    name: str
    versions: Mapping[str, frozenset[str]]
    paths: frozenset[str]

    @classmethod
    def read(cls, file: Path, listed: Component) -> Jar:
        """Look into a jar that the SBOM lists."""
        versions = {listed.name: {listed.version}}
        with zipfile.ZipFile(file) as content:
            paths = content.namelist()
            for path in paths:
                if match := PROPERTIES.fullmatch(path):
                    said = re.search(rb"^version=(\S+)", content.read(path), re.MULTILINE)
                    versions.setdefault(f"{match[1]}:{match[2]}", set()).add(said[1].decode() if said else "?")
        return cls(file.name, {name: frozenset(found) for name, found in versions.items()}, frozenset(paths))

    def holds(self, known_by: str) -> bool:
        """Whether a class is in it, by its own name or moved below another."""
        return any(path == known_by or path.endswith(f"/{known_by}") for path in self.paths)


def read(text: str) -> list[Floor]:
    """Read the list."""
    return [
        Floor(entry["component"], entry["version"], entry["known_by"], entry["because"], tuple(entry["source"]))
        for entry in tomllib.loads(text)["floor"]
    ]


def held(floor: Floor, jars: Iterable[Jar]) -> Outcome:
    """No jar is, or holds, the library in a version below its floor."""
    seen, wrong = [], []
    for jar in jars:
        versions = jar.versions.get(floor.component, frozenset())
        if not versions and jar.holds(floor.known_by):
            wrong.append(
                f"Cannot tell which {floor.component} is in {jar.name}: its classes are there, their version is not."
                f" Find out; it must be {floor.version} or newer"
            )
        seen += [f"{version} in {jar.name}" for version in sorted(versions)]
        wrong += [
            f"Cannot use {floor.component} {version} of {jar.name}: {floor.because} ({', '.join(floor.source)})."
            f" Take {floor.version} or newer"
            for version in sorted(versions)
            if order(version) < order(floor.version)
        ]
    return Outcome("floor", f"{floor.component} {floor.version}", ", ".join(seen) or "not in the image", tuple(wrong))


def order(version: str) -> tuple[list[int], int]:
    """Return what versions are compared by: their leading numbers; what comes before a release is below it."""
    leading = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(number) for number in leading[0].split(".")] if leading else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers, -1 if EARLY.search(version) else 0
