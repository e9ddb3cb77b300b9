# A copy of codegen/runtime/emulator/_state/masking.py, where it is edited.
"""API keys as they are shown: never whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from .._contract.contract import contract

Mask = Callable[[str], str]

_SHOWN = 8
# Headers that say who a request is from, beside the one of the API.
_SECRET = {"authorization", "proxy-authorization", "cookie", "set-cookie"}


def shown_key(key: str) -> str:
    """How a key begins, and an ellipsis."""
    return key[: min(_SHOWN, len(key) // 2)] + "…"


def without_keys(text: str, key: str | None, mask: Mask = shown_key) -> str:
    """A text in which a key is masked, and so is all else that begins as keys do."""
    if key:
        text = text.replace(key, mask(key))
    pattern = _keys()
    return pattern.sub(lambda match: mask(match[0]), text) if pattern else text


def masked(value: Any, key: str | None) -> Any:
    """JSON without API keys."""
    if isinstance(value, str):
        return without_keys(value, key)
    if isinstance(value, dict):
        return {without_keys(name, key): masked(inner, key) for name, inner in value.items()}
    return [masked(inner, key) for inner in value] if isinstance(value, list) else value


@cache
def _keys() -> re.Pattern[str] | None:
    prefix = contract().document.security.prefix
    # Not what is shown of one already.
    least = max(5, _SHOWN + 1 - len(prefix))
    return re.compile(rf"{re.escape(prefix)}[\w-]{{{least},}}") if len(prefix) > 2 else None


def _is_secret(header: str) -> bool:
    return header.lower() in _SECRET or header.lower() == contract().document.security.header


def masked_header(header: str, value: str, key: str | None, mask: Mask = shown_key) -> str:
    """The value of a header, in which a secret is masked."""
    shown = without_keys(value, key, mask)
    if shown != value or not _is_secret(header):
        return shown
    scheme, space, secret = value.rpartition(" ")
    return f"{scheme}{space}{mask(secret)}"
