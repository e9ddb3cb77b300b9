# A copy of codegen/runtime/emulator/_pictures/fetch.py, where it is edited.
"""Files of other servers on this machine, within limits; no other host is ever asked."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import urllib.parse
from collections import OrderedDict
from typing import TYPE_CHECKING

from ..._clock import monotonic
from .kept import Kept
from .references import is_loopback

if TYPE_CHECKING:
    import http.client

# Of a file: its bytes, the seconds that it may take, and how often its server may send elsewhere.
MOST_BYTES = 16 << 20
_SECONDS = 4.0
_REDIRECTS = 3
_CHUNK = 64 << 10
# Servers take no longer URLs.
_LONGEST = 16 << 10
# What is kept of all of them, and for how long one is not asked for again.
_KEPT_BYTES, _REMEMBERED = 32 << 20, 256
_FRESH_SECONDS = 10.0


class Fetched:
    """Files of this machine by their URLs; each is asked for again only after a while."""

    def __init__(self) -> None:
        self._kept = Kept(_KEPT_BYTES)
        self._asked: OrderedDict[str, float] = OrderedDict()
        # Who asks for what another asks for already waits for it. By the hash of the URL.
        self._locks = [threading.Lock() for _ in range(_REMEMBERED)]

    @staticmethod
    def may_be(url: str) -> bool:
        """Whether a URL is one of this machine."""
        if len(url) > _LONGEST:
            return False
        try:
            parts = urllib.parse.urlsplit(url)
            return parts.scheme.lower() == "http" and is_loopback(parts.hostname)
        except ValueError:
            return False

    def get(self, url: str) -> bytes | None:
        """The file at a URL; None if it can't be had. One that is gone is what it was before."""
        with self._locks[hash(url) % len(self._locks)]:
            if monotonic() - self._asked.get(url, -math.inf) >= _FRESH_SECONDS:
                content = fetched(url)
                self._asked[url] = monotonic()
                if len(self._asked) > _REMEMBERED:
                    self._asked.popitem(last=False)
                if content is not None:
                    self._kept.put(url, content)
            return self._kept.get(url)


def fetched(url: str) -> bytes | None:
    """The file at a URL of this machine, asked for now; None if it can't be had."""
    import http.client  # Not needed to start.

    deadline = monotonic() + _SECONDS
    try:
        for _ in range(_REDIRECTS + 1):
            answer = _get(url, deadline)
            if not isinstance(answer, str):
                return answer
            url = urllib.parse.urljoin(url, answer)
    except (OSError, ValueError, http.client.HTTPException):
        pass
    return None


def _get(url: str, deadline: float) -> bytes | str | None:
    """The file at a URL, or where it is said to be. Raises OSError, ValueError, HTTPException."""
    import http.client

    if not Fetched.may_be(url):
        return None
    parts = urllib.parse.urlsplit(url)
    # http.client knows no proxies, and a name that is this machine's needs no look-up.
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(host, parts.port, timeout=_left(deadline))
    # A timeout is one of each piece that comes, and of a head there may be many.
    end = threading.Timer(_left(deadline), _break_off, (connection,))
    end.daemon = True
    try:
        connection.connect()
        end.start()
        target = urllib.parse.quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = urllib.parse.quote(parts.query, safe="/?%:@!$&'()*+,;=~-._")
        connection.request("GET", f"{target}?{query}" if query else target)
        answer = connection.getresponse()
        if answer.status in (301, 302, 303, 307, 308):
            return answer.getheader("Location")
        return _body(connection, answer, deadline) if answer.status == 200 else None
    finally:
        end.cancel()
        connection.close()


def _break_off(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):  # It may just have ended.
        connection.sock.shutdown(socket.SHUT_RDWR)


def _body(
    connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, deadline: float
) -> bytes | None:
    content = bytearray()
    while True:
        if connection.sock is not None:
            connection.sock.settimeout(_left(deadline))
        part = answer.read1(_CHUNK)
        if not part:
            _left(deadline)  # It may have been broken off.
            return bytes(content)
        content += part
        if len(content) > MOST_BYTES:
            return None


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
