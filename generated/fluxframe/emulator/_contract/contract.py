# A copy of codegen/runtime/emulator/_contract/contract.py, where it is edited.
"""What the server obeys: the OpenAPI document as it stands, or as one of the sources reads it."""

from __future__ import annotations

import json
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import Any

from .._options import OptionError
from .document import Document, Json
from .models import Models
from .validation import Checks


@dataclass(frozen=True, eq=False)
class Contract:
    """A document, with what it says of requests and of models."""

    follow: str | None
    document: Document
    checks: Checks
    models: Models


@cache
def contract(follow: str | None = None) -> Contract:
    """The contract as a source reads it, or as it stands. Raises ValueError if no such source reads otherwise."""
    raw = _emitted("openapi.json")
    if follow is not None:
        if follow not in sources():
            known = ", ".join(map(repr, sources())) or "none does"
            raise OptionError(
                "follow", f"{follow!r} is not a source that reads otherwise ({known})"
            )
        raw = merged(raw, _readings()[follow])
    document = Document(raw)
    checks = Checks(document)
    return Contract(follow, document, checks, Models(document, checks))


def sources() -> list[str]:
    """The sources that read the document otherwise."""
    return [*_readings()]


@cache
def _readings() -> Json:
    return _emitted("openapi-readings.json")


def merged(target: Any, patch: Any) -> Any:
    """A JSON value with a merge patch (RFC 7396) applied: null removes, and lists are replaced whole."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def _emitted(name: str) -> Json:
    # It may be in a zip, where no path leads; importlib.resources takes longer to import than this to read.
    data = pkgutil.get_data(__name__.rsplit(".", 3)[0], f"_emitted/{name}")
    loaded: Json = json.loads(data or b"{}")
    return loaded
