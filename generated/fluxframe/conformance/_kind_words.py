# A copy of codegen/runtime/conformance/_kind_words.py, where it is edited.
"""How the limits of each kind of constraint are worded, and values at or beyond them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._redact import cut, short_repr
from ._names import form
from ._vectors import Constraint

_PART = 160  # Characters of what one source says.
_VALUE = 60
_MOST_VALUES = 3
_TYPES = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "file": "a file",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of constraint is worded: its limit, and a value at or beyond it."""

    limit: Callable[[Constraint, Any], str]
    values: Callable[[str, Sequence[Any]], str]

    __repr__ = short_repr


def limit_of(constraint: Constraint, said: Any) -> str:
    """What a source says of a constraint; other sources may say something of another kind."""
    if isinstance(said, str) and constraint.kind not in _NOT_PROSE:
        return cut(said, _PART)
    if isinstance(said, Mapping) and said and all(name in _KINDS for name in said):
        each = (limit_of(replace(constraint, kind=name), value) for name, value in said.items())
        return cut(", ".join(each), _PART)
    return cut(_KINDS.get(constraint.kind, _OTHER).limit(constraint, said), _PART)


def values_text(kind: str, name: str, values: Sequence[Any], *, is_item: bool = False) -> str:
    """Values of a parameter, such as `9 input images`, or of one of its items."""
    if is_item:
        return f"{_shown(values)} in {name}"
    return _KINDS.get(kind, _OTHER).values(name, values)


def _bound(words: str, unit: str = "") -> Callable[[Constraint, Any], str]:
    def limit(constraint: Constraint, said: Any) -> str:
        return f"{words} {_json(said)} {constraint.unit or unit}".rstrip()

    return limit


def _size(words: str) -> Callable[[Constraint, Any], str]:
    def limit(constraint: Constraint, said: Any) -> str:
        unit = constraint.unit or "characters"
        return f"{words} {_json(said)} {unit.removesuffix('s') if said == 1 else unit}"

    return limit


def _either(yes: str, no: str) -> Callable[[Constraint, Any], str]:
    return lambda _, said: no if said is False else yes


def _choices(_: Constraint, said: Any) -> str:
    return _listed([_json(one) for one in _several(said)]) or "none of these"


def _type(_: Constraint, said: Any) -> str:
    return _listed([_TYPES.get(str(one), str(one)) for one in _several(said)])


def _quantity(_: Constraint, said: Any) -> str:
    if isinstance(said, Mapping) and {"maximum", "unit"} <= said.keys():
        return f"at most {said['maximum']} {said['unit']}"
    return f"at most {said if isinstance(said, str) else _json(said)}"


def _form(_: Constraint, said: Any) -> str:
    return form(said) if isinstance(said, str) else _text(_, said)


def _rule(constraint: Constraint, said: Any) -> str:
    """What holds beside other parameters: `"outpaint" needs mask`, `at most 1 with form "png"`."""
    ((rule, entry),) = (
        said.items() if isinstance(said, Mapping) and len(said) == 1 else [("", said)]
    )
    if not isinstance(entry, Mapping):
        return _text(constraint, said)
    if rule in _BESIDE and "parameter" in entry:
        it = _json(entry["when"]) if entry.get("when") is not None else "it"
        return f"{it} {_BESIDE[rule]} {entry['parameter']}"
    when = entry.get("when")
    limits = {name: value for name, value in entry.items() if name in _KINDS}
    if not limits or not isinstance(when, Mapping):
        return _text(constraint, said)
    settings = " and ".join(
        f"{name} {_listed([_json(one) for one in _several(wanted)])}"
        for name, wanted in when.items()
    )
    return f"{limit_of(constraint, limits)} with {settings}"


def _text(_: Constraint, said: Any) -> str:
    """A limit without words of its own."""
    if said is None:
        return "otherwise"
    if isinstance(said, Mapping):
        return ", ".join(f"{name} {_json(value)}" for name, value in said.items())
    return said if isinstance(said, str) else _choices(_, said)


def _named(name: str, values: Sequence[Any]) -> str:
    return f"{name} {_shown(values)}"


def _shown(values: Sequence[Any]) -> str:
    return _listed(_few([_json(value) for value in values]), "and")


def _lengths(name: str, values: Sequence[Any]) -> str:
    if not all(isinstance(value, str) for value in values):
        return _named(name, values)
    sizes = list(dict.fromkeys(len(value) for value in values))
    noun = "character" if sizes == [1] else "characters"
    return f"{_listed(_few([str(size) for size in sizes]), 'and')} {noun} of {name}"


def _counts(name: str, values: Sequence[Any]) -> str:
    if not all(isinstance(value, list | tuple) for value in values):
        return _named(name, values)
    counts = list(dict.fromkeys(len(value) for value in values))
    noun = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").lower()
    noun = noun.removesuffix("s") if counts == [1] else noun
    return f"{_listed(_few([str(count) for count in counts]), 'and')} {noun}"


def _repeats(name: str, values: Sequence[Any]) -> str:
    return f"{name} with an item twice"


def _few(texts: Sequence[str]) -> Sequence[str]:
    """At most a few texts, each once."""
    each = list(dict.fromkeys(texts))
    if len(each) <= _MOST_VALUES + 1:
        return each
    return [*each[:_MOST_VALUES], f"{len(each) - _MOST_VALUES} more"]


def _several(said: Any) -> Sequence[Any]:
    return said if isinstance(said, list | tuple) else [said]


def _listed(texts: Sequence[str], last: str = "or") -> str:
    return f" {last} ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def _json(value: Any) -> str:
    """A value as in a request, in a few characters; a long one by its size."""
    if isinstance(value, str) and len(value) > _VALUE:
        return f"{json.dumps(value[: _VALUE // 2], ensure_ascii=False)}… ({len(value)} characters)"
    if isinstance(value, list | tuple) and len(value) > _MOST_VALUES:
        return f"a list of {len(value)}"
    if isinstance(value, Mapping) and len(value) > _MOST_VALUES:
        return f"an object of {len(value)}"
    return cut(json.dumps(value, ensure_ascii=False, default=str), _VALUE)


# Kinds that are about a request without the parameter.
ABSENT = ("required", "optional")
# Kinds whose limit is a text that is no sentence; of others, that is what a source says in its words.
_NOT_PROSE = ("type", "format", "pattern", "discriminator")
_BESIDE = {"requires": "needs", "excludes": "can't stand beside"}
_OTHER = _Kind(_text, _named)
_KINDS: Mapping[str, _Kind] = {
    "minimum": _Kind(_bound("at least"), _named),
    "maximum": _Kind(_bound("at most"), _named),
    "exclusive_minimum": _Kind(_bound("above"), _named),
    "exclusive_maximum": _Kind(_bound("below"), _named),
    "multiple_of": _Kind(_bound("a multiple of"), _named),
    "min_length": _Kind(_size("at least"), _lengths),
    "max_length": _Kind(_size("at most"), _lengths),
    "min_items": _Kind(_bound("at least"), _counts),
    "max_items": _Kind(_bound("at most"), _counts),
    "unique_items": _Kind(_either("no item twice", "items may repeat"), _repeats),
    "nullable": _Kind(_either("it may be null", "it is never null"), _named),
    "values": _Kind(_choices, _named),
    "format": _Kind(_form, _named),
    "quantity": _Kind(_quantity, _named),
    "pattern": _Kind(_text, _named),
    "type": _Kind(_type, _named),
    "required": _Kind(_either("it is required", "it is optional"), _named),
    "optional": _Kind(_either("it is optional", "it is required"), _named),
    "unknown": _Kind(_either("there is no such parameter", "others may come"), _named),
    "discriminator": _Kind(_choices, _named),
    "rule": _Kind(_rule, _named),
}
