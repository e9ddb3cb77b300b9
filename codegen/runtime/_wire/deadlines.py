"""The time that a call, and each step of it, may take, in the terms that httpx knows."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from typing import Any, TypeAlias

from .._clock import monotonic
from .._threads import started

# Seconds by which httpx may end an attempt itself: it knows what was sent, and closes a connection
# that is being made, which it leaves open when it is cancelled.
GRACE = 0.25
# A large body goes out in parts, each of which gets what is left of the time.
_PART = 65536

# A socket's timeout, of the seconds that one step may take and those for the whole attempt.
SocketTimeout: TypeAlias = Callable[[float, float], float | None]


def sync_timeout(step: float, whole: float) -> float | None:
    """A socket's timeout where `bounded` connections end the attempt."""
    return step


def async_timeout(step: float, whole: float) -> float | None:
    """A socket's timeout where asyncio ends the attempt; None if a step may use all of the time."""
    return None if step == whole else step


def timeouts(step: float, whole: float, socket_timeout: SocketTimeout) -> dict[str, float | None]:
    """What httpx is told: a host may have many addresses to try, and a response many parts."""
    step = float(step)
    limit = socket_timeout(step, float(whole))
    connect = step if limit is None else limit
    return {"connect": connect, "read": limit, "write": limit, "pool": step}


# When the attempt ends that is under way in this thread.
_end: ContextVar[float | None] = ContextVar("_end", default=None)


@contextmanager
def ending_in(seconds: float) -> Iterator[None]:
    """Within it, what `bounded` connections do in this thread ends after so many seconds."""
    token = _end.set(monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


def _within(timeout: float | None, over: type[Exception]) -> float | None:
    """A timeout that does not go beyond the end of the attempt. Raises `over` after it."""
    end = _end.get()
    if end is None:
        return timeout
    left = end - monotonic()
    if left <= 0:
        raise over("no time is left for this attempt")
    return left if timeout is None else min(timeout, left)


def bound(client: Any) -> None:
    """Have the connections of a sync client of httpx's end with the attempt that uses them.

    httpx knows no timeout for a whole attempt, only one for each read and each address of a host,
    and starts it again with every byte that comes and every address it tries. Between it and its
    sockets is the backend of its pool, which is told to do what it does anyway, but in time. A
    backend of the caller's own is left alone.
    """
    mounts: dict[object, object] = getattr(client, "_mounts", {})
    for transport in [getattr(client, "_transport", None), *mounts.values()]:
        for pool in _pools(transport):
            backend: Any = getattr(pool, "_network_backend", None)
            if type(backend).__name__ == "SyncBackend":
                _change(backend, _Backend)


def _pools(transport: object, depth: int = 3) -> Iterator[object]:
    """The pools of a transport, or of those that it is wrapped around."""
    inside: dict[str, object] = getattr(transport, "__dict__", {})
    if "_pool" in inside:
        yield inside["_pool"]
    for other in inside.values() if depth else ():
        if hasattr(other, "handle_request") and not hasattr(other, "connections"):
            yield from _pools(other, depth - 1)


def _change(instance: Any, mixin: type) -> Any:
    """Have an object of httpcore's do what a mixin says."""
    kind: Any = type(instance)
    instance.__class__ = _mixed(kind, mixin, sys.modules[kind.__module__.partition(".")[0]])
    return instance


@cache
def _mixed(kind: Hashable, mixin: type, core: object) -> type:
    bases: Any = (mixin, kind)
    return type(mixin.__name__, bases, {"core": core})


class _Backend:
    """Makes connections: each address of a host is tried in the time that is left."""

    core: Any  # The module httpcore or httpcore2.

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, **options: Any
    ) -> Any:
        """A connection to the first address that answers."""
        backend: Any = super()
        error = self.core.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port, timeout):
            left = _within(timeout, self.core.ConnectTimeout)
            try:
                stream = backend.connect_tcp(address, port, timeout=left, **options)
            except (self.core.ConnectError, self.core.ConnectTimeout) as failed:
                error = failed
            else:
                return _change(stream, _Stream)
        raise error

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        """The addresses of a host, found in time: a resolver can't be told how long it may take."""
        left = _within(timeout, self.core.ConnectTimeout)
        if left is None or ":" in host or not any(letter.isalpha() for letter in host):
            return [host]
        find = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = started("fluxframe-resolver", find).result(left)
        except TimeoutError:
            raise self.core.ConnectTimeout(f"{host} was not resolved in time") from None
        except OSError as error:
            raise self.core.ConnectError(error) from error
        return list(dict.fromkeys(_address(place) for *_, place in found))


def _address(place: Any) -> str:
    scope = place[3] if len(place) == 4 else 0
    return f"{place[0]}%{scope}" if scope else str(place[0])


class _Stream:
    """A connection, each of whose steps takes no longer than what is left."""

    core: Any

    def read(self, max_bytes: int, timeout: float | None = None) -> Any:
        """What has come."""
        stream: Any = super()
        return stream.read(max_bytes, _within(timeout, self.core.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send it all."""
        stream: Any = super()
        for start in range(0, len(buffer), _PART):
            part = buffer[start : start + _PART]
            stream.write(part, _within(timeout, self.core.WriteTimeout))

    def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> Any:
        """The connection, encrypted."""
        stream: Any = super()
        left = _within(timeout, self.core.ConnectTimeout)
        return _change(stream.start_tls(ssl_context, server_hostname, left), _Stream)
