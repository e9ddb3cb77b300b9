"""Two gateways: what the pages of the models honour, and what a source lets through that reads otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fluxframe import conformance
from fluxframe.conformance import Report, Verdict
from fluxframe.conformance._vectors import models, vectors_of
from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract, sources

from ..cli.shells import Shell

KEY = "afk_0123456789abcdef"
RICH = 1_000_000
# One of each family that the gateway has one shape of, and one of another.
FEW = ["flux-2-pro", "ideogram-character", "seedream-4", "nano-banana"]


def asked(emulator: Emulator) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=emulator.app),
        base_url="http://server",
        headers={"X-API-Key": KEY},
    )


def report(follow: str | None) -> Report:
    """A run of jobs that take a moment, as what is asked of them while they run must not confuse it."""
    with Emulator(job_seconds=0.05, credits=RICH, follow=follow) as emulator:
        return conformance.run(emulator.url, KEY, models=FEW, max_credits=RICH)


def test_the_default_gateway_does_what_the_pages_say() -> None:
    found = report(None)
    assert [finding.message for finding in found.findings] == []
    assert found.exit_status == 0


def test_another_gateway_differs_as_its_reading_says_and_nowhere_else() -> None:
    found = report("oas")
    others = [o for o in found.outcomes if o.verdict not in (Verdict.PASS, Verdict.DIFFERS)]
    assert others == []
    differs = {outcome.vector: outcome.reading for outcome in found.outcomes if outcome.reading}
    assert set(differs.values()) == {"oas"}
    assert {id.split("/")[0] for id in differs} >= set(FEW[:3])
    assert found.exit_status == 0


def let_through() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The requests that the gateway alone lets through: what is in each, where it goes, and its body."""
    for model in models():
        known = vectors_of(model)
        for vector in known.vectors.values():
            is_only_theirs = vector.expect == "refused" and vector.readings.get("oas") == "accepted"
            is_alone = (
                vector.base == "least" and len(vector.changes) == 1
            )  # Nothing beside it is refused.
            if is_only_theirs and is_alone and known.parent is None:
                yield vector.id, known.path, known.body(vector.base, vector)


def test_what_only_the_gateway_lets_through_makes_jobs_that_succeed() -> None:
    emulator = Emulator(job_seconds=0, credits=RICH, follow="oas")

    async def ends(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> Any:
        submitted = await client.post(path, json=body)
        if submitted.status_code != 202:
            return submitted.text
        job = (await client.get(f"/v2/jobs/{submitted.json()['jobId']}")).json()
        return job["error"] or job["status"]

    async def main() -> dict[str, Any]:
        async with asked(emulator) as client:
            return {id: await ends(client, path, body) for id, path, body in let_through()}

    found = asyncio.run(main())
    assert len(found) > 50
    assert {id: end for id, end in found.items() if end != "COMPLETED"} == {}


def test_a_picture_that_only_the_gateway_lets_a_model_follow_is_drawn() -> None:
    with Emulator(job_seconds=0, follow="oas") as emulator, emulator.client(api_key=KEY) as client:
        extra = {"image_prompt": "https://example.com/a.png", "resolution": "match_input_image"}
        job = client.images.run(
            {"model": "flux-2-pro", "prompt": "a fox"},
            extra_params={**extra, "guidance": 3.5, "raw": True},
            validation="off",
        )
        assert job.images[0].bytes()


def status(emulator: Emulator, **params: Any) -> int:
    async def main() -> int:
        async with asked(emulator) as client:
            body = {"model": "flux-2-pro", "prompt": "a fox", "fluxParams": params}
            return (await client.post("/v2/images/generate", json=body)).status_code

    return asyncio.run(main())


def test_servers_of_one_process_follow_each_their_own() -> None:
    default, other = Emulator(), Emulator(follow="oas")
    for emulator, guided, custom in ((default, 400, 202), (other, 202, 400), (default, 400, 202)):
        assert status(emulator, guidance=3.5) == guided
        assert status(emulator, aspect_ratio="custom", width=512, height=512) == custom
    assert contract("oas") is contract("oas")
    assert contract().document.raw["x-job"] == contract("oas").document.raw["x-job"]


def test_a_source_that_nobody_knows_is_refused_with_those_that_there_are(
    tmp_path: Path,
) -> None:
    assert "oas" in sources()
    listed = ", ".join(map(repr, sources()))
    with pytest.raises(ValueError, match="follow: 'nonsense' is not a source") as caught:
        Emulator(follow="nonsense")
    assert listed in str(caught.value)
    done = Shell("http://127.0.0.1:9", KEY, tmp_path)("emulate", "--follow", "nonsense")
    assert (done.exit_code, done.stdout) == (2, "")
    assert listed in done.stderr
