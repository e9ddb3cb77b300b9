# Generated from spec/ by `python -m codegen generate`; do not edit.
"""The API's JSON as pydantic models."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr
from typing_extensions import TypeAliasType

from ._model import BaseModel

Ratio = TypeAliasType(
    "Ratio", Annotated[StrictStr, Field(examples=["16:9"], pattern="^(?:[0-9]+:[0-9]+)$")]
)
"""W:H."""


AbsoluteUrl = TypeAliasType(
    "AbsoluteUrl",
    Annotated[
        StrictStr,
        Field(
            examples=["https://example.com/car.jpg"],
            pattern="^(?:(?:[A-Za-z][A-Za-z0-9+.\\-]*://|data:)[^\\x00-\\x20\\x7f]+)$",
        ),
    ],
)
"""An absolute URL."""


JobStatus = TypeAliasType(
    "JobStatus", Literal["QUEUED", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"] | StrictStr
)
"""Where a job is in its life. "QUEUED", "PROCESSING", "COMPLETED", "FAILED" or "CANCELLED"."""


class ImageResult(BaseModel):
    """The files of a completed image job."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    images: list[AbsoluteUrl]
    """URLs of the pictures."""


class Job(BaseModel):
    """A job and what came of it."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """The job's id."""
    status: JobStatus
    """Where the job is in its life."""
    model: StrictStr
    """The model's id."""
    progress: Annotated[StrictInt | None, Field(ge=0, le=100)]
    """0 when queued and 100 when completed. 0 to 100 percent."""
    result: ImageResult | AbsoluteUrl | None = None
    """The files. An older shape is a bare URL."""
    error: StrictStr | None
    """Why the job failed."""
    credit_cost: Annotated[StrictInt | None, Field(alias="creditCost", ge=0)]
    """What the job cost. 0 once refunded. At least 0 credits."""
    webhook_status: Annotated[
        Literal["pending", "delivered", "failed"] | StrictStr | None, Field(alias="webhookStatus")
    ]
    """How the delivery of the job's events went. "pending", "delivered" or "failed"."""
    created_at: Annotated[AwareDatetime, Field(alias="createdAt")]
    """When the job was submitted."""
    completed_at: Annotated[AwareDatetime | None, Field(alias="completedAt")]
    """When the job ended."""
    input: dict[str, Any] | None = None
    """What was submitted."""
    expired: StrictBool | None = None
    """Whether the files are gone; their URLs may then answer 404."""


class JobSummary(BaseModel):
    """A job as a list shows it, without its input."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """The job's id."""
    status: JobStatus
    """Where the job is in its life."""
    model: StrictStr
    """The model's id."""
    progress: Annotated[StrictInt | None, Field(ge=0, le=100)]
    """0 when queued and 100 when completed. 0 to 100 percent."""
    result: ImageResult | AbsoluteUrl | None = None
    """The files. An older shape is a bare URL."""
    error: StrictStr | None
    """Why the job failed."""
    credit_cost: Annotated[StrictInt | None, Field(alias="creditCost", ge=0)]
    """What the job cost. 0 once refunded. At least 0 credits."""
    webhook_status: Annotated[
        Literal["pending", "delivered", "failed"] | StrictStr | None, Field(alias="webhookStatus")
    ]
    """How the delivery of the job's events went. "pending", "delivered" or "failed"."""
    created_at: Annotated[AwareDatetime, Field(alias="createdAt")]
    """When the job was submitted."""
    completed_at: Annotated[AwareDatetime | None, Field(alias="completedAt")]
    """When the job ended."""
    expired: StrictBool | None = None
    """Whether the files are gone; their URLs may then answer 404."""


class JobList(BaseModel):
    """A page of jobs, newest first."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    jobs: list[JobSummary]
    """The jobs of this page."""
    next_cursor: Annotated[StrictStr | None, Field(alias="nextCursor")]
    """Cursor of the next page."""
    has_more: Annotated[StrictBool, Field(alias="hasMore")]
    """Whether there is a next page."""
    models: list[StrictStr] | None = None
    """The models in use, when asked for."""


class User(BaseModel):
    """A user."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """The user's id."""
    email: StrictStr
    """The user's e-mail address."""
    role: StrictStr
    """The user's role in the team."""


class Team(BaseModel):
    """A team and its balance."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """The team's id."""
    name: StrictStr
    """The team's name."""
    credits: StrictInt | StrictFloat
    """What is left to spend."""
    plan: StrictStr | None
    """The team's plan."""
    customer_id: Annotated[StrictStr | None, Field(alias="customerId")]
    """The team's id in billing."""
    max_concurrent_jobs: Annotated[StrictInt | None, Field(alias="maxConcurrentJobs")] = None
    """How many jobs may run at once."""


class ApiKey(BaseModel):
    """An API key, of which only the prefix is told."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """The key's id."""
    name: StrictStr
    """The key's name."""
    prefix: StrictStr
    """How the key begins."""


class CatalogModel(BaseModel):
    """A model on offer."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """The model's id."""
    label: StrictStr
    """The model's name."""
    modality: StrictStr
    """What it makes, such as image."""
    description: StrictStr | None = None
    """What it is good at."""
    cost_min: Annotated[StrictInt | StrictFloat | None, Field(alias="costMin")] = None
    """The least that a request costs."""
    cost_max: Annotated[StrictInt | StrictFloat | None, Field(alias="costMax")] = None
    """The most that a request costs."""
    pricing_mode: Annotated[
        Literal["flat", "per-second", "per-output"] | StrictStr | None, Field(alias="pricingMode")
    ] = None
    """What the price is for. "flat", "per-second" or "per-output"."""


class Upload(BaseModel):
    """An uploaded file."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """The upload's id."""
    url: AbsoluteUrl
    """Where requests find the file."""
    kind: StrictStr
    """Image or video."""
    content_type: Annotated[StrictStr, Field(alias="contentType")]
    """The file's media type, told by its first bytes."""
    byte_size: Annotated[StrictInt, Field(alias="byteSize", ge=0)]
    """The file's size. At least 0 bytes."""
    expires_at: Annotated[AwareDatetime, Field(alias="expiresAt")]
    """When the file goes; 1 to 2 hours on."""


class ErrorBody(BaseModel):
    """What an error answers."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    error: StrictStr
    """What went wrong."""


class BadRequestBody(BaseModel):
    """What a refused request answers."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    error: StrictStr
    """What went wrong."""
    details: dict[str, list[StrictStr]] | None = None
    """Texts by dotted path, such as fluxParams.width."""


class InsufficientCreditsBody(BaseModel):
    """What a request answers that the team can't pay for."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    error: StrictStr
    """What went wrong."""
    credits_required: Annotated[StrictInt | StrictFloat, Field(alias="creditsRequired")]
    """What the request costs."""
    credits_available: Annotated[StrictInt | StrictFloat, Field(alias="creditsAvailable")]
    """What the team has."""


class ProgressEvent(BaseModel):
    """A job went on."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    event: Literal["progress"] = "progress"
    """The event's name. "progress"."""
    job_id: Annotated[StrictStr, Field(alias="jobId")]
    """The job's id."""
    status: JobStatus
    """The job's status."""
    progress: Annotated[StrictInt, Field(ge=0, le=100)]
    """How far the job is. 0 to 100 percent."""
    model: StrictStr
    """The model's id."""


class CompletedEvent(BaseModel):
    """A job is done."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    event: Literal["completed"] = "completed"
    """The event's name. "completed"."""
    job_id: Annotated[StrictStr, Field(alias="jobId")]
    """The job's id."""
    status: JobStatus
    """The job's status."""
    progress: Annotated[StrictInt, Field(ge=0, le=100)]
    """100. 0 to 100 percent."""
    result: ImageResult | AbsoluteUrl
    """The files."""
    model: StrictStr
    """The model's id."""
    credit_cost: Annotated[StrictInt | None, Field(alias="creditCost", ge=0)]
    """What the job cost. At least 0 credits."""
    completed_at: Annotated[AwareDatetime, Field(alias="completedAt")]
    """When the job ended."""


class FailedEvent(BaseModel):
    """A job failed."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    event: Literal["failed"] = "failed"
    """The event's name. "failed"."""
    job_id: Annotated[StrictStr, Field(alias="jobId")]
    """The job's id."""
    status: JobStatus
    """The job's status."""
    error: StrictStr
    """Why the job failed."""
    model: StrictStr
    """The model's id."""


class Flux11ProParams(BaseModel):
    """The parameters of Flux 1.1 Pro."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    aspect_ratio: Annotated[StrictStr | None, Field(pattern="^(?:[0-9]+:[0-9]+|custom)$")] = None
    """Shape of the picture. A ratio such as "16:9" or "custom"."""
    width: Annotated[StrictInt | None, Field(ge=256, le=1440)] = None
    """Width of the picture. 256 to 1440 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | None, Field(ge=256, le=1440)] = None
    """Height of the picture. 256 to 1440 px. Only used when aspect_ratio is "custom"."""
    output_format: Literal["jpg", "png", "webp"] | None = None
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | None, Field(ge=0, le=100)] = None
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | None = None
    """Random seed. The same seed and request give the same picture again."""
    image_prompt: AbsoluteUrl | None = None
    """URL of an image that guides the composition (Flux Redux)."""
    prompt_upsampling: StrictBool | None = None
    """Let the model rewrite the prompt for a more creative result."""


class Flux11ProRequest(BaseModel):
    """A request for Flux 1.1 Pro. Fast, high-quality image generation with FLUX1.1 [pro]."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    prompt: Annotated[StrictStr, Field(max_length=2000, min_length=1)]
    """What the picture shows. 1 to 2000 characters."""
    model: Literal["flux-1.1-pro"] = "flux-1.1-pro"
    """The model's id."""
    webhook_url: Annotated[AbsoluteUrl | None, Field(alias="webhookUrl")] = None
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | None,
        Field(alias="webhookEvents", min_length=1),
    ] = None
    """Which events are posted. At least 1 item."""
    flux_params: Annotated[Flux11ProParams | None, Field(alias="fluxParams")] = None


class Flux2DevParams(BaseModel):
    """The parameters of Flux 2 Dev."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    aspect_ratio: Annotated[
        StrictStr | None, Field(pattern="^(?:[0-9]+:[0-9]+|match_input_image|custom)$")
    ] = None
    """Shape of the picture. A ratio such as "16:9", "match_input_image" or "custom"."""
    width: Annotated[StrictInt | None, Field(ge=256, le=2048)] = None
    """Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | None, Field(ge=256, le=2048)] = None
    """Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    input_images: Annotated[list[AbsoluteUrl] | None, Field(max_length=5)] = None
    """URLs of reference images. At most 5 items."""
    output_format: Literal["jpg", "png", "webp"] | None = None
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | None, Field(ge=0, le=100)] = None
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | None = None
    """Random seed. The same seed and request give the same picture again."""
    go_fast: StrictBool | None = None
    """Let the model take shortcuts for a faster result."""


class Flux2DevRequest(BaseModel):
    """A request for Flux 2 Dev. Open-weight image generation and editing with reference images."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    prompt: Annotated[StrictStr, Field(max_length=2000, min_length=1)]
    """What the picture shows. 1 to 2000 characters."""
    model: Literal["flux-2-dev"] = "flux-2-dev"
    """The model's id."""
    webhook_url: Annotated[AbsoluteUrl | None, Field(alias="webhookUrl")] = None
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | None,
        Field(alias="webhookEvents", min_length=1),
    ] = None
    """Which events are posted. At least 1 item."""
    flux_params: Annotated[Flux2DevParams | None, Field(alias="fluxParams")] = None


class Flux2FlexParams(BaseModel):
    """The parameters of Flux 2 Flex."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    aspect_ratio: Annotated[
        StrictStr | None, Field(pattern="^(?:[0-9]+:[0-9]+|match_input_image|custom)$")
    ] = None
    """Shape of the picture. A ratio such as "16:9", "match_input_image" or "custom"."""
    width: Annotated[StrictInt | None, Field(ge=256, le=2048)] = None
    """Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | None, Field(ge=256, le=2048)] = None
    """Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    resolution: Annotated[
        StrictStr | None, Field(pattern="^(?:(?:(?:0|1|2|3)(?:\\.[0-9]+)?|4(?:\\.0+)?) ?MP)$")
    ] = None
    """Size of the picture in megapixels, with or without a space before the unit. At most 4 MP."""
    input_images: Annotated[list[AbsoluteUrl] | None, Field(max_length=10)] = None
    """URLs of reference images. At most 10 items."""
    output_format: Literal["jpg", "png", "webp"] | None = None
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | None, Field(ge=0, le=100)] = None
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | None = None
    """Random seed. The same seed and request give the same picture again."""
    steps: Annotated[StrictInt | None, Field(ge=1, le=50)] = 30
    """Number of inference steps. 1 to 50. The server's default is 30."""
    guidance: Annotated[StrictInt | StrictFloat | None, Field(ge=1.5, le=10.0)] = 4.5
    """Guidance scale. Higher values keep closer to the prompt. 1.5 to 10. The server's default is 4.5."""
    prompt_upsampling: StrictBool | None = None
    """Let the model rewrite the prompt for a more creative result."""


class Flux2FlexRequest(BaseModel):
    """A request for Flux 2 Flex. Image generation for typography and fine detail."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    prompt: Annotated[StrictStr, Field(max_length=2000, min_length=1)]
    """What the picture shows. 1 to 2000 characters."""
    model: Literal["flux-2-flex"] = "flux-2-flex"
    """The model's id."""
    webhook_url: Annotated[AbsoluteUrl | None, Field(alias="webhookUrl")] = None
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | None,
        Field(alias="webhookEvents", min_length=1),
    ] = None
    """Which events are posted. At least 1 item."""
    flux_params: Annotated[Flux2FlexParams | None, Field(alias="fluxParams")] = None


class Flux2MaxParams(BaseModel):
    """The parameters of Flux 2 Max."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    aspect_ratio: Annotated[
        StrictStr | None, Field(pattern="^(?:[0-9]+:[0-9]+|match_input_image|custom)$")
    ] = None
    """Shape of the picture. A ratio such as "16:9", "match_input_image" or "custom"."""
    width: Annotated[StrictInt | None, Field(ge=256, le=2048)] = None
    """Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | None, Field(ge=256, le=2048)] = None
    """Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    resolution: Annotated[
        StrictStr | None, Field(pattern="^(?:(?:(?:0|1|2|3)(?:\\.[0-9]+)?|4(?:\\.0+)?) ?MP)$")
    ] = None
    """Size of the picture in megapixels, with or without a space before the unit. At most 4 MP."""
    input_images: Annotated[list[AbsoluteUrl] | None, Field(max_length=8)] = None
    """URLs of reference images. At most 8 items."""
    output_format: Literal["jpg", "png", "webp"] | None = None
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | None, Field(ge=0, le=100)] = None
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | None = None
    """Random seed. The same seed and request give the same picture again."""


class Flux2MaxRequest(BaseModel):
    """A request for Flux 2 Max. The image model of the highest fidelity from Black Forest Labs."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    prompt: Annotated[StrictStr, Field(max_length=2000, min_length=1)]
    """What the picture shows. 1 to 2000 characters."""
    model: Literal["flux-2-max"] = "flux-2-max"
    """The model's id."""
    webhook_url: Annotated[AbsoluteUrl | None, Field(alias="webhookUrl")] = None
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | None,
        Field(alias="webhookEvents", min_length=1),
    ] = None
    """Which events are posted. At least 1 item."""
    flux_params: Annotated[Flux2MaxParams | None, Field(alias="fluxParams")] = None


class Flux2ProParams(BaseModel):
    """The parameters of Flux 2 Pro."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    aspect_ratio: Annotated[
        StrictStr | None, Field(pattern="^(?:[0-9]+:[0-9]+|match_input_image|custom)$")
    ] = None
    """Shape of the picture. A ratio such as "16:9", "match_input_image" or "custom"."""
    width: Annotated[StrictInt | None, Field(ge=256, le=2048)] = None
    """Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    height: Annotated[StrictInt | None, Field(ge=256, le=2048)] = None
    """Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom"."""
    resolution: Annotated[
        StrictStr | None, Field(pattern="^(?:(?:(?:0|1|2|3)(?:\\.[0-9]+)?|4(?:\\.0+)?) ?MP)$")
    ] = None
    """Size of the picture in megapixels, with or without a space before the unit. At most 4 MP."""
    input_images: Annotated[list[AbsoluteUrl] | None, Field(max_length=8)] = None
    """URLs of reference images. At most 8 items."""
    output_format: Literal["jpg", "png", "webp"] | None = None
    """File format of the picture. "jpg", "png" or "webp"."""
    output_quality: Annotated[StrictInt | None, Field(ge=0, le=100)] = None
    """Compression quality of the file. 0 to 100. Ignored when output_format is "png"."""
    seed: StrictInt | None = None
    """Random seed. The same seed and request give the same picture again."""
    prompt_upsampling: StrictBool | None = None
    """Let the model rewrite the prompt for a more creative result."""


class Flux2ProRequest(BaseModel):
    """A request for Flux 2 Pro. High-quality image generation and editing with multi-reference support."""

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
    )
    prompt: Annotated[StrictStr, Field(max_length=2000, min_length=1)]
    """What the picture shows. 1 to 2000 characters."""
    model: Literal["flux-2-pro"] = "flux-2-pro"
    """The model's id."""
    webhook_url: Annotated[AbsoluteUrl | None, Field(alias="webhookUrl")] = None
    """URL that the job's events are posted to."""
    webhook_events: Annotated[
        list[Literal["progress", "completed", "failed"]] | None,
        Field(alias="webhookEvents", min_length=1),
    ] = None
    """Which events are posted. At least 1 item."""
    flux_params: Annotated[Flux2ProParams | None, Field(alias="fluxParams")] = None


GenerateRequest = TypeAliasType(
    "GenerateRequest",
    Annotated[
        Flux11ProRequest | Flux2DevRequest | Flux2FlexRequest | Flux2MaxRequest | Flux2ProRequest,
        Field(discriminator="model"),
    ],
)
"""What images.generate takes, beside the parameters of the model."""


class JobAccepted(BaseModel):
    """The answer to a submitted request."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    job_id: Annotated[StrictStr, Field(alias="jobId")]
    """The job's id."""
    status: JobStatus
    """The job's status. Of a replayed request it is the present one."""


class Me(BaseModel):
    """The user, team and key behind a request."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    user: User
    """The user that the key belongs to."""
    team: Team | None
    """The user's team."""
    api_key: Annotated[ApiKey | None, Field(alias="apiKey")]
    """The key itself."""


class ModelCatalog(BaseModel):
    """The models on offer."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    models: list[CatalogModel]
    """The models."""
