# A copy of codegen/runtime/cli/_process.py, where it is edited.
"""What a process is started with: streams, which may be closed, and signals that end it."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn, TextIO

INTERRUPTED = 130
# Windows has no SIGHUP; there it is SIGBREAK when a console is closed, or by Ctrl-Break.
_ENDING = [
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
]


class Terminated(KeyboardInterrupt):
    """A signal other than Ctrl-C that ends the process."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def stopped(error: BaseException | None) -> tuple[int, str]:
    """The exit status after what stopped the process, as shells count it, and how it is told."""
    if isinstance(error, Terminated):
        return 128 + error.number, f"stopped by {signal.Signals(error.number).name}"
    return INTERRUPTED, "interrupted"


@contextmanager
def ending_by_signals() -> Iterator[None]:
    """Has SIGTERM and SIGHUP, or SIGBREAK, end what is under way as Ctrl-C does, which tells how to go on.

    One that is ignored, as nohup has it, stays so.
    """

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise Terminated(number)

    changed: list[int] = []
    if threading.current_thread() is threading.main_thread():
        for number in _ENDING:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, end)
                changed.append(number)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def cancelling(cancel: Callable[[], object]) -> Iterator[list[Terminated]]:
    """Has the signals of `ending_by_signals` call something in place of raising, where a loop runs.

    What they would have raised is in the list.
    """
    caught: list[Terminated] = []

    def note(number: int, frame: FrameType | None) -> None:
        caught.append(Terminated(number))
        cancel()

    kept = {}
    if threading.current_thread() is threading.main_thread():
        for number in _ENDING:
            if callable(signal.getsignal(number)):
                kept[number] = signal.signal(number, note)
    try:
        yield caught
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


class _Nowhere(io.TextIOBase):
    """A stream whose text is lost."""

    def write(self, text: str) -> int:
        """Take the text."""
        return len(text)


def open_streams() -> None:
    """Let stdout and stderr take every character, and what is printed where they are closed be lost.

    A closed stdin stays None: what reads it says so.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):
        # Of the numbers 0 to 2, none is left for a file that is opened later.
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(number)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _Nowhere())
        elif isinstance(stream, io.TextIOWrapper):  # It may have been replaced.
            stream.reconfigure(errors="backslashreplace")


def flush_stdout() -> bool:
    """Write what is left for stdout; returns whether that was possible."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        give_up(sys.stdout)
        return False
    return True


def give_up(stream: TextIO) -> None:
    """Let what is left for a stream that nobody reads, and what comes, be lost: it would fail again at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
