"""What is packed is what git keeps."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .build import strangers, tracked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository in a folder with a space in its name."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    for name in ("kept", "new", "ignored", "gone"):
        (folder / name).write_text(name)
    (folder / ".gitignore").write_text("ignored\n")
    for words in (["init", "-q"], ["add", "kept", "gone", ".gitignore"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    (folder / "gone").unlink()
    return folder


def test_what_git_does_not_keep_is_not_packed(folder: Path) -> None:
    assert tracked(folder) == [".gitignore", "kept"]
    assert strangers(folder) == ["new"]


def test_where_git_can_not_tell_it_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SystemExit, match="git can't say what is packed: fatal: not a git"):
        tracked(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="git is not installed"):
        tracked(folder)
