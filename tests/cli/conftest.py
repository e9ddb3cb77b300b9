"""The emulator that commands call, and a place to call them from."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxframe.emulator import Emulator

from .shells import (
    Shell,
)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator(job_seconds=0.05) as running:
        yield running


@pytest.fixture
def shell(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(emulator.url, f"afk_{uuid.uuid4().hex}", tmp_path)
