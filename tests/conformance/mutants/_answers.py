"""Servers whose answers are not what the document says: their statuses, types and members."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from ._asgi import Answer, Forward, Request, Wrong
from ._document import Document, Json, Operation
from ._mutant import Mutant
from ._values import ITEM, Fits, without

Rewrite: TypeAlias = Callable[[Answer], Answer]


def blame(operation: Operation, *aspects: str) -> tuple[str, ...]:
    """The constraints of an operation that have to do with some of its aspects."""
    name = re.sub(r"[._]", "[._]", operation.name)  # Ids of operations have one or the other.
    return tuple(f"{name}/{aspect}" for aspect in aspects)


def of_answers(document: Document, operation: Operation) -> Iterator[Mutant]:
    """All that may be wrong with the answers of an operation."""

    def mutant(slug: str, when: Callable[[Answer], bool], rewrite: Rewrite) -> Mutant:
        def make() -> Wrong:
            return _rewriting(operation, when, rewrite)

        aspects, shared = _BLAMED[slug.split("-")[0]]
        blamed = (*blame(operation, *aspects), *shared)
        return Mutant(id=f"{operation.name}/{slug}", blamed=blamed, make=make)

    def success(answer: Answer) -> bool:
        return answer.is_success

    other = 200 if operation.status != 200 else 201
    yield mutant("success-status", success, _of_status(other))
    yield mutant("success-type", success, _of_type("text/plain"))
    yield mutant("success-text", success, lambda answer: replace(answer, body=b"done"))
    schema = document.answer(operation)
    for slug, rewrite in _members(schema):
        yield mutant(f"success-{slug}", success, rewrite)
    for name in ("BadRequest", "Unauthorized", "NotFound", "Conflict"):
        status = operation.error(name)
        if status is None:
            continue

        def is_error(answer: Answer, status: int = status) -> bool:
            return answer.status == status

        error = document.whole({"$ref": f"#/components/responses/{name}"})
        inner = error["content"]["application/json"]["schema"]
        for slug, other in _STATUSES[name]:
            if other in {operation.error(e) for e in ("NotFound", "Conflict")}:
                continue  # Of an id that is of no form, one may say that there is no such job.
            yield mutant(
                f"{name}-{slug}",
                is_error,
                _of_status(other),
            )
        yield mutant(f"{name}-type", is_error, _of_type("text/html"))
        yield mutant(f"{name}-text", is_error, lambda answer: replace(answer, body=b"wrong"))
        for slug, rewrite in _members(inner):
            yield mutant(f"{name}-{slug}", is_error, rewrite)


# What is to blame for a wrong answer: aspects of the operation, and what is the same for all.
_BLAMED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "success": (("answer",), ()),
    "BadRequest": (("refusal",), ()),
    "Unauthorized": (("authentication",), ("api/unauthorized",)),
    "NotFound": (("unknown-id",), ("api/not-found",)),
    "Conflict": (("idempotency-conflict",), ("api/conflict",)),
}
# Plausible statuses instead of the right one; with a 5xx nothing can be told.
_STATUSES = {
    "BadRequest": [("422", 422), ("404", 404)],
    "Unauthorized": [("403", 403), ("404", 404), ("400", 400)],
    "NotFound": [("400", 400), ("410", 410)],
    "Conflict": [("400", 400), ("422", 422)],
}


def _rewriting(operation: Operation, when: Callable[[Answer], bool], rewrite: Rewrite) -> Wrong:
    async def wrong(request: Request, forward: Forward) -> Answer:
        answer = await forward(request)
        mine = operation.takes(request.method, request.path)
        return rewrite(answer) if mine and when(answer) else answer

    return wrong


def _of_status(status: int) -> Rewrite:
    return lambda answer: replace(answer, status=status)


def _of_type(media_type: str) -> Rewrite:
    def rewrite(answer: Answer) -> Answer:
        return replace(answer, headers={**answer.headers, "content-type": media_type})

    return rewrite


def _members(schema: Json) -> Iterator[tuple[str, Rewrite]]:
    """Each member that must be there left out, and each of another type."""
    for at, inner in _objects(schema, ()):
        for name, member in inner.get("properties", {}).items():
            where = ".".join((*at, name))
            if name in inner.get("required", ()):
                yield f"without-{where}", _each(schema, at, _left_out(name))
            strange = next((v for v in _STRANGE if not Fits(member)(v)), None)
            if strange is not None:
                yield f"strange-{where}", _each(schema, at, _put(name, strange))


_STRANGE: tuple[Any, ...] = ({"strange": True}, -7, "", "strange")


def _objects(schema: Json, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    """The objects in an answer whose members are known, but for those that may be of several kinds."""
    if schema.get("properties"):
        yield at, schema
    for name, inner in schema.get("properties", {}).items():
        options = [o for o in inner.get("anyOf", [inner]) if o.get("type") != "null"]
        if len(options) == 1:
            yield from _objects(options[0], (*at, name))
    if isinstance(schema.get("items"), dict):
        yield from _objects(schema["items"], (*at, ITEM))


def _left_out(name: str) -> Callable[[Json], Json]:
    return lambda found: without(found, (name,))


def _put(name: str, value: Any) -> Callable[[Json], Json]:
    return lambda found: {**found, name: value}


def _each(schema: Json, at: tuple[str, ...], change: Callable[[Json], Json]) -> Rewrite:
    def within(value: Any, rest: tuple[str, ...]) -> Any:
        if not rest:
            return change(value) if isinstance(value, dict) else value
        if rest[0] == ITEM:
            inner = value if isinstance(value, list) else []
            return [within(item, rest[1:]) for item in inner]
        if not isinstance(value, dict) or rest[0] not in value:
            return value
        return {**value, rest[0]: within(value[rest[0]], rest[1:])}

    def rewrite(answer: Answer) -> Answer:
        try:
            body = json.loads(answer.body)
        except ValueError:
            return answer
        return answer.with_json(within(body, at))

    return rewrite
