# A copy of codegen/runtime/emulator/_faults/holds.py, where it is edited.
"""What is held back, in real time, until it is let go."""

from __future__ import annotations

import asyncio
from threading import Lock


class Holds:
    """All that is held back, on any event loop; any thread can let it go."""

    def __init__(self) -> None:
        self._held: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = Lock()
        self._times = 0

    def begin(self) -> Hold:
        """What one request is held back by, as often as it is, until all are let go."""
        return Hold(self, self._times)

    async def sleep(self, seconds: float, times: int) -> None:
        """Sleep so long, or until all are let go who came when it had been done so many times."""
        held = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if times != self._times:
                return
            self._held.add(held)
        try:
            await asyncio.wait_for(held[1].wait(), seconds)
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._held.discard(held)

    def let_go(self) -> None:
        """Hold back nothing any more of what has come until now."""
        with self._lock:
            self._times += 1
            held = list(self._held)
        for loop, event in held:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)


class Hold:
    """What holds one request back."""

    def __init__(self, holds: Holds, times: int) -> None:
        self._holds = holds
        self._times = times

    async def sleep(self, seconds: float) -> None:
        """Sleep so long, or until it is let go."""
        await self._holds.sleep(seconds, self._times)
