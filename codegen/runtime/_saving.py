"""Files that appear whole at their path, or not at all, and leave what is there what it is.

As with `open(path, "wb")`, a link is followed, a file keeps its mode and its owner, one that may not be
written to is not replaced, and a pipe or a device is written to.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ._locks import lock

_PART = re.compile(r"\.fluxframe-[0-9a-f]{32}\.part")
# Seconds; a younger file may be one that its process has yet to lock.
_LEFT_AFTER = 60.0
# Seconds, where no lock can tell; clocks of servers may differ, and a download may rest.
_LEFT_WITHOUT_LOCKS = 24 * 3600.0
# Seconds, 0.8 in all.
_PAUSES = (0.01, 0.02, 0.04, 0.08, 0.15, 0.2, 0.3)
_swept: set[Path] = set()


class Part:
    """A file that is being written, and the path at which it will appear, which may be changed."""

    def __init__(self, file: IO[bytes], path: Path, name: Path | None) -> None:
        self.file = file
        self.path = path
        # Its temporary name; None for what goes into a pipe or a device.
        self._name = name

    @property
    def is_plain(self) -> bool:
        """Whether it takes its place at once, and does not have to be copied into a pipe."""
        return self._name is not None

    def finish(self) -> None:
        """Put it at its path. Raises OSError."""
        found = _look(self.path)
        if self._name is None or (found is not None and not stat.S_ISREG(found.st_mode)):
            self._copy()
            return
        if found is not None:
            if sys.platform != "win32" and _owner(found) != (os.getuid(), os.getgid()):
                with suppress(OSError):  # Only root may give a file away.
                    os.chown(self._name, *_owner(found))
            self._name.chmod(stat.S_IMODE(found.st_mode))
        try:
            self.file.flush()
            if sys.platform == "win32":  # What is open has a name that can't be changed.
                self.file.close()
            _replace(self._name, self.path)
        except OSError as error:
            # A link into another file system, or a file that is mounted by itself.
            if error.errno not in (errno.EXDEV, errno.EBUSY):
                raise
            self._copy()

    def _copy(self) -> None:
        import shutil  # It loads many modules, and is seldom needed.

        self.file.seek(0)
        with self.path.open("wb") as place:
            shutil.copyfileobj(self.file, place)


@contextmanager
def part_of(path: Path) -> Iterator[Part]:
    """A file to write, which `finish` puts at `path`; in the end its temporary name is gone.

    Of a folder, the path of a file in it is to be set before. Raises OSError for what can't be written
    to, before anything is written.
    """
    found = _look(path)
    if found is not None and not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        import tempfile

        with tempfile.TemporaryFile() as file:
            yield Part(file, path, None)
        return
    folder = path if path.is_dir() else Path(os.path.realpath(path)).parent
    sweep(folder)
    name = folder / f".fluxframe-{uuid.uuid4().hex}.part"
    # What replaces a file is as private, from the start; what is new in a folder is as any new file.
    mode = 0o600 if found is not None and stat.S_ISREG(found.st_mode) else 0o666
    try:
        number = os.open(
            name, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode
        )
    except OSError as error:
        error.filename = str(path)  # Not its temporary name.
        raise
    try:
        with os.fdopen(number, "w+b") as file:
            lock(file)
            yield Part(file, path, name)
    finally:
        name.unlink(missing_ok=True)


def check_name(path: Path) -> None:
    """Raises OSError for what can't be the name of a file, such as one that is too long.

    From Python 3.14 on, `is_dir` and `exists` tell of such a name no more than that nothing is there.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        path.stat()


def _owner(found: os.stat_result) -> tuple[int, int]:
    return found.st_uid, found.st_gid


def _replace(name: Path, path: Path) -> None:
    """Give a file another name. Raises OSError, with the other one."""
    place = os.path.realpath(path)
    # On Windows what a scanner or an indexer has open can't be replaced, which it has for a moment.
    pauses = iter(_PAUSES if sys.platform == "win32" else ())
    while True:
        try:
            name.replace(place)
            return
        except OSError as error:
            pause = next(pauses, None) if isinstance(error, PermissionError) else None
            if pause is None:  # Not told of its temporary name.
                raise OSError(error.errno, error.strerror, str(path)) from None
        time.sleep(pause)


def _look(path: Path) -> os.stat_result | None:
    """What is at a path, links followed. Raises OSError for a file that may not be written to."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISDIR(found.st_mode) and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return found


def sweep(folder: Path) -> None:
    """Remove what killed processes left in a folder; once a process, as it may have many files."""
    if folder in _swept:
        return
    _swept.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name) and _is_left(entry):
                with suppress(OSError):
                    Path(entry).unlink()


def _is_left(entry: os.DirEntry[str]) -> bool:
    """Whether the process that wrote a part is gone, and its lock with it."""
    with suppress(OSError):
        age = time.time() - entry.stat(follow_symlinks=False).st_mtime
        if age < _LEFT_AFTER:
            return False
        with Path(entry).open("r+b") as file:
            return lock(file, without_locks=age > _LEFT_WITHOUT_LOCKS)
    return False
