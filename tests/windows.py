"""What of Windows can be had elsewhere: its name, its locks, and files that can't be replaced while they are open.

The locks are those of Linux that come nearest: of one open file, as those of Windows, but others can read what is
locked.
"""

from __future__ import annotations

import os
import struct
import sys
from types import ModuleType

import pytest

_FLOCK = "hhqqi"  # As Linux has it: kind, from where, start, length, process.


class Msvcrt(ModuleType):
    """The module `msvcrt`."""

    LK_NBLCK = 2

    @classmethod
    def locking(cls, number: int, mode: int, size: int) -> None:
        """Lock `size` bytes from where the file stands. Raises PermissionError if they are locked."""
        import fcntl  # Which Windows has not, where this file is imported too.

        assert mode == cls.LK_NBLCK
        flags = fcntl.fcntl(number, fcntl.F_GETFL)
        kind = fcntl.F_RDLCK if flags & os.O_ACCMODE == os.O_RDONLY else fcntl.F_WRLCK
        place = os.lseek(number, 0, os.SEEK_CUR)
        request = struct.pack(_FLOCK, kind, os.SEEK_SET, place, size, 0)
        try:
            fcntl.fcntl(number, fcntl.F_OFD_SETLK, request)
        except BlockingIOError as error:
            raise PermissionError(13, "Permission denied") from error


def pretend(patch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """Have modules take the system for Windows."""
    patch.setitem(sys.modules, "msvcrt", Msvcrt("msvcrt"))
    for module in modules:
        patch.setattr(module, "sys", like(sys, platform="win32"))


def like(module: ModuleType, **other: object) -> ModuleType:
    """A module with some names of its own, where a patch of the module itself would reach others."""
    twin = ModuleType(module.__name__)
    twin.__dict__.update(vars(module), **other)
    return twin
