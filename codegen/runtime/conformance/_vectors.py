"""The vectors: data that says what a server must refuse and accept, and which words of the documents say so."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal, TypeAlias

from .._redact import short_repr
from ._files import emitted

Expected: TypeAlias = Literal["accepted", "refused"]
Certainty: TypeAlias = Literal["documented", "readings", "unknown"]
Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """What is tested: one constraint of a parameter, or one rule of an operation.

    `parameter` is the dotted path in a request, empty for the request itself; `limit` what the spec says,
    `source` the words that say it, by the source's id, and `readings` what other sources say instead.
    """

    id: str
    kind: str
    model: str | None = None
    operation: str | None = None
    parameter: str = ""
    limit: Any = None
    unit: str | None = None
    source: Mapping[str, Sequence[str]] = field(default_factory=dict)
    readings: Mapping[str, Any] = field(default_factory=dict)

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that differs from the request that a vector begins with.

    `at` leads to it through objects by name; those that are missing on the way are made. There it puts
    `value`, or `text` repeated `times` times, or it takes away what is there (`removed`).
    """

    at: tuple[str, ...]
    value: Any = None
    text: str | None = None
    times: int = 1
    removed: bool = False

    __repr__ = short_repr

    @property
    def put(self) -> Any:
        """The value that is put there."""
        return copy.deepcopy(self.value) if self.text is None else self.text * self.times


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A request for one model, and whether a server that keeps its documents accepts it.

    `base` names the request that it begins with; `sure` tells whether the documents are clear, and
    `readings` what the other sources expect, where they expect otherwise.
    """

    id: str
    constraint: str
    expect: Expected
    base: str
    changes: tuple[Change, ...]
    says: str
    sure: Certainty = "documented"
    readings: Mapping[str, Expected] = field(default_factory=dict)

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Vectors to be accepted that go into one request, and the most credits that it costs, if known."""

    id: str
    base: str
    vectors: tuple[str, ...]
    credits: int | None = None

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Where a request holds the id of the job that it goes on from, and the models that such a job is of."""

    at: tuple[str, ...]
    models: tuple[str, ...]

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVectors:
    """All vectors of one model: where they are sent, and the requests that they begin with.

    `credits` is the most that one of the requests costs; None if no source tells a price.
    """

    model: str
    operation: str
    method: str
    path: str
    bases: Mapping[str, Body]
    constraints: Mapping[str, Constraint]
    vectors: Mapping[str, Vector]
    packs: tuple[Pack, ...]
    credits: int | None = None
    parent: Parent | None = None

    __repr__ = short_repr

    def going_on_from(self, job: str) -> ModelVectors:
        """The same, of requests that go on from a job; all that are to be accepted do."""
        if self.parent is None:
            return self
        at = self.parent.at
        bases = {
            name: changed(base, [Change(at=at, value=job)]) for name, base in self.bases.items()
        }
        vectors = {
            vector.id: replace(
                vector, changes=tuple(change for change in vector.changes if change.at != at)
            )
            if vector.expect == "accepted"
            else vector
            for vector in self.vectors.values()
        }
        return replace(self, bases=bases, vectors=vectors)

    def body(self, base: str, *vectors: Vector) -> Body:
        """The request of vectors that go together."""
        return changed(self.bases[base], [c for vector in vectors for c in vector.changes])


def changed(base: Body, changes: Sequence[Change]) -> Body:
    """A request with changes."""
    body = copy.deepcopy(base)
    for change in changes:
        place = body
        for name in change.at[:-1]:
            place = place.setdefault(name, {})
        if change.removed:
            place.pop(change.at[-1], None)
        else:
            place[change.at[-1]] = change.put
    return body


@cache
def models() -> Sequence[str]:
    """The ids of all models that have vectors."""
    return tuple(emitted("vectors", "index.json")["models"])


@cache
def vectors_of(model: str) -> ModelVectors:
    """The vectors of a model. Raises KeyError if there are none."""
    if model not in models():
        raise KeyError(model)
    data = emitted("vectors", "models", f"{model}.json")
    return ModelVectors(
        model=data["model"],
        operation=data["operation"],
        method=data["method"],
        path=data["path"],
        credits=data["credits"],
        bases=data["bases"],
        constraints={c.id: c for c in _constraints(data)},
        vectors={
            entry["id"]: Vector(
                **{
                    **entry,
                    "changes": tuple(
                        Change(**{**change, "at": tuple(change["at"])})
                        for change in entry["changes"]
                    ),
                }
            )
            for entry in data["vectors"]
        },
        packs=tuple(
            Pack(**{**entry, "vectors": tuple(entry["vectors"])}) for entry in data["packs"]
        ),
        parent=_parent(data),
    )


def _parent(data: Mapping[str, Any]) -> Parent | None:
    if "parent" not in data:
        return None
    return Parent(at=tuple(data["parent"]["at"]), models=tuple(data["parent"]["models"]))


def _constraints(data: Mapping[str, Any]) -> Iterator[Constraint]:
    shared = {"model": data.get("model"), "operation": data.get("operation")}
    for id, entry in data["constraints"].items():
        yield Constraint(id=id, **{**shared, **entry})


@cache
def places() -> Mapping[str, tuple[str, int]]:
    """Where each constraint stands in the spec, by its id: the file, and the line from 1."""
    return {id: (file, line) for id, (file, line) in emitted("vectors", "places.json").items()}


def place_of(constraint: Constraint) -> tuple[str, int] | None:
    """Where a constraint stands in the spec, or else what it is about: its parameter, or its model."""
    known = places()
    if constraint.id in known:
        return known[constraint.id]
    about = constraint.id.rpartition("/")[0]
    near = (f"{about}/", f"{about.partition('/')[0]}/")
    return next(
        (place for start in near for id, place in known.items() if id.startswith(start)), None
    )
