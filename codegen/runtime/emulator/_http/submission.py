"""A request becomes a job."""

from __future__ import annotations

from typing import Any, NoReturn, TypeAlias

from starlette.requests import Request

from .._contract import words
from .._contract.document import Json, Operation
from .._contract.models import Parameter, Values
from .._pictures.plan import record
from .._pictures.size import Asked, UnrenderableError
from .._service import Service
from .._state.accounts import Account, TooManyJobsError
from .._state.fate import Fate
from .._state.ids import new_id
from .._state.job import Job
from .._state.ledger import InsufficientCreditsError
from .._state.store import IdempotencyConflictError
from .bodies import json_body
from .refusals import refuse

# Where events go, and the names of those that are wanted (None: all).
Webhook: TypeAlias = tuple[str, list[str] | None]


async def submit(
    service: Service,
    account: Account,
    operation: Operation,
    request: Request,
    given: Json,
    *,
    base_url: str,
    fate: Fate | None = None,
) -> tuple[Job, Webhook | None]:
    """The job of a request, and the webhook if it is a new one that has one. Refuses what is not right."""
    body, text = await json_body(operation, request)
    object = operation.requests or ""
    if details := service.contract.checks.request(body, object):
        refuse(operation, "BadRequest", words.INVALID, details)
    # A key that is empty is none.
    once, name = given.get("idempotency_key") or None, f"{operation.method} {operation.path}"
    try:
        job = account.replayed(once, name, text) if once else None
    except IdempotencyConflictError:
        _conflict(operation)
    if job is not None:
        return job, None
    values = Values(service.contract.models.of(object, body), body)
    parent = _parent(operation, account, values)
    wanted = await service.pictures.asked(values, (parent[0].id, parent[1]) if parent else None)
    made = _made(service, values, text, wanted, parent, fate)
    url: str | None = values.by_role("webhook_url")
    if url is not None:
        made.webhook_status = service.contract.document.webhook_word("pending")
        made.told, made.base_url = 0, base_url
    try:
        job = account.add(made, operation=name, once=once)
    except IdempotencyConflictError:  # Another was faster.
        _conflict(operation)
    except InsufficientCreditsError:
        refuse(
            operation,
            "InsufficientCredits",
            words.NO_CREDITS,
            credits_required=made.credits,
            credits_available=account.credits,
        )
    except TooManyJobsError as error:
        refuse(operation, "TooManyRequests", words.TOO_MANY_JOBS, retry_after=error.seconds)
    return job, (url, values.by_role("webhook_events")) if url and job is made else None


def _conflict(operation: Operation) -> NoReturn:
    header = operation.named("idempotency_key", "header") or ""
    refuse(operation, "Conflict", words.key_used(header))


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
    service: Service,
    values: Values,
    text: str,
    wanted: Asked,
    parent: tuple[Job, int] | None,
    fate: Fate | None,
) -> Job:
    terms, clock, recorded = service.terms, service.clock, None
    origin = (parent[0].id, parent[1]) if parent else None
    before = parent[0].plan if parent else None
    try:
        size = wanted.size()
        prompt = before.prompt if before else None
        recorded = record(values, size, origin, prompt)
    except UnrenderableError as error:
        fate = Fate("fail", words.provider(str(error)))
    if fate is not None and fate.kind == "fail" and fate.reason is None:
        fate = Fate("fail", words.provider(words.FAILED))
    return Job(
        home=service.store.home,
        id=new_id(),
        model=values.model,
        text=text,
        seconds=terms.job_seconds,
        credits=values.cost(wanted.megapixels, assumed=terms.credits_per_megapixel),
        created=clock.shown(),
        begun=clock.now(),
        record=recorded,
        fate=fate,
        _request=dict(values.request),
    )
