"""What each phrase says of a parameter: a function for each meaning in `phrases.PHRASES`.

Each notes what a match says in the draft, or raises UnclearError with the reason why it can't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ..naming import snake_case
from .decode import READ
from .draft import RATIO, ParameterDraft, UnclearError
from .phrases import ITEMS, NOTES, PAIRS, Meaning
from .values import read_number, read_unit, read_value

Drafts: TypeAlias = Mapping[str, ParameterDraft]

_RANGE = {
    "low": "minimum",
    "high": "maximum",
    "above": "exclusive_minimum",
    "below": "exclusive_maximum",
    "step": "multiple_of",
}
_LIMITS = {  # By the type of a parameter and the unit of a limit: which constraint the limit is.
    ("integer", ""): _RANGE,
    ("integer", "%"): _RANGE,
    ("number", ""): _RANGE,
    ("array", ""): {"low": "min_items", "high": "max_items"},
    ("string", "characters"): {"low": "min_length", "high": "max_length"},
    ("string", "MP"): {"high": "quantity"},
}


def _nothing(draft: ParameterDraft, match: re.Match[str]) -> None:
    """The phrase says what holds without it."""


def _required(draft: ParameterDraft, match: re.Match[str]) -> None:
    draft.constrain(required=True)


def _nullable(draft: ParameterDraft, match: re.Match[str]) -> None:
    draft.constrain(nullable=True)


def _ratio(draft: ParameterDraft, match: re.Match[str]) -> None:
    if draft.format is None and draft.type == "string":
        draft.constraints["format"] = "ratio"
    if draft.format != "ratio":
        raise UnclearError(f"this is not a format of type {draft.type}")


def _named(draft: ParameterDraft, match: re.Match[str]) -> None:
    """A value with a name, beside those of the format."""
    if draft.format is None and "values" not in draft.constraints:
        raise UnclearError("the page does not say whether other values are allowed")
    draft.add_value(match["value"])


def _values(draft: ParameterDraft, match: re.Match[str]) -> None:
    text = NOTES.sub(lambda note: READ if note["default"] else "", match["values"])
    items = list(ITEMS.finditer(text))
    values = [read_value(item[0], draft.type) for item in items]
    if None in values:
        raise UnclearError(f"these are not values of type {draft.type}")
    if draft.format is not None:
        raise UnclearError(f"values beside the format {draft.format} may be all or some")
    defaults = [
        value
        for item, value in zip(items, values, strict=True)
        if text[item.end() :].lstrip().startswith(READ)
    ]
    if len(defaults) > 1:
        raise UnclearError("two values are the default")
    draft.constrain(values=list(dict.fromkeys(values)))
    if defaults:
        draft.constrain(default=defaults[0])


def _limits(draft: ParameterDraft, match: re.Match[str]) -> None:
    """A least or most value, count or size, by the type of the parameter and the unit."""
    texts = {key.rstrip("_"): text for key, text in match.groupdict().items() if text}
    units = {read_unit(texts.pop(key)) for key in list(texts) if key.endswith("_unit")}
    unit = units.pop() if units else ""
    if draft.shared is not None and unit == draft.shared.unit and (draft.type, unit) not in _LIMITS:
        unit = ""
    keys = _LIMITS.get((draft.type or "", unit), {})
    if (
        units
        or texts.keys() - keys
        or (draft.type == "array" and (draft.items != "string" or match[0].endswith(("]", ")"))))
    ):
        raise UnclearError(f"this is not a limit of type {draft.type}")
    kind = "number" if draft.type == "number" else "integer"
    numbers: dict[str, int | float] = {}
    for key, text in texts.items():
        if (number := read_number(text, kind)) is None:
            raise UnclearError("this is not an integer")
        numbers[key] = number
    if {"low", "high"} <= numbers.keys() and numbers["low"] > numbers["high"]:
        raise UnclearError("the least is above the most")
    if unit == "MP":
        _quantity(draft, unit, numbers["high"])
        return
    if (keys is not _RANGE and min(numbers.values()) < 0) or numbers.get("step", 1) <= 0:
        raise UnclearError("this is below zero")
    draft.constrain(**{keys[key]: number for key, number in numbers.items()})


def _quantity(draft: ParameterDraft, unit: str, most: int | float) -> None:
    in_megapixels = "in megapixels" in draft.description
    if not in_megapixels or draft.format is not None or not 1 <= most <= 1000:
        raise UnclearError(f"this is not a limit of type {draft.type}")
    draft.constrain(quantity={"unit": unit, "maximum": most})


MEANINGS: Mapping[Meaning, Callable[[ParameterDraft, re.Match[str]], None]] = {
    "nothing": _nothing,
    "required": _required,
    "nullable": _nullable,
    "ratio": _ratio,
    "named": _named,
    "values": _values,
    "limits": _limits,
}


def _matches(draft: ParameterDraft, match: re.Match[str], others: Drafts) -> None:
    """A named value that takes its meaning from another parameter, which must be given."""
    said = snake_case(match["other"])
    names = [name for name in others if _words(name) == _words(said)] or draft.references
    _named(draft, match)
    if len(names) != 1 or (name := names[0]) not in others:
        raise UnclearError(f"no parameter is called `{said}`")
    draft.matched.add(match["value"])
    draft.add_requirement(match["value"], name)


def _words(name: str) -> set[str]:
    """The words of a name, in any order and number."""
    return {word.removesuffix("s") for word in snake_case(name).split("_")}


def _beside(draft: ParameterDraft, match: re.Match[str], others: Drafts) -> None:
    """The parameter makes sense only when another is given."""
    name = match["other"].strip('"').removeprefix(f"{draft.container}.")
    if name not in others or others[name] is draft:
        raise UnclearError(f"no other parameter is called `{name}`")
    draft.add_requirement(None, name)


def _used_when(draft: ParameterDraft, match: re.Match[str], others: Drafts) -> None:
    conditions = _conditions(draft, match, others)
    for name, value in conditions.items():
        _add_word(others[name], value, draft)
    draft.constrain(used_when=conditions)


def _ignored_when(draft: ParameterDraft, match: re.Match[str], others: Drafts) -> None:
    draft.constrain(ignored_when=_conditions(draft, match, others))


def _default(draft: ParameterDraft, match: re.Match[str], others: Drafts) -> None:
    """A default, which can be a value that only the condition of another parameter names."""
    value = draft.known_value(match["default"])
    if value is None:
        raise UnclearError("this is not one of its values")
    draft.constrain(default=value)


# For when all rows are read, one meaning after the other: each uses what those before it noted.
LINKS: Mapping[Meaning, Callable[[ParameterDraft, re.Match[str], Drafts], None]] = {
    "matches": _matches,
    "beside": _beside,
    "used_when": _used_when,
    "ignored_when": _ignored_when,
    "default": _default,
}


def _conditions(draft: ParameterDraft, match: re.Match[str], others: Drafts) -> dict[str, Any]:
    """The values of other parameters that a condition names."""
    if match["member"]:
        member = match["member"].strip('"').casefold()
        holders = {
            name: value
            for name, other in others.items()
            for value in other.constraints.get("values", ())
            if other is not draft and str(value).casefold() == member
        }
        if len(holders) != 1:
            raise UnclearError("not exactly one parameter has this value")
        return holders
    conditions: dict[str, Any] = {}
    for text_name, text in PAIRS.findall(match["pairs"]):
        name = text_name.removeprefix(f"{draft.container}.")
        if name not in others or others[name] is draft:
            raise UnclearError(f"no other parameter is called `{name}`")
        conditions[name] = others[name].known_value(text, word=True)
        if conditions[name] is None:
            raise UnclearError(f"`{name}` has no such value")
    return conditions


def _add_word(draft: ParameterDraft, value: object, user: ParameterDraft) -> None:
    """Add a word such as `custom` beside a ratio, as the value that makes `user` count."""
    if value in draft.matched or RATIO.fullmatch(str(value)):
        return
    if draft.format is None:
        if user.shared is not None and user.shared.role in ("width", "height"):
            draft.add_requirement(value, user.parameter.name)
        return
    if draft.add_value(value):
        draft.parameter.words.append(user.description)
    draft.add_requirement(value, user.parameter.name)
