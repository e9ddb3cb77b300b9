"""A file that is locked is locked for everyone, as long as it is open, and its content is not touched."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fluxframe import _locks
from fluxframe._locks import lock, wait_for_lock

from .. import windows

windows_locks = pytest.mark.skipif(
    sys.platform != "linux", reason="no locks that are like those of Windows"
)


@pytest.fixture(params=["here", pytest.param("windows", marks=windows_locks)], autouse=True)
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The system whose locks are used."""
    if request.param == "windows":
        windows.pretend(monkeypatch, _locks)
    return str(request.param)


@pytest.mark.parametrize("mode", ["ab", "a+b", "r+b", "rb"])
def test_one_has_it_until_the_file_is_closed(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"a line\n")
    other_name = tmp_path / "other"
    other_name.hardlink_to(path)
    with path.open("r+b") as first:
        assert lock(first)
        with path.open(mode) as second, other_name.open(mode) as third:
            assert not lock(second)
            assert not lock(third)
    with path.open(mode) as second:
        assert lock(second)
    assert path.read_bytes() == b"a line\n"
    assert len([*tmp_path.iterdir()]) == 2  # No file beside it.


def test_what_is_locked_is_read_and_written_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"one\ntwo\n")
    with path.open("r+b", buffering=0) as file, path.open("rb") as reader:
        file.seek(4)
        assert lock(file)
        assert file.tell() == 4
        assert file.write(b"TWO\n3\n") == 6
        assert reader.read() == b"one\nTWO\n3\n"


HOLDER = """
import sys
from pathlib import Path
import pytest
from fluxframe import _locks
from tests import windows
if sys.argv[2] == "windows":
    windows.pretend(pytest.MonkeyPatch(), _locks)
file = Path(sys.argv[1]).open("ab")
print(_locks.lock(file), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(system: str) -> Callable[[Path], subprocess.Popen[str]]:
    """Starts a process that holds the lock of a file."""

    def started(path: Path) -> subprocess.Popen[str]:
        root = Path(_locks.__file__).parents[2]
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, path, system],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": f"{root}:{root / 'generated'}"},
        )
        assert process.stdout
        assert process.stdout.readline() == "True\n"
        return process

    return started


def test_a_process_that_is_killed_has_it_no_longer(
    tmp_path: Path, holder: Callable[[Path], subprocess.Popen[str]]
) -> None:
    path = tmp_path / "journal"
    with holder(path) as process:
        try:
            with path.open("ab") as file:
                assert not lock(file)
                process.kill()
                process.wait()
                assert lock(file)
        finally:
            process.kill()


def test_one_that_waits_has_it_next(
    tmp_path: Path, holder: Callable[[Path], subprocess.Popen[str]]
) -> None:
    path = tmp_path / "journal"
    done = threading.Event()

    def wait() -> None:
        with path.open("a+b") as file:
            wait_for_lock(file)
            done.set()

    with holder(path) as process:
        try:
            thread = threading.Thread(target=wait)
            thread.start()
            assert not done.wait(0.2)
        finally:
            process.kill()
        thread.join()
    assert done.is_set()


def test_a_file_system_without_locks_is_told_only_to_who_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*words: Any) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(windows.Msvcrt, "locking", refused)
    name = "msvcrt.locking" if sys.platform == "win32" else "fcntl.flock"
    monkeypatch.setattr(name, refused)
    with (tmp_path / "journal").open("ab") as file:
        assert lock(file)
        with pytest.raises(OSError, match="Invalid argument"):
            wait_for_lock(file)
