"""Counts the calls to an API server of Kubernetes, by standing between it and its client."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import urllib3

#: Of one connection alone, and not of what it carries.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host"}


@contextmanager
def counted(kubeconfig: Path) -> Iterator[list[str]]:
    """Lead a kubeconfig through here; yields a list that grows by method and path of each call."""
    calls: list[str] = []
    document = json.loads(kubeconfig.read_text(encoding="utf-8"))
    cluster = document["clusters"][0]["cluster"]
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    upstream = urllib3.PoolManager(ca_cert_data=authority, num_pools=1, maxsize=32, retries=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _forward(self) -> None:
            calls.append(f"{self.command} {self.path.partition('?')[0]}")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            answer = upstream.request(
                self.command,
                address + self.path,
                body=body,
                headers=headers,
                preload_content=False,
                decode_content=False,
            )
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP | {"content-length"}:
                    self.send_header(name, value)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in answer.stream(1 << 16, decode_content=False):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
            answer.release_conn()

        do_GET = do_POST = do_PATCH = do_DELETE = _forward  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Say nothing of those who leave in the middle of a log."""

    address = cluster["server"]
    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    cluster["server"] = f"http://127.0.0.1:{server.server_port}"
    del cluster["certificate-authority-data"]
    kubeconfig.write_text(json.dumps(document), encoding="utf-8")
    try:
        yield calls
    finally:
        with suppress(OSError):
            server.shutdown()
            server.server_close()
        thread.join()
