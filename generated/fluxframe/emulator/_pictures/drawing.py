# A copy of codegen/runtime/emulator/_pictures/drawing.py, where it is edited.
"""The files of a job: what is drawn, what is shown of another picture, and one picture of all of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageOps

from .._contract.models import Parameter, Values
from .encoding import MEDIA_TYPES, encode
from .picture import draw
from .size import MEGAPIXEL, Size

# The picture of a picture of a picture …: beyond these, each is drawn as if it were the first.
_DEEPEST = 8
_COMPOSITE_PIXELS = 4 * MEGAPIXEL
_QUALITY = 85


@dataclass(frozen=True, eq=False)
class Source:
    """A picture that a request gives: its size, as far as it is known, and how to read it.

    One that was drawn here is read with its label or without.
    """

    size: Size | None
    read: Callable[[bool], Image.Image | None]
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The pictures of a job."""

    model: str
    prompt: str | None
    seed: int
    size: Size
    format: str
    quality: int
    count: int
    source: Source | None = None
    enlarges: bool = False

    @property
    def depth(self) -> int:
        """How many pictures this one is of: each of the one before it."""
        return self.source.depth + 1 if self.source else 0

    def picture(self, index: int, *, labelled: bool = True) -> Image.Image:
        """The picture of an index, from 0."""
        shown = None
        if self.source and self.depth <= _DEEPEST:
            shown = self.source.read(labelled and self.enlarges)
        if shown is not None and self.enlarges:
            return shown.resize(self.size, Image.Resampling.LANCZOS)
        return draw(
            model=self.model,
            prompt=self.prompt,
            seed=self.seed + index,
            size=self.size,
            format=self.format,
            source=None if shown is None else _varied(shown, self.size, index),
            labelled=labelled,
        )

    def composite(self) -> Image.Image:
        """All pictures in one, in rows."""
        columns = math.ceil(math.sqrt(self.count))
        rows = math.ceil(self.count / columns)
        pixels = self.size[0] * self.size[1] * columns * rows
        scale = min(1.0, math.sqrt(_COMPOSITE_PIXELS / pixels))
        width, height = (max(1, round(side * scale)) for side in self.size)
        sheet = Image.new("RGB", (width * columns, height * rows))
        for index in range(self.count):
            row, column = divmod(index, columns)
            picture = self.picture(index).resize((width, height))
            sheet.paste(picture, (column * width, row * height))
        return sheet

    def file(self, index: int | None) -> bytes:
        """The file of the picture of an index, or of all of them."""
        seed = self.seed + (index or 0)
        details = {"model": self.model, "prompt": self.prompt or "", "seed": str(seed)}
        image = self.composite() if index is None else self.picture(index)
        return encode(image, self.format, self.quality, details)


def _varied(source: Image.Image, size: Size, index: int) -> Image.Image:
    """A picture cut to a size: the first as it is, the next a little nearer or the other way round."""
    bleed = 0.04 * ((index + 1) // 2 % 4)
    cut = ImageOps.fit(source, size, bleed=bleed)
    return ImageOps.mirror(cut) if index % 2 else cut


def plan(
    values: Values, size: Size, source: Source | None, *, seed: int, prompt: str | None
) -> Plan:
    """The pictures that a request asks for; `seed` and `prompt` are for one that says none."""
    said, quality = values.by_role("seed"), values.by_role("quality")
    wanted = values.by_role("prompt")
    return Plan(
        model=values.model.id,
        prompt=wanted if isinstance(wanted, str) else prompt,
        seed=said if isinstance(said, int) else seed,
        size=size,
        format=_format(values),
        quality=int(quality) if isinstance(quality, int | float) else _QUALITY,
        count=values.count(),
        source=source if values.model.shows else None,
        enlarges=bool(values.model.with_role("scale")),
    )


def _format(values: Values) -> str:
    """The format that is asked for, as the request calls it; of one that can't be drawn, a PNG."""
    found = values.first("format")
    if found is None:
        return _usual(values.model.with_role("format"))
    word = str(found[1]).rpartition("/")[2].lower()
    return word if word in MEDIA_TYPES else "png"


def _usual(parameters: list[Parameter]) -> str:
    """The format when neither the request nor a default says one."""
    listed: list[str] = next((p.schema["enum"] for p in parameters if "enum" in p.schema), [])
    fitting = [word for word in ("jpg", "jpeg", "png", "webp") if word in listed]
    return fitting[0] if fitting else "jpg"
