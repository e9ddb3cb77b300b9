"""What each page takes for granted: lines of Python that its text tells of, files that the reader has."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from fluxframe.emulator import Emulator

from .blocks import ROOT

# Prepares a folder, and returns the lines of Python that run before those of the page.
SetUp = Callable[[Emulator, Path], str]


def clone(emulator: Emulator, folder: Path) -> str:
    """What the generator reads and writes; `before` is the spec as it was."""
    for name in ("codegen", "generated", "spec"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "spec", folder / "before")
    for name in ("LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return ""


# By the page's path in the repository.
SET_UPS: dict[str, SetUp] = {
    "docs/guides/adding-a-model.md": clone,
    "docs/guides/vendoring.md": clone,
}


def set_up(page: str, emulator: Emulator, folder: Path) -> str:
    """Prepare the folder of a page; returns the lines of Python that come before those of the page."""
    return SET_UPS[page](emulator, folder) if page in SET_UPS else ""
