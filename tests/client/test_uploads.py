"""What can be uploaded: anything with `read`, once and whole; the rest is refused in words."""

from __future__ import annotations

import asyncio
import gzip
import io
import mmap
import os
import pathlib
import socket
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from fluxframe import AsyncFluxframe, Fluxframe, InvalidRequestError
from fluxframe._catalog import OPERATIONS
from fluxframe._wire import retry

from ..servers.scripted import Server
from .calls import KEY, Kind, both, call, value_of

DATA = os.urandom(700_000)  # Of several chunks.
MOST = OPERATIONS["uploads.create"].max_bytes or 0


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)


def content_of(body: bytes) -> bytes:
    head, _, rest = body.partition(b"\r\n\r\n")
    return rest[: rest.rindex(b"\r\n" + head.split(b"\r\n")[0])]


def upload(kind: Kind, file: Any, server: Server, **options: Any) -> Any:
    """Uploads it; a coroutine or a function is called in the event loop first."""

    async def run(client: Any) -> Any:
        made = await value_of(file()) if callable(file) else file
        return await value_of(client.uploads.create(made))

    return call(kind, run, base_url=server.url, **options)


class Reads:
    """An object with `read`, and nothing else."""

    def __init__(self, *parts: Any) -> None:
        self._parts = iter(parts)

    def read(self, size: int) -> Any:
        return next(self._parts, b"")


class ReadsAll:
    """As the answers of HTTP libraries read."""

    def read(self) -> bytes:
        return DATA


def later(write: Callable[[], Any]) -> None:
    threading.Thread(target=write, daemon=True).start()


def pipe(stack: ExitStack, path: Path) -> Any:
    reads, writes = os.pipe()

    def write() -> None:
        with open(writes, "wb") as file:  # noqa: PTH123
            file.write(DATA)

    later(write)
    return stack.enter_context(open(reads, "rb"))  # noqa: PTH123


def fifo(stack: ExitStack, path: Path) -> Any:
    os.mkfifo(path.with_name("fifo"))
    later(lambda: path.with_name("fifo").write_bytes(DATA))
    return path.with_name("fifo")


def socket_file(stack: ExitStack, path: Path) -> Any:
    one, two = socket.socketpair()

    def write() -> None:
        with two:
            two.sendall(DATA)

    later(write)
    with one:
        return stack.enter_context(one.makefile("rb"))


def zip_member(stack: ExitStack, path: Path) -> Any:
    with zipfile.ZipFile(path.with_name("a.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/fox.png", DATA)
    archive = stack.enter_context(zipfile.ZipFile(path.with_name("a.zip")))
    return stack.enter_context(archive.open("inner/fox.png"))


def gzip_file(stack: ExitStack, path: Path) -> Any:
    path.with_name("a.gz").write_bytes(gzip.compress(DATA))
    return stack.enter_context(gzip.open(path.with_name("a.gz")))


def at_its_end(stack: ExitStack, path: Path) -> Any:
    file = io.BytesIO()
    file.write(DATA)
    return file


def at_an_offset(stack: ExitStack, path: Path) -> Any:
    file = stack.enter_context(path.open("rb"))
    file.seek(1000)
    return file


def spooled(stack: ExitStack, path: Path) -> Any:
    file = tempfile.SpooledTemporaryFile()  # noqa: SIM115 - closed with the stack
    stack.enter_context(file)
    file.write(DATA)
    return file


def mapped(stack: ExitStack, path: Path) -> Any:
    with path.open("rb") as file:
        return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def command(stack: ExitStack, path: Path) -> Any:
    import subprocess

    code = f"import sys, shutil; shutil.copyfileobj(open({str(path)!r}, 'rb'), sys.stdout.buffer)"
    done = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    return stack.enter_context(done).stdout


GOOD: dict[str, Callable[[ExitStack, Path], Any]] = {
    "path": lambda stack, path: path,
    "text": lambda stack, path: str(path),
    "PurePath": lambda stack, path: pathlib.PurePath(path),
    "bytes": lambda stack, path: DATA,
    "bytearray": lambda stack, path: bytearray(DATA),
    "memoryview": lambda stack, path: memoryview(DATA),
    "open file": lambda stack, path: stack.enter_context(path.open("rb")),
    "unbuffered file": lambda stack, path: stack.enter_context(path.open("rb", buffering=0)),
    "BytesIO": lambda stack, path: io.BytesIO(DATA),
    "a file at its end": at_its_end,
    "a file at an offset": at_an_offset,
    "pipe": pipe,
    "named pipe": fifo,
    "the output of a command": command,
    "socket": socket_file,
    "member of a zip": zip_member,
    "gzip": gzip_file,
    "spooled": spooled,
    "mmap": mapped,
    "an object with read": lambda stack, path: Reads(DATA[:5], DATA[5:]),
    "an object that reads bytearrays": lambda stack, path: Reads(bytearray(DATA)),
    "an object that reads memoryviews": lambda stack, path: Reads(memoryview(DATA)),
    "an object that takes no size": lambda stack, path: ReadsAll(),
}


@both
@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_anything_with_read_is_uploaded_whole(
    make: Callable[[ExitStack, Path], Any], kind: Kind, tmp_path: Path
) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(DATA)
    with ExitStack() as stack, Server() as server:
        upload(kind, make(stack, path), server)
        assert [content_of(request.body) for request in server.requests] == [DATA]


@both
def test_each_attempt_sends_all_of_a_pipe(kind: Kind, tmp_path: Path) -> None:
    """Whatever was read of it before."""
    with ExitStack() as stack, Server() as server:
        port = server.port
        server.stop_listening()

        def listen_again() -> float:
            if not server.requests:
                server.listen_on(port)
            return 0.0

        file = pipe(stack, tmp_path / "x")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(retry, "random", SimpleNamespace(random=listen_again))
            upload(kind, file, server)
        assert [content_of(request.body) for request in server.requests] == [DATA]


def test_an_async_file_is_for_the_async_client(tmp_path: Path) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(DATA)

    async def use(client: Any) -> None:
        async with await anyio.open_file(path, "rb") as file:
            await file.read(10)
            await value_of(client.uploads.create(file))

    with Server() as server:
        call(AsyncFluxframe, use, base_url=server.url)
        assert [content_of(request.body) for request in server.requests] == [DATA]

        async def mistaken() -> None:
            with Fluxframe(api_key=KEY, base_url=server.url) as client:
                async with await anyio.open_file(path, "rb") as file:
                    client.uploads.create(file)  # type: ignore[arg-type]

        with pytest.raises(InvalidRequestError, match="is an async file; upload it with Async"):
            asyncio.run(mistaken())
        assert len(server.requests) == 1


def test_an_async_stream_is_uploaded() -> None:
    async def stream() -> Any:
        reader = asyncio.StreamReader()
        reader.feed_data(DATA)
        reader.feed_eof()
        return reader

    with Server() as server:
        upload(AsyncFluxframe, stream, server)
        assert [content_of(request.body) for request in server.requests] == [DATA]


class Raises:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, size: int) -> bytes:
        raise self._error


def generator() -> Iterator[bytes]:
    yield DATA


def closed_member() -> Any:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a", DATA)
    with zipfile.ZipFile(data) as archive, archive.open("a") as member:
        return member


def cut_gzip() -> Any:
    return gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(DATA)[:-100]))


def endless() -> Any:
    return Reads(*[b"\0" * (1 << 20)] * ((MOST >> 20) + 1))


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "text": (lambda: io.StringIO("fox"), "is open for text"),
    "text by read": (lambda: Reads("fox"), "is open for text"),
    "text after bytes": (lambda: Reads(b"fox", "fox"), "is open for text"),
    "nothing yet": (lambda: Reads(None), "reads nothing, and does not wait"),
    "numbers": (lambda: Reads(5), "reads 5, expected bytes"),
    "lists": (lambda: Reads([b"fox"]), "reads a list of 1, expected bytes"),
    "an error": (lambda: Raises(RuntimeError("no")), "can't be read: RuntimeError: no"),
    "a broken archive": (lambda: Raises(zipfile.BadZipFile("x")), "can't be read: BadZipFile: x"),
    "a type error": (lambda: Raises(TypeError("x" * 10_000)), "can't be read: TypeError: "),
    "cut gzip": (cut_gzip, "can't be read: EOFError"),
    "a closed member": (closed_member, "is closed"),
    "a generator": (generator, "is not a path, bytes or an open file"),
    "a class": (lambda: io.BytesIO, "is not a path, bytes or an open file"),
    "a list": (lambda: [DATA], "is not a path, bytes or an open file"),
    "nothing": (lambda: None, "is not a path, bytes or an open file"),
    "read as a value": (lambda: type("X", (), {"read": DATA})(), "is not a path, bytes"),
    "without an end": (endless, f"has more than {MOST} bytes"),
    "open for writing": (lambda: Raises(io.UnsupportedOperation("read")), "not open for reading"),
    "base64": (lambda: "iVBORw0KGgo" * 100_000, "to upload content, pass it as bytes"),
    "a data: URL": (lambda: "data:image/png;base64,iVBO", "to upload content, pass it as bytes"),
    "a path with a NUL": (lambda: "a\0b", "is not a valid path"),
}


@both
@pytest.mark.parametrize(("make", "words"), BAD.values(), ids=BAD)
def test_what_can_not_be_read_is_refused_in_words_and_not_sent(
    make: Callable[[], Any], words: str, kind: Kind
) -> None:
    with Server() as server:
        with pytest.raises(InvalidRequestError) as caught:
            call(kind, lambda client: client.uploads.create(make()), base_url=server.url)
        assert words in str(caught.value)
        assert len(str(caught.value)) < 400
        assert not server.requests


@both
def test_a_folder_is_told_by_the_system(kind: Kind, tmp_path: Path) -> None:
    with Server() as server, pytest.raises(OSError, match=str(tmp_path)):
        upload(kind, tmp_path, server)


@both
def test_the_limit_is_the_servers_if_the_caller_wants_it(kind: Kind) -> None:
    with Server() as server:
        upload(kind, endless, server, validation="off")
        assert len(server.requests) == 1
