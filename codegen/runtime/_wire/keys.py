"""How long the API remembers an idempotency key.

A request that was accepted under a key which is forgotten is accepted, and paid for, again.
"""

from __future__ import annotations

import sys
import time

from .._catalog import API

# Seconds of safety: a key counts as forgotten somewhat early rather than late.
_MARGIN = 3600.0
_LIFE = API.idempotency_hours * 3600 - _MARGIN


def forgotten(since: float) -> bool:
    """Whether a key may be forgotten that was first sent at `since`, in seconds since the epoch.

    If that is in the future, the clock was set back by an unknown amount.
    """
    return not -_MARGIN < time.time() - since < _LIFE


class FirstSending:
    """The moment at which this process first sent a key, by two clocks.

    One that is set back is outvoted by the other, which nobody sets and which goes on while the
    machine sleeps, unlike `time.monotonic` on Linux.
    """

    __slots__ = ("_awake", "_wall")

    def __init__(self) -> None:
        self._wall = time.time()
        self._awake = _since_boot()

    @property
    def forgotten(self) -> bool:
        """Whether the key may be forgotten by now."""
        return max(time.time() - self._wall, _since_boot() - self._awake) >= _LIFE


def _since_boot() -> float:
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
