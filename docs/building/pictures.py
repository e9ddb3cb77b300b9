"""Draws the picture of each documented example with the emulator, small enough for a page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from fluxframe import Model, models

WIDTH = 640
MOST_BYTES = 30_000
# From the best quality to the worst.
_QUALITIES = (80, 65, 50, 35, 20, 5)


class PictureError(Exception):
    """The emulator made no picture of an example."""


@dataclass(frozen=True)
class Picture:
    """A file of WebP, its size in pixels, and what it shows in words."""

    path: Path
    width: int
    height: int
    alt: str


def draw(folder: Path) -> dict[tuple[str, str], Picture]:
    """The pictures of all examples, by model and example, made in `folder`.

    Raises PictureError for an example that the emulator refuses.
    """
    drawn = folder / "drawn"
    words = ["demo", "--job-seconds", "0", "--json", "--out", str(drawn)]
    done = subprocess.run(
        [sys.executable, "-m", "fluxframe", *words], capture_output=True, check=False
    )
    if done.returncode:
        raise PictureError(done.stderr.decode(errors="replace"))
    rows = json.loads(done.stdout)
    with ThreadPoolExecutor() as pool:
        pictures = pool.map(lambda row: _for_a_page(row, folder), rows)
        return {
            (row["model"], row["example"]): one for row, one in zip(rows, pictures, strict=True)
        }


def _for_a_page(row: Mapping[str, Any], folder: Path) -> Picture:
    with Image.open(row["file"]) as image:
        small = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    small.thumbnail((WIDTH, WIDTH))
    path = folder / f"{row['model']}-{row['example']}.webp"
    path.write_bytes(compressed(small))
    model = models[row["model"]]
    return Picture(path, *small.size, alt=described(model, row["example"]))


def compressed(image: Image.Image) -> bytes:
    """An image as WebP, in the best quality that MOST_BYTES have room for."""
    for quality in _QUALITIES:
        file = BytesIO()
        image.save(file, "WEBP", quality=quality, alpha_quality=quality, method=4)
        if file.tell() <= MOST_BYTES:
            return file.getvalue()
    half = image.resize((max(1, image.width // 2), max(1, image.height // 2)))
    return compressed(half)


def described(model: Model, example: str) -> str:
    """What the picture of an example shows, for who does not see it."""
    known = model.by_role("prompt")
    prompt: Any = model.examples[example] if known else None
    for name in known.path.split(".") if known else ():
        prompt = prompt.get(name) if isinstance(prompt, Mapping) else None
    text = f"The emulator's picture for {model.title}, {example.replace('_', ' ')}"
    return f"{text}: {prompt}" if prompt else text
