"""Opens what a caller wants to upload: a path, bytes, or an open file."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .._errors import InvalidRequestError
from .._problems import Problem
from .._redact import show
from .calls import File


@contextmanager
def opened(file: str | Path | bytes | IO[bytes], name: str | None) -> Iterator[File]:
    """The file to send; one that was opened here is closed again.

    Raises OSError, and InvalidRequestError for what is not a file.
    """
    name = None if name is None else _named(os.fspath(name))
    if isinstance(file, bytes | bytearray | memoryview):
        yield File(name or "upload", bytes(file))
    elif isinstance(file, str | Path):
        path = Path(file)
        try:
            content = path.open("rb")
        except ValueError as error:  # Such as a NUL.
            raise _wrong(file, f"is not a valid path: {error}") from None
        with content:
            yield File(name or _named(path.name), content)
    elif getattr(file, "closed", False):
        raise _wrong(file, "is closed")
    elif isinstance(file, io.TextIOBase):
        raise _wrong(file, 'is open for text; open it with mode "rb"')
    elif callable(getattr(file, "read", None)):
        own = getattr(file, "name", None)
        yield File(name or (_named(Path(own).name) if isinstance(own, str) else "upload"), file)
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
