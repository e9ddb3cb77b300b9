"""The command `fluxframe me`."""

from __future__ import annotations

from .shells import (
    Shell,
)


def test_the_account_is_shown(shell: Shell) -> None:
    assert "team.credits: 10000\n" in shell("me").stdout
