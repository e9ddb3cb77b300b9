"""What a documentation page says of a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class PageError(ValueError):
    """A file is not the page of a model; the message says what was expected."""


@dataclass(slots=True)
class PageParameter:
    """What a page says of one parameter, under the keys of a model's file."""

    name: str
    constraints: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of one model; a text that is not on the page is empty."""

    title: str
    summary: str
    description: str
    source: str
    parameters: list[PageParameter]
    examples: dict[str, dict[str, Any]]
    unread: list[str]
    operation: str | None = None  # If it is another than the family's, as is the kind of result.
    result: str | None = None
    count: int | None = None
    discriminator: str | None = None
    fields: list[PageParameter] = field(default_factory=list)
    price: dict[str, Any] = field(default_factory=dict)
    price_unread: list[str] = field(default_factory=list)
