# A copy of codegen/runtime/emulator/_pictures/encoding.py, where it is edited.
"""Pictures as the bytes of a file, and the other way."""

from __future__ import annotations

import io
import tempfile
import warnings
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from .details import Details
from .png import png, text_chunk
from .size import Size

# A file that says it has more pixels is not decoded.
_MOST_DECODED = 32 << 20
# Some of what Pillow reads it hands on to other programs; these it reads itself.
_READ = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


def encode(image: Image.Image, format: str, quality: int, details: Details | None) -> bytes:
    """Encode an image in a format of MEDIA_TYPES, with the details of what it was made for."""
    if format not in ("jpg", "jpeg", "webp"):
        chunks = []
        if details is not None:
            chunks = [text_chunk(key, text) for key, text in details.texts().items()]
            chunks.append(text_chunk("XML:com.adobe.xmp", details.xmp().decode()))
            chunks.append((b"eXIf", details.exif().removeprefix(b"Exif\0\0")))
        return png(image, chunks)
    told = {"exif": details.exif(), "xmp": details.xmp()} if details is not None else {}
    if format == "webp":
        output = io.BytesIO()
        image.save(output, "WEBP", quality=quality, method=0, **told)
        return output.getvalue()
    with _scratch() as file:
        # Above 95 a JPEG grows without looking better, and 0 stands for the default.
        image.save(file, "JPEG", quality=1 + round(quality * 0.94), **told)
        file.seek(0)
        return file.read()


def _scratch() -> IO[bytes]:
    """A real file, as other threads run while Pillow writes to one; if there can't be any, none."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return io.BytesIO()


def size_of(content: bytes) -> Size | None:
    """The size of the picture in a file, the right way up; None if it can't be told."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # It is not decoded.
            with Image.open(io.BytesIO(content), formats=_READ) as image:
                width, height = image.size
                turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
                return (height, width) if turned else (width, height)
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None


def decode(content: bytes, size: Size) -> Image.Image | None:
    """The picture in a file, on white where it is clear, and the right way up; None if it can't be read.

    It may be smaller than it is in the file, if it is much larger than `size`.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_READ) as image:
            if not 0 < image.width * image.height <= _MOST_DECODED:
                return None
            image.draft("RGB", size)
            share = min(image.width // max(1, size[0]), image.height // max(1, size[1]))
            small = image.convert("RGBA" if _is_clear(image) else "RGB")
            if share > 1:
                small = small.reduce(share)
            small = ImageOps.exif_transpose(small)
    except Exception:  # Of any decoder, of any bytes.
        return None
    if small.mode == "RGB":
        return small
    solid = Image.new("RGB", small.size, (255, 255, 255))
    solid.paste(small, mask=small.getchannel("A"))
    return solid


def _is_clear(image: Image.Image) -> bool:
    return "A" in image.getbands() or "transparency" in image.info
