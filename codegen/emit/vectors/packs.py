"""The fewest requests that hold all vectors that are to be accepted."""

from __future__ import annotations

from dataclasses import dataclass, field

from .model import REMOVED, ModelVectors, Vector
from .request import Given


@dataclass(slots=True)
class Pack:
    """Vectors that go into one request, which begins with the least."""

    vectors: list[Vector] = field(default_factory=list)
    changes: Given = field(default_factory=dict)

    def add(self, vector: Vector) -> None:
        """Take a vector in."""
        self.vectors.append(vector)
        self.changes.update(vector.changes)


def packs_of(made: ModelVectors) -> list[Pack]:
    """The packs of a model: the least request, then those that fill up, then what is too long to share."""
    if not made.vectors:
        return []
    least, large, shared = Pack(), [], []
    for vector in made.vectors:
        if not vector.accepted:
            continue
        if _same(made.whole("least", vector.changes), made.bases["least"]):
            least.add(vector)
        elif vector.is_large:
            large.append(Pack([vector], dict(vector.changes)))
        else:
            shared.append(vector)
    packs: list[Pack] = []
    # Those that bring others along are the hardest to place.
    for vector in sorted(shared, key=lambda vector: -len(vector.changes)):
        pack = next((pack for pack in packs if _fits(made, pack, vector)), None)
        if pack is None:
            packs.append(pack := Pack())
        pack.add(vector)
    return [least, *packs, *large]


def _fits(made: ModelVectors, pack: Pack, vector: Vector) -> bool:
    """Whether a vector changes nothing that the pack changes otherwise, and no rule is broken."""
    shared = pack.changes.keys() & vector.changes.keys()
    if not _same({p: pack.changes[p] for p in shared}, {p: vector.changes[p] for p in shared}):
        return False
    return not made.request.broken(made.whole("least", {**pack.changes, **vector.changes}))


def _same(one: Given, other: Given) -> bool:
    """Whether two requests are the same as JSON, where true is not 1."""
    return one == other and all(
        value is REMOVED or repr(value) == repr(other[place]) for place, value in one.items()
    )
