"""An OpenAPI 3 document to what it takes of a request: a Shape for every parameter.

`oneOf` is read as `anyOf`, and the `format` of a number as a comment, as most validators do.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import yaml

from ..spec import document
from ..spec.diagnostics import SpecError

Json: TypeAlias = dict[str, Any]
# A number, and where the end is beside it: 1 is just above it, -1 just below it.
Bound: TypeAlias = tuple[int | float, int]
Interval: TypeAlias = tuple[Bound, Bound]
# Patterns that a text matches, and formats, as `format: uri`, that it has; all of them.
Form: TypeAlias = tuple[str, ...]

EVERY: Interval = ((-math.inf, 0), (math.inf, 0))
ANY_SIZE: Interval = ((0, 0), (math.inf, 0))
ANY_TYPE = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})
MODEL = "model"

_SCALARS = frozenset({"string", "integer", "number", "boolean"})

_DEEPEST = 100  # So deep a document may nest.
_MOST = 500  # So many alternatives a schema may have.
_RULES = (
    *("not", "if", "then", "else", "dependentSchemas", "dependentRequired", "patternProperties"),
    *("propertyNames", "minProperties", "maxProperties", "contains", "prefixItems"),
)


class DocumentError(ValueError):
    """A document that can't be compared; the message says in a line why."""


def parse(name: str, data: bytes) -> Json:
    """The OpenAPI 3 document in `data`, JSON or YAML. Raises DocumentError if it is none."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise DocumentError(f"{name} is HTML or XML, no OpenAPI document")
    try:
        found = _value(name, data)
    except (SpecError, yaml.YAMLError, UnicodeError) as error:
        said = str(error).splitlines()[0].removeprefix(f"{name}:")
        raise DocumentError(f"{name} is neither JSON nor YAML: {said}") from None
    except RecursionError:
        raise DocumentError(f"{name} nests too deep") from None
    if not isinstance(found, dict):
        raise DocumentError(f"{name} holds a {type(found).__name__}, no OpenAPI document")
    if "swagger" in found:
        raise DocumentError(f"{name} is Swagger {found['swagger']}; only OpenAPI 3 is read")
    if not str(found.get("openapi")).startswith("3."):
        raise DocumentError(f"{name} is no OpenAPI 3 document: it does not say `openapi: 3.…`")
    return found


def _value(name: str, data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        _check_events(name, data)
        return document.parse(name, data).value


def _check_events(name: str, data: bytes) -> None:
    """Refuse what grows or nests without end before any of it is built."""
    depth = 0
    for event in yaml.parse(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise DocumentError(f"{name} has the YAML alias `*{event.anchor}`; write the value out")
        if depth > _DEEPEST:
            raise DocumentError(f"{name} nests too deep")


@dataclass(frozen=True, slots=True)
class Values:
    """A set of values: those named, texts of a form, or all."""

    named: frozenset[Any] = frozenset()
    forms: frozenset[Form] = frozenset()
    free: bool = False

    @property
    def listed(self) -> bool:
        """Whether every value is named."""
        return not self.free and not self.forms

    def holds(self, value: object) -> bool | None:
        """Whether a value is in the set; None where that can't be told."""
        if self.free or value in self.named:
            return True
        answers = [_has_form(form, value) for form in self.forms if isinstance(value, str)]
        return True if True in answers else None if None in answers else False


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
        """Whether a scalar is allowed; None where that can't be told."""
        fits = _fits(value, self.range, self.multiple_of, self.length)
        return self.values.holds(value) if fits and _kinds(value) & self.types else False


@dataclass(frozen=True, slots=True)
class _Flat:
    """One alternative of a schema: no reference, no combination."""

    types: frozenset[str] = ANY_TYPE
    enum: tuple[Any, ...] | None = None
    range: Interval = EVERY
    multiple_of: Fraction | None = None
    length: Interval = ANY_SIZE
    count: Interval = ANY_SIZE
    form: Form = ()
    unique: bool = False
    items: tuple[object, ...] = ()
    properties: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    closed: bool = False
    default: tuple[object, ...] = ()
    rules: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    def __and__(self, other: _Flat) -> _Flat:
        """What both allow; of two defaults the other's."""
        enums = [flat.enum for flat in (self, other) if flat.enum is not None]
        return _Flat(
            types=self.types & other.types,
            enum=tuple(value for value in enums[0] if value in enums[-1]) if enums else None,
            range=_overlap(self.range, other.range),
            multiple_of=_common_multiple(self.multiple_of, other.multiple_of),
            length=_overlap(self.length, other.length),
            count=_overlap(self.count, other.count),
            form=_joined(self.form, other.form),
            unique=self.unique or other.unique,
            items=_joined(self.items, other.items),
            properties={
                name: _joined(self.properties.get(name, ()), other.properties.get(name, ()))
                for name in {**self.properties, **other.properties}
            },
            required=self.required | other.required,
            closed=self.closed or other.closed,
            default=other.default or self.default,
            rules=self.rules | other.rules,
            unread=self.unread | other.unread,
        )

    @property
    def kinds(self) -> frozenset[str]:
        """The types of the values that it allows."""
        if self.enum is None:
            return self.types
        return self.types & frozenset[str]().union(*map(_kinds, self.enum))

    @property
    def whole_range(self) -> Interval:
        """Its range, from integer to integer where it allows no other number."""
        (low, above), (high, below) = self.range
        if "number" in self.kinds:
            return self.range
        if low != -math.inf:
            low, above = math.ceil(low) + above * (low == math.ceil(low)), 0
        if high != math.inf:
            high, below = math.floor(high) + below * (high == math.floor(high)), 0
        return (low, above), (high, below)

    @property
    def values(self) -> Values:
        """The values that it allows; what it does not name, before its range and its length."""
        if self.enum is not None:
            scalars = (value for value in self.enum if _kinds(value) & self.types & _SCALARS)
            found = Values(frozenset(v for v in scalars if _has_form(self.form, v) is not False))
        elif "string" not in self.types or not self.form:
            found = Values(free=True)
        elif len(self.form) == 1 and not self.form[0].startswith("format: "):
            found = pattern_values(self.form[0])
        else:
            found = Values(forms=frozenset({self.form}))
        return replace(found, named=frozenset(filter(self.fits, found.named)))

    def fits(self, value: object) -> bool:
        """Whether a number is in its range, or a text has its length."""
        return _fits(value, self.whole_range, self.multiple_of, self.length)


class Reader:
    """An OpenAPI document, at the JSON that one of its operations takes.

    Raises DocumentError if it has no such operation, or that takes no JSON.
    """

    def __init__(self, whole: Json, method: str, path: str) -> None:
        self._document = whole
        self._known: dict[str, list[_Flat]] = {}
        self._open: set[str] = set()
        body = self._resolved(self._operation(method, path).get("requestBody"))
        schemas = [
            _dict(media).get("schema")
            for kind, media in _dict(body.get("content")).items()
            if kind.partition(";")[0].strip().endswith(("/json", "+json"))
        ]
        if not schemas:
            raise DocumentError(f"{method} {path} takes no JSON in this document")
        self._requests = [f for f in self._alternatives(schemas[0]) if "object" in f.kinds]

    def models(self) -> list[str]:
        """The models that are named, sorted."""
        shapes = [self.shape(_all(flat.properties.get(MODEL, ()))) for flat in self._requests]
        return sorted({str(name) for shape in shapes for name in shape.values.named})

    def request(self, model: str, container: str) -> dict[str, Shape] | None:
        """What a request for a model takes, by path on the wire; None if the model is not taken.

        Raises DocumentError if a reference of the request leads nowhere.
        """
        taking = [flat for flat in self._requests if self._takes(flat, model)]
        if not taking:
            return None
        for unread in sorted(reason for flat in taking for reason in flat.unread):
            raise DocumentError(f"the request for {model} refers to {unread}")
        members = dict(_members(taking))
        members.pop(MODEL, None)
        inner = self._alternatives(members[container][0]) if container in members else []
        for name, member in _members([flat for flat in inner if "object" in flat.kinds]):
            members[f"{container}.{name}"] = member
        return {name: self.shape(schema, needed) for name, (schema, needed) in members.items()}

    def shape(self, schema: object, required: bool = False, depth: int = 0) -> Shape:
        """What a schema of the document allows."""
        flats = self._alternatives(schema)
        numbers, texts, arrays = (
            [flat for flat in flats if flat.kinds & kinds and flat.enum is None]
            for kinds in ({"integer", "number"}, {"string"}, {"array"})
        )
        kinds = frozenset[str]().union(*(flat.kinds for flat in flats))
        scalars = {"string"} if "string" in kinds else _SCALARS
        values = [flat.values for flat in flats if flat.kinds & scalars]
        unread = frozenset[str]().union(*(flat.unread for flat in flats))
        limits = (
            [(flat.whole_range, flat.multiple_of, "number" in flat.kinds) for flat in numbers],
            [flat.length for flat in texts],
            [(flat.count, flat.unique, flat.items) for flat in arrays],
            [flat.rules for flat in flats],
        )
        named = frozenset[Any]().union(*(each.named for each in values))
        apart = any(one != group[0] for group in limits for one in group)
        # A name beside a range that it is not in is a limit of its own.
        if apart or not all(flat.fits(name) for flat in (*numbers, *texts) for name in named):
            unread |= {"alternatives with limits of their own"}
        several = len(kinds & {"string", "boolean"}) + bool(kinds & {"integer", "number"}) > 1
        if several and any(flat.enum is not None for flat in flats):
            unread |= {"values of more than one type"}
        number, text, array = ([*group, _Flat()][0] for group in (numbers, texts, arrays))
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
            closed=all(flat.closed for flat in flats if "object" in flat.kinds),
            default=next((flat.default for flat in flats if flat.default), ()),
            rules=frozenset[str]().union(*(flat.rules for flat in flats)),
            unread=unread,
        )

    def _takes(self, flat: _Flat, model: str) -> bool:
        if MODEL not in flat.properties:
            return not flat.closed
        return self.shape(_all(flat.properties[MODEL])).holds(model) is not False

    def _operation(self, method: str, path: str) -> Json:
        """The operation at a path, before which a server's or another prefix may stand."""
        found: list[tuple[int, Json]] = []
        for place, entry in _dict(self._document.get("paths")).items():
            item = self._resolved(entry)
            operation = _dict(item.get(method.lower()))
            servers = [
                _dict(s) for d in (self._document, item, operation) for s in _list(d, "servers")
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
        for _ in range(_DEEPEST):
            found = _dict(value)
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

    def _alternatives(self, schema: object) -> list[_Flat]:
        """A value is allowed by the schema if one of these allows it."""
        if not isinstance(schema, dict):
            return [] if schema is False else [_Flat()]
        parts = [self._alternatives(branch) for branch in _list(schema, "allOf")]
        if "$ref" in schema:
            parts.append(self._referred(str(schema["$ref"])))
        for keyword in ("anyOf", "oneOf"):
            if branches := _list(schema, keyword):
                parts.append([flat for branch in branches for flat in self._branch(schema, branch)])
        result = [_Flat()]
        for part in [*parts, [_flat(schema)]]:
            if len(result) * len(part) > _MOST:
                raise DocumentError(f"a schema of the document has more than {_MOST} alternatives")
            result = [one & two for one in result for two in part]
        return [flat for flat in result if flat.kinds]

    def _referred(self, reference: str) -> list[_Flat]:
        if reference in self._open:
            return [_Flat(unread=frozenset({f"{reference}, which leads to itself"}))]
        if reference not in self._known:
            target = self._target(reference)
            if target is None:
                return [_Flat(unread=frozenset({f"{reference}, which leads nowhere"}))]
            self._open.add(reference)
            self._known[reference] = self._alternatives(target)
            self._open.remove(reference)
        return self._known[reference]

    def _branch(self, schema: Json, branch: object) -> list[_Flat]:
        """A branch of a union, with the names that a discriminator has for it."""
        flats, reference = self._alternatives(branch), _dict(branch).get("$ref")
        tag = _dict(schema.get("discriminator"))
        names = [
            name
            for name, target in _dict(tag.get("mapping")).items()
            if reference and reference in (target, f"#/components/schemas/{target}")
        ]
        named = _Flat(properties={str(tag.get("propertyName")): ({"enum": names},)})
        return [flat & named for flat in flats] if names else flats


def _flat(schema: Json) -> _Flat:
    """What the schema itself says, without what it refers to or combines."""
    types = set(map(str, _list(schema, "type") or [schema.get("type")]))
    if "number" in types:
        types.add("integer")
    if schema.get("nullable") is True:  # As OpenAPI 3.0 says it.
        types.add("null")
    enum = [schema["const"]] if "const" in schema else schema.get("enum")
    multiple = _number(schema.get("multipleOf"))
    form = [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
    if isinstance(schema.get("format"), str):
        form.append(f"format: {schema['format']}")
    return _Flat(
        types=frozenset(types) if "type" in schema else ANY_TYPE,
        enum=tuple(enum) if isinstance(enum, list) else None,
        range=(
            max([EVERY[0], *_bounds(schema, "minimum", "exclusiveMinimum", 1)]),
            min([EVERY[1], *_bounds(schema, "maximum", "exclusiveMaximum", -1)]),
        ),
        multiple_of=Fraction(str(multiple)) if multiple and multiple > 0 else None,
        length=_sizes(schema, "minLength", "maxLength"),
        count=_sizes(schema, "minItems", "maxItems"),
        form=tuple(form),
        unique=schema.get("uniqueItems") is True,
        items=(schema["items"],) if "items" in schema else (),
        properties={name: (inner,) for name, inner in _dict(schema.get("properties")).items()},
        required=frozenset(map(str, _list(schema, "required"))),
        closed=False in (schema.get("additionalProperties"), schema.get("unevaluatedProperties")),
        default=(schema["default"],) if "default" in schema else (),
        rules=frozenset(
            f"{key}: {json.dumps(schema[key], sort_keys=True)}" for key in _RULES if key in schema
        ),
    )


def _bounds(schema: Json, name: str, exclusive_name: str, side: int) -> Iterator[Bound]:
    """The limits of one end of a range; in OpenAPI 3.0 `exclusive…` is a boolean."""
    limit, exclusive = _number(schema.get(name)), schema.get(exclusive_name)
    if limit is not None:
        yield limit, side if exclusive is True else 0
    if (number := _number(exclusive)) is not None:
        yield number, side


def _sizes(schema: Json, least: str, most: str) -> Interval:
    low, high = _number(schema.get(least)), _number(schema.get(most))
    return (max(low or 0, 0), 0), (math.inf if high is None else high, 0)


def _members(flats: list[_Flat]) -> Iterator[tuple[str, tuple[Json, bool]]]:
    """The members of an object: the schema of each, and whether it is required."""
    for name in dict.fromkeys(name for flat in flats for name in flat.properties):
        having = [flat for flat in flats if name in flat.properties]
        schema = {"anyOf": [_all(flat.properties[name]) for flat in having]}
        yield name, (schema, all(name in flat.required for flat in flats))


def _fits(value: object, within: Interval, multiple_of: Fraction | None, length: Interval) -> bool:
    """Whether a number keeps its limits, or a text its length."""
    if isinstance(value, str):
        return length[0] <= (len(value), 0) <= length[1]
    if (number := _number(value)) is None:
        return True
    multiple = multiple_of is None or Fraction(str(number)) % multiple_of == 0
    return multiple and within[0] <= (number, 0) <= within[1]


def _has_form(form: Form, value: object) -> bool | None:
    """Whether a text matches every pattern of a form; None where that can't be told."""
    if not form or not isinstance(value, str):
        return True
    patterns = [each for each in form if not each.startswith("format: ")]
    try:
        matches = all(re.search(pattern, value, re.ASCII) for pattern in patterns)
    except (re.error, OverflowError, RecursionError):
        return None
    # Engines differ in whether `$` stands before a last line break too.
    return None if matches and (len(patterns) < len(form) or value.endswith("\n")) else matches


# A piece of a regular expression: an escape, a class of characters, or a character.
_PIECE = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def pattern_values(pattern: str) -> Values:
    """The texts of a pattern, branch by branch; one spelt letter for letter is named."""
    pieces = ["[0-9]" if piece == r"\d" else piece for piece in _PIECE.findall(pattern)]
    anchored = pieces[:1] == ["^"] and pieces[-1:] == ["$"]
    body, bare = pieces[1:-1], True
    while anchored and (inner := _unwrapped(body)) is not None:
        body, bare = inner, False
    branches = list(_branches(body))
    if not anchored or (bare and len(branches) > 1):  # In `^a|b$` each branch has one anchor.
        return Values(forms=frozenset({("".join(pieces),)}))
    texts = [_literal(branch) for branch in branches]
    forms = [f"^(?:{''.join(b)})$" for b, text in zip(branches, texts, strict=True) if text is None]
    return Values(frozenset(texts) - {None}, frozenset((form,) for form in forms))


def _unwrapped(pieces: list[str]) -> list[str] | None:
    """What is in the group that is the whole of a pattern."""
    depths = list(_depths(pieces))
    if pieces[:1] != ["("] or 0 in depths[:-1] or depths[-1] != 0:
        return None
    if pieces[1] == "?":
        return pieces[3:-1] if pieces[2] == ":" else None
    return pieces[1:-1]


def _branches(pieces: list[str]) -> Iterator[list[str]]:
    branch: list[str] = []
    for piece, depth in zip(pieces, _depths(pieces), strict=True):
        if piece == "|" and depth == 0:
            yield branch
            branch = []
        else:
            branch.append(piece)
    yield branch


def _depths(pieces: Iterable[str]) -> Iterator[int]:
    depth = 0
    for piece in pieces:
        depth += (piece == "(") - (piece == ")")
        yield depth


def _literal(pieces: list[str]) -> str | None:
    """The one text that matches, if the pattern has nothing but characters."""
    if any(re.fullmatch(r"\\\w|\[.+|[$()*+.?\[\]^{|}]", piece, re.DOTALL) for piece in pieces):
        return None
    return "".join(piece[-1] for piece in pieces)


def _kinds(value: object) -> set[str]:
    """The types of a JSON value, of which a schema names one."""
    names = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
    if isinstance(value, float):
        return {"integer"} if value.is_integer() else {"number"}
    return {names.get(type(value), "null")}


def _number(value: object) -> int | float | None:
    """A finite number, or None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else None


def _overlap(one: Interval, two: Interval) -> Interval:
    return max(one[0], two[0]), min(one[1], two[1])


def _joined(one: tuple[Any, ...], two: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*one, *(value for value in two if value not in one))


def _common_multiple(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    if one is None or two is None:
        return one or two
    over = one.denominator * two.denominator
    return Fraction(math.lcm(int(one * over), int(two * over)), over)


def _all(schemas: tuple[object, ...]) -> Json:
    return {"allOf": list(schemas)}


def _member(value: object, key: str) -> object:
    if isinstance(value, list):
        return value[int(key)] if key.isdecimal() and int(key) < len(value) else None
    return _dict(value).get(key)


def _server_path(server: Json) -> str:
    try:
        return urlsplit(str(server.get("url"))).path.rstrip("/")
    except ValueError:
        return ""


def _dict(value: object) -> Json:
    return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else {}


def _list(schema: Json, key: str) -> list[Any]:
    value = schema.get(key)
    return value if isinstance(value, list) else []
