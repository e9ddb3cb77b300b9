"""Values that a schema allows, and requests of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from ._document import Json, Model
from ._patterns import UnreadableError, parse, text_of

# Stands in a path for the items of a list.
ITEM = "[]"
_UUID = "a1b2c3d4-e5f6-4890-abcd-ef1234567890"


@dataclass(frozen=True, eq=False)
class Place:
    """A part of a request: where it is, and its schema, which is at `keys` of the request's."""

    at: tuple[str, ...]
    keys: tuple[str, ...]
    schema: Json
    required: bool

    @property
    def dotted(self) -> str:
        """Its path, as constraints have it; that of an item is its list's."""
        return ".".join(name for name in self.at if name != ITEM)

    @property
    def types(self) -> set[str]:
        """The types that it may be of."""
        said = self.schema.get("type", [])
        return {said} if isinstance(said, str) else set(said)


def places(schema: Json) -> Iterator[Place]:
    """All parts of a request, itself first."""
    yield from _places(Place((), (), schema, True))


def _places(place: Place) -> Iterator[Place]:
    yield place
    required = place.schema.get("required", ())
    for name, inner in place.schema.get("properties", {}).items():
        at, keys = (*place.at, name), (*place.keys, "properties", name)
        yield from _places(Place(at, keys, inner, name in required))
    if isinstance(place.schema.get("items"), dict):
        at, keys = (*place.at, ITEM), (*place.keys, "items")
        yield from _places(Place(at, keys, place.schema["items"], False))


def with_schema(schema: Json, keys: Sequence[str], inner: Json) -> Json:
    """A schema of which a part is another."""
    if not keys:
        return inner
    return {**schema, keys[0]: with_schema(schema[keys[0]], keys[1:], inner)}


class Fits:
    """Whether a value fits a schema."""

    def __init__(self, schema: Json) -> None:
        self._validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    def __call__(self, value: Any) -> bool:
        try:
            return self._validator.is_valid(value)
        except ValueError:  # It is too deep, or a number that JSON does not have.
            return False


def value_of(schema: Json, *, whole: bool = False) -> Any:
    """A value that a schema allows: with all members, or with those that must be there."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return value_of(schema["anyOf"][0], whole=whole)
    kinds = schema.get("type", "string")
    match kinds if isinstance(kinds, str) else kinds[0]:
        case "boolean":
            return True
        case "integer" | "number":
            return _number(schema)
        case "array":
            size = max(schema.get("minItems", 0), 1 if whole else 0)
            return [value_of(schema.get("items", {}), whole=whole) for _ in range(size)]
        case "object":
            required = schema.get("required", ())
            return {
                name: value_of(inner, whole=whole)
                for name, inner in schema.get("properties", {}).items()
                if whole or name in required
            }
        case "null":
            return None
        case _:
            return _text(schema)


def _number(schema: Json) -> int | float:
    step: int | float = schema.get("multipleOf", 1)
    if "minimum" in schema:
        low: int | float = schema["minimum"]
        return low
    if "exclusiveMinimum" in schema:
        return float(schema["exclusiveMinimum"] + step)
    high: int | float = schema.get("maximum", schema.get("exclusiveMaximum", step + 1) - 1)
    return min(step, high)


def _text(schema: Json) -> str:
    if schema.get("format") == "uuid":
        return _UUID
    if schema.get("examples"):
        return str(schema["examples"][0])
    if "pattern" in schema:
        try:
            return text_of(parse(schema["pattern"]))
        except UnreadableError:
            return "x"
    length: int = max(schema.get("minLength", 1), min(1, schema.get("maxLength", 1)))
    return "a" * length


def requests_of(model: Model) -> tuple[Json, Json]:
    """A request of a model with what must be there, and one with all that can be."""
    fits = Fits(model.schema)
    least, most = value_of(model.schema), value_of(model.schema, whole=True)
    for place in reversed(list(places(model.schema))):
        if fits(most):
            break
        if not place.required and ITEM not in place.at:
            most = without(most, place.at)
    for place in places(model.schema):  # A rule may need more than what must always be there.
        if fits(least):
            break
        if place.at and ITEM not in place.at and not has(least, place.at):
            least = put(least, place.at, value_of(place.schema))
    return least, most


def has(request: Any, at: Sequence[str]) -> bool:
    """Whether a request has something at a place."""
    for name in at:
        if not isinstance(request, dict) or name not in request:
            return False
        request = request[name]
    return True


def put(request: Any, at: Sequence[str], value: Any) -> Any:
    """A request with a value at a place, which in a list is the last item."""
    if not at:
        return value
    if at[0] == ITEM:
        items = request if isinstance(request, list) and request else [None]
        return [*items[:-1], put(items[-1], at[1:], value)]
    members = request if isinstance(request, dict) else {}
    return {**members, at[0]: put(members.get(at[0]), at[1:], value)}


def without(request: Any, at: Sequence[str]) -> Any:
    """A request without what is at a place, which is in no list."""
    if not has(request, at):
        return request
    if len(at) == 1:
        return {name: inner for name, inner in request.items() if name != at[0]}
    return {**request, at[0]: without(request[at[0]], at[1:])}
