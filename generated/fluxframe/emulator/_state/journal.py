# A copy of codegen/runtime/emulator/_state/journal.py, where it is edited.
"""The requests that came, the last ones only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from threading import Lock

from .._http.exchange import Exchange

MOST_ENTRIES = 2_000
MOST_BYTES = 16 << 20

Listener = Callable[[Exchange], None]


class Journal:
    """The last exchanges, oldest first: at most 2,000, of 16 MiB."""

    def __init__(self) -> None:
        self._entries: deque[Exchange] = deque()
        self._bytes = 0
        self._lock = Lock()
        self._listeners: list[Listener] = []

    def __iter__(self) -> Iterator[Exchange]:
        with self._lock:
            return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange that is over, and tell of it."""
        with self._lock:
            self._entries.append(exchange)
            self._bytes += _size(exchange)
            while len(self._entries) > MOST_ENTRIES or self._bytes > MOST_BYTES:
                self._bytes -= _size(self._entries.popleft())
        for listener in self._listeners:
            listener(exchange)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a function with each exchange, on the thread that answers it; returns what ends that."""
        self._listeners = [*self._listeners, listener]

        def end() -> None:
            self._listeners = [known for known in self._listeners if known is not listener]

        return end


def _size(exchange: Exchange) -> int:
    return len(exchange.body) + len(exchange.answer)
