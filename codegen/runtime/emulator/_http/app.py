"""The ASGI application: a request is journaled, routed, answered, and may be made to go wrong."""

from __future__ import annotations

import itertools
import logging
import time
import uuid
from functools import partial
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from .._contract.document import Operation
from .._control import SEEN_FILES
from .._control.door import Door
from .._service import Service
from .._state.exchange import KEPT_BYTES, Exchange
from . import ranges
from .answer import Answer
from .body_limit import Incoming, Received, most_bytes
from .cors import Cors, Permission
from .handlers import Call, Handlers
from .refusals import RefusalError, error_of_status, http_error, refused, server_error
from .routing import Router

if TYPE_CHECKING:
    from .._faults.act import Act

_log = logging.getLogger(__name__)
_numbers = itertools.count(1)
_RUN = uuid.uuid4().hex[:20]


class App:
    """The ASGI application of a service; it can be asked on any event loop."""

    def __init__(self, service: Service, control: Door, *, cors: Cors = "local") -> None:
        self._service = service
        self._control = control
        self._document = service.contract.document
        self._router = Router(self._document.operations)
        self._handlers = Handlers(service)
        self._security = self._document.security
        self._id_header: str | None = self._document.raw["info"].get("x-request-id-header")
        self._permission = Permission(cors, self._id_header)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith(SEEN_FILES):  # Those that a person looks at are not journaled.
                path = f"{self._document.own_path('files')}/{path.removeprefix(SEEN_FILES)}"
                scope = {**scope, "path": path, "raw_path": path.encode()}
                await self._exchange(scope, receive, send, is_seen=True)
            elif self._control.takes(path):
                await self._control(scope, receive, send)
            else:
                await self._exchange(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self._service.deliveries.resume()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._service.deliveries.close()
        await send({"type": "lifespan.shutdown.complete"})

    def unreadable(self, text: str) -> Answer:
        """The answer to what is not HTTP, of which nothing else is known."""
        answer = error_of_status(self._document, 400, text)
        if self._id_header:
            answer.headers[self._id_header] = _new_id()
        return answer

    async def _exchange(
        self, scope: Scope, receive: Receive, send: Send, *, is_seen: bool = False
    ) -> None:
        begun = time.perf_counter()
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        received = Received(receive, headers)
        exchange = Exchange(
            id=_new_id(),
            received=self._service.clock.shown(),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            key=self._security.key(headers) or None,
        )
        act = None if is_seen else self._service.act(headers)
        answer = await self._answer(scope, received, exchange, act)
        if act is not None:
            answer = act.dress(answer, partial(error_of_status, self._document))
        if self._id_header:
            answer.headers[self._id_header] = exchange.id
        if "origin" in headers:
            answer.headers.update(self._permission.headers(headers["origin"]))
        exchange.body = received.begin
        exchange.status = answer.status
        exchange.answer = answer.body[:KEPT_BYTES]
        kind = {} if answer.content_type is None else {"content-type": answer.content_type}
        exchange.answer_headers = {**kind, **answer.headers}
        exchange.seconds = time.perf_counter() - begun
        if act is not None:
            act.record(exchange)
        if not is_seen:
            self._service.journal.add(exchange)
        if act is not None:
            await act.send(answer, scope, receive, send, without_body=exchange.method == "HEAD")
        else:
            await answer.send(send, without_body=exchange.method == "HEAD")

    async def _answer(
        self, scope: Scope, received: Received, exchange: Exchange, act: Act | None
    ) -> Answer:
        """The answer of a request; whatever it does, there is one."""
        try:
            if allowed := self._permission.preflight(exchange.method, exchange.headers):
                return allowed
            request, path = Incoming(scope, received), _path(scope)
            if (file := self._handlers.file(path)) is not None:
                if exchange.method not in ("GET", "HEAD"):
                    raise HTTPException(405, headers={"Allow": "GET, HEAD"})
                if act and (instead := await self._fault(act, request, exchange, None)):
                    return instead
                content, media_type = await file(path.rpartition("/")[2])
                return ranges.of_file(content, media_type, exchange.method, exchange.headers)
            found = self._router.find(exchange.method, path)
            exchange.operation = found.operation.name
            received.most = most_bytes(found.operation)
            if act and (instead := await self._fault(act, request, exchange, found.operation)):
                return instead
            fate = act.fate if act else None
            call = Call(found.operation, found.parameters, request, exchange, fate)
            return await self._handlers.of(found.operation)(call)
        except RefusalError as error:
            return refused(self._document, error)
        except ClientDisconnect:  # Nobody reads it.
            return Answer(400)
        except HTTPException as error:
            return http_error(self._document, error)
        except Exception:
            _log.exception("%s %s", exchange.method, exchange.path)
            return server_error(self._document)

    async def _fault(
        self, act: Act, request: Request, exchange: Exchange, operation: Operation | None
    ) -> Answer | None:
        """Let go wrong what is to; the answer if the work is not to be done."""
        await self._service.faults.choose(act, request, exchange, operation)
        return await act.instead(request)


def _path(scope: Scope) -> str:
    """The path as it was sent, with its escapes; of an absolute target, the path alone."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    path = raw.decode("latin-1").partition("?")[0]
    if not path.startswith("/") and "://" in path:
        path = "/" + path.partition("://")[2].partition("/")[2]
    return path


def _new_id() -> str:
    """An id for a request, which no other has."""
    return f"{_RUN}{next(_numbers):012x}"
