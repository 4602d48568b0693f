"""Events of OpenLineage as a collector gets them: received over HTTP, validated, and read as a graph."""

from __future__ import annotations

import importlib
import json
import pkgutil
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import UnionType
from typing import Any

import attr
import jsonschema
from openlineage.client import generated
from openlineage.client.generated.base import BaseFacet
from referencing import Registry, Resource

from openlineage_schemas import published
from sluice_airflow.lineage_facets import SCHEMA

Event = dict[str, Any]


@contextmanager
def collector() -> Iterator[tuple[str, list[Event]]]:
    """Receive events as a backend would; yields its address and what has arrived."""
    events: list[Event] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            events.append(json.loads(body))
            self.send_response(201)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the events themselves are what is looked at."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", events
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _published() -> dict[str, Any]:
    """The published schemas, and that of our own facet, by what a schema URL names: ``FILE.json``."""
    return {**published(), SCHEMA.name: json.loads(SCHEMA.read_text(encoding="utf-8"))}


SCHEMAS = _published()
CORE = SCHEMAS["OpenLineage.json"]
OF_FACETS = SCHEMAS.keys() - {"OpenLineage.json"}
# Facets refer to several minor versions of the core; the newest one is what they are held to.
REGISTRY: Registry[Any] = Registry(
    retrieve=lambda uri: Resource.from_contents(SCHEMAS[uri.rpartition("/")[2]])  # type: ignore[call-arg]
)


def facets(event: Event) -> Iterator[tuple[str, str, Event]]:
    """Return every facet of an event with its kind and its key."""
    datasets = [*event.get("inputs", []), *event.get("outputs", [])]
    for kind, holders in (("run", [event["run"]]), ("job", [event["job"]]), ("dataset", datasets)):
        for holder in holders:
            for part in ("facets", "inputFacets", "outputFacets"):
                for key, facet in holder.get(part, {}).items():
                    yield kind, key, facet


def validate(event: Event) -> set[str]:
    """Raise unless an event is one by the core schema, and every facet by its own; returns the schemas' names."""
    _check(event, CORE)
    held_to = set()
    for _, key, facet in facets(event):
        if (file := _file(facet)) in OF_FACETS:
            _check({key: facet}, SCHEMAS[file])
            held_to.add(file)
        elif facet["_schemaURL"] in CLASSES:
            fits(facet, CLASSES[facet["_schemaURL"]], key)
    return held_to


def validated(facet: Event) -> bool:
    """Whether there is a schema or a class to hold a facet to."""
    return _file(facet) in OF_FACETS or facet["_schemaURL"] in CLASSES


def _file(facet: Event) -> str:
    url: str = facet["_schemaURL"]
    return url.partition("#")[0].rpartition("/")[2]


def _check(value: Any, schema: Any) -> None:
    jsonschema.Draft202012Validator(
        schema, registry=REGISTRY, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(value)


def _classes() -> dict[str, type[BaseFacet]]:
    """The classes that the client generates from the published schemas, by the URL of each."""
    found: dict[str, type[BaseFacet]] = {}
    for module in pkgutil.iter_modules(generated.__path__):
        for value in vars(importlib.import_module(f"{generated.__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, BaseFacet):
                found[value._get_schema()] = value
    return {url: value for url, value in found.items() if "/OpenLineage.json#" not in url}


CLASSES = _classes()


def fits(value: Any, kind: Any, where: str) -> None:
    """Raise unless a JSON value has the fields, and the types of fields, of a generated class."""
    if attr.has(kind):
        hints = typing.get_type_hints(kind)
        known = {field.name: field for field in attr.fields(kind)}
        assert isinstance(value, dict), f"{where} is no object: {value!r}"
        assert value.keys() <= known.keys(), f"{where} has unknown fields {value.keys() - known.keys()}"
        for name, field in known.items():
            assert name in value or field.default is not attr.NOTHING, f"{where} has no {name}"
            if value.get(name) is not None:
                fits(value[name], hints[name], f"{where}.{name}")
        return
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, UnionType):
        (kept,) = [argument for argument in arguments if argument is not type(None)]
        fits(value, kept, where)
    elif origin is list:
        assert isinstance(value, list), f"{where} is no list: {value!r}"
        for each in value:
            fits(each, arguments[0], where)
    elif origin is dict:
        for key, each in value.items():
            fits(each, arguments[1], f"{where}.{key}")
    elif kind is not Any:
        accepted = (int, float) if kind is float else kind
        assert isinstance(value, accepted), f"{where} is no {kind.__name__}: {value!r}"
