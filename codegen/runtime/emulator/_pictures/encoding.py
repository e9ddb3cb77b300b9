"""Pictures as the bytes of a file, and the other way."""

import io
import warnings

from PIL import Image, PngImagePlugin, UnidentifiedImageError

# A file that says it has more pixels is not decoded.
_MOST_DECODED = 50_000_000


def encode(image: Image.Image, format: str, quality: int, details: dict[str, str]) -> bytes:
    """Encode an image in a format of MEDIA_TYPES; `details` are kept in a PNG."""
    quality = min(100, max(0, quality))
    output = io.BytesIO()
    if format in ("jpg", "jpeg"):
        # Above 95 a JPEG grows without looking better, and 0 stands for the default.
        image.save(output, "JPEG", quality=1 + round(quality * 0.94))
    elif format == "webp":
        image.save(output, "WEBP", quality=quality, method=2)
    else:
        info = PngImagePlugin.PngInfo()
        for key, value in details.items():
            info.add_itxt(key, value.encode("utf-8", "replace").decode())
        image.save(output, "PNG", compress_level=1, pnginfo=info)
    return output.getvalue()


def size_of(content: bytes) -> tuple[int, int] | None:
    """The size of the picture in a file; None if it can't be told."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # It is not decoded.
            with Image.open(io.BytesIO(content)) as image:
                return image.size
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, ValueError):
        return None


def decode(content: bytes) -> Image.Image | None:
    """The picture in a file, on white where it is clear; None if it can't be read."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            if not 0 < image.width * image.height <= _MOST_DECODED:
                return None
            clear = image.convert("RGBA")
    except Exception:  # Of any decoder, of any bytes.
        return None
    solid = Image.new("RGB", clear.size, (255, 255, 255))
    solid.paste(clear, mask=clear.getchannel("A"))
    return solid
