# A copy of codegen/runtime/cli/_uploads.py, where it is edited.
"""Uploads a file, whatever the API calls the operation and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .._answers import Answer, moment
from .._catalog import ROLES, operation_of
from .._redact import short_repr
from .._roles import told

if TYPE_CHECKING:
    from .. import Fluxframe


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An uploaded file: its URL, which may be missing, until when it is kept, and the answer's JSON."""

    url: object
    expires_at: datetime | None
    raw: dict[str, Any]

    __repr__ = short_repr


def uploaded(
    client: Fluxframe, file: Path, given: Mapping[str, Any] = MappingProxyType({})
) -> Uploaded:
    """Upload a file, with fields of the form by their Python names. Raises FluxframeError, OSError."""
    from .._resources import Forms

    operation = operation_of("upload")
    assert operation is not None
    raw = Forms(client._transport)._form(operation.name, Answer, file, None, given, None).raw
    roles = ROLES[operation.answer or ""]
    expires_at = moment({"": told(raw, roles, "expires_at")}, "")
    return Uploaded(told(raw, roles, "url"), expires_at, raw)
