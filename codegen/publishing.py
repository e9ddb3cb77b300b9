"""What the commands that begin files of a spec share: files are written whole, and TODOs are told."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from .page.compose import ModelText
from .spec.pieces import RefusalError


def shown(path: Path) -> Path:
    """A path from where the reader stands, if it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def publish(files: Mapping[Path, ModelText], options: argparse.Namespace) -> None:
    """Write files or print them, and list what a person must still do in each."""
    if options.stdout:
        sys.stdout.write("\n".join(text.text for text in files.values()))
    else:
        write(files)
    told = [
        f"{path}:{line}: TODO: {words}"
        for path, text in files.items()
        for line, words in text.todos
    ]
    for path, text in files.items():
        count = f"{len(text.todos)} TODO{'' if len(text.todos) == 1 else 's'}"
        told.append(f"{'printed' if options.stdout else 'wrote'} {path}, with {count}")
    sys.stderr.write("".join(f"{line}\n" for line in told))


def write(files: Mapping[Path, ModelText]) -> None:
    """Write new files, all of them whole or none at all. Raises RefusalError if one is there."""
    for path in files:
        if os.path.lexists(path):
            raise RefusalError(f"{path} exists already, and is left as it is")
    beside = {path: path.with_name(f".{path.name}.tmp") for path in files}
    made: list[Path] = []
    folders = [path.parent for path in files if not path.parent.exists()]
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside[path].write_bytes(text.text.encode())
        for path in files:
            beside[path].rename(path)
            made.append(path)
    except OSError:
        for path in made:
            path.unlink()
        raise
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)
        for folder in folders:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
