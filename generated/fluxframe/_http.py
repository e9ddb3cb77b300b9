"""What is needed of httpx, or of httpx2 in its place; neither is imported before it is used."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from ._errors import ConfigurationError
from ._retry import Failure

if TYPE_CHECKING:
    from ssl import SSLContext

LIBRARIES = ("httpx", "httpx2")
# Enough for a batch; httpx itself keeps 20, and opens the others anew for each request.
_CONNECTIONS = 100


class Client(Protocol):
    """What is used of an httpx.Client or httpx2.Client."""

    @property
    def headers(self) -> Any: ...
    @property
    def is_closed(self) -> bool: ...
    def send(
        self, request: Any, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...
    ) -> Any: ...
    def close(self) -> None: ...


class AsyncClient(Protocol):
    """What is used of an httpx.AsyncClient or httpx2.AsyncClient."""

    @property
    def headers(self) -> Any: ...
    @property
    def is_closed(self) -> bool: ...
    async def send(
        self, request: Any, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...
    ) -> Any: ...
    async def aclose(self) -> None: ...


def library(client: object, kind: str) -> Any:
    """The module that a client is of, httpx or httpx2; `kind` is Client or AsyncClient.

    Raises ConfigurationError for anything else.
    """
    for parent in type(client).__mro__:
        root = parent.__module__.partition(".")[0]
        if root in LIBRARIES and parent.__name__ == kind:
            return import_module(root)
    name = f"{type(client).__module__}.{type(client).__qualname__}"
    raise ConfigurationError(
        f"http_client: of type {name}, expected an httpx.{kind} or httpx2.{kind}"
    )


def new_client(kind: str) -> Any:
    """A client of our own, of httpx; all of them share one TLS context, which is slow to load."""
    httpx = import_module("httpx")
    limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)
    return getattr(httpx, kind)(verify=_tls_context(), limits=limits)


@cache
def _tls_context() -> SSLContext:
    context: SSLContext = import_module("httpx").create_ssl_context()
    return context


def failure(error: Exception, http: Any) -> Failure | None:
    """What an exception of the library `http` means; None if it is none of the network's."""
    reason = f"{type(error).__name__}: {error}".removesuffix(": ")
    if isinstance(error, http.TimeoutException):
        unsent = isinstance(error, http.ConnectTimeout | http.PoolTimeout)
        return Failure("timeout", f"no answer in time ({type(error).__name__})", sent=not unsent)
    if isinstance(error, TimeoutError):  # Of asyncio.timeout, or of our own clock.
        return Failure("timeout", "no answer in time", sent=True)
    if isinstance(error, http.DecodingError):
        return Failure("connection", "the answer can't be unpacked", sent=True)
    if isinstance(error, http.UnsupportedProtocol | http.LocalProtocolError):
        return Failure("request", reason, sent=False)
    if isinstance(error, http.ConnectError) and _distrusted(error):
        return Failure("certificate", reason, sent=False)
    if isinstance(error, http.TransportError):
        unsent = isinstance(error, http.ConnectError | http.ProxyError)
        return Failure("connection", reason, sent=not unsent)
    return None


def _distrusted(error: BaseException | None) -> bool:
    """Whether it comes of a certificate that can't be trusted."""
    import ssl

    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_http(url: str) -> bool:
    """Whether it is an http or https URL with a host."""
    try:
        parsed = urlsplit(url)
        return parsed.scheme in ("http", "https") and bool(parsed.hostname) and parsed.port != 0
    except ValueError:
        return False


def without_query(url: str) -> str:
    """A URL without what may be secret: its query, a signature often, and a password."""
    return re.sub(r"//[^/]*@", "//", re.split(r"[?#]", url, maxsplit=1)[0])
