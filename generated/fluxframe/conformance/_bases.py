# A copy of codegen/runtime/conformance/_bases.py, where it is edited.
"""The requests that vectors begin with: of one that the server refuses, what of it is to blame.

A base that is refused hides what its vectors would show, so that these are sent with one that is mended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from .._redact import short_repr
from ._packs import needed
from ._vectors import Body, Change, Constraint, ModelVectors, Vector, changed

# Whether the server takes a request.
Takes: TypeAlias = Callable[[Body], Awaitable[bool]]

_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What is known of a base that is refused: the constraint to blame, and what to send instead, if known."""

    blamed: Constraint
    body: Body | None

    __repr__ = short_repr


async def mend(model: ModelVectors, base: str, least: str, takes: Takes) -> Mended:
    """Find out why a base is refused. `least` is the name of the one with only what is required."""
    if base == least:
        return (
            await _by_adding(model, least, takes)
            or await _by_swapping(model, least, takes)
            or Mended(blamed=_model_known(model), body=None)
        )
    if not await takes(model.bases[least]):
        below = await mend(model, least, least, takes)
        return Mended(blamed=below.blamed, body=None)
    return await _by_leaving_out(model, base, least, takes)


async def _by_adding(model: ModelVectors, least: str, takes: Takes) -> Mended | None:
    """The optional member without which nothing is taken, or the required one whose value is not."""
    start = model.bases[least]
    for name, body in model.bases.items():
        if name == least or not await takes(body):
            continue
        members = list(differences(start, body))

        async def without(left_out: Sequence[Change], members: Sequence[Change] = members) -> bool:
            return await takes(changed(start, [m for m in members if m not in left_out]))

        missing = await needed(members, (), without)
        mended = changed(start, missing)
        if not await takes(mended):
            return None
        path = missing[0].at
        before = at(start, path)
        if before is not _MISSING:  # It is there, and another value of it is taken.
            return Mended(blamed=_of_value(model, Change(at=path, value=before)), body=mended)
        for depth in range(1, len(path)):  # It may be what holds the member that has to be there.
            empty = changed(start, [Change(at=path[:depth], value={})])
            if at(start, path[:depth]) is _MISSING and await takes(empty):
                return Mended(blamed=_optional(model, path[:depth]), body=empty)
        return Mended(blamed=_optional(model, path), body=mended)
    return None


async def _by_swapping(model: ModelVectors, least: str, takes: Takes) -> Mended | None:
    """The value of a required member that is not taken, found by one that is."""
    start = model.bases[least]
    for vector in model.vectors.values():
        if vector.expect == "accepted" and vector.base == least and len(vector.changes) == 1:
            (change,) = vector.changes
            if at(start, change.at) in (_MISSING, change.put):
                continue
            mended = changed(start, [change])
            if await takes(mended):
                old = Change(at=change.at, value=at(start, change.at))
                return Mended(blamed=_of_value(model, old), body=mended)
    return None


async def _by_leaving_out(model: ModelVectors, base: str, least: str, takes: Takes) -> Mended:
    """The members of a base that the server does not take."""
    start = model.bases[least]
    members = list(differences(start, model.bases[base]))

    async def beside(parts: Sequence[Change]) -> bool:
        return await takes(changed(start, parts))

    bad = await needed(members, (), beside)
    mended = changed(start, [member for member in members if member not in bad])
    taken = await takes(mended)
    return Mended(blamed=_of_value(model, bad[0]), body=mended if taken else None)


def differences(start: Mapping[str, Any], end: Mapping[str, Any]) -> Iterator[Change]:
    """The changes that make one request of another that has all of its members."""
    for name, value in end.items():
        before = start.get(name, _MISSING)
        inner = {} if before is _MISSING else before
        if value and isinstance(value, dict) and isinstance(inner, dict):
            for change in differences(inner, value):
                yield Change(at=(name, *change.at), value=change.value)
        elif before is _MISSING or before != value:
            yield Change(at=(name,), value=value)


def at(body: Any, path: Sequence[str]) -> Any:
    """What is at a path of a request."""
    for name in path:
        if not isinstance(body, dict) or name not in body:
            return _MISSING
        body = body[name]
    return body


def _optional(model: ModelVectors, path: Sequence[str]) -> Constraint:
    """That a member can be left out."""
    parameter = ".".join(path)
    said = [known for known in model.constraints.values() if known.parameter == parameter]
    return Constraint(
        id=f"{model.model}/{parameter}/optional",
        kind="optional",
        model=model.model,
        operation=model.operation,
        parameter=parameter,
        source=said[0].source if said else {},
    )


def _model_known(model: ModelVectors) -> Constraint:
    """That there is such a model."""
    return min(model.constraints.values(), key=lambda known: known.kind != "discriminator")


def _of_value(model: ModelVectors, change: Change) -> Constraint:
    """The constraint that a value is on the edge of: that of the vector which says that it is accepted."""
    parameter = ".".join(change.at)
    for vector in model.vectors.values():
        own = model.constraints[vector.constraint]
        if vector.expect == "accepted" and own.parameter == parameter and _puts(vector, change):
            return own
    return min(
        model.constraints.values(),
        key=lambda known: (known.parameter != parameter, known.kind != "type"),
    )


def _puts(vector: Vector, change: Change) -> bool:
    return any(own.at == change.at and own.put == change.value for own in vector.changes)
