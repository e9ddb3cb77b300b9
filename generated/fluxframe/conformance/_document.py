# A copy of codegen/runtime/conformance/_document.py, where it is edited.
"""What the documents say of operations: the sequences and what surrounds them, and the schemas of answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from .._extras import missing
from .._redact import short_repr
from ._files import emitted
from ._vectors import Certainty, Constraint, Expected

try:
    import jsonschema_rs
except ModuleNotFoundError as error:
    raise missing("conformance", "conformance", error.name) from None

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsNeeded:
    """How many jobs a sequence needs, of which operation if that matters, and whether with their keys.

    `unlike` is a request that none of them was made of.
    """

    operation: str | None
    count: int
    keyed: bool = False
    unlike: Json | None = None

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSequence:
    """Requests to be sent one after the other, and what is to come of each.

    It is a vector, told by its `id`. Those of a lower `stage` come first: 0 needs no job, 1 looks at jobs,
    2 may make some, and 3 removes them. `costs` tells whether a server that keeps its documents takes
    credits for it. Where one of the constraints that it `needs` does not hold, it would tell nothing new.
    """

    id: str
    constraint: str
    says: str
    stage: int
    costs: bool
    needs: tuple[str, ...]
    steps: tuple[Json, ...]
    jobs: JobsNeeded | None = None
    sure: Certainty = "documented"
    readings: Mapping[str, Expected]

    __repr__ = short_repr


@cache
def sequences() -> tuple[ApiSequence, ...]:
    """All sequences, in the order in which they can be run."""
    return tuple(
        ApiSequence(
            **{
                "readings": {},
                **entry,
                "needs": tuple(entry["needs"]),
                "steps": tuple(entry["steps"]),
                "jobs": JobsNeeded(**entry["jobs"]) if "jobs" in entry else None,
            }
        )
        for entry in api()["sequences"]
    )


@cache
def api_constraints() -> Mapping[str, Constraint]:
    """The constraints of operations, by their ids."""
    return {id: Constraint(id=id, **entry) for id, entry in api()["constraints"].items()}


@cache
def api() -> Json:
    """What holds for operations, as it is emitted."""
    return emitted("vectors", "api.json")


@cache
def validator(component: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of an object of the OpenAPI document."""
    components = emitted("openapi.json")["components"]
    schema = {"$ref": f"#/components/schemas/{component}", "components": components}
    # Without the values, which are others in each run: what a finding says is compared with what it said.
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, mask="a value")


def found_at(pointer: str, value: Any) -> Iterator[Any]:
    """What is at a JSON Pointer, in which `*` stands for every item of a list; nothing if it leads nowhere."""
    name, _, rest = pointer.removeprefix("/").partition("/")
    if not pointer:
        yield value
    elif name == "*":
        for item in value if isinstance(value, list) else ():
            yield from found_at(f"/{rest}" if rest else "", item)
    elif isinstance(value, dict):
        name = name.replace("~1", "/").replace("~0", "~")
        if name in value:
            yield from found_at(f"/{rest}" if rest else "", value[name])


def one_at(pointer: str | None, value: Any) -> Any:
    """What is at a JSON Pointer; None if nothing is."""
    return None if pointer is None else next(found_at(pointer, value), None)
