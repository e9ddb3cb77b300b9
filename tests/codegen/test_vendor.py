"""A copy in another project works under its own name, and is told apart and refreshed by its lock."""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import fluxframe
from codegen.__main__ import main
from codegen.emit import tree, vendor

from .few import emitted_of, few, written

MODELS = ("flux-2-dev", "flux-2-pro")  # What is made of all is copied as what is made of two.
Run = Callable[..., tuple[int, list[str]]]
# What a part may import; typing-extensions comes with pydantic.
THIRD_PARTIES = {
    # pydantic_core comes with pydantic.
    "client": {"httpx", "httpx2", "pydantic", "pydantic_core", "typing_extensions", "PIL"},
    "emulator": {"httpx", "jsonschema_rs", "PIL", "pytest", "starlette", "uvicorn"},
    "conformance": {"httpx", "jsonschema_rs", "pytest"},
    "cli": {"click", "PIL", "rich"},
}


@pytest.fixture
def emitted() -> Mapping[str, bytes]:
    return emitted_of(*MODELS)


@pytest.fixture(scope="module")
def spec_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(few(*MODELS), tmp_path_factory.mktemp("spec"))


@pytest.fixture
def now(emitted: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the generator emits, for a test to change."""
    files = dict(emitted)
    monkeypatch.setattr("codegen.emit.package.emit", lambda whole: files)
    return files


@pytest.fixture
def run(now: dict[str, bytes], spec_folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line; gives its exit status and the lines that it says."""

    def run(*arguments: object, spec: Path = spec_folder) -> tuple[int, list[str]]:
        capsys.readouterr()
        status = main(["--spec", str(spec), "vendor", *map(str, arguments)])
        said = capsys.readouterr()
        assert bool(said.err) == bool(status), "what went wrong goes to stderr, all else does not"
        assert "Traceback" not in said.err
        return status, (said.err or said.out).splitlines()

    return run


def contents(root: Path) -> dict[str, bytes | str]:
    """Every file below a folder by its path, hidden ones too; of a link, where it leads."""
    return {
        path.relative_to(root).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in root.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def folders(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_dir()}


def lock_of(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / vendor.LOCK).read_bytes())
    return data


def part_of(path: str) -> str:
    if path == "__main__.py" or path.startswith("cli/"):
        return "cli"
    if path.startswith("__pyinstaller/") or path == "_pytest_entry.py":
        return "installed"
    if path.startswith(("conformance/", "_emitted/vectors/")):
        return "conformance"
    return "emulator" if path.startswith(("emulator/", "testing/")) else "client"


# What is written


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ([], {"client"}),
        (["--with", ""], {"client"}),
        (["--with", "emulator"], {"client", "emulator"}),
        (["--with", "conformance"], {"client", "conformance"}),
        (["--with", " emulator, cli "], {"client", "cli", "conformance", "emulator"}),
        # Its commands run both.
        (["--with", "cli"], {"client", "cli", "conformance", "emulator"}),
    ],
)
def test_a_copy_is_what_is_emitted(
    asked: list[str], parts: set[str], emitted: Mapping[str, bytes], run: Run, tmp_path: Path
) -> None:
    status, said = run(tmp_path, "--package", "acme.http._fluxframe", *asked)
    assert status == 0
    whole = {
        path.removeprefix("fluxframe/"): data
        for path, data in emitted.items()
        if path.startswith("fluxframe/")
    }
    copied = contents(tmp_path / "acme" / "http" / "_fluxframe")
    data = copied.pop(vendor.LOCK)
    assert copied == {path: data for path, data in whole.items() if part_of(path) in parts}
    assert isinstance(data, bytes)
    lock = json.loads(data)
    assert lock["files"] == {
        path: hashlib.sha256(whole[path]).hexdigest() for path in sorted(copied)
    }
    assert (lock["format"], lock["package"]) == (1, "acme.http._fluxframe")
    assert lock["parts"] == sorted(parts)
    assert f'__version__ = "{lock["version"]}"' in whole["_version.py"].decode()
    assert data == (json.dumps(lock, indent=2, sort_keys=True) + "\n").encode()
    assert [line for line in said if "namespace package" in line] == [
        f"{tmp_path / 'acme'} has no __init__.py, and is a namespace package",
        f"{tmp_path / 'acme' / 'http'} has no __init__.py, and is a namespace package",
    ]
    assert said[-1].startswith("it needs httpx>=")
    assert ("uvicorn" in said[-1]) == ("emulator" in parts)
    assert said[-1].count("jsonschema-rs") == bool(parts & {"conformance", "emulator"})


def test_parents_are_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "__init__.py").write_text("NAME = 1\n")
    _, said = run(tmp_path, "--package", "acme._fluxframe")
    assert not [line for line in said if "namespace" in line]
    assert [path.name for path in (tmp_path / "acme").iterdir() if path.is_file()] == [
        "__init__.py"
    ]
    assert (tmp_path / "acme" / "__init__.py").read_text() == "NAME = 1\n"


def test_a_copy_is_the_same_wherever_and_whenever_it_is_made(run: Run, tmp_path: Path) -> None:
    """No path, no time and no host in it."""
    run(tmp_path / "one", "--with", "cli")
    run(tmp_path / "deep" / "er" / "two", "--with", "cli")
    assert contents(tmp_path / "one") == contents(tmp_path / "deep" / "er" / "two")


def test_the_spec_is_known_by_all_its_paths_and_bytes() -> None:
    version = {"fluxframe/_version.py": b'__version__ = "1"\n'}
    specs = [{"a": b"bc"}, {"ab": b"c"}, {"a": b"b", "c": b""}, {"c": b"", "a": b"b"}, {}]
    digests = {vendor.make(version, spec, "p", ("client",)).lock.spec for spec in specs}
    assert len(digests) == len(specs) - 1, "but the order of files says nothing"


# What is told


def test_a_clean_copy(run: Run, tmp_path: Path) -> None:
    run(tmp_path, "--with", "emulator")
    (tmp_path / "_fluxframe" / "__pycache__").mkdir()
    (tmp_path / "_fluxframe" / "__pycache__" / "x.pyc").write_bytes(b"")
    version = lock_of(tmp_path / "_fluxframe")["version"]
    status, said = run(tmp_path, "--check")
    assert status == 0
    folder = tmp_path / "_fluxframe"
    assert said == [f"{folder} is a clean copy of fluxframe {version} (client, emulator)"]


def edit(folder: Path) -> None:
    """One file edited, one deleted and one added."""
    (folder / "types.py").write_bytes((folder / "types.py").read_bytes() + b"#")
    (folder / "_jobs.py").unlink()
    (folder / "own").mkdir()
    (folder / "own" / "notes.txt").write_text("mine")


EDITS = ["deleted: _jobs.py", "added: own/notes.txt", "edited: types.py"]


MOVED = {"_check.py", "types.py", "_pages.py", "_yonder.py", "_version.py"}


def move_on(now: dict[str, bytes]) -> None:
    """One file changed, one gone, one new, and one that an edit has touched too."""
    now["fluxframe/_check.py"] += b"#"
    now["fluxframe/types.py"] += b"# new"
    del now["fluxframe/_pages.py"]
    now["fluxframe/_yonder.py"] = b""
    now["fluxframe/_version.py"] = b'__version__ = "7.8.9"\n'


OUTDATED = [
    "outdated: changed: _check.py",
    "outdated: removed: _pages.py",
    "outdated: changed: _version.py",
    "outdated: new: _yonder.py",
    "outdated: changed: types.py",
]


@pytest.mark.parametrize("edited", [True, False])
@pytest.mark.parametrize("moved_on", [True, False])
def test_an_edited_copy_and_an_outdated_one_are_told_apart(
    edited: bool, moved_on: bool, now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path)
    version = lock_of(tmp_path / "_fluxframe")["version"]
    if edited:
        edit(tmp_path / "_fluxframe")
    if moved_on:
        move_on(now)
    reason = f"outdated: the generator has moved on, from {version} to 7.8.9"
    status, said = run(tmp_path, "--check")
    assert status == (edited or moved_on)
    expected = EDITS * edited + [reason, *OUTDATED] * moved_on
    assert (said if status else []) == expected


def test_a_part_that_is_not_there_is_not_outdated(
    now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path)
    now["fluxframe/emulator/_server.py"] += b"#"
    assert run(tmp_path, "--check")[0] == 0


def test_a_file_that_became_a_link_is_edited(run: Run, tmp_path: Path) -> None:
    run(tmp_path, "--with", "emulator")
    folder = tmp_path / "_fluxframe"
    for name in ("types.py", "emulator"):
        (folder / name).rename(tmp_path / name)
        (folder / name).symlink_to(tmp_path / name)
    _, said = run(tmp_path, "--check")
    assert "edited: types.py" in said
    assert "added: emulator" in said
    assert "deleted: emulator/_server.py" in said


def test_the_spec_has_moved_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Through the real generator: a limit changes, and then a comment, of which no file tells."""
    spec, project = tmp_path / "spec", str(tmp_path / "project")
    written(few(*MODELS), spec)
    command = ["--spec", str(spec), "vendor", project]
    assert main(command) == 0
    model = spec / "models" / "flux" / "flux-2-pro.yaml"
    model.write_text(model.read_text(encoding="utf-8") + "# A comment.\n", encoding="utf-8")
    assert main([*command, "--check"]) == 0
    capsys.readouterr()
    text = model.read_text(encoding="utf-8")
    assert text.count("maximum: 2048") > 0
    model.write_text(text.replace("maximum: 2048", "maximum: 2047"), encoding="utf-8")
    assert main([*command, "--check"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "outdated: the spec has moved on"
    assert "outdated: changed: _emitted/families/flux.json" in said
    assert main([*command, "--update"]) == 0
    assert main([*command, "--check"]) == 0


def test_a_broken_spec_is_shown_as_ever(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "spec"
    written(few(*MODELS), spec)
    (spec / "api.yaml").unlink()
    assert main(["--spec", str(spec), "vendor", str(tmp_path / "project")]) == 1
    assert "the file is missing" in capsys.readouterr().err
    assert not (tmp_path / "project").exists()


def test_the_lock_of_another_place(run: Run, tmp_path: Path) -> None:
    run(tmp_path, "--package", "acme._fluxframe")
    status, said = run(tmp_path / "acme", "--check")
    line = "outdated: the lock is of the package acme._fluxframe, and this is _fluxframe"
    assert (status, said) == (1, [line])
    assert run(tmp_path / "acme", "--update")[1][0] == f"changed: {vendor.LOCK}"
    assert run(tmp_path / "acme", "--check")[0] == 0


GOOD: dict[str, Any] = {
    "format": 1, "version": "1", "spec": "0", "package": "p", "parts": [], "files": {}
}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is broken: Expecting value"),
        (b"\xff", "is broken: 'utf-8' codec"),
        (b"<<<<<<< HEAD\n{}", "is broken: Expecting value"),
        (b"[" * 100_000, "is broken: "),
        (b"[]", "is broken: an entry is missing"),
        (b"{}", "is broken: an entry is missing"),
        (json.dumps({**GOOD, "format": 2}).encode(), "its format is 2, and this generator knows"),
        (json.dumps({**GOOD, "files": {"types.py": 1}}).encode(), "not of its kind"),
        (json.dumps({**GOOD, "files": []}).encode(), "not of its kind"),
        (json.dumps({**GOOD, "parts": [{}]}).encode(), "not of its kind"),
        (json.dumps({**GOOD, "parts": ["emulater"]}).encode(), "did you mean `emulator`?"),
        *(
            (json.dumps({key: GOOD[key] for key in GOOD if key != gone}).encode(), "missing")
            for gone in GOOD
        ),
    ],
)
def test_a_broken_lock(data: bytes, reason: str, run: Run, tmp_path: Path) -> None:
    run(tmp_path)
    lock = tmp_path / "_fluxframe" / vendor.LOCK
    lock.write_bytes(data)
    before = contents(tmp_path)
    for mode in ("--check", "--update"):
        status, (said, *more) = run(tmp_path, mode, "--force")
        assert (status, more) == (1, [])
        assert said.startswith(f"{lock} is broken: ")
        assert reason in said
    assert run(tmp_path)[0] == 1
    assert contents(tmp_path) == before
    assert run(tmp_path, "--force")[0] == 0
    assert run(tmp_path, "--check")[0] == 0


def test_a_lock_can_be_read_at_all() -> None:
    """The one that is broken above, when it is not."""
    assert vendor._parsed(json.dumps(GOOD).encode()).parts == ("client",)


@pytest.mark.parametrize("kind", ["nothing", "no lock", "folder", "link"])
def test_a_missing_lock(kind: str, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "_fluxframe"
    if kind != "nothing":
        run(tmp_path)
        (folder / vendor.LOCK).rename(tmp_path / "lock")
    if kind == "folder":
        (folder / vendor.LOCK).mkdir()
    if kind == "link":
        (folder / vendor.LOCK).symlink_to(tmp_path / "lock")
    reason = "is not there" if kind == "nothing" else f"has no lock: {vendor.LOCK} is missing, or"
    for mode in ("--check", "--update"):
        status, (said, *more) = run(tmp_path, mode)
        assert (status, more) == (1, [])
        assert said.startswith(f"{folder} {reason}")


def test_a_path_in_a_lock_leads_nowhere(run: Run, tmp_path: Path) -> None:
    """Whoever can write a lock can't have a file of the project deleted by it."""
    run(tmp_path / "project")
    outside = tmp_path / "project" / "precious.txt"
    outside.write_text("mine")
    folder = tmp_path / "project" / "_fluxframe"
    data = lock_of(folder)
    for path in ("../precious.txt", str(outside)):
        data["files"][path] = hashlib.sha256(b"mine").hexdigest()
    (folder / vendor.LOCK).write_text(json.dumps(data))
    assert "deleted: ../precious.txt" in run(tmp_path / "project", "--check")[1]
    assert run(tmp_path / "project", "--update", "--force")[0] == 0
    assert outside.read_text() == "mine"


# What is refreshed


def test_a_refresh_makes_a_copy_what_is_emitted_now(
    now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path)
    folder = tmp_path / "_fluxframe"
    (folder / "own").mkdir()
    (folder / "own" / "run.sh").write_text("mine")
    (folder / "own" / "run.sh").chmod(0o755)
    move_on(now)
    status, said = run(tmp_path, "--update")
    assert status == 0
    assert said == [
        "changed: _check.py",
        "removed: _pages.py",
        "changed: _version.py",
        "new: _yonder.py",
        f"changed: {vendor.LOCK}",
        "changed: types.py",
        "kept, not of the copy: own/run.sh",
        f"{folder} is now a copy of fluxframe 7.8.9 (client)",
    ]
    assert (folder / "own" / "run.sh").read_text() == "mine"
    assert (folder / "own" / "run.sh").stat().st_mode & 0o111
    (folder / "own" / "run.sh").unlink()
    assert run(tmp_path, "--check")[0] == 0
    fresh = tmp_path / "fresh"
    run(fresh)
    assert contents(folder) == contents(fresh / "_fluxframe")


def test_what_is_up_to_date_is_not_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path)
    monkeypatch.setattr(Path, "write_bytes", lambda *_: pytest.fail("something was written"))
    monkeypatch.setattr(Path, "rename", lambda *_: pytest.fail("something was moved"))
    status, said = run(tmp_path, "--update")
    assert status == 0
    assert len(said) == 1
    assert " is already a copy of fluxframe " in said[0]


def test_the_files_of_a_first_copy_are_counted(run: Run, tmp_path: Path) -> None:
    status, said = run(tmp_path)
    folder = tmp_path / "_fluxframe"
    assert status == 0
    assert said[:2] == [
        f"new: {len(contents(folder))} files",
        f"{folder} is now a copy of {vendor.read_lock(folder)}",
    ]


def test_parts_come_and_go(run: Run, tmp_path: Path) -> None:
    run(tmp_path, "--with", "emulator")
    folder = tmp_path / "_fluxframe"
    told = run(tmp_path, "--update", "--with", "cli")[1]
    assert told[0] == "new: __main__.py"
    assert re.search(r"^it needs httpx\b.* click\b", told[-1])
    assert not run(tmp_path, "--update")[1][-1].startswith("it needs")
    assert (folder / "emulator" / "_server.py").is_file()
    assert run(tmp_path, "--update")[0] == 0
    parts = ["cli", "client", "conformance", "emulator"]
    assert lock_of(folder)["parts"] == parts, "they stay if none are named"
    assert "removed: emulator/_server.py" in run(tmp_path, "--update", "--with", "")[1]
    assert not (folder / "emulator").exists()
    assert run(tmp_path, "--check")[0] == 0


def test_an_edit_is_not_lost(now: dict[str, bytes], run: Run, tmp_path: Path) -> None:
    run(tmp_path)
    edit(tmp_path / "_fluxframe")
    move_on(now)
    before = contents(tmp_path)
    hint = "nothing was touched; --force writes over these edits"
    assert run(tmp_path, "--update") == (1, ["edited: types.py", "deleted: _jobs.py", hint])
    assert contents(tmp_path) == before
    mine = (tmp_path / "_fluxframe" / "types.py").read_bytes()
    status, said = run(tmp_path, "--update", "--force")
    assert status == 0
    assert "edited: types.py, and kept as types.py.orig" in said
    assert (tmp_path / "_fluxframe" / "types.py.orig").read_bytes() == mine
    added = ["added: own/notes.txt", "added: types.py.orig"]
    assert run(tmp_path, "--check") == (1, added), "a file of others stays"


def test_an_edit_of_what_is_to_go_is_not_lost(
    now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path)
    file = tmp_path / "_fluxframe" / "_pages.py"
    file.write_text("mine")
    del now["fluxframe/_pages.py"]
    assert run(tmp_path, "--update")[1][0] == "edited: _pages.py"
    assert file.read_text() == "mine"
    assert run(tmp_path, "--update", "--force")[0] == 0
    assert not file.exists()
    assert file.with_name("_pages.py.orig").read_text() == "mine"


def test_a_file_that_both_have_deleted(now: dict[str, bytes], run: Run, tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "_fluxframe" / "_pages.py").unlink()
    del now["fluxframe/_pages.py"]
    assert run(tmp_path, "--update")[0] == 0
    assert run(tmp_path, "--check")[0] == 0


def test_an_edit_that_was_taken_up_is_in_no_ones_way(
    now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path)
    now["fluxframe/types.py"] += b"# mended"
    now["fluxframe/_new.py"] = b"# mine"
    (tmp_path / "_fluxframe" / "types.py").write_bytes(now["fluxframe/types.py"])
    (tmp_path / "_fluxframe" / "_new.py").write_bytes(b"# mine")
    assert run(tmp_path, "--update")[0] == 0
    assert run(tmp_path, "--check")[0] == 0


@pytest.mark.parametrize(
    ("added", "new"),
    [("_new.py", "_new.py"), ("_new", "_new/x.py"), ("_new.py/x", "_new.py")],
    ids=["a file", "a folder is wanted", "a folder is there"],
)
def test_a_file_of_others_that_a_new_one_would_replace(
    added: str, new: str, now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path)
    file = tmp_path / "_fluxframe" / added
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")
    now[f"fluxframe/{new}"] = b""
    status, said = run(tmp_path, "--update")
    assert (status, said[0]) == (1, f"added: {added}")
    assert file.read_text() == "mine"
    assert run(tmp_path, "--update", "--force")[0] == 0
    kept = f"{added.replace('/', '_')}.orig"
    assert (tmp_path / "_fluxframe" / kept).read_text() == "mine"
    assert run(tmp_path, "--check") == (1, [f"added: {kept}"])


def test_a_first_copy_takes_no_place_that_is_taken(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "_fluxframe"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "types.py").write_text("mine")
    before = contents(tmp_path)
    status, (said,) = run(tmp_path)
    assert status == 1
    assert said.startswith(f"{folder} holds files, and no lock says that they are a copy; --force")
    assert contents(tmp_path) == before
    status, lines = run(tmp_path, "--force")
    assert status == 0
    assert "changed: types.py" in lines
    assert "kept, not of the copy: notes.txt" in lines
    assert (folder / "types.py.orig").read_text() == "mine"
    assert run(tmp_path, "--check") == (1, ["added: notes.txt", "added: types.py.orig"])


def test_a_first_copy_goes_into_an_empty_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "_fluxframe" / "__pycache__").mkdir(parents=True)
    assert run(tmp_path)[0] == 0
    assert run(tmp_path, "--check")[0] == 0


@pytest.mark.parametrize("edited", [True, False])
@pytest.mark.parametrize("force", [True, False])
def test_a_second_first_copy(edited: bool, force: bool, run: Run, tmp_path: Path) -> None:
    run(tmp_path)
    if edited:
        edit(tmp_path / "_fluxframe")
    before = contents(tmp_path)
    status, (said,) = run(tmp_path, *["--force"] * force, "--with", "cli")
    assert status == 1
    assert "is there already" in said
    assert "use --update" in said
    assert contents(tmp_path) == before


@pytest.mark.parametrize("checkout", ["crlf", "lf again"])
def test_ends_of_lines_that_a_checkout_changed_are_not_edits(
    checkout: str, now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path)
    folder = tmp_path / "_fluxframe"
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(tmp_path, "--check")[0] == 0
    status, said = run(tmp_path, "--update")
    assert (status, len(said)) == (0, 1)
    assert b"\r\n" in (folder / "types.py").read_bytes(), "what is right is not written again"
    if checkout == "lf again":
        for path in folder.rglob("*.py"):
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    (folder / "types.py").write_bytes((folder / "types.py").read_bytes() + b"# mine")
    assert run(tmp_path, "--check") == (1, ["edited: types.py"])


def test_the_generators_own_checkout_may_end_lines_otherwise() -> None:
    """The spec's digest and the hashes of a copy are the same on any machine."""
    spec = {"a.yaml": b"a: 1\nb: 2\n"}
    emitted = {"fluxframe/_version.py": b'__version__ = "1.0"\nx = 1\n'}
    turned = [{k: v.replace(b"\n", b"\r\n") for k, v in files.items()} for files in (emitted, spec)]
    one = vendor.make(emitted, spec, "f", ("client",)).lock
    assert vendor.make(turned[0], turned[1], "f", ("client",)).lock == one


def test_no_edit_is_written_over_without_a_copy(
    now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    """Not even the copy of an earlier one."""
    run(tmp_path)
    file = tmp_path / "_fluxframe" / "types.py"
    for number, name in enumerate(["types.py.orig", "types.py.orig2", "types.py.orig3"]):
        file.write_text(f"mine {number}")
        status, said = run(tmp_path, "--update", "--force")
        assert status == 0
        assert f"edited: types.py, and kept as {name}" in said
    kept = sorted(path.read_text() for path in file.parent.glob("types.py.orig*"))
    assert kept == ["mine 0", "mine 1", "mine 2"]


def test_a_copy_with_a_repository_in_it_keeps_it(
    now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path)
    folder = tmp_path / "_fluxframe"
    (folder / ".git" / "refs").mkdir(parents=True)
    (folder / "own" / "empty").mkdir(parents=True)
    (folder / "own" / "run.sh").touch(0o751)
    before = {path: path.stat().st_ino for path in (folder / ".git", folder / ".git" / "refs")}
    mode = (folder / "own" / "run.sh").stat().st_mode
    move_on(now)
    assert run(tmp_path, "--update")[0] == 0
    assert {path: path.stat().st_ino for path in before} == before
    assert (folder / "own" / "empty").is_dir()
    assert (folder / "own" / "run.sh").stat().st_mode == mode


# Whole or not at all


def failing_at(call: int, function: Callable[..., Any], calls: list[object]) -> Callable[..., Any]:
    """The function, failing as on a full disk at its n-th call and working otherwise."""

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        calls.append(args[0])
        if len(calls) == call:
            raise OSError(28, "No space left on device", str(args[0]))
        return function(*args, **kwargs)

    return wrapper


def some_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What has moved on, and one file of each folder, as each step of each is made to fail."""
    by_folder = {path.rpartition("/")[0]: path for path in files}
    kept = {*by_folder.values(), *(f"fluxframe/{name}" for name in MOVED)}
    return {path: data for path, data in files.items() if path in kept}


@pytest.mark.parametrize("name", ["mkdir", "read_bytes", "rename", "write_bytes"])
@pytest.mark.parametrize("first", [True, False], ids=["first copy", "refresh"])
def test_a_failure_leaves_the_old_tree_or_the_new_one(
    first: bool, name: str, emitted: Mapping[str, bytes], tmp_path: Path
) -> None:
    """Whichever step fails; the folders around it are as they were too."""
    later = dict(emitted)
    move_on(later)
    old = vendor.make(some_of(emitted), {}, "acme.http._f", ("client",))
    new = vendor.make(some_of(later), {}, "acme.http._f", ("client", "emulator"))
    root, model, base = tmp_path / "root", tmp_path / "model", "acme/http/_f"
    model.mkdir()
    if not first:
        vendor.write(model / base, old, None)
        (model / base / "own").mkdir()
        (model / base / "own" / "notes.txt").write_text("mine")
    before = contents(model)
    after: dict[str, bytes | str] = {f"{base}/{path}": data for path, data in new.files.items()}
    after[f"{base}/{vendor.LOCK}"] = new.lock.data()
    after |= {path: data for path, data in before.items() if path.endswith("notes.txt")}
    call = 0
    for call in itertools.count(1):
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(model, root)
        calls: list[object] = []
        error = None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, name, failing_at(call, getattr(Path, name), calls))
            try:
                vendor.write(root / base, new, None if first else old.lock)
            except OSError as caught:
                error = caught
        assert contents(root) == (before if error else after)
        if len(calls) < call:  # All have had their turn.
            break
        assert error
        assert folders(root) == folders(model)
    assert call > {"mkdir": 3, "read_bytes": 0, "rename": 1, "write_bytes": 3}[name]


@pytest.mark.parametrize("call", [1, 2])
def test_a_run_that_was_killed_is_made_good_by_the_next(
    call: int,
    now: dict[str, bytes],
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As after a power cut: nothing that is done on an error has been done."""
    run(tmp_path)
    folder = tmp_path / "_fluxframe"
    (folder / "notes.txt").write_text("mine")
    move_on(now)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", failing_at(call, Path.rename, []))
        patch.setattr(tree, "recover", lambda root: None)
        assert run(tmp_path, "--update")[0] == 1
    assert (folder / tree.RUN).is_dir()
    assert run(tmp_path, "--update")[0] == 0
    assert not (folder / tree.RUN).exists()
    assert [path.name for path in tmp_path.iterdir()] == ["_fluxframe"]
    assert run(tmp_path, "--check") == (1, ["added: notes.txt"])


# What can't be done


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        ("", "`` is not an identifier"),
        (".acme", "`` is not an identifier"),
        ("acme..x", "`` is not an identifier"),
        ("acme.2x", "`2x` is not an identifier"),
        ("acme-http", "`acme-http` is not an identifier"),
        ("acme/http", "`acme/http` is not an identifier"),
        ("..", "`` is not an identifier"),
        ("acme.class.x", "`class` is a keyword"),
        ("None", "`None` is a keyword"),
    ],
)
@pytest.mark.parametrize("mode", [[], ["--check"], ["--update"]])
def test_a_name_that_is_none(
    mode: list[str], package: str, reason: str, run: Run, tmp_path: Path
) -> None:
    said = run(tmp_path, "--package", package, *mode)
    assert said == (1, [f"`{package}` can't be imported: {reason}"])
    assert not list(tmp_path.iterdir())


def test_a_part_that_is_none(run: Run, tmp_path: Path) -> None:
    said = run(tmp_path, "--with", "emulater,cli")
    assert said == (1, ["there is no part `emulater`; did you mean `emulator`?"])
    assert not list(tmp_path.iterdir())


def test_a_check_takes_no_parts(run: Run, tmp_path: Path) -> None:
    run(tmp_path)
    said = run(tmp_path, "--check", "--with", "cli")
    assert said == (1, ["--check takes the parts from the lock; leave out --with"])


@pytest.mark.parametrize("file", ["project", "project/acme", "project/acme/_f", "."])
@pytest.mark.parametrize("mode", [[], ["--force"], ["--check"], ["--update"]])
def test_a_file_in_the_way(mode: list[str], file: str, run: Run, tmp_path: Path) -> None:
    base = tmp_path / "base"
    (base / file).parent.mkdir(parents=True, exist_ok=True)
    (base / file).write_text("mine")
    said = run(base / "project", "--package", "acme._f", *mode)
    assert said == (1, [f"{base / file} is a file, and a folder is needed there"])
    assert (base / file).read_text() == "mine"


def test_a_place_that_is_not_writable(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mkdir(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", mkdir)
    status, (said,) = run(tmp_path)
    assert status == 1
    assert said.startswith(str(tmp_path))
    assert said.endswith(": Permission denied")


@pytest.mark.parametrize("link", ["acme", "acme/http", "acme/http/_f"])
@pytest.mark.parametrize("there", [True, False], ids=["leads", "dangles"])
@pytest.mark.parametrize("mode", [[], ["--force"], ["--check"], ["--update"]])
def test_a_link_is_not_followed(
    mode: list[str], there: bool, link: str, run: Run, tmp_path: Path
) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    if there:
        elsewhere.mkdir()
        (elsewhere / "mine.txt").write_text("mine")
    (project / link).parent.mkdir(parents=True)
    (project / link).symlink_to(elsewhere)
    before = contents(tmp_path)
    said = run(project, "--package", "acme.http._f", *mode)
    assert said == (1, [f"{project / link} is a link, and a copy is not written through links"])
    assert contents(tmp_path) == before


def test_a_project_may_itself_be_a_link(run: Run, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "project")
    assert run(tmp_path / "link")[0] == 0
    assert run(tmp_path / "project", "--check")[0] == 0


@pytest.mark.parametrize("name", ["types.py", "emulator", "own"])
def test_a_copy_with_links_is_not_refreshed(
    name: str, now: dict[str, bytes], run: Run, tmp_path: Path
) -> None:
    run(tmp_path, "--with", "emulator")
    link = tmp_path / "_fluxframe" / name
    if link.exists():
        link.rename(tmp_path / name)
    link.symlink_to(tmp_path / name)
    move_on(now)
    before = contents(tmp_path)
    said = run(tmp_path, "--update", "--force")
    assert said == (1, [f"{link} is a link, or is not a file; remove it first"])
    assert contents(tmp_path) == before


# What a copy can do


def python(code: str, *paths: Path, blocked: bool = True) -> list[str]:
    """Run code in a process of its own, where `fluxframe` can't be imported; gives what it prints."""
    prelude = f"""
        import sys
        sys.path[:0] = {[str(path) for path in paths]}

        class Blocked:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] == "fluxframe":
                    raise ImportError(f"{{name}} is out of reach")

        def of(kind):  # The package of a class, whichever of its modules that gives as its own.
            return ".".join(kind.__module__.split(".")[:2])

        if {blocked}:
            sys.meta_path.insert(0, Blocked())
    """
    text = textwrap.dedent(prelude) + textwrap.dedent(code)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("APIFRAME_")}
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-X", "utf8", "-W", "error", "-c", text],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def acme(run: Run, root: Path, *arguments: str, name: str = "acme") -> Path:
    """A project with a package of its own that holds a copy, and code that uses it."""
    package = root / name
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "use.py").write_text(
        textwrap.dedent("""
            from ._fluxframe import AsyncFluxframe, Fluxframe

            def advised(client: Fluxframe) -> object:
                return client.images.generate(model="flux-2-pro", prompt="a fox", width=512)

            async def advised_async(client: AsyncFluxframe) -> object:
                return await client.images.generate(model="flux-2-pro", prompt="a", width=512)
        """)
    )
    assert run(root, "--package", f"{name}._fluxframe", *arguments)[0] == 0
    return root


def test_a_copy_of_the_client_works_alone(run: Run, tmp_path: Path) -> None:
    """No emulator, no command line, and no package `fluxframe`."""
    said = python(
        """
        try:
            import fluxframe
        except ImportError as error:
            print(error)
        import acme._fluxframe as package
        from acme._fluxframe import Fluxframe, InvalidRequestError, check, models, types

        places = {getattr(getattr(package, name), "__module__", "acme._fluxframe")
                  for name in package.__all__}
        print(sorted(place for place in places if not place.startswith("acme._fluxframe")))
        print(models["flux-2-pro"].parameters["width"].maximum)
        print(of(types.Flux2Pro))
        request = {"model": "flux-2-pro", "prompt": "a", "fluxParams": {"width": 2049}}
        print(check(request).problems[0])
        with Fluxframe(api_key="afk_x") as client:
            print(repr(client))
            try:
                client.images.generate(model="flux-2-pro", prompt="a", width=2049)
            except InvalidRequestError as error:
                print(f"{of(type(error))}: {error}")
        print([name for name in sys.modules if name.startswith("fluxframe")])
        """,
        acme(run, tmp_path),
    )
    message = "width: 2049 is above the maximum of 2048 px for flux-2-pro"
    assert said == [
        "fluxframe is out of reach",
        "[]",
        "2048",
        "acme._fluxframe",
        message,
        "<Fluxframe https://api.apiframe.ai>",
        f"acme._fluxframe: {message}",
        "[]",
    ]


def test_a_copy_with_the_emulator_goes_the_whole_way(run: Run, tmp_path: Path) -> None:
    """From a request to a picture, and warnings point at the line of the project."""
    said = python(
        f"""
        import asyncio, pathlib, warnings
        from acme import use
        from acme._fluxframe import BadRequestError, RequestWarning
        from acme._fluxframe.emulator import Emulator

        with Emulator(job_seconds=0) as emulator, emulator.client() as client:
            job = client.images.generate(model="flux-2-pro", prompt="a", output_format="png")
            path = job.wait(interval=0.01).images[0].save({str(tmp_path / "fox.png")!r})
            print(path.read_bytes()[:4])
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always", RequestWarning)
                use.advised(client)

                async def later():
                    async with emulator.async_client() as other:
                        await use.advised_async(other)

                asyncio.run(later())
            for warning in caught:
                line = pathlib.Path(warning.filename).read_text().splitlines()[warning.lineno - 1]
                print(of(warning.category), "await" in line, "width=512" in line)
            try:
                client.images.generate(
                    dict(model="flux-2-pro", prompt="a", width=1), validation="off"
                )
            except BadRequestError as error:
                print(of(type(error)))
        """,
        acme(run, tmp_path, "--with", "emulator"),
    )
    assert said == [
        r"b'\x89PNG'",
        "acme._fluxframe False True",
        "acme._fluxframe True True",
        "acme._fluxframe",
    ]


def test_a_copy_with_the_cli_runs_as_a_module(run: Run, tmp_path: Path) -> None:
    said = python(
        f"""
        import runpy
        sys.argv[1:] = ["demo", "--job-seconds", "0", "--out", {str(tmp_path / "pictures")!r}]
        runpy.run_module("acme._fluxframe", run_name="__main__", alter_sys=True)
        """,
        acme(run, tmp_path, "--with", "cli"),
    )
    assert "images are as requested" in " ".join(said)
    assert (tmp_path / "pictures" / "contact-sheet.jpg").is_file()


def test_a_copy_beside_another_version_of_the_package(run: Run, tmp_path: Path) -> None:
    """An installed one, found first, is not what the copy uses, nor the other way round."""
    installed = tmp_path / "installed" / "fluxframe"
    installed.mkdir(parents=True)
    (installed / "__init__.py").write_text(
        '__version__ = "9.9.9"\nclass NotFoundError(Exception): pass\n'
    )
    said = python(
        """
        import pickle, fluxframe
        from acme import _fluxframe as copy

        print(fluxframe.__version__, copy.__version__)
        error = copy.NotFoundError("gone", status=404, request_id="r")
        other = fluxframe.NotFoundError("gone")
        again = pickle.loads(pickle.dumps(error))
        print(type(again) is copy.NotFoundError, again, again.status, again.request_id)
        print(isinstance(again, fluxframe.NotFoundError), isinstance(other, copy.NotFoundError))
        print(sorted(name for name in sys.modules if name.startswith("fluxframe")))
        """,
        tmp_path / "installed",
        acme(run, tmp_path / "project"),
        blocked=False,
    )
    version = lock_of(tmp_path / "project" / "acme" / "_fluxframe")["version"]
    assert said == [f"9.9.9 {version}", "True gone 404 r", "False False", "['fluxframe']"]


def test_two_copies_in_one_process(run: Run, tmp_path: Path) -> None:
    """Each has its own classes, data and warnings; they meet over HTTP only."""
    acme(run, tmp_path, "--with", "emulator")
    acme(run, tmp_path, name="zeta")
    said = python(
        """
        import warnings
        from acme import _fluxframe as one, use as use_one
        from zeta import _fluxframe as two, use as use_two
        from acme._fluxframe.emulator import Emulator

        lazy = [name for name in one.__all__ if name != "__version__"]
        print([name for name in lazy if getattr(one, name) is getattr(two, name)])
        print(isinstance(two.ConfigurationError("x"), one.FluxframeError))
        request = {"model": "flux-2-pro", "prompt": "a", "fluxParams": {"width": 2049}}
        with Emulator(job_seconds=0) as emulator:
            client = two.Fluxframe(api_key="afk_x", base_url=emulator.url)
            with emulator.client() as own, client, warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                warnings.simplefilter("ignore", one.RequestWarning)
                use_one.advised(own)
                use_two.advised(client)
                print(*(of(warning.category) for warning in caught))
                for package, its in ((one, own), (two, client)):
                    try:
                        its.images.generate(request)
                    except package.InvalidRequestError as error:
                        print(of(type(error)))
                    job = its.images.generate(package.types.Flux2Pro(prompt="a"))
                    print(of(type(job.wait(interval=0.01))), job.status)
        """,
        tmp_path,
    )
    assert said == [
        "[]",
        "False",
        "zeta._fluxframe",
        "acme._fluxframe",
        "acme._fluxframe COMPLETED",
        "zeta._fluxframe",
        "zeta._fluxframe COMPLETED",
    ]


def imports(path: str, source: bytes) -> set[str]:
    """What a module imports: files of the copy by their path, all else by its first name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
        elif isinstance(node, ast.ImportFrom):
            above = path.split("/")[: -node.level]
            assert len(path.split("/")) >= node.level, f"{path} imports from above the copy"
            for alias in node.names:
                names = [*above, *(node.module.split(".") if node.module else [alias.name])]
                found.add("./" + "/".join(names))
    return found


def test_a_copy_imports_itself_and_known_packages_only(emitted: Mapping[str, bytes]) -> None:
    """Each part imports no more than the parts that come with it."""
    whole = vendor.make(emitted, {}, "p", vendor.PARTS).files
    names = {f"./{path.removesuffix('.py').removesuffix('/__init__')}": path for path in whole}
    needs = {
        "client": {"client"},
        "emulator": {"client", "emulator"},
        "conformance": {"client", "conformance"},
        "cli": {"client", "emulator", "conformance", "cli"},
    }
    seen: set[str] = set()
    for path, source in whole.items():
        if path.endswith(".py"):
            for name in imports(path, source) - sys.stdlib_module_names:
                if name.startswith("./"):
                    exported = name.removeprefix("./") in fluxframe.__all__
                    above = "__init__.py" if exported else names.get(name.rpartition("/")[0], "")
                    target = names.get(name, above)  # What is no module is a name of the one above.
                    assert target, f"{path} imports {name}"
                    assert part_of(target) in needs[part_of(path)], f"{path} imports {target}"
                else:
                    assert name in THIRD_PARTIES[part_of(path)], f"{path} imports {name}"
                    seen.add(name)
    assert seen == set[str]().union(*THIRD_PARTIES.values()), "the list is no longer than need be"
