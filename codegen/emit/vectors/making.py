"""What the vectors of a model are gathered in: each with its base, what it needs, and who expects what."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ...spec.document import Path
from ...spec.lint.violations import broken
from ...spec.schema import Source
from .cases import put as sent
from .model import REMOVED, ModelVectors, Vector, changes_json
from .places import Line, Places
from .request import Given, Place, Request
from .told import expects, plain, words

# Kinds that do not depend on what else is in a request.
_OF_ANY_REQUEST = frozenset({"discriminator"})


class _Refused(NamedTuple):
    name: str
    says: str
    put: Given
    of: Place | None


class Making:
    """The vectors of one model while they are made.

    Refused ones of a constraint begin with the least request, and with one that has everything, in turn.
    """

    def __init__(self, made: ModelVectors, readers: dict[str, Request]) -> None:
        self.made, self.request, self.spec = made, made.request, made.request.spec
        self.model = made.request.model
        self.lines = Places(self.spec, self.model)
        self._readers = readers
        self._refused: dict[str, list[_Refused]] = {}
        self._rows = 0
        self._seen: set[str] = set()
        self._large: set[tuple[str, bool]] = set()

    def constraint(
        self, place: Place, kind: str, source: Source, line: Line, limit: Any = None, **more: Any
    ) -> str:
        """The id of a constraint, which is noted. `name` ends the id where it is not the kind."""
        dotted = ".".join(place)
        id = f"{self.model.id}/{dotted or 'request'}/{more.pop('name', kind)}"
        entry = {"kind": kind, "parameter": dotted, "limit": plain(limit)}
        more = {"source": words(source), **more}
        self.made.constraints[id] = entry | {key: value for key, value in more.items() if value}
        self.made.places[id] = line
        return id

    def line(self, place: Place, path: Path) -> Line:
        """Where something of a member stands."""
        is_own = self.request.parameter(place) is not None
        return (self.lines.parameter if is_own else self.lines.field)(place[-1], path)

    def beside_others(self) -> None:
        """Try what was refused in the least request alone beside everything, too."""
        for constraint, refused in self._refused.items():
            kind = self.made.constraints[constraint]["kind"]
            if len(refused) == 1 and kind not in _OF_ANY_REQUEST:
                name, says, put, of = refused[0]
                says, name = f"{says}, beside all others", f"{name}-beside-others"
                self.add(constraint, name, says, put, accepted=False, of=of)

    def add(
        self,
        constraint: str,
        name: str,
        says: str,
        put: Given,
        *,
        accepted: bool,
        of: Place | None = None,
        unknown: bool = False,
    ) -> None:
        """Add a vector, with what it needs beside it; nothing if it can't be, or is there already.

        `of` is the member that it is of; a refused one that is of none may break a rule.
        """
        base = "least" if accepted else self._next_base(constraint)
        is_rule = not accepted and self.made.constraints[constraint]["kind"] == "rule"
        changes = (
            self._breaking(base, put) if is_rule else self._keeping(base, put, accepted=accepted)
        )
        if changes is None:
            return
        # What is accepted costs no request more, and each constraint is told by what it accepts.
        own = constraint if accepted else ""
        written = f"{own} {base} {json.dumps(changes_json(changes))}"
        if written in self._seen:
            return
        readings = self._readings(of, put, accepted=accepted)
        sure = "unknown" if unknown else "readings" if readings else "documented"
        id = f"{constraint}/{name}"
        vector = Vector(id, constraint, accepted, base, changes, says, sure, readings)
        if vector.is_large and (constraint, accepted) in self._large:
            return  # One on each side has to do: it takes longer than all others together.
        if vector.is_large:
            self._large.add((constraint, accepted))
        self._seen.add(written)
        if not accepted:
            self._refused.setdefault(constraint, []).append(_Refused(name, says, put, of))
            self._rows += base != "least"
        self.made.vectors.append(vector)

    def _keeping(self, base: str, put: Given, *, accepted: bool) -> Given | None:
        """Changes with what they need beside them, so that no rule is broken."""
        given = self.made.bases[base]
        there = {place: value for place, value in {**given, **put}.items() if value is not REMOVED}
        company = self.request.company(there, [*put], counted=not accepted)
        kept = self.request.kept({**there, **company}, [*put])
        return None if kept is None else _changes(given, put, kept)

    def _breaking(self, base: str, put: Given) -> Given | None:
        """Changes that break one rule, and nothing else."""
        given = self.made.bases[base]
        for place, value in put.items():
            member = self.request.members[place]
            if value is not REMOVED and any(broken(self.spec, member, sent(value))):
                return None
        there = {place: value for place, value in {**given, **put}.items() if value is not REMOVED}
        there |= self.request.company(there, [*put], counted=False)
        return _changes(given, put, there) if len(self.request.broken(there)) == 1 else None

    def _next_base(self, constraint: str) -> str:
        """The least request and one that has everything in turn."""
        if len(self._refused.get(constraint, ())) % 2 == 0:
            return "least"
        return f"most-{self._rows % (len(self.made.bases) - 1) + 1}"

    def _readings(self, of: Place | None, put: Given, *, accepted: bool) -> dict[str, str]:
        """What the other sources expect that expect otherwise."""
        if of is None:
            return {}
        other, value = "refused" if accepted else "accepted", put[of]
        return {
            source: other
            for source, request in self._readers.items()
            if expects(request, of, value, removed=value is REMOVED) is not accepted
        }


def _changes(given: Given, put: Given, whole: Given) -> Given:
    """What makes a request of another one; what is put is among it even where it changes nothing."""
    changes = {
        place: value
        for place, value in whole.items()
        if place in put
        or place not in given
        or (type(value), value) != (type(given[place]), given[place])
    }
    for place in (*given, *put):
        is_there = place in given or len(place) == 1
        if is_there and place not in whole and place not in changes:
            changes[place] = REMOVED
    return changes
