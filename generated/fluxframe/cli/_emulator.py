# A copy of codegen/runtime/cli/_emulator.py, where it is edited.
"""The emulator, for the commands that run it."""

from __future__ import annotations

from importlib import import_module

import click


def need_emulator() -> None:
    """Say in a line what to install, where the emulator's packages are not there."""
    try:
        import_module("...emulator", __name__)
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from error
