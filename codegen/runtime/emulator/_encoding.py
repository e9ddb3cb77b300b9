"""Pictures as the bytes of a file."""

import io
from typing import Literal

from PIL import Image, PngImagePlugin

Format = Literal["jpg", "png", "webp"]


def encode(image: Image.Image, format: Format, quality: int, details: dict[str, str]) -> bytes:
    """Encode an image; `details` are kept in a PNG."""
    quality = min(100, max(0, quality))
    output = io.BytesIO()
    if format == "jpg":
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
