"""`generate`: write what the spec says."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..emit import tree
from ..spec.load import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds nothing: the command has no arguments of its own."""


def run(options: argparse.Namespace) -> int:
    """Write what differs, and name it."""
    if tree.in_step(options.spec, options.out):
        print("Nothing has changed.")
        return 0
    out = options.out.resolve()
    if out.exists() and not (out.is_dir() and (_is_ours(out) or not any(out.iterdir()))):
        hint = "it would be replaced as a whole; name an empty folder, or one that is not there"
        print(
            f"{options.out} contains files that the generator did not write; {hint}",
            file=sys.stderr,
        )
        return 1
    spec = load(options.spec)
    from ..emit.package import emit  # Loads the generators, which a broken spec need not wait for.

    touched = tree.write(emit(spec), out)
    tree.note(options.spec, out)
    print("\n".join(touched) if touched else "Nothing has changed.")
    return 0


def _is_ours(folder: Path) -> bool:
    return (folder / "fluxframe").is_dir() and (folder / "openapi.yaml").is_file()
