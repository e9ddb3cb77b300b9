"""An OpenAPI 3 document to what it takes of a request: a Shape for every parameter.

`oneOf` is read as `anyOf`, and the `format` of a number as a comment, as most validators do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import unquote, urlsplit

from ..spec.document import DEEPEST
from .alternatives import Alternative, alternative_of
from .documents import DocumentError, Json, as_mapping, listed
from .values import SCALARS, Form, Interval, Values, is_within, kinds_of

MODEL = "model"

_MOST = 500  # How many alternatives a schema may have.


@dataclass(frozen=True, slots=True)
class Shape:
    """What a parameter may be; a constraint says nothing of the types that it is not for.

    `rules` are keywords that are compared only letter for letter; where `unread` has anything, no
    more is known than the types.
    """

    types: frozenset[str]
    nullable: bool
    required: bool
    values: Values
    range: Interval
    multiple_of: Fraction | None
    length: Interval
    count: Interval
    unique: bool
    items: Shape | None
    closed: bool
    default: tuple[object, ...]
    rules: frozenset[str]
    unread: frozenset[str]

    def holds(self, value: object) -> bool | None:
        """Whether a scalar is allowed; None where that can't be decided."""
        fits = is_within(value, self.range, self.multiple_of, self.length)
        return self.values.holds(value) if fits and kinds_of(value) & self.types else False


class Reader:
    """An OpenAPI document, at the JSON that one of its operations takes.

    Raises DocumentError if it has no such operation, or that takes no JSON.
    """

    def __init__(self, document: Json, method: str, path: str) -> None:
        self._document = document
        self._known: dict[str, list[Alternative]] = {}
        self._open: set[str] = set()
        body = self._resolved(self._operation(method, path).get("requestBody"))
        schemas = [
            as_mapping(media).get("schema")
            for kind, media in as_mapping(body.get("content")).items()
            if kind.partition(";")[0].strip().endswith(("/json", "+json"))
        ]
        if not schemas:
            raise DocumentError(f"{method} {path} takes no JSON in this document")
        self._requests = [f for f in self._alternatives(schemas[0]) if "object" in f.kinds]

    def models(self) -> list[str]:
        """The models that are named, sorted."""
        shapes = [self.shape(_all(each.properties.get(MODEL, ()))) for each in self._requests]
        return sorted({str(name) for shape in shapes for name in shape.values.named})

    def request(self, model: str, container: str) -> dict[str, Shape] | None:
        """What a request for a model takes, by path on the wire; None if the model is not taken.

        Raises DocumentError if a reference of the request leads nowhere.
        """
        taking = [each for each in self._requests if self._takes(each, model)]
        if not taking:
            return None
        for unread in sorted(reason for each in taking for reason in each.unread):
            raise DocumentError(f"the request for {model} refers to {unread}")
        members = dict(_members(taking))
        members.pop(MODEL, None)
        inner = self._alternatives(members[container][0]) if container in members else []
        for name, member in _members([each for each in inner if "object" in each.kinds]):
            members[f"{container}.{name}"] = member
        return {name: self.shape(schema, needed) for name, (schema, needed) in members.items()}

    def shape(self, schema: object, required: bool = False, depth: int = 0) -> Shape:
        """What a schema of the document allows."""
        alternatives = self._alternatives(schema)
        numbers, texts, arrays = (
            [each for each in alternatives if each.kinds & kinds and each.enum is None]
            for kinds in ({"integer", "number"}, {"string"}, {"array"})
        )
        kinds = frozenset[str]().union(*(each.kinds for each in alternatives))
        scalars = {"string"} if "string" in kinds else SCALARS
        values = [each.values for each in alternatives if each.kinds & scalars]
        unread = frozenset[str]().union(*(each.unread for each in alternatives))
        limits = (
            [(each.whole_range, each.multiple_of, "number" in each.kinds) for each in numbers],
            [each.length for each in texts],
            [(each.count, each.unique, each.items) for each in arrays],
            [each.rules for each in alternatives],
        )
        named = frozenset[Any]().union(*(each.named for each in values))
        apart = any(one != group[0] for group in limits for one in group)
        # A name beside a range that it is not in is a limit of its own.
        if apart or not all(each.fits(name) for each in (*numbers, *texts) for name in named):
            unread |= {"alternatives with limits of their own"}
        several = len(kinds & {"string", "boolean"}) + bool(kinds & {"integer", "number"}) > 1
        if several and any(each.enum is not None for each in alternatives):
            unread |= {"values of more than one type"}
        number, text, array = ([*group, Alternative()][0] for group in (numbers, texts, arrays))
        items = None
        if arrays and depth < 4:
            items = self.shape(_all(array.items), depth=depth + 1)
        elif arrays:
            unread |= {"items of items"}
        return Shape(
            types=kinds - {"null"},
            nullable="null" in kinds,
            required=required,
            values=Values(
                named,
                frozenset[Form]().union(*(each.forms for each in values)),
                any(each.free for each in values),
            ),
            range=number.whole_range,
            multiple_of=number.multiple_of,
            length=text.length,
            count=array.count,
            unique=array.unique,
            items=items,
            closed=all(each.closed for each in alternatives if "object" in each.kinds),
            default=next((each.default for each in alternatives if each.default), ()),
            rules=frozenset[str]().union(*(each.rules for each in alternatives)),
            unread=unread,
        )

    def _takes(self, each: Alternative, model: str) -> bool:
        if MODEL not in each.properties:
            return not each.closed
        return self.shape(_all(each.properties[MODEL])).holds(model) is not False

    def _operation(self, method: str, path: str) -> Json:
        """The operation at a path, before which a server's or another prefix may stand."""
        found: list[tuple[int, Json]] = []
        for place, entry in as_mapping(self._document.get("paths")).items():
            item = self._resolved(entry)
            operation = as_mapping(item.get(method.lower()))
            servers = [
                as_mapping(s)
                for d in (self._document, item, operation)
                for s in listed(d, "servers")
            ]
            for prefix in ["", *map(_server_path, servers)] if operation else []:
                full = prefix + place.rstrip("/")
                if full.endswith(path):
                    found.append((len(full), operation))
        if not found:
            raise DocumentError(f"the document has no {method} {path}")
        return min(found, key=lambda pair: pair[0])[1]

    def _resolved(self, value: object) -> Json:
        """A path item or a body, which may stand elsewhere."""
        for _ in range(DEEPEST):
            found = as_mapping(value)
            if "$ref" not in found:
                return found
            value = self._target(str(found["$ref"]))
        return {}

    def _target(self, reference: str) -> object:
        """What a reference leads to; None if it leads nowhere, or out of the document."""
        value: object = self._document if reference.startswith("#") else None
        for part in reference.split("/")[1:]:
            value = _member(value, unquote(part).replace("~1", "/").replace("~0", "~"))
        return value

    def _alternatives(self, schema: object) -> list[Alternative]:
        """A value is allowed by the schema if one of these allows it."""
        if not isinstance(schema, dict):
            return [] if schema is False else [Alternative()]
        parts = [self._alternatives(branch) for branch in listed(schema, "allOf")]
        if "$ref" in schema:
            parts.append(self._referred(str(schema["$ref"])))
        for keyword in ("anyOf", "oneOf"):
            if branches := listed(schema, keyword):
                parts.append([each for branch in branches for each in self._branch(schema, branch)])
        result = [Alternative()]
        for part in [*parts, [alternative_of(schema)]]:
            if len(result) * len(part) > _MOST:
                raise DocumentError(f"a schema of the document has more than {_MOST} alternatives")
            result = [one & two for one in result for two in part]
        return [each for each in result if each.kinds]

    def _referred(self, reference: str) -> list[Alternative]:
        if reference in self._open:
            return [Alternative(unread=frozenset({f"{reference}, which leads to itself"}))]
        if reference not in self._known:
            target = self._target(reference)
            if target is None:
                return [Alternative(unread=frozenset({f"{reference}, which leads nowhere"}))]
            self._open.add(reference)
            self._known[reference] = self._alternatives(target)
            self._open.remove(reference)
        return self._known[reference]

    def _branch(self, schema: Json, branch: object) -> list[Alternative]:
        """A branch of a union, with the names that a discriminator has for it."""
        alternatives, reference = self._alternatives(branch), as_mapping(branch).get("$ref")
        tag = as_mapping(schema.get("discriminator"))
        names = [
            name
            for name, target in as_mapping(tag.get("mapping")).items()
            if reference and reference in (target, f"#/components/schemas/{target}")
        ]
        named = Alternative(properties={str(tag.get("propertyName")): ({"enum": names},)})
        return [each & named for each in alternatives] if names else alternatives


def _members(alternatives: list[Alternative]) -> Iterator[tuple[str, tuple[Json, bool]]]:
    """The members of an object: the schema of each, and whether it is required."""
    for name in dict.fromkeys(name for each in alternatives for name in each.properties):
        having = [each for each in alternatives if name in each.properties]
        schema = {"anyOf": [_all(each.properties[name]) for each in having]}
        yield name, (schema, all(name in each.required for each in alternatives))


def _all(schemas: tuple[object, ...]) -> Json:
    return {"allOf": list(schemas)}


def _member(value: object, key: str) -> object:
    if isinstance(value, list):
        return value[int(key)] if key.isdecimal() and int(key) < len(value) else None
    return as_mapping(value).get(key)


def _server_path(server: Json) -> str:
    try:
        return urlsplit(str(server.get("url"))).path.rstrip("/")
    except ValueError:
        return ""
