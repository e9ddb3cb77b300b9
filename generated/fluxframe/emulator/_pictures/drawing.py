# A copy of codegen/runtime/emulator/_pictures/drawing.py, where it is edited.
"""The file of a picture: what is drawn, what is shown of other pictures, and one picture of all."""

from __future__ import annotations

import math

from PIL import Image, ImageOps

from .encoding import decode, encode
from .picture import draw
from .scene import Given, Scene
from .size import MEGAPIXEL, Size

_COMPOSITE_PIXELS = 4 * MEGAPIXEL


def file(scene: Scene) -> bytes:
    """The file of a picture."""
    plan = scene.plan
    seed = plan.seed + (scene.index or 0)
    details = {"model": plan.model.id, "prompt": plan.prompt or "", "seed": str(seed)}
    image = _composite(scene) if scene.index is None else picture(scene, scene.index)
    return encode(image, plan.format, plan.quality, details)


def picture(scene: Scene, index: int, *, labelled: bool = True) -> Image.Image:
    """The picture of an index."""
    plan = scene.plan
    shown = None
    if plan.model.shows and scene.given:
        shown = _read(scene.given[0], labelled=labelled and plan.enlarges)
    if shown is not None and plan.enlarges:
        return shown.resize(plan.size, Image.Resampling.LANCZOS)
    return draw(
        model=plan.model.id,
        prompt=plan.prompt,
        seed=plan.seed + index,
        size=plan.size,
        format=plan.format,
        source=None if shown is None else _varied(shown, plan.size, index),
        labelled=labelled,
    )


def _read(given: Given, *, labelled: bool) -> Image.Image | None:
    """A picture that is given; None if it can't be read."""
    if given.scene is not None:
        return picture(given.scene, given.scene.index or 0, labelled=labelled)
    content = given.read()
    return decode(content) if content else None


def _composite(scene: Scene) -> Image.Image:
    """All pictures in one, in rows."""
    plan = scene.plan
    columns = math.ceil(math.sqrt(plan.count))
    rows = math.ceil(plan.count / columns)
    pixels = plan.size[0] * plan.size[1] * columns * rows
    scale = min(1.0, math.sqrt(_COMPOSITE_PIXELS / pixels))
    width, height = (max(1, round(side * scale)) for side in plan.size)
    sheet = Image.new("RGB", (width * columns, height * rows))
    for index in range(plan.count):
        row, column = divmod(index, columns)
        sheet.paste(picture(scene, index).resize((width, height)), (column * width, row * height))
    return sheet


def _varied(source: Image.Image, size: Size, index: int) -> Image.Image:
    """A picture cut to a size: the first as it is, the next a little nearer or the other way round."""
    bleed = 0.04 * ((index + 1) // 2 % 4)
    cut = ImageOps.fit(source, size, bleed=bleed)
    return ImageOps.mirror(cut) if index % 2 else cut
