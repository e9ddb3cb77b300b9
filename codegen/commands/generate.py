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
    ours = tree.owned(out)
    if out.exists() and not (out.is_dir() and (ours or not _is_used(out))):
        hint = f"no {tree.MANIFEST} lists them; name an empty folder, or one that is not there"
        print(
            f"{options.out} contains files that the generator did not write: {hint}",
            file=sys.stderr,
        )
        return 1
    spec = load(options.spec)
    from ..emit.package import emit  # Loads the generators, which a broken spec need not wait for.

    files = emit(spec)
    try:
        touched = tree.write(
            files, out, {*ours, *filter(lambda p: _says_it_is_made(out / p), files)}
        )
    except tree.ObstacleError as error:
        print(f"codegen generate: {error}; nothing was touched", file=sys.stderr)
        return 1
    tree.note(options.spec, out)
    kept = [f"kept, not generated: {path}" for path in tree.present(out) if path not in files]
    print("\n".join(touched) if touched else "Nothing has changed.", *kept, sep="\n")
    return 0


def _says_it_is_made(path: Path) -> bool:
    """Whether a file says in its first line that it is made, as after a merge of two manifests."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline(200).startswith((b"# A copy of codegen/", b"# Generated from spec/"))


def _is_used(folder: Path) -> bool:
    """Whether anything is in a folder but a repository that begins with it, or a run that was cut off."""
    return bool({path.name for path in folder.iterdir()} - {".git", tree.RUN})
