"""A server with other limits than the documents: learnt, put into a spec, and known from then on."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx

from codegen.__main__ import main
from fluxframe.conformance._journal import Journal
from fluxframe.conformance._learn import Learnt, dump, learn_of
from fluxframe.conformance._plan import plan
from fluxframe.conformance._target import Target
from fluxframe.emulator import Emulator

from ..codegen.few import few, written
from .mutants._asgi import Answer, App, Broken, Forward, Request

ROOT = Path(__file__).parents[2]
KEY = "afk_0123456789abcdef"
WIDTH, IMAGES = 1999, 9


async def other_limits(request: Request, ask: Forward) -> Answer:
    """Takes nothing wider than 1999, and one image more than the documents say."""
    body = request.json
    params = body.get("fluxParams") if isinstance(body, dict) else None
    if isinstance(params, dict):
        width, images = params.get("width"), params.get("input_images")
        if isinstance(width, int) and width > WIDTH:
            params["width"] = 10**6
        if isinstance(images, list) and len(images) == IMAGES:
            del images[-1]
        request = request.with_json(body)
    return await ask(request)


def server() -> App:
    return Broken(Emulator(job_seconds=0).app, other_limits)


def learnt(max_credits: int) -> Learnt:
    async def ask() -> Learnt:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=server())) as client:
            target = Target("http://server", KEY, http_client=client)
            with Journal(None, target.base_url) as journal:
                chosen = plan(models=["flux-2-pro"])
                return await learn_of(target, journal, chosen, max_credits=max_credits)

    return asyncio.run(ask())


PROGRAM = """
import asyncio, json
import httpx
from fluxframe import conformance
from tests.conformance.test_learn_server import KEY, server

async def ask():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=server())) as client:
        return await conformance.arun(
            "http://server", KEY, models=["flux-2-pro"], max_credits=10**6, http_client=client
        )

report = asyncio.run(ask())
told = [[o.constraint, o.verdict, o.reading] for f in report.findings for o in f.outcomes]
print(json.dumps([report.exit_status, told]))
"""


def test_what_is_learnt_is_known_from_then_on(tmp_path: Path) -> None:
    found = learnt(max_credits=10_000)
    assert {each.limit.constraint: each.found for each in found.limits if each.differs} == {
        "flux-2-pro/fluxParams.input_images/max_items": IMAGES,
        "flux-2-pro/fluxParams.width/maximum": WIDTH,
    }
    assert all(each.reason is None for each in found.limits)
    assert found.requests <= 40
    assert found.accepted <= 12

    file = tmp_path / "learnt.yaml"
    file.write_text(dump(found), encoding="utf-8")
    spec = written(few("flux-2-pro"), tmp_path / "spec")
    out = tmp_path / "generated"
    assert main(["--spec", str(spec), "learn", str(file)]) == 0
    assert main(["--spec", str(spec), "lint"]) == 0
    assert main(["--spec", str(spec), "--out", str(out), "generate"]) == 0
    emitted = json.loads((out / "vectors/models/flux-2-pro.json").read_text(encoding="utf-8"))
    width = emitted["constraints"]["flux-2-pro/fluxParams.width/maximum"]
    assert (width["limit"], width["readings"]) == (2048, {"server": WIDTH})

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(out), str(ROOT)])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    status, told = json.loads(done.stdout)
    assert (status, {verdict for _, verdict, _ in told}) == (0, {"differs"})
    readings = {constraint: reading for constraint, _, reading in told}
    assert readings["flux-2-pro/fluxParams.width/maximum"] == "server"
    # Another source says ten images, and is asked first.
    assert readings["flux-2-pro/fluxParams.input_images/max_items"] == "oas"


def test_without_a_budget_nothing_is_asked_that_should_be_taken() -> None:
    found = learnt(max_credits=0)
    # A ninth image is not asked for, as another source says that it is taken.
    assert (found.requests, found.accepted) == (9, 0)
    assert {each.reason for each in found.limits} == {"budget"}
    assert "models: {}\n# Not found: " in dump(found)
