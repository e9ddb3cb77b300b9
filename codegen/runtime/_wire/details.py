"""What an error's JSON says of each parameter, in whichever form the server puts it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from .._answers import reason
from .._catalog import MODELS
from .._redact import cut
from .._roles import said

# Where it stands if not where the API says, and what in an entry of a list names the place: as
# servers on zod, FastAPI, Ajv and RFC 9457 write it.
_MEMBERS = ("errors", "issues", "detail", "invalid-params")
_PLACES = ("path", "loc", "field", "param", "parameter", "property", "pointer", "instancePath")
_MOST = 200
_DEEPEST = 5
# The name of what is said of the request as a whole.
WHOLE = "request"


def details_of(body: Any, status: int) -> dict[str, list[str]]:
    """The texts by Python parameter: `options.width` is `width`; `request` if none is named."""
    members = (body.get(name) for name in _MEMBERS) if isinstance(body, dict) else ()
    found = said(body, status, "details") or next((member for member in members if member), None)
    names = {p.wire_name: p.name for model in MODELS.values() for p in model.parameters.values()}
    result: dict[str, list[str]] = {}
    for path, text in islice(_placed(found, ""), _MOST):
        result.setdefault(_name(path, names), []).append(text)
    return result


def _placed(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each text with the path of what it is about."""
    if isinstance(value, list):
        for item in value:
            nested = isinstance(item, dict | list) and depth < _DEEPEST
            yield from _placed(item, path, depth + 1) if nested else [(path, _text(item))]
    elif isinstance(value, dict):
        place = next((value[name] for name in _PLACES if value.get(name)), None)
        if (words := reason(value)) and (isinstance(place, str | list) or depth):
            yield _joined(path, place), words
            return
        for name, member in value.items():
            # zod's own word for what is wrong with the object that holds it.
            inner = path if name == "_errors" else _joined(path, name)
            nested = isinstance(member, dict | list) and depth < _DEEPEST
            yield from _placed(member, inner, depth + 1) if nested else [(inner, _text(member))]
    elif value is not None:
        yield path, _text(value)


def _joined(path: str, place: object) -> str:
    parts = place if isinstance(place, list) else [place]
    return ".".join([path, *(cut(str(part), 200) for part in parts[:20] if part is not None)])


def _text(value: object) -> str:
    return reason(value) or cut(str(value), 200)


def _name(path: str, names: Mapping[str, str]) -> str:
    # What is wrong may be an item. The path is the server's, of whatever length.
    whole = re.sub(r"[\[\]/]+", ".", cut(path, 200)).strip(".")
    name = re.sub(r"(?:\.[0-9]+)+$", "", whole).rpartition(".")[2]
    return names.get(name, name) or WHOLE
