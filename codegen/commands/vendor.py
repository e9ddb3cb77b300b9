"""`vendor`: copy the client into another project, or tell or refresh a copy."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..emit import tree, vendor
from ..spec.load import load, read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the copy is, and what to do with it."""
    parser.add_argument(
        "dest", metavar="DEST", type=Path, help="the project's source root: what it imports from"
    )
    parser.add_argument(
        "--package",
        default="_fluxframe",
        help="the dotted name that the copy is imported by (%(default)s)",
    )
    parser.add_argument(
        "--with",
        dest="parts",
        metavar="PARTS",
        help="what to copy beside the client: emulator, conformance, or cli, which brings both "
        "along; with --update, instead of the parts that are there",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--check", action="store_true", help="fail if the copy is edited or outdated; write nothing"
    )
    mode.add_argument(
        "--update", action="store_true", help="refresh the copy to what is emitted now"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="overwrite edits, or files that are not a copy; each is kept beside as FILE.orig",
    )


def run(options: argparse.Namespace) -> int:
    """Say what was found or done; the exit status is 1 if that is not what was asked for."""
    try:
        folder = vendor.place(options.dest, options.package)
        if options.check:
            return _check(options, folder)
        tree.recover(folder)  # A run may have been cut off.
        return _write(options, folder)
    except vendor.VendorError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or options.dest}: {error.strerror or error}", file=sys.stderr)
    return 1


def _check(options: argparse.Namespace, folder: Path) -> int:
    if options.parts is not None:
        raise vendor.VendorError("--check takes the parts from the lock; leave out --with")
    lock = vendor.read_lock(folder)
    lines = vendor.edits(folder, lock) + vendor.outdated(lock, _now(options, lock.parts).lock)
    if lines:
        print(*lines, sep="\n", file=sys.stderr)
        return 1
    print(f"{folder} is a clean copy of {lock}")
    return 0


def _write(options: argparse.Namespace, folder: Path) -> int:
    before = _before(folder, update=options.update)
    if before and options.parts is None:
        parts = before.parts
    else:
        parts = vendor.parts(filter(None, (options.parts or "").replace(" ", "").split(",")))
    copy = _now(options, parts)
    written = vendor.write(folder, copy, before, force=options.force)
    # Of a first copy, all files are new.
    changes = written.changes if before or written.saved else [f"new: {len(written.changes)} files"]
    for line in (
        *changes,
        *(f"edited: {path}, and kept as {name}" for path, name in written.saved.items()),
        *(f"kept, not of the copy: {path}" for path in written.kept),
    ):
        print(line)
    print(f"{folder} is {'now' if written.changes else 'already'} a copy of {copy.lock}")
    if before is None:
        for parent in vendor.bare_parents(options.dest, options.package):
            print(f"{parent} has no __init__.py, and is a namespace package")
    if before is None or before.parts != parts:
        print(f"it needs {', '.join(vendor.requirements(parts))}")
    return 0


def _before(folder: Path, *, update: bool) -> vendor.Lock | None:
    """The lock of the copy to refresh; None where a first one is to be made."""
    try:
        lock = vendor.read_lock(folder)
    except vendor.VendorError:
        if update:
            raise
        return None
    if not update:
        raise vendor.VendorError(f"{folder} is there already, a copy of {lock}; use --update")
    return lock


def _now(options: argparse.Namespace, parts: tuple[str, ...]) -> vendor.Copy:
    """The copy that would be made now."""
    spec = load(options.spec)
    from ..emit.package import emit  # Loads the generators, which a broken spec need not wait for.

    return vendor.make(emit(spec), read(options.spec), options.package, parts)
