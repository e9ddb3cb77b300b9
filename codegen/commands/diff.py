"""`diff`: what a change of the spec means to a user of the SDK."""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from ..compare.diff import Effect, bump, changelog, diff
from ..emit.package import RUNTIME
from ..shown import fitted
from ..spec.load import load, resolve
from ..spec.whole import Spec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to compare, and when to fail."""
    parser.add_argument("old", metavar="OLD", help="a folder with a spec, or a git revision")
    parser.add_argument(
        "new", metavar="NEW", nargs="?", help="the same; by default the spec as it is"
    )
    parser.add_argument(
        "--fail-on",
        choices=[effect.name.lower() for effect in Effect],
        help="exit with status 1 at such a change or a more serious one",
    )


def run(options: argparse.Namespace) -> int:
    """Print one line per change, the version that follows, and a changelog entry."""
    try:
        old = _load(options.old, options.spec)
        new = load(options.spec) if options.new is None else _load(options.new, options.spec)
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    changes = diff(old, new)
    if not changes:
        print("No change.")
        return 0
    source = (RUNTIME / "_version.py").read_text(encoding="utf-8")
    version = re.findall(r'"([0-9.]+)"', source)[0]
    after = bump(changes, version)
    print(*(fitted(str(change)) for change in changes), "", sep="\n")
    print(f"version: {version} → {after}", "", changelog(changes, after), sep="\n")
    graver = max(change.effect for change in changes)
    return int(options.fail_on is not None and graver >= Effect[options.fail_on.upper()])


def _load(name: str, folder: Path) -> Spec:
    """The spec in a folder, or of a git revision. Raises LookupError if it is neither."""
    if name and Path(name).is_dir():
        return load(Path(name))
    return resolve(_of_revision(name, folder), root=f"{name}:spec/")


def _of_revision(revision: str, folder: Path) -> dict[str, bytes]:
    if revision.startswith("-"):
        raise LookupError(f"`{revision}` is not a git revision")
    archive = subprocess.run(
        ["git", "archive", "--format=tar", f"{revision}:./{folder.name}"],
        cwd=folder.parent,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        said = archive.stderr.decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else "git gave no further reason"
        raise LookupError(
            f"`{revision}` is neither a folder nor a git revision with a spec: {reason}"
        )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        contents = {entry.name: tar.extractfile(entry) for entry in tar if entry.isfile()}
        return {
            name: content.read()
            for name, content in contents.items()
            if content is not None and name.endswith(".yaml")
        }
