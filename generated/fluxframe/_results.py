# A copy of codegen/runtime/_results.py, where it is edited.
"""An image that a job made: fetched from its URL, checked, and saved completely or not at all."""

from __future__ import annotations

import builtins
import errno
import io
import os
import re
import warnings
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from ._check import stack_level
from ._errors import (
    ConfigurationError,
    FluxframeError,
    ResultError,
    ResultExpiredError,
    ResultWarning,
)
from ._problems import Action, Advice
from ._redact import show, shown, without_key, without_query
from ._saving import Part, part_of
from ._wire.data_urls import data_of, is_data_url, shown_data_url
from ._wire.downloads import HEAD, Download, Gone, afetch, fetch
from ._wire.transport import AsyncTransport, BaseTransport, Transport

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
else:  # For whoever asks for the types of signatures; Pillow need not be installed.
    PillowImage = Any

# An image of 4 megapixels has some 16 MB at most.
MAX_BYTES = 100 * 2**20
# Images of one job; requests ask for a few.
_MOST_IMAGES = 100
# How files of each format begin, and their extension.
_SIGNATURES = (
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"WEBP", 8, "webp"),
    (b"GIF8", 0, "gif"),
)
# Extensions of images, and the formats that they promise.
# Characters; no system has longer paths.
_LONGEST_PATH = 32_768
_FORMATS = {
    **{name: name for name in ("jpg", "png", "webp", "gif", "bmp", "avif", "heic", "jxl")},
    "jpeg": "jpg",
    "jpe": "jpg",
    "jfif": "jpg",
    "tif": "tiff",
    "tiff": "tiff",
    "heif": "heic",
}
_MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}


def image_format(head: bytes) -> str | None:
    """The format of an image by its first 12 bytes: jpg, png, webp, gif or None."""
    for signature, offset, name in _SIGNATURES:
        if head[offset:].startswith(signature):
            return name
    return None


def without_client(
    what: str, id: str, *, action: Literal[Action.GET, Action.LIST] = Action.GET
) -> ConfigurationError:
    """The error when a copy without a client has to ask the server; `id` is the job to ask for."""
    message = f"{what} came without its client, from a copy or another process"
    return ConfigurationError(message, advice=Advice(action, (id,)))


def checked_count(urls: list[str], job_id: str) -> list[str]:
    """The URLs of a job's images. Raises ResultError for more than a job can have made."""
    if len(urls) > _MOST_IMAGES:
        raise ResultError(
            f"job {show(job_id)} has {len(urls)} images, more than the {_MOST_IMAGES} that are fetched; "
            "image_urls has them all"
        )
    return urls


class BaseImage:
    """Where an image is. `url` may be signed, so its query is not shown."""

    def __init__(self, url: str, *, job_id: str, index: int, expired: bool = False) -> None:
        self.url = url
        self.job_id = job_id
        self.index = index
        self.expired = expired

    @property
    def name(self) -> str:
        """A name for its file, without an extension: the job's id and the image's number."""
        safe = re.sub(r"[^0-9A-Za-z_-]|^-", "_", without_key(self.job_id[:100]))
        return f"{safe}-{self.index + 1}"

    @property
    def _shown(self) -> str:
        """What may be shown of the URL."""
        return shown_data_url(self.url) if is_data_url(self.url) else without_query(self.url)

    def __repr__(self) -> str:
        return shown(f"<{type(self).__name__} {self._shown}>")

    def __getstate__(self) -> dict[str, object]:
        """The state without the client: a copy, here or in another process, can't ask the server."""
        return {**self.__dict__, "_transport": None}

    def _gone(self, status: int) -> ResultError:
        """The error for a host that did not return the file."""
        where = f"image {self.index + 1} of job {self.job_id}"
        if self.expired or status in (404, 410):
            return ResultExpiredError(
                f"{where} is gone from the server (status {status}); results are kept for a limited "
                "time, so save them when the job is done"
            )
        return ResultError(
            f"{where} can't be fetched: {self._shown} answered {status}"
            + ("; ask for its job again, the link may be out of date" if status == 403 else "")
        )

    def _download(
        self, transport: BaseTransport | None, sink: IO[builtins.bytes], max_bytes: int
    ) -> Download:
        if transport is None:
            raise without_client(f"{self!r}", self.job_id)
        return Download(transport, self.url, sink, max_bytes=max_bytes, inspect=self._format)

    def _is_read(self, sink: IO[builtins.bytes], max_bytes: int) -> bool:
        """Whether the URL holds the file itself, which is written then."""
        if not is_data_url(self.url):
            return False
        content = data_of(self.url, max_bytes)
        self._format(content[:HEAD])
        sink.write(content)
        return True

    def _embedded(self, content: builtins.bytes) -> str:
        """The image's data, for a notebook."""
        import base64
        import html

        media_type = _MEDIA_TYPES[self._format(content[:HEAD])]
        data = base64.b64encode(content).decode()
        return f'<img src="data:{media_type};base64,{data}" alt="{html.escape(self.name)}">'

    def _format(self, head: bytes) -> str:
        kind = image_format(head)
        if kind is None:
            shown = head[:24]
            raise ResultError(
                f"{self._shown} is not an image: it begins with {shown!r}, and a jpg, png, webp or gif "
                "was expected"
            )
        return kind

    def _part(self, path: str | os.PathLike[str]) -> AbstractContextManager[Part]:
        """The file to write for a path; a folder is made if its path ends with a slash."""
        text, target = os.fspath(path), Path(path)
        if "\0" in text:
            raise ResultError(f"{show(text)} is not a valid path: it contains a NUL character")
        if not text:  # Which pathlib takes for the current folder.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), text)
        if len(text) > _LONGEST_PATH:
            raise ResultError(f"{show(text)} is not a path: it has {len(text)} characters")
        if text.endswith(("/", os.sep)):
            target.mkdir(parents=True, exist_ok=True)
        return part_of(target)

    def _named(self, part: Part, prefix: str) -> str:
        """Complete the path of a file that is written; returns its format."""
        part.file.seek(0)
        kind = self._format(part.file.read(HEAD))
        if part.path.is_dir():
            part.path = part.path / f"{prefix}{self.name}.{kind}"
        return kind


def _saved(path: Path, kind: str) -> Path:
    """The path of a saved image, after a warning if it is named as another format."""
    said = _FORMATS.get(path.suffix.lower().removeprefix("."), kind)
    if said != kind:
        words = f"{show(path.name)} is named as {said}, but the image is {kind}, and saved as it is"
        warnings.warn(words, ResultWarning, stacklevel=stack_level())
    return path


class Image(BaseImage):
    """An image that a job made."""

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

    def bytes(self, *, max_bytes: int = MAX_BYTES) -> builtins.bytes:
        """The file's content.

        Raises ResultError if it can't be fetched, is not an image or has more than `max_bytes`, and
        ResultExpiredError if it is gone.
        """
        sink = io.BytesIO()
        self._fetch(sink, max_bytes)
        return sink.getvalue()

    def save(self, path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> Path:
        """Write the image to `path`, or to a generated file name if `path` is a folder.

        A path that ends with a slash is a folder, which is made if it does not exist. Returns the
        file's path. The file is complete or does not exist, with the mode of the one that it
        replaces; a download that breaks off is resumed, if the host allows it. Raises as `bytes`
        does, and OSError if the file can't be written. Warns (ResultWarning) of an extension of
        another format: the image is saved as it is.
        """
        return self._save(path, max_bytes=max_bytes)

    def _save(
        self, path: str | os.PathLike[str], *, prefix: str = "", max_bytes: int = MAX_BYTES
    ) -> Path:
        """Save the image; in a folder, its name begins with `prefix`."""
        with self._part(path) as part:
            self._fetch(part.file, max_bytes)
            kind = self._named(part, prefix)
            part.finish()
        return _saved(part.path, kind)

    def pil(self) -> PillowImage:
        """The image as a Pillow image, loaded. Raises as `bytes` does."""
        return _pillow(self.bytes())

    def _fetch(self, sink: IO[builtins.bytes], max_bytes: int) -> None:
        if self._is_read(sink, max_bytes):
            return
        download = self._download(self._transport, sink, max_bytes)
        assert self._transport is not None
        try:
            fetch(self._transport, download)
        except Gone as error:
            raise self._gone(error.status) from None

    def _repr_html_(self) -> str:
        """The image's data, for a notebook, which keeps it when its URL has expired."""
        import html

        try:
            return self._embedded(self.bytes())
        except FluxframeError as error:
            return f"<p>{html.escape(repr(self))}: {html.escape(str(error))}</p>"


class AsyncImage(BaseImage):
    """An image that a job made."""

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

    async def bytes(self, *, max_bytes: int = MAX_BYTES) -> builtins.bytes:
        """The file's content.

        Raises ResultError if it can't be fetched, is not an image or has more than `max_bytes`, and
        ResultExpiredError if it is gone.
        """
        sink = io.BytesIO()
        await self._fetch(sink, max_bytes)
        return sink.getvalue()

    async def save(self, path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> Path:
        """Write the image to `path`, or to a generated file name if `path` is a folder.

        A path that ends with a slash is a folder, which is made if it does not exist. Returns the
        file's path. The file is complete or does not exist, with the mode of the one that it
        replaces; a download that breaks off is resumed, if the host allows it. Raises as `bytes`
        does, and OSError if the file can't be written. Warns (ResultWarning) of an extension of
        another format: the image is saved as it is.
        """
        return await self._save(path, max_bytes=max_bytes)

    async def _save(
        self, path: str | os.PathLike[str], *, prefix: str = "", max_bytes: int = MAX_BYTES
    ) -> Path:
        """Save the image; in a folder, its name begins with `prefix`."""
        with self._part(path) as part:
            await self._fetch(part.file, max_bytes)
            kind = self._named(part, prefix)
            if part.is_plain:
                part.finish()
            else:  # Into a pipe it takes as long as its reader does.
                import asyncio

                await asyncio.to_thread(part.finish)
        return _saved(part.path, kind)

    async def pil(self) -> PillowImage:
        """The image as a Pillow image, loaded. Raises as `bytes` does."""
        return _pillow(await self.bytes())

    async def _fetch(self, sink: IO[builtins.bytes], max_bytes: int) -> None:
        if self._is_read(sink, max_bytes):
            return
        download = self._download(self._transport, sink, max_bytes)
        assert self._transport is not None
        try:
            await afetch(self._transport, download)
        except Gone as error:
            raise self._gone(error.status) from None

    def _repr_html_(self) -> str:
        """The image by its URL, for a notebook; one with a query, which is often a signature, is not shown."""
        import html

        try:
            if is_data_url(self.url):
                return self._embedded(data_of(self.url, MAX_BYTES))
        except FluxframeError as error:
            return f"<p>{html.escape(repr(self))}: {html.escape(str(error))}</p>"
        shown = without_query(self.url)
        if shown != self.url:
            return f"<p>{html.escape(repr(self))}</p>"
        return f'<img src="{html.escape(shown)}" alt="{html.escape(self.name)}">'


def _pillow(content: bytes) -> PillowImage:
    try:
        from PIL import Image as pillow  # noqa: N813 - a module
    except ModuleNotFoundError as error:
        raise ConfigurationError("pil() needs Pillow: pip install pillow") from error
    try:
        image = pillow.open(io.BytesIO(content))
        image.load()
    except Exception as error:  # Whatever a decoder of a broken file raises, such as SyntaxError.
        raise ResultError(f"Pillow can't read the image: {error}") from error
    return image
