"""Names in the API to names in Python, and text to text that can stand in Python source."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection

import pydantic


def class_name(name: str) -> str:
    """`some-model-2` as `SomeModel2`."""
    result = "".join(part[0].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", name))
    return result if result[:1].isalpha() else f"Model{result}"


def snake_case(name: str) -> str:
    """`someName` as `some_name`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").lower()


def identifier(name: str, taken: Collection[str] = ()) -> str:
    """A Python name for `name`: no keyword, no leading digit, and not one of `taken`."""
    result = snake_case(name)
    if not result or result[0].isdigit():
        result = f"_{result}" if result else "_"
    while keyword.iskeyword(result) or keyword.issoftkeyword(result) or result in taken:
        result += "_"
    return result


# What a request's Python arguments can't be called: members of pydantic's BaseModel and of the base of
# typed requests, and the options of a call.
_TAKEN = frozenset(
    {
        *(name for name in dir(pydantic.BaseModel) if not name.startswith("_")),
        *("to_wire", "extra_params", "idempotency_key", "timeout", "validation"),
        *("deadline", "interval", "on_progress", "self"),
    }
)


def argument(name: str, taken: Collection[str] = ()) -> str:
    """A Python name for what a request takes; also none that its class or a call has already."""
    return identifier(name, {*_TAKEN, *taken})


def literal(value: object) -> str:
    """Python source for a plain value, on one line."""
    if isinstance(value, str):
        return '"' + printable(value.replace("\\", "\\\\").replace('"', '\\"')) + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, tuple):
        return "(" + "".join(f"{literal(item)}, " for item in value).rstrip() + ")"
    return repr(value)


def docstring(text: str) -> str:
    """Text that is safe between triple double quotes, and reads the same there."""
    escaped = re.sub(r'"(?="|\Z)', r'\\"', text.replace("\\", "\\\\"))
    return printable(escaped, keep="\n")


def printable(text: str, *, keep: str = "") -> str:
    """The text with what can't be seen written as escapes of Python, but for what is to be kept."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text
    )
