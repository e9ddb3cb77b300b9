"""What type checkers must see: this file is checked, not run.

Each `type: ignore` is a mistake that must be found; one that is not needed fails the check.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_type

import httpx
import httpx2

import fluxframe
from fluxframe import (
    AsyncFluxframe,
    AsyncJob,
    BatchSummary,
    Fluxframe,
    Image,
    Job,
    models,
    types,
    webhooks,
)
from fluxframe._wire import http


def good(client: Fluxframe) -> None:
    job = client.images.generate(
        model="flux-2-pro", prompt="a fox", aspect_ratio="16:9", output_format="webp", seed=7
    )
    assert_type(job, Job)
    assert_type(job.wait(), Job)
    assert_type(job.images[0], Image)
    assert_type(job.credit_cost, int | None)
    client.images.generate(model="flux-2-flex", prompt="a fox", steps=30, guidance=5)
    client.images.generate({"model": "flux-9", "prompt": "a fox", "novelty": 1}, validation="off")
    client.images.generate({"model": "flux-2-pro", "prompt": "a fox"})
    request = types.Flux2Pro(prompt="a fox", width=512, aspect_ratio="16:9")
    client.images.generate(request, timeout=5)
    assert_type(client.images.run(request, on_progress=print), Job)
    requests = [{"model": "flux-2-pro", "prompt": "a fox"}]
    assert_type(client.batch.run(requests, journal="run.jsonl", out=None), BatchSummary)
    assert_type(client.me(), types.Me)
    assert_type(client.me().team, types.Team | None)
    assert_type(models["flux-2-pro"].parameters["width"].maximum, float | None)


async def good_async(client: AsyncFluxframe) -> None:
    job = await client.images.generate(model="flux-2-dev", prompt="a fox", go_fast=True)
    assert_type(job, AsyncJob)
    assert_type(await job.wait(), AsyncJob)
    summary = await client.batch.run("requests.csv", journal="run.jsonl", out="pictures")
    assert_type(summary, BatchSummary)


def good_webhook(body: bytes, job: Job) -> None:
    event = fluxframe.webhooks.verify(body, {"X-Webhook-Signature": ""}, "afk_x")
    webhooks.verify(bytearray(body), [(b"x-webhook-signature", b"")], "afk_x")
    webhooks.verify(memoryview(body), iter([("x-webhook-signature", "")]), "afk_x")
    assert_type(event, webhooks.Event)
    assert_type(event.job_id, str)
    assert_type(event.event, str | None)
    assert_type(event.credit_cost, int | None)
    assert_type(event.completed_at, datetime | None)
    assert_type(event.image_urls, list[str])
    assert_type(event.supersedes(None) or event.supersedes(event) or event.supersedes(job), bool)


def bad_webhook(body: bytes, event: webhooks.Event) -> None:
    webhooks.verify(event.raw, {}, "afk_x")  # type: ignore[arg-type]
    webhooks.verify(body, "x-webhook-signature", "afk_x")  # type: ignore[arg-type]
    webhooks.verify(body, {}, None)  # type: ignore[arg-type]
    event.supersedes({})  # type: ignore[arg-type]


def bad(client: Fluxframe) -> None:
    types.Flux2Pro(prompt="a fox", go_fast=True)  # type: ignore[call-arg]
    types.Flux2Dev(prompt="a fox", steps=3)  # type: ignore[call-arg]
    types.Flux11Pro(prompt="a fox", input_images=[])  # type: ignore[call-arg]
    types.Flux2Pro(prompt="a fox", heigth=512)  # type: ignore[call-arg]
    types.Flux2Pro(prompt="a fox", width="512")  # type: ignore[arg-type]
    types.Flux2Pro(prompt="a fox", width=None)  # type: ignore[arg-type]
    types.Flux2Pro(prompt="a fox", output_format="gif")  # type: ignore[arg-type]
    types.Flux2Pro(model="flux-9", prompt="a fox")  # type: ignore[arg-type]
    types.Flux2Pro("a fox")  # type: ignore[call-arg]
    types.Flux2Pro()  # type: ignore[call-arg]
    client.images.generate(prompt="a fox")  # type: ignore[call-overload]
    client.images.generate("a fox")  # type: ignore[call-overload]
    client.images.generate(types.Flux2Pro(prompt="a fox"), width=512)  # type: ignore[call-overload]


def both_libraries_do() -> tuple[list[http.Http], list[http.Client], list[http.AsyncClient]]:
    Fluxframe(http_client=httpx.Client())
    Fluxframe(http_client=httpx2.Client())
    AsyncFluxframe(http_client=httpx.AsyncClient())
    AsyncFluxframe(http_client=httpx2.AsyncClient())
    return (
        [httpx, httpx2],
        [httpx.Client(), httpx2.Client()],
        [httpx.AsyncClient(), httpx2.AsyncClient()],
    )
