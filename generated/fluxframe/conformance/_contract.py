# A copy of codegen/runtime/conformance/_contract.py, where it is edited.
"""What the operations answer, as `api.json` and the OpenAPI document say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from ._outcomes import Exchange
from ._vectors import Constraint


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of an operation: the object that it holds, and what is blamed if it does not."""

    status: int
    object: str | None
    constraint: str


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
    for name, said in _emitted("vectors", "api.json")["operations"].items():
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


@cache
def constraints() -> Mapping[str, Constraint]:
    """The constraints of operations, by their ids."""
    said: dict[str, Any] = _emitted("vectors", "api.json")["constraints"]
    return {id: Constraint(id=id, **entry) for id, entry in said.items()}


def fits(exchange: Exchange, answer: Answer) -> bool:
    """Whether an exchange has an answer of that status and object."""
    if exchange.status != answer.status:
        return False
    if answer.object is None:
        return True
    try:
        return _validator(answer.object).is_valid(json.loads(exchange.answer))
    except (ValueError, RecursionError):  # It is not JSON, or deeper than the engine goes.
        return False


def part(exchange: Exchange, pointer: str | None) -> Any:
    """What is at a JSON Pointer in an answer; None if nothing is."""
    try:
        place: Any = json.loads(exchange.answer)
    except (ValueError, RecursionError):
        return None
    for name in (pointer or "/").split("/")[1:]:
        place = place.get(name) if isinstance(place, dict) else None
    return place


@cache
def _validator(object: str) -> jsonschema_rs.Draft202012Validator:
    components = _emitted("openapi.json")["components"]
    schema = {"$ref": f"#/components/schemas/{object}", "components": components}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


@cache
def _emitted(*path: str) -> dict[str, Any]:
    package = files(__name__.rsplit(".", 2)[0])  # It may be in a zip, where no path leads.
    loaded: dict[str, Any] = json.loads(package.joinpath("_emitted", *path).read_bytes())
    return loaded
