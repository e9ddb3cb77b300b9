"""How many requests may come in a minute."""

from __future__ import annotations

from .clock import Clock

_SECONDS = 60.0
_MOST_KEYS = 10_000


class Rate:
    """Counts the requests of each key, in minutes that begin with the first of them."""

    def __init__(self, clock: Clock, per_minute: int | None) -> None:
        self._clock = clock
        self._most = per_minute
        self._windows: dict[str, tuple[float, int]] = {}

    def wait(self, key: str) -> float | None:
        """Count a request; if it is one too many, the seconds until there may be another."""
        if self._most is None:
            return None
        now = self._clock.now()
        begun, count = self._windows.get(key, (now, 0))
        if now >= begun + _SECONDS:
            begun, count = now, 0
        if count >= self._most:
            return begun + _SECONDS - now
        if key not in self._windows and len(self._windows) >= _MOST_KEYS:
            del self._windows[next(iter(self._windows))]
        self._windows[key] = (begun, count + 1)
        return None

    def reset(self) -> None:
        """Begin anew."""
        self._windows.clear()
