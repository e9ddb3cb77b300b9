"""Locks on files that are open, which the system takes back from a process that ends, however it ends.

The file itself is locked, so that it is the same lock under every name that the file has, and no second
file is left beside it. Where a lock keeps others from reading, on Windows, one byte is locked that no file
reaches.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from typing import IO, Any

_FAR_AWAY = 2**40  # Bytes; behind the end of any file that is locked here.
_PAUSE = 0.05  # Seconds.


def lock(file: IO[Any], *, without_locks: bool = True) -> bool:
    """Lock a file for as long as it is open; returns False if it is locked, by this process or another.

    On a file system without locks it does nothing, and returns `without_locks`. On NFS, the file must be
    open for writing.
    """
    try:
        _lock(file.fileno())
    except BlockingIOError:
        return False
    except OSError:
        return without_locks
    return True


def unlock(file: IO[Any]) -> None:
    """Unlock a file that is about to be closed, also for processes that have it open by a fork."""
    if sys.platform != "win32":  # Which has no fork.
        import fcntl

        with suppress(OSError):
            fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def wait_for_lock(file: IO[Any]) -> None:
    """Lock a file for as long as it is open, once nobody else has it locked.

    Raises OSError on a file system without locks.
    """
    while True:
        try:
            return _lock(file.fileno())
        except BlockingIOError:
            time.sleep(_PAUSE)


def _lock(number: int) -> None:
    """Lock an open file. Raises BlockingIOError if it is locked, and OSError if it can't be."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    import msvcrt

    place = os.lseek(number, 0, os.SEEK_CUR)
    os.lseek(number, _FAR_AWAY, os.SEEK_SET)
    try:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    except PermissionError as error:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error
    finally:
        os.lseek(number, place, os.SEEK_SET)
