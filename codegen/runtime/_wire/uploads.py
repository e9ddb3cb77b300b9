"""Reads what a caller wants to upload: a path, bytes, or anything with `read`.

It is read whole before it is sent, so that its size is known, and each attempt sends the same: a pipe
tells no size and can be read once, a file that another program writes to changes, and the size of a
compressed file is not that of what is read from it.
"""

from __future__ import annotations

import errno
import inspect
import io
import os
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from .._errors import InvalidRequestError
from .._problems import Problem
from .._redact import excerpt, show
from .calls import File

_CHUNK = 1 << 18


class SupportsRead(Protocol):
    """What bytes can be read from, such as an open file, a pipe, or a member of an archive."""

    def read(self, size: int, /) -> bytes:
        """So many of the next bytes, or fewer; none at the end."""
        ...


class SupportsAsyncRead(Protocol):
    """What bytes can be read from in an event loop, such as a file of anyio or aiofiles."""

    def read(self, size: int, /) -> Awaitable[bytes]:
        """So many of the next bytes, or fewer; none at the end."""
        ...


Bytes: TypeAlias = bytes | bytearray | memoryview
# What can be uploaded: a path, the content itself, or something that it is read from.
FileLike: TypeAlias = str | os.PathLike[str] | Bytes | SupportsRead
AsyncFileLike: TypeAlias = FileLike | SupportsAsyncRead


def file_of(file: FileLike, name: str | None, most: int | None) -> File:
    """The file to send, of at most `most` bytes.

    Raises OSError, and InvalidRequestError for what is not a file.
    """
    with _opened(file, name) as (name, stream):
        content = _Content(file, most)
        _settled(file, _rewound(stream))
        while content.add(_settled(file, content.chunk_of(stream))):
            pass
        return File(name, io.BytesIO(content.whole))


async def async_file_of(file: AsyncFileLike, name: str | None, most: int | None) -> File:
    """The file to send; what is not async is read in a thread, as it may have to be waited for."""
    import asyncio

    with _opened(file, name) as (name, stream):
        content = _Content(file, most)
        if isinstance(stream, io.BytesIO):  # In memory.
            return file_of(stream, name, most)
        await _awaited(file, await asyncio.to_thread(_rewound, stream))
        while content.add(await _awaited(file, await asyncio.to_thread(content.chunk_of, stream))):
            pass
        return File(name, io.BytesIO(content.whole))


class _Content:
    """What was read of a file so far."""

    def __init__(self, file: object, most: int | None) -> None:
        self._file = file
        self._most = most
        self._parts: list[bytes] = []
        self._size = 0
        self._sized = True

    @property
    def whole(self) -> bytes:
        """All of it."""
        return b"".join(self._parts)

    def chunk_of(self, stream: Any) -> Any:
        """What the next `read` returns."""
        with _reading(self._file):
            if self._sized:
                try:
                    return stream.read(_CHUNK)
                except TypeError:  # Some take no size.
                    self._sized = False
            return stream.read()

    def add(self, part: object) -> bool:
        """Add what was read; whether there may be more."""
        if isinstance(part, str):
            raise _wrong(self._file, 'is open for text; open it with mode "rb"')
        if not isinstance(part, Bytes):
            reads = "nothing, and does not wait for more" if part is None else show(part)
            raise _wrong(self._file, f"reads {reads}, expected bytes")
        data = bytes(part)
        self._parts.append(data)
        self._size += len(data)
        if self._most is not None and self._size > self._most:
            raise _wrong(self._file, f"has more than {self._most} bytes, the most of an upload")
        return bool(data) and self._sized


@contextmanager
def _reading(file: object) -> Iterator[None]:
    """What a file raises in reading, in words. An OSError is as clear itself."""
    try:
        yield
    except io.UnsupportedOperation as error:  # An OSError, which does not say of what.
        raise _wrong(file, 'is not open for reading; open it with mode "rb"') from error
    except (OSError, InvalidRequestError):
        raise
    except Exception as error:
        raise _wrong(
            file, f"can't be read: {excerpt(f'{type(error).__name__}: {error}')}"
        ) from error


def _rewound(stream: Any) -> Any:
    """Go to the beginning, as httpx does: who has just written a picture stands at its end."""
    try:
        return stream.seek(0)
    except (OSError, ValueError, AttributeError, TypeError):  # What was read is gone.
        return None


def _settled(file: object, value: Any) -> Any:
    if not inspect.isawaitable(value):
        return value
    if inspect.iscoroutine(value):
        value.close()
    raise _wrong(file, "is an async file; upload it with AsyncFluxframe, or pass what it reads")


async def _awaited(file: object, value: Any) -> Any:
    if not inspect.isawaitable(value):
        return value
    with _reading(file):
        return await value


@contextmanager
def _opened(file: Any, name: str | None) -> Iterator[tuple[str, Any]]:
    """The name of a file, and what to read it from; what was opened here is closed again."""
    name = None if name is None else _named(os.fspath(name))
    if isinstance(file, Bytes):
        yield name or "upload", io.BytesIO(bytes(file))
    elif isinstance(file, str | os.PathLike):
        text = os.fsdecode(file)
        path = Path(text)
        try:
            content = path.open("rb")
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG and text[:5].lower() != "data:":
                raise
            words = "is not the path of a file; to upload content, pass it as bytes"
            raise _wrong(file, words) from None
        except ValueError as error:  # Such as a NUL.
            raise _wrong(file, f"is not a valid path: {error}") from None
        with content:
            yield name or _named(path.name), content
    elif getattr(file, "closed", False) is True:
        raise _wrong(file, "is closed")
    elif isinstance(file, io.TextIOBase):
        raise _wrong(file, 'is open for text; open it with mode "rb"')
    elif callable(getattr(file, "read", None)) and not isinstance(file, type):
        own = getattr(file, "name", None)
        yield name or (_named(Path(own).name) if isinstance(own, str) else "upload"), file
    else:
        raise _wrong(file, "is not a path, bytes or an open file")


def _named(name: str) -> str:
    return name.encode(errors="replace").decode()  # A file system may hold names that are not text.


def _wrong(file: object, words: str) -> InvalidRequestError:
    return InvalidRequestError(
        [
            Problem(
                rule="type",
                path="file",
                parameter="file",
                value=file,
                detail=f"{show(file)} {words}",
            )
        ]
    )
