"""Where images are saved to: what is there keeps what it is, and nothing is lost or left behind."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fluxframe
from fluxframe import AsyncFluxframe, Fluxframe, ResultError, ResultWarning, _saving
from fluxframe._results import AsyncImage, Image
from fluxframe._saving import part_of

from .. import windows

PICTURES = {
    "jpg": b"\xff\xd8\xff\xe0 a picture",
    "png": b"\x89PNG\r\n\x1a\n a picture",
    "webp": b"RIFF1234WEBP a picture",
    "gif": b"GIF89a a picture",
}
JPEG = PICTURES["jpg"]
posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and modes of POSIX")


@pytest.fixture(params=["sync", "async"])
def save(request: pytest.FixtureRequest) -> Callable[..., Path]:
    """Saves an image of some content at a path, number `index` of its job."""

    def saved(path: str | Path, content: bytes = JPEG, index: int = 0) -> Path:
        wire = httpx.MockTransport(lambda request: httpx.Response(200, content=content))
        known: Any = {"job_id": "job", "index": index}
        if request.param == "sync":
            with httpx.Client(transport=wire) as http:
                client = Fluxframe(api_key="afk_x", http_client=http)
                return Image(client._transport, "https://a.test/x", **known).save(path)

        async def run() -> Path:
            async with httpx.AsyncClient(transport=wire) as http:
                client = AsyncFluxframe(api_key="afk_x", http_client=http)
                return await AsyncImage(client._transport, "https://a.test/x", **known).save(path)

        return asyncio.run(run())

    return saved


@pytest.mark.parametrize("name", ["pictures/", "a/b/pictures/"])
def test_a_path_with_a_slash_at_its_end_is_a_folder(
    save: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    found = [save(f"{tmp_path}/{name}", index=index) for index in (0, 1)]
    assert found == [tmp_path / name / f"job-{n}.jpg" for n in (1, 2)]
    assert all(path.read_bytes() == JPEG for path in found)


def test_a_folder_that_is_a_file_is_refused(save: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for path in ("", f"{tmp_path}/file/", tmp_path / "file" / "x.jpg", tmp_path / "none" / "x.jpg"):
        with pytest.raises(OSError, match=r"file|none|''"):
            save(path)
    assert (tmp_path / "file").read_text() == "mine"


@posix
@pytest.mark.parametrize("there", [True, False], ids=["there", "dangling"])
@pytest.mark.parametrize("name", ["car.jpg", "one/two/car.jpg"])
def test_a_link_is_followed(
    save: Callable[..., Path], tmp_path: Path, name: str, there: bool
) -> None:
    link, place = tmp_path / "links" / "link.jpg", tmp_path / name
    link.parent.mkdir()
    place.parent.mkdir(parents=True, exist_ok=True)
    if there:
        place.write_bytes(b"old")
    link.symlink_to(os.path.relpath(place, link.parent))
    assert save(link) == link
    assert link.is_symlink()
    assert place.read_bytes() == JPEG
    assert [path.name for path in place.parent.iterdir() if path.is_file()] == [place.name]
    assert list(link.parent.iterdir()) == [link]


@posix
def test_a_link_in_a_folder_and_one_that_leads_nowhere(
    save: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "job-1.jpg").symlink_to(tmp_path / "car.jpg")
    save(tmp_path / "out")
    assert (tmp_path / "out" / "job-1.jpg").is_symlink()
    assert (tmp_path / "car.jpg").read_bytes() == JPEG
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match="loop"):
        save(tmp_path / "loop")


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_a_file_keeps_its_mode(save: Callable[..., Path], tmp_path: Path, mode: int) -> None:
    path = tmp_path / "car.jpg"
    path.touch()
    path.chmod(mode)
    save(path)
    assert path.read_bytes() == JPEG
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
@pytest.mark.parametrize("name", ["car.jpg", "", "new/", "link"])
def test_a_new_file_has_the_mode_of_any_other(
    save: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    (tmp_path / "other").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    saved = save(f"{tmp_path}/{name}")
    assert saved.stat().st_mode == (tmp_path / "other").stat().st_mode
    assert not saved.is_symlink()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="not root")
def test_a_file_keeps_its_owner(save: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "car.jpg"
    path.touch()
    os.chown(path, 12345, 54321)
    found = save(path).stat()
    assert (found.st_uid, found.st_gid) == (12345, 54321)


@posix
def test_a_file_that_may_not_be_written_to_is_not_replaced(
    save: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "car.jpg"
    path.write_bytes(b"mine")
    path.chmod(0o444)
    if os.geteuid() == 0:  # Who may write to all.
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match=r"car\.jpg"):
        save(path)
    assert path.read_bytes() == b"mine"


@posix
def test_a_pipe_and_a_device_are_written_to(save: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    content = JPEG * 10_000
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    save(path, content)
    reader.join()
    assert read == [content]
    assert path.is_fifo()
    device = Path(os.devnull)
    if os.geteuid() == 0:  # Who could replace that of the machine.
        device = tmp_path / "device"
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    link = tmp_path / "null"
    link.symlink_to(device)
    for each in (device, link):
        save(each)
        assert stat.S_ISCHR(each.stat().st_mode)
    assert {each.name for each in tmp_path.iterdir()} - {"device"} == {"pipe", "null"}


@posix
def test_a_link_into_another_file_system_is_followed(
    save: Callable[..., Path], tmp_path: Path
) -> None:
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no other file system")
    place = shared / f"fluxframe-{os.getpid()}"
    place.mkdir()
    try:
        (tmp_path / "job-1.jpg").symlink_to(place / "car.jpg")
        save(tmp_path)
        assert (place / "car.jpg").read_bytes() == JPEG
    finally:
        shutil.rmtree(place)


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize(
    "name", ["x.jpg", "x.JPEG", "x.png", "x.webp", "x.gif", "x.tif", "x", "x.v2"]
)
def test_a_name_of_another_format_is_warned_of(
    save: Callable[..., Path], tmp_path: Path, kind: str, name: str
) -> None:
    said = name.lower().partition(".")[2].replace("jpeg", "jpg")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        path = save(tmp_path / name, PICTURES[kind])
    assert path.read_bytes() == PICTURES[kind]
    assert [each.category for each in caught] == [ResultWarning] * (said not in (kind, "", "v2"))
    for each in caught:
        assert f"the image is {kind}" in str(each.message)
        assert each.filename == __file__


RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


@given(
    job=st.one_of(st.text(), st.sampled_from(["CON", "nul", "a:b", "C:", "..", "x.", "x ", "é"]))
)
@pytest.mark.parametrize("prefix", ["", "000042-"])
def test_a_name_that_comes_from_outside_is_one_on_every_system(prefix: str, job: str) -> None:
    image = Image(None, "https://a.test/x", job_id=job, index=0)
    name = f"{prefix}{image.name}.jpg"
    assert re.fullmatch(r"[\w-]+\.jpg", name, re.ASCII)
    assert not RESERVED.match(name)
    assert len(name) < 150
    folder = PureWindowsPath("C:\\pictures")
    assert (folder / name).parent == folder
    assert (folder / name).name == name


# What is left behind.


KILLED = """
import sys, time
from pathlib import Path
from fluxframe._saving import part_of
with part_of(Path(sys.argv[1])) as part:
    part.file.write(b"x")
    part.file.flush()
    print("written", flush=True)
    time.sleep(60)
"""


@posix
def test_what_killed_processes_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(fluxframe.__file__).parents[1])}
    command = [sys.executable, "-c", KILLED, str(tmp_path / "car.jpg")]
    mine = [tmp_path / name for name in (".fluxframe-mine.part", ".x.part", "fluxframe.part")]
    for path in mine:
        path.touch()
    children = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "written\n"
        children[0].send_signal(signal.SIGKILL)
        children[0].wait()
        left = sorted(set(tmp_path.iterdir()) - set(mine))
        assert len(left) == 2
        for path in (*left, *mine):
            os.utime(path, (0, 0))
        with part_of(tmp_path / "car.jpg"):
            assert len({*tmp_path.iterdir()} & {*left}) == 1  # That of the child that lives.
        assert {*mine} <= {*tmp_path.iterdir()}
    finally:
        for child in children:
            child.kill()
            child.communicate()


@posix
@pytest.mark.parametrize("locks", ["of NFS", "none"])
def test_what_another_machine_is_writing_is_not_taken_for_left(
    locks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NFS locks only what is open for writing; where there are no locks, only a day can tell."""
    import fcntl

    flock = fcntl.flock

    def refused(number: int, how: int) -> None:
        mode = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE
        if locks == "none" or mode == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        flock(number, how)

    monkeypatch.setattr("fcntl.flock", refused)
    with part_of(tmp_path / "car.jpg") as part:
        part.file.write(JPEG)
        (name,) = tmp_path.iterdir()
        an_hour_ago = time.time() - 3600
        os.utime(name, (an_hour_ago, an_hour_ago))
        _saving._swept.discard(tmp_path)
        _saving.sweep(tmp_path)
        part.finish()
    assert (tmp_path / "car.jpg").read_bytes() == JPEG
    left = tmp_path / name.name
    left.touch()
    os.utime(left, (0, 0))
    _saving._swept.discard(tmp_path)
    _saving.sweep(tmp_path)
    assert not left.exists()


def test_content_in_the_place_of_a_path_is_not_repeated(save: Callable[..., Path]) -> None:
    with pytest.raises(ResultError, match="is not a path") as caught:
        save("afk_" * 500_000)
    assert len(str(caught.value)) < 300


# A file that another program has open, which Windows does not let go.


def held(patch: pytest.MonkeyPatch, times: float) -> list[float]:
    """Have a file be open elsewhere, until it was to be replaced so often; returns the pauses."""
    replace, pauses, left = Path.replace, list[float](), [times]

    def refused(name: Path, place: str) -> Path:
        left[0] -= 1
        if left[0] >= 0:
            raise PermissionError(13, "Permission denied", str(name), None, place)
        return replace(name, place)

    windows.pretend(patch, _saving)
    patch.setattr(Path, "replace", refused)
    patch.setattr(_saving, "time", windows.like(time, sleep=pauses.append))
    return pauses


@pytest.mark.parametrize("times", [0, 1, 6])
def test_a_file_that_a_scanner_has_open_for_a_moment_is_replaced(
    save: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    path = tmp_path / "car.jpg"
    path.write_bytes(b"old")
    pauses = held(monkeypatch, times)
    save(path)
    assert path.read_bytes() == JPEG
    assert len(pauses) == times
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_that_stays_open_elsewhere_is_told_and_kept(
    save: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "car.jpg"
    path.write_bytes(b"old")
    pauses = held(monkeypatch, float("inf"))
    with pytest.raises(PermissionError) as caught:
        save(path)
    assert (caught.value.filename, caught.value.filename2) == (str(path), None)
    assert 0.5 < sum(pauses) < 1
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]
