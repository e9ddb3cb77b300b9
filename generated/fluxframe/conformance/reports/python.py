# A copy of codegen/runtime/conformance/reports/python.py, where it is edited.
"""An exchange as a few lines of Python, which need httpx and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from .._exchanges import Exchange
from .._security import security
from ._data import SEARCHED, body_text
from ._literals import braced, literal

_STEP = "    "
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
    arguments = [literal(exchange.method), literal(exchange.url)]
    if headers := [f"{name}: {value}" for name, value in _headers(exchange, is_json=is_json)]:
        arguments.append(f"headers={braced('{', headers, '}', _STEP)}")
    arguments += _body(exchange, text, is_json=is_json)
    modules = ["import os", ""] if any("os.environ" in word for word in arguments) else []
    call = braced("(", arguments, ")", "")
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
        yield f"files={braced('{', fields, '}', _STEP)}"
    elif text is not None:
        argument = ""
        if is_json:
            argument = f"json={literal(exchange.body, _STEP)}"
        elif len(text) <= SEARCHED:
            argument = f"content={literal(text, _STEP)}"
        is_short = 0 < len(argument) <= _LONGEST
        yield argument if is_short else 'content=open("request.json", "rb").read()'


def _field(name: str, value: str) -> str:
    """A field of a form, as httpx takes it in any form that has several parts."""
    text = literal(value.removeprefix("@"))
    return f"{literal(name)}: " + (
        f'open({text}, "rb")' if value.startswith("@") else f"(None, {text})"
    )


def _headers(exchange: Exchange, *, is_json: bool) -> Iterator[tuple[str, str]]:
    variable = security().variable
    for name, value in exchange.headers.items():
        if name.lower() in _OWN or _is_usual(exchange, name.lower(), value, is_json=is_json):
            continue
        before, found, after = value.partition(f"${variable}")
        parts = [literal(before) if before or not found else ""]
        if found:
            parts += [f"os.environ[{literal(variable)}]", literal(after) if after else ""]
        yield literal(name), " + ".join(filter(None, parts))


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
