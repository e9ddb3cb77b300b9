"""What keeps a run from telling anything."""

from __future__ import annotations


class CannotRunError(Exception):
    """The test can't run: the selection, the URL or the key is wrong, or the server does not answer."""

    __module__ = __name__.rpartition(".")[0]  # So a traceback names it as it is imported.
