"""One client of a cluster for all triggers of a triggerer: making one costs fifty times what a call does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from kubernetes_asyncio.client import CoreV1Api


class SharedClient:
    """A client that is made when it is first needed, and anew after :meth:`renew`."""

    def __init__(self, hook: Any):
        self.users = 0
        self._hook = hook
        self._lock = asyncio.Lock()
        self._open = AsyncExitStack()
        self._api: Any = None

    async def api(self) -> Any:
        """Return the API of the cluster."""
        async with self._lock:
            if self._api is None:
                connection = await self._open.enter_async_context(self._hook.get_conn())
                self._api = CoreV1Api(connection)
            return self._api

    async def renew(self) -> None:
        """Forget the client: its account may have a new token by now."""
        async with self._lock:
            self._api, before = None, self._open
            self._open = AsyncExitStack()
        await before.aclose()


#: By event loop and connection.
_CLIENTS: dict[tuple[int, str | None], SharedClient] = {}


@asynccontextmanager
async def shared_client(hook: Any, conn_id: str | None) -> AsyncIterator[SharedClient]:
    """Yield the client that all triggers with this connection share; the last one to leave closes it."""
    key = (id(asyncio.get_running_loop()), conn_id)
    client = _CLIENTS.setdefault(key, SharedClient(hook))
    client.users += 1
    try:
        yield client
    finally:
        client.users -= 1
        if client.users == 0:
            _CLIENTS.pop(key, None)
            await client.renew()
