"""Reads YAML that people have written: no tags, no key twice, and bounds for what a small file can blow up to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sluice_airflow.exceptions import SluiceConfigError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 30
MAX_VALUES = 20_000  #: with every alias counted as often as it is used


def read_yaml(path: Path, *, what: str) -> Any:
    """Return the one document of a YAML file.

    :param what: what the file is, for the error: ``Cannot read WHAT PATH: …``.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _cannot(what, path, str(error.strerror), "Put it on every worker, or correct its path.") from None
    if len(content) > MAX_BYTES:
        raise _cannot(what, path, f"it is larger than {MAX_BYTES // 1024} KiB", "Make it smaller.")
    return _parse(content, what, path)


def _parse(content: bytes, what: str, path: Path) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """PyYAML's safe loader with bounds; an anchor is composed once, however often it is used."""

        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise yaml.YAMLError(f"it is nested deeper than {MAX_DEPTH}")
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

        def get_single_node(self) -> Any:
            node = super().get_single_node()
            if node is not None and _size(node, {}, set()) > MAX_VALUES:
                raise yaml.YAMLError(f"its aliases make more than {MAX_VALUES} values of it")
            return node

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                line = node.value[position][0].start_mark.line + 1
                raise yaml.YAMLError(f"'{key}' stands twice in one mapping, in line {line} again")
        loader.flatten_mapping(node)
        return loader.construct_mapping(node, deep=True)

    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    try:
        return yaml.load(content, Loader)  # noqa: S506 - a safe loader, but for its bounds
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _cannot(what, path, " ".join(str(error).split()).rstrip("."), "Correct the file.") from None


def _size(node: Any, known: dict[int, int], within: set[int]) -> int:
    """How many values a node has when its aliases are written out; one that holds itself has no end."""
    if id(node) in known:
        return known[id(node)]
    if id(node) in within:
        return MAX_VALUES + 1
    children = node.value if isinstance(node.value, list) else []
    pairs = [part for child in children for part in (child if isinstance(child, tuple) else (child,))]
    known[id(node)] = 1 + sum(_size(part, known, {*within, id(node)}) for part in pairs)
    return known[id(node)]


def _cannot(what: str, path: Path, reason: str, advice: str) -> SluiceConfigError:
    return SluiceConfigError(f"Cannot read {what} {path}: {reason}. {advice}")
