"""A JSON Schema without its references and combinations: one alternative of what it allows."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from .documents import Json, as_mapping, listed
from .patterns import pattern_values
from .values import (
    ANY_FORM,
    ANY_SIZE,
    ANY_TYPE,
    EVERY,
    SCALARS,
    Bound,
    Form,
    Interval,
    Values,
    common_multiple,
    finite,
    is_within,
    joined,
    kinds_of,
    overlap,
)

_RULES = (
    *("not", "dependentSchemas", "dependentRequired", "patternProperties"),
    *("propertyNames", "minProperties", "maxProperties", "contains", "prefixItems"),
)


_MOST_VALUES = 1000  # Of an enum; each is compared with each of another.


@dataclass(frozen=True, slots=True)
class Alternative:
    """One alternative of a schema: no reference, no combination."""

    types: frozenset[str] = ANY_TYPE
    enum: tuple[Any, ...] | None = None
    range: Interval = EVERY
    multiple_of: Fraction | None = None
    length: Interval = ANY_SIZE
    count: Interval = ANY_SIZE
    form: Form = ANY_FORM
    unique: bool = False
    items: tuple[object, ...] = ()
    properties: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    closed: bool = False
    additional: tuple[object, ...] = ()
    default: tuple[object, ...] = ()
    rules: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    def __and__(self, other: Alternative) -> Alternative:
        """What both allow; of two defaults the other's."""
        enums = [alternative.enum for alternative in (self, other) if alternative.enum is not None]
        return Alternative(
            types=self.types & other.types,
            enum=tuple(value for value in enums[0] if value in enums[-1]) if enums else None,
            range=overlap(self.range, other.range),
            multiple_of=common_multiple(self.multiple_of, other.multiple_of),
            length=overlap(self.length, other.length),
            count=overlap(self.count, other.count),
            form=self.form & other.form,
            unique=self.unique or other.unique,
            items=joined(self.items, other.items),
            properties={
                name: joined(self.properties.get(name, ()), other.properties.get(name, ()))
                for name in {**self.properties, **other.properties}
            },
            required=self.required | other.required,
            closed=self.closed or other.closed,
            additional=joined(self.additional, other.additional),
            default=other.default or self.default,
            rules=self.rules | other.rules,
            unread=self.unread | other.unread,
        )

    @property
    def kinds(self) -> frozenset[str]:
        """The types of the values that it allows."""
        if self.enum is None:
            return self.types
        return self.types & frozenset[str]().union(*map(kinds_of, self.enum))

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
            scalars = (value for value in self.enum if kinds_of(value) & self.types & SCALARS)
            found = Values(frozenset(v for v in scalars if self.form.holds(v) is not False))
        elif "string" not in self.types or self.form == ANY_FORM:
            found = Values(free=True)
        elif len(self.form.patterns) == 1 and not self.form.formats:
            found = pattern_values(self.form.patterns[0])
        else:
            found = Values(forms=frozenset({self.form}))
        return replace(found, named=frozenset(filter(self.fits, found.named)))

    def by_kind(self) -> list[Alternative]:
        """The same as one alternative for each kind of value that is named."""
        if self.enum is None or len(self.kinds) < 2:
            return [self]
        return [
            replace(self, enum=tuple(value for value in self.enum if kind in kinds_of(value)))
            for kind in sorted(self.kinds)
        ]

    def fits(self, value: object) -> bool:
        """Whether a number is in its range, or a text has its length."""
        return is_within(value, self.whole_range, self.multiple_of, self.length)


def alternative_of(schema: Json) -> Alternative:
    """What a schema itself says, without what it refers to or combines."""
    types = set(map(str, listed(schema, "type") or [schema.get("type")]))
    if "number" in types:
        types.add("integer")
    if schema.get("nullable") is True:  # As OpenAPI 3.0 says it.
        types.add("null")
    enum = [schema["const"]] if "const" in schema else schema.get("enum")
    multiple = finite(schema.get("multipleOf"))
    pattern, format = (
        (schema[key],) if isinstance(schema.get(key), str) else () for key in ("pattern", "format")
    )
    return Alternative(
        types=frozenset(types) if "type" in schema else ANY_TYPE,
        enum=tuple(enum) if isinstance(enum, list) and len(enum) <= _MOST_VALUES else None,
        range=(
            max([EVERY[0], *_bounds(schema, "minimum", "exclusiveMinimum", 1)]),
            min([EVERY[1], *_bounds(schema, "maximum", "exclusiveMaximum", -1)]),
        ),
        multiple_of=Fraction(str(multiple)) if multiple and multiple > 0 else None,
        length=_sizes(schema, "minLength", "maxLength"),
        count=_sizes(schema, "minItems", "maxItems"),
        form=Form(pattern, format),
        unique=schema.get("uniqueItems") is True,
        items=(schema["items"],) if "items" in schema else (),
        properties={name: (inner,) for name, inner in as_mapping(schema.get("properties")).items()},
        required=frozenset(map(str, listed(schema, "required"))),
        closed=False in (schema.get("additionalProperties"), schema.get("unevaluatedProperties")),
        additional=(more,) if (more := as_mapping(schema.get("additionalProperties"))) else (),
        default=(schema["default"],) if "default" in schema else (),
        rules=frozenset(_rules(schema)),
        unread=frozenset(
            [f"more than {_MOST_VALUES} values"]
            if isinstance(enum, list) and len(enum) > _MOST_VALUES
            else []
        ),
    )


def _rules(schema: Json) -> Iterator[str]:
    """What is compared letter for letter."""
    for keywords in (*((name,) for name in _RULES), ("if", "then", "else")):
        if keywords[0] in schema:
            given = {name: _with_enums(schema[name]) for name in keywords if name in schema}
            yield " ".join(f"{name} {json.dumps(it, sort_keys=True)}" for name, it in given.items())


def _with_enums(value: Any) -> Any:
    """A value with each `const` in it written as the `enum` that says the same."""
    if isinstance(value, list):
        return [_with_enums(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        "enum" if key == "const" else key: [inner] if key == "const" else _with_enums(inner)
        for key, inner in value.items()
    }


def _bounds(schema: Json, name: str, exclusive_name: str, side: int) -> Iterator[Bound]:
    """The limits of one end of a range; in OpenAPI 3.0 `exclusive…` is a boolean."""
    limit, exclusive = finite(schema.get(name)), schema.get(exclusive_name)
    if limit is not None:
        yield limit, side if exclusive is True else 0
    if (number := finite(exclusive)) is not None:
        yield number, side


def _sizes(schema: Json, least: str, most: str) -> Interval:
    low, high = finite(schema.get(least)), finite(schema.get(most))
    return (max(low or 0, 0), 0), (math.inf if high is None else high, 0)
