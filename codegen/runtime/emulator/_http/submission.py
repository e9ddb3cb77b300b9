"""A request becomes a job."""

from __future__ import annotations

import uuid
from typing import Any, TypeAlias

from starlette.requests import Request

from .._contract import words
from .._contract.contract import Contract
from .._contract.document import Json, Operation
from .._contract.models import Parameter, Values
from .._pictures.gallery import Pictures
from .._pictures.plan import plan
from .._pictures.size import Asked, UnrenderableError
from .._state.accounts import (
    Account,
    IdempotencyConflictError,
    InsufficientCreditsError,
    Job,
    Terms,
)
from .bodies import json_body
from .refusals import refuse

# Where events go, and the names of those that are wanted (None: all).
Webhook: TypeAlias = tuple[str, list[str] | None]


async def submit(
    contract: Contract,
    pictures: Pictures,
    terms: Terms,
    account: Account,
    operation: Operation,
    request: Request,
    given: Json,
) -> tuple[Job, Webhook | None]:
    """The job of a request, and the webhook if it is a new one that has one. Refuses what is not right."""
    body = await json_body(operation, request)
    object = operation.requests or ""
    if details := contract.checks.request(body, object):
        refuse(operation, "BadRequest", words.INVALID, details)
    key, name = given.get("idempotency_key"), f"{operation.method} {operation.path} "
    try:
        job = account.replayed(key, name, body)
    except IdempotencyConflictError:
        header = operation.named("idempotency_key", "header") or ""
        refuse(operation, "Conflict", words.key_used(header))
    if job is not None:
        return job, None
    values = Values(contract.models.of(object, body), body)
    parent = _parent(operation, account, values)
    origin = (parent[0].id, parent[1]) if parent else None
    wanted = await pictures.asked(values, origin)
    job = _made(terms, values, body, wanted, parent)
    url = values.by_role("webhook_url")
    if url is not None:
        job.webhook_status = contract.document.webhook_word("pending")
    try:
        account.add(job, operation=name, idempotency_key=key)
    except InsufficientCreditsError:
        refuse(
            operation,
            "InsufficientCredits",
            words.NO_CREDITS,
            credits_required=job.credits,
            credits_available=account.credits,
        )
    return job, None if url is None else (url, values.by_role("webhook_events"))


def _parent(operation: Operation, account: Account, values: Values) -> tuple[Job, int] | None:
    """The job that a request goes on from, and its picture's index. Refuses one that is not there."""
    found = values.first("parent")
    if found is None:
        return None
    parameter, id = found
    job = account.job(str(id))
    if job is None:
        details = {".".join(parameter.path): [words.PARENT_UNKNOWN]}
        refuse(operation, "BadRequest", words.PARENT_UNKNOWN, details)
    if not job.is_done or job.plan is None:
        refuse(operation, "Conflict", words.PARENT_NOT_DONE)
    said = values.first("index")
    if said is None:
        return job, 0
    place, number = said
    index = int(number) - _first_index(place)
    if not 0 <= index < job.plan.count:
        text = words.no_picture(int(number), job.plan.count)
        refuse(operation, "BadRequest", words.INVALID, {".".join(place.path): [text]})
    return job, index


def _first_index(parameter: Parameter) -> int:
    """What the first picture is called: 1, but where 0 may be said."""
    schema: dict[str, Any] = parameter.schema
    return 0 if schema.get("minimum") == 0 or 0 in schema.get("enum", ()) else 1


def _made(
    terms: Terms, values: Values, body: Json, wanted: Asked, parent: tuple[Job, int] | None
) -> Job:
    id = uuid.uuid4()
    seed, made, fault = id.fields[0], None, None
    origin = (parent[0].id, parent[1]) if parent else None
    prompt = parent[0].plan.prompt if parent and parent[0].plan else None
    try:
        made = plan(values, wanted.size(), seed=seed, parent=origin, prompt=prompt)
    except UnrenderableError as error:
        fault = words.provider(str(error))
    return Job(
        id=str(id),
        model=values.model,
        request=body,
        seconds=terms.job_seconds,
        credits=values.cost(wanted.megapixels, assumed=terms.credits_per_megapixel),
        plan=made,
        fault=fault,
    )
