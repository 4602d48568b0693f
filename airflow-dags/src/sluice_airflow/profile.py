"""The profile: what an environment (a laptop, staging, production) wants of the pods, in one YAML file.

The connection names the file, which lies on the workers: it is read when a job is launched, never when a DAG is
parsed. What it says of all jobs (``default``), of a project and of a job are laid one over the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sluice_airflow.bounded_yaml import read_yaml
from sluice_airflow.connection import RESERVED
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.nearest import did_you_mean
from sluice_airflow.secret_literals import refuse_secret

#: Labels by which pods are found again; they are the provider's and Airflow's own.
OWN_LABELS = re.compile(r"app\.kubernetes\.io/managed-by|sluice\.dev/.*|dag_id|task_id|run_id|map_index|try_number")

_DURATION = re.compile(r"(\d+)([smh])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True)
class Entry:
    """What a profile says at one place."""

    where: str  #: for people: ``profile``, ``profile flights``, ``profile flights/clean-departures``
    values: Mapping[str, Any]


@dataclass(frozen=True)
class JobProfile:
    """What a profile says of one job; of entries that contradict each other the last one wins."""

    entries: tuple[Entry, ...] = ()

    @property
    def image(self) -> str | None:
        """The image instead of the connection's or the manifest's."""
        return self._text("image")

    @property
    def namespace(self) -> str | None:
        """The namespace instead of the connection's."""
        return self._text("namespace")

    @property
    def driver_service_account(self) -> str | None:
        """The account of jobs that have executors, instead of the connection's."""
        return self._text("driver_service_account")

    @property
    def resources(self) -> dict[str, str]:
        """What to lay over the manifest's resources."""
        return self._laid("resources")

    @property
    def env(self) -> dict[str, Any]:
        """Variables, each a text or a reference as in a pod: ``{"secretKeyRef": {…}}``."""
        return self._laid("env")

    @property
    def timeouts(self) -> dict[str, int]:
        """How long the stages of the pod may last, in seconds, as far as the operator does not say it."""
        return {name: seconds for name, seconds in self._laid("timeouts").items() if name != "deadline"}

    def _text(self, key: str) -> str | None:
        return next((entry.values[key] for entry in reversed(self.entries) if key in entry.values), None)

    def _laid(self, key: str) -> dict[str, Any]:
        return {name: value for entry in self.entries for name, value in entry.values.get(key, {}).items()}


def profile_of(path: str | None, *, project: str, job: str) -> JobProfile:
    """Return what a profile says of a job; nothing, if there is no profile."""
    if path is None:
        return JobProfile()
    document = _Node(read_yaml(Path(path), what="profile"), "", path)
    document.check({"default": _entry, "projects": _projects})
    default, projects = document.at("default"), document.at("projects")
    found = projects.at(project)
    places = (
        ("profile", default),
        (f"profile {project}", found),
        (f"profile {project}/{job}", found.at("jobs").at(job)),
    )
    return JobProfile(tuple(Entry(where, _values(node)) for where, node in places if node.value is not None))


class _Node:
    """A value of the file that knows its place."""

    def __init__(self, value: Any, place: str, path: str):
        self.value, self.place, self.path = value, place, path

    def at(self, key: str) -> _Node:
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return _Node(value, f"{self.place}.{key}".lstrip("."), self.path)

    def members(self) -> list[tuple[str, _Node]]:
        if not isinstance(self.value, dict) or not all(isinstance(key, str) for key in self.value):
            raise self.wrong("a mapping of names")
        return [(key, self.at(key)) for key in self.value]

    def check(self, known: Mapping[str, Check]) -> None:
        for key, node in self.members():
            if key not in known:
                place = f" at {self.place}" if self.place else ""
                raise self.cannot(f"unknown key '{key}'{place}", did_you_mean(key, known))
            known[key](node)

    def wrong(self, wanted: str) -> SluiceConfigError:
        kind = "nothing" if self.value is None else f"a {type(self.value).__name__}"
        return self.cannot(f"{self.place or 'the document'} must be {wanted}, but is {kind}", "Correct the file.")

    def cannot(self, reason: str, advice: str) -> SluiceConfigError:
        return SluiceConfigError(f"Cannot read profile {self.path}: {reason}. {advice}")


Check = Callable[[_Node], None]


def _projects(node: _Node) -> None:
    for _, project in node.members():
        project.check({**_ENTRY, "jobs": _jobs})


def _jobs(node: _Node) -> None:
    for _, job in node.members():
        _entry(job)


def _entry(node: _Node) -> None:
    node.check(_ENTRY)


def _text(node: _Node) -> None:
    if not isinstance(node.value, str) or not node.value:
        raise node.wrong("a text (in quotes, if it looks like a number)")
    refuse_secret(node.place.rpartition(".")[2], node.value, doing=f"Cannot read profile {node.path}", instead=INSTEAD)


INSTEAD = (
    "Keep it in a Kubernetes secret, and name that in env_from_secrets or as "
    "{secretKeyRef: {name: SECRET, key: KEY}} in env."
)


def _texts(node: _Node) -> None:
    for _, item in node.members():
        _text(item)


def _names(node: _Node) -> None:
    if not isinstance(node.value, list) or not all(isinstance(item, str) and item for item in node.value):
        raise node.wrong("a list of names")


def _labels(node: _Node) -> None:
    for key, item in node.members():
        if OWN_LABELS.fullmatch(key):
            raise node.cannot(f"{node.place} must not set '{key}': pods are found by it", "Remove it.")
        _text(item)


def _env(node: _Node) -> None:
    for name, item in node.members():
        if name in RESERVED:
            raise node.cannot(f"{node.place} must not set {name}: every try gets its own", "Remove it.")
        if isinstance(item.value, dict):
            item.check({"secretKeyRef": _mapping, "configMapKeyRef": _mapping, "fieldRef": _mapping})
        else:
            _text(item)


def _mapping(node: _Node) -> None:
    node.members()


def _tolerations(node: _Node) -> None:
    if not isinstance(node.value, list) or not all(isinstance(item, dict) for item in node.value):
        raise node.wrong("a list of tolerations")


def _timeouts(node: _Node) -> None:
    from sluice_airflow.launchers import TIMEOUTS

    node.check(dict.fromkeys((*TIMEOUTS, "deadline"), _duration))


def _duration(node: _Node) -> None:
    if not isinstance(node.value, str) or not _DURATION.fullmatch(node.value):
        raise node.wrong("a duration like 90s, 10m or 2h")


#: What executors may have otherwise than the job's pod, which they are like in all else.
_EXECUTORS: dict[str, Check] = {
    "node_selector": _texts,
    "tolerations": _tolerations,
    "affinity": _mapping,
    "annotations": _texts,
    "termination_grace": _duration,
}


def _executors(node: _Node) -> None:
    node.check(_EXECUTORS)


_ENTRY: dict[str, Check] = {
    "image": _text,
    "image_pull_policy": _text,
    "image_pull_secrets": _names,
    "namespace": _text,
    "service_account": _text,
    "driver_service_account": _text,
    "executors": _executors,
    "resources": _texts,
    "env": _env,
    "env_from_secrets": _names,
    "node_selector": _texts,
    "tolerations": _tolerations,
    "affinity": _mapping,
    "labels": _labels,
    "annotations": _texts,
    "timeouts": _timeouts,
    "pod": _mapping,
}


def _values(node: _Node) -> dict[str, Any]:
    values = {key: value for key, value in node.value.items() if key != "jobs"}
    if "timeouts" in values:
        values["timeouts"] = {name: _seconds(text) for name, text in values["timeouts"].items()}
    if "termination_grace" in values.get("executors", {}):
        executors = values["executors"]
        values["executors"] = {**executors, "termination_grace": _seconds(executors["termination_grace"])}
    return values


def _seconds(duration: str) -> int:
    number, unit = duration[:-1], duration[-1]
    return int(number) * _SECONDS[unit]
