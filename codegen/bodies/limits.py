"""A JSON Schema to the constraints of the spec, and what of it the spec can't say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from ..compare.documents import Json, as_mapping, listed
from ..spec.constraints import KINDS
from ..spec.model import Format
from ..spec.patterns import fault, matched, searched
from ..spec.schema import Role
from .schemas import Document, merged

_DEEPEST = 5
_NOTES = frozenset(
    {"title", "description", "example", "examples", "$comment", "externalDocs", "x-reads"}
)
# Kinds that are one keyword with one value, by the keyword.
_PLAIN = {
    kind.keyword: kind
    for kind in KINDS
    if kind.keyword and kind.name not in ("values", "format", "pattern")
}
_EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
# Texts, of which signs that patterns know are escaped.
_LITERALS = re.compile(
    r"(?:[^\\^$.*+?()\[\]{}|]|\\[^A-Za-z0-9|])+(?:\|(?:[^\\^$.*+?()\[\]{}|]|\\[^A-Za-z0-9|])+)*"
)
_TYPES = ("string", "integer", "number", "boolean", "array", "object")


@dataclass
class Limits:
    """What a value may be: entries of a schema of the spec, and what they leave unsaid."""

    said: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    words: str = ""  # What the document says of the value.

    def leave(self, key: str, value: object) -> None:
        """Leave a keyword to a person, as it stands."""
        self.unread.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")


class LimitReader:
    """Reads schemas of one document."""

    def __init__(self, document: Document, formats: Mapping[str, Format]) -> None:
        self._document = document
        self._formats = formats

    def read(self, schema: object, depth: int = 0) -> Limits:
        """The constraints of a schema."""
        found, limits = self._document.flat(schema), Limits()
        if depth > _DEEPEST:  # It may go round in a circle.
            limits.leave("schema", {key: found[key] for key in ("title", "type") if key in found})
            return limits
        limits.words = str(found.get("description") or "").strip()
        found = self._without_union(found, limits, depth)
        found = _without_null(found, limits)
        found = _without_own_notes(found, limits)
        if "any_of" in limits.said:
            self._leave_rest(found, limits, {"type"})
            return limits
        types = [found["type"]] if isinstance(found.get("type"), str) else listed(found, "type")
        if set(types) >= {"integer", "number"}:
            types = [name for name in types if name != "integer"]
        if len(types) > 1:
            branches = [self.read(_of_type(found, name), depth + 1) for name in types]
            limits.said["any_of"] = [branch.said for branch in branches]
            limits.unread += dict.fromkeys(line for each in branches for line in each.unread)
            return limits
        kind = types[0] if types else _kind_of(found)
        if kind not in _TYPES:
            limits.leave("type", kind)
        else:
            limits.said["type"] = kind
        self._choices(found, limits)
        self._plain(found, limits)
        self._nested(found, limits, depth)
        self._leave_rest(found, limits, {*_READ, *_PLAIN})
        return limits

    def _without_union(self, found: Json, limits: Limits, depth: int) -> Json:
        """The schema without a union that the spec says in another way."""
        for key in ("anyOf", "oneOf"):
            branches = [self._document.flat(branch) for branch in listed(found, key)]
            if not branches:
                continue
            rest = {name: value for name, value in found.items() if name != key}
            real = [branch for branch in branches if not _is_null(branch)]
            if len(real) < len(branches):
                limits.said["nullable"] = True
            if len(real) == 1:
                return self._document.flat({"allOf": [rest, real[0]]})
            if named := _named(real):
                return merged(named, rest)
            if {"type": "string"} in real and all(each.get("type") == "string" for each in real):
                limits.leave(key, listed(found, key))  # Any text, whatever the others name.
                return {**rest, "type": "string"}
            inner = [self.read(branch, depth + 1) for branch in real]
            limits.said["any_of"] = [each.said for each in inner]
            for number, each in enumerate(inner, 1):
                limits.unread += [f"{key} {number}: {line}" for line in each.unread]
            return rest
        return found

    def _choices(self, found: Json, limits: Limits) -> None:
        """The values, the format and the pattern."""
        values = [found["const"]] if "const" in found else found.get("enum")
        format, pattern = found.get("format"), found.get("pattern")
        if isinstance(values, list):
            if all(isinstance(value, str | int | float | bool) for value in values):
                limits.said["values"] = [_plain_number(value) for value in values]
            else:
                limits.leave("enum", values)
        name = self._format_name(format, pattern)
        if isinstance(values, list):
            texts = [value for value in values if isinstance(value, str)]
            if pattern is not None and not all(searched(str(pattern), text) for text in texts):
                limits.leave("pattern", pattern)
            if format is not None and not (
                name and all(matched(self._formats[name].pattern, text) for text in texts)
            ):
                limits.leave("format", format)
            return
        if not name and format is None and pattern is not None:
            name, named = self._format_beside_values(str(pattern))
            if named:
                limits.said["values"] = named
        if name:
            limits.said["format"] = name
        elif format is not None:
            limits.leave("format", format)
        if pattern is not None and (not name or format is not None):
            whole = _whole(str(pattern))
            if name or whole is None or fault(whole):
                limits.leave("pattern", pattern)
            else:
                limits.said["pattern"] = whole

    def _format_name(self, format: object, pattern: object) -> str | None:
        """The entry of formats.yaml that says the same, by itself or in one of its readings."""
        whole = _whole(pattern) if isinstance(pattern, str) else None
        for name, entry in self._formats.items():
            readings = entry.readings.values()
            if format is not None:
                known = [entry.json_schema_format, *(r.json_schema_format for r in readings)]
                if format in known:
                    return name
            elif whole is not None and whole in [entry.pattern, *(r.pattern for r in readings)]:
                return name
        return None

    def _format_beside_values(self, pattern: str) -> tuple[str | None, list[str]]:
        """The format and the texts that are the branches of a pattern; none if it is another."""
        whole = _whole(pattern) or ""
        for name, entry in self._formats.items():
            for form in [entry.pattern, *(r.pattern or "" for r in entry.readings.values())]:
                rest = whole.removeprefix(f"{form}|")
                if form and rest != whole and _LITERALS.fullmatch(rest):
                    return name, [re.sub(r"\\(.)", r"\1", text) for text in rest.split("|")]
        return None, []

    def _plain(self, found: Json, limits: Limits) -> None:
        """The constraints that are a keyword with a value, where they are for this type."""
        for keyword, kind in _PLAIN.items():
            value = found.get(keyword)
            if value is None or value is False:
                continue
            if value is True and keyword in _EXCLUSIVE:  # As OpenAPI 3.0 says it.
                value = limits.said.pop(_EXCLUSIVE[keyword], None)
            if value is not None and limits.said.get("type") in kind.types:
                limits.said[kind.name] = _plain_number(value)
            else:
                limits.leave(keyword, found[keyword])
        if "default" in found:
            default = found["default"]
            listed_scalars = isinstance(default, list) and not any(
                isinstance(each, list | dict) for each in default
            )
            if listed_scalars or isinstance(default, str | int | float | bool):
                limits.said["default"] = _plain_number(default)
            else:
                limits.leave("default", default)

    def _nested(self, found: Json, limits: Limits, depth: int) -> None:
        """The items of a list, and the members of an object."""
        if limits.said.get("type") == "array" and "items" in found:
            limits.said["items"] = self._inner("items", found["items"], limits, depth)
        if limits.said.get("type") != "object":
            return
        required = listed(found, "required")
        members = as_mapping(found.get("properties"))
        if members:
            limits.said["properties"] = {
                name: self._inner(name, inner, limits, depth, required=name in required)
                for name, inner in members.items()
            }
        if missing := [name for name in required if name not in members]:
            limits.leave("required", missing)
        others = found.get("additionalProperties", True)
        if others is not False:  # A parameter has to list all that it takes.
            limits.leave("additionalProperties", others)

    def _inner(
        self, name: str, schema: object, limits: Limits, depth: int, *, required: bool = False
    ) -> dict[str, Any]:
        inner = self.read(schema, depth + 1)
        limits.unread += [f"{name}: {line}" for line in inner.unread]
        said = dict(inner.said)
        if inner.words:
            said["summary"] = " ".join(inner.words.split())
        return {**said, "required": True} if required else said

    def _leave_rest(self, found: Json, limits: Limits, read: set[str]) -> None:
        for key, value in found.items():
            if key not in read and key not in _NOTES:
                limits.leave(key, value)


_READ = frozenset(
    {
        *("type", "nullable", "enum", "const", "format", "pattern", "default", "items"),
        *("properties", "required", "additionalProperties"),
    }
)


def _of_type(found: Json, kind: str) -> Json:
    """What a schema says of values of one of its types."""
    own = {"string": {"format", "pattern"}, "array": {"items"}}
    own["object"] = {"properties", "required", "additionalProperties"}
    others = set().union(*(keys for name, keys in own.items() if name != kind))
    others |= {keyword for keyword, limit in _PLAIN.items() if kind not in limit.types}
    result = {key: value for key, value in found.items() if key not in others}
    if isinstance(found.get("enum"), list):
        types: dict[str, Any] = {"string": str, "boolean": bool, "array": list, "object": dict}
        numbers = [v for v in found["enum"] if isinstance(v, int | float) and v is not True]
        named = [v for v in found["enum"] if isinstance(v, types.get(kind, ()))]
        result["enum"] = named if kind in types else [v for v in numbers if v is not False]
    return {**result, "type": kind}


def _is_null(schema: Json) -> bool:
    return schema.get("type") == "null" or ("const" in schema and schema["const"] is None)


def _without_null(found: Json, limits: Limits) -> Json:
    """The schema without null, noted if it is allowed."""
    result = dict(found)
    types = listed(found, "type")
    values = found.get("enum")
    allowed = "null" in types or found.get("nullable") is True
    if isinstance(values, list):
        allowed = None in values and (allowed or "type" not in found)
        result["enum"] = [value for value in values if value is not None]
    if allowed:
        limits.said["nullable"] = True
    if "null" in types:
        kept = [name for name in types if name != "null"]
        result["type"] = kept[0] if len(kept) == 1 else kept
    return result


def _without_own_notes(found: Json, limits: Limits) -> Json:
    """The schema without what documents of our own say beyond JSON Schema."""
    if found.get("x-role") in get_args(Role):
        limits.said["role"] = found["x-role"]
        found = {key: value for key, value in found.items() if key != "x-role"}
    if isinstance(found.get("x-sizes"), dict):
        limits.said["sizes"] = found["x-sizes"]
        found = {key: value for key, value in found.items() if key != "x-sizes"}
    return found


def _named(branches: list[Json]) -> Json | None:
    """The one schema of a union of values; None if it is another union."""
    values: list[Any] = []
    types: list[str] = []
    for branch in branches:
        if not {*branch} <= {"enum", "const", "type", *_NOTES}:
            return None
        values += [branch["const"]] if "const" in branch else listed(branch, "enum")
        if not ("const" in branch or listed(branch, "enum")):
            return None
        if isinstance(branch.get("type"), str):
            types.append(branch["type"])
    kinds = set(types)
    if kinds == {"integer", "number"}:
        kinds = {"number"}
    if len(kinds) > 1:
        return None
    return {"enum": values, **({"type": kinds.pop()} if kinds else {})}


def _kind_of(found: Json) -> str:
    """The type of a schema that does not say it."""
    values = [found["const"]] if "const" in found else listed(found, "enum")
    for kind, python in (("boolean", bool), ("integer", int), ("number", float), ("string", str)):
        if values and all(isinstance(value, python) for value in values):
            return kind
    if "properties" in found:
        return "object"
    return "array" if "items" in found else "any"


def _plain_number(value: Any) -> Any:
    """A number without a fraction that is nothing, as people write it."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return int(value) if whole else value


def _whole(pattern: str) -> str | None:
    """A pattern that searches as one for the whole text; None if it may stop within it."""
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return None
    inner = pattern[1:-1]
    if inner.startswith("(?:") and inner.endswith(")") and _balanced(inner[3:-1]):
        return inner[3:-1]
    return None if _has_outer_bar(inner) or inner.endswith("\\") else inner


def _balanced(pattern: str) -> bool:
    """Whether no parenthesis of a pattern closes one that was opened before it."""
    depth, escaped = 0, False
    for character in pattern:
        if escaped or character == "\\":
            escaped = not escaped
            continue
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0 and not escaped


def _has_outer_bar(pattern: str) -> bool:
    """Whether `|` parts the anchors of a pattern."""
    depth, escaped = 0, False
    for character in pattern:
        if escaped or character == "\\":
            escaped = not escaped
            continue
        depth += (character in "([") - (character in ")]")
        if character == "|" and depth <= 0:
            return True
    return False
