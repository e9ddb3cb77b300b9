"""Fonts of this machine, where they usually are, and those that have what is to be drawn."""

from __future__ import annotations

import functools
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont, features

from .cmap import Coverage, coverage
from .direction import is_rtl
from .glyphs import is_unseen
from .palette import Colour

# Fonts that are looked at, at most: the search for a character ends somewhere.
_MOST_FILES, _MOST_FONTS = 20_000, 600
# Sizes of the pictures in fonts that are made of pictures.
_STRIKES = (109, 136, 128, 160, 96, 64)
_UNLIKE = ("bold", "italic", "oblique", "mono", "condensed", "narrow", "light", "thin", "black",
           "serif", "math", "extra", "semi", "medium")  # fmt: skip
_RAQM = features.check("raqm")


class FontFile:
    """A font of this machine; one that is made of coloured pictures, such as of emoji, too."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @functools.cached_property
    def _coverage(self) -> Coverage:
        return coverage(self.path)

    def has(self, text: str) -> bool:
        """Whether it can draw all of a text."""
        return all(char in self._coverage or is_unseen(char) for char in text)

    def width(self, text: str, size: int) -> float:
        """How wide a text is."""
        font, scale = self._font(size)
        return font.getlength(text, direction=_direction(text)) * scale

    def draw(
        self, image: Image.Image, at: tuple[float, float], text: str, size: int, colour: Colour
    ) -> None:
        """Draw a text."""
        font, scale = self._font(size)
        shown = text if _RAQM or not is_rtl(text) else _mirrored(text)
        if scale == 1:
            draw = ImageDraw.Draw(image)
            draw.text(
                at, shown, colour, font, "ls", embedded_color=True, direction=_direction(text)
            )
            return
        wide, high = math.ceil(font.getlength(text, direction=_direction(text))), font.size * 2
        large = Image.new("RGBA", (max(1, wide), round(high)))
        foot = round(font.size * 1.5)
        ImageDraw.Draw(large).text((0, foot), shown, colour, font, "ls", embedded_color=True)
        small = large.resize((max(1, round(wide * scale)), max(1, round(high * scale))))
        image.paste(small, (round(at[0]), round(at[1] - foot * scale)), small)

    def _font(self, size: int) -> tuple[ImageFont.FreeTypeFont, float]:
        """The font, and what its measures must be multiplied by to be of a size."""
        for strike in (size, *_STRIKES):
            try:
                return _font_of(self.path, strike), size / strike
            except OSError:
                continue
        raise OSError(f"{self.path} has no size that can be used")

    @functools.cached_property
    def works(self) -> bool:
        """Whether it can be opened."""
        try:
            self._font(20)
        except OSError:
            return False
        return True


@functools.lru_cache(maxsize=4096)
def found(text: str) -> FontFile | None:
    """The plainest font that has all of a text; None if there is none."""
    colourful = any(0x1F000 <= ord(char) < 0x20000 or char == "\ufe0f" for char in text)
    faces = _fonts()
    if colourful:  # Other fonts have some of them too, as outlines.
        faces = tuple(sorted(faces, key=lambda face: "emo" not in face.path.name.lower()))
    return next((face for face in faces if face.has(text) and face.works), None)


@functools.cache
def _fonts() -> tuple[FontFile, ...]:
    """The fonts of this machine, the plainest first."""
    paths = [path for folder in _folders() for path in _files(folder)]

    def plainness(path: Path) -> tuple[int, str]:
        name = path.name.lower()
        return sum(word in name for word in _UNLIKE), name

    usable = [path for path in paths if "lastresort" not in path.name.lower()]
    return tuple(map(FontFile, sorted(usable, key=plainness)[:_MOST_FONTS]))


def _folders() -> Iterator[Path]:
    """Where fonts usually are."""
    home = Path("~").expanduser()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", "C:\\Windows"), "Fonts")
        yield home / "AppData" / "Local" / "Microsoft" / "Windows" / "Fonts"
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
        yield home / "Library" / "Fonts"
    else:
        shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        yield from (Path(folder, "fonts") for folder in shared.split(":") if folder)
        yield from (home / ".local" / "share" / "fonts", home / ".fonts", Path("/system/fonts"))


def _files(folder: Path) -> Iterator[Path]:
    """The font files in a folder, at any depth."""
    seen = 0
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            seen += 1
            if seen > _MOST_FILES:
                return
            if name.lower().endswith((".ttf", ".otf", ".ttc")):
                yield Path(parent, name)


@functools.lru_cache(maxsize=64)
def _font_of(path: Path, size: int) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.RAQM if _RAQM else ImageFont.Layout.BASIC
    return ImageFont.truetype(path, size, layout_engine=layout)


def _mirrored(text: str) -> str:
    """A text that runs to the left, as it is drawn by what only draws to the right."""
    return text[::-1].translate(str.maketrans("()[]{}<>\u00ab\u00bb", ")(][}{><\u00bb\u00ab"))


def _direction(text: str) -> Literal["rtl", "ltr"] | None:
    """What a text is shaped by, where it can be."""
    return None if not _RAQM else "rtl" if is_rtl(text) else "ltr"
