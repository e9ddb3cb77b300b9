"""Answers, made by walking their schemas: what is known stands where its role is, at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

_NOTHING = object()
_SCALARS = (str, int, bool)
# A schema may refer to itself; an answer ends here.
_DEEPEST = 12
_EXAMPLES = {
    "date-time": "2026-01-01T00:00:00.000Z",
    "date": "2026-01-01",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
    "email": "you@example.com",
}


class Known(dict[str, Any]):
    """What is known of an object, by role. None is known to be without a value.

    `object` names the schema that it has in place of the one that is found there.
    """

    def __init__(self, known: Mapping[str, Any], object: str | None = None) -> None:
        super().__init__(known)
        self.object = object


class Shape:
    """A schema, read for making answers of it."""

    def __init__(self, schema: Json, document: Json, depth: int = 0) -> None:
        self._document = document
        self._depth = depth
        self.schema = bare(schema, document)
        self.role: str | None = self.schema.get("x-role")
        self.nullable = _is_nullable(schema, document)
        # Whether a text, a number or a flag can only be what it is.
        self._is_plain = not ({"enum", "properties"} & self.schema.keys())
        self._components: dict[str, Shape] = {}

    @cached_property
    def members(self) -> dict[str, tuple[Shape, bool]]:
        """The members of an object, each with whether it has to be there."""
        required = self.schema.get("required", ())
        return {
            name: (self._below(inner), name in required)
            for name, inner in self.schema.get("properties", {}).items()
            if self._depth < _DEEPEST
        }

    @cached_property
    def item(self) -> Shape | None:
        """What a list holds."""
        items = self.schema.get("items")
        return self._below(items) if isinstance(items, dict) else None

    @cached_property
    def branches(self) -> list[Shape]:
        """The forms that it may have, if there are several."""
        forms = [*self.schema.get("anyOf", ()), *self.schema.get("oneOf", ())]
        return [
            self._below(form)
            for form in forms
            if form != {"type": "null"} and self._depth < _DEEPEST
        ]

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles of its members, at any depth but in lists."""
        found = {self.role} if self.role else set()
        for inner in [*self.branches, *(inner for inner, _ in self.members.values())]:
            found |= inner.roles
        return frozenset(found)

    def choices_of(self, role: str) -> Iterator[list[Any]]:
        """The values that a member of a role is said to have."""
        for inner, _ in self.members.values():
            if inner.role == role:
                for form in (inner, *inner.branches):
                    if "enum" in form.schema:
                        yield [value for value in form.schema["enum"] if value is not None]
            yield from inner.choices_of(role)

    def filled(self, known: Known) -> Any:
        """The answer of what is known; what is not, and has to be there, is made of its schema."""
        value = self._value(known)
        return self.empty if value is _NOTHING else value

    def _value(self, known: Known) -> Any:
        if self.role is not None and self.role in known:
            return self._of(known[self.role])
        for form in self.branches:
            if (value := form._value(known)) is not _NOTHING:
                return value
        found: Json = {}
        empty = True
        for name, (inner, required) in self.members.items():
            if (role := inner.role) is not None and role in known:
                value = inner._of(known[role])
            else:
                value = inner._value(known)
            if value is not _NOTHING:
                empty = False
            elif required:
                value = inner.empty
            else:
                continue
            found[name] = value
        return _NOTHING if empty else found

    def _of(self, value: Any) -> Any:
        """A known value in the form that is wanted here."""
        if self._is_plain and type(value) in _SCALARS:
            return value
        if value is None:
            return None if self.nullable else _NOTHING
        if isinstance(value, Known):
            shape = self if value.object is None else self._component(value.object)
            return shape.filled(Known(value))
        if isinstance(value, datetime):
            if self.schema.get("type") in ("integer", "number"):
                return int(value.timestamp())
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if isinstance(value, list) and self.item is not None:
            items = (self.item._of(item) for item in value)
            return [item for item in items if item is not _NOTHING]
        if isinstance(value, str) and self.members:  # A file that is an object with a URL.
            return self.filled(Known({"url": value}))
        if "enum" in self.schema and value not in self.schema["enum"]:
            return _NOTHING
        return value

    def _component(self, name: str) -> Shape:
        if name not in self._components:
            self._components[name] = self._below({"$ref": f"#/components/schemas/{name}"})
        return self._components[name]

    def _below(self, schema: Json) -> Shape:
        return Shape(schema, self._document, self._depth + 1)

    @cached_property
    def empty(self) -> Any:
        """A value when nothing is known: null where it may be, else the plainest that is allowed."""
        if self.nullable:
            return None
        schema = self.schema
        for word in ("const", "default"):
            if word in schema:
                return schema[word]
        for word in ("enum", "examples"):
            if schema.get(word):
                return schema[word][0]
        if self.branches:
            return self.branches[0].empty
        if self.members:
            return {n: inner.empty for n, (inner, required) in self.members.items() if required}
        return self._plainest(schema)

    def _plainest(self, schema: Json) -> Any:
        match schema.get("type"):
            case "string":
                return _EXAMPLES.get(schema.get("format", ""), "x" * schema.get("minLength", 0))
            case "integer" | "number":
                above = 1 if schema.get("exclusiveMinimum", -1) >= 0 else 0
                return min(schema.get("minimum", above), schema.get("maximum", above + 1e9))
            case "boolean":
                return False
            case "array":
                least = schema.get("minItems", 0)
                return [self.item.empty if self.item else None for _ in range(least)]
            case _:
                return {}


def bare(schema: Json, document: Json) -> Json:
    """A schema without detours: references are followed, and that it may be null is left aside."""
    while True:
        forms = [form for form in schema.get("anyOf", ()) if form != {"type": "null"}]
        if "$ref" in schema:
            beside = {word: value for word, value in schema.items() if word != "$ref"}
            schema = {**target(schema["$ref"], document), **beside}
        elif len(forms) == 1:
            beside = {word: value for word, value in schema.items() if word != "anyOf"}
            schema = {**forms[0], **beside}
        elif isinstance(schema.get("type"), list):
            kinds = [kind for kind in schema["type"] if kind != "null"]
            schema = {**schema, "type": kinds[0] if kinds else "null"}
        else:
            return schema


def _is_nullable(schema: Json, document: Json) -> bool:
    if "$ref" in schema:
        return _is_nullable(target(schema["$ref"], document), document)
    kinds = schema.get("type")
    return (
        kinds == "null"
        or (isinstance(kinds, list) and "null" in kinds)
        or any(_is_nullable(form, document) for form in schema.get("anyOf", ()))
    )


def target(reference: str, document: Json) -> Json:
    """What a reference of a document leads to."""
    place: Any = document
    for part in reference.removeprefix("#/").split("/"):
        place = place[part]
    found: Json = place
    return found
