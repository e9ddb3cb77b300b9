"""A plugin of pytest for `nox -s gevent`: leaves out what can't run under gevent's monkey patch.

All threads are greenlets then, of one thread of the system, and asyncio runs one event loop in each of
those. So no async client can run beside the emulator, whose server has a loop, nor two emulators. And
a signal reaches whichever greenlet runs at the moment, mostly not the one that is meant; and a
pseudo-terminal is read without a turn for the greenlet of the server.
"""

from __future__ import annotations

import inspect
import re

import gevent.monkey
import pytest

_ASYNC = re.compile(r"\basyncio\b|\btrio\b|AsyncFluxframe|\bEmulator\(|\"demo\"")
_SIGNALS = re.compile(r"pthread_kill|raise_signal|KeyboardInterrupt")


def _why_not(item: pytest.Item) -> str | None:
    if not isinstance(item, pytest.Function):
        return None
    if item.path.name == "test_terminal.py":
        return "a pseudo-terminal blocks all greenlets"
    source = inspect.getsource(item.obj)
    if _SIGNALS.search(source):
        return "a signal reaches any greenlet"
    if _ASYNC.search(source) or re.search(r"[Aa]sync", item.name.partition("[")[2]):
        return "one event loop a thread"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what can't run."""
    assert gevent.monkey.is_module_patched("socket")
    for item in items:
        if (reason := _why_not(item)) is not None:
            item.add_marker(pytest.mark.skip(reason=reason))
