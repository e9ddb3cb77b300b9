# A copy of codegen/runtime/batch/_gate.py, where it is edited.
"""How many rows of a batch may be under way: half as many after a 429, slowly more with success."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

from .._clock import monotonic

# Seconds: until a full gate is asked again, and the first and the longest pause of our own after a 429,
# which is doubled with each 429 that follows without a success.
_ASK_AGAIN = 0.05
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_ANY_NUMBER = 1_000_000


class Gate:
    """Lets at most `most` submissions in; the workers of a batch share it. It never blocks: a worker
    that is not let in is told when to ask again. Without `most`, as many as come are let in until a 429.
    """

    def __init__(
        self,
        most: int | None = None,
        *,
        clock: Callable[[], float] = monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._bounded = most is not None
        self._most = _ANY_NUMBER if most is None else most
        self._allowed = float(self._most)
        self._inside = 0
        self._cuts = 0
        self._strikes = 0
        self._shut_until = float("-inf")
        self._clock = clock
        self._chance = chance
        self._lock = threading.Lock()

    @property
    def allowed(self) -> int:
        """How many may be in at once, as of now."""
        return int(self._allowed)

    @property
    def cuts(self) -> int:
        """How often the number was cut; to be read when let in, and shown to `limited`."""
        return self._cuts

    def enter(self) -> float:
        """0 if let in, or the seconds after which to ask again."""
        with self._lock:
            shut = self._shut_until - self._clock()
            if shut > 0:
                return shut
            if self._inside >= self.allowed:
                return _ASK_AGAIN * (
                    0.5 + self._chance()
                )  # A random delay, so that workers do not all return at the same moment.
            self._inside += 1
            return 0.0

    def leave(self) -> None:
        """Make room for another."""
        with self._lock:
            self._inside -= 1

    def passed(self) -> None:
        """A submission was accepted: about one more a round, up to the most."""
        with self._lock:
            # A round is as many submissions as are allowed at once; each adds its part of one place.
            self._strikes = 0
            self._allowed = min(float(self._most), self._allowed + 1 / self._allowed)

    def limited(self, cuts: int, retry_after: float | None) -> None:
        """A submission got a 429: no worker is let in for a while, and then fewer are.

        `cuts` is that of the time it was let in: all that were under way together cut once.
        """
        with self._lock:
            # Eight submissions under way together can meet eight 429s, which are one piece of news: to
            # halve for each of them would leave one place, and a batch that crawls.
            if cuts == self._cuts:
                self._cuts += 1
                self._strikes += 1
                if not self._bounded:  # Of those that came, since all that came were let in.
                    self._allowed = min(self._allowed, self._inside)
                self._allowed = max(1.0, self._allowed / 2)
            # Never only what the server asks for: one that says 0 each time would be asked without end.
            pause = max(retry_after or 0.0, pause_after(self._strikes, self._chance))
            self._shut_until = max(self._shut_until, self._clock() + pause)


def pause_after(failures: int, chance: Callable[[], float] = random.random) -> float:
    """Seconds to wait after so many failures in a row: doubled each time, half of it by chance."""
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(failures - 1, 16))
    return longest * (0.5 + chance() / 2)
