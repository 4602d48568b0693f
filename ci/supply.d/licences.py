"""Which licences the jars of an image have, and whether each is allowed: licences.toml says which are."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from outcome import Outcome
from sbom import Component

PAGE = "docs/licences.md"
HEAD = """\
# Licences of what the image holds

Written by `ci/supply --update` from the SBOMs of all projects; `ci/supply` fails where it is not what they give.
Versions and digests stand in the SBOM. A library that comes under several licences stands at the one it is used under.
"""


class Rules:
    """The licences that are allowed, by the names that poms give them, and what poms do not say."""

    def __init__(self, text: str) -> None:
        rules: dict[str, Any] = tomllib.loads(text)
        self.reasons: dict[str, str] = {rule["licence"]: rule.get("reason", "") for rule in rules["allowed"]}
        self._names = {
            name.casefold(): rule["licence"]
            for rule in rules["allowed"]
            for name in [rule["licence"], *rule.get("called", [])]
        }
        self.stated: dict[str, dict[str, str]] = {rule["component"]: rule for rule in rules.get("stated", [])}

    def licence(self, component: Component) -> str | None:
        """Return the licence that a component is used under: the first it comes under that is allowed."""
        if stated := self.stated.get(component.name):
            return stated["licence"]
        known = (self._names.get(name.casefold()) for name in component.licences)
        return next((licence for licence in known if licence), None)


def used(components: Iterable[Component], rules: Rules) -> tuple[Outcome, dict[str, set[str]]]:
    """Every component has an allowed licence; return also which has which."""
    found: dict[str, set[str]] = defaultdict(set)
    wrong = []
    names = set()
    for component in components:
        names.add(component.name)
        if licence := rules.licence(component):
            found[licence].add(component.name)
        else:
            said = ", ".join(component.licences) or "none"
            wrong.append(
                f"Cannot allow {component.name} {component.version}: its licence ({said}) is not in licences.toml."
                " Read it, then list it in ci/supply.d/licences.toml or leave the library out"
            )
    wrong += [
        f"Cannot use what licences.toml states of {name}: the image does not hold it. Take the entry out"
        for name in rules.stated
        if name not in names
    ]
    seen = f"{len(names)} libraries under {len(found)} licences"
    return Outcome("licences", "all", seen, tuple(dict.fromkeys(wrong))), found


def page(found: dict[str, set[str]], rules: Rules) -> str:
    """Return the page that lists them."""
    lines = [HEAD, "| licence | libraries | why it is allowed |", "|---|---|---|"]
    order = [licence for licence in rules.reasons if licence in found]
    lines += [f"| {licence} | {len(found[licence])} | {rules.reasons[licence]} |" for licence in order]
    for licence in order:
        lines += ["", f"## {licence}", ""]
        groups: dict[str, list[str]] = defaultdict(list)
        for name in sorted(found[licence]):
            group, _, artifact = name.partition(":")
            groups[group].append(artifact)
        lines += [f"- {group}: {', '.join(artifacts)}" for group, artifacts in groups.items()]
    stated = sorted(rules.stated.items())
    if stated:
        lines += ["", "## Stated here, since the pom does not say it", ""]
        lines += [f"- {name}: {rule['licence']}. {rule['reason']}" for name, rule in stated]
    return "\n".join(lines) + "\n"


def written(text: str, file: Path, *, update: bool) -> Outcome:
    """The page that is checked in is the one that the SBOMs give; or it is now."""
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    if update:
        file.write_text(text, encoding="utf-8")
        return Outcome("licences", PAGE, "as it was" if old == text else "written")
    wrong = () if old == text else (f"Cannot trust {PAGE}: it is not what the SBOMs give. Run ci/supply --update",)
    return Outcome("licences", PAGE, "compared with the SBOMs", wrong)
