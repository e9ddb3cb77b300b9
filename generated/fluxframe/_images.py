"""A picture that a job made: fetched from its URL, checked, and saved whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import httpx

from ._errors import ConfigurationError, ResultError, ResultExpiredError
from ._transport import AsyncTransport, Transport, without_query

# How the files of each format begin, and the ending that its name has.
_SIGNATURES = (
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"WEBP", 8, "webp"),
    (b"GIF8", 0, "gif"),
)
_CHUNK = 64 * 1024


def image_format(head: bytes) -> str | None:
    """The format of a picture by its first 12 bytes: jpg, png, webp, gif or None."""
    for signature, offset, name in _SIGNATURES:
        if head[offset:].startswith(signature):
            return name
    return None


class BaseImage:
    """Where a picture is. `url` may be signed, so its query is not shown."""

    def __init__(self, url: str, *, job_id: str, index: int, expired: bool = False) -> None:
        self.url = url
        self.job_id = job_id
        self.index = index
        self.expired = expired

    @property
    def name(self) -> str:
        """A name for its file, without an ending: of the job's id and the picture's number."""
        safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in self.job_id)
        return f"{safe}-{self.index + 1}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {without_query(self.url)}>"

    def _detached(self) -> str:
        return (
            f"the job of {self!r} came without its client, from a copy or another process; ask for it "
            f'with client.jobs.get("{self.job_id}")'
        )

    def _check(self, response: httpx.Response) -> None:
        """Raise for an answer that is no file."""
        status = response.status_code
        if status == 200:
            return
        where = f"picture {self.index + 1} of job {self.job_id}"
        if self.expired or status in (404, 410):
            raise ResultExpiredError(
                f"{where} is gone from the server (status {status}); results are kept for a limited "
                "time, so save them when the job is done"
            )
        raise ResultError(f"{where} can't be had: {without_query(self.url)} answered {status}")

    def _format(self, head: bytes) -> str:
        kind = image_format(head)
        if kind is None:
            shown = head[:24]
            raise ResultError(
                f"{without_query(self.url)} is no picture: it begins with {shown!r}, and a jpg, png, webp "
                "or gif was expected"
            )
        return kind

    def _target(self, path: str | os.PathLike[str], head: bytes) -> Path:
        """The file to write: in a folder, one with a name of our own."""
        kind, target = self._format(head), Path(path)
        return target / f"{self.name}.{kind}" if target.is_dir() else target


class Image(BaseImage):
    """A picture that a job made."""

    def __init__(
        self,
        transport: Transport | None,
        url: str,
        *,
        job_id: str,
        index: int,
        expired: bool = False,
    ) -> None:
        super().__init__(url, job_id=job_id, index=index, expired=expired)
        self._transport = transport

    def _open(self) -> AbstractContextManager[httpx.Response]:
        if self._transport is None:
            raise ConfigurationError(self._detached())
        return self._transport.download(self.url)

    def bytes(self) -> bytes:
        """The file's content.

        Raises ResultError if it can't be had or is no picture, ResultExpiredError if it is gone.
        """
        with self._open() as response:
            self._check(response)
            content = response.read()
        self._format(content[:12])
        return content

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to `path`, or under a name of its own into the folder `path`.

        Returns the file's path. The file is there whole or not at all. Raises as `bytes` does, and
        OSError if the file can't be written.
        """
        with self._open() as response:
            self._check(response)
            chunks = response.iter_bytes(_CHUNK)
            head = next(chunks, b"")
            target = self._target(path, head)
            with _whole_file(target) as file:
                file.write(head)
                for chunk in chunks:
                    file.write(chunk)
        return target


class AsyncImage(BaseImage):
    """A picture that a job made."""

    def __init__(
        self,
        transport: AsyncTransport | None,
        url: str,
        *,
        job_id: str,
        index: int,
        expired: bool = False,
    ) -> None:
        super().__init__(url, job_id=job_id, index=index, expired=expired)
        self._transport = transport

    def _open(self) -> AbstractAsyncContextManager[httpx.Response]:
        if self._transport is None:
            raise ConfigurationError(self._detached())
        return self._transport.download(self.url)

    async def bytes(self) -> bytes:
        """The file's content.

        Raises ResultError if it can't be had or is no picture, ResultExpiredError if it is gone.
        """
        async with self._open() as response:
            self._check(response)
            content = await response.aread()
        self._format(content[:12])
        return content

    async def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to `path`, or under a name of its own into the folder `path`.

        Returns the file's path. The file is there whole or not at all. Raises as `bytes` does, and
        OSError if the file can't be written.
        """
        async with self._open() as response:
            self._check(response)
            chunks = response.aiter_bytes(_CHUNK)
            head = await anext(chunks, b"")
            target = self._target(path, head)
            with _whole_file(target) as file:
                file.write(head)
                async for chunk in chunks:
                    file.write(chunk)
        return target


@contextmanager
def _whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A file that takes its place only once it is written to the end."""
    part = target.parent / f".{uuid.uuid4().hex}.part"
    try:
        with part.open("xb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
