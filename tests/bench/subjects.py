"""The children of client.py: a server, and one process for each client that is measured.

    subjects.py serve                        prints its port, serves until its stdin ends
    subjects.py MEASUREMENT SUBJECT URL ...  prints pairs of (bare httpx, subject) as JSON

Each client has a process of its own, where it takes turns with bare httpx: neither pays for what
another peer has loaded, and both see the same moments of a machine that is never quite still.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[2])
AT_ONCE = 64
ID = "5f0c1f5e-6a0e-4b7e-9a3c-2f4d8f1f9b11"
KEY = "afk_bench"
PARAMETERS = {
    "aspect_ratio": "custom",
    "width": 1024,
    "height": 1024,
    "output_format": "png",
    "seed": 7,
}
PROMPT = "a sleek silver sports car on a coastal highway"
BODY = {"model": "flux-2-pro", "prompt": PROMPT, "fluxParams": PARAMETERS}
JOB = {
    "id": ID,
    "status": "COMPLETED",
    "model": "flux-2-pro",
    "progress": 100,
    "result": {"images": [f"https://cdn.example.com/{ID}/0.png"]},
    "error": None,
    "creditCost": 6,
    "webhookStatus": None,
    "createdAt": "2026-01-01T00:00:00.000Z",
    "completedAt": "2026-01-01T00:00:04.000Z",
    "input": BODY,
    "expired": False,
}
PREDICTION = {  # What Replicate answers.
    "id": ID,
    "model": "black-forest-labs/flux-2-pro",
    "version": "hidden",
    "status": "succeeded",
    "input": {"prompt": PROMPT, **PARAMETERS},
    "output": f"https://cdn.example.com/{ID}/0.png",
    "logs": "",
    "error": None,
    "metrics": {"predict_time": 4.0},
    "created_at": "2026-01-01T00:00:00.000Z",
    "started_at": "2026-01-01T00:00:00.000Z",
    "completed_at": "2026-01-01T00:00:04.000Z",
    "urls": {"get": f"https://api.example.com/v1/predictions/{ID}"},
}


async def serve() -> None:
    sys.path.insert(0, ROOT)
    from tests.servers.canned import CannedServer
    from tests.servers.http1 import http_json

    answers: list[tuple[bytes, bytes]] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: CannedServer(answers), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    # fal's server names the URLs that its client asks next.
    url = f"http://127.0.0.1:{port}/fal/requests/{ID}"
    submitted = {
        "request_id": ID,
        "response_url": url,
        "status_url": f"{url}/status",
        "cancel_url": f"{url}/cancel",
    }
    answers += [
        (b"GET /v2/jobs/", http_json(JOB)),
        (b"POST /v2/images/generate", http_json({"jobId": ID, "status": "QUEUED"}, 202)),
        (b"GET /v1/predictions/", http_json(PREDICTION)),
        (b"POST /v1/predictions", http_json(PREDICTION, 201)),
        (b"GET /fal/", http_json({"status": "COMPLETED", "logs": None, "metrics": {}})),
        (b"POST /fal/", http_json(submitted)),
        (b"", http_json({"error": "Not found"}, 404)),
    ]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)  # It ends with the parent.


# The clients. Each makes its calls as its own documentation would have it.

Call = Callable[[], object]
AsyncCall = Callable[[], Awaitable[object]]


def headers(*, post: bool = False) -> dict[str, str]:
    """What Fluxframe sends, for bare clients to send too."""
    found = {"Accept": "application/json", "User-Agent": "fluxframe/0 python/3", "X-API-Key": KEY}
    if post:
        found["Idempotency-Key"] = str(uuid.uuid4())
    return found


def module(name: str) -> Any:
    """A module that may not be installed; its types are not known here."""
    return importlib.import_module(name)


def bare(library: str, url: str) -> dict[str, Call]:
    client = module(library).Client()
    get, post = f"{url}/v2/jobs/{ID}", f"{url}/v2/images/generate"
    return {
        "jobs.get": lambda: client.get(get, headers=headers()).json(),
        "images.generate": lambda: client.post(post, json=BODY, headers=headers(post=True)).json(),
    }


def fluxframe(library: str, url: str) -> dict[str, Call]:
    own = None if library == "httpx" else module(library).Client()
    client = module("fluxframe").Fluxframe(api_key=KEY, base_url=url, http_client=own)
    return {
        "jobs.get": lambda: client.jobs.get(ID),
        "images.generate": lambda: client.images.generate(
            model="flux-2-pro", prompt=PROMPT, **PARAMETERS
        ),
    }


def openai(url: str) -> dict[str, Call]:
    client = module("openai").OpenAI(api_key=KEY, base_url=url)
    return {
        "jobs.get": lambda: client.get(f"/v2/jobs/{ID}", cast_to=object),
        "images.generate": lambda: client.post(
            "/v2/images/generate",
            cast_to=object,
            body=BODY,
            options={"headers": {"Idempotency-Key": str(uuid.uuid4())}},
        ),
    }


def replicate(url: str) -> dict[str, Call]:
    client = module("replicate").Client(api_token=KEY, base_url=url)
    return {
        "jobs.get": lambda: client.predictions.get(ID),
        "images.generate": lambda: client.predictions.create(
            version="hidden", input={"prompt": PROMPT, **PARAMETERS}
        ),
    }


def fal(url: str) -> dict[str, Call]:
    # Its host can be chosen, but not http.
    module("fal_client.client").QUEUE_URL_FORMAT = f"{url}/fal/"
    client = module("fal_client").SyncClient(key=KEY)

    def submit() -> Any:
        return client.submit("bench/flux", {"prompt": PROMPT, **PARAMETERS})

    return {"jobs.get": submit().status, "images.generate": submit}


def generated(url: str) -> dict[str, Call]:
    client = module("peer").AuthenticatedClient(
        base_url=url, token=KEY, prefix="", auth_header_name="X-API-Key"
    )
    get, post = module("peer.api.jobs.jobs_get"), module("peer.api.images.images_generate")
    models = module("peer.models")
    id = uuid.UUID(ID)
    png = models.Flux2ProParametersOutputFormat.PNG

    def submit() -> object:
        parameters = models.Flux2ProParameters(**{**PARAMETERS, "output_format": png})
        body = models.Flux2ProRequest(model="flux-2-pro", prompt=PROMPT, flux_params=parameters)
        return post.sync_detailed(client=client, body=body, idempotency_key=str(uuid.uuid4()))

    return {"jobs.get": lambda: get.sync_detailed(id, client=client), "images.generate": submit}


CALLS: dict[str, Callable[[str], dict[str, Call]]] = {
    "httpx": lambda url: bare("httpx", url),
    "httpx2": lambda url: bare("httpx2", url),
    "fluxframe": lambda url: fluxframe("httpx", url),
    "fluxframe on httpx2": lambda url: fluxframe("httpx2", url),
    "openai": openai,
    "replicate": replicate,
    "fal-client": fal,
    "openapi-python-client": generated,
}


def limits(library: str = "httpx") -> Any:
    return module(library).Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)


def async_httpx(library: str = "httpx") -> Any:
    return module(library).AsyncClient(limits=limits(library))


def async_bare(library: str, url: str) -> AsyncCall:
    client = async_httpx(library)
    get = f"{url}/v2/jobs/{ID}"

    async def call() -> object:
        return (await client.get(get, headers=headers())).json()

    return call


def async_fluxframe(library: str, url: str, *, own: bool = False) -> AsyncCall:
    """With the client that it makes of a library, or with one that is made for it as for the others."""
    client = module("fluxframe").AsyncFluxframe(
        api_key=KEY, base_url=url, http_client=library if own else async_httpx(library)
    )
    return lambda: client.jobs.get(ID)


def async_openai(url: str) -> AsyncCall:
    client = module("openai").AsyncOpenAI(
        api_key=KEY, base_url=url, http_client=async_httpx("httpx2")
    )
    return lambda: client.get(f"/v2/jobs/{ID}", cast_to=object)


def async_replicate(url: str) -> AsyncCall:
    transport = module("httpx").AsyncHTTPTransport(limits=limits())
    client = module("replicate").Client(api_token=KEY, base_url=url, transport=transport)
    return lambda: client.predictions.async_get(ID)


def async_fal(url: str) -> AsyncCall:
    inside = module("fal_client.client")
    inside.QUEUE_URL_FORMAT = f"{url}/fal/"
    # It takes no limits; its transport does.
    transport, plain = inside.AsyncBackupDomainTransport, module("httpx").AsyncHTTPTransport
    inside.AsyncBackupDomainTransport = lambda: transport(transport=plain(limits=limits()))
    client = module("fal_client").AsyncClient(key=KEY)
    handle: Any = None

    async def call() -> object:
        nonlocal handle
        if handle is None:
            handle = await client.submit("bench/flux", {"prompt": PROMPT, **PARAMETERS})
        return await handle.status()

    return call


def async_generated(url: str) -> AsyncCall:
    client = module("peer").AuthenticatedClient(
        base_url=url,
        token=KEY,
        prefix="",
        auth_header_name="X-API-Key",
        httpx_args={"limits": limits()},
    )
    get = module("peer.api.jobs.jobs_get")
    id = uuid.UUID(ID)
    return lambda: get.asyncio_detailed(id, client=client)


ASYNC_CALLS: dict[str, Callable[[str], AsyncCall]] = {
    "httpx": lambda url: async_bare("httpx", url),
    "httpx2": lambda url: async_bare("httpx2", url),
    "fluxframe": lambda url: async_fluxframe("httpx", url, own=True),
    "fluxframe on httpx2": lambda url: async_fluxframe("httpx2", url, own=True),
    "fluxframe, client given": lambda url: async_fluxframe("httpx", url),
    "the same on httpx2": lambda url: async_fluxframe("httpx2", url),
    "openai": async_openai,
    "replicate": async_replicate,
    "fal-client": async_fal,
    "openapi-python-client": async_generated,
}

CONSTRUCTORS: dict[str, Callable[[str], object]] = {
    "httpx.Client": lambda url: module("httpx").Client(),
    "httpx.AsyncClient": lambda url: module("httpx").AsyncClient(),
    "httpx2.Client": lambda url: module("httpx2").Client(),
    "Fluxframe": lambda url: module("fluxframe").Fluxframe(api_key=KEY, base_url=url),
    "AsyncFluxframe": lambda url: module("fluxframe").AsyncFluxframe(api_key=KEY, base_url=url),
    "openai.OpenAI": lambda url: module("openai").OpenAI(api_key=KEY, base_url=url),
    "replicate.Client": lambda url: module("replicate").Client(api_token=KEY, base_url=url),
    "fal_client.SyncClient": lambda url: module("fal_client").SyncClient(key=KEY),
    "openapi-python-client": lambda url: module("peer").AuthenticatedClient(
        base_url=url, token=KEY
    ),
}


# Measuring: blocks of calls, in pairs whose order is turned from one to the next.

Pairs = list[tuple[float, float]]


def in_turn(
    one: Callable[[], float], other: Callable[[], float], pairs: int, warm_up: int
) -> Pairs:
    found: Pairs = []
    for number in range(warm_up + pairs):
        if number % 2:
            later = other()
            pair = (one(), later)
        else:
            pair = (one(), other())
        if number >= warm_up:
            found.append(pair)
    return found


def cpu(call: Call, count: int) -> float:
    """Seconds of this process's CPU for one call, from a block of `count`."""
    start = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - start) / count


def measure_calls(subject: str, url: str, operation: str, pairs: int, count: int) -> Pairs:
    plain, call = CALLS["httpx"](url)[operation], CALLS[subject](url)[operation]
    return in_turn(lambda: cpu(plain, count), lambda: cpu(call, count), pairs, warm_up=3)


def measure_construct(subject: str, url: str, pairs: int, seconds: float) -> Pairs:
    def plain() -> object:
        return CONSTRUCTORS["httpx.Client"](url)

    def make() -> object:
        return CONSTRUCTORS[subject](url)

    def block(call: Call) -> Callable[[], float]:
        call()
        count = max(1, round(seconds / cpu(call, 2)))
        return lambda: cpu(call, count)

    return in_turn(block(plain), block(make), pairs, warm_up=1)


async def measure_async(subject: str, url: str, pairs: int, count: int) -> Pairs:
    """Calls per second, with 64 under way at any moment."""
    plain, call = ASYNC_CALLS["httpx"](url), ASYNC_CALLS[subject](url)

    async def rate(call: AsyncCall) -> float:
        left = count

        async def worker() -> None:
            nonlocal left
            while left > 0:
                left -= 1
                await call()

        start = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
        return count / (time.perf_counter() - start)

    await plain()
    await call()
    found: Pairs = []
    for number in range(pairs + 1):
        if number % 2:
            later = await rate(call)
            pair = (await rate(plain), later)
        else:
            pair = (await rate(plain), await rate(call))
        if number:
            found.append(pair)
    return found


def main() -> None:
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case ["calls", subject, url, operation, pairs, count]:
            print(json.dumps(measure_calls(subject, url, operation, int(pairs), int(count))))
        case ["construct", subject, url, pairs, seconds]:
            print(json.dumps(measure_construct(subject, url, int(pairs), float(seconds))))
        case ["async", subject, url, pairs, count]:
            print(json.dumps(asyncio.run(measure_async(subject, url, int(pairs), int(count)))))
        case arguments:
            sys.exit(f"unknown: {arguments}")


if __name__ == "__main__":
    main()
