"""A picture to be drawn, with all the pictures that are in it; it needs no Pillow."""

from __future__ import annotations

from dataclasses import dataclass

from .fetch import MOST_BYTES
from .plan import Plan
from .references import data_of, is_data


@dataclass(frozen=True, slots=True)
class Given:
    """A picture that a request gives: a file, one that is drawn here, or one that can't be had."""

    url: str
    content: bytes | None = None
    scene: Scene | None = None

    def read(self) -> bytes | None:
        """The file, which a data URL holds itself; None if there is none."""
        return data_of(self.url, MOST_BYTES) if is_data(self.url) else self.content


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture of a plan, of an index from 0 or (None) all of them, and the pictures given for it."""

    plan: Plan
    index: int | None
    given: tuple[Given, ...] = ()
    mask: Given | None = None
