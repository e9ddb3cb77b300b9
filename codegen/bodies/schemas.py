"""An OpenAPI document's schemas without references, and an object that has variants as its variants."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ..compare.documents import DocumentError, Json, as_mapping, listed
from ..spec.document import DEEPEST

_MOST = 2000  # Variants of one body.
_UNIONS = ("oneOf", "anyOf")
_HIGHEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_LOWEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_NOTES = ("title", "description", "summary", "example", "examples", "default", "discriminator")
_RULES = frozenset({"if", "then", "else"})


class Document:
    """An OpenAPI document, at its schemas."""

    def __init__(self, value: Json) -> None:
        self.value = value

    def resolved(self, value: object) -> Json:
        """A path item, a body or a schema, which may stand elsewhere."""
        for _ in range(DEEPEST):
            found = as_mapping(value)
            if not isinstance(found.get("$ref"), str):
                return found
            value = self._target(found["$ref"])
        raise DocumentError("a reference of the document leads to itself")

    def flat(self, schema: object, depth: int = 0) -> Json:
        """A schema without references, and `allOf` only of what can't be said in one schema."""
        if depth > DEEPEST:
            raise DocumentError("a schema of the document leads to itself")
        if isinstance(schema, bool):
            return {} if schema else {"not": {}}
        found = as_mapping(schema)
        result = {key: value for key, value in found.items() if key not in ("$ref", "allOf")}
        parts = listed(found, "allOf")
        if isinstance(found.get("$ref"), str):
            parts = [self._target(found["$ref"]), *parts]
        for part in parts:
            result = merged(self.flat(part, depth + 1), result)
        return result

    def variants(self, schema: object, depth: int = 0) -> Iterator[Json]:
        """The variants of an object, each with what holds for all of them."""
        if depth > DEEPEST:
            raise DocumentError("a schema of the document leads to itself")
        whole = self.flat(schema)
        union = next((key for key in _UNIONS if listed(whole, key)), None)
        if union is None:
            yield whole
            return
        # What is said of all the variants together is not said of each.
        rest = {key: value for key, value in whole.items() if key not in (union, *_NOTES)}
        tag = as_mapping(whole.get("discriminator"))
        for branch in listed(whole, union):
            inner = merged(self.flat(branch), rest)
            if names := _tagged(tag, branch):
                member = str(tag.get("propertyName"))
                named = {"properties": {member: {"enum": names}}, "required": [member]}
                inner = merged(named, inner)
            yield from self.variants({**inner, "discriminator": tag} if tag else inner, depth + 1)

    def bodies(self, schema: object) -> list[Json]:
        """The variants of a request's body. Raises DocumentError if there are too many."""
        result: list[Json] = []
        for variant in self.variants(schema):
            result.append(variant)
            if len(result) > _MOST:
                raise DocumentError(f"a body of the document has more than {_MOST} variants")
        return result

    def _target(self, reference: str) -> object:
        """What a reference leads to."""
        value: object = self.value if reference.startswith("#/") else None
        for part in reference.split("/")[1:]:
            value = as_mapping(value).get(unquote(part).replace("~1", "/").replace("~0", "~"))
        if value is None:
            raise DocumentError(f"{reference} leads nowhere")
        return value


def merged(one: Json, two: Json) -> Json:
    """What both schemas allow; what can't be said in one schema stands under `allOf`."""
    result, rest = dict(one), [*listed(one, "allOf"), *listed(two, "allOf")]
    for key, value in two.items():
        if key == "allOf":
            continue
        if key not in result or result[key] == value or key in _NOTES:
            result[key] = value
        elif key in _RULES:
            rest.append({name: two[name] for name in _RULES if name in two})
        else:
            both = _both(key, result[key], value)
            if both is None:
                rest.append({key: value})
            else:
                result[key] = both
    unique = {json.dumps(part, sort_keys=True): part for part in rest}
    return {**result, "allOf": list(unique.values())} if unique else result


def _both(key: str, one: Any, two: Any) -> Any:
    """A keyword of two schemas that both hold; None where one value can't say it."""
    if key in _HIGHEST or key in _LOWEST:
        numbers = isinstance(one, int | float) and isinstance(two, int | float)
        return (max if key in _HIGHEST else min)(one, two) if numbers else None
    if key == "properties":
        one, two = as_mapping(one), as_mapping(two)
        return {
            name: {"allOf": [one[name], two[name]]}
            if name in one and name in two
            else {**one, **two}[name]
            for name in {**one, **two}
        }
    if key == "required":
        return list(dict.fromkeys([*one, *two]))
    if key == "enum":
        return [value for value in one if value in two]
    if key == "type":
        types = [[each] if isinstance(each, str) else each for each in (one, two)]
        return next(iter(common), None) if len(common := _common(*types)) < 2 else common
    if key in ("additionalProperties", "unevaluatedProperties"):
        return False if False in (one, two) else None
    return None


def _common(one: list[str], two: list[str]) -> list[str]:
    """The types that both lists allow; a number may be an integer."""
    return [
        name
        for name in dict.fromkeys([*one, *two])
        if all(name in types or (name == "integer" and "number" in types) for types in (one, two))
    ]


def _tagged(tag: Json, branch: object) -> list[str]:
    """The names that a discriminator has for a branch of a union."""
    reference = as_mapping(branch).get("$ref")
    return [
        name
        for name, target in as_mapping(tag.get("mapping")).items()
        if reference and reference in (target, f"#/components/schemas/{target}")
    ]
