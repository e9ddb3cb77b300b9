"""Bodies that no client sends by accident: too long, too deep, and forms that are malformed."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator

import httpx
import pytest
from PIL import Image

from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract
from fluxframe.emulator._http import app, body_limit

GENERATE = "/v2/images/generate"
UPLOADS = "/v2/uploads"
MOST = 1000
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
DISPOSITION = b'Content-Disposition: form-data; name="file"; filename="a.png"'
PART = b"--b\r\n" + DISPOSITION + b"\r\n\r\n\x89PNG\r\n\x1a\n\r\n"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    headers = {"X-API-Key": "afk_bodies"}
    with (
        Emulator(job_seconds=0) as emulator,
        httpx.Client(
            base_url=emulator.url, headers=headers, trust_env=False, verify=False, timeout=60
        ) as client,
    ):
        yield client


# Length


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator that takes short bodies only."""
    monkeypatch.setattr(app, "most_bytes", lambda operation: MOST)
    with Emulator() as emulator:
        yield emulator


def test_a_body_may_be_as_long_as_what_it_is_for() -> None:
    known = contract().document
    longest = {operation.path: body_limit.most_bytes(operation) for operation in known.operations}
    file = max(limit["maxBytes"] for limit in known.raw["paths"][UPLOADS]["post"]["x-upload"])
    assert 0 < longest[UPLOADS] - file <= 1 << 20
    assert 4 * longest[GENERATE] < file
    texts = {operation.path: operation.longest_text for operation in known.operations}
    assert max(texts.values()) > body_limit.MOST_OF_JSON  # Or this would say nothing:
    assert all(longest[path] > text for path, text in texts.items())


@pytest.mark.parametrize("path", [GENERATE, UPLOADS])
def test_a_body_that_says_that_it_is_too_long_is_not_read(path: str, small: Emulator) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nX-API-Key: afk_x\r\nContent-Length: {10**12}\r\n"
    form = f"Content-Type: {FORM['Content-Type']}\r\n\r\n"
    port = int(small.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(head.encode() + form.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("more", [0, 1, MOST])
@pytest.mark.parametrize("path", [GENERATE, UPLOADS])
@pytest.mark.parametrize("declared", [True, False])
def test_a_body_that_is_too_long_is_refused(
    declared: bool, path: str, more: int, small: Emulator
) -> None:
    end = b"\r\n--b--\r\n"
    body = (PART if path == UPLOADS else b"").ljust(MOST + more - len(end), b"x") + end
    content = body if declared else iter([body[:100], body[100:]])
    headers = {"X-API-Key": "afk_x", **(FORM if path == UPLOADS else JSON)}
    response = httpx.post(small.url + path, content=content, headers=headers, trust_env=False)
    taken = 201 if path == UPLOADS else 400
    assert response.status_code == (413 if more else taken)
    assert ("Payload too large" in response.text) == bool(more)


# Depth

NESTED: dict[str, Callable[[int], str]] = {
    "array": lambda n: "[" * n + "]" * n,
    "object": lambda n: '{"a":' * n + "1" + "}" * n,
    "prompt": lambda n: f'{{"model": "flux-2-pro", "prompt": {"[" * n}{"]" * n}}}',
    "model": lambda n: f'{{"model": {"[" * n}{"]" * n}}}',
    "unknown": lambda n: f'{{"model": "flux-2-pro", "prompt": "x", "y": {"[" * n}{"]" * n}}}',
    "images": lambda n: (
        f'{{"model": "flux-2-pro", "prompt": "x", '
        f'"fluxParams": {{"input_images": {"[" * n}{"]" * n}}}}}'
    ),
    "not closed": lambda n: "[" * n,
}


@pytest.mark.parametrize("how", NESTED)
@pytest.mark.parametrize("depth", [100, 254, 255, 256, 900, 1000, 5000, 200_000])
def test_json_of_any_depth_is_refused(depth: int, how: str, client: httpx.Client) -> None:
    response = client.post(GENERATE, content=NESTED[how](depth), headers=JSON)
    assert response.status_code == 400
    assert len(response.content) < 2000


# Forms

FORMS: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/form-data", PART + b"--b--\r\n"),
    "another boundary": ("multipart/form-data; boundary=x", PART + b"--b--\r\n"),
    "an empty boundary": ("multipart/form-data; boundary=", PART + b"--b--\r\n"),
    "a long boundary": (f"multipart/form-data; boundary={'x' * 5000}", PART + b"--b--\r\n"),
    "no content": (FORM["Content-Type"], PART[:40]),
    "nothing": (FORM["Content-Type"], b""),
    "no name": (FORM["Content-Type"], PART.replace(b' name="file";', b"") + b"--b--\r\n"),
    "another header": (FORM["Content-Type"], b"--b\r\nX: y\r\n\r\nz\r\n--b--\r\n"),
    "bare line feeds": (FORM["Content-Type"], (PART + b"--b--\r\n").replace(b"\r\n", b"\n")),
    "many headers": (FORM["Content-Type"], b"--b\r\n" + b"A: b\r\n" * 5000 + b"\r\nz\r\n--b--"),
    "many files": (FORM["Content-Type"], PART * 2000 + b"--b--\r\n"),
    "a file that is text": (
        FORM["Content-Type"],
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nfox\r\n--b--\r\n',
    ),
    "JSON": ("application/json", b"{}"),
    "a query": ("application/x-www-form-urlencoded", b"file=%ff%zz&a"),
    "no type": ("", PART),
}


@pytest.mark.parametrize("how", FORMS)
def test_a_form_that_is_none_is_refused(how: str, client: httpx.Client) -> None:
    kind, body = FORMS[how]
    response = client.post(UPLOADS, content=body, headers={"Content-Type": kind})
    assert response.status_code == 400
    assert response.json()["error"]


@pytest.mark.parametrize("error", [ValueError, KeyError, LookupError, UnicodeDecodeError])
def test_what_the_parser_of_forms_raises_is_not_a_fault_of_the_server(
    error: type[Exception], client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it does before Starlette 1.8."""
    from starlette.formparsers import MultiPartParser

    async def parse(self: MultiPartParser) -> None:
        raise error("utf-8", b"x", 0, 1, "x") if error is UnicodeDecodeError else error("x")

    monkeypatch.setattr(MultiPartParser, "parse", parse)
    assert client.post(UPLOADS, files={"file": b"x"}).status_code == 400


# Numbers


@pytest.mark.parametrize(
    ("number", "taken"),
    [
        ("512", True),
        ("512.0", True),
        ("5.12e2", True),
        ("512.5", False),
        ("5.12e-2", False),
        ("1e400", False),
        ("true", False),
        ("null", False),
        ('"512"', False),
        ("NaN", False),
    ],
)
def test_what_is_an_integer_is_one(number: str, taken: bool, client: httpx.Client) -> None:
    parameters = f'{{"aspect_ratio": "custom", "width": {number}, "height": 512}}'
    body = f'{{"model": "flux-2-pro", "prompt": "x", "fluxParams": {parameters}}}'
    response = client.post(GENERATE, content=body, headers=JSON)
    assert response.status_code == (202 if taken else 400)
    if taken:
        job = client.get(f"/v2/jobs/{response.json()['jobId']}").json()
        [url] = job["result"]["images"]
        with Image.open(io.BytesIO(client.get(url).content)) as image:
            assert image.size == (512, 512)


# Numbers


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_is_not_a_number_of_json_is_refused(number: str, client: httpx.Client) -> None:
    body = f'{{"model": "flux-2-pro", "prompt": "x", "fluxParams": {{"seed": {number}}}}}'
    response = client.post(GENERATE, content=body, headers=JSON)
    assert response.status_code == 400, response.text
    assert "JSON" in response.text
