"""The answers of the operations, one handler for each kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from .._contract import words
from .._contract.document import Json, Operation
from .._contract.shape import Known
from .._contract.validation import Checks, file_fields
from .._service import Service
from .._state.accounts import Account
from .._state.exchange import Exchange
from .._state.fate import Fate
from .._state.job import ACCEPTED, Job
from .answer import Answer
from .answers import catalogue, file_type, page
from .bodies import form_fields
from .refusals import RefusalError, refuse


@dataclass(frozen=True, slots=True)
class Call:
    """A request for an operation.

    `path` are the parameters that its path has, by their names; `fate` is what becomes of the job that it
    makes.
    """

    operation: Operation
    path: Mapping[str, str]
    request: Request
    exchange: Exchange
    fate: Fate | None = None

    @property
    def base_url(self) -> str:
        """Where the server is, as the request calls it."""
        scope = self.request.scope
        host = self.exchange.headers.get("host")
        if not host:
            return str(self.request.base_url).rstrip("/")
        return f"{scope['scheme']}://{host}{scope.get('root_path', '').rstrip('/')}"


Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]
# The content of a file and its type, by its name. Raises RefusalError if there is none.
FileOf: TypeAlias = Callable[[str], Awaitable[tuple[bytes, str]]]


class Handlers:
    """What answers, of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._contract = service.contract
        own_path = service.contract.document.own_path
        self._files, self._uploads = f"{own_path('files')}/", f"{own_path('uploads')}/"
        self._kinds: dict[str, Handler] = {
            "submit": self._submit,
            "upload": self._upload,
            "job": self._job,
            "jobs": self._list,
            "account": self._me,
            "catalogue": self._models,
            "answer": self._sample,
            "empty": self._empty,
        }

    def of(self, operation: Operation) -> Handler:
        """What answers an operation."""
        return self._kinds[operation.kind]

    def file(self, path: str) -> FileOf | None:
        """What finds the file at a path, if that is one of files; it is called with the name."""
        for prefix, find in ((self._files, self._picture), (self._uploads, self._uploaded)):
            if path.startswith(prefix) and "/" not in path[len(prefix) :]:
                return find
        return None

    def _account(self, call: Call) -> Account:
        if not call.exchange.key:
            refuse(call.operation, "Unauthorized", words.KEY_MISSING)
        account = self._service.account(call.exchange.key)
        if account is None:
            refuse(call.operation, "Unauthorized", words.KEY_UNKNOWN)
        if not account.said.active:
            refuse(call.operation, "Forbidden", words.KEY_INACTIVE)
        if (seconds := self._service.rate.wait(account.key)) is not None:
            refuse(call.operation, "TooManyRequests", words.TOO_MANY_REQUESTS, retry_after=seconds)
        return account

    async def _submit(self, call: Call) -> Answer:
        from .submission import submit  # Pictures are planned there; not needed to start.

        service, account = self._service, self._account(call)
        came = service.clock.now()
        values, base_url = _parameters(self._contract.checks, call), call.base_url
        job, webhook = await submit(
            service,
            account,
            call.operation,
            call.request,
            values,
            base_url=base_url,
            fate=call.fate,
        )
        call.exchange.job, call.exchange.model = job.id, job.model.id
        if webhook is not None:
            url, wanted = webhook
            service.deliveries.take(job, url, wanted, account.key)
        shape = call.operation.answer
        is_short = shape is not None and shape.roles <= ACCEPTED
        # However long it took, a new job is told as it was when it was made.
        at = job.begun if job.begun >= came else None
        known = job.accepted(at) if is_short else job.known(base_url, at)
        return _answer(call.operation, known)

    async def _job(self, call: Call) -> Answer:
        account = self._account(call)
        job = _job_of(call, account, _parameters(self._contract.checks, call))
        call.exchange.job = job.id
        return _answer(call.operation, job.known(call.base_url))

    async def _list(self, call: Call) -> Answer:
        account = self._account(call)
        wanted = _parameters(self._contract.checks, call)
        return _answer(call.operation, page(call.operation, account, wanted, call.base_url))

    async def _me(self, call: Call) -> Answer:
        account = self._account(call)
        _parameters(self._contract.checks, call)
        return _answer(call.operation, account.known())

    async def _models(self, call: Call) -> Answer:
        if call.operation.authenticated:
            self._account(call)
        wanted = _parameters(self._contract.checks, call)
        return _answer(call.operation, catalogue(self._contract.models, wanted.get("modality")))

    async def _upload(self, call: Call) -> Answer:
        account = self._account(call) if call.operation.authenticated else None
        _parameters(self._contract.checks, call)
        fields = await _form(self._contract.checks, call)
        name = next(file_fields(call.operation.form or {}))
        said, content = file_type(call.operation, name, fields[name]), fields[name]
        owner = account.open() if account else 0
        upload = await run_in_threadpool(self._service.uploads.add, owner, *said, content)
        return _answer(call.operation, upload.known(f"{call.base_url}{self._uploads[:-1]}"))

    async def _sample(self, call: Call) -> Answer:
        """An answer that is of no kind which is known: the plainest that the document allows."""
        if call.operation.authenticated:
            self._account(call)
        values = _parameters(self._contract.checks, call)
        if call.operation.form is not None:
            await _form(self._contract.checks, call)
        return _answer(call.operation, Known(values))

    async def _empty(self, call: Call) -> Answer:
        """Done, and nothing to say: a job whose id is in the path is removed."""
        account = self._account(call) if call.operation.authenticated else None
        values = _parameters(self._contract.checks, call)
        if call.operation.form is not None:
            await _form(self._contract.checks, call)
        if account is not None and call.operation.named("id", "path") is not None:
            account.remove(_job_of(call, account, values))
        return Answer(call.operation.status)

    async def _uploaded(self, name: str) -> tuple[bytes, str]:
        found = self._service.uploads.get(name)
        if found is None:
            raise RefusalError(404, {"message": words.NOT_FOUND})
        return found

    async def _picture(self, name: str) -> tuple[bytes, str]:
        """The picture of a job; no key is needed, as the real host of files needs none."""
        found = await self._service.pictures.file(name)
        if found is None:
            raise RefusalError(404, {"message": words.NOT_FOUND})
        return found.content, found.media_type


def _parameters(checks: Checks, call: Call) -> Json:
    """The parameters of a request by their roles. Refuses those that are not right."""
    values: Json = {}
    details: words.Details = {}
    for place in call.operation.placed:
        texts: Mapping[str, str] = call.exchange.headers
        if place != "header":
            texts = call.path if place == "path" else call.request.query_params
        found, wrong = checks.parameters(call.operation, place, texts)
        values |= found
        details |= wrong
    if details:
        refuse(call.operation, "BadRequest", words.INVALID, details)
    return values


async def _form(checks: Checks, call: Call) -> dict[str, Any]:
    """The fields of a request's form. Refuses those that are not right."""
    schema = call.operation.form or {}
    fields = await form_fields(call.operation, call.request)
    checked = {name: b"" if isinstance(value, bytes) else value for name, value in fields.items()}
    if details := checks.form(schema, checked):
        missing = any(name in details for name in file_fields(schema))
        text = words.NO_FILE if missing else words.INVALID
        refuse(call.operation, "BadRequest", text, details)
    return fields


def _job_of(call: Call, account: Account, values: Json) -> Job:
    job = account.job(str(values["id"]))
    if job is None:
        refuse(call.operation, "NotFound", words.NO_JOB)
    return job


def _answer(operation: Operation, known: Known) -> Answer:
    shape = operation.answer
    if shape is None:
        return Answer(operation.status)
    return Answer.of_json(shape.filled(known), operation.status)
