"""Sends operations over HTTP, as often as it takes and no longer than it may; sync and async."""

from __future__ import annotations

import copy
import os
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

from .._answers import Response
from .._errors import ConfigurationError
from .._redact import without_query
from .attempts import GRACE, Attempts, Prepared, Until, info_of, limit
from .calls import Call, CallInfo
from .http import LIBRARIES, AsyncClient, Client, Library, library, new_client
from .settings import Settings

if TYPE_CHECKING:
    import asyncio

_Self = TypeVar("_Self", bound="BaseTransport")


class BaseTransport:
    """What both transports share: the settings, and what their requests have in common."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._prepared: Prepared | None = None

    def with_options(self: _Self, **changes: Any) -> _Self:
        """The same with other settings, over the same connections; None changes nothing."""
        other = copy.copy(self)
        BaseTransport.__init__(other, self.settings.changed(**changes))
        return other

    def _common(self, client: Client | AsyncClient, http: Any) -> Prepared:
        prepared = self._prepared
        if prepared is None or prepared.client is not client:
            # Other threads see it whole or not at all.
            prepared = self._prepared = Prepared.of(self.settings, client, http)
        return prepared

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {without_query(self.settings.base_url)}>"


class Transport(BaseTransport):
    """Sends operations with an httpx.Client, made when it is first needed."""

    def __init__(self, *, http_client: Client | Library | None = None, **settings: Any) -> None:
        super().__init__(Settings(**settings))
        self._pool = _Pool("Client", http_client)

    def client(self) -> tuple[Client, Any]:
        """The httpx client, and the library that it is of."""
        return self._pool.client()

    def send(self, call: Call) -> Response:
        """What an operation answers. Raises APIError once no further attempt is worth it."""
        if (instrument := self.settings.instrument) is None:
            return self._send(call, None)
        info = info_of(self.settings, call)
        raised: BaseException
        with instrument(info):
            try:
                return self._send(call, info)
            except BaseException as error:
                raised = error
                raise
        raise raised  # The context manager hides it, and there is nothing to return.

    def _send(self, call: Call, info: CallInfo | None) -> Response:
        client, http = self.client()
        attempts = Attempts(self.settings, self._common(client, http), call, http, info)
        try:
            while True:
                request, _ = attempts.next(Until)
                outcome: Response | float
                try:
                    answer = client.send(request, follow_redirects=False)
                except Exception as error:
                    outcome = attempts.failed(error)
                else:
                    outcome = attempts.answered(answer)
                if isinstance(outcome, Response):
                    return outcome
                time.sleep(outcome)
        except BaseException as error:
            if not isinstance(error, Exception):  # Ctrl-C, or a task that is cancelled.
                attempts.interrupted(error)
            raise

    def close(self) -> None:
        """Close the connections, unless the httpx client is the caller's own."""
        if (client := self._pool.closing()) is not None:
            client.close()


class AsyncTransport(BaseTransport):
    """Sends operations with an httpx.AsyncClient, made when it is first needed."""

    def __init__(
        self, *, http_client: AsyncClient | Library | None = None, **settings: Any
    ) -> None:
        super().__init__(Settings(**settings))
        self._pool = _Pool("AsyncClient", http_client)

    def client(self) -> tuple[AsyncClient, Any]:
        """The httpx client; one of ours is made anew in another event loop, where it could not run."""
        import asyncio

        return self._pool.client(asyncio.get_running_loop())

    async def send(self, call: Call) -> Response:
        """What an operation answers. Raises APIError once no further attempt is worth it."""
        if (instrument := self.settings.instrument) is None:
            return await self._send(call, None)
        info = info_of(self.settings, call)
        raised: BaseException
        with instrument(info):
            try:
                return await self._send(call, info)
            except BaseException as error:
                raised = error
                raise
        raise raised  # The context manager hides it, and there is nothing to return.

    async def _send(self, call: Call, info: CallInfo | None) -> Response:
        import asyncio

        client, http = self.client()
        attempts = Attempts(self.settings, self._common(client, http), call, http, info)
        try:
            while True:
                request, seconds = attempts.next(limit)
                outcome: Response | float
                try:
                    async with asyncio.timeout(seconds + GRACE):
                        answer = await client.send(request, follow_redirects=False)
                except Exception as error:
                    outcome = attempts.failed(error)
                else:
                    outcome = attempts.answered(answer)
                if isinstance(outcome, Response):
                    return outcome
                await asyncio.sleep(outcome)
        except BaseException as error:
            if not isinstance(error, Exception):  # Ctrl-C, or a task that is cancelled.
                attempts.interrupted(error)
            raise

    async def aclose(self) -> None:
        """Close the connections, unless the httpx client is the caller's own."""
        import asyncio

        if (client := self._pool.closing(asyncio.get_running_loop())) is not None:
            await client.aclose()


class _Pool:
    """The httpx client that transports share: the caller's own, or ours, one an event loop."""

    def __init__(self, kind: str, given: Any) -> None:
        self._kind = kind
        self._owned = given is None or given in LIBRARIES
        self._name: str = given or LIBRARIES[0]
        self._given: tuple[Any, Any] | None = None
        if not self._owned:
            self._given = given, library(given, kind)
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        # By event loop, None for sync: each with its library at once, as other threads see them.
        self._clients: dict[asyncio.AbstractEventLoop | None, tuple[Any, Any]] = {}
        self._lock = threading.Lock()
        self._process = os.getpid()

    def client(self, loop: asyncio.AbstractEventLoop | None = None) -> tuple[Any, Any]:
        """The client and its library. Raises ConfigurationError after `closing`."""
        if self._process != os.getpid():  # A fork has the sockets of its parent, which go on there.
            self._parents = self._clients  # Kept, as they would be closed if they were dropped.
            self._begin()
        known = self._given or self._clients.get(loop) or self._made(loop)
        if self._closed or known[0].is_closed:
            raise ConfigurationError("the client is closed; make a new one, and close it last")
        return known

    def _made(self, loop: asyncio.AbstractEventLoop | None) -> tuple[Any, Any]:
        with self._lock:
            if self._closed:
                raise ConfigurationError("the client is closed; make a new one, and close it last")
            for other in [other for other in self._clients if other and other.is_closed()]:
                del self._clients[other]
            if loop not in self._clients:
                client = new_client(self._name, self._kind)
                self._clients[loop] = client, library(client, self._kind)
            return self._clients[loop]

    def closing(self, loop: asyncio.AbstractEventLoop | None = None) -> Any:
        """The client to close, if it is ours; that of another loop went with its loop."""
        if not self._owned:
            return None
        with self._lock:
            self._closed = True
            return self._clients.get(loop, (None, None))[0]
