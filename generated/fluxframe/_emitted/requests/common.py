# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Requests as values, one class per model; what is left out is `MISSING`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, Field, StrictStr
from typing_extensions import TypeAliasType

from ..._request import BaseModel

Ratio = TypeAliasType("Ratio", Annotated[StrictStr, Field(pattern="^(?:[0-9]+:[0-9]+)$")])


Dimensions = TypeAliasType("Dimensions", Annotated[StrictStr, Field(pattern="^(?:[0-9]+x[0-9]+)$")])


AbsoluteUrl = TypeAliasType(
    "AbsoluteUrl",
    Annotated[
        StrictStr, Field(pattern="^(?:(?:[A-Za-z][A-Za-z0-9+.\\-]*://|data:)[^\\x00-\\x20\\x7f]+)$")
    ],
)


Uuid = TypeAliasType(
    "Uuid",
    Annotated[
        StrictStr,
        Field(
            pattern="^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$"
        ),
    ],
)


DateTime = TypeAliasType(
    "DateTime",
    Annotated[
        StrictStr,
        Field(
            pattern="^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?(?:Z|[+\\-][0-9]{2}:[0-9]{2}))$"
        ),
    ],
)


Email = TypeAliasType(
    "Email",
    Annotated[StrictStr, Field(pattern="^(?:[^@\\x00-\\x20\\x7f]+@[^@\\x00-\\x20\\x7f]+)$")],
)


class BackgroundRemoveRequest(BaseModel):
    """What images.background_remove takes, beside the parameters of the model."""

    webhook_url: AbsoluteUrl | MISSING = MISSING
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | MISSING, Field(min_length=1)
    ] = MISSING
    """Which events are posted. At least 1 item."""


class EditRequest(BaseModel):
    """What images.edit takes, beside the parameters of the model."""

    webhook_url: AbsoluteUrl | MISSING = MISSING
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | MISSING, Field(min_length=1)
    ] = MISSING
    """Which events are posted. At least 1 item."""


class GenerateRequest(BaseModel):
    """What images.generate takes, beside the parameters of the model."""

    prompt: Annotated[StrictStr, Field(max_length=2000, min_length=1)]
    """What the picture shows. 1 to 2000 characters."""
    webhook_url: AbsoluteUrl | MISSING = MISSING
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | MISSING, Field(min_length=1)
    ] = MISSING
    """Which events are posted. At least 1 item."""


class MidjourneyActionRequest(BaseModel):
    """What images.midjourney_action takes, beside the parameters of the action."""

    webhook_url: AbsoluteUrl | MISSING = MISSING
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | MISSING, Field(min_length=1)
    ] = MISSING
    """Which events are posted. At least 1 item."""


class UpscaleRequest(BaseModel):
    """What images.upscale takes, beside the parameters of the model."""

    webhook_url: AbsoluteUrl | MISSING = MISSING
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | MISSING, Field(min_length=1)
    ] = MISSING
    """Which events are posted. At least 1 item."""
