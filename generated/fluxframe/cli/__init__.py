# A copy of codegen/runtime/cli/__init__.py, where it is edited.
"""The command line `fluxframe`: a module in `commands` for each command, loaded when it is called."""

from __future__ import annotations

from ._root import cli

__all__ = ["cli"]
