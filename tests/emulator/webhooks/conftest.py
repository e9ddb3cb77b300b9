"""Emulators and receivers for the tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fluxframe.emulator import Emulator

from .receivers import SLOW, Account, Receiver, account


@pytest.fixture(scope="module")
def instant() -> Iterator[Emulator]:
    """Its jobs take no time."""
    with Emulator(job_seconds=0) as emulator:
        yield emulator


@pytest.fixture
def me(instant: Emulator) -> Iterator[Account]:
    with account(instant) as own:
        yield own


@pytest.fixture
def slow() -> Iterator[Emulator]:
    """Its jobs end as the clock is moved on."""
    with Emulator(job_seconds=SLOW) as emulator:
        yield emulator


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as taking:
        yield taking
