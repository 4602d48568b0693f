"""A proxy before a server of HTTP that lets single requests go wrong, by what they say."""

from __future__ import annotations

import asyncio
import re
import threading
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from urllib.parse import urlparse


class Fault(Enum):
    """What becomes of a request."""

    DROP = "the server never gets it, and nobody answers"
    LOSE = "the server does it, and the answer is lost"
    HOLD = "the client is left without an answer; the server gets it when the proxy is told to let go"
    TWICE = "it is sent twice; the second answer is given"
    REFUSE = "the proxy answers in the server's place, with a status"


@dataclass
class Rule:
    """The next few requests whose head or body a pattern is found in."""

    pattern: str
    fault: Fault
    times: int = 1
    status: int = 503
    then_down: bool = False  #: whether the server is out of reach afterwards
    answers: list[bytes] = field(default_factory=list)  #: what the server said, first lines


class FaultProxy:
    """Listens on a port of its own while it is open; without rules, all goes through unchanged."""

    def __init__(self, upstream: str):
        address = urlparse(upstream)
        self._upstream = (address.hostname, address.port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._let_go = asyncio.Event()
        self._rules: list[Rule] = []
        self._held: set[asyncio.Task[bytes]] = set()
        self.down = False
        self.url = ""

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        self.url = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def next(self, pattern: str, fault: Fault, *, times: int = 1, status: int = 503, then_down: bool = False) -> Rule:
        """Let the next requests of a kind go wrong."""
        rule = Rule(pattern, fault, times, status, then_down)
        self._rules = [rule]
        return rule

    def calm(self) -> None:
        """Let everything through from here on."""
        self._rules = []
        self.down = False

    def let_go(self) -> None:
        """Send what was held, and return when the server has answered."""

        async def send() -> None:
            self._let_go.set()
            await asyncio.gather(*self._held)
            self._let_go.clear()

        asyncio.run_coroutine_threadsafe(send(), self._loop).result(60)

    async def _listen(self) -> str:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        return f"http://{host}:{port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request a connection: whatever goes wrong with it, no other one is harmed."""
        try:
            request = await _read(reader, writer)
            answer = b"" if self.down else await self._answer(request)
            writer.write(answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # one of both has hung up
        finally:
            writer.close()

    async def _answer(self, request: bytes) -> bytes:
        rule = next(
            (r for r in self._rules if r.times > 0 and re.search(r.pattern, request.decode("latin-1"), re.S)), None
        )
        if rule is None:
            return await self._forward(request)
        rule.times -= 1
        self.down = rule.then_down
        if rule.fault is Fault.REFUSE:
            return f"HTTP/1.1 {rule.status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        if rule.fault is Fault.HOLD:
            self._held.add(asyncio.create_task(self._later(request, rule)))
            return b""
        if rule.fault is Fault.DROP:
            return b""
        answer = await self._forward(request)
        if rule.fault is Fault.TWICE:
            rule.answers.append(answer.split(b"\r\n", 1)[0])
            answer = await self._forward(request)
        rule.answers.append(answer.split(b"\r\n", 1)[0])
        return answer if rule.fault is Fault.TWICE else b""

    async def _later(self, request: bytes, rule: Rule) -> bytes:
        await self._let_go.wait()
        answer = await self._forward(request)
        rule.answers.append(answer.split(b"\r\n", 1)[0])
        return answer

    async def _forward(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self._upstream)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Read a whole request, as one that asks the server to hang up after its answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    fields = {name.lower(): value.strip() for name, value in re.findall(r"\r\n([^:\r]+):([^\r]*)", head)}
    if "expect" in fields:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
    body = b""
    if fields.get("transfer-encoding", "").lower() == "chunked":
        while True:
            size = await reader.readuntil(b"\r\n")
            body += size + await reader.readexactly(int(size.split(b";")[0], 16) + 2)
            if int(size.split(b";")[0], 16) == 0:
                break
    elif "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
    head = re.sub(r"\r\n(?:Expect|Connection|Keep-Alive):[^\r]*", "", head, flags=re.I)
    return head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").encode("latin-1") + body
