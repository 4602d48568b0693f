"""What the build says that an image holds: ``target/sbom.json``, as CycloneDX writes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outcome import Outcome


@dataclass(frozen=True)
class Component:
    """A jar of the image: its coordinates, its digest, the licences that its pom names."""

    name: str
    version: str
    sha256: str
    licences: tuple[str, ...] = ()


def components(sbom: Path) -> list[Component]:
    """Read all that are listed."""
    return [_component(entry) for entry in json.loads(sbom.read_text(encoding="utf-8")).get("components", [])]


def _component(entry: dict[str, Any]) -> Component:
    digests = {digest["alg"]: digest["content"] for digest in entry.get("hashes", [])}
    return Component(
        f"{entry['group']}:{entry['name']}",
        entry["version"],
        digests.get("SHA-256", ""),
        tuple(_licences(entry.get("licenses", []))),
    )


def _licences(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        licence = entry.get("license", {})
        yield licence.get("id") or licence.get("name") or entry.get("expression", "")


def jars(project: str, listed: Iterable[Component], lib: Path) -> Outcome:
    """The jars that go into the image are those that are listed, byte for byte."""
    listed = list(listed)
    there = {digest(jar): jar.name for jar in sorted(lib.iterdir())}
    wrong = [
        f"Cannot find {component.name} {component.version} in the image: no jar has its digest"
        f" {component.sha256 or '(none)'}. Build anew"
        for component in listed
        if component.sha256 not in there
    ]
    known = {component.sha256 for component in listed}
    wrong += [
        f"Cannot account for {name}: the SBOM lists no jar of its digest. Build anew, or find out where it comes from"
        for found, name in there.items()
        if found not in known
    ]
    return Outcome("jars", project, f"{len(listed)} listed, {len(there)} in the image, by SHA-256", tuple(wrong))


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
