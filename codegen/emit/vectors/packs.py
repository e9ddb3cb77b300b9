"""The fewest requests that hold all vectors that are to be accepted."""

from __future__ import annotations

from dataclasses import dataclass, field

from .model import REMOVED, ModelVectors, Vector
from .request import Given


@dataclass(slots=True)
class Pack:
    """Vectors that go into one request."""

    vectors: list[Vector] = field(default_factory=list)
    changes: Given = field(default_factory=dict)


def packs_of(made: ModelVectors) -> list[Pack]:
    """The packs of a model; all begin with its least request."""
    alone, shared = [], []
    for vector in made.vectors:
        if vector.accepted:
            (shared if vector.changes and not vector.is_large else alone).append(vector)
    packs = [Pack([vector], dict(vector.changes)) for vector in alone]
    open_packs: list[Pack] = []
    for vector in sorted(shared, key=lambda vector: -len(vector.changes)):
        for pack in open_packs:
            if _fits(made, pack, vector):
                break
        else:
            pack = Pack()
            open_packs.append(pack)
        pack.vectors.append(vector)
        pack.changes.update(vector.changes)
    return [*packs, *open_packs]


def _fits(made: ModelVectors, pack: Pack, vector: Vector) -> bool:
    for place, value in vector.changes.items():
        if place in pack.changes:
            other = pack.changes[place]
            if type(other) is not type(value) or other != value:
                return False
    whole = {**made.bases["least"], **pack.changes, **vector.changes}
    given = {place: value for place, value in whole.items() if value is not REMOVED}
    return made.request.kept(given, [*given]) is not None
