# A copy of codegen/runtime/_wire/transport.py, where it is edited.
"""Sends operations over HTTP, with retries and within their deadlines; sync and async."""

from __future__ import annotations

import copy
import os
import threading
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .._answers import Response
from .._errors import ConfigurationError, FluxframeError
from .._redact import shown, without_query
from .attempts import Attempts, info_of
from .bodies import aread, read
from .calls import Call, CallInfo
from .clients import new_client
from .deadlines import GRACE, async_timeout, bound, ending_in, sync_timeout
from .event_loop import running_loop
from .http import LIBRARIES, AsyncClient, Client, Http, Library, library
from .logs import without_queries
from .own_client import settings_with, shorten, shorter_steps
from .requests import RequestBuilder
from .settings import Settings

if TYPE_CHECKING:
    import asyncio

_Self = TypeVar("_Self", bound="BaseTransport")


class BaseTransport:
    """What both transports share: the settings, and what their requests have in common."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._builder: RequestBuilder | None = None

    def with_options(self: _Self, **changes: Any) -> _Self:
        """A copy with other settings, over the same connections; None keeps a setting."""
        other = copy.copy(self)
        BaseTransport.__init__(other, self.settings.changed(**changes))
        return other

    def _requests(self, client: Client | AsyncClient, http: Http) -> RequestBuilder:
        builder = self._builder
        if builder is None or not builder.fits(client):
            # Other threads see it whole or not at all.
            builder = self._builder = RequestBuilder(self.settings, client, http)
        return builder

    def __repr__(self) -> str:
        return shown(f"<{type(self).__name__} {without_query(self.settings.base_url)}>")


class Transport(BaseTransport):
    """Sends operations with an httpx.Client, made when it is first needed."""

    def __init__(self, *, http_client: Client | Library | None = None, **settings: Any) -> None:
        self._pool: _Pool[Client] = _Pool("Client", http_client)
        super().__init__(Settings(**self._pool.settings(settings)))

    def client(self) -> tuple[Client, Http]:
        """The httpx client, and the library that it is of."""
        return self._pool.client()

    def send(self, call: Call) -> Response:
        """The response to a call. Raises APIError once another attempt would not help."""
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
        attempts = Attempts(self._requests(client, http), call, info)
        try:
            while True:
                request, seconds = attempts.next(sync_timeout)
                shorten(request, self._pool.shorter_steps)
                outcome: Response | float
                try:
                    with without_queries(), ending_in(seconds):
                        answer = read(client.send(request, stream=True, follow_redirects=False))
                except Exception as error:
                    outcome = attempts.failed(error)
                else:
                    outcome = attempts.answered(answer)
                if isinstance(outcome, Response):
                    return outcome
                time.sleep(outcome)
        except BaseException as error:
            if not isinstance(
                error, FluxframeError
            ):  # Ctrl-C, a cancel, or a hook of the caller's.
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
        self._pool: _Pool[AsyncClient] = _Pool("AsyncClient", http_client)
        super().__init__(Settings(**self._pool.settings(settings)))

    def client(self) -> tuple[AsyncClient, Http]:
        """The httpx client; in another event loop one of ours is replaced, since it could not run there."""
        return self._pool.client(running_loop())

    async def send(self, call: Call) -> Response:
        """The response to a call. Raises APIError once another attempt would not help."""
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
        attempts = Attempts(self._requests(client, http), call, info)
        try:
            while True:
                request, seconds = attempts.next(async_timeout)
                shorten(request, self._pool.shorter_steps)
                outcome: Response | float
                try:
                    with without_queries():
                        async with asyncio.timeout(seconds + GRACE):
                            answer = await aread(
                                await client.send(request, stream=True, follow_redirects=False)
                            )
                except Exception as error:
                    outcome = attempts.failed(error)
                else:
                    outcome = attempts.answered(answer)
                if isinstance(outcome, Response):
                    return outcome
                await asyncio.sleep(outcome)
        except BaseException as error:
            if not isinstance(
                error, FluxframeError
            ):  # Ctrl-C, a cancel, or a hook of the caller's.
                attempts.interrupted(error)
            raise

    async def aclose(self) -> None:
        """Close the connections, unless the httpx client is the caller's own."""
        import asyncio

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # Under another library, where no connection was ever made.
            loop = None
        if (client := self._pool.closing(loop)) is not None:
            await client.aclose()


_AnyClient = TypeVar("_AnyClient", Client, AsyncClient)


class _Pool(Generic[_AnyClient]):
    """The httpx client that transports share: the caller's own, or ours, one per event loop.

    An async client is bound to the loop in which it first sent, and can't be used in another, as
    `asyncio.run` makes one each time. A fork shares the sockets of its parent: if both wrote to one,
    each would get parts of the other's responses, and if the child closed one with TLS, it would say
    so to the server, and the parent would lose it. So a child makes clients of its own, and leaves
    its parent's alone, unclosed.
    """

    def __init__(self, kind: str, given: _AnyClient | Library | None) -> None:
        self._kind = kind
        self._name: str = LIBRARIES[0]
        self._given: tuple[_AnyClient, Http] | None = None
        if isinstance(given, str) and given in LIBRARIES:
            self._name = given
        elif given is not None:
            self._given = cast(_AnyClient, given), library(given, kind)
            if kind == "Client":
                bound(given)
        self.shorter_steps = {} if self._given is None else shorter_steps(*self._given)
        self._closed = False
        # Kept after a fork, as they would be closed if they were dropped.
        self._parents: object = None
        self._begin()

    def _begin(self) -> None:
        # By event loop, None for sync: each with its library at once, as other threads see them.
        self._clients: dict[asyncio.AbstractEventLoop | None, tuple[_AnyClient, Http]] = {}
        self._lock = threading.Lock()  # Anew, as a thread of the parent may hold the old one.
        self._process = os.getpid()

    def settings(self, given: dict[str, Any]) -> dict[str, Any]:
        """The settings that are given, with what the caller's own client has of them."""
        return given if self._given is None else settings_with(*self._given, given)

    def client(self, loop: asyncio.AbstractEventLoop | None = None) -> tuple[_AnyClient, Http]:
        """The client and its library. Raises ConfigurationError after `closing`."""
        if self._process != os.getpid():
            self._parents = self._parents, self._clients
            self._begin()
        known = self._given or self._clients.get(loop) or self._made(loop)
        if self._closed or known[0].is_closed:
            raise ConfigurationError("the client is closed; make a new one, and close it last")
        return known

    def _made(self, loop: asyncio.AbstractEventLoop | None) -> tuple[_AnyClient, Http]:
        with self._lock:
            if self._closed:
                raise ConfigurationError("the client is closed; make a new one, and close it last")
            # Their sockets went with their loops, in which alone they could be closed.
            for other in [other for other in self._clients if other and other.is_closed()]:
                del self._clients[other]
            if loop not in self._clients:
                client = new_client(self._name, self._kind)
                self._clients[loop] = client, library(client, self._kind)
            return self._clients[loop]

    def closing(self, loop: asyncio.AbstractEventLoop | None = None) -> _AnyClient | None:
        """The client to close, if it is ours; that of another loop went with its loop."""
        if self._given is not None:
            return None
        with self._lock:
            self._closed = True
            return self._clients.get(loop, (None, None))[0]
