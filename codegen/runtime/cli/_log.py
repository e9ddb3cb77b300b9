"""What the client logs, as commands print it: all of it, or now and then that it tries again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .._clock import monotonic

_LOG = logging.getLogger(__name__.removesuffix(".cli._log"))
# Seconds. An attempt is repeated several times a minute, for minutes if need be.
_BETWEEN_LINES = 5.0


class Lines(logging.Handler):
    """Prints each record on a line."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        """Print it."""
        self._write(record.getMessage())


class FewLines(Lines):
    """Prints the first record, and of those that follow one every few seconds."""

    _due = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Print it, if it is time."""
        now = monotonic()
        if now >= self._due:
            self._due = now + _BETWEEN_LINES
            super().emit(record)


@contextmanager
def logged(level: int, handler: Lines) -> Iterator[None]:
    """Within it, what the client logs from a level on goes to a handler, too."""
    before = _LOG.level
    handler.setLevel(level)
    _LOG.setLevel(min(level, _LOG.getEffectiveLevel()))
    _LOG.addHandler(handler)
    try:
        yield
    finally:
        _LOG.setLevel(before)
        _LOG.removeHandler(handler)
