"""What may be wrong with one part of a schema: the schema that a careless server would have instead."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ._document import Json
from ._patterns import Choice, Node, UnreadableError, nodes, parse, text_of, variants
from ._values import Place, value_of

# The most that is made of a text or a list to see a limit passed.
_LONGEST = 60_000_000
_LARGE = 1_000_000


@dataclass(frozen=True)
class Change:
    """Another schema, the kinds of constraint that it breaks, and values that may tell it from the right one."""

    slug: str
    kinds: frozenset[str]
    schema: Json
    values: tuple[Any, ...]

    @property
    def is_large(self) -> bool:
        """Whether it is seen by so much text that nobody sends it often."""
        return any(isinstance(v, str) and len(v) > _LARGE for v in self.values)


# Keywords of limits: the kind of constraint, which way is looser, and whether the limit itself is allowed.
_LIMITS = {
    "minimum": ("minimum", -1, True),
    "maximum": ("maximum", 1, True),
    "exclusiveMinimum": ("exclusive_minimum", -1, False),
    "exclusiveMaximum": ("exclusive_maximum", 1, False),
    "minLength": ("min_length", -1, True),
    "maxLength": ("max_length", 1, True),
    "minItems": ("min_items", -1, True),
    "maxItems": ("max_items", 1, True),
}
_CHOICES = frozenset({"values", "format", "quantity", "pattern"})


def changes(place: Place, strangers: list[Any]) -> Iterator[Change]:
    """All that may be wrong with a part; `strangers` are values that it has in other models."""
    for keyword in _LIMITS:
        if keyword in place.schema:
            yield from _limit(place, keyword)
    yield from _multiple(place)
    yield from _values(place, strangers)
    yield from _pattern(place, strangers)
    yield from _format(place)
    yield from _types(place)


def _limit(place: Place, keyword: str) -> Iterator[Change]:
    schema, limit = place.schema, place.schema[keyword]
    kind, way, inclusive = _LIMITS[keyword]
    kinds = frozenset({kind})

    def sized(size: Any) -> tuple[Any, ...]:
        return tuple(_sized(schema, keyword, size))

    for name, step in _steps(place, keyword, limit):
        looser, tighter = limit + way * step, limit - way * step
        if not (keyword.startswith(("minL", "minI")) and looser < 0):
            seen = sized(looser if inclusive else looser - way * step)
            yield Change(f"{kind}-looser{name}", kinds, {**schema, keyword: looser}, seen)
        if not (keyword.startswith(("maxL", "maxI")) and tighter < 0):
            seen = sized(limit if inclusive else tighter)
            tight = {**schema, keyword: tighter}
            yield Change(f"{kind}-tighter{name}", kinds, tight, seen)
    if not keyword.startswith(("min", "max")) or keyword in ("minimum", "maximum"):
        rest = _less(schema, keyword)
        if inclusive:
            open_ = {**rest, {-1: "exclusiveMinimum", 1: "exclusiveMaximum"}[way]: limit}
            yield Change(f"{kind}-exclusive", kinds, open_, sized(limit))
        else:
            closed = {**rest, {-1: "minimum", 1: "maximum"}[way]: limit}
            yield Change(f"{kind}-inclusive", kinds, closed, sized(limit))
    step = next(_steps(place, keyword, limit))[1]
    past = sized(limit + way * step if inclusive else limit)
    yield Change(f"{kind}-ignored", kinds, _less(schema, keyword), past)


def _steps(place: Place, keyword: str, limit: Any) -> Iterator[tuple[str, Any]]:
    if keyword in ("minLength", "maxLength", "minItems", "maxItems") or "integer" in place.types:
        yield "", 1
        return
    yield "", 0.01
    yield "-by-a-hair", math.ulp(limit) if limit else 5e-324


def _sized(schema: Json, keyword: str, size: Any) -> Iterator[Any]:
    """Values of a size, or of a length."""
    if keyword.endswith("Length") and 0 <= size <= _LONGEST:
        yield (value_of(schema) or "a")[0] * size if "pattern" not in schema else "a" * size
    elif keyword.endswith("Items") and size >= 0:
        yield [value_of(schema.get("items", {}))] * size
    elif not keyword.endswith(("Length", "Items")):
        yield size


def _less(schema: Json, *keywords: str) -> Json:
    return {name: inner for name, inner in schema.items() if name not in keywords}


def _multiple(place: Place) -> Iterator[Change]:
    if "multipleOf" in place.schema:
        step = place.schema["multipleOf"]
        kinds = frozenset({"multiple_of"})
        base = value_of(place.schema)
        half = step // 2 if isinstance(step, int) and step > 1 else step / 2
        loose = {**place.schema, "multipleOf": half}
        yield Change("multiple_of-looser", kinds, loose, (base + half,))
        tight = {**place.schema, "multipleOf": 2 * step}
        yield Change("multiple_of-tighter", kinds, tight, (base, base + step))
        past = (base + 1, base + step / 3)
        yield Change("multiple_of-ignored", kinds, _less(place.schema, "multipleOf"), past)
    if place.schema.get("uniqueItems"):
        twice = [value_of(place.schema["items"])] * 2
        rest = _less(place.schema, "uniqueItems")
        yield Change("unique_items-ignored", frozenset({"unique_items"}), rest, (twice,))


def _values(place: Place, strangers: list[Any]) -> Iterator[Change]:
    known = place.schema.get("enum")
    if known is None:
        return
    kinds, schema = frozenset({"values"}), place.schema
    for number, value in enumerate(known):
        rest = [other for other in known if other is not value]
        yield Change(f"values-without-{number}", kinds, {**schema, "enum": rest}, (value,))
    yield Change("values-ignored", kinds, _less(schema, "enum"), _beyond(known, strangers))
    others = [value for value in strangers if value not in known]
    if others:
        wide = {**schema, "enum": [*known, *others]}
        yield Change("values-of-other-models", kinds, wide, tuple(others))
    texts = [value for value in known if isinstance(value, str)]
    if texts:
        cased = [case for text in texts for case in (text.upper(), text.lower(), text.title())]
        pattern = f"(?i)^(?:{'|'.join(map(re.escape, texts))})$"
        wide = {"anyOf": [schema, {"type": "string", "pattern": pattern}]}
        yield Change("values-of-any-case", kinds, wide, tuple(cased))
        spaced = [f for text in texts for f in (f" {text}", f"{text} ")]
        wide = {**schema, "enum": [*known, *spaced]}
        yield Change("values-with-spaces", kinds, wide, tuple(spaced))


def _beyond(known: list[Any], strangers: list[Any]) -> tuple[Any, ...]:
    if all(isinstance(value, str) for value in known):
        return (*strangers, "x", "another")
    numbers = [value for value in known if isinstance(value, int | float)]
    return (*strangers, max(numbers, default=0) + 1)


def _pattern(place: Place, strangers: list[Any]) -> Iterator[Change]:
    pattern = place.schema.get("pattern")
    if pattern is None:
        return
    rest = _less(place.schema, "pattern")
    yield Change("pattern-ignored", _CHOICES, rest, ("", "x", " ", "x y"))
    try:
        found = list(variants(pattern))
    except UnreadableError:
        return
    for slug, other, texts in found:
        changed = {**place.schema, "pattern": other}
        yield Change(f"pattern-{slug}", _CHOICES, changed, tuple(texts))
    others = [value for value in strangers if isinstance(value, str)]
    if others:
        wide = {"anyOf": [place.schema, {"enum": others}]}
        yield Change("values-of-other-models", _CHOICES, wide, tuple(others))


def words_of(schema: Json) -> list[Any]:
    """The values that a schema lists, or that stand as they are in its pattern."""
    if "enum" in schema:
        return list(schema["enum"])
    if "pattern" not in schema:
        return []
    try:
        found = [option for node in nodes(parse(schema["pattern"])) for option in _options(node)]
    except UnreadableError:
        return []
    return [text_of(option) for option in found if str(option).isidentifier()]


def _options(node: Node) -> tuple[Node, ...]:
    return node.options if isinstance(node, Choice) else ()


def _format(place: Place) -> Iterator[Change]:
    if "format" in place.schema:
        rest = _less(place.schema, "format")
        value = str(value_of(place.schema))
        near = (value[:-1], f"{value}0", value.replace("-", ""), "x")
        yield Change("format-ignored", frozenset({"format"}), rest, near)


# What servers take for each type without being told: how it is called, its schema, and values.
_TAKEN: dict[str, list[tuple[str, Json, tuple[Any, ...]]]] = {
    "integer": [("true", {"type": "boolean"}, (True,))],
    "number": [("true", {"type": "boolean"}, (True,))],
    "string": [("numbers", {"type": "number"}, (7,))],
    "boolean": [
        ("texts", {"enum": ["true", "false"]}, ("true",)),
        ("numbers", {"enum": [0, 1]}, (1, 0)),
    ],
    "object": [("lists", {"type": "array"}, ([],))],
}
_TYPE = frozenset({"type", "nullable"})


def _types(place: Place) -> Iterator[Change]:
    schema = place.schema
    if "const" in schema or not place.at or not place.types:
        return

    def also(slug: str, other: Json, *values: Any) -> Change:
        return Change(f"type-{slug}", _TYPE, {"anyOf": [schema, other]}, values)

    for kind in place.types - {"null"}:
        for slug, other, values in _TAKEN.get(kind, ()):
            yield also(slug, other, *values)
        if kind in ("integer", "number"):
            low = value_of(schema)
            yield also("numeric-texts", {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}, f"{low}")
        if kind == "integer":
            inside = {**schema, "type": "number"}
            yield Change("type-fractions", _TYPE, inside, (value_of(schema) + 0.5,))
        if kind == "boolean":
            for value in (True, False):
                only = {**schema, "const": value}
                yield Change(f"type-only-{value}".lower(), _TYPE, only, (not value,))
        if kind == "array":
            yield also("scalars", schema.get("items", {}), value_of(schema.get("items", {})))
    # What is a number of the wrong kind is not of another type: that is not what is ignored.
    known = {"number" if kind == "integer" else kind for kind in place.types}
    yield also("ignored", {"not": {"type": sorted(known)}}, None, 7, [], {}, "7")
    if "null" in place.types:
        kinds = [kind for kind in place.types if kind != "null"]
        tight = {**schema, "type": kinds}
        yield Change("nullable-dropped", _TYPE, tight, (None,))
    else:
        yield also("null", {"type": "null"}, None)
