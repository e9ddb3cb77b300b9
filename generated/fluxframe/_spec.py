# A copy of codegen/runtime/_spec.py, where it is edited.
"""The classes that the catalogue is made of: what the API takes, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from ._redact import short_repr, shown

Scalar: TypeAlias = bool | int | float | str
Type: TypeAlias = Literal["string", "integer", "number", "boolean", "array", "object"]

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A form of text, such as a ratio; `pattern` matches the whole text."""

    title: str
    pattern: str
    example: str

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number and its unit in one text, such as `2 MP` or `2MP`; at most `maximum`."""

    unit: str
    maximum: int

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """The value `when` (or any value, if None) makes sense only beside `parameter`.

    It is `enforced` where a source says that the API refuses it otherwise.
    """

    parameter: str
    when: Scalar | None = None
    enforced: bool = False

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter and its limits. Ranges are inclusive unless they say otherwise.

    `name` is its name in Python, `path` its place in the request's JSON, `default` what the
    server assumes; a limit that is None does not apply.
    """

    name: str
    path: str
    type: Type
    summary: str = ""
    unit: str = ""
    required: bool = False
    values: tuple[Scalar, ...] | None = None
    format: Format | None = None
    quantity: Quantity | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    multiple_of: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    items: Parameter | None = None
    default: Scalar | None = None
    used_when: Mapping[str, Scalar] = field(default_factory=lambda: _EMPTY)
    ignored_when: Mapping[str, Scalar] = field(default_factory=lambda: _EMPTY)
    requires: tuple[Requirement, ...] = ()

    __repr__ = short_repr

    @property
    def wire_name(self) -> str:
        """Its name in the request's JSON."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model and what it takes, common fields such as `prompt` included.

    `container` is the member of a request that holds the model's own parameters, `examples` are the
    documented requests, as they go over the wire.
    """

    id: str
    title: str
    family: str
    summary: str
    description: str
    container: str
    parameters: Mapping[str, Parameter]
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: _EMPTY)

    def __repr__(self) -> str:
        return shown(f"<Model {self.id}: {', '.join(self.parameters)}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation: how to ask for it, and which answer is a success.

    One that is `idempotent_by_key` is done once, however often it is sent with the same key; one
    that takes a file takes at most `max_bytes` of it.
    """

    name: str
    method: str
    path: str
    status: int
    authenticated: bool = True
    idempotent_by_key: bool = False
    max_bytes: int | None = None
    parameters: tuple[Parameter, ...] = ()

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How often to ask for a job, in seconds: first interval, growth factor, longest, and for how long."""

    first: float
    factor: float
    maximum: float
    deadline: float

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailure:
    """A reason why jobs fail: the `words` in the job's error, in lower case.

    `resubmit` says whether the same request can succeed if it is submitted again.
    """

    words: str
    resubmit: bool
    summary: str

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What holds for the API as a whole."""

    title: str
    base_url: str
    key_header: str
    key_prefix: str
    idempotency_header: str
    idempotency_max_length: int
    signature_header: str
    idempotency_hours: int
    polling: Polling
    accepted: Mapping[str, str]
    statuses: frozenset[str]
    ended: frozenset[str]
    succeeded: frozenset[str]
    ended_at: str | None
    failures: tuple[JobFailure, ...]

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Models that have something in common: the member of a request that holds their parameters."""

    container: str
    models: tuple[str, ...]

    __repr__ = short_repr
