"""The requests that come to the emulator, printed as they do."""

from __future__ import annotations

import queue
import sys
from typing import TYPE_CHECKING

import click

from .._redact import cut, printable, without_key
from ._process import give_up
from ._session import colourful

if TYPE_CHECKING:
    from ..emulator import Requests, RequestSeen

# Of requests that come faster than they can be printed, so many wait; the rest is counted.
_WAITING = 1_000
_LONGEST = 300
_COLOURS = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}


class Traffic:
    """What comes, from the thread that answers it to the one that prints it, which never holds up the other."""

    def __init__(self, requests: Requests) -> None:
        self._lines: queue.Queue[RequestSeen] = queue.Queue(_WAITING)
        self._lost = 0
        self._end = requests.listen(self._take)

    def _take(self, request: RequestSeen) -> None:
        try:
            self._lines.put_nowait(request)
        except queue.Full:
            self._lost += 1

    def show(self) -> None:
        """Print all that comes, until a signal does."""
        in_colour = colourful(sys.stderr)
        try:
            while True:
                _print(line(self._lines.get(), in_colour=in_colour))
                if self._lost and self._lines.empty():
                    lost, self._lost = self._lost, 0
                    _print(f"… and {lost} more, too fast to be printed")
        finally:
            self._end()


def line(request: RequestSeen, *, in_colour: bool) -> str:
    """A request: when, what for, and what came of it."""
    told = request.as_row()
    path = f"{told['path']}?{told['query']}" if told["query"] else told["path"]
    status = told["status"]
    colour = _COLOURS.get((status or 5_00) // 100)
    # What is of any width comes last, so that columns stay where they are in 80 of them.
    parts = [
        f"{request.received.astimezone():%H:%M:%S}",
        _styled(f"{status or '---'}", colour, in_colour=in_colour),
        f"{(told['seconds'] or 0) * 1000:7.1f} ms",
        f"{told['method']:<4}",
        _plain(path),
    ]
    if told["model"]:
        parts.append(_plain(told["model"]))
    if told["fault"]:
        parts.append(_styled(f"fault: {_plain(told['fault'])}", "magenta", in_colour=in_colour))
    return " ".join(parts)


def _plain(text: str) -> str:
    """What came from outside, of which a terminal obeys nothing, on one line."""
    return cut(printable(without_key(text)).replace("\n", r"\n"), _LONGEST)


def _styled(text: str, colour: str | None, *, in_colour: bool) -> str:
    return click.style(text, fg=colour) if in_colour else text


def _print(text: str) -> None:
    """Print a line to stderr; where nobody reads it any more, the server goes on."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        give_up(sys.stderr)
