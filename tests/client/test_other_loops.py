"""Under another async library than asyncio, each way in says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from fluxframe import AsyncFluxframe, AsyncImage, ConfigurationError, Fluxframe
from fluxframe._jobs import AsyncJob
from fluxframe.emulator import Emulator

from .calls import ID, KEY, Use, all_of

REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}


def job(client: Any, status: str = "QUEUED") -> AsyncJob:
    return AsyncJob(client._transport, {"id": ID, "status": status})


def image(client: Any) -> AsyncImage:
    return AsyncImage(client._transport, "https://files.example/a.png", job_id=ID, index=0)


WAYS: dict[str, Use] = {
    "generate": lambda client: client.images.generate(REQUEST),
    "run": lambda client: client.images.run(REQUEST),
    "get": lambda client: client.jobs.get(ID),
    "refresh": lambda client: job(client).refresh(),
    "wait": lambda client: client.jobs.wait(ID),
    "wait for a job": lambda client: job(client).wait(),
    "wait for an ended job": lambda client: job(client, "COMPLETED").wait(),
    "wait_many": lambda client: all_of(client.jobs.wait_many([ID])),
    "wait for none": lambda client: all_of(client.jobs.wait_many([])),
    "a page": lambda client: client.jobs.list().__aiter__().__anext__(),
    "all pages": lambda client: all_of(client.jobs.list()),
    "me": lambda client: client.me(),
    "upload": lambda client: client.uploads.create(b"x"),
    "bytes": lambda client: image(client).bytes(),
    "pil": lambda client: image(client).pil(),
    "batch": lambda client: client.batch.run([REQUEST], journal="j.jsonl", out=None),
    "enter": lambda client: client.__aenter__(),
}


@pytest.mark.parametrize("own", [False, True], ids=["our connections", "the caller's"])
@pytest.mark.parametrize("way", WAYS)
def test_each_way_in_says_what_to_do(
    way: str, own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def main() -> None:
        given = httpx.AsyncClient() if own else None
        client = AsyncFluxframe(api_key=KEY, base_url="http://127.0.0.1:9", http_client=given)
        try:
            with pytest.raises(ConfigurationError, match=r"asyncio.*trio\.to_thread\.run_sync"):
                await WAYS[way](client)
        finally:
            await client.aclose()

    trio.run(main)
    assert list(tmp_path.iterdir()) == []


def test_what_it_says_works(emulator: Emulator, key: str) -> None:
    async def main() -> str:
        with Fluxframe(api_key=key, base_url=emulator.url) as client:
            done = await trio.to_thread.run_sync(lambda: client.images.run(REQUEST, interval=0.02))
        return done.status

    assert trio.run(main) == "COMPLETED"
