"""The requests that came, the last ones only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from threading import Condition

from ..._clock import monotonic
from .exchange import Exchange

MOST_ENTRIES = 2_000
MOST_BYTES = 16 << 20

Listener = Callable[[Exchange], None]


class Journal:
    """The last exchanges, oldest first: at most 2,000, of 16 MiB."""

    def __init__(self) -> None:
        self._entries: deque[Exchange] = deque()
        self._bytes = 0
        self._changed = Condition()
        self._listeners: list[Listener] = []

    def __iter__(self) -> Iterator[Exchange]:
        with self._changed:
            return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """The bytes that are kept."""
        return self._bytes

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange that is over, and tell of it."""
        with self._changed:
            self._entries.append(exchange)
            exchange.size = _size(exchange)
            self._bytes += exchange.size
            while len(self._entries) > MOST_ENTRIES or self._bytes > MOST_BYTES:
                self._bytes -= self._entries.popleft().size
            self._changed.notify_all()
        for listener in self._listeners:
            listener(exchange)

    def clear(self, key: str | None = None) -> None:
        """Forget all of them, or those of a key."""
        with self._changed:
            kept = [known for known in self._entries if key is not None and known.key != key]
            self._entries = deque(kept)
            self._bytes = sum(exchange.size for exchange in kept)

    def wait(self, is_there: Callable[[], bool], timeout: float) -> bool:
        """Wait until something is there, which is asked anew after each exchange; whether it came."""
        end = monotonic() + timeout
        with self._changed:
            while not is_there():
                if (left := end - monotonic()) <= 0:
                    return False
                self._changed.wait(left)
            return True

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a function with each exchange, on the thread that answers it; returns what ends that."""
        self._listeners = [*self._listeners, listener]

        def end() -> None:
            self._listeners = [known for known in self._listeners if known is not listener]

        return end


def _size(exchange: Exchange) -> int:
    said, answered = exchange.headers, exchange.answer_headers
    texts = sum(map(len, said.values())) + sum(map(len, answered.values()))
    # The names of headers are short, and most of them are kept once for all exchanges.
    return (
        len(exchange.body) + len(exchange.answer) + len(exchange.path) + len(exchange.query) + texts
    )
