"""Which constraint is to blame where several requests are refused that should be accepted.

A value that a server does not take is in many requests: also in those that are about another parameter,
and need it beside that. What explains the most of them is the cause of all that it explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._redact import short_repr
from ._outcomes import Outcome, Verdict
from ._vectors import Body, ModelVectors, Vector

# Kinds that are about how long a value is, and those that are about no value.
_SIZES = ("min_length", "max_length", "min_items", "max_items")
_ABSENT = ("optional", "required", "unknown")
_ITEMS = "items"


@dataclass(frozen=True, slots=True)
class _Trait:
    """What a vector is about: a value at a path, or its length."""

    path: tuple[str, ...]
    value: Any
    sized: bool

    __repr__ = short_repr

    def is_in(self, body: Body) -> bool:
        """Whether a request has it, too."""
        return any(_same(self._of(value), self.value) for value in _values(body, self.path))

    def _of(self, value: Any) -> Any:
        return len(value) if self.sized and isinstance(value, str | list) else value


def by_cause(outcomes: Sequence[Outcome], models: Iterable[ModelVectors]) -> list[Outcome]:
    """The outcomes; what is refused for another constraint than its own is under that one."""
    known = {outcome.vector: outcome for outcome in outcomes}
    causes: dict[str, str] = {}
    for model in models:
        sent = {id: v for id, v in model.vectors.items() if v.expect == "accepted" and id in known}
        wrong = {id: vector for id, vector in sent.items() if known[id].observed == "refused"}
        if len(wrong) > 1:
            right = [
                model.body(vector.base, vector)
                for id, vector in sent.items()
                if known[id].verdict is Verdict.PASS
            ]
            causes |= _causes(model, wrong, right)
    return [_under(outcome, known.get(causes.get(outcome.vector, ""))) for outcome in outcomes]


def _under(outcome: Outcome, cause: Outcome | None) -> Outcome:
    """An outcome that has the cause of another one, if there is one."""
    if cause is None or cause.constraint == outcome.constraint:
        return outcome
    return replace(
        outcome, constraint=cause.constraint, verdict=cause.verdict, reading=cause.reading
    )


def _causes(
    model: ModelVectors, wrong: Mapping[str, Vector], right: Sequence[Body]
) -> dict[str, str]:
    """The vector whose constraint is to blame, for each that is refused and should not be."""
    bodies = {id: model.body(vector.base, vector) for id, vector in wrong.items()}
    explained: dict[str, set[str]] = {}
    for id, vector in wrong.items():
        trait = _trait(model, vector, bodies[id])
        explained[id] = {id}
        if trait is not None and not any(trait.is_in(body) for body in right):
            explained[id] |= {other for other, body in bodies.items() if trait.is_in(body)}
    causes: dict[str, str] = {}
    left = set(wrong)
    while left:
        # What nothing else can explain comes first: an innocent value that two culprits stand beside, one
        # in each of its requests, would otherwise explain more than either of them.
        sure = [among for id in left if len(_paths(model, among := _able(id, explained))) == 1]
        best = max(
            {id for among in sure for id in among} or wrong,
            key=lambda id: (len(explained[id] & left), *_rank(model, wrong[id]), id),
        )
        for id in explained[best] & left:
            causes[id] = best
        left -= explained[best]
    return _without_types(model, causes)


def _able(id: str, explained: Mapping[str, set[str]]) -> list[str]:
    """The vectors that can explain that one is refused."""
    return [other for other, ids in explained.items() if id in ids]


def _paths(model: ModelVectors, ids: Iterable[str]) -> set[str]:
    """The parameters that vectors are about."""
    return {model.constraints[model.vectors[id].constraint].parameter for id in ids}


def _rank(model: ModelVectors, vector: Vector) -> tuple[bool, int]:
    """Of causes that explain as much: one that is of no type, and the deepest."""
    constraint = model.constraints[vector.constraint]
    return constraint.kind != "type", constraint.parameter.count(".")


def _without_types(model: ModelVectors, causes: dict[str, str]) -> dict[str, str]:
    """An ordinary value that is refused tells nothing of its type where another constraint is to blame."""
    kinds = {id: model.constraints[model.vectors[id].constraint] for id in causes.values()}
    others = {c.parameter: id for id, c in kinds.items() if c.kind != "type"}

    def instead(id: str) -> str:
        if kinds[id].kind != "type":
            return id
        own = f"{kinds[id].parameter}."
        return next((other for path, other in others.items() if f"{path}.".startswith(own)), id)

    return {vector: instead(id) for vector, id in causes.items()}


def _trait(model: ModelVectors, vector: Vector, body: Body) -> _Trait | None:
    constraint = model.constraints[vector.constraint]
    if not constraint.parameter or constraint.kind in _ABSENT:
        return None
    path = tuple(constraint.parameter.split("."))
    found = list(_values(body, path))
    if not found:
        return None
    # Of a list, the last item is what a vector is about.
    sized = constraint.kind in _SIZES
    trait = _Trait(path, found[-1], sized)
    return replace(trait, value=trait._of(found[-1]))


def _values(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """What a request has at a path, which goes into all items of a list."""
    if not path:
        yield value
    elif isinstance(value, dict):
        if path[0] in value:
            yield from _values(value[path[0]], path[1:])
    elif isinstance(value, list) and path[0] == _ITEMS:
        for item in value:
            yield from _values(item, path[1:])
    elif path[0].isdecimal():  # One of several schemas, which is no step in the request.
        yield from _values(value, path[1:])


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one in JSON, where `true` is not 1."""
    return type(one) is type(other) and bool(one == other)
