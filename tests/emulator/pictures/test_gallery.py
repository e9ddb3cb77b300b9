"""Pictures are drawn when they are asked for, off the event loop, and what is kept of them has a limit."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe.emulator import Emulator
from fluxframe.emulator._pictures import drawing
from fluxframe.emulator._pictures.gallery import Pictures
from fluxframe.emulator._pictures.kept import Kept
from fluxframe.emulator._pictures.plan import Plan
from fluxframe.emulator._pictures.scene import Scene

from .conftest import Api, request_of, scene

PROGRAM = """
import http.client, json, sys
from fluxframe.emulator import Emulator
with Emulator(job_seconds=0) as emulator:
    connection = http.client.HTTPConnection(emulator.url.removeprefix("http://"))
    def ask(method, path, body=None):
        connection.request(method, path, body and json.dumps(body), {
            "X-API-Key": "afk_x", "Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status < 300, content
        return content
    images = ["https://example.com/a.png", "http://127.0.0.1:9/a.png", "data:image/png;base64,AA"]
    params = {"aspect_ratio": "16:9", "input_images": images}
    made = json.loads(ask("POST", "/v2/images/generate", {
        "model": "flux-2-pro", "prompt": "a fox", "fluxParams": params}))
    job = json.loads(ask("GET", f"/v2/jobs/{made['jobId']}"))
    ask("GET", "/v2/jobs")
    before = "PIL" in sys.modules
    ask("GET", job["result"]["images"][0].removeprefix(emulator.url))
    print(before, "PIL" in sys.modules)
"""


def test_submits_and_polls_need_no_pillow() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert (run.stdout.split(), run.stderr) == (["False", "True"], "")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Scene, int]]:
    """What is drawn, and in which threads."""
    found: list[tuple[Scene, int]] = []
    real = drawing.file

    def file(scene: Scene) -> bytes:
        found.append((scene, threading.get_ident()))
        return real(scene)

    monkeypatch.setattr(drawing, "file", file)
    return found


def test_nothing_is_drawn_until_it_is_asked_for(api: Api, drawn: list[tuple[Scene, int]]) -> None:
    urls = [api.urls(request_of(f"number {number}"))[0] for number in range(5)]
    assert not drawn
    first = api.http.get(urls[2]).content
    assert api.http.get(urls[2]).content == first
    assert len(drawn) == 1


def test_a_head_of_a_picture_is_that_of_its_file(api: Api) -> None:
    url = api.urls(request_of("a head"))[0]
    assert api.http.head(url).headers["content-length"] == str(len(api.http.get(url).content))


def test_names_that_are_of_no_picture_are_not_found(api: Api) -> None:
    url = api.urls(request_of())[0]
    stem = url.removesuffix("-1.png")
    for name in ("-2.png", "-0.png", "-1.jpg", "-all.png", ".png", "-1", "-1.png.png", "-01.png"):
        assert api.http.get(f"{stem}{name}").status_code == 404, name


class Shelf:
    """One job of any name, and no uploads."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def uploaded(self, id: str) -> bytes | None:
        return None

    def planned(self, id: str) -> Plan | None:
        return self.plan


def test_they_are_drawn_in_other_threads_than_the_loop_s(drawn: list[tuple[Scene, int]]) -> None:
    pictures = Pictures(Shelf(scene(output_format="png").plan))

    async def ask() -> None:
        names = [f"{number}-1.png" for number in range(4)]
        files = await asyncio.gather(*map(pictures.file, [*names, *names]))
        assert all(files)

    asyncio.run(ask())
    asyncio.run(ask())  # In another loop.
    assert len(drawn) == 4
    assert threading.get_ident() not in {thread for _, thread in drawn}


def test_what_is_no_longer_kept_is_drawn_as_it_was(drawn: list[tuple[Scene, int]]) -> None:
    pictures = Pictures(Shelf(scene(output_format="png").plan), most_bytes=150_000)
    names = [f"{number}-1.png" for number in range(12)]

    async def ask() -> list[bytes]:
        found = [await pictures.file(name) for name in names]
        return [file.content for file in found if file]

    assert asyncio.run(ask()) == asyncio.run(ask())
    assert len(drawn) > 12


@given(
    most=st.integers(0, 50),
    puts=st.lists(st.tuples(st.sampled_from("abcdef"), st.binary(max_size=30))),
)
def test_what_is_kept_has_a_limit(most: int, puts: list[tuple[str, bytes]]) -> None:
    kept = Kept(most)
    for name, content in puts:
        kept.put(name, content)
        assert kept.size <= most
        assert kept.get(name) == (content if len(content) <= most else None)
    assert kept.size == sum(len(kept.get(name) or b"") for name in "abcdef")


def test_what_was_wanted_last_is_kept_longest() -> None:
    kept = Kept(3)
    for name in "abc":
        kept.put(name, b"x")
    assert kept.get("a")
    kept.put("d", b"x")
    assert [name for name in "abcd" if kept.get(name)] == ["a", "c", "d"]


def test_pictures_are_drawn_without_a_port_too() -> None:
    async def ask() -> int:
        emulator = Emulator(job_seconds=0)
        transport = httpx.ASGITransport(app=emulator.app)
        headers = {"X-API-Key": "afk_x"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://emulator.internal", headers=headers
        ) as http:
            made = await http.post("/v2/images/generate", json=request_of())
            job = (await http.get(f"/v2/jobs/{made.json()['jobId']}")).json()
            shown = request_of(
                input_images=job["result"]["images"], aspect_ratio="match_input_image"
            )
            after = await http.post("/v2/images/generate", json=shown)
            job = (await http.get(f"/v2/jobs/{after.json()['jobId']}")).json()
            return (await http.get(job["result"]["images"][0])).status_code

    assert asyncio.run(ask()) == 200
