"""The classes that the catalogue is made of: what the API takes, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from ._redact import short_repr, shown

Scalar: TypeAlias = bool | int | float | str
Type: TypeAlias = Literal[
    "string", "integer", "number", "boolean", "array", "object", "any", "file"
]
# By other parameters, the values of theirs that a rule is about.
Settings: TypeAlias = Mapping[str, tuple[Scalar, ...]]
# The place of each role in an object: names of members, from outside in.
Roles: TypeAlias = Mapping[str, tuple[str, ...]]
Kind: TypeAlias = Literal[
    "submit", "upload", "job", "jobs", "account", "catalogue", "answer", "empty"
]

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
class Exclusion:
    """The value `when` (or any value, if None) makes no sense beside `parameter`.

    It is `enforced` where a source says that the API refuses it.
    """

    parameter: str
    when: Scalar | None = None
    enforced: bool = False

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit that holds only beside values of other parameters: `rule` is its name, such as `maximum`."""

    when: Settings
    rule: str
    limit: Any
    enforced: bool = False

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a request costs in credits: `credits`, or what `by` says for the value of a parameter.

    `default` are the credits if that parameter is not given. They are for each megapixel of a
    picture, rounded up, if `per` says so, and counted as often as the parameter `times` says.
    `assumed` tells that no source says so.
    """

    credits: int | None = None
    by: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: _EMPTY)
    default: int | None = None
    per: Literal["megapixel"] | None = None
    times: str | None = None
    assumed: bool = False

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter and its limits. Ranges are inclusive unless they say otherwise.

    `name` is its name in Python, `path` its place in the request's JSON, `role` what code knows it
    as, `default` what the server assumes; a limit that is None does not apply. The names in rules
    about other parameters are those of the request's JSON.
    """

    name: str
    path: str
    type: Type
    summary: str = ""
    unit: str = ""
    role: str = ""
    required: bool = False
    nullable: bool = False
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
    properties: Mapping[str, Parameter] = field(default_factory=lambda: _EMPTY)
    any_of: tuple[Parameter, ...] = ()
    default: Scalar | list[Scalar] | None = None
    used_when: Settings = field(default_factory=lambda: _EMPTY)
    ignored_when: Settings = field(default_factory=lambda: _EMPTY)
    requires: tuple[Requirement, ...] = ()
    excludes: tuple[Exclusion, ...] = ()
    limits: tuple[Limit, ...] = ()

    __repr__ = short_repr

    @property
    def wire_name(self) -> str:
        """Its name in the request's JSON."""
        return self.path.rpartition(".")[2]

    @property
    def has_rules(self) -> bool:
        """Whether anything is said of it beside other parameters."""
        return bool(
            self.used_when or self.ignored_when or self.requires or self.excludes or self.limits
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model and what it takes, common fields such as `prompt` included.

    `operation` is the name of the operation that takes its requests, in which the parameter
    `discriminator` has the value `stands_for`; `container` is the member of a request that holds the
    model's own parameters (None: the request itself), which some need although it is empty. Its
    result is the object `result` with files of a `media`; `count` are those that every request
    makes, if no parameter says so. `examples` are the documented requests, as they go over the wire.
    """

    id: str
    title: str
    family: str
    operation: str
    discriminator: str
    stands_for: str
    summary: str
    description: str
    container: str | None
    container_required: bool = False
    result: str
    media: Literal["image", "video", "audio"]
    count: int | None = None
    price: Price | None = None
    parameters: Mapping[str, Parameter]
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: _EMPTY)

    def __repr__(self) -> str:
        return shown(f"<Model {self.id}: {', '.join(self.parameters)}>")

    def by_role(self, role: str) -> Parameter | None:
        """The first parameter that has a role."""
        return next((p for p in self.parameters.values() if p.role == role), None)

    def name_of(self, wire_name: str) -> str:
        """The Python name of a parameter that a rule names as the request's JSON does."""
        own = reversed(list(self.parameters.values()))  # The model's are after those of all.
        return next((p.name for p in own if p.wire_name == wire_name), wire_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation: how to ask for it, and which answer is a success.

    `name` is where the client has it, `kind` what it does, `request` the object of the requests that it takes, `answer` that of its
    answer. One that is `idempotent_by_key` is done once, however often it is sent with the same key; one
    that takes a file takes at most `max_bytes` of it.
    """

    name: str
    method: str
    path: str
    status: int
    kind: Kind
    summary: str = ""
    request: str | None = None
    answer: str | None = None
    authenticated: bool = True
    idempotent_by_key: bool = False
    max_bytes: int | None = None
    parameters: tuple[Parameter, ...] = ()

    __repr__ = short_repr

    def by_role(self, role: str) -> Parameter | None:
        """The first parameter that has a role."""
        return next((p for p in self.parameters if p.role == role), None)


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
class Error:
    """What a status means: the `name` of the error, and the object of its body."""

    name: str
    object: str

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What holds for the API as a whole."""

    title: str
    name: str
    base_url: str
    key_variable: str
    base_url_variable: str
    key_header: str
    key_scheme: str
    key_prefix: str
    idempotency_header: str
    idempotency_max_length: int
    request_id_header: str
    signature_header: str
    signature_scheme: str
    signature_prefix: str
    event_header: str
    events: Mapping[str, str]
    idempotency_hours: int
    polling: Polling
    job: str
    errors: Mapping[str, Error]
    initial: str
    statuses: frozenset[str]
    ended: frozenset[str]
    succeeded: frozenset[str]
    cancelled: frozenset[str]
    failures: tuple[JobFailure, ...]

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Models that have something in common: the member of a request that holds their parameters."""

    title: str
    vendor: str
    container: str | None = None

    __repr__ = short_repr


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestShape:
    """What all requests of an operation have: `fields` by Python name, one of which tells them apart."""

    discriminator: str
    fields: Mapping[str, Parameter]

    __repr__ = short_repr
