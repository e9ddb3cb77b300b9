"""The emulator in this process, whole or broken in one place, and what is sent to it."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

import httpx

from fluxframe.conformance._answers import parsed
from fluxframe.conformance._calls import AcceptedJob, Call, FormFile, Send
from fluxframe.conformance._document import one_at
from fluxframe.conformance._outcomes import Exchange, Outcome, Verdict

Json: TypeAlias = dict[str, Any]
# Requests for a model, and the operation that takes them.
Requests: TypeAlias = Sequence[tuple[str, str, Sequence[dict[str, Any]]]]
App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """A request as a broken server sees it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def without(self, *names: str) -> Asked:
        """The same without some parameters of its query, or headers."""
        return replace(
            self,
            query={name: text for name, text in self.query.items() if name not in names},
            headers={name: text for name, text in self.headers.items() if name not in names},
        )


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def saying(self, body: Any, status: int | None = None) -> Said:
        """The same with another body."""
        return Said(status or self.status, json.dumps(body).encode(), self.headers)


Ask: TypeAlias = Callable[[Asked], Awaitable[Said]]
Change: TypeAlias = Callable[[Asked, Ask], Awaitable[Said]]


def emulator(seconds: float = 0.05, *, package: str = "fluxframe") -> App:
    """The emulator, unbroken."""
    made: App = import_module(f"{package}.emulator").Emulator(job_seconds=seconds).app
    return made


def api(package: str = "fluxframe") -> Json:
    """What holds for the operations of the API that a package is for."""
    told: Json = import_module(f"{package}.conformance._document").api()
    return told


def broken(app: App, change: Change) -> App:
    """A server that answers what `change` makes of a request."""

    async def whole(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)

        async def ask(asked: Asked) -> Said:
            return await _ask(app, scope, asked)

        asked = Asked(
            method=scope["method"],
            path=scope["path"],
            query=dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
            headers={n.decode().lower(): v.decode() for n, v in scope["headers"]},
            body=body,
        )
        said = await change(asked, ask)
        headers = {**said.headers, "content-length": str(len(said.body))}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": said.status, "headers": raw})
        await send({"type": "http.response.body", "body": said.body})

    return whole


async def _ask(app: App, scope: Any, asked: Asked) -> Said:
    parts: list[bytes] = []
    start: Json = {}

    async def receive() -> Json:
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def send(message: Json) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    inner = {
        **scope,
        "method": asked.method,
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": urlencode(asked.query).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in asked.headers.items()],
    }
    await app(inner, receive, send)
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Said(start["status"], b"".join(parts), headers)


def sender(app: App, *, key: str, package: str = "fluxframe") -> Send:
    """What sends to a server in this process."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://server")
    told = api(package)["authentication"]

    async def send(call: Call) -> Exchange:
        headers = dict(call.headers)
        if call.auth == "valid":
            headers[told["header"]] = told["value"].replace("{key}", key)
        given: Json = {"json": call.body} if call.body is not None else {}
        if call.raw is not None:
            given = {"content": call.raw}
        elif call.form is not None:
            given = {"files": {name: _field(value) for name, value in call.form.items()}}
        begun = time.monotonic()
        request = client.build_request(
            call.method, call.path, params=dict(call.query) or None, headers=headers, **given
        )
        response = await client.send(request)
        return Exchange(
            method=call.method,
            url=str(request.url),
            headers=headers,
            started=datetime.now(UTC),
            seconds=time.monotonic() - begun,
            body=call.body,
            status=response.status_code,
            answer_headers=dict(response.headers),
            answer=response.content[: 64 << 10].decode(errors="replace"),
        )

    return send


def _field(value: str | FormFile) -> Any:
    return (
        (None, value) if isinstance(value, str) else (value.name, value.content, value.content_type)
    )


async def submitted(
    send: Send, told: Json, operation: str, model: str, bodies: Sequence[Json]
) -> list[AcceptedJob]:
    """The jobs of some requests. `told` is what is said of the operation."""
    jobs: list[AcceptedJob] = []
    for number, body in enumerate(bodies):
        key = str(uuid.uuid4())
        headers = {told["idempotency"]["header"]: key[: told["idempotency"]["max_length"]]}
        call = Call(method=told["method"], path=told["path"], headers=headers, body=body)
        exchange = await send(call)
        assert str(exchange.status).startswith("2"), exchange.answer
        jobs.append(
            AcceptedJob(
                id=str(one_at(told["at"]["id"], parsed(exchange))),
                vectors=(f"{model}/pack-{number}",),
                operation=operation,
                model=model,
                body=body,
                idempotency_key=next(iter(headers.values())),
                exchange=exchange,
            )
        )
    return jobs


async def everything(
    send: Send, requests: Requests, *, deadline: float = 5, package: str = "fluxframe"
) -> list[Outcome]:
    """The outcomes of a whole run: the sequences, and the lives of the jobs of some requests."""
    sequences = import_module(f"{package}.conformance._document").sequences()
    run_sequences = import_module(f"{package}.conformance._sequences").run_sequences
    follow = import_module(f"{package}.conformance._follow").follow
    free = [sequence for sequence in sequences if sequence.jobs is None]
    outcomes: list[Outcome] = await run_sequences(send, free)
    jobs: list[AcceptedJob] = []
    for operation, model, bodies in requests:
        jobs += await submitted(
            send, api(package)["operations"][operation], operation, model, bodies
        )
    lives = (follow(send, job, deadline, others=jobs[:n]) for n, job in enumerate(jobs))
    outcomes += [outcome for life in await asyncio.gather(*lives) for outcome in life]
    others = [sequence for sequence in sequences if sequence.jobs is not None]
    return [*outcomes, *await run_sequences(send, others, jobs, before=outcomes)]


def findings(outcomes: Sequence[Outcome]) -> set[str]:
    """The causes that are told."""
    return {
        f"{outcome.constraint}:{outcome.verdict}"
        for outcome in outcomes
        if outcome.verdict.is_difference or outcome.verdict is Verdict.DIFFERS
    }


def run(
    app: App, requests: Requests, *, deadline: float = 5, key: str, package: str = "fluxframe"
) -> list[Outcome]:
    """The outcomes of a whole run with the jobs of some requests."""
    send = sender(app, key=key, package=package)
    return asyncio.run(everything(send, requests, deadline=deadline, package=package))
