"""The HTTP clients that are made here: their connections, proxies and certificates; they keep no cookies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from .._errors import ConfigurationError
from .._extras import EXTRAS, hint
from .deadlines import bound
from .environment import proxy_mounts, trusting
from .http import Http, http_of

if TYPE_CHECKING:
    from ssl import SSLContext

# Enough for a batch; httpx itself keeps 20, and reopens the others for each request.
_CONNECTIONS = 100
_SHARDS = 8


def new_client(name: str, kind: str) -> Any:
    """A client of our own, of the library `name`; all of them share one TLS context.

    Raises ConfigurationError if the library is not installed, or the environment is wrong.
    """
    try:
        http = http_of(name)
    except ModuleNotFoundError as error:
        command = hint(name) if name in EXTRAS else f"pip install {name}"
        raise ConfigurationError(
            f"http_client: {name} is not installed; install it with: {command}"
        ) from error
    with trusting():
        context = _tls_context(name)
    settings: dict[str, Any] = {"verify": context, "limits": _limits(http, _CONNECTIONS)}
    make = http.HTTPTransport if kind == "Client" else http.AsyncHTTPTransport
    hook = _keep_location if kind == "Client" else _akeep_location
    own: dict[str, Any] = {
        "mounts": proxy_mounts(name, lambda proxy: make(proxy=proxy, **settings), _Refusing),
        "cookies": _NoCookies(),
        "event_hooks": {"response": [hook]},
    }
    if kind == "AsyncClient":
        return http.AsyncClient(transport=_Shards(http, context), **own)
    client = http.Client(trust_env=False, **settings, **own)
    bound(client)
    return client


# The name under which the library does not look for where a redirect leads: it would parse that, and
# fail on what is not a URL, though it is told not to follow.
_KEPT_LOCATION = "x-kept-location"


def _keep_location(response: Any) -> None:
    headers = response.headers
    if 300 <= response.status_code < 400 and "location" in headers:
        headers[_KEPT_LOCATION] = headers.pop("location")


async def _akeep_location(response: Any) -> None:
    _keep_location(response)


def location(headers: Mapping[str, str]) -> str | None:
    """Where a redirect leads."""
    return headers.get(_KEPT_LOCATION, headers.get("location"))


class _Refusing:
    """In the place of a transport over a proxy that can't be used."""

    def __init__(self, error: ConfigurationError) -> None:
        self._words = str(error)

    def handle_request(self, request: object) -> NoReturn:
        """Raise ConfigurationError."""
        raise ConfigurationError(self._words)

    async def handle_async_request(self, request: object) -> NoReturn:
        """Raise ConfigurationError."""
        raise ConfigurationError(self._words)

    def close(self) -> None:
        """Nothing is open."""

    async def aclose(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> _Refusing:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    async def __aenter__(self) -> _Refusing:
        return self

    async def __aexit__(self, *exc: object) -> None:
        pass


class _NoCookies:
    """A cookie jar that stays empty: the API asks for none, and may set one with each answer."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Leave those of a response out."""

    def __iter__(self) -> Iterator[object]:
        return iter(())


def _limits(http: Http, connections: int) -> object:
    return http.Limits(max_connections=connections, max_keepalive_connections=connections)


@cache
def _tls_context(name: str) -> SSLContext:
    return http_of(name).create_ssl_context()  # Slow to load.


class _Shards:
    """A transport of several pools; a request goes to the one that is least busy, the first if idle.

    A pool looks at all its connections twice for each request: with many requests under way at once,
    that is where the time goes.
    """

    def __init__(self, http: Http, context: SSLContext) -> None:
        limits = _limits(http, -(-_CONNECTIONS // _SHARDS))
        self._pools = [
            http.AsyncHTTPTransport(verify=context, limits=limits) for _ in range(_SHARDS)
        ]
        self._busy = [0] * _SHARDS

    async def handle_async_request(self, request: Any) -> Any:
        """The answer of one of the pools."""
        busy = self._busy
        index = busy.index(min(busy))
        busy[index] += 1
        try:
            return await self._pools[index].handle_async_request(request)
        finally:
            busy[index] -= 1

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools:
            await pool.aclose()

    async def __aenter__(self) -> _Shards:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()
