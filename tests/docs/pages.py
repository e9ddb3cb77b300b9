"""What each page takes for granted: lines of Python that its text tells of, files that the reader has."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from fluxframe.emulator import Emulator

from .blocks import ROOT

# Prepares a folder, and returns the lines of Python that run before those of the page.
SetUp = Callable[[Emulator, Path], str]


def clone(emulator: Emulator, folder: Path) -> str:
    """A clone of what the generator works on, with a branch `main`; its files may be changed."""
    for name in ("spec", "codegen", "generated", "tests/second_api/spec"):
        unwanted = shutil.ignore_patterns("__pycache__", ".digest")
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    for name in ("LICENSE", "pyproject.toml", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    settings = ("user.name=reader", "user.email=reader@localhost", "core.autocrlf=false")
    git = ["git", *(word for setting in settings for word in ("-c", setting))]
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "main"]):
        subprocess.run([*git, *words], cwd=folder, check=True)
    return ""


def clone_without_settings(emulator: Emulator, folder: Path) -> str:
    """The same, without the settings that its tests give to pytest."""
    clone(emulator, folder)
    settings = folder / "pyproject.toml"
    text, _, _ = settings.read_text(encoding="utf-8").partition("[tool.pytest")
    settings.write_text(text, encoding="utf-8")
    return ""


# By the page's path in the repository.
SET_UPS: dict[str, SetUp] = {
    "README.md": clone_without_settings,
    "docs/guides/adding-a-model.md": clone,
    "docs/guides/vendoring.md": clone,
    "docs/contributing.md": clone,
}


def set_up(page: str, emulator: Emulator, folder: Path) -> str:
    """Prepare the folder of a page; returns the lines of Python that come before those of the page."""
    return SET_UPS[page](emulator, folder) if page in SET_UPS else ""
