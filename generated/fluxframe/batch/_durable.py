# A copy of codegen/runtime/batch/_durable.py, where it is edited.
"""Writes files that survive a power cut."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .._saving import part_of


def write_all(file: Any, data: bytes) -> None:
    """Write data to an unbuffered file, which may take it in parts."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut, where the system allows it."""
    if sys.platform == "win32":  # Which opens no folder, and writes names down itself.
        return
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(folder)


def sync_file(path: Path) -> None:
    """Make a file that was written and closed survive a power cut, and its name with it."""
    with path.open("rb") as file:
        if os.name == "posix":  # Elsewhere fsync only accepts a file that is open for writing.
            os.fsync(file.fileno())
    sync_folder(path.parent)


def replace_whole(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file that takes its place only once it is whole: a reader sees the old or the new one."""
    with part_of(path) as part:
        part.file.writelines(lines)
        part.file.flush()
        # Before the rename: the name may reach the disk before the data, which a power cut loses.
        os.fsync(part.file.fileno())
        part.finish()
    sync_folder(path.parent)
