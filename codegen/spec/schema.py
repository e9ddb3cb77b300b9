"""The classes of values in a spec: what is allowed, what it means, its role, and what holds between parameters."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Scalar: TypeAlias = bool | int | float | str
Number: TypeAlias = int | float
Words: TypeAlias = str | list[str]
Type: TypeAlias = Literal["string", "integer", "number", "boolean", "array", "object", "file"]
# What code must know of a member or a parameter: it looks for the role, never for the name.
Role: TypeAlias = Literal[
    # A job, and the answer to a submission.
    "id",
    "status",
    "model",
    "progress",
    "result",
    "error",
    "credits",
    "webhook_status",
    "created_at",
    "ended_at",
    "input",
    "expired",
    # A result; `composite` is one picture of all the others.
    "images",
    "composite",
    "videos",
    "audio",
    # A page of a list, and its query.
    "items",
    "next_cursor",
    "has_more",
    "models",
    "cursor",
    "limit",
    "scope",
    "search",
    "include_models",
    # An error.
    "message",
    "details",
    "credits_required",
    "credits_available",
    # An account.
    "user_id",
    "team_id",
    "key_id",
    "key_prefix",
    "key_name",
    "team_name",
    "user_role",
    "plan",
    "jobs_at_once",
    "email",
    # A model in a catalogue.
    "label",
    "modality",
    "description",
    "cost_min",
    "cost_max",
    "pricing",
    # An uploaded file.
    "url",
    "kind",
    "content_type",
    "size",
    "expires_at",
    # An event.
    "event",
    # A field of every request; `discriminator` tells the bodies of an operation apart.
    "prompt",
    "discriminator",
    "webhook_url",
    "webhook_events",
    # A parameter of a model.
    "negative_prompt",
    "width",
    "height",
    "aspect_ratio",
    "format",
    "quality",
    "seed",
    "count",
    "reference",
    "mask",
    "scale",
    "parent",
    "index",
]
Source: TypeAlias = Annotated[
    dict[str, Words],
    Field(description="Where this is from: the id of a source, and its words."),
]


class Entry(BaseModel):
    """A mapping in a spec file; a key that it does not know is a problem."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Quantity(Entry):
    """A number and its unit written as one text, such as `2 MP` or `2MP`."""

    unit: str
    maximum: int = Field(ge=1, le=1000)


class Constraints(Entry):
    """What JSON values are allowed. Ranges are inclusive unless they say otherwise."""

    type: Type | None = None
    values: list[Scalar] | None = Field(None, description="The values that are allowed by name.")
    format: str | None = Field(None, description="The name of an entry of formats.yaml.")
    quantity: Quantity | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    exclusive_minimum: Number | None = None
    exclusive_maximum: Number | None = None
    multiple_of: Number | None = None
    min_length: int | None = Field(None, ge=0)
    max_length: int | None = Field(None, ge=0)
    pattern: str | None = None
    min_items: int | None = Field(None, ge=0)
    max_items: int | None = Field(None, ge=0)
    unique_items: bool | None = None
    nullable: bool | None = None
    default: Scalar | list[Scalar] | None = Field(
        None, description="What the server assumes; never sent."
    )


class Reading(Constraints):
    """What another source says in place of what is said of a value here."""

    required: bool | None = None
    absent: bool = Field(False, description="The source does not have it.")
    anything: bool = Field(False, description="The source says nothing of it.")


class Size(Entry):
    """What a value says of a picture: the side of a square of that area, its sides, or its shape."""

    side: int | None = Field(None, ge=1)
    width: int | None = Field(None, ge=1)
    height: int | None = Field(None, ge=1)
    ratio: str | None = Field(None, pattern=r"^[1-9][0-9]*:[1-9][0-9]*$")
    megapixels: Number | None = Field(None, gt=0)
    like: Literal["reference"] | None = Field(None, description="As large as the first input.")


class Schema(Constraints):
    """A JSON value: what is allowed, what it means, and who says so."""

    summary: str | None = None
    unit: str | None = None
    role: Role | None = Field(None, description="What code knows it as, whatever its name.")
    sizes: dict[str, Size] | None = Field(
        None, description="What each of the values says of the picture's size."
    )
    required: bool = False
    open: bool = Field(False, description="More may come than is listed: values, or members.")
    items: Schema | None = None
    properties: dict[str, Schema] | None = None
    additional: Schema | None = Field(None, description="What members that are not listed hold.")
    any_of: list[Schema] | None = None
    ref: str | None = Field(None, description="The name of an entry of objects.yaml.")
    source: Source = {}
    readings: dict[str, Reading] = Field(
        {}, description="By source id: what another source says in place of a constraint here."
    )


class SharedParameter(Entry):
    """What a parameter is for every model of a family. It has no limits: those are a model's."""

    type: Type | None = None
    items: Schema | None = None
    properties: dict[str, Schema] | None = None
    any_of: list[Schema] | None = None
    nullable: bool | None = None
    format: str | None = None
    unit: str | None = None
    role: Role | None = None
    sizes: dict[str, Size] | None = None
    summary: str


class Requirement(Entry):
    """A value of this parameter makes sense only when another parameter is given."""

    when: Scalar | None = Field(None, description="The value; any value where it is not said.")
    parameter: str
    enforced: bool = Field(False, description="A source says that the API refuses it otherwise.")


class Exclusion(Entry):
    """A value of this parameter makes no sense when another parameter is given too."""

    when: Scalar | None = Field(None, description="The value; any value where it is not said.")
    parameter: str
    enforced: bool = Field(False, description="A source says that the API refuses it.")


Settings: TypeAlias = dict[str, Scalar | list[Scalar]]


class Limit(Entry):
    """A limit that holds only beside certain values of other parameters."""

    when: Annotated[Settings, Field(min_length=1)]
    values: list[Scalar] | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    min_length: int | None = Field(None, ge=0)
    max_length: int | None = Field(None, ge=0)
    min_items: int | None = Field(None, ge=0)
    max_items: int | None = Field(None, ge=0)
    enforced: bool = Field(False, description="A source says that the API refuses it.")
    source: Source

    def stated(self) -> dict[str, Any]:
        """The limits that it states, by their names."""
        given = self.model_dump(exclude={"when", "enforced", "source"})
        return {name: limit for name, limit in given.items() if limit is not None}


class Parameter(Schema):
    """A parameter of one model."""

    sources: dict[str, Source] = Field(
        {}, description="By constraint: its source, where it is not that of the parameter."
    )
    used_when: Settings = Field({}, description="It counts only beside these values.")
    ignored_when: Settings = Field({}, description="It does nothing beside these values.")
    requires: list[Requirement] = []
    excludes: list[Exclusion] = []
    limits: list[Limit] = []

    def source_of(self, constraint: str) -> Source:
        """The source of one of its constraints."""
        return self.sources.get(constraint, self.source)


T = TypeVar("T", bound=Schema)


def merged(base: T, given: Schema) -> T:
    """A schema with what another says in its place."""
    update = {name: getattr(given, name) for name in given.model_fields_set}
    return base.model_copy(update=update)
