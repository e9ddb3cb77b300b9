"""The typed Spec: one class per kind of file under `spec/`, and the whole of them resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Scalar: TypeAlias = bool | int | float | str
Number: TypeAlias = int | float
Words: TypeAlias = str | list[str]
Type: TypeAlias = Literal["string", "integer", "number", "boolean", "array", "object"]
Source: TypeAlias = Annotated[
    dict[str, Words],
    Field(description="Where this is from: the id of a source, and its words."),
]


class Entry(BaseModel):
    """A mapping in a spec file; a key that it does not know is a problem."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Origin(Entry):
    """An entry of `sources.yaml`: a body of documents that facts come from."""

    title: str
    summary: str


class FormatReading(Entry):
    """What another source says in place of a format's pattern."""

    pattern: str | None = None
    json_schema_format: str | None = None


class Format(Entry):
    """An entry of `formats.yaml`: a form of text, told by a pattern."""

    title: str = Field(description="What a text of this form is called in messages.")
    pattern: str = Field(description="A regular expression for the whole text, without anchors.")
    example: str
    json_schema_format: str | None = Field(
        None, description="The JSON Schema format that says the same, to emit in its place."
    )
    source: Source
    readings: dict[str, FormatReading] = Field(
        {}, description="By source id: how another source tells texts of this form."
    )


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
    default: Scalar | None = Field(None, description="What the server assumes; never sent.")


class Schema(Constraints):
    """A JSON value: what is allowed, what it means, and who says so."""

    summary: str | None = None
    unit: str | None = None
    required: bool = False
    open: bool = Field(False, description="More may come than is listed: values, or members.")
    items: Schema | None = None
    properties: dict[str, Schema] | None = None
    additional: Schema | None = Field(None, description="What members that are not listed hold.")
    any_of: list[Schema] | None = None
    ref: str | None = Field(None, description="The name of an entry of objects.yaml.")
    source: Source = {}
    readings: dict[str, Constraints] = Field(
        {}, description="By source id: what another source says in place of a constraint here."
    )


class Definition(Schema):
    """An entry of `objects.yaml`."""

    extends: str | None = None
    without: list[str] = []


class SharedParameter(Entry):
    """What a parameter is for every model of a family. It has no limits: those are a model's."""

    type: Type
    items: Schema | None = None
    format: str | None = None
    unit: str | None = None
    summary: str


class Requirement(Entry):
    """A value of this parameter makes sense only when another parameter is given."""

    when: Scalar | None = Field(None, description="The value; any value where it is not said.")
    parameter: str
    enforced: bool = Field(False, description="A source says that the API refuses it otherwise.")


class Parameter(Schema):
    """A parameter of one model."""

    used_when: dict[str, Scalar] = Field({}, description="It counts only beside these values.")
    ignored_when: dict[str, Scalar] = Field({}, description="It does nothing beside these values.")
    requires: list[Requirement] = []


class Price(Entry):
    """What an image costs."""

    credits: int = Field(ge=0)
    megapixels: int = Field(ge=1)
    source: Source


class Example(Entry):
    """A request that the documentation shows, as it goes over the wire."""

    summary: str
    request: dict[str, object]
    source: Source


class Family(Entry):
    """A file of `families/`: what some models have in common."""

    id: str
    title: str
    vendor: str
    container: str = Field(description="The member of a request that holds the parameters.")
    source: Source
    readings: dict[str, str] = {}
    parameters: dict[str, SharedParameter]


class Model(Entry):
    """A file of `models/`: one model, its parameters and its examples."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$")
    title: str
    family: str
    summary: str
    description: str
    source: Source
    price: Price | None = None
    parameters: dict[str, Parameter]
    examples: dict[str, Example]


class Authentication(Entry):
    """How a request says who it is from."""

    header: str
    prefix: str
    summary: str
    source: Source


class Idempotency(Entry):
    """How a request that is sent twice is told from two requests."""

    header: str
    max_length: int
    hours: int
    summary: str
    conflict_status: int
    source: Source


class Polling(Entry):
    """How often to ask for a job, and for how long."""

    first_seconds: Number
    factor: Number
    maximum_seconds: Number
    deadline_seconds: Number
    source: Source


class JobFailure(Entry):
    """A reason why jobs fail, known by words in their error."""

    words: Annotated[str, Field(min_length=1, pattern="^[^A-Z]+$")] = Field(
        description="What the error says, in lower case."
    )
    resubmit: bool = Field(description="Whether the same request can succeed another time.")
    summary: str = Field(description="The reason and what to do, as errors say it.")
    source: Source


class JobLife(Entry):
    """The statuses of a job, and which follows which."""

    object: str
    accepted: dict[str, str] = Field(description="Members of the job that the answer has too.")
    initial: str
    transitions: dict[str, list[str]]
    succeeded: list[str]
    ended_at: str | None = Field(
        default=None,
        description="The member that only a job which has ended has, whatever its status.",
    )
    failures: list[JobFailure] = []
    summary: str
    source: Source

    @property
    def ended(self) -> list[str]:
        """The statuses that nothing follows."""
        return [status for status, after in self.transitions.items() if not after]


class Webhooks(Entry):
    """The events that are posted to a request's URL."""

    event_header: str
    signature_header: str
    signature: str
    events: dict[str, str]
    summary: str
    source: Source
    readings: dict[str, str] = {}


class Error(Entry):
    """What an HTTP status means."""

    name: str
    object: str
    summary: str
    retry_after: bool = False


class Api(Entry):
    """The file `api.yaml`."""

    title: str
    version: str
    summary: str
    base_url: str
    source: Source
    authentication: Authentication
    idempotency: Idempotency
    polling: Polling
    job: JobLife
    webhooks: Webhooks
    errors: dict[str, Error]


class Body(Entry):
    """What an operation sends: a JSON request, or one file as a multipart form."""

    request: str | None = None
    multipart: str | None = None


class Success(Entry):
    """What an operation answers when all is well."""

    status: int
    object: str


class UploadLimit(Entry):
    """A kind of file that may be uploaded."""

    kind: str
    content_types: list[str] = []
    max_megabytes: int


class Operation(Entry):
    """An entry of `operations.yaml`."""

    method: Literal["GET", "POST"]
    path: str
    summary: str
    authenticated: bool = True
    idempotent_by_key: bool = False
    path_parameters: dict[str, Schema] = {}
    query: dict[str, Schema] = {}
    body: Body = Body()
    success: Success
    errors: list[int]
    upload: list[UploadLimit] = []
    source: Source


@dataclass(frozen=True, slots=True)
class Spec:
    """The whole of `spec/`, checked, with each model's parameters resolved."""

    api: Api
    sources: Mapping[str, Origin]
    formats: Mapping[str, Format]
    objects: Mapping[str, Definition]
    operations: Mapping[str, Operation]
    families: Mapping[str, Family]
    models: Mapping[str, Model]

    def container(self, model: Model) -> str:
        """The member of a request that holds the parameters of `model`."""
        return self.families[model.family].container

    def request_operation(self) -> tuple[str, Operation, str]:
        """The operation that takes a model's request: its name, itself, and its request object."""
        for name, operation in self.operations.items():
            if operation.body.request:
                return name, operation, operation.body.request
        raise LookupError("no operation takes a request")

    def request_fields(self) -> dict[str, Schema]:
        """What every request takes beside the parameters of its model."""
        _, _, name = self.request_operation()
        return dict(self.objects[name].properties or {})

    def examples(self) -> Iterator[tuple[Model, str, Example]]:
        """Every documented request, with its model and name."""
        for model in self.models.values():
            for name, example in model.examples.items():
                yield model, name, example
