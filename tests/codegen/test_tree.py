"""A folder is written whole or not at all, and what is in step is told without being made again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen import commands
from codegen.__main__ import main
from codegen.emit import tree

from .few import few, written

OLD = {"a.txt": b"a", "sub/b.txt": b"b", "gone/c.txt": b"c"}
NEW = {"a.txt": b"a", "sub/b.txt": b"B", "new/d.txt": b"d"}


def contents(root: Path) -> dict[str, bytes]:
    return {path: (root / path).read_bytes() for path in tree.present(root)}


def failing_at(call: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, failing as on a full disk at its n-th call and working before."""
    count = 0

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        if count == call:
            raise OSError(28, "No space left on device")
        return function(*args, **kwargs)

    return wrapper


@pytest.mark.parametrize("call", range(1, 4))
@pytest.mark.parametrize("name", ["write_bytes", "rename", "mkdir"])
def test_a_failure_leaves_the_old_folder_or_the_new_one(
    name: str, call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "out"
    tree.write(OLD, root)
    monkeypatch.setattr(Path, name, failing_at(call, getattr(Path, name)))
    try:
        tree.write(NEW, root, OLD)
    except OSError:
        assert contents(root) == OLD
    else:
        assert contents(root) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("call", [1, 2])
def test_a_run_that_was_killed_is_cleaned_up_after(
    call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a power cut: nothing that is done on an error has been done."""
    root = tmp_path / "out"
    tree.write(OLD, root)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", failing_at(call, Path.rename))
        recover = tree.recover
        patch.setattr(tree, "recover", lambda root: None)
        with pytest.raises(OSError, match="No space"):
            tree.write(NEW, root, OLD)
        patch.setattr(tree, "recover", recover)
    assert tree.write(NEW, root, OLD) == ["gone/c.txt", "new/d.txt", "sub/b.txt"]
    assert contents(root) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_right_is_not_touched(tmp_path: Path) -> None:
    root = tmp_path / "out"
    tree.write(OLD, root)
    before = (root / "a.txt").stat()
    assert tree.write(NEW, root, OLD) == ["gone/c.txt", "new/d.txt", "sub/b.txt"]
    after = (root / "a.txt").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not (root / "gone").exists()


paths = st.text("abc", min_size=1, max_size=2)
trees = st.dictionaries(paths.map(lambda p: f"{p}/f") | paths.map(lambda p: f"{p}.x"), st.binary())


@given(trees, trees)
def test_any_tree_follows_any_other(
    tmp_path_factory: pytest.TempPathFactory, old: Any, new: Any
) -> None:
    root = tmp_path_factory.mktemp("tree") / "out"
    for files, before in ((old, ()), (new, old)):
        tree.write(files, root, before)
        assert tree.differences(files, root) == []
        assert contents(root) == files


def test_what_is_in_step_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, out = written(few("flux-2-pro"), tmp_path / "spec"), tmp_path / "out"
    places = ["--spec", str(spec), "--out", str(out)]
    assert main([*places, "generate"]) == 0
    with monkeypatch.context() as patch:
        patch.setattr("codegen.emit.package.emit", lambda whole: pytest.fail("it was made again"))
        assert main([*places, "generate"]) == 0
        assert main([*places, "check"]) == 0
        capsys.readouterr()
    (out / "openapi.yaml").write_text("by hand")
    assert main([*places, "check"]) == 1
    assert "changed: openapi.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["spec", "out", "stamp"])
def test_a_change_anywhere_is_noticed(change: str, tmp_path: Path) -> None:
    spec, out = written(few("flux-2-pro"), tmp_path / "spec"), tmp_path / "out"
    tree.write(OLD, out)
    tree.note(spec, out)
    assert tree.in_step(spec, out)
    changed = {
        "spec": spec / "models" / "flux" / "flux-2-pro.yaml",
        "out": out / "a.txt",
        "stamp": out / tree.STAMP,
    }[change]
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert not tree.in_step(spec, out)


def test_a_full_check_believes_no_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec, out = written(few("flux-2-pro"), tmp_path / "spec"), tmp_path / "out"
    places = ["--spec", str(spec), "--out", str(out)]
    tree.write(OLD, out)
    tree.note(spec, out)  # As if somebody had forged it.
    assert main([*places, "check"]) == 0
    assert main([*places, "check", "--full"]) == 1
    assert "not generated: a.txt" in capsys.readouterr().err


def test_every_command_has_its_module() -> None:
    from codegen.__main__ import COMMANDS

    folder = Path(os.fspath(commands.__path__[0]))
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules == {name.replace("-", "_") for name in COMMANDS}


# What is not the generator's


def files_of_others(folder: Path) -> dict[str, Any]:
    """Things of all kinds in a folder, told apart by name, kind, mode, content and inode."""
    (folder / ".git" / "refs" / "heads").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")
    (folder / "nested" / ".git" / "objects").mkdir(parents=True)
    (folder / "empty").mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "run.sh").write_text("#!/bin/sh")
    (folder / "run.sh").chmod(0o751)
    (folder / "read-only").write_text("mine")
    (folder / "read-only").chmod(0o400)
    (folder / "sub").mkdir(exist_ok=True)
    (folder / "sub" / "mine.txt").write_text("mine")
    (folder / "link").symlink_to("notes.txt")
    (folder / "linked-folder").symlink_to(folder.parent)
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    return state_of_others(folder)


def state_of_others(folder: Path) -> dict[str, Any]:
    ours = {*OLD, *NEW, tree.RUN, tree.STAMP, tree.MANIFEST}
    return {
        name: (path.lstat().st_mode, path.lstat().st_ino)
        for path in folder.rglob("*")
        if (name := path.relative_to(folder).as_posix()) not in ours
        and name not in ("new", "gone", "sub")
        and not name.startswith(tree.RUN)
    }


@pytest.mark.parametrize("call", range(1, 7))
@pytest.mark.parametrize("name", ["write_bytes", "rename", "mkdir", "unlink", "replace"])
def test_what_others_keep_there_stays_as_it_is_whatever_fails(
    name: str, call: int, tmp_path: Path
) -> None:
    root = tmp_path / "out"
    tree.write(OLD, root)
    before = files_of_others(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, name, failing_at(call, getattr(Path, name)))
        try:
            tree.write(NEW, root, OLD)
        except OSError:
            assert {path: (root / path).read_bytes() for path in OLD} == OLD
    assert state_of_others(root) == before
    tree.write(NEW, root, OLD)
    assert {path: (root / path).read_bytes() for path in NEW} == NEW
    assert state_of_others(root) == before
    assert not (root / tree.RUN).exists()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("file", "was not written by the generator"),
        ("folder", "is a folder"),
        ("repository", "is a folder"),
        ("link", "is a link"),
        ("dangling link", "is a link"),
        ("pipe", "is not a file"),
        ("file above", "is a file"),
        ("link above", "is a link"),
    ],
)
def test_what_is_in_the_way_is_refused_and_nothing_is_touched(
    kind: str, said: str, tmp_path: Path
) -> None:
    root = tmp_path / "out"
    tree.write(OLD, root)
    place = root / "new" / "d.txt"
    place.parent.mkdir()
    match kind:
        case "file":
            place.write_text("mine")
        case "folder":
            place.mkdir()
        case "repository":
            (place / ".git").mkdir(parents=True)
        case "link":
            place.symlink_to(root / "a.txt")
        case "dangling link":
            place.symlink_to("nowhere")
        case "pipe":
            os.mkfifo(place)
        case _:
            place.parent.rmdir()
            if kind == "file above":
                place.parent.write_text("mine")
            else:
                place.parent.symlink_to(tmp_path)
    before = {path: path.lstat().st_ino for path in tmp_path.rglob("*")}
    with pytest.raises(tree.ObstacleError, match=said):
        tree.write(NEW, root, OLD)
    assert {path: path.lstat().st_ino for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("looks_ours", [True, False])
def test_a_folder_of_others_is_refused(
    looks_ours: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a project's root, or a home: also one that has files of the names that are made."""
    (tmp_path / "notes.txt").write_text("mine")
    if looks_ours:
        (tmp_path / "fluxframe").mkdir()
        (tmp_path / "openapi.yaml").write_text("mine")
        (tmp_path / tree.MANIFEST).write_text("notes.txt\n")
    (tmp_path / ".git").mkdir()
    before = {path: path.lstat().st_ino for path in tmp_path.rglob("*")}
    assert main(["--out", str(tmp_path), "generate"]) == 1
    assert "files that the generator did not write" in capsys.readouterr().err
    assert {path: path.lstat().st_ino for path in tmp_path.rglob("*")} == before


def test_generating_into_a_folder_with_files_of_others_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {"a.txt": b"a", "sub/b.txt": b"b"}
    monkeypatch.setattr("codegen.emit.package.emit", lambda whole: tree.with_manifest(made))
    assert main(["--out", str(tmp_path), "generate"]) == 0
    before = files_of_others(tmp_path)
    made = {"a.txt": b"A"}
    assert main(["--out", str(tmp_path), "generate"]) == 0
    assert "kept, not generated: notes.txt" in capsys.readouterr().out.splitlines()
    assert not (tmp_path / "sub" / "b.txt").exists()
    assert {
        name: state for name, state in state_of_others(tmp_path).items() if name in before
    } == before


def test_a_merge_of_two_manifests_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Git put a file there that the manifest does not list, and left its marks in the manifest."""
    made = {"a.py": b"# A copy of codegen/runtime/a.py, where it is edited.\n1\n", "b.json": b"{}"}
    monkeypatch.setattr("codegen.emit.package.emit", lambda whole: tree.with_manifest(made))
    assert main(["--out", str(tmp_path), "generate"]) == 0
    (tmp_path / "a.py").write_bytes(made["a.py"] + b"2\n")
    manifest = tmp_path / tree.MANIFEST
    manifest.write_text(f"{tree.MANIFEST_HEAD}\n<<<<<<< HEAD\nb.json\n=======\n>>>>>>> other\n")
    assert main(["--out", str(tmp_path), "generate"]) == 0
    assert (tmp_path / "a.py").read_bytes() == made["a.py"]
    assert tree.owned(tmp_path) == ["a.py", "b.json", tree.MANIFEST]
    (tmp_path / "a.py").write_text("mine")
    manifest.write_text(f"{tree.MANIFEST_HEAD}\nb.json\n")
    assert main(["--out", str(tmp_path), "generate"]) == 1
    assert "was not written by the generator" in capsys.readouterr().err
    assert (tmp_path / "a.py").read_text() == "mine"


@pytest.mark.parametrize("path", ["../outside", "/etc/hosts", ".git/HEAD", "a/../../b", "", "."])
def test_a_manifest_leads_nowhere_else(path: str, tmp_path: Path) -> None:
    (tmp_path / tree.MANIFEST).write_text(f"{tree.MANIFEST_HEAD}\nfine.txt\n{path}\n")
    assert tree.owned(tmp_path) == ["fine.txt", tree.MANIFEST]


def test_ends_of_lines_are_the_checkouts(tmp_path: Path) -> None:
    """As git leaves them with `core.autocrlf`."""
    files = {"a.py": b"a\nb\n", "b.json": b"{\n}\n"}
    tree.write(files, tmp_path)
    for path in files:
        (tmp_path / path).write_bytes(files[path].replace(b"\n", b"\r\n"))
    assert tree.differences(files, tmp_path) == []
    assert tree.write(files, tmp_path, files) == []
