"""JSON Schemas of an OpenAPI 3 document to what they allow: a Shape for every value in them.

`oneOf` is read as `anyOf`, and the `format` of a number as a comment, as most validators do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias
from urllib.parse import unquote

from ..spec.document import DEEPEST
from .alternatives import Alternative, alternative_of
from .documents import DocumentError, Json, as_mapping, listed
from .values import ANY_FORM, ANY_SIZE, SCALARS, Form, Interval, Values, is_within, kinds_of

# The steps from a value to what is in it: `.name`, or one of these.
Place: TypeAlias = tuple[str, ...]
ITEM, MORE = "[]", "{}"

_COMBINING = {"$ref", "allOf", "anyOf", "oneOf", "discriminator"}  # And nothing of its own.

_MOST = 500  # How many alternatives a schema may have.
_MOST_PLACES = 2000  # How many values may be in one.
_DEEPEST = 8  # How many steps a value may be away from it.


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value may be; a constraint says nothing of the types that it is not for.

    `rules` are keywords that are compared only letter for letter. Where `unread` has anything, no
    more is compared than the types, and whether the `parts` are the same one by one.
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
    closed: bool
    default: tuple[object, ...]
    rules: frozenset[str]
    unread: frozenset[str]
    parts: tuple[Shape, ...] = ()

    @property
    def free(self) -> bool:
        """Whether nothing is said of the value."""
        return replace(self, required=False, nullable=True, default=()) == _ANYTHING

    def holds(self, value: object) -> bool | None:
        """Whether a scalar is allowed; None where that can't be decided."""
        fits = is_within(value, self.range, self.multiple_of, self.length)
        return self.values.holds(value) if fits and kinds_of(value) & self.types else False


Places: TypeAlias = dict[Place, Shape]


class Reader:
    """The schemas of an OpenAPI document.

    With `answers`, texts that are named beside any other are read as those that are named: more
    may always come.
    """

    def __init__(self, document: Json, *, answers: bool = False) -> None:
        self._document = document
        self._answers = answers
        self._known: dict[str, list[Alternative]] = {}
        self._open: set[str] = set()
        self._places: dict[str, Places] = {}

    def resolved(self, value: object) -> Json:
        """A path item, a parameter or a body, which may stand elsewhere."""
        for _ in range(DEEPEST):
            found = as_mapping(value)
            if "$ref" not in found:
                return found
            value = self._target(str(found["$ref"]))
        return {}

    def places(self, schema: object, required: bool = False) -> Places:
        """The shapes of a value and of all that is in it."""
        if not isinstance(schema, dict) or schema.keys() != {"$ref"} or required:
            return self.places_in(self._alternatives(schema), required)
        name = str(schema["$ref"])
        if name not in self._places:
            self._places[name] = self.places_in(self._alternatives(schema))
        return self._places[name]

    def places_in(self, alternatives: list[Alternative], required: bool = False) -> Places:
        """The same of a value that one of some alternatives allows."""
        found: dict[Place, Shape] = {}
        for path, shape in self._walk(alternatives, required, (), _DEEPEST):
            found[path] = shape
            if len(found) > _MOST_PLACES:
                raise DocumentError(
                    f"a schema of the document has more than {_MOST_PLACES} members"
                )
        return found

    def bodies(self, schema: object, tag: str) -> Bodies:
        """The alternatives of an object, which the member `tag` tells apart."""
        objects = [each for each in self._alternatives(schema) if "object" in each.kinds]
        return Bodies(
            [
                (each, self.shape(_all(each.properties[tag])) if tag in each.properties else None)
                for each in objects
            ]
        )

    def shape(self, schema: object, required: bool = False) -> Shape:
        """What a schema of the document allows."""
        return self._shape(self._alternatives(schema), required)

    def _shape(self, alternatives: list[Alternative], required: bool) -> Shape:
        alternatives = [part for each in alternatives for part in each.by_kind()]
        if self._answers:
            alternatives = _closed_names(alternatives)
        shape = _joined(alternatives, required)
        parts: tuple[Shape, ...] = ()
        if shape.unread and len(alternatives) > 1:
            shapes = {repr(each): each for each in (_joined([a], False) for a in alternatives)}
            parts = tuple(shapes[key] for key in sorted(shapes))
        return replace(shape, parts=parts)

    def _walk(
        self, alternatives: list[Alternative], required: bool, path: Place, steps: int
    ) -> Iterator[tuple[Place, Shape]]:
        shape, inner = self._shape(alternatives, required), list(_inside(alternatives))
        if inner and not steps:
            shape = replace(shape, unread=shape.unread | {"more than can be told"})
        yield path, shape
        for name, schema, needed in inner if steps else ():
            yield from self._walk(self._alternatives(schema), needed, (*path, name), steps - 1)

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
        if not parts or not schema.keys() <= _COMBINING:
            parts.append([alternative_of(schema)])
        result = parts[0]
        for part in parts[1:]:
            if len(result) * len(part) > _MOST:
                raise DocumentError(f"a schema of the document has more than {_MOST} alternatives")
            result = [one & two for one in result for two in part]
        if len(result) > _MOST:
            raise DocumentError(f"a schema of the document has more than {_MOST} alternatives")
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


@dataclass(frozen=True, slots=True)
class Bodies:
    """The alternatives of a request, each with what tells that it is meant, if anything does."""

    alternatives: list[tuple[Alternative, Shape | None]]

    def named(self) -> list[str]:
        """The values that are told apart, sorted."""
        shapes = [shape for _, shape in self.alternatives if shape is not None]
        return sorted({str(name) for shape in shapes for name in shape.values.named})

    def of(self, value: str) -> list[Alternative]:
        """The alternatives that are meant with a value."""
        return [
            each
            for each, shape in self.alternatives
            if (not each.closed if shape is None else shape.holds(value) is not False)
        ]


def _joined(alternatives: list[Alternative], required: bool) -> Shape:
    """What one of some alternatives allows; where they can't be told as one, it is `unread`."""
    numbers, texts, arrays = (
        [each for each in alternatives if each.kinds & kinds and each.enum is None]
        for kinds in ({"integer", "number"}, {"string"}, {"array"})
    )
    objects = [each for each in alternatives if "object" in each.kinds]
    kinds = frozenset[str]().union(*(each.kinds for each in alternatives))
    scalars = {"string"} if "string" in kinds else SCALARS
    values = [each.values for each in alternatives if each.kinds & scalars]
    unread = frozenset[str]().union(*(each.unread for each in alternatives))
    limits = (
        [(each.whole_range, each.multiple_of, "number" in each.kinds) for each in numbers],
        [each.length for each in texts],
        [(each.count, each.unique, each.items) for each in arrays],
        [each.rules for each in alternatives],
        [each.closed for each in objects],
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
        closed=bool(objects) and all(each.closed for each in objects),
        default=next((each.default for each in alternatives if each.default), ()),
        rules=frozenset[str]().union(_needs(objects), *(each.rules for each in alternatives)),
        unread=unread,
    )


def _needs(objects: list[Alternative]) -> Iterator[str]:
    """A rule where objects must have some members or others."""
    needs = {each.required for each in objects}
    if len(needs) > 1:
        yield "requires " + " or ".join(sorted(" and ".join(sorted(n)) or "none" for n in needs))


def _closed_names(alternatives: list[Alternative]) -> list[Alternative]:
    """The alternatives without that of any text, where another names texts."""
    if not any(each.enum is not None and "string" in each.kinds for each in alternatives):
        return alternatives
    return [
        each
        for each in alternatives
        if each.enum is not None
        or each.types != {"string"}
        or (each.form, each.length) != (ANY_FORM, ANY_SIZE)
    ]


def _inside(alternatives: list[Alternative]) -> Iterator[tuple[str, Json, bool]]:
    """What is in a value: its name, its schema, and whether it is required."""
    objects = [each for each in alternatives if "object" in each.kinds]
    for name in dict.fromkeys(name for each in objects for name in each.properties):
        schema = _any(each.properties.get(name, ()) for each in objects)
        yield f".{name}", schema, all(name in each.required for each in objects)
    if any(each.additional for each in objects):
        yield MORE, _any(each.additional for each in objects), False
    arrays = [each for each in alternatives if "array" in each.kinds and each.enum is None]
    if any(each.items for each in arrays):
        yield ITEM, _any(each.items for each in arrays), False


def _any(schemas: Iterator[tuple[object, ...]]) -> Json:
    """What one of some groups of schemas allows, of which some say nothing."""
    found: list[tuple[object, ...]] = []
    for each in schemas:
        if each and each not in found:
            found.append(each)
    return {"anyOf": [_all(each) for each in found]}


def _all(schemas: tuple[object, ...]) -> Json:
    return {"allOf": list(schemas)}


def _member(value: object, key: str) -> object:
    if isinstance(value, list):
        return value[int(key)] if key.isdecimal() and int(key) < len(value) else None
    return as_mapping(value).get(key)


_ANYTHING = _joined([Alternative()], required=False)
