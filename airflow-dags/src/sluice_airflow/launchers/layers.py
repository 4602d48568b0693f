"""Lays partial pods one over the other, and remembers which of them gave each field its value.

One chain for everything: mappings are merged, lists of named things by their names, any other list is replaced.
Plain values in, plain values out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Layer:
    """A partial pod in Kubernetes' spelling, and whose wish it is."""

    name: str
    pod: Mapping[str, Any]


@dataclass(frozen=True)
class LayeredPod:
    """A pod, and for each of its fields the layer that gave it its value."""

    pod: dict[str, Any]
    origins: Mapping[str, str]  #: by path, e.g. ``spec.containers[base].env[SLUICE_IMAGE].value``


#: Containers are merged field by field. What else has a name is taken or replaced as a whole: a variable with a value
#: and one with a reference would make no variable that Kubernetes takes.
_MERGED = frozenset({"containers", "initContainers"})

#: By which key the things of a list are the same.
_IDENTITY = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "imagePullSecrets": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
}


def lay(layers: list[Layer]) -> LayeredPod:
    """Return the pod that the layers make, the later ones over the earlier ones; None says nothing."""
    pod: dict[str, Any] = {}
    setters: dict[str, str] = {}
    for layer in layers:
        _mapping(pod, layer.pod, "", layer.name, setters)
    final = _without_none(pod)
    return LayeredPod(final, {path: _origin(path, setters) for path, _ in leaves(final)})


def leaves(value: Any, path: str = "", field: str = "") -> Iterator[tuple[str, Any]]:
    """Return the path and value of everything that is no mapping or list, or an empty one."""
    if isinstance(value, Mapping) and value:
        for key, child in value.items():
            yield from leaves(child, child_path(path, key), key)
    elif isinstance(value, list) and value and not all(isinstance(item, str) for item in value):
        for position, item in enumerate(value):
            yield from leaves(item, f"{path}[{identity(field, item, position)}]")
    else:
        yield path, value


def child_path(path: str, key: str) -> str:
    """Return the path of a field; keys that hold dots are quoted."""
    word = f'"{key}"' if "." in key or "[" in key else key
    return f"{path}.{word}" if path else word


def identity(field: str, item: Any, position: int) -> str:
    """Return what tells an item of a list from the others: its name, where it has one."""
    if not isinstance(item, Mapping):
        return str(position)
    if field == "envFrom":
        return next((str(source.get("name")) for source in item.values() if isinstance(source, Mapping)), str(position))
    return str(item.get(_IDENTITY.get(field, "name"), position))


def _mapping(base: dict[str, Any], over: Mapping[str, Any], path: str, layer: str, setters: dict[str, str]) -> None:
    for key, value in over.items():
        place = child_path(path, key)
        if value is None:
            base.setdefault(key, None)
        elif isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _mapping(base[key], value, place, layer, setters)
        elif isinstance(value, list) and (key in _IDENTITY or key in ("envFrom", "tolerations")):
            base[key] = _items(base.get(key) or [], value, key, place, layer, setters)
        elif base.get(key) != value:
            base[key] = _copy(value)
            _set(place, layer, setters)


def _items(base: list[Any], over: list[Any], field: str, path: str, layer: str, setters: dict[str, str]) -> list[Any]:
    items = list(base)
    for item in over:
        position = _position(items, item, field)
        if position is None:
            items.append(_copy(item))
            _set(f"{path}[{identity(field, item, len(items) - 1)}]", layer, setters)
        elif field in _MERGED:
            place = f"{path}[{identity(field, items[position], position)}]"
            _mapping(items[position], item, place, layer, setters)
        elif items[position] != item:
            items[position] = _copy(item)
            _set(f"{path}[{identity(field, item, position)}]", layer, setters)
    return items


def _position(items: list[Any], item: Any, field: str) -> int | None:
    """A container without a name is the first one; tolerations have no name and are the same if they are equal."""
    if field == "tolerations":
        return items.index(item) if item in items else None
    if field in _MERGED and "name" not in item:
        return 0 if items else None
    wanted = identity(field, item, -1)
    return next((n for n, known in enumerate(items) if identity(field, known, n) == wanted), None)


def _set(path: str, layer: str, setters: dict[str, str]) -> None:
    for known in [known for known in setters if known.startswith((f"{path}.", f"{path}["))]:
        del setters[known]
    setters[path] = layer


def _origin(path: str, setters: Mapping[str, str]) -> str:
    """A field that came along with a mapping was set with it."""
    longest = max((known for known in setters if path == known or path.startswith((f"{known}.", f"{known}["))), key=len)
    return setters[longest]


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copy(child) for child in value]
    return value


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(child) for key, child in value.items() if child is not None}
    if isinstance(value, list):
        return [_without_none(child) for child in value]
    return value
