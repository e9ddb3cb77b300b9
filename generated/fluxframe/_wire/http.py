# A copy of codegen/runtime/_wire/http.py, where it is edited.
"""The parts of httpx, or of httpx2, that are used; neither is imported before it is needed."""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
    MutableMapping,
)
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, get_args
from urllib.parse import urlsplit

from .._errors import ConfigurationError
from .._redact import excerpt
from .retry import Failure

if TYPE_CHECKING:
    from ssl import SSLContext

Library: TypeAlias = Literal["httpx", "httpx2"]
LIBRARIES: tuple[Library, ...] = get_args(Library)


class UnreadableError(Exception):
    """The content of an answer is not compressed as its headers say."""


class Request(Protocol):
    """The part of a request's interface that is used."""

    @property
    def extensions(self) -> MutableMapping[str, Any]: ...


class Headers(Protocol):
    """The part of the headers' interface that is used."""

    @property
    def raw(self) -> list[tuple[bytes, bytes]]: ...
    def get(self, key: str, default: str, /) -> str: ...
    def pop(self, key: str, default: None, /) -> str | None: ...
    def update(self, headers: Mapping[str, str], /) -> None: ...


class QueryParams(Protocol):
    """The part of the interface of a query that is used."""

    def __bool__(self) -> bool: ...
    def merge(self, params: Any, /) -> QueryParams: ...


class URL(Protocol):
    """The part of a URL's interface that is used."""

    @property
    def params(self) -> QueryParams: ...
    @property
    def is_absolute_url(self) -> bool: ...
    def copy_with(self, *, params: QueryParams) -> URL: ...


class Timeout(Protocol):
    """The part of the interface of timeouts that is used."""

    @property
    def connect(self) -> float | None: ...
    @property
    def read(self) -> float | None: ...
    @property
    def write(self) -> float | None: ...
    @property
    def pool(self) -> float | None: ...


class HttpResponse(Protocol):
    """The part of a response's interface that is used, read whole or in parts."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...
    @property
    def is_closed(self) -> bool: ...
    @property
    def is_stream_consumed(self) -> bool: ...
    def iter_raw(self) -> Iterator[bytes]: ...
    def aiter_raw(self) -> AsyncIterator[bytes]: ...
    def close(self) -> None: ...
    def aclose(self) -> Awaitable[None]: ...


class _OwnSettings(Protocol):
    """The part of a client's own settings that is used."""

    @property
    def headers(self) -> Headers: ...
    @property
    def params(self) -> QueryParams: ...
    @property
    def cookies(self) -> object: ...
    @property
    def base_url(self) -> URL: ...
    @property
    def timeout(self) -> Timeout: ...


class Client(_OwnSettings, Protocol):
    """The part of httpx.Client and httpx2.Client that is used."""

    @property
    def is_closed(self) -> bool: ...
    # A client takes the requests of its own library only, so that `Request` would promise too much.
    def send(
        self, request: Any, *, stream: bool = ..., auth: None = ..., follow_redirects: bool = ...
    ) -> HttpResponse: ...
    def close(self) -> None: ...


class AsyncClient(_OwnSettings, Protocol):
    """The part of httpx.AsyncClient and httpx2.AsyncClient that is used."""

    @property
    def is_closed(self) -> bool: ...
    async def send(
        self, request: Any, *, stream: bool = ..., auth: None = ..., follow_redirects: bool = ...
    ) -> HttpResponse: ...
    async def aclose(self) -> None: ...


class Http(Protocol):
    """The part of the module httpx or httpx2 that is used."""

    @property
    def Request(self) -> Callable[..., Request]: ...  # noqa: N802 - the library's name
    @property
    def Headers(self) -> Callable[[Any], Headers]: ...  # noqa: N802 - the library's name
    @property
    def URL(self) -> Callable[[str], URL]: ...  # noqa: N802 - the library's name
    @property
    def Limits(self) -> Callable[..., object]: ...  # noqa: N802 - the library's name
    @property
    def Client(self) -> Callable[..., Client]: ...  # noqa: N802 - the library's name
    @property
    def AsyncClient(self) -> Callable[..., AsyncClient]: ...  # noqa: N802 - the library's name
    @property
    def HTTPTransport(self) -> Callable[..., object]: ...  # noqa: N802 - the library's name
    @property
    def AsyncHTTPTransport(self) -> Callable[..., _Pool]: ...  # noqa: N802 - the library's name
    @property
    def create_ssl_context(self) -> Callable[[], SSLContext]: ...
    @property
    def InvalidURL(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def HTTPError(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def HTTPStatusError(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def TimeoutException(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def ConnectTimeout(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def PoolTimeout(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def DecodingError(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def UnsupportedProtocol(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def LocalProtocolError(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def ConnectError(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def TransportError(self) -> type[Exception]: ...  # noqa: N802 - the library's name
    @property
    def ProxyError(self) -> type[Exception]: ...  # noqa: N802 - the library's name


class _Pool(Protocol):
    """The part of an async transport that is used; it takes requests of its own library, as a client does."""

    async def handle_async_request(self, request: Any) -> Any: ...
    async def aclose(self) -> None: ...


def http_of(name: str) -> Http:
    """The module httpx or httpx2, imported when it is first needed."""
    module: Any
    if name == "httpx2":  # Two statements, as those who freeze programs follow no import_module.
        import httpx2 as module
    else:
        import httpx as module
    http: Http = module
    return http


def library(client: object, kind: str) -> Http:
    """The module that a client comes from, httpx or httpx2; `kind` is Client or AsyncClient.

    Raises ConfigurationError for anything else.
    """
    for parent in type(client).__mro__:
        root = parent.__module__.partition(".")[0]
        if root in LIBRARIES and parent.__name__ == kind:
            return http_of(root)
    name = f"{type(client).__module__}.{type(client).__qualname__}"
    raise ConfigurationError(
        f"http_client: of type {name}, expected an httpx.{kind} or httpx2.{kind}, or one of the "
        "libraries' names"
    )


def failure(error: Exception, http: Http) -> Failure | None:
    """What an exception of the library `http` means; None if the network did not cause it.

    Of a request that has no idempotency key, an upload, whether anything was sent decides all: one
    that reached no server can go again, and one that may have would be there twice. Nothing was sent
    while the connection was still being acquired or made.
    """
    reason = excerpt(f"{type(error).__name__}: {error}").removesuffix(":")
    if isinstance(error, http.TimeoutException):
        unsent = isinstance(error, http.ConnectTimeout | http.PoolTimeout)
        return Failure("timeout", f"no answer in time ({type(error).__name__})", sent=not unsent)
    if isinstance(error, TimeoutError):  # Of asyncio.timeout, or of our own clock.
        return Failure("timeout", "no answer in time", sent=True)
    if isinstance(error, UnreadableError | http.DecodingError):
        return Failure("connection", "the response can't be decompressed", sent=True)
    # The request's own URL has been parsed before. With a redirect that is not followed go cookies of
    # the caller's client, which a server may have set to what is not ASCII.
    redirect = isinstance(error, http.InvalidURL | UnicodeEncodeError)
    if redirect or _module(error) == "idna":
        return Failure("request", "the answer is a redirect to an invalid URL", sent=True)
    if isinstance(error, http.UnsupportedProtocol | http.LocalProtocolError):
        return Failure("request", reason, sent=False)
    if isinstance(error, http.ConnectError) and _distrusted(error):  # As would the next attempt.
        return Failure("certificate", reason, sent=False)
    if isinstance(error, http.TransportError):
        unsent = isinstance(error, http.ConnectError | http.ProxyError)
        return Failure("connection", reason, sent=not unsent)
    return Failure("connection", reason, sent=True) if _module(error) in _BELOW else None


# What sends for us; other exceptions are the caller's own, of a hook or a transport.
_BELOW = frozenset([*LIBRARIES, "httpcore", "httpcore2", "h11", "h2", "hpack", "hyperframe"])


def _module(error: Exception) -> str:
    return type(error).__module__.partition(".")[0]


def _distrusted(error: BaseException | None) -> bool:
    """Whether it was caused by a certificate that can't be trusted."""
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
