"""The time that the server lives by: it can be moved on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from threading import Lock

from ..._clock import monotonic

# Since the epoch, when elapsed time was 0.
_EPOCH = time.time() - monotonic()
_MOST = 1000 * 365 * 86_400.0


class Clock:
    """Seconds since the epoch, in real time and in what it was advanced by.

    A test that froze the time of its process does not stop it: jobs get done all the same.
    """

    def __init__(self) -> None:
        self._advanced = 0.0
        self._moved: Callable[[float], None] = lambda _: None
        self._lock = Lock()
        self._sleepers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def now(self) -> float:
        """What jobs, keys and files age by."""
        return _EPOCH + monotonic() + self._advanced

    def shown(self) -> float:
        """The time of day for people: the one that a test has frozen, if it has."""
        return time.time() + self._advanced

    @property
    def advanced(self) -> float:
        """The seconds that it is ahead of real time."""
        return self._advanced

    def resume(self, advanced: float, moved: Callable[[float], None]) -> None:
        """Be ahead by some seconds, as it was before; `moved` is called with that whenever it changes."""
        self._advanced = advanced
        self._moved = moved

    def advance(self, seconds: float) -> None:
        """Move on. What waits for a moment that has come by this is woken.

        Raises ValueError for a number of seconds below 0, as time does not go back, and beyond a thousand
        years, as there are no dates for that.
        """
        if not 0 <= seconds < float("inf"):
            raise ValueError(
                f"seconds: {seconds} is not a number of seconds to move on by, 0 or more"
            )
        if self._advanced + seconds > _MOST:
            raise ValueError(f"seconds: by {seconds} the clock is more than a thousand years ahead")
        with self._lock:
            self._advanced += seconds
            sleepers = list(self._sleepers)
        self._moved(self._advanced)
        for loop, event in sleepers:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def until(self, moment: float) -> None:
        """Sleep until `now` is a moment, of which it may already be past."""
        woken = asyncio.Event()
        sleeper = (asyncio.get_running_loop(), woken)
        with self._lock:
            self._sleepers.add(sleeper)
        try:
            while (left := moment - self.now()) > 0:
                woken.clear()
                try:
                    # Not longer than a day at once: event loops take no longer timers everywhere.
                    await asyncio.wait_for(woken.wait(), min(left, 86_400))
                except TimeoutError:
                    continue
        finally:
            with self._lock:
                self._sleepers.discard(sleeper)
