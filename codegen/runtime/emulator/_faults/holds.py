"""What is held back, in real time, until it is let go."""

from __future__ import annotations

import asyncio
from threading import Lock


class Holds:
    """Sleepers on any event loop, which can all be woken from any thread."""

    def __init__(self) -> None:
        self._held: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = Lock()

    async def sleep(self, seconds: float) -> None:
        """Sleep so long, or until all are let go."""
        held = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._held.add(held)
        try:
            await asyncio.wait_for(held[1].wait(), seconds)
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._held.discard(held)

    def let_go(self) -> None:
        """Wake all that sleep now."""
        with self._lock:
            held = list(self._held)
        for loop, event in held:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)
