"""The command `fluxframe me`."""

from __future__ import annotations

from .shells import (
    Shell,
)


def test_the_account_is_shown(shell: Shell) -> None:
    assert "team Emulator: 10000 credits" in shell("me").stdout
