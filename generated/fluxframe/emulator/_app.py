# A copy of codegen/runtime/emulator/_app.py, where it is edited.
"""The routes of the server, over Starlette."""

from __future__ import annotations

import asyncio
import io
import uuid
import warnings
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NoReturn

from PIL import Image, UnidentifiedImageError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ._accounts import (
    Account,
    IdempotencyConflictError,
    InsufficientCreditsError,
    Job,
    Upload,
)
from ._bodies import BodyLimit, form_file, json_body
from ._picture import render
from ._validation import Json, check_parameters, check_request, document, request_schemas
from ._webhooks import deliver

_GENERATE = "/v2/images/generate"
_JOB = "/v2/jobs/{id}"
_JOBS = "/v2/jobs"
_MODELS = "/v2/models"
_UPLOADS = "/v2/uploads"
_MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_MAX_IDEMPOTENCY_KEY = 255
# Bytes of a form beside its file.
_MOST_OF_A_FORM = 1 << 20


class Service:
    """The server's state and its answers."""

    def __init__(self, *, job_seconds: float, credits: int, credits_per_megapixel: int) -> None:
        self.job_seconds = job_seconds
        self.credits = credits
        self.credits_per_megapixel = credits_per_megapixel
        self._accounts: dict[str, Account] = {}
        self._jobs: dict[str, Job] = {}
        self._uploads: dict[str, Upload] = {}
        self._pictures: dict[str, bytes] = {}
        self._deliveries: set[asyncio.Task[None]] = set()

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route(_GENERATE, self._generate, methods=["POST"]),
                Route(_JOB, self._job),
                Route(_JOBS, self._list),
                Route("/v2/me", self._me),
                Route(_MODELS, self._models),
                Route(_UPLOADS, self._upload, methods=["POST"]),
                Route("/files/{name}", self._file),
                Route("/uploads/{id}", self._uploaded),
            ],
            exception_handlers={
                _RefusalError: _refused,
                ClientDisconnect: _gone,
                HTTPException: _http_error,
                Exception: _server_error,
            },
            middleware=[Middleware(BodyLimit, most=_most_bytes())],
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        yield
        for task in self._deliveries:
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)

    def _account(self, request: Request) -> Account:
        """The account of the request's key: any that begins as keys do has one of its own."""
        key = request.headers.get("x-api-key", "")
        if not key:
            _refuse(401, "API key is required")
        if not key.startswith("afk_"):
            _refuse(401, "Invalid API key")
        if key not in self._accounts:
            self._accounts[key] = Account(key, self.credits)
        return self._accounts[key]

    async def _generate(self, request: Request) -> Response:
        account = self._account(request)
        key = request.headers.get("idempotency-key")
        if key is not None and len(key) > _MAX_IDEMPOTENCY_KEY:
            text = f"Too big: expected string to have <={_MAX_IDEMPOTENCY_KEY} characters"
            _refuse(400, "Invalid request", {"idempotency-key": [f"{text}, received {len(key)}"]})
        body = await json_body(request)
        if details := check_request(body):
            _refuse(400, "Invalid request", details)
        try:
            job = account.replayed(key, body)
            if job is None:
                job = self._submit(account, request, body, key)
        except IdempotencyConflictError:
            _refuse(409, "Idempotency-Key was used with another request")
        except InsufficientCreditsError as error:
            needed = {"creditsRequired": error.args[0], "creditsAvailable": account.credits}
            return JSONResponse({"error": "Insufficient credits", **needed}, 402)
        return JSONResponse({"jobId": job.id, "status": job.state()[0]}, 202)

    def _submit(self, account: Account, request: Request, body: Json, key: str | None) -> Job:
        schema: Json = document()["components"]["schemas"][request_schemas()[body["model"]]]
        price: Json = schema.get("x-price", {})
        job = account.submit(
            body,
            idempotency_key=key,
            seconds=self.job_seconds,
            credits_per_megapixel=price.get("credits", self.credits_per_megapixel),
            input_size=self._input_size(body),
        )
        self._jobs[job.id] = job
        if "webhookUrl" in body:
            task = asyncio.create_task(deliver(job, account.key, _base_url(request)))
            self._deliveries.add(task)
            task.add_done_callback(self._deliveries.discard)
        return job

    def _input_size(self, body: Json) -> tuple[int, int] | None:
        """The size of the first input image, if it was uploaded here; no other host is asked."""
        for member in body.values():
            urls = member.get("input_images", []) if isinstance(member, dict) else []
            for url in urls[:1]:
                upload = self._uploads.get(url.rpartition("/")[2])
                return upload.size if upload else None
        return None

    async def _job(self, request: Request) -> Response:
        account = self._account(request)
        values = _parameters(request, _JOB, request.path_params)
        job = account.job(values["id"])
        if job is None:
            _refuse(404, "Job not found")
        return JSONResponse(job.json(_base_url(request)))

    async def _list(self, request: Request) -> Response:
        account = self._account(request)
        wanted = _parameters(request, _JOBS, request.query_params)
        everything = list(account.jobs())
        start = 0
        if "cursor" in wanted:
            ids = [job.id for job in everything]
            if wanted["cursor"] not in ids:
                _refuse(400, "Invalid request", {"cursor": ["Invalid input: unknown cursor"]})
            start = ids.index(wanted["cursor"]) + 1
        jobs = [
            job
            for job in everything[start:]
            if wanted.get("status", job.state()[0]) == job.state()[0]
            and wanted.get("model", job.model) == job.model
            and wanted.get("search", job.id).lower() == job.id
        ]
        page = jobs[: wanted.get("limit", 20)]
        more = len(page) < len(jobs)
        base_url = _base_url(request)
        answer: Json = {
            "jobs": [job.json(base_url, with_input=False) for job in page],
            "nextCursor": page[-1].id if more else None,
            "hasMore": more,
        }
        if wanted.get("include_models") == "true":
            answer["models"] = sorted({job.model for job in everything})
        return JSONResponse(answer)

    async def _me(self, request: Request) -> Response:
        account = self._account(request)
        team = {
            "id": f"team_{account.id}",
            "name": "Emulator",
            "credits": account.credits,
            "plan": "emulator",
            "customerId": None,
            "maxConcurrentJobs": 10,
        }
        return JSONResponse(
            {
                "user": {"id": f"user_{account.id}", "email": "you@example.com", "role": "admin"},
                "team": team,
                "apiKey": {"id": f"key_{account.id}", "name": "emulator", "prefix": "afk_"},
            }
        )

    async def _models(self, request: Request) -> Response:
        modality = _parameters(request, _MODELS, request.query_params).get("modality", "image")
        schemas: Json = document()["components"]["schemas"]
        models: list[Json] = []
        for id, name in request_schemas().items() if modality == "image" else ():
            shown = {"id": id, "label": schemas[name]["x-label"], "modality": "image"}
            if price := schemas[name].get("x-price"):
                shown |= {"costMin": price["credits"], "pricingMode": "per-output"}
            models.append(shown)
        return JSONResponse({"models": models})

    async def _upload(self, request: Request) -> Response:
        self._account(request)
        content = await form_file(request, "file")
        if not content:
            _refuse(400, "No file provided", {"file": ["Invalid input: expected a file"]})
        content_type = _content_type(content)
        kind = content_type.partition("/")[0]
        limits: list[Json] = document()["paths"][_UPLOADS]["post"]["x-upload"]
        limit = next((limit for limit in limits if limit["kind"] == kind), None)
        if limit is None:
            _refuse(400, "Unsupported file type", {"file": [f"Invalid input: {content_type}"]})
        if len(content) > limit["maxBytes"]:
            text = f"Too big: expected at most {limit['maxBytes']} bytes, received {len(content)}"
            _refuse(400, "File too large", {"file": [text]})
        upload = Upload(
            id=str(uuid.uuid4()),
            kind=kind,
            content_type=content_type,
            content=content,
            size=await run_in_threadpool(_picture_size, content),
        )
        self._uploads[upload.id] = upload
        return JSONResponse(upload.json(_base_url(request)), 201)

    async def _uploaded(self, request: Request) -> Response:
        upload = self._uploads.get(request.path_params["id"])
        if upload is None:
            _refuse(404, "Not found")
        return Response(upload.content, media_type=upload.content_type)

    async def _file(self, request: Request) -> Response:
        """The picture of a job; no key is needed, as the real host of files needs none."""
        name, _, ending = request.path_params["name"].rpartition(".")
        job = self._jobs.get(name.removesuffix("-1"))
        if job is None or job.size is None or ending != job.format or job.state()[0] != "COMPLETED":
            _refuse(404, "Not found")
        if job.id not in self._pictures:
            while len(self._pictures) >= 64:  # Drawn anew when asked for again.
                self._pictures.pop(next(iter(self._pictures)))
            self._pictures[job.id] = await run_in_threadpool(_draw, job, job.size)
        return Response(self._pictures[job.id], media_type=_MEDIA_TYPES[job.format])


def _draw(job: Job, size: tuple[int, int]) -> bytes:
    return render(
        model=job.model,
        prompt=str(job.request["prompt"]),
        seed=job.seed,
        size=size,
        format=job.format,
        quality=job.quality,
    )


def _most_bytes() -> int:
    """The most of any body: the largest file, and the form around it."""
    limits: list[Json] = document()["paths"][_UPLOADS]["post"]["x-upload"]
    return max(int(limit["maxBytes"]) for limit in limits) + _MOST_OF_A_FORM


def _parameters(request: Request, path: str, given: Mapping[str, str]) -> Json:
    values, details = check_parameters(path, request.method.lower().replace("head", "get"), given)
    if details:
        _refuse(400, "Invalid request", details)
    return values


# How the files that can be uploaded begin, and where.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (0, b"GIF8", "image/gif"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)


def _content_type(content: bytes) -> str:
    for offset, signature, content_type in _SIGNATURES:
        if content[offset:].startswith(signature):
            return content_type
    return "application/octet-stream"


def _picture_size(content: bytes) -> tuple[int, int] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # It is not decoded.
            with Image.open(io.BytesIO(content)) as image:
                return image.size
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, ValueError):
        return None


def _base_url(request: Request) -> str:
    return str(request.base_url).rstrip("/")


class _RefusalError(Exception):
    """An answer with an error status."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def _refuse(status: int, text: str, details: Mapping[str, list[str]] | None = None) -> NoReturn:
    raise _RefusalError(status, {"error": text, **({"details": details} if details else {})})


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, _RefusalError)
    return JSONResponse(error.body, error.status)


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)  # The client is gone; nobody reads it.


async def _server_error(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "Internal server error"}, 500)


async def _http_error(request: Request, error: Exception) -> Response:
    """An answer of Starlette's own, such as for an unknown route."""
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)
