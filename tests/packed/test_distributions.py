"""What is in the wheel and in the sdist, and what they say of themselves: for `nox -s package`."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path

import pytest

import fluxframe

from .build import DIST, ROOT, build, copied, tracked

pytestmark = pytest.mark.skipif("FLUXFRAME_BUILT" not in os.environ, reason="nox -s package")
NAME = f"fluxframe-{fluxframe.__version__}"
PACKAGE = ROOT / "generated"


@pytest.fixture(scope="module")
def wheel() -> dict[str, bytes]:
    """The files of the wheel."""
    with zipfile.ZipFile(DIST / f"{NAME}-py3-none-any.whl") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist() -> dict[str, bytes]:
    """The files of the sdist."""
    with tarfile.open(DIST / f"{NAME}.tar.gz") as archive:
        members = [member for member in archive if member.isfile()]
        assert {(member.uid, member.gid, member.uname) for member in members} == {(0, 0, "")}
        opened = {member.name: archive.extractfile(member) for member in members}
        return {name: file.read() for name, file in opened.items() if file is not None}


def test_the_wheel_is_the_package_and_what_is_said_of_it(wheel: dict[str, bytes]) -> None:
    expected = {
        path.relative_to(PACKAGE).as_posix(): path.read_bytes()
        for path in (PACKAGE / "fluxframe").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != "LICENSE"
    }
    about = f"{NAME}.dist-info/"
    assert {name: data for name, data in wheel.items() if not name.startswith(about)} == expected
    assert {name.removeprefix(about) for name in wheel if name.startswith(about)} == {
        "METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE",
    }  # fmt: skip
    assert wheel[f"{about}licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_the_wheel_has_the_document_and_the_vectors_for_any_language(
    wheel: dict[str, bytes],
) -> None:
    assert "fluxframe/_emitted/openapi.json" in wheel
    for path in (PACKAGE / "vectors").rglob("*.json"):
        name = path.relative_to(PACKAGE).as_posix()
        assert wheel[f"fluxframe/_emitted/{name}"] == path.read_bytes()
    assert "fluxframe/py.typed" in wheel


def test_the_sdist_is_what_git_keeps(sdist: dict[str, bytes]) -> None:
    names = {name.removeprefix(f"{NAME}/") for name in sdist} - {"PKG-INFO"}
    assert names == set(tracked())
    for name in names:
        assert sdist[f"{NAME}/{name}"] == Path(ROOT, name).read_bytes()


def test_no_key_that_lies_in_the_folder_is_packed(tmp_path: Path) -> None:
    """Also by `python -m build`, which asks no git; such a file need not be one that git ignores."""
    copy = copied(tmp_path / "a copy")
    keys = (".env", ".env.local", "id_rsa", "run.jsonl", ".idea/key", ".venv/key", "docs/.env")
    for name in keys:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("afk_secret")
    build(copy, tmp_path / "dist", "--sdist")
    with tarfile.open(tmp_path / "dist" / f"{NAME}.tar.gz") as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.getnames()}
    assert names - {"PKG-INFO"} == set(tracked())


def test_both_say_the_same_of_the_project(wheel: dict[str, bytes], sdist: dict[str, bytes]) -> None:
    assert wheel[f"{NAME}.dist-info/METADATA"] == sdist[f"{NAME}/PKG-INFO"]
