"""One emulator for the tests here, whose jobs are done at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fluxframe.emulator import Emulator


@pytest.fixture(scope="package")
def emulator() -> Iterator[Emulator]:
    with Emulator(job_seconds=0) as running:
        yield running


@pytest.fixture(scope="package")
def url(emulator: Emulator) -> str:
    return emulator.url
