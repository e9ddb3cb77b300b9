"""What the operations answer, by their names and kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from .._redact import short_repr
from ._answers import misfit, parsed
from ._document import api, one_at
from ._outcomes import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of an operation: the object that it holds, and what is blamed if it does not."""

    status: int
    object: str | None
    constraint: str

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What an operation answers, errors by their names, and where the parts of a success are by their roles."""

    name: str
    kind: str
    method: str
    path: str
    success: Answer
    errors: Mapping[str, Answer]
    at: Mapping[str, str]

    __repr__ = short_repr

    @property
    def refusal(self) -> Answer:
        """What it answers to a request that breaks a limit."""
        usual = Answer(status=400, object=None, constraint=f"{self.name}/refusal")
        return self.errors.get("BadRequest", usual)

    def is_error(self, status: int | None, *names: str) -> bool:
        """Whether a status is that of one of some errors."""
        return any(name in self.errors and self.errors[name].status == status for name in names)


@cache
def operations() -> Mapping[str, Operation]:
    """All operations by their names."""
    found = {}
    for name, said in api()["operations"].items():
        ((status, success),) = said["success"].items()
        found[name] = Operation(
            name=name,
            kind=said["kind"],
            method=said["method"],
            path=said["path"],
            success=Answer(
                status=int(status), object=success["schema"], constraint=success["constraint"]
            ),
            errors={
                error: Answer(
                    status=told["status"], object=told["schema"], constraint=told["constraint"]
                )
                for error, told in said["errors"].items()
            },
            at=said["at"],
        )
    return found


def of_kind(kind: str) -> Operation | None:
    """The operation of a kind, if there is one."""
    return next((found for found in operations().values() if found.kind == kind), None)


def job_path(id: str) -> str:
    """Where a job is looked up."""
    path: str = api()["job"]["path"]
    return path.replace("{job}", quote(id, safe=""))


def fits(exchange: Exchange, answer: Answer) -> bool:
    """Whether an exchange has an answer of that status and object."""
    return exchange.status == answer.status and misfit(exchange, answer.object) is None


def part(exchange: Exchange, pointer: str | None) -> Any:
    """What is at a JSON Pointer in an answer; None if nothing is."""
    return one_at(pointer, parsed(exchange))
