"""The command line `fluxframe`: a module in `commands` for each command, loaded when it is called."""

from __future__ import annotations

from ._root import cli

__all__ = ["cli"]
