# A copy of codegen/runtime/emulator/_faults/forms.py, where it is edited.
"""A fault as it is said in a header, in JSON and in a table of TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .fault import Fault, shown, words

_NAME = re.compile(r"\s*([A-Za-z_-]+)\s*")
# Not JSON in an object or in quotes: all up to the next word.
_PLAIN = re.compile(r"[^;,]*")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_BARE = re.compile(r"[A-Za-z_*/][\w*/.:?&=+-]*", re.ASCII)
_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False}


def fault_of(said: Any) -> Fault:
    """The fault that an object of JSON says. Raises ValueError."""
    if not isinstance(said, Mapping):
        raise ValueError(
            f'{shown(said)} is not a fault; expected an object such as {{"status": 503}}'
        )
    for name in said:
        if name not in words():
            raise ValueError(_unknown(str(name)))
    return Fault(**said)


def fault_of_header(text: str) -> Fault:
    """The fault that a header says, such as `status=503; retry_after=2`. Raises ValueError."""
    said: dict[str, Any] = {}
    for name, value in _words(text):
        if name in said:
            raise ValueError(f"{name} is said twice")
        said[name] = value
    return fault_of(said)


def header_of(fault: Fault) -> str:
    """What a header says of a fault."""
    return "; ".join(f"{name}={_written(value)}" for name, value in fault.to_dict().items())


def _words(text: str) -> Iterator[tuple[str, Any]]:
    place = 0
    while place < len(text):
        if text[place] in ";, \t":
            place += 1
            continue
        found = _NAME.match(text, place)
        if found is None:
            raise ValueError(f"{shown(text[place : place + 40])} is not name=value")
        name, place = found[1].replace("-", "_"), found.end()
        if text[place : place + 1] != "=":  # As `done` is.
            yield name, True
            continue
        place += 1 + len(text[place + 1 :]) - len(text[place + 1 :].lstrip())
        value, place = _value(text, place, name)
        yield name, value


def _value(text: str, place: int, name: str) -> tuple[Any, int]:
    if text[place : place + 1] in ('"', "{", "["):
        try:
            return json.JSONDecoder().raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            said = shown(text[place : place + 40])
            raise ValueError(f"{name}: {said} is not the beginning of JSON: {error}") from None
    found = _PLAIN.match(text, place)
    plain = found[0].strip() if found else ""
    end = found.end() if found else place
    if plain in _CONSTANTS:
        return _CONSTANTS[plain], end
    return (json.loads(plain) if _NUMBER.fullmatch(plain) else plain), end


def _written(value: Any) -> str:
    if isinstance(value, str) and _BARE.fullmatch(value) and value not in _CONSTANTS:
        return value
    return json.dumps(value)


def _unknown(name: str) -> str:
    known = words()
    import difflib  # Only mistakes need it.

    near = difflib.get_close_matches(name, known, 1, 0.6)
    listed = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
    return f"{name if name.isidentifier() else shown(name)}: there is no such word; {listed}"
