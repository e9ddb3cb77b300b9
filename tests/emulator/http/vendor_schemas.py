"""What the vendor's OpenAPI document (2026-07-16) says of answers, as facts: by hand, and not by our spec.

`open` objects may have more members than are named, as that document has it everywhere.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

UUID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
}
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}


def one_of(*values: str) -> Schema:
    return {"enum": [*values]}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def members(required: dict[str, Schema], **optional: Schema) -> Schema:
    return {
        "type": "object",
        "required": [*required],
        "properties": {**required, **optional},
    }


ERROR = members({"error": TEXT})
INVALID = members(
    {"error": TEXT}, details={"type": "object", "additionalProperties": list_of(TEXT)}
)
UNPAID = members(
    {
        "error": {"const": "Insufficient credits"},
        "creditsRequired": COUNT,
        "creditsAvailable": COUNT,
    }
)
_STATUSES = ("QUEUED", "PROCESSING", "COMPLETED", "FAILED")
ACCEPTED = members({"jobId": UUID, "status": one_of(*_STATUSES)})
_JOB: dict[str, Schema] = {
    "id": UUID,
    "status": one_of(*_STATUSES, "CANCELLED"),
    "model": TEXT,
    "progress": or_null({"type": "integer", "minimum": 0, "maximum": 100}),
    "error": or_null(TEXT),
    "creditCost": or_null({"type": "integer"}),
    "webhookStatus": or_null(one_of("pending", "delivered", "failed")),
    "createdAt": MOMENT,
    "completedAt": or_null(MOMENT),
}
JOB = members(_JOB, expired=FLAG, input=or_null({"type": "object"}))
# A row has to say whether its files are gone, and says nothing of what was submitted.
_ROW = {**members({**_JOB, "expired": FLAG}), "not": {"required": ["input"]}}
JOBS = members(
    {"jobs": list_of(_ROW), "nextCursor": or_null(TEXT), "hasMore": FLAG}, models=list_of(TEXT)
)
ME = members(
    {
        "user": members(
            {
                "id": UUID,
                "email": {"type": "string", "format": "email"},
                "role": one_of("ADMIN", "MEMBER", "OWNER"),
            }
        ),
        "team": or_null(
            members(
                {
                    "id": UUID,
                    "name": TEXT,
                    "credits": COUNT,
                    "plan": TEXT,
                    "customerId": or_null(TEXT),
                }
            )
        ),
        "apiKey": or_null(
            members({"id": UUID, "name": TEXT, "prefix": {"type": "string", "pattern": "^afk_"}})
        ),
    }
)
MODELS = members(
    {
        "models": list_of(
            members(
                {"id": TEXT, "label": TEXT, "modality": one_of("image", "video", "music")},
                description=TEXT,
                costMin={"type": "number"},
                costMax={"type": "number"},
                pricingMode=one_of("flat", "per-second", "per-output"),
            )
        )
    }
)
UPLOAD = members(
    {
        "id": UUID,
        "url": {"type": "string", "format": "uri"},
        "kind": one_of("image", "video", "audio"),
        "contentType": TEXT,
        "byteSize": COUNT,
        "expiresAt": MOMENT,
    }
)

_SUBMITTED = {
    202: ACCEPTED,
    400: INVALID,
    401: ERROR,
    402: UNPAID,
    403: ERROR,
    429: ERROR,
    503: ERROR,
}
# By operation and status. The vendor's SDK knows 409 of submissions; the document does not.
ANSWERS: dict[tuple[str, str], dict[int, Schema]] = {
    **{
        ("POST", f"/v2/images/{name}"): {**_SUBMITTED, 409: ERROR}
        for name in ("generate", "edit", "upscale", "background-remove", "midjourney/action")
    },
    # The id that is no UUID is refused with a plain error there, and ours may say more.
    ("GET", "/v2/jobs/{id}"): {
        200: JOB,
        400: ERROR,
        401: ERROR,
        403: ERROR,
        404: ERROR,
        429: ERROR,
    },
    ("GET", "/v2/jobs"): {200: JOBS, 400: INVALID, 401: ERROR, 403: ERROR, 429: ERROR},
    ("GET", "/v2/me"): {200: ME, 401: ERROR, 403: ERROR, 429: ERROR},
    ("GET", "/v2/models"): {200: MODELS, 400: INVALID},
    ("POST", "/v2/uploads"): {
        201: UPLOAD,
        400: INVALID,
        401: ERROR,
        403: ERROR,
        429: ERROR,
        502: ERROR,
    },
}
