"""What each page takes for granted: lines of Python that its text tells of, files that the reader has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fluxframe.emulator import Emulator

# Prepares a folder, and returns the lines of Python that run before those of the page.
SetUp = Callable[[Emulator, Path], str]

# By the page's path in the repository.
SET_UPS: dict[str, SetUp] = {}


def set_up(page: str, emulator: Emulator, folder: Path) -> str:
    """Prepare the folder of a page; returns the lines of Python that come before those of the page."""
    return SET_UPS[page](emulator, folder) if page in SET_UPS else ""
