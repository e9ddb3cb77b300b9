"""Tests programs that call the API against the emulator: with pytest, unittest, or anything else.

With pytest there is nothing to import: a test that uses the fixture `emulator` gets a server, and the
environment variables point to it, so `Fluxframe()` without arguments calls it.

    def test_a_thumbnail(emulator):
        emulator.faults.add(operation="images.generate", status=503, times=1)
        assert thumbnail("a fox")
        assert len(emulator.requests.all(operation="images.generate")) == 2

With unittest it is `self.emulator` of an `EmulatorTestCase`; anywhere else, what `emulated` yields:

    with emulated(job_seconds=0) as emulator:
        ...

Each is a `Namespace`: one API key on a shared server.

Needs the extra `emulator`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._cases import EmulatorMixin, EmulatorTestCase
    from ._namespace import Namespace
    from ._servers import emulated

__all__ = ["EmulatorMixin", "EmulatorTestCase", "Namespace", "emulated"]

_MODULES = {"Namespace": "._namespace", "emulated": "._servers"}


def __getattr__(name: str) -> Any:
    # pytest loads this package in every run, and few of them need a server.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES.get(name, "._cases"), __name__), name)
