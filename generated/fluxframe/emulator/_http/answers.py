# A copy of codegen/runtime/emulator/_http/answers.py, where it is edited.
"""What is known for the answers that are about many things, and of an uploaded file."""

from __future__ import annotations

from .._contract import words
from .._contract.document import Json, Operation
from .._contract.models import Model, Models
from .._contract.shape import Known
from .._state.accounts import Account
from .media_types import content_type_of
from .refusals import refuse

_PAGE = 20


def page(operation: Operation, account: Account, wanted: Json, base_url: str) -> Known:
    """A page of the jobs of an account or its team, newest first, as the query wants them."""
    of_team = _is_of_team(operation, wanted)
    if of_team and not account.said.admin:
        refuse(operation, "Forbidden", words.NOT_ADMIN)
    before = None
    if "cursor" in wanted:
        last = account.job(str(wanted["cursor"]))
        if last is None:
            name = operation.named("cursor", "query") or ""
            refuse(operation, "BadRequest", words.INVALID, {name: [words.UNKNOWN_CURSOR]})
        before = last.number
    limit = int(wanted.get("limit", _page_size(operation)))
    filters: Json = {"status": wanted.get("status"), "model": wanted.get("model"), "before": before}
    if "search" in wanted:
        jobs = account.found(str(wanted["search"]), of_team=of_team, **filters)
    else:
        jobs = account.page(of_team=of_team, limit=limit + 1, **filters)
    found, more = jobs[:limit], len(jobs) > limit
    now = jobs[0].home.clock.now() if jobs else None
    # All are told of one moment: one that has moved on since it was found is not shown as another.
    shown = [job for job in found if filters["status"] in (None, job.state(now)[0])]
    known: Json = {
        "items": [job.known(base_url, now) for job in shown],
        "next_cursor": found[-1].id if more else None,
        "has_more": more,
    }
    asked = operation.named("include_models", "query") is None or wanted.get("include_models")
    if asked in ("true", True):
        known["models"] = account.models(of_team=of_team)
    return Known(known)


def _is_of_team(operation: Operation, wanted: Json) -> bool:
    """Whether the jobs of the whole team are wanted: the document lists whose, the caller's own first."""
    name = operation.named("scope", "query")
    listed = operation.parameters["query", name]["schema"].get("enum", []) if name else []
    return len(listed) > 1 and bool(wanted.get("scope") == listed[1])


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


def file_type(operation: Operation, field: str, content: bytes) -> tuple[str, str]:
    """The kind and the media type of a file. Refuses one of a type or size that the operation does not take."""
    content_type = content_type_of(content)
    kind = content_type.partition("/")[0]
    limits: list[Json] = operation.raw.get("x-upload", [])
    for limit in limits:
        types = limit["contentTypes"]
        if content_type in types or (not types and limit["kind"] == kind):
            if len(content) > limit["maxBytes"]:
                text = words.file_too_large(limit["maxBytes"], len(content))
                refuse(operation, "BadRequest", words.FILE_SIZE, {field: [text]})
            return limit["kind"], content_type
    if limits:
        details = {field: [words.unsupported(content_type)]}
        refuse(operation, "BadRequest", words.FILE_TYPE, details)
    return kind, content_type
