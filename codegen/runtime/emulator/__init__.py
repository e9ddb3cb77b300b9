"""A local server that behaves as the API's spec says: no key, no account, no cost.

    from fluxframe.emulator import Emulator

    with Emulator() as emu:
        job = emu.client().images.generate(model="a-model", prompt="a red fox in the snow")
        job.wait(interval=0.1).images[0].save("fox.jpg")

All that it knows of the API it reads from the emitted OpenAPI document. It checks requests by that with
a JSON Schema engine, and shares no code with the client, so that each tests the other. What no source
tells is its own choice: prices that no model says, the pixels of a megapixel (1024 × 1024), and how
long a job takes.

Needs `fluxframe[emulator]`.
"""

from __future__ import annotations

try:
    from ._faults.fault import Fault
    from ._server import Emulator
    from ._state.entry import RequestSeen
    from ._state.jobs import Jobs, JobSeen
    from ._state.keys import Key, read_keys
    from ._state.requests import Requests, RequestsError
    from ._state.schema import DataError
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"the emulator needs {error.name}; install it with: pip install 'fluxframe[emulator]'",
        name=error.name,
    ) from None

__all__ = [
    "DataError",
    "Emulator",
    "Fault",
    "JobSeen",
    "Jobs",
    "Key",
    "RequestSeen",
    "Requests",
    "RequestsError",
    "read_keys",
]
