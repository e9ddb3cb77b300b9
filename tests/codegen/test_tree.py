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
from codegen.spec.load import SPEC, read

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
        tree.write(NEW, root)
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
            tree.write(NEW, root)
        patch.setattr(tree, "recover", recover)
    assert tree.write(NEW, root) == ["gone/c.txt", "new/d.txt", "sub/b.txt"]
    assert contents(root) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_right_is_not_touched(tmp_path: Path) -> None:
    root = tmp_path / "out"
    tree.write(OLD, root)
    before = (root / "a.txt").stat()
    assert tree.write(NEW, root) == ["gone/c.txt", "new/d.txt", "sub/b.txt"]
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
    for files in (old, new):
        tree.write(files, root)
        assert tree.differences(files, root) == []
        assert contents(root) == files


def spec_copy(folder: Path) -> Path:
    for path, data in read(SPEC).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_what_is_in_step_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, out = spec_copy(tmp_path / "spec"), tmp_path / "out"
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
    spec, out = spec_copy(tmp_path / "spec"), tmp_path / "out"
    tree.write(OLD, out)
    tree.note(spec, out)
    assert tree.in_step(spec, out)
    changed = {
        "spec": spec / "models" / "flux-2-pro.yaml",
        "out": out / "a.txt",
        "stamp": out / tree.STAMP,
    }[change]
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert not tree.in_step(spec, out)


def test_a_full_check_believes_no_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec, out = spec_copy(tmp_path / "spec"), tmp_path / "out"
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
