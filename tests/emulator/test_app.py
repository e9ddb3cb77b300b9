"""The emulator in this process, without a port."""

from __future__ import annotations

import asyncio

import httpx

from fluxframe.emulator import Emulator

HEADERS = {"X-API-Key": "afk_0123456789abcdef"}
REQUEST = {"model": "flux-2-pro", "prompt": "a fox"}


def test_it_is_asked_without_a_port_in_one_loop_after_the_other() -> None:
    emulator = Emulator(job_seconds=0.0)

    async def made() -> str:
        transport = httpx.ASGITransport(app=emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
            done = await http.post("/v2/images/generate", json=REQUEST, headers=HEADERS)
            id: str = done.json()["jobId"]
            job = (await http.get(f"/v2/jobs/{id}", headers=HEADERS)).json()
            # More pictures than are drawn at once.
            drawn = await asyncio.gather(*(http.get(job["result"]["images"][0]) for _ in range(5)))
            assert all(answer.status_code == 200 for answer in drawn)
            listed = (await http.get("/v2/jobs", headers=HEADERS)).json()
            assert id in [each["id"] for each in listed["jobs"]]
            return id

    first, second = asyncio.run(made()), asyncio.run(made())
    assert first != second
