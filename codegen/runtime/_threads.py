"""Threads that nobody has to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


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
