# A copy of codegen/runtime/_wire/logs.py, where it is edited.
"""Keeps secrets out of what httpx and httpcore log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .._redact import log_text, without_key
from .http import LIBRARIES

_for_us: ContextVar[bool] = ContextVar("_for_us", default=False)


@contextmanager
def without_queries() -> Iterator[None]:
    """Within it, what the libraries log has no queries of URLs, often signatures."""
    token = _for_us.set(True)
    try:
        yield
    finally:
        _for_us.reset(token)


def _hide_secrets(record: logging.LogRecord) -> bool:
    text = record.getMessage()
    told = log_text(text) if _for_us.get() else without_key(text)
    if told != text:
        record.msg, record.args = told, ()
    return True


_PARTS = ("connection", "http11", "http2", "proxy", "socks")
for _library in LIBRARIES:
    _core = _library.replace("httpx", "httpcore")
    for _name in (_library, *(f"{_core}.{part}" for part in _PARTS), "hpack.hpack"):
        logging.getLogger(_name).addFilter(_hide_secrets)
