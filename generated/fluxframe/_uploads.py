"""Opens what a caller wants to upload: a path, bytes, or an open file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ._transport import File


@contextmanager
def opened(file: str | Path | bytes | IO[bytes], name: str | None) -> Iterator[File]:
    """The file to send; one that was opened here is closed again. Raises OSError."""
    if isinstance(file, bytes | bytearray | memoryview):
        yield File(name or "upload", bytes(file))
    elif isinstance(file, str | Path):
        path = Path(file)
        with path.open("rb") as content:
            yield File(name or path.name, content)
    else:
        own = getattr(file, "name", None)
        yield File(name or (Path(own).name if isinstance(own, str) else "upload"), file)
