# A copy of codegen/runtime/cli/__init__.py, where it is edited.
"""The command line `fluxframe`: one module a command, loaded when it is called."""

from __future__ import annotations

from ._root import cli

__all__ = ["cli"]
