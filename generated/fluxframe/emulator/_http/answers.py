# A copy of codegen/runtime/emulator/_http/answers.py, where it is edited.
"""What is known for the answers that are about many things, and of an uploaded file."""

from __future__ import annotations

import uuid

from .._contract import words
from .._contract.document import Json, Operation
from .._contract.models import Model, Models
from .._contract.shape import Known
from .._pictures.sniffing import content_type_of
from .._state.accounts import Account, Upload
from .refusals import refuse

_PAGE = 20


def page(operation: Operation, account: Account, wanted: Json, base_url: str) -> Known:
    """A page of the jobs of an account, newest first, as the query wants them."""
    everything = list(account.jobs())
    start = 0
    if "cursor" in wanted:
        ids = [job.id for job in everything]
        if wanted["cursor"] not in ids:
            name = operation.named("cursor", "query") or ""
            refuse(operation, "BadRequest", words.INVALID, {name: [words.UNKNOWN_CURSOR]})
        start = ids.index(wanted["cursor"]) + 1
    jobs = [
        job
        for job in everything[start:]
        if wanted.get("status", job.state()[0]) == job.state()[0]
        and wanted.get("model", job.model.id) == job.model.id
        and wanted.get("search", job.id).lower() == job.id
    ]
    shown = jobs[: wanted.get("limit", _page_size(operation))]
    more = len(shown) < len(jobs)
    known: Json = {
        "items": [job.known(base_url) for job in shown],
        "next_cursor": shown[-1].id if more else None,
        "has_more": more,
    }
    asked = operation.named("include_models", "query") is None or wanted.get("include_models")
    if asked in ("true", True):
        known["models"] = sorted({job.model.id for job in everything})
    return Known(known)


def _page_size(operation: Operation) -> int:
    name = operation.named("limit", "query")
    schema = operation.parameters["query", name]["schema"] if name else {}
    return int(schema.get("default", _PAGE))


def catalogue(models: Models, media: str | None) -> Known:
    """The models that make a kind of media; all models if none is told."""
    found = [model for model in models.all if media in (None, model.result["media"])]
    return Known({"items": [_entry(model) for model in found]})


def _entry(model: Model) -> Known:
    known = {"id": model.id, "label": model.label, "modality": model.result["media"]}
    if model.costs:
        least, most = model.costs
        is_flat = not model.price.keys() & {"per", "by", "times"}
        known |= {"cost_min": least, "pricing": "flat" if is_flat else "per-output"}
        if is_flat or "by" in model.price:
            known["cost_max"] = most
    return Known(known)


async def store(operation: Operation, field: str, content: bytes) -> Upload:
    """An uploaded file. Refuses one of a type or size that the operation does not take."""
    content_type = content_type_of(content)
    kind = content_type.partition("/")[0]
    limits: list[Json] = operation.raw.get("x-upload", [])
    for limit in limits:
        types = limit["contentTypes"]
        if content_type in types or (not types and limit["kind"] == kind):
            if len(content) > limit["maxBytes"]:
                text = words.file_too_large(limit["maxBytes"], len(content))
                refuse(operation, "BadRequest", words.FILE_SIZE, {field: [text]})
            kind = limit["kind"]
            break
    else:
        if limits:
            details = {field: [words.unsupported(content_type)]}
            refuse(operation, "BadRequest", words.FILE_TYPE, details)
    return Upload(
        id=str(uuid.uuid4()),
        kind=kind,
        content_type=content_type,
        content=content,
    )
