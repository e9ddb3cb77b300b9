# A copy of codegen/runtime/cli/_traffic.py, where it is edited.
"""The requests that come to the emulator, and the webhooks that it posts, printed as they do."""

from __future__ import annotations

import queue
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from .._redact import cut, printable, without_key
from .._threads import PATIENCE
from ._lines import screen_width, wrapped
from ._process import give_up
from ._session import colourful

if TYPE_CHECKING:
    from ..emulator import Delivery, Requests, RequestSeen, Webhooks

# Of requests that come faster than they can be printed, so many wait; the rest is counted.
_WAITING = 1_000
_LONGEST = 300
_COLOURS = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}


class Traffic:
    """What comes, from the thread that answers it to the one that prints it, which never holds up the other."""

    def __init__(self, requests: Requests, webhooks: Webhooks) -> None:
        self._lines: queue.Queue[Callable[[bool], str]] = queue.Queue(_WAITING)
        self._lost = 0
        self._ends = (
            requests.listen(lambda one: self._take(lambda coloured: _came(one, coloured))),
            webhooks.listen(lambda one: self._take(lambda coloured: _posted(one, coloured))),
        )

    def _take(self, line: Callable[[bool], str]) -> None:
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self._lost += 1

    def show(self) -> None:
        """Print all that comes, until a signal does."""
        in_colour = colourful(sys.stderr)
        try:
            while True:
                try:
                    line = self._lines.get(timeout=PATIENCE)
                except queue.Empty:
                    continue
                _print(line(in_colour))
                if self._lost and self._lines.empty():
                    lost, self._lost = self._lost, 0
                    _print(f"… and {lost} more, too fast to be printed")
        finally:
            for end in self._ends:
                end()


def _came(request: RequestSeen, in_colour: bool) -> str:
    """A request: when, what for, and what came of it."""
    told = request.as_row()
    path = f"{told['path']}?{told['query']}" if told["query"] else told["path"]
    # What is of any width comes last, so that columns stay where they are in 80 of them.
    parts = [
        *_outcome(request.received, told["status"], told["seconds"], in_colour),
        f"{told['method']:<4}",
        _plain(path),
    ]
    if told["model"]:
        parts.append(_plain(told["model"]))
    if told["fault"]:
        parts.append(_styled(f"fault: {_plain(told['fault'])}", "magenta", in_colour=in_colour))
    return " ".join(parts)


def _posted(delivery: Delivery, in_colour: bool) -> str:
    """An event that was posted, or why it was not."""
    moment = datetime.fromtimestamp(delivery.moment, UTC)
    parts = [
        *_outcome(moment, delivery.status, delivery.seconds, in_colour),
        f"webhook {delivery.event}".rstrip(),
        _plain(delivery.url),
    ]
    if delivery.outcome != "delivered":
        why = f": {_plain(delivery.reason)}" if delivery.reason else ""
        parts.append(_styled(f"{delivery.outcome}{why}", "magenta", in_colour=in_colour))
    return " ".join(parts)


def _outcome(
    moment: datetime, status: int | None, seconds: float | None, in_colour: bool
) -> list[str]:
    """When it was, the status and how long it took, in columns."""
    colour = _COLOURS.get((status or 5_00) // 100)
    return [
        f"{moment.astimezone():%H:%M:%S}",
        _styled(f"{status or '---'}", colour, in_colour=in_colour),
        f"{(seconds or 0) * 1000:7.1f} ms",
    ]


def _plain(text: str) -> str:
    """What came from outside, of which a terminal obeys nothing, on one line."""
    return cut(printable(without_key(text)).replace("\n", r"\n"), _LONGEST)


def _styled(text: str, colour: str | None, *, in_colour: bool) -> str:
    return click.style(text, fg=colour) if in_colour else text


def _print(text: str) -> None:
    """Print a line to stderr; where nobody reads it any more, the server goes on."""
    lines = wrapped(text, screen_width(sys.stderr), "", " " * len("00:00:00 "))
    try:
        print("\n".join(lines), file=sys.stderr, flush=True)
    except OSError:
        give_up(sys.stderr)
