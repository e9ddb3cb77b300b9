# A copy of codegen/runtime/conformance/_parents.py, where it is edited.
"""Models whose requests go on from a job: the vectors name one that no server has, and need a real one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile
from typing import Any

from ._calls import AcceptedJob
from ._document import schemas
from ._vectors import Change, ModelVectors, Vector, changed

_ROLE = "parent"
# Letters that the names of a model and of what it goes on from have in common at least.
_ALIKE = 4
_TRIED = 3


@cache
def parent_path(model: str) -> tuple[str, ...] | None:
    """Where a request for a model names the job that it goes on from; None if it does not."""
    for schema in schemas().values():
        if schema.get("x-model") == model:
            return next(_paths(schema, ()), None)
    return None


def _paths(schema: dict[str, Any], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, member in schema.get("properties", {}).items():
        if member.get("x-role") == _ROLE:
            yield (*above, name)
        target = schemas().get(member.get("$ref", "").rpartition("/")[2], member)
        if "properties" in target:
            yield from _paths(target, (*above, name))


def candidates(model: str, jobs: Sequence[AcceptedJob]) -> list[AcceptedJob]:
    """Jobs that a model may go on from: one of each other kind of model that is called alike, the nearest first."""
    newest = {job.model: job for job in jobs if parent_path(job.model) is None}
    alike = sorted(newest.values(), key=lambda job: -_alike(job.model, model))
    return [job for job in alike if _alike(job.model, model) >= _ALIKE][:_TRIED]


def _alike(one: str, other: str) -> int:
    same = takewhile(lambda letters: letters[0] == letters[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def going_on(model: ModelVectors, path: tuple[str, ...], job: str) -> ModelVectors:
    """The vectors of a model with a job of the server's in their requests."""
    told = [Change(at=path, value=job)]
    return replace(model, bases={name: changed(body, told) for name, body in model.bases.items()})


def is_of_parent(vector: Vector, path: tuple[str, ...]) -> bool:
    """Whether a vector names another job itself."""
    return any(change.at == path for change in vector.changes)
