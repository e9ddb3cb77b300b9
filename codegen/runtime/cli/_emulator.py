"""The emulator, for the commands that run it."""

from __future__ import annotations

import click


def need_emulator() -> None:
    """Say in a line what to install, where the emulator's packages are not there."""
    try:
        from .. import emulator  # noqa: F401
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from error
