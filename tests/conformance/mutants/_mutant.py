"""A mutant: a server that breaks one thing, and what has to be blamed for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ._asgi import App, Broken, Wrong
from ._document import Json, Model


@dataclass(frozen=True, kw_only=True, eq=False)
class Mutant:
    """A fault.

    `blamed` are the constraints of which one has to be found broken, and no other: regular expressions
    of whole ids. `make` begins the server anew. `model` is the one whose requests show it; None if it is
    seen without. `witness` is a request of the model that is answered otherwise than it should be, which
    the documents call `right` or not.
    """

    id: str
    blamed: tuple[str, ...]
    make: Callable[[], Wrong] = field(repr=False)
    model: Model | None = None
    witness: Json | None = None
    right: bool = False

    def app(self, app: App) -> App:
        """The server that has the fault, around one that has none."""
        return Broken(app, self.make())

    def blames(self, constraint: str) -> bool:
        """Whether a constraint may be what is reported."""
        return any(re.fullmatch(pattern, constraint) for pattern in self.blamed)
