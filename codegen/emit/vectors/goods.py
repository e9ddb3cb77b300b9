"""Values that keep all that is said of them, well away from its limits."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
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
        # With the schema, so that no other one is there in its place.
        self._known: dict[int, tuple[Schema, list[Any]]] = {}
        self._shown: dict[int, list[Any]] = {}

    def show(self, schema: Schema, value: Any) -> None:
        """Note a value that an example has, for where no other can be made."""
        self._shown.setdefault(id(schema), []).append(value)

    def of(self, schema: Schema) -> list[Any]:
        """Up to three different values that are not null; two at least, where there are so many."""
        known = self._known.get(id(schema))
        if known is None:
            found = [*islice(self._kept(schema, self._tried(schema)), MOST)]
            known = self._known[id(schema)] = schema, found
        return known[1]

    def _kept(self, schema: Schema, values: Iterable[Any]) -> Iterator[Any]:
        """Those of some values that are different and break nothing."""
        seen: set[str] = set()
        for value in values:
            written = json.dumps(value, sort_keys=True)
            if written not in seen and not any(broken(self._spec, schema, value)):
                seen.add(written)
                yield value

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
        yield from self._shown.get(id(schema), ())

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
        goods, least = self.of(items), schema.min_items or 0
        for size in (max(least, 1), max(least, 1) + 1, least):
            if schema.unique_items:
                yield [*islice(self.distinct(items), size)]
            else:
                yield [goods[number % len(goods)] for number in range(size if goods else 0)]

    def distinct(self, schema: Schema) -> Iterator[Any]:
        """Many different values of a schema, as far as they are easily counted through."""
        listed = [*self.of(schema), *(schema.values or ())]
        more: Iterator[Any] = iter(())
        if schema.type in ("integer", "number"):
            step = schema.multiple_of or 1
            start = math.ceil((schema.minimum or 0) / step) * step
            more = islice(count(start, step), 100)
        elif schema.type == "string":
            more = (f"{good}{number}" for number in range(100) for good in self.of(schema)[:1])
        return self._kept(schema, [*listed, *more])

    def _objects(self, schema: Schema) -> Iterator[dict[str, Any]]:
        members = (schema.properties or {}).items()
        goods = {name: found for name, member in members if (found := self.of(member))}
        yield {name: values[0] for name, values in goods.items()}
        yield {
            name: goods[name][0] for name, member in members if member.required and name in goods
        }
        yield {name: values[-1] for name, values in goods.items()}


def _numbers(schema: Schema) -> Iterator[Any]:
    """A quarter and three quarters of the way between the limits, or near the one that there is."""
    low = schema.minimum if schema.exclusive_minimum is None else schema.exclusive_minimum
    high = schema.maximum if schema.exclusive_maximum is None else schema.exclusive_maximum
    if low is None:
        low = 0 if high is None else high - 100
    if high is None:
        high = low + 100
    step = schema.multiple_of or (1 if schema.type == "integer" else 0.01)
    for share in (0.25, 0.75, 0.5, 0, 1):
        value = round(round((low + (high - low) * share) / step) * step, 10)
        yield int(value) if value == int(value) else value
