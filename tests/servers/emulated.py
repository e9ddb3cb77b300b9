"""The emulator, with a fault that happens to the first submissions, and its books as `scripted` keeps them."""

from __future__ import annotations

from typing import Any, Self

from fluxframe.emulator import Emulator
from fluxframe.emulator._faults.faults import Planned
from fluxframe.emulator._faults.forms import fault_of_header

from .http1 import Request


class Emulated:
    """An account of its own in an emulator that others use too."""

    def __init__(self, emulator: Emulator, key: str, fault: str, times: int) -> None:
        self._emulator = emulator
        said = fault_of_header(fault).to_dict()
        self._said: dict[str, Any] = {**said, "times": times, "key": key, "method": "POST"}
        self._planned: Planned | None = None
        self._key = key
        self.options = {"base_url": emulator.url, "api_key": key}

    def __enter__(self) -> Self:
        self._planned = self._emulator.faults.add(self._said)
        return self

    def __exit__(self, *exc: object) -> None:
        self.script()

    def script(self) -> None:
        """Let nothing go wrong from now on."""
        if self._planned is not None:
            self._planned.remove()

    @property
    def requests(self) -> list[Request]:
        """The submissions that came."""
        return [
            Request(
                "\r\n".join(["POST"] + [f"{n}: {v}" for n, v in entry.headers.items()]).encode(),
                entry.body,
            )
            for entry in self._emulator.requests.all(key=self._key, method="POST")
        ]

    @property
    def jobs(self) -> dict[str, str]:
        """The jobs that there are, by their ids."""
        found = [job.id for job in self._emulator.jobs if job.key == self._key]
        return dict(zip(found, found, strict=True))
