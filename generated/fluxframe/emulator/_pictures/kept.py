# A copy of codegen/runtime/emulator/_pictures/kept.py, where it is edited.
"""What is kept for a while, by its name: no more bytes of it than there is room for."""

from __future__ import annotations

import threading
from collections.abc import Callable

_LOCKS = 64


class Kept:
    """Contents by their names; what was asked for least recently goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._contents: dict[str, bytes] = {}
        self._bytes = 0
        self._lock = threading.Lock()
        # Who wants what another makes already waits for it. By the hash of the name.
        self._making = [threading.Lock() for _ in range(_LOCKS)]

    @property
    def size(self) -> int:
        """The bytes of all that is kept."""
        return self._bytes

    def get(self, name: str) -> bytes | None:
        """A content; None if it is not there, or no longer."""
        with self._lock:
            content = self._contents.pop(name, None)
            if content is not None:
                self._contents[name] = content
            return content

    def put(self, name: str, content: bytes) -> None:
        """Keep a content, if there is room for it at all."""
        with self._lock:
            self._bytes -= len(self._contents.pop(name, b""))
            if len(content) > self._most_bytes:
                return
            self._contents[name] = content
            self._bytes += len(content)
            while self._bytes > self._most_bytes:
                self._bytes -= len(self._contents.pop(next(iter(self._contents))))

    def made(self, name: str, make: Callable[[], bytes]) -> bytes:
        """A content, made if it is not there; it is not made twice at once."""
        with self._making[hash(name) % _LOCKS]:
            content = self.get(name)
            if content is None:
                content = make()
                self.put(name, content)
            return content
