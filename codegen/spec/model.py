"""The classes of the files of a spec: sources, formats, objects, operations, families, models and the API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .schema import Entry, Number, Parameter, Schema, SharedParameter, Source


class Origin(Entry):
    """An entry of `sources.yaml`: a body of documents that facts come from."""

    title: str
    called: str | None = Field(
        None, description="What a sentence calls it, such as `the page`; by default by its id."
    )
    summary: str
    kind: Literal["openapi"] | None = Field(
        None, description="What it is, where a command reads documents of that kind."
    )


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
    reads: Literal["ratio", "dimensions"] | None = Field(
        None, description="What the two integers are that are written in a text of this form."
    )
    source: Source
    readings: dict[str, FormatReading] = Field(
        {}, description="By source id: how another source tells texts of this form."
    )


class Definition(Schema):
    """An entry of `objects.yaml`."""

    extends: str | None = None
    without: list[str] = Field([])


class Price(Entry):
    """What a request costs: `credits`, or what `by` says for the value of a parameter.

    It is for each megapixel of a picture, rounded up, if `per` says so, and counts as often as the
    parameter `times` says.
    """

    credits: int | None = Field(None, ge=0)
    by: dict[str, dict[str, int]] | None = Field(
        None, description="By one parameter: the credits for each of its values."
    )
    default: int | None = Field(None, ge=0, description="The credits without that parameter.")
    per: Literal["megapixel"] | None = None
    times: str | None = Field(None, description="The parameter that the credits are multiplied by.")
    source: Source = Field({})
    assumed: bool = Field(False, description="No source says so.")


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
    operation: str = Field(description="The operation that takes requests for its models.")
    container: str | None = Field(
        None,
        description="The member of a request that holds the parameters; without one they are "
        "members of the request itself.",
    )
    container_required: bool = Field(
        False, description="The container has to be there, although no parameter has to."
    )
    result: str = Field("images", description="The name of an entry of `results` in api.yaml.")
    source: Source
    readings: dict[str, str] = Field({})
    one_shape: list[str] = Field(
        [], description="The sources that let each of its models take all parameters."
    )
    parameters: dict[str, SharedParameter]

    @property
    def file(self) -> str:
        """Where it is in a spec."""
        return f"families/{self.id}.yaml"


class Model(Entry):
    """A file of `models/`: one model, its parameters and its examples."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$")
    title: str
    family: str
    summary: str
    description: str
    source: Source
    readings: dict[str, str] = Field({})
    discriminator: str | None = Field(
        None, description="What stands for the model in a request; its id where it is not said."
    )
    operation: str | None = None
    container_required: bool | None = None
    result: str | None = None
    count: int | None = Field(None, ge=1, description="How many files every request makes.")
    fields: dict[str, Schema] = Field({}, description="Fields of its requests that differ.")
    without: list[str] = Field([], description="Fields that its requests don't have.")
    price: Price | None = None
    parameters: dict[str, Parameter]
    examples: dict[str, Example]

    @property
    def file(self) -> str:
        """Where it is in a spec."""
        return f"models/{self.family}/{self.id}.yaml"


class Authentication(Entry):
    """How a request says who it is from."""

    header: str
    scheme: str = Field("", description="A word before the key, such as `Bearer`.")
    prefix: str
    summary: str
    source: Source


class Environment(Entry):
    """The names of environment variables that the client reads."""

    api_key: str
    base_url: str


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
    initial: str
    transitions: dict[str, list[str]]
    succeeded: list[str]
    cancelled: list[str] = Field([])
    failures: list[JobFailure] = Field([])
    kept_hours: int | None = Field(
        None,
        ge=1,
        description="How long its files are there, at least; for ever if it is not told.",
    )
    summary: str
    source: Source

    @property
    def ended(self) -> list[str]:
        """The statuses that nothing follows."""
        return [status for status, after in self.transitions.items() if not after]


class Result(Entry):
    """A kind of result that a job may have."""

    object: str
    media: Literal["image", "video", "audio"] = "image"


class Signature(Entry):
    """How events are signed: a scheme that the client knows by its name, and what precedes the hex digits."""

    scheme: Literal["hmac_sha256", "hmac_sha256_of_key_digest"]
    prefix: str = ""


class Webhooks(Entry):
    """The events that are posted to a request's URL."""

    event_header: str
    signature_header: str
    signature: Signature
    events: dict[str, str]
    summary: str
    source: Source
    readings: dict[str, str] = Field({})


class Error(Entry):
    """What an HTTP status means."""

    name: str
    object: str
    summary: str
    retry_after: bool = False


class NotCovered(Entry):
    """Operations of the API that the spec leaves out on purpose."""

    operations: list[Annotated[str, Field(pattern=r"^[A-Z]+ /\S*$")]]
    reason: str
    source: Source


class Way(Entry):
    """A way to say who asks: a header, and a word before what it holds."""

    header: str
    scheme: str = ""


class ApiReading(Entry):
    """What another source says of the API as a whole."""

    base_urls: list[str] = Field([], description="Those that it has, in place of `base_url`.")
    authentication: list[Way] = Field([], description="Those that it has beside ours.")


class Api(Entry):
    """The file `api.yaml`."""

    title: str
    name: str = Field(description="The API's name in texts.")
    version: str
    summary: str
    base_url: str
    source: Source
    authentication: Authentication
    environment: Environment
    request_id_header: str
    idempotency: Idempotency
    polling: Polling
    job: JobLife
    results: dict[str, Result]
    webhooks: Webhooks
    errors: dict[str, Error]
    not_covered: list[NotCovered] = Field([])
    readings: dict[str, ApiReading] = Field(
        {}, description="By source id: what another source says in place of what is said here."
    )


class Body(Entry):
    """What an operation sends: a request for a model as JSON, or a form with files and fields."""

    request: str | None = Field(None, description="The object that all its requests have.")
    multipart: dict[str, Schema] | None = Field(None, description="The parts of a form.")


class Success(Entry):
    """What an operation answers when all is well; nothing if there is no object."""

    status: int
    object: str | None = None


class UploadLimit(Entry):
    """A kind of file that may be uploaded."""

    kind: str
    content_types: list[str] = Field([])
    max_megabytes: int


class OperationReading(Entry):
    """What another source says of an operation."""

    errors: list[int] | None = Field(None, description="Those that it has, in place of ours.")
    answers: dict[str, str] = Field({}, description="By status: the object that it has instead.")


class Operation(Entry):
    """An entry of `operations.yaml`."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    summary: str
    authenticated: bool = True
    idempotent_by_key: bool = False
    path_parameters: dict[str, Schema] = Field({})
    query: dict[str, Schema] = Field({})
    body: Body = Field(Body.model_validate({}))
    success: Success
    errors: list[int]
    upload: list[UploadLimit] = Field([])
    kept_hours: int | None = Field(
        None, ge=1, description="How long an uploaded file is there, at least."
    )
    source: Source
    readings: dict[str, OperationReading] = Field(
        {}, description="By source id: what another source says in place of what is said here."
    )
