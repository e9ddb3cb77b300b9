"""A server whose jobs are done at once, and a client that asks it for pictures."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx
import pytest
from PIL import Image

from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract
from fluxframe.emulator._contract.models import Model, Values
from fluxframe.emulator._pictures.plan import plan
from fluxframe.emulator._pictures.scene import Given, Scene
from fluxframe.emulator._pictures.size import Size

Json: TypeAlias = dict[str, Any]

MODELS: dict[str, Model] = {model.id: model for model in contract().models.all}
MODEL, CONTAINER = "flux-2-pro", "fluxParams"
GENERATE = "/v2/images/generate"


def plain_request(**parameters: Any) -> Json:
    """A request that says no more than that."""
    return {"model": MODEL, "prompt": "a red fox", CONTAINER: parameters}


def request_of(prompt: str = "a red fox", /, **parameters: Any) -> Json:
    """A request for a small PNG, so that its pixels are those that were drawn."""
    small = {"aspect_ratio": "1:1", "resolution": "0.1 MP", "output_format": "png", "seed": 7}
    return {"model": MODEL, "prompt": prompt, CONTAINER: {**small, **parameters}}


def scene(
    prompt: str = "a red fox",
    size: Size = (256, 256),
    given: tuple[Given, ...] = (),
    model: str = MODEL,
    **parameters: Any,
) -> Scene:
    """A picture as it is drawn, without a server."""
    container = next(p.path[0] for p in MODELS[model].parameters.values() if len(p.path) > 1)
    request = {"model": model, "prompt": prompt, container: parameters}
    return Scene(plan(Values(MODELS[model], request), size, seed=7), 0, given)


def painted(colour: tuple[int, int, int] = (200, 80, 20), size: Size = (90, 30)) -> bytes:
    """The file of a picture of one colour."""
    return encoded(Image.new("RGB", size, colour))


def encoded(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def decoded(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@dataclass
class Api:
    """A client with an account of its own."""

    emulator: Emulator
    http: httpx.Client

    def submit(self, request: Json) -> str:
        answer = self.http.post(GENERATE, json=request)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["jobId"])

    def urls(self, request: Json) -> list[str]:
        """Where the pictures of a request are."""
        job = self.http.get(f"/v2/jobs/{self.submit(request)}").json()
        assert job["status"] == "COMPLETED", job
        return list(job["result"]["images"])

    def file(self, request: Json) -> bytes:
        """The first picture of a request."""
        answer = self.http.get(self.urls(request)[0])
        assert answer.status_code == 200, answer.text
        return answer.content

    def picture(self, request: Json) -> Image.Image:
        return decoded(self.file(request))

    def uploaded(self, content: bytes) -> str:
        """The URL of an upload."""
        answer = self.http.post("/v2/uploads", files={"file": ("a.png", content, "image/png")})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["url"])


@contextmanager
def connected(emulator: Emulator) -> Iterator[Api]:
    headers = {"X-API-Key": f"afk_{uuid.uuid4().hex}"}
    with httpx.Client(base_url=emulator.url, headers=headers, timeout=60, trust_env=False) as http:
        yield Api(emulator, http)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(job_seconds=0, credits=10**9) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def api(emulator: Emulator) -> Iterator[Api]:
    with connected(emulator) as api:
        yield api
