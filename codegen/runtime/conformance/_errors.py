"""What keeps a run from telling anything."""

from __future__ import annotations


class CannotRunError(Exception):
    """The server can't be asked: what was chosen, its URL or the key is wrong, or it does not answer."""

    __module__ = __name__.rpartition(".")[0]  # So a traceback names it as it is imported.
