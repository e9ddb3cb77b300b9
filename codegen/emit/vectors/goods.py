"""Values that keep all that is said of them, well away from its limits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

from ...spec.lint.violations import broken
from ...spec.samples import samples
from ...spec.schema import Schema
from ...spec.whole import Spec

_TEXTS = ("a red fox in the snow", "a blue bird at night", "x")
MOST = 3


class Goods:
    """Good values of schemas, made once."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._known: dict[int, tuple[Schema, list[Any]]] = {}

    def of(self, schema: Schema) -> list[Any]:
        """Up to three different values that are not null; two at least, where there are so many."""
        known = self._known.get(id(schema))
        if known is None:
            found: list[Any] = []
            for value in self._tried(schema):
                is_new = not any(type(value) is type(one) and value == one for one in found)
                if is_new and not any(broken(self._spec, schema, value)):
                    found.append(value)
                if len(found) == MOST:
                    break
            known = self._known[id(schema)] = schema, found
        return known[1]

    def _tried(self, schema: Schema) -> Iterator[Any]:
        for branch in schema.any_of or ():
            yield from self.of(branch)[:1]
        yield from (schema.values or ())[:MOST]
        match schema.type:
            case "boolean":
                yield from (True, False)
            case "integer" | "number":
                yield from _numbers(schema)
            case "string":
                yield from self._texts(schema)
            case "array" if schema.items is not None:
                yield from self._lists(schema, schema.items)
            case "object":
                yield from self._objects(schema)

    def _texts(self, schema: Schema) -> Iterator[str]:
        if schema.format is not None:
            form = self._spec.formats[schema.format]
            yield from (form.example, f"{form.example}?2", *samples(form.pattern))
        if schema.quantity is not None:
            yield from (f"{number} {schema.quantity.unit}" for number in (1, 2, 0))
        if schema.pattern is not None:
            yield from samples(schema.pattern)
        least, most = schema.min_length or 0, schema.max_length
        for text in _TEXTS:
            longer = text.ljust(least, ".")
            yield longer if most is None else longer[:most]

    def _lists(self, schema: Schema, items: Schema) -> Iterator[list[Any]]:
        goods = self.of(items)
        least = schema.min_items or 0
        for size in (max(least, 1), max(least, 1) + 1, least):
            made = list(islice(self.distinct(items), size)) if schema.unique_items else []
            yield made or [goods[number % len(goods)] for number in range(size) if goods]

    def distinct(self, schema: Schema) -> Iterator[Any]:
        """As many different values as there are of a schema that is easily counted through."""
        found: list[Any] = []
        listed = [*self.of(schema), *(schema.values or ())]
        more: Iterator[Any] = iter(())
        if schema.type in ("integer", "number"):
            step = schema.multiple_of or 1
            start = math.ceil((schema.minimum or 0) / step) * step
            more = islice(count(start, step), 100)
        elif schema.type == "string":
            more = (f"{good}{number}" for number in range(100) for good in self.of(schema)[:1])
        for value in [*listed, *more]:
            is_new = not any(type(value) is type(one) and value == one for one in found)
            if is_new and not any(broken(self._spec, schema, value)):
                found.append(value)
                yield value

    def _objects(self, schema: Schema) -> Iterator[dict[str, Any]]:
        members = (schema.properties or {}).items()
        goods = {name: self.of(member) for name, member in members}
        yield {name: values[0] for name, values in goods.items() if values}
        yield {name: goods[name][0] for name, member in members if member.required and goods[name]}
        yield {name: values[-1] for name, values in goods.items() if values}


def _numbers(schema: Schema) -> Iterator[Any]:
    """A quarter and three quarters of the way between the limits, or near the one that there is."""
    low = schema.minimum if schema.exclusive_minimum is None else schema.exclusive_minimum
    high = schema.maximum if schema.exclusive_maximum is None else schema.exclusive_maximum
    if low is None and high is None:
        low, high = 0, 100
    elif low is None or high is None:
        low, high = (high - 100, high) if low is None and high is not None else (low, low + 100)
    step = schema.multiple_of or (1 if schema.type == "integer" else 0.01)
    for share in (0.25, 0.75, 0.5, 0, 1):
        near = round((low + (high - low) * share) / step) * step
        value = round(near, 10)
        yield int(value) if value == int(value) else value
