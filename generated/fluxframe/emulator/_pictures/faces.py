# A copy of codegen/runtime/emulator/_pictures/faces.py, where it is edited.
"""What text is drawn with: the font that comes with Pillow, fonts of this machine, or boxes."""

from __future__ import annotations

from typing import Protocol

from PIL import Image

from .fonts import found
from .glyphs import Boxes, Bundled
from .palette import Colour


class Face(Protocol):
    """A way to draw text that has no other direction in it. Positions are on the baseline."""

    def has(self, text: str) -> bool:
        """Whether it can draw all of a text."""
        ...

    def width(self, text: str, size: int) -> float:
        """How wide a text is."""
        ...

    def draw(
        self, image: Image.Image, at: tuple[float, float], text: str, size: int, colour: Colour
    ) -> None:
        """Draw a text that begins at a point."""


BUNDLED, BOXES = Bundled(), Boxes()


def face_of(text: str) -> Face:
    """The face that draws a text best: the first that has all of it."""
    if BUNDLED.has(text):
        return BUNDLED
    return found(text) or BOXES
