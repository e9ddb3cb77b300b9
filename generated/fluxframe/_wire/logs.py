# A copy of codegen/runtime/_wire/logs.py, where it is edited.
"""Keeps secrets out of what httpx and httpcore log while they send for us."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .._redact import log_text, without_secret
from .http import LIBRARIES

# While something is under way: the API key, which a server may repeat in a header.
_secret: ContextVar[str | None] = ContextVar("_secret", default=None)


@contextmanager
def hidden(secret: str | None) -> Iterator[None]:
    """While it is entered, what the libraries log has no queries of URLs, often signatures, and no `secret`."""
    token = _secret.set(secret or "")
    try:
        yield
    finally:
        _secret.reset(token)


def _hide(record: logging.LogRecord) -> bool:
    secret = _secret.get()
    if secret is not None:
        record.msg, record.args = without_secret(log_text(record.getMessage()), secret), ()
    return True


for _library in LIBRARIES:
    _core = _library.replace("httpx", "httpcore")
    for _name in (_library, f"{_core}.http11", f"{_core}.http2"):
        logging.getLogger(_name).addFilter(_hide)
