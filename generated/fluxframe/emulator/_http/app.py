# A copy of codegen/runtime/emulator/_http/app.py, where it is edited.
"""The routes of the server, over Starlette: one for each operation of the document."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .._contract import words
from .._contract.document import Json, Operation, operations, own_path, security
from .._contract.shape import Known
from .._contract.validation import check_form, check_parameters, file_fields
from .._pictures.encoding import MEDIA_TYPES
from .._pictures.files import Files
from .._state.accounts import Account, Job, Terms
from .._webhooks.delivery import deliver
from .answers import catalogue, page, store
from .bodies import BodyLimit, form_fields
from .refusals import RefusalError, gone, http_error, refuse, refused, server_error
from .submission import submit

Handler: TypeAlias = Callable[[Operation, Request], Awaitable[Response]]

# Bytes of a form beside its file, and of a body where no file can be sent.
_MOST_OF_A_FORM = 1 << 20
_MOST_OF_A_FILE = 32 << 20
_DRAWN_AT_ONCE = 2


class Service:
    """The server's state and its answers."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._files = Files()
        self._accounts: dict[str, Account] = {}
        self._deliveries: set[asyncio.Task[None]] = set()

    def app(self) -> Starlette:
        """The ASGI application, for one event loop."""
        drawn = partial(self._file, asyncio.Semaphore(_DRAWN_AT_ONCE))
        return Starlette(
            routes=[
                *self._routes(),
                Route(f"{own_path('files')}/{{name}}", drawn),
                Route(f"{own_path('uploads')}/{{id}}", self._uploaded),
            ],
            exception_handlers={
                RefusalError: refused,
                ClientDisconnect: gone,
                HTTPException: http_error,
                Exception: server_error,
            },
            middleware=[Middleware(BodyLimit, most=_most_bytes())],
            lifespan=self._lifespan,
        )

    def _routes(self) -> list[Route]:
        """A route for each path, which knows the methods of the path."""
        handlers: dict[str, Handler] = {
            "submit": self._submit,
            "upload": self._upload,
            "job": self._job,
            "jobs": self._list,
            "account": self._me,
            "catalogue": self._models,
            "answer": self._sample,
            "empty": self._empty,
        }
        paths: dict[str, dict[str, Operation]] = {}
        for operation in operations():
            paths.setdefault(operation.path, {})[operation.method] = operation

        def route(path: str, methods: dict[str, Operation]) -> Route:
            async def answer(request: Request) -> Response:
                operation = methods[request.method.replace("HEAD", "GET")]
                return await handlers[operation.kind](operation, request)

            return Route(_numbered(path), answer, methods=[*methods])

        return [route(path, methods) for path, methods in paths.items()]

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        yield
        for task in self._deliveries:
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)

    def _account(self, operation: Operation, request: Request) -> Account:
        """The account of the request's key: any that begins as keys do has one of its own."""
        known = security()
        key = known.key(request.headers)
        if not key:
            refuse(operation, "Unauthorized", words.KEY_MISSING)
        if not key.startswith(known.prefix):
            refuse(operation, "Unauthorized", words.KEY_UNKNOWN)
        if key not in self._accounts:
            self._accounts[key] = Account(key, self._terms.credits)
        return self._accounts[key]

    async def _submit(self, operation: Operation, request: Request) -> Response:
        account = self._account(operation, request)
        values = _parameters(operation, request)
        job, webhook = await submit(self._files, self._terms, account, operation, request, values)
        if webhook is not None:
            url, wanted = webhook
            sending = deliver(job, url, wanted, account.key, base_url(request))
            task = asyncio.create_task(sending)
            self._deliveries.add(task)
            task.add_done_callback(self._deliveries.discard)
        return _answer(operation, job.known(base_url(request)))

    async def _job(self, operation: Operation, request: Request) -> Response:
        account = self._account(operation, request)
        job = _job_of(operation, account, _parameters(operation, request))
        return _answer(operation, job.known(base_url(request)))

    async def _list(self, operation: Operation, request: Request) -> Response:
        account = self._account(operation, request)
        wanted = _parameters(operation, request)
        return _answer(operation, page(operation, account, wanted, base_url(request)))

    async def _me(self, operation: Operation, request: Request) -> Response:
        account = self._account(operation, request)
        _parameters(operation, request)
        return _answer(operation, account.known())

    async def _models(self, operation: Operation, request: Request) -> Response:
        if operation.authenticated:
            self._account(operation, request)
        wanted = _parameters(operation, request)
        return _answer(operation, catalogue(wanted.get("modality")))

    async def _upload(self, operation: Operation, request: Request) -> Response:
        if operation.authenticated:
            self._account(operation, request)
        _parameters(operation, request)
        fields = await _form(operation, request)
        name = next(file_fields(operation.form or {}))
        upload = await store(operation, name, fields[name])
        self._files.uploads[upload.id] = upload
        return _answer(operation, upload.known(base_url(request)))

    async def _sample(self, operation: Operation, request: Request) -> Response:
        """An answer that is of no kind which is known: the plainest that the document allows."""
        if operation.authenticated:
            self._account(operation, request)
        values = _parameters(operation, request)
        if operation.form is not None:
            await _form(operation, request)
        return _answer(operation, Known(values))

    async def _empty(self, operation: Operation, request: Request) -> Response:
        """Done, and nothing to say: a job whose id is in the path is removed."""
        account = self._account(operation, request) if operation.authenticated else None
        values = _parameters(operation, request)
        if operation.form is not None:
            await _form(operation, request)
        if account is not None and operation.named("id", "path") is not None:
            account.remove(_job_of(operation, account, values))
        return Response(status_code=operation.status)

    async def _uploaded(self, request: Request) -> Response:
        upload = self._files.uploads.get(request.path_params["id"])
        if upload is None:
            raise RefusalError(404, {"message": words.NOT_FOUND})
        return Response(upload.content, media_type=upload.content_type)

    async def _file(self, pens: asyncio.Semaphore, request: Request) -> Response:
        """The picture of a job; no key is needed, as the real host of files needs none."""
        name = request.path_params["name"]
        found = self._files.of_job(name)
        if found is None or found[0].plan is None:
            raise RefusalError(404, {"message": words.NOT_FOUND})
        plan, index = found[0].plan, found[1]
        content = self._files.kept(name)
        if content is None:
            async with pens:
                content = await run_in_threadpool(plan.file, index)
            self._files.keep(name, content)
        return Response(content, media_type=MEDIA_TYPES[plan.format])


def _numbered(path: str) -> str:
    """A path of the document as Starlette takes it: its parameters may have any name there."""
    names = iter(range(len(path)))
    return re.sub(r"\{[^}]*\}", lambda _: f"{{p{next(names)}}}", path)


def _most_bytes() -> int:
    """The most of any body: the largest file, and the form around it."""
    limits = [limit for operation in operations() for limit in operation.raw.get("x-upload", ())]
    most = max((int(limit["maxBytes"]) for limit in limits), default=_MOST_OF_A_FILE)
    return most + _MOST_OF_A_FORM


def _parameters(operation: Operation, request: Request) -> Json:
    """The parameters of a request by their roles. Refuses those that are not right."""
    names = re.findall(r"\{([^}]*)\}", operation.path)
    path = {name: request.path_params[f"p{place}"] for place, name in enumerate(names)}
    values: Json = {}
    details: words.Details = {}
    given: Mapping[str, Mapping[str, str]] = {
        "path": path,
        "query": request.query_params,
        "header": request.headers,
    }
    for place, texts in given.items():
        found, wrong = check_parameters(operation, place, texts)
        values |= found
        details |= wrong
    if details:
        refuse(operation, "BadRequest", words.INVALID, details)
    return values


async def _form(operation: Operation, request: Request) -> dict[str, Any]:
    """The fields of a request's form. Refuses those that are not right."""
    schema = operation.form or {}
    fields = await form_fields(operation, request)
    checked = {name: b"" if isinstance(value, bytes) else value for name, value in fields.items()}
    if details := check_form(schema, checked):
        missing = any(name in details for name in file_fields(schema))
        text = words.NO_FILE if missing else words.INVALID
        refuse(operation, "BadRequest", text, details)
    return fields


def _job_of(operation: Operation, account: Account, values: Json) -> Job:
    job = account.job(str(values["id"]))
    if job is None:
        refuse(operation, "NotFound", words.NO_JOB)
    return job


def _answer(operation: Operation, known: Known) -> Response:
    shape = operation.answer
    if shape is None:
        return Response(status_code=operation.status)
    return JSONResponse(shape.filled(known), operation.status)


def base_url(request: Request) -> str:
    """Where the server is, as the request calls it."""
    return str(request.base_url).rstrip("/")
