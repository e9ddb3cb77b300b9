# A copy of codegen/runtime/conformance/reports/python.py, where it is edited.
"""An exchange as a few lines of Python, which need httpx and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..._redact import masked, without_key
from .._exchanges import Exchange
from .._names import names
from ._data import SEARCHED, body_text, runs

_WIDTH = 72  # As wide as the page shows without scrolling.
# What httpx says by itself.
_OWN = {"host", "content-length", "accept-encoding", "connection", "user-agent"}
# A body that is longer as Python is read from a file.
_LONGEST = 20_000
# What may be half a surrogate pair, or a number that JSON does not have.
_LONE = re.compile(r"\\ud|NaN|Infinity")


def python(exchange: Exchange) -> str:
    """The request of an exchange as a script, with the key from its environment variable."""
    text = body_text(exchange)
    is_json = text is not None and len(text) <= SEARCHED and _is_json(exchange, text)
    arguments = [_text(without_key(exchange.method)), _text(without_key(exchange.url))]
    if headers := [f"{name}: {value}" for name, value in _headers(exchange, is_json=is_json)]:
        arguments.append(f"headers={_braced('{', headers, '}', 4)}")
    arguments += _body(exchange, text, is_json=is_json)
    modules = ["import os", ""] if any("os.environ" in word for word in arguments) else []
    call = _braced("(", arguments, ")", 0, before=len("answer = httpx.request"))
    return "\n".join(
        [
            *modules,
            "import httpx",
            "",
            f"answer = httpx.request{call}",
            "print(answer.status_code, answer.text)",
        ]
    )


def _body(exchange: Exchange, text: str | None, *, is_json: bool) -> Iterator[str]:
    """The argument that has the body, if there is one."""
    if exchange.form is not None:
        fields = [_field(name, value) for name, value in exchange.form.items()]
        yield f"files={_braced('{', fields, '}', 4)}"
    elif text is not None:
        argument = ""
        if is_json:
            argument = f"json={literal(masked(exchange.body), 4)}"
        elif len(text) <= SEARCHED:
            argument = f"content={_text(text)}"
        is_short = 0 < len(argument) <= _LONGEST
        yield argument if is_short else 'content=open("request.json", "rb").read()'


def _field(name: str, value: str) -> str:
    """A field of a form, as httpx takes it in any form that has several parts."""
    text = _text(without_key(value.removeprefix("@")))
    return f"{_text(name)}: " + (
        f'open({text}, "rb")' if value.startswith("@") else f"(None, {text})"
    )


def _headers(exchange: Exchange, *, is_json: bool) -> Iterator[tuple[str, str]]:
    variable = names().key_variable
    for name, value in exchange.headers.items():
        if name.lower() in _OWN or _is_usual(exchange, name.lower(), value, is_json=is_json):
            continue
        before, found, after = value.partition(f"${variable}")
        parts = [_text(without_key(before)) if before or not found else ""]
        if found:
            parts += [f"os.environ[{_text(variable)}]", _text(without_key(after)) if after else ""]
        yield _text(without_key(name)), " + ".join(filter(None, parts))


def _is_usual(exchange: Exchange, name: str, value: str, *, is_json: bool) -> bool:
    """Whether httpx says it, too."""
    if name == "accept":
        return value == "*/*"
    if name != "content-type":
        return False
    if exchange.form is not None:
        return value.startswith("multipart/form-data")
    return value == "application/json" and is_json


def _is_json(exchange: Exchange, text: str) -> bool:
    """Whether httpx can make the body of its value: it writes UTF-8, and adds a type where there is none."""
    if exchange.body is None or all(name.lower() != "content-type" for name in exchange.headers):
        return False
    if not _LONE.search(text):
        return True
    try:
        json.dumps(exchange.body, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return True


def literal(value: Any, indent: int = 0) -> str:
    """JSON as a literal of Python, over several lines where it is long."""
    if isinstance(value, Mapping):
        items = [f"{_text(k)}: {literal(v, indent + 4)}" for k, v in value.items()]
        return _braced("{", items, "}", indent)
    if isinstance(value, list | tuple):
        items = [literal(item, indent + 4) for item in value]
        start, end = ("[", "]") if isinstance(value, list) else ("(", ")")
        return _braced(start, items, end, indent)
    if isinstance(value, int) and value.bit_length() > 10_000:  # Python writes no longer ones.
        return hex(value)
    return _text(value) if isinstance(value, str) else repr(value)


def _text(text: str) -> str:
    """A text in double quotes, of characters that can be seen; what repeats itself is a product."""
    parts = [_quoted(part) + (f" * {times}" if times > 1 else "") for part, times in runs(text)]
    return " + ".join(parts) or '""'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if text.isprintable() else repr(text)


def _braced(start: str, items: list[str], end: str, indent: int, before: int = 0) -> str:
    """Items on one line, or on one each."""
    line = f"{start}{', '.join(items)}{end}"
    if "\n" not in line and len(line) + indent + before <= _WIDTH:
        return line
    margin = " " * (indent + 4)
    return "\n".join([start, *(f"{margin}{item}," for item in items), " " * indent + end])
