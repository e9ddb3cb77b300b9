# A copy of codegen/runtime/emulator/_pictures/drawing.py, where it is edited.
"""The file of a picture: what is drawn, what is shown of other pictures, and one picture of all."""

from __future__ import annotations

import math
import urllib.parse
from dataclasses import replace

from PIL import Image, ImageOps

from .details import Details
from .encoding import decode, encode
from .label import Label, lay
from .marks import marks
from .picture import paint, palette_of
from .plan import Plan
from .references import is_data
from .scene import Given, Scene
from .size import MEGAPIXEL, Size, fitted
from .tiles import Tile, strip, tile_side

_COMPOSITE_PIXELS = 4 * MEGAPIXEL
# How much of the colours of the first of the given pictures comes through.
_WASH, _WASH_SIDE = 0.4, 5


def file(scene: Scene) -> bytes:
    """The file of a picture."""
    plan = scene.plan
    image = _composite(scene) if scene.index is None else picture(scene, scene.index)
    return encode(image, plan.format, plan.quality, Details.of(plan, scene.index or 0))


def picture(scene: Scene, index: int, *, labelled: bool = True) -> Image.Image:
    """The picture of an index."""
    plan, given = scene.plan, scene.given
    base = None
    if plan.model.shows and given:
        base = _read(given[0], plan.size, labelled=labelled and plan.enlarges)
    if base is not None and plan.enlarges:
        return base.resize(plan.size, Image.Resampling.LANCZOS)
    palette = palette_of(plan.model.id, plan.prompt or "")
    if base is None:
        image = _painted(plan, index)
    else:
        image, given = _varied(base, plan.size, index), given[1:]
        if (mask := _mask(scene)) is not None:
            image.paste(_painted(plan, index), mask=mask)
    if given:
        side = tile_side(plan.size, len(given))
        tiles = [_tile(picture, side) for picture in given]
        if base is None and (first := tiles[0].image) is not None:
            image = _washed(image, first)
        strip(image, tiles, palette)
    if labelled:
        wide, high = plan.size
        facts = [plan.model.id, f"{wide}x{high} px", f"seed {plan.seed + index}", plan.format]
        lay(image, Label(facts, plan.prompt, marks(plan.values)), palette)
    return image


def _painted(plan: Plan, index: int) -> Image.Image:
    return paint(
        model=plan.model.id,
        prompt=plan.prompt or "",
        seed=plan.seed + index,
        size=plan.size,
        marks=marks(plan.values),
    )


def _read(given: Given, size: Size, *, labelled: bool) -> Image.Image | None:
    """A picture that is given, not much larger than a size; None if it can't be read."""
    if given.scene is not None:
        return picture(given.scene, given.scene.index or 0, labelled=labelled)
    content = given.read()
    return decode(content, size) if content else None


def _tile(given: Given, side: int) -> Tile:
    """A picture that is given, as one of the strip; one that is drawn here is drawn small."""
    if given.scene is not None:
        scene = given.scene
        small = fitted(scene.plan.size, 1.5 * side / min(scene.plan.size))
        scene = replace(scene, plan=replace(scene.plan, size=small))
        return Tile(picture(scene, scene.index or 0, labelled=False))
    return Tile(_read(given, (2 * side, 2 * side), labelled=False), _name(given.url))


def _name(url: str) -> str:
    """What a picture that can't be had is called."""
    if is_data(url):
        return "data"
    try:
        return urllib.parse.urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _washed(image: Image.Image, first: Image.Image) -> Image.Image:
    """A picture in which the colours of another come through."""
    colours = first.resize((_WASH_SIDE, _WASH_SIDE), Image.Resampling.BOX)
    return Image.blend(image, colours.resize(image.size, Image.Resampling.BICUBIC), _WASH)


def _mask(scene: Scene) -> Image.Image | None:
    """Where a picture that is shown is drawn anew; None if nothing says it."""
    found = scene.mask and _read(scene.mask, scene.plan.size, labelled=False)
    return found.convert("L").resize(scene.plan.size) if found else None


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
        shown = picture(scene, index).resize((width, height))
        sheet.paste(shown, (column * width, row * height))
    return sheet


def _varied(source: Image.Image, size: Size, index: int) -> Image.Image:
    """A picture cut to a size: the first as it is, the next a little nearer or the other way round."""
    bleed = 0.04 * ((index + 1) // 2 % 4)
    cut = ImageOps.fit(source, size, bleed=bleed)
    return ImageOps.mirror(cut) if index % 2 else cut
