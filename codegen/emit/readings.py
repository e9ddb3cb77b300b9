"""How the OpenAPI document would differ if a source were right: a JSON merge patch (RFC 7396) for each."""

from __future__ import annotations

from ..spec.as_read import as_read_by
from ..spec.whole import Spec
from . import openapi
from .json_schema import Json


def patches(spec: Spec, document: Json) -> Json:
    """By source, what makes of the document of a spec the one that it would be as the source reads it.

    A source that reads nothing otherwise is not there.
    """
    read = {source: openapi.build(as_read_by(spec, source)) for source in spec.sources}
    return {source: patch(document, other) for source, other in read.items() if other != document}


def patch(before: Json, after: Json) -> Json:
    """The merge patch that makes an object of another. Raises ValueError if it would have to set a null."""
    result: Json = {name: None for name in before if name not in after}
    for name, value in after.items():
        old = before.get(name)
        if name in before and old == value:
            continue
        if isinstance(value, dict):
            result[name] = patch(old if isinstance(old, dict) else {}, value)
        elif value is None:
            raise ValueError(f"a merge patch can't set {name} to null")
        else:
            result[name] = value
    return result
