# A copy of codegen/runtime/emulator/__init__.py, where it is edited.
"""A local server that behaves as the API's spec says: no key, no account, no cost.

    from fluxframe.emulator import Emulator

    with Emulator() as emu:
        job = emu.client().images.generate(model="a-model", prompt="a red fox in the snow")
        job.wait(interval=0.1).images[0].save("fox.jpg")

Everything it knows about the API comes from the generated OpenAPI document. It validates requests against
that document with a JSON Schema library, and shares no code with the client, so each tests the other. Where
no source states a fact, it makes its own choice: prices that no page states, the pixels of a megapixel
(1024 × 1024), and how long a job takes.

Needs the extra `emulator`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .._extras import missing

if TYPE_CHECKING:
    from ._faults.fault import Fault
    from ._state.entry import RequestSeen
    from ._state.jobs import Jobs, JobSeen
    from ._state.keys import Key, read_keys
    from ._state.requests import Requests, RequestsError
    from ._state.schema import DataError
    from ._webhooks.faults import WebhookFaults
    from ._webhooks.log import Delivery, Webhooks

try:
    from ._server import Emulator
except ModuleNotFoundError as error:
    raise missing("the emulator", "emulator", error.name) from None

# What no server needs to start is loaded when it is first used.
_LATER = {
    "DataError": "._state.schema",
    "Delivery": "._webhooks.log",
    "Fault": "._faults.fault",
    "JobSeen": "._state.jobs",
    "Jobs": "._state.jobs",
    "Key": "._state.keys",
    "RequestSeen": "._state.entry",
    "Requests": "._state.requests",
    "RequestsError": "._state.requests",
    "WebhookFaults": "._webhooks.faults",
    "Webhooks": "._webhooks.log",
    "read_keys": "._state.keys",
}

__all__ = [
    "DataError",
    "Delivery",
    "Emulator",
    "Fault",
    "JobSeen",
    "Jobs",
    "Key",
    "RequestSeen",
    "Requests",
    "RequestsError",
    "WebhookFaults",
    "Webhooks",
    "read_keys",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name], __name__), name)
