"""`generate`: write what the spec says."""

from __future__ import annotations

import argparse

from .. import tree
from ..load import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None of its own."""


def run(options: argparse.Namespace) -> int:
    """Write what differs, and name it."""
    if tree.in_step(options.spec, options.out):
        print("Nothing has changed.")
        return 0
    whole = load(options.spec)
    from ..emit import emit  # Loads the generators, which a broken spec need not wait for.

    touched = tree.write(emit(whole), options.out)
    tree.note(options.spec, options.out)
    print("\n".join(touched) if touched else "Nothing has changed.")
    return 0
