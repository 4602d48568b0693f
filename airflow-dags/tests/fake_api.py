"""An API server over HTTP with as much as the doctor and the reaper ask for, to be broken one thing at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class FakeApi:
    """What the server has and allows; a test takes something away."""

    namespaces: set[str] = field(default_factory=lambda: {"jobs"})
    accounts: set[str] = field(default_factory=lambda: {"flights"})
    secrets: set[str] = field(default_factory=lambda: {"lake", "registry"})
    quotas: list[dict[str, Any]] = field(default_factory=list)
    pods: dict[str, dict[str, Any]] = field(default_factory=dict)
    denied: set[tuple[str, str]] = field(default_factory=set)  #: verb and resource
    refuses_pods: str | None = None
    becomes: dict[str, Any] | None = None  #: the status of a pod that is really started
    unauthorized: bool = False
    skew: float = 0
    triggerer: str | None = "healthy"
    asked: list[tuple[str, str]] = field(default_factory=list)  #: method and path
    url: str = ""

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        """Return the status and document of a request."""
        path = path.rstrip("/")
        self.asked.append((method, path))
        if path == "/version":
            return 200, {"major": "1", "minor": "34", "gitVersion": "v1.34.0", **_VERSION}
        if path == "/api/v2/monitor/health":
            return 200, {"triggerer": {"status": self.triggerer, "latest_triggerer_heartbeat": "2026-11-28T00:00:00Z"}}
        if self.unauthorized:
            return 401, _status(401, "Unauthorized")
        if path.endswith("/selfsubjectaccessreviews"):
            return 201, {**body, "status": {"allowed": _asked_for(body) not in self.denied}}
        words = path.removeprefix("/api/v1/namespaces/").split("/")
        if len(words) == 1:
            return self._named(self.namespaces, "namespaces", words[0])
        return self._namespaced(method, words, query, body)

    def _namespaced(self, method: str, words: list[str], query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        match words[1:]:
            case ["serviceaccounts", name]:
                return self._named(self.accounts, "serviceaccounts", name)
            case ["secrets", name]:
                return self._named(self.secrets, "secrets", name)
            case ["resourcequotas"]:
                return self._allowed("list", "resourcequotas") or (200, {"items": self.quotas})
            case ["pods"] if method == "POST":
                return self._allowed("create", "pods") or self._create(body, dry=query.get("dryRun") == ["All"])
            case ["pods", name] if method == "GET":
                return 200, self.pods[name]
            case ["events"]:
                return 200, {"items": []}
            case ["pods"]:
                assert query["labelSelector"] == ["app.kubernetes.io/managed-by=sluice"], (
                    "others' pods are no business of ours"
                )
                return self._allowed("list", "pods") or (200, {"items": list(self.pods.values())})
            case ["pods", name] if method == "DELETE":
                return self._delete(name, body)
        raise AssertionError(f"nobody asks for {method} {words}")

    def _create(self, body: Any, *, dry: bool) -> tuple[int, Any]:
        if self.refuses_pods:
            return 403, _status(403, self.refuses_pods)
        if not dry:
            assert self.becomes is not None, "nobody may create a pod here"
            self.pods[body["metadata"]["name"]] = {**body, "status": self.becomes}
        return 201, body

    def _delete(self, name: str, body: Any) -> tuple[int, Any]:
        if body and self.pods[name]["metadata"]["uid"] != body["preconditions"]["uid"]:
            return 409, _status(409, "the UID in the precondition does not match the UID in record")
        return 200, self.pods.pop(name)

    def _named(self, known: set[str], resource: str, name: str) -> tuple[int, Any]:
        refused = self._allowed("get", resource)
        if refused:
            return refused
        return (
            (200, {"metadata": {"name": name}})
            if name in known
            else (404, _status(404, f'{resource} "{name}" not found'))
        )

    def _allowed(self, verb: str, resource: str) -> tuple[int, Any] | None:
        if (verb, resource) in self.denied:
            return 403, _status(403, f'{resource} is forbidden: User "me" cannot {verb} resource "{resource}"')
        return None


_VERSION = dict.fromkeys(("gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform"), "")


def _status(code: int, message: str) -> dict[str, Any]:
    return {"kind": "Status", "code": code, "message": message}


def _asked_for(review: Any) -> tuple[str, str]:
    attributes = review["spec"]["resourceAttributes"]
    sub = attributes.get("subresource")
    return attributes["verb"], f"{attributes['resource']}/{sub}" if sub else attributes["resource"]


@contextmanager
def serving(api: FakeApi, folder: Path) -> Iterator[Path]:
    """Serve the API on a port of this machine; give the kubeconfig that leads to it."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            address = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, document = api.answer(self.command, address.path, parse_qs(address.query), body)
            content = json.dumps(document).encode()
            self.send_response_only(status)
            self.send_header("Date", formatdate(time.time() + api.skew, usegmt=True))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - as the base class calls them

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    kubeconfig = folder / "kubeconfig"
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "fake", "cluster": {"server": api.url}}],
        "users": [{"name": "me", "user": {"token": "t"}}],
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "me"}}],
        "current-context": "fake",
    }
    kubeconfig.write_text(json.dumps(document), encoding="utf-8")
    try:
        yield kubeconfig
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
