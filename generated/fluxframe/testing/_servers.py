# A copy of codegen/runtime/testing/_servers.py, where it is edited.
"""The servers of a run of tests: one for all that need the same options."""

from __future__ import annotations

import atexit
import difflib
import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from ..emulator import Emulator
from ._namespace import Namespace

# A job is done when it is first asked for: between two polls a client waits for seconds.
_DEFAULTS: Mapping[str, Any] = {"job_seconds": 0}
# What no two servers have in common: a key's balance, a port, a folder.
_UNSHARED = ("keys", "port", "data")


class Servers:
    """Running servers by their options."""

    def __init__(self) -> None:
        self._running: dict[str, Emulator] = {}
        self._lock = Lock()

    @contextmanager
    def namespace(self, **options: Any) -> Iterator[Namespace]:
        """A namespace of a server with options, which the environment points to meanwhile.

        Of a server that lists its keys, it is that of the first.
        Raises TypeError and ValueError as `Emulator` does.
        """
        options = {**_DEFAULTS, **options}
        _check(options)
        if options.get("keys") is not None:
            options["keys"] = [*options["keys"]]
        key = next((key.key for key in options.get("keys") or ()), None)
        if any(options.get(name) is not None for name in _UNSHARED):
            with Emulator(**options) as server, Namespace(server, key).installed() as namespace:
                yield namespace
            return
        with Namespace(self._server(options)).installed() as namespace:
            yield namespace

    def _server(self, options: Mapping[str, Any]) -> Emulator:
        name = repr(sorted(options.items()))
        with self._lock:
            if name not in self._running:
                self._running[name] = Emulator(**options).start()
            return self._running[name]

    def stop(self) -> None:
        """Stop all of them."""
        with self._lock:
            while self._running:
                self._running.popitem()[1].stop()


def _check(options: Mapping[str, Any]) -> None:
    known = [*inspect.signature(Emulator).parameters]
    for name in options:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
            raise TypeError(f"the emulator has no option {name!r}; {hint}")


_SERVERS = Servers()
atexit.register(_SERVERS.stop)


def emulated(**options: Any) -> Any:
    """A namespace of a server with options of `Emulator`, as a context manager.

    The server is shared with later calls with the same options, until the process ends.
    """
    return _SERVERS.namespace(**options)
