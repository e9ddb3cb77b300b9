"""`types`: mypy and pyright over everything, each problem told of the file that a person edits."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

from ..emit.package import RUNTIME
from ..emit.printing import PACKAGE

# Where both tell of a problem: the file, and its line and column.
_PLACE = re.compile(rf"^(\s*)(\S*generated/{PACKAGE}/(\S+?\.py)):(\d+)", re.MULTILINE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds nothing: the command has no arguments."""


def run(options: argparse.Namespace) -> int:
    """Print what they find; the exit status is 1 if either finds anything."""
    status = 0
    for tool in ("mypy", "pyright"):
        done = subprocess.run(
            [sys.executable, "-m", tool], stdout=subprocess.PIPE, text=True, check=False
        )
        print(edited(done.stdout), end="", flush=True)
        status = status or done.returncode
    return status


def edited(text: str, runtime: Path = RUNTIME) -> str:
    """What a type checker says of copies, said of what they are copied from."""

    def place(found: re.Match[str]) -> str:
        indent, path, name, line = found.groups()
        if not (runtime / name).is_file():
            return found[0]  # It is emitted, from the spec.
        # The copy begins with a line more.
        root = path.removesuffix(f"generated/{PACKAGE}/{name}")
        return f"{indent}{root}codegen/runtime/{name}:{int(line) - 1}"

    return _PLACE.sub(place, text)
