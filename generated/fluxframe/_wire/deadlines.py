# A copy of codegen/runtime/_wire/deadlines.py, where it is edited.
"""The time that a call, and each step of it, may take, in the terms that httpx knows."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeAlias

# Seconds by which httpx may end an attempt itself: it knows what was sent, and closes a connection
# that is being made, which it leaves open when it is cancelled.
GRACE = 0.25


class Until:
    """A socket's timeout that ends with the whole attempt, however slowly the bytes drip in.

    httpx knows no timeout for a whole attempt, only one for each read and each address of a host,
    and starts it again with every byte that comes and every address it tries. It hands what it is
    given to `socket.settimeout` before each of them, unread; and that asks a number that is not a
    float for its integer. So this one says what is left at that moment, in whole seconds from 1, and
    ends the attempt when nothing is.
    """

    __slots__ = ("_end", "_step")

    def __init__(self, step: float, whole: float) -> None:
        self._step = step
        self._end = time.monotonic() + whole

    def __index__(self) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("no time is left for this response")
        return max(1, math.ceil(min(self._step, left)))


# A socket's timeout, of the seconds that one step may take and those for the whole attempt.
SocketTimeout: TypeAlias = Callable[[float, float], Until | float | None]


def step_timeout(step: float, whole: float) -> float | None:
    """A socket's timeout where asyncio ends the attempt; None if a step may use all of the time."""
    return None if step == whole else step


def timeouts(
    step: float, whole: float, socket_timeout: SocketTimeout
) -> dict[str, Until | float | None]:
    """What httpx is told: a host may have many addresses to try, and a response many parts."""
    limit = socket_timeout(step, whole)
    connect = step if limit is None else limit
    return {"connect": connect, "read": limit, "write": limit, "pool": step}
