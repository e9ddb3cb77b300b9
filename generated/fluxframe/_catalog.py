# Generated from spec/ by `python -m codegen generate`; do not edit.
"""What the API takes, as data: `MODELS` by id, each with its parameters and their limits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ._spec import (
    Api,
    Format,
    JobFailure,
    Model,
    Operation,
    Parameter,
    Polling,
    Quantity,
    Requirement,
)

_RATIO = Format(title="W:H", pattern="[0-9]+:[0-9]+", example="16:9")
_ABSOLUTE_URL = Format(
    title="an absolute URL",
    pattern="(?:[A-Za-z][A-Za-z0-9+.\\-]*://|data:)[^\\x00-\\x20\\x7f]+",
    example="https://example.com/car.jpg",
)
_UUID = Format(
    title="a UUID",
    pattern="[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    example="3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a",
)
_DATE_TIME = Format(
    title="a date and time",
    pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?(?:Z|[+\\-][0-9]{2}:[0-9]{2})",
    example="2026-07-16T09:30:00.000Z",
)

API = Api(
    base_url="https://api.apiframe.ai",
    key_header="X-API-Key",
    key_prefix="afk_",
    idempotency_header="Idempotency-Key",
    idempotency_max_length=255,
    signature_header="X-Webhook-Signature",
    idempotency_hours=24,
    polling=Polling(first=2.0, factor=1.5, maximum=5.0, deadline=600.0),
    accepted={"id": "jobId", "status": "status"},
    ended=frozenset(
        (
            "COMPLETED",
            "FAILED",
            "CANCELLED",
        )
    ),
    succeeded=frozenset(("COMPLETED",)),
    failures=(
        JobFailure(
            words="no available capacity",
            resubmit=True,
            summary="it lacked capacity, so submit it again later",
        ),
        JobFailure(
            words="content policy",
            resubmit=False,
            summary="it breaks the content policy, so submitting it again does not help",
        ),
    ),
    families={"flux": "fluxParams"},
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "images.generate": Operation(
            name="images.generate",
            method="POST",
            path="/v2/images/generate",
            status=202,
            idempotent_by_key=True,
        ),
        "jobs.get": Operation(
            name="jobs.get",
            method="GET",
            path="/v2/jobs/{id}",
            status=200,
            parameters=(
                Parameter(
                    name="id",
                    path="id",
                    type="string",
                    summary="The job's id.",
                    required=True,
                    format=_UUID,
                ),
            ),
        ),
        "jobs.list": Operation(
            name="jobs.list",
            method="GET",
            path="/v2/jobs",
            status=200,
            parameters=(
                Parameter(
                    name="status",
                    path="status",
                    type="string",
                    summary="Only jobs in this status.",
                    values=(
                        "QUEUED",
                        "PROCESSING",
                        "COMPLETED",
                        "FAILED",
                        "CANCELLED",
                    ),
                ),
                Parameter(
                    name="model", path="model", type="string", summary="Only jobs of this model."
                ),
                Parameter(
                    name="limit",
                    path="limit",
                    type="integer",
                    summary="Jobs a page.",
                    minimum=1,
                    maximum=100,
                    default=20,
                ),
                Parameter(
                    name="cursor",
                    path="cursor",
                    type="string",
                    summary="Where to go on; nextCursor of the page before.",
                ),
                Parameter(
                    name="scope",
                    path="scope",
                    type="string",
                    summary="Whose jobs. A team's are for its admins.",
                    values=(
                        "user",
                        "team",
                    ),
                    default="user",
                ),
                Parameter(
                    name="search",
                    path="search",
                    type="string",
                    summary="Only the job with this id.",
                    format=_UUID,
                ),
                Parameter(
                    name="include_models",
                    path="include_models",
                    type="string",
                    summary="Whether to list the models in use beside the jobs.",
                    values=(
                        "true",
                        "false",
                    ),
                ),
            ),
        ),
        "me": Operation(name="me", method="GET", path="/v2/me", status=200),
        "models": Operation(
            name="models",
            method="GET",
            path="/v2/models",
            status=200,
            authenticated=False,
            parameters=(
                Parameter(
                    name="modality",
                    path="modality",
                    type="string",
                    summary="Only models of this modality, such as image.",
                ),
            ),
        ),
        "uploads.create": Operation(
            name="uploads.create", method="POST", path="/v2/uploads", status=201
        ),
    }
)

# What every request takes beside its model's own parameters.
FIELDS: Mapping[str, Parameter] = MappingProxyType(
    {
        "prompt": Parameter(
            name="prompt",
            path="prompt",
            type="string",
            summary="What the picture shows.",
            unit="characters",
            required=True,
            min_length=1,
            max_length=2000,
        ),
        "model": Parameter(
            name="model", path="model", type="string", summary="The model's id.", required=True
        ),
        "webhook_url": Parameter(
            name="webhook_url",
            path="webhookUrl",
            type="string",
            summary="URL that the job's events are posted to.",
            format=_ABSOLUTE_URL,
        ),
        "webhook_events": Parameter(
            name="webhook_events",
            path="webhookEvents",
            type="array",
            summary="Which events are posted.",
            min_items=1,
            items=Parameter(
                name="webhook_events",
                path="webhookEvents",
                type="string",
                values=(
                    "progress",
                    "completed",
                    "failed",
                ),
            ),
        ),
    }
)

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "flux-1.1-pro": Model(
            id="flux-1.1-pro",
            title="Flux 1.1 Pro",
            family="flux",
            summary="Fast, high-quality image generation with FLUX1.1 [pro].",
            description="Keeps close to the prompt; six times as fast as its predecessor, with better quality and more variety.",
            container="fluxParams",
            parameters=MappingProxyType(
                {
                    **FIELDS,
                    "aspect_ratio": Parameter(
                        name="aspect_ratio",
                        path="fluxParams.aspect_ratio",
                        type="string",
                        summary="Shape of the picture.",
                        values=("custom",),
                        format=_RATIO,
                        requires=(
                            Requirement(parameter="width", when="custom"),
                            Requirement(parameter="height", when="custom"),
                        ),
                    ),
                    "width": Parameter(
                        name="width",
                        path="fluxParams.width",
                        type="integer",
                        summary="Width of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=1440,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "height": Parameter(
                        name="height",
                        path="fluxParams.height",
                        type="integer",
                        summary="Height of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=1440,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "output_format": Parameter(
                        name="output_format",
                        path="fluxParams.output_format",
                        type="string",
                        summary="File format of the picture.",
                        values=(
                            "jpg",
                            "png",
                            "webp",
                        ),
                    ),
                    "output_quality": Parameter(
                        name="output_quality",
                        path="fluxParams.output_quality",
                        type="integer",
                        summary="Compression quality of the file.",
                        minimum=0,
                        maximum=100,
                        ignored_when={"output_format": "png"},
                    ),
                    "seed": Parameter(
                        name="seed",
                        path="fluxParams.seed",
                        type="integer",
                        summary="Random seed. The same seed and request give the same picture again.",
                    ),
                    "image_prompt": Parameter(
                        name="image_prompt",
                        path="fluxParams.image_prompt",
                        type="string",
                        summary="URL of an image that guides the composition (Flux Redux).",
                        format=_ABSOLUTE_URL,
                    ),
                    "prompt_upsampling": Parameter(
                        name="prompt_upsampling",
                        path="fluxParams.prompt_upsampling",
                        type="boolean",
                        summary="Let the model rewrite the prompt for a more creative result.",
                    ),
                }
            ),
            examples={
                "text_to_image": {
                    "prompt": "a futuristic city skyline at sunset, cyberpunk style",
                    "model": "flux-1.1-pro",
                    "fluxParams": {"aspect_ratio": "16:9", "output_format": "webp"},
                }
            },
        ),
        "flux-2-dev": Model(
            id="flux-2-dev",
            title="Flux 2 Dev",
            family="flux",
            summary="Open-weight image generation and editing with reference images.",
            description="Open weights, with up to 5 reference images. Guidance distillation makes it faster than is usual for its size.",
            container="fluxParams",
            parameters=MappingProxyType(
                {
                    **FIELDS,
                    "aspect_ratio": Parameter(
                        name="aspect_ratio",
                        path="fluxParams.aspect_ratio",
                        type="string",
                        summary="Shape of the picture.",
                        values=(
                            "match_input_image",
                            "custom",
                        ),
                        format=_RATIO,
                        requires=(
                            Requirement(parameter="input_images", when="match_input_image"),
                            Requirement(parameter="width", when="custom"),
                            Requirement(parameter="height", when="custom"),
                        ),
                    ),
                    "width": Parameter(
                        name="width",
                        path="fluxParams.width",
                        type="integer",
                        summary="Width of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=2048,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "height": Parameter(
                        name="height",
                        path="fluxParams.height",
                        type="integer",
                        summary="Height of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=2048,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "input_images": Parameter(
                        name="input_images",
                        path="fluxParams.input_images",
                        type="array",
                        summary="URLs of reference images.",
                        max_items=5,
                        items=Parameter(
                            name="input_images",
                            path="fluxParams.input_images",
                            type="string",
                            format=_ABSOLUTE_URL,
                        ),
                    ),
                    "output_format": Parameter(
                        name="output_format",
                        path="fluxParams.output_format",
                        type="string",
                        summary="File format of the picture.",
                        values=(
                            "jpg",
                            "png",
                            "webp",
                        ),
                    ),
                    "output_quality": Parameter(
                        name="output_quality",
                        path="fluxParams.output_quality",
                        type="integer",
                        summary="Compression quality of the file.",
                        minimum=0,
                        maximum=100,
                        ignored_when={"output_format": "png"},
                    ),
                    "seed": Parameter(
                        name="seed",
                        path="fluxParams.seed",
                        type="integer",
                        summary="Random seed. The same seed and request give the same picture again.",
                    ),
                    "go_fast": Parameter(
                        name="go_fast",
                        path="fluxParams.go_fast",
                        type="boolean",
                        summary="Let the model take shortcuts for a faster result.",
                    ),
                }
            ),
            examples={
                "text_to_image": {
                    "prompt": "a minimalist ceramic coffee mug with steam rising, product photography",
                    "model": "flux-2-dev",
                    "fluxParams": {"aspect_ratio": "1:1", "output_format": "jpg", "go_fast": True},
                }
            },
        ),
        "flux-2-flex": Model(
            id="flux-2-flex",
            title="Flux 2 Flex",
            family="flux",
            summary="Image generation for typography and fine detail.",
            description="Keeps small details and lettering. Takes up to 10 reference images, and the number of steps and the guidance scale can be set.",
            container="fluxParams",
            parameters=MappingProxyType(
                {
                    **FIELDS,
                    "aspect_ratio": Parameter(
                        name="aspect_ratio",
                        path="fluxParams.aspect_ratio",
                        type="string",
                        summary="Shape of the picture.",
                        values=(
                            "match_input_image",
                            "custom",
                        ),
                        format=_RATIO,
                        requires=(
                            Requirement(parameter="input_images", when="match_input_image"),
                            Requirement(parameter="width", when="custom"),
                            Requirement(parameter="height", when="custom"),
                        ),
                    ),
                    "width": Parameter(
                        name="width",
                        path="fluxParams.width",
                        type="integer",
                        summary="Width of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=2048,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "height": Parameter(
                        name="height",
                        path="fluxParams.height",
                        type="integer",
                        summary="Height of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=2048,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "resolution": Parameter(
                        name="resolution",
                        path="fluxParams.resolution",
                        type="string",
                        summary="Size of the picture in megapixels, with or without a space before the unit.",
                        quantity=Quantity(unit="MP", maximum=4),
                    ),
                    "input_images": Parameter(
                        name="input_images",
                        path="fluxParams.input_images",
                        type="array",
                        summary="URLs of reference images.",
                        max_items=10,
                        items=Parameter(
                            name="input_images",
                            path="fluxParams.input_images",
                            type="string",
                            format=_ABSOLUTE_URL,
                        ),
                    ),
                    "output_format": Parameter(
                        name="output_format",
                        path="fluxParams.output_format",
                        type="string",
                        summary="File format of the picture.",
                        values=(
                            "jpg",
                            "png",
                            "webp",
                        ),
                    ),
                    "output_quality": Parameter(
                        name="output_quality",
                        path="fluxParams.output_quality",
                        type="integer",
                        summary="Compression quality of the file.",
                        minimum=0,
                        maximum=100,
                        ignored_when={"output_format": "png"},
                    ),
                    "seed": Parameter(
                        name="seed",
                        path="fluxParams.seed",
                        type="integer",
                        summary="Random seed. The same seed and request give the same picture again.",
                    ),
                    "steps": Parameter(
                        name="steps",
                        path="fluxParams.steps",
                        type="integer",
                        summary="Number of inference steps.",
                        minimum=1,
                        maximum=50,
                        default=30,
                    ),
                    "guidance": Parameter(
                        name="guidance",
                        path="fluxParams.guidance",
                        type="number",
                        summary="Guidance scale. Higher values keep closer to the prompt.",
                        minimum=1.5,
                        maximum=10,
                        default=4.5,
                    ),
                    "prompt_upsampling": Parameter(
                        name="prompt_upsampling",
                        path="fluxParams.prompt_upsampling",
                        type="boolean",
                        summary="Let the model rewrite the prompt for a more creative result.",
                    ),
                }
            ),
            examples={
                "text_to_image": {
                    "prompt": "a poster with bold text reading SUMMER SALE 50% OFF, modern design",
                    "model": "flux-2-flex",
                    "fluxParams": {
                        "aspect_ratio": "9:16",
                        "steps": 30,
                        "guidance": 4.5,
                        "output_format": "png",
                    },
                }
            },
        ),
        "flux-2-max": Model(
            id="flux-2-max",
            title="Flux 2 Max",
            family="flux",
            summary="The image model of the highest fidelity from Black Forest Labs.",
            description="The best at following a prompt and at consistent edits. Takes up to 8 reference images, for character consistency, product mock-ups and style transfer.",
            container="fluxParams",
            parameters=MappingProxyType(
                {
                    **FIELDS,
                    "aspect_ratio": Parameter(
                        name="aspect_ratio",
                        path="fluxParams.aspect_ratio",
                        type="string",
                        summary="Shape of the picture.",
                        values=(
                            "match_input_image",
                            "custom",
                        ),
                        format=_RATIO,
                        requires=(
                            Requirement(parameter="input_images", when="match_input_image"),
                            Requirement(parameter="width", when="custom"),
                            Requirement(parameter="height", when="custom"),
                        ),
                    ),
                    "width": Parameter(
                        name="width",
                        path="fluxParams.width",
                        type="integer",
                        summary="Width of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=2048,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "height": Parameter(
                        name="height",
                        path="fluxParams.height",
                        type="integer",
                        summary="Height of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=2048,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "resolution": Parameter(
                        name="resolution",
                        path="fluxParams.resolution",
                        type="string",
                        summary="Size of the picture in megapixels, with or without a space before the unit.",
                        quantity=Quantity(unit="MP", maximum=4),
                    ),
                    "input_images": Parameter(
                        name="input_images",
                        path="fluxParams.input_images",
                        type="array",
                        summary="URLs of reference images.",
                        max_items=8,
                        items=Parameter(
                            name="input_images",
                            path="fluxParams.input_images",
                            type="string",
                            format=_ABSOLUTE_URL,
                        ),
                    ),
                    "output_format": Parameter(
                        name="output_format",
                        path="fluxParams.output_format",
                        type="string",
                        summary="File format of the picture.",
                        values=(
                            "jpg",
                            "png",
                            "webp",
                        ),
                    ),
                    "output_quality": Parameter(
                        name="output_quality",
                        path="fluxParams.output_quality",
                        type="integer",
                        summary="Compression quality of the file.",
                        minimum=0,
                        maximum=100,
                        ignored_when={"output_format": "png"},
                    ),
                    "seed": Parameter(
                        name="seed",
                        path="fluxParams.seed",
                        type="integer",
                        summary="Random seed. The same seed and request give the same picture again.",
                    ),
                }
            ),
            examples={
                "text_to_image": {
                    "prompt": "a photorealistic product shot of a luxury watch on polished marble, studio lighting",
                    "model": "flux-2-max",
                    "fluxParams": {
                        "aspect_ratio": "1:1",
                        "resolution": "2 MP",
                        "output_format": "jpg",
                        "output_quality": 95,
                    },
                }
            },
        ),
        "flux-2-pro": Model(
            id="flux-2-pro",
            title="Flux 2 Pro",
            family="flux",
            summary="High-quality image generation and editing with multi-reference support.",
            description="Takes up to 8 reference images. Strong at rendering text, at photorealism, and at keeping a character the same from picture to picture.",
            container="fluxParams",
            parameters=MappingProxyType(
                {
                    **FIELDS,
                    "aspect_ratio": Parameter(
                        name="aspect_ratio",
                        path="fluxParams.aspect_ratio",
                        type="string",
                        summary="Shape of the picture.",
                        values=(
                            "match_input_image",
                            "custom",
                        ),
                        format=_RATIO,
                        requires=(
                            Requirement(parameter="input_images", when="match_input_image"),
                            Requirement(parameter="width", when="custom"),
                            Requirement(parameter="height", when="custom"),
                        ),
                    ),
                    "width": Parameter(
                        name="width",
                        path="fluxParams.width",
                        type="integer",
                        summary="Width of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=2048,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "height": Parameter(
                        name="height",
                        path="fluxParams.height",
                        type="integer",
                        summary="Height of the picture.",
                        unit="px",
                        minimum=256,
                        maximum=2048,
                        used_when={"aspect_ratio": "custom"},
                    ),
                    "resolution": Parameter(
                        name="resolution",
                        path="fluxParams.resolution",
                        type="string",
                        summary="Size of the picture in megapixels, with or without a space before the unit.",
                        quantity=Quantity(unit="MP", maximum=4),
                    ),
                    "input_images": Parameter(
                        name="input_images",
                        path="fluxParams.input_images",
                        type="array",
                        summary="URLs of reference images.",
                        max_items=8,
                        items=Parameter(
                            name="input_images",
                            path="fluxParams.input_images",
                            type="string",
                            format=_ABSOLUTE_URL,
                        ),
                    ),
                    "output_format": Parameter(
                        name="output_format",
                        path="fluxParams.output_format",
                        type="string",
                        summary="File format of the picture.",
                        values=(
                            "jpg",
                            "png",
                            "webp",
                        ),
                    ),
                    "output_quality": Parameter(
                        name="output_quality",
                        path="fluxParams.output_quality",
                        type="integer",
                        summary="Compression quality of the file.",
                        minimum=0,
                        maximum=100,
                        ignored_when={"output_format": "png"},
                    ),
                    "seed": Parameter(
                        name="seed",
                        path="fluxParams.seed",
                        type="integer",
                        summary="Random seed. The same seed and request give the same picture again.",
                    ),
                    "prompt_upsampling": Parameter(
                        name="prompt_upsampling",
                        path="fluxParams.prompt_upsampling",
                        type="boolean",
                        summary="Let the model rewrite the prompt for a more creative result.",
                    ),
                }
            ),
            examples={
                "text_to_image": {
                    "prompt": "a sleek silver sports car racing along a coastal highway at sunset, hyper-realistic",
                    "model": "flux-2-pro",
                    "fluxParams": {
                        "aspect_ratio": "16:9",
                        "output_format": "jpg",
                        "output_quality": 90,
                    },
                },
                "edit_with_references": {
                    "prompt": "change the car to blue",
                    "model": "flux-2-pro",
                    "fluxParams": {
                        "aspect_ratio": "match_input_image",
                        "input_images": ["https://example.com/car.jpg"],
                        "output_format": "jpg",
                    },
                },
            },
        ),
    }
)
