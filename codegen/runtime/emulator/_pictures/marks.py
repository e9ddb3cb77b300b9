"""What a request says that changes how a picture is made, but not what of: steps, guidance and the like."""

from __future__ import annotations

import json
import re
from typing import Any

from .._contract.models import Values
from .references import is_url, texts

# Roles that are seen in the picture or its file, or say nothing of it.
_SEEN = {
    "aspect_ratio",
    "count",
    "discriminator",
    "format",
    "height",
    "index",
    "mask",
    "parent",
    "prompt",
    "quality",
    "reference",
    "scale",
    "seed",
    "size",
    "webhook_events",
    "webhook_url",
    "width",
}
_LONGEST = 40


def marks(values: Values) -> list[str]:
    """A few words for each parameter that is given and of no role that the drawing knows."""
    found = []
    for parameter in values.model.parameters.values():
        if values.is_given(parameter) and parameter.role not in _SEEN:
            value = values.of(parameter.name)
            if not any(map(is_url, texts(value))):  # Those are pictures, which are shown.
                found.append(_words(parameter.name, value))
    return found


def _words(name: str, value: Any) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.replace("_", " ")).lower()
    if value is True:
        return words
    if value is False:
        return f"no {words}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\u2026"
    return f"{words} {short}"
