"""An exchange as one line of curl, to be pasted into a shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from ..._redact import cut, printable, without_key
from .._exchanges import Exchange
from .._security import security
from ._data import SEARCHED, SHORT, body_text, runs

# Characters of the commands that make a body; a longer one is read from a file.
_MOST = 20_000
_LONGEST = 4_000  # Of a URL or a header.
# What curl says by itself, and has to, to be right.
_OWN = {"host", "content-length", "accept-encoding", "connection", "user-agent"}


def curl(exchange: Exchange) -> str:
    """The request of an exchange as a command, with the key from its environment variable."""
    text = body_text(exchange)
    plain = text is None and exchange.form is None
    words = ["curl", "-sSig"]  # Brackets in a URL are meant.
    if exchange.method == "HEAD":
        words = ["curl", "-sSIg"]
    elif exchange.method != ("GET" if plain else "POST"):
        words += ["-X", _quoted(exchange.method)]
    words.append(_quoted(cut(exchange.url, _LONGEST)))
    for name, value in exchange.headers.items():
        its_own = exchange.form is not None and name.lower() == "content-type"  # The boundary.
        if name.lower() not in _OWN and not its_own:
            words += ["-H", _header(name, value)]
    for name, value in (exchange.form or {}).items():
        words += ["-F" if value.startswith("@") else "--form-string", _field(name, value)]
    if text is None:
        return " ".join(words)
    if not any(name.lower() == "content-type" for name in exchange.headers):
        words += ["-H", "'Content-Type:'"]
    if len(text) <= SHORT and text.isascii() and text.isprintable():
        return " ".join([*words, "--data-raw", shlex.quote(text)])
    command = " ".join([*words, "--data-binary"])
    made = "; ".join(_making(text)) if len(text) <= SEARCHED else ""
    if not made or len(made) > _MOST:
        return f"{command} @request.json"
    return f"{{ {made}; }} | {command} @-"


def _quoted(text: str) -> str:
    return shlex.quote(printable(without_key(text)).replace("\n", r"\n"))


def _field(name: str, value: str) -> str:
    """A field of a form; the name of a file may have what curl takes for the end of it."""
    if value.startswith("@") and not re.fullmatch(r"[\w./-]+", value[1:]):
        escaped = re.sub(r'([\\"])', r"\\\1", value[1:])
        value = f'@"{escaped}"'
    return _quoted(f"{name}={value}")


def _header(name: str, value: str) -> str:
    """A header; where the key was there is its variable, for the shell to fill in."""
    known = security()
    mark = f"${known.variable}"
    if name.lower() == known.header.lower() and (shown := without_key(value)) != value:
        value = shown.replace("…", mark)
    text = cut(f"{name}: {value}" if value else f"{name};", _LONGEST)
    before, found, after = text.partition(mark)
    if not found:
        return _quoted(text)
    if re.fullmatch(r"[\w :.-]*", before + after):
        return f'"{text}"'
    return "".join([_quoted(before), f'"{mark}"', _quoted(after) if after else ""])


def _making(text: str) -> Iterator[str]:
    """Commands that write a text together."""
    for part, times in runs(text):
        if times == 1:
            yield _printf(part)
        elif part.isascii() and part.isprintable():
            unit = re.sub(r"([\\/&])", r"\\\1", part)
            yield f"printf %{times}s '' | sed {shlex.quote(f's/ /{unit}/g')} | tr -d '\\n'"
        else:  # What sed might take for the end of a line, or of a character.
            yield f"i=0; while [ $i -lt {times} ]; do {_printf(part)}; i=$((i+1)); done"


def _printf(text: str) -> str:
    """A command that writes a text of any characters."""
    if text.isascii() and text.isprintable():
        return f"printf %s {shlex.quote(text)}"
    data = text.encode(errors="replace")
    escaped = "".join(
        chr(byte) if 32 <= byte < 127 and byte != 92 else f"\\0{byte:03o}" for byte in data
    )
    return f"printf %b {shlex.quote(escaped)}"
