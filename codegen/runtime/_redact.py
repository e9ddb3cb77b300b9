"""Decides what may be shown of a text, for all messages, logs, reprs and files.

A text is cut before it is looked at, so that its length costs nothing. Left out is what may be
secret: the queries and passwords of URLs, which sign and open them, and the API keys of this process.
Escaped is what a terminal would obey, and what can't be seen. Patterns look at a cut text only; what
is done to a whole one is `str.replace`, in time that grows with its length.
"""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NoReturn
from weakref import WeakValueDictionary

# Characters, about a screenful: no message, note or repr is longer.
SCREENFUL = 2000
# A record of a log tells all headers of a response.
_LOG = 10 * SCREENFUL
# A key of a few letters is not a real one, and its letters may occur anywhere.
SHORTEST_KEY = 8

_PASSWORD = re.compile(r"""//[^\s/"'<>]*@""")
_URL = re.compile(r"""(//[^\s?#"<>]*)([?#][^\s"<>]*)?""")


class Secret:
    """An API key, which is never shown: not by its own repr, and as long as it lives, not in any other text.

    Whoever holds a key holds one of these, since a traceback may show the local variables of all frames.
    """

    __slots__ = ("__weakref__", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        if len(text) >= SHORTEST_KEY:
            _secrets.setdefault(text[:4], WeakValueDictionary())[id(self)] = self

    def reveal(self) -> str:
        """The key itself, to be passed on and not to be kept in a variable."""
        return self._text

    def as_header(self, scheme: str = "") -> bytes:
        """The key after its scheme, as bytes with a repr that does not show it, whatever the HTTP library makes of them."""
        return _HiddenBytes(f"{scheme} {self._text}".lstrip().encode())

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled")

    def __repr__(self) -> str:
        return "<API key>"


class _HiddenBytes(bytes):
    def __bytes__(self) -> bytes:
        return self  # `bytes(…)`, by which libraries copy it, keeps the class.

    def __repr__(self) -> str:
        return "<API key>"


# By how they begin: where a process has thousands of keys, few texts have anything like them.
# Without a lock, which a fork would leave locked in the child: each step is a single one of dict's.
_secrets: dict[str, WeakValueDictionary[int, Secret]] = {}


def hidden(key: Any) -> Any:
    """A key that was given as text as a Secret; anything else is left for the check to find."""
    return Secret(key) if isinstance(key, str) and key else key


def without_key(text: str) -> str:
    """A text without the API keys; the end of one that was cut may hold the beginning of a key."""
    for begins, secrets in tuple(_secrets.items()):
        # Keys that are gone leave their beginning behind; a long text is not searched for it.
        if secrets and begins in text:
            for reference in secrets.valuerefs():
                if (secret := reference()) is not None:
                    text = _without(text, secret.reveal())
    return text


def _without(text: str, key: str) -> str:
    text = text.replace(key, "…")
    if not text.endswith("…"):
        return text
    start = text.find(key[:SHORTEST_KEY], max(0, len(text) - len(key)))
    while start >= 0 and not key.startswith(text[start:-1]):
        start = text.find(key[:SHORTEST_KEY], start + 1)
    return text if start < 0 else text[:start] + "…"


def may_hold_key(content: bytes) -> bool:
    """Whether what JSON says may hold an API key, which may be written with escapes, or in UTF-16."""
    return (
        b"\\u00" in content
        or b"\0" in content
        or any(
            secrets and begins.encode(errors="replace") in content
            for begins, secrets in tuple(_secrets.items())
        )
    )


def masked(data: Any) -> Any:
    """JSON without the API keys, should someone repeat them; not cut, since it is data and not shown."""
    if isinstance(data, str):
        return without_key(data)
    if isinstance(data, dict):
        return {masked(name): masked(member) for name, member in data.items()}
    if isinstance(data, list):
        return [masked(item) for item in data]
    return tuple(map(masked, data)) if type(data) is tuple else data


def cut(text: str, width: int) -> str:
    """The beginning of a text, with an ellipsis where there is more."""
    return text if len(text) <= width else text[: width - 1] + "…"


def printable(text: str) -> str:
    """A text with all escaped that a terminal may obey or that can't be seen; lines stay lines."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def shown(text: str, width: int = SCREENFUL) -> str:
    """The beginning of a text that may hold anything, in characters that can be shown."""
    return cut(printable(without_key(cut(text, width))), width)


def redacted(text: str, width: int = SCREENFUL) -> str:
    """The beginning of prose, also without the queries and passwords of URLs."""
    return cut(printable(beginning(text, width)), width)


def beginning(text: str, width: int = SCREENFUL) -> str:
    """The beginning of prose, redacted, with the characters that it has, for a repr to escape."""
    text = _PASSWORD.sub("//", without_key(cut(text, width)))
    return _URL.sub(lambda m: f"{m[1]}?…" if m[2] else m[1], text)


def excerpt(text: str, width: int = 200) -> str:
    """The beginning of a text, redacted and on one line."""
    return cut(" ".join(redacted(text).split()), width)


def listing(lines: Sequence[object], width: int = SCREENFUL) -> str:
    """Lines of a message; of those that are too many, only how many they are."""
    room, kept = width - 30, list[str]()
    for line in lines:
        text = cut(str(line), width - 30)
        room -= len(text) + 1
        if room < 0 and kept:
            return "\n".join([*kept, f"and {len(lines) - len(kept)} more"])
        kept.append(text)
    return "\n".join(kept)


def without_query(url: str) -> str:
    """A URL without what may be secret: its query, often a signature, and its password."""
    url = re.split(r"[?#]", cut(url, SCREENFUL), maxsplit=1)[0]
    return shown(re.sub(r"//[^/]*@", "//", url))


def log_text(text: str) -> str:
    """What an HTTP library logs of a download, without the queries and passwords of URLs.

    A redirect may lead to a URL that is logged without its host.
    """
    text = re.sub(r"//[^/\s'\"]*@", "//", without_key(cut(text, _LOG)))
    return cut(printable(re.sub(r"[?#]\S*", "", text)), _LOG)


def show(value: object, width: int = 60) -> str:
    """A value for a message: short, on one line, and without the query or password of a URL."""
    if isinstance(value, str):
        return _shown_text(value, width)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, bool | int | float) or value is None:
        return str(value)
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    return f"a {shown(type(value).__qualname__, width)}"


def _shown_text(text: str, width: int) -> str:
    # The query of a relative URL is one too; what is beyond the cut is not shown in any case.
    text = without_key(cut(text, SCREENFUL))
    is_url = re.match(r"(?i)https?:|[^?#]*/", text)
    if is_url:
        text = re.sub(r"(?s)[?#].*", "?…", text, count=1)
    text = cut(re.sub(r"(://)[^/@]*@", r"\1…@", text), width)
    # Such as half a surrogate pair, or a line's end in Unicode.
    return printable(json.dumps(text, ensure_ascii=False))


class _ShortRepr(reprlib.Repr):
    """Shows the first few items of what may be large; reprlib would repeat integers of any length."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3

    def repr_str(self, x: str, level: int) -> str:
        return repr(beginning(x, 200))

    def repr_int(self, x: int, level: int) -> str:
        return show(x)

    def repr_bytes(self, x: bytes, level: int) -> str:
        return f"<{len(x)} bytes>"

    def repr_instance(self, x: Any, level: int) -> str:
        try:
            return shown(repr(x), 200)
        except Exception:  # A repr that fails must not keep an error from being told.
            return f"<{type(x).__name__}>"


_short = _ShortRepr()


def short_repr(self: Any) -> str:
    """The repr of a dataclass in at most a screenful, for its `__repr__`."""
    members = (f"{f.name}={_short.repr(getattr(self, f.name))}" for f in fields(self) if f.repr)
    return shown(f"{type(self).__qualname__}({', '.join(members)})")
