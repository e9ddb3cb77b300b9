# A copy of codegen/runtime/_wire/event_loop.py, where it is edited.
"""The event loop that async clients run in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio


def running_loop() -> asyncio.AbstractEventLoop:
    """The loop that runs. Raises ConfigurationError where another library than asyncio does."""
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError(
            "AsyncFluxframe runs in an event loop of asyncio, and none is running here; under another "
            "library, such as trio, call Fluxframe in a thread (trio.to_thread.run_sync)"
        ) from None
