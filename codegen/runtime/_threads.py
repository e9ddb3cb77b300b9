"""Threads that nobody has to wait for."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")

# Seconds for which a thread waits for another at a time: on Windows it notices Ctrl-C only in between.
PATIENCE: float | None = 0.5 if sys.platform == "win32" else None


def started(name: str, function: Callable[..., T], *arguments: object) -> Future[T]:
    """Call a function in a thread of its own, which Python does not wait for on exit."""
    from concurrent.futures import Future  # Slow to import.

    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(function(*arguments))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
