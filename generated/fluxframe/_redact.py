# A copy of codegen/runtime/_redact.py, where it is edited.
"""Decides what may be shown of a text, for all messages, logs, reprs and files.

A text is cut before it is looked at, so that its length costs nothing, and what may be secret is left
out: the queries and passwords of URLs, which sign and open them, and the API key. Patterns look at
a cut text only; what is done to a whole one is `str.replace`, in time that grows with its length.
"""

from __future__ import annotations

import json
import re
from typing import Any

# Characters, about a screenful; a message never shows more of one text.
SCREENFUL = 2000
# A record of a log tells all headers of a response.
_LOG = 10 * SCREENFUL
# A key of a few letters is not a real one, and its letters may occur anywhere.
SHORTEST_KEY = 8

_PASSWORD = re.compile(r"""//[^\s/"'<>]*@""")
_QUERY = re.compile(r"""(//[^\s?#"'<>]*)[?#][^\s"<>]*""")


def redacted(text: str, secret: str | None = None, width: int = SCREENFUL) -> str:
    """Prose without what may be secret in it: queries and passwords of URLs, and `secret`."""
    text = without_secret(cut(text, width), secret)
    return _QUERY.sub(r"\1?…", _PASSWORD.sub("//", text))


def excerpt(text: str, secret: str | None = None, width: int = 200) -> str:
    """The beginning of a text, redacted and on one line."""
    folded = " ".join(redacted(text, secret).split())
    return cut(folded, width)


def without_query(url: str) -> str:
    """A URL without what may be secret: its query, often a signature, and its password."""
    url = cut(url, SCREENFUL)
    return re.sub(r"//[^/]*@", "//", re.split(r"[?#]", url, maxsplit=1)[0])


def log_text(text: str) -> str:
    """What a library logs of a download, without the queries and passwords of URLs.

    A redirect may lead to a URL that is logged without its host.
    """
    text = re.sub(r"//[^/\s'\"]*@", "//", cut(text, _LOG))
    return re.sub(r"[?#]\S*", "", text)


def without_secret(text: str, secret: str | None) -> str:
    """A text without the API key; the end of one that was cut may hold the beginning of the key."""
    if not secret or len(secret) < SHORTEST_KEY:
        return text
    text = text.replace(secret, "…")
    if not text.endswith("…"):
        return text
    start = text.find(secret[:SHORTEST_KEY], max(0, len(text) - len(secret)))
    while start >= 0 and not secret.startswith(text[start:-1]):
        start = text.find(secret[:SHORTEST_KEY], start + 1)
    return text if start < 0 else text[:start] + "…"


def masked(data: Any, secret: str | None) -> Any:
    """JSON without the API key, should the server repeat it; not cut, since it is data and not shown."""
    if isinstance(data, str):
        return data.replace(secret, "…") if secret and len(secret) >= SHORTEST_KEY else data
    if isinstance(data, dict):
        return {masked(name, secret): masked(member, secret) for name, member in data.items()}
    return [masked(item, secret) for item in data] if isinstance(data, list) else data


def cut(text: str, width: int) -> str:
    """The beginning of a text, with an ellipsis where there is more."""
    return text if len(text) <= width else text[: width - 1] + "…"


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
    return f"a {cut(type(value).__qualname__, width)}"


def _shown_text(text: str, width: int) -> str:
    # The query of a relative URL is one too; what is beyond the cut is not shown in any case.
    text = cut(text, SCREENFUL)
    is_url = re.match(r"(?i)https?:|[^?#]*/", text)
    if is_url:
        text = re.sub(r"(?s)[?#].*", "?…", text, count=1)
    text = cut(re.sub(r"(://)[^/@]*@", r"\1…@", text), width)
    shown = json.dumps(text, ensure_ascii=False)
    if not shown.isprintable():  # Such as half a surrogate pair, or a line's end in Unicode.
        shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)
    return shown
