# A copy of codegen/runtime/cli/__init__.py, where it is edited.
"""The command line `fluxframe`: a module in `commands` for each command, loaded when it is called.

Needs the extra `cli`.
"""

from __future__ import annotations

from importlib.util import find_spec

from .._extras import missing

if _missing := [name for name in ("click", "rich") if find_spec(name) is None]:
    # Said now, and not in the middle of a command.
    raise missing("the command line", "cli", *_missing)

from ._root import cli

__all__ = ["cli"]
