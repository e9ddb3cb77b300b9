"""The pictures that a request gives are seen in its own, in their order, wherever they can be had."""

from __future__ import annotations

import base64
import contextlib
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from PIL import Image

from fluxframe.emulator._pictures import encoding, fetch
from fluxframe.emulator._pictures.drawing import file, picture
from fluxframe.emulator._pictures.fetch import Fetched, fetched
from fluxframe.emulator._pictures.references import is_loopback
from fluxframe.emulator._pictures.scene import Given, Scene

from ...servers.http1 import Request, http
from ...servers.scripted import Server, Then
from .conftest import Api, decoded, encoded, painted, request_of, scene

COLOURS = [(240, 40 * n, 250 - 30 * n) for n in range(8)]


def given(*contents: bytes | None) -> tuple[Given, ...]:
    return tuple(Given(f"http://localhost/{n}", content) for n, content in enumerate(contents))


def served(content: bytes, status: int = 200, **headers: str) -> bytes:
    return http(status, content, {"Content-Type": "image/png", **headers})


def data_url(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


@pytest.fixture
def pictures() -> Iterator[tuple[Server, list[Request]]]:
    """A server of pictures on this machine: by their colours, such as /200-80-20."""
    asked: list[Request] = []

    def answer(request: Request) -> bytes:
        asked.append(request)
        red, green, blue = map(int, request.path.strip("/").split("-"))
        return served(painted((red, green, blue)))

    with Server(answer=answer) as server:
        yield server, asked


# Wherever they are.

KINDS = ["upload", "result", "data", "loopback"]


def url_of(kind: str, content: bytes, api: Api, server: Server) -> str:
    """A URL of one kind, of a picture three times as wide as it is high."""
    if kind == "upload":
        return api.uploaded(content)
    if kind == "data":
        return data_url(content)
    if kind == "loopback":
        red, green, blue = decoded(content).convert("RGB").getpixel((0, 0))  # type: ignore[misc]
        return f"{server.url}/{red}-{green}-{blue}"
    return api.urls(request_of(str(content[-40:]), aspect_ratio="3:1"))[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_is_given_is_seen(
    kind: str, api: Api, pictures: tuple[Server, list[Request]]
) -> None:
    one, other = (url_of(kind, painted(colour), api, pictures[0]) for colour in COLOURS[:2])
    files = [
        api.file(request_of(input_images=urls))
        for urls in ([one], [other], [one, other], [other, one])
    ]
    files.append(api.file(request_of()))
    assert len({decoded(content).tobytes() for content in files}) == 5
    again = api.file(request_of(input_images=[one]))
    assert again == files[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_takes_the_ratio_of_the_first_that_is_given(
    kind: str, api: Api, pictures: tuple[Server, list[Request]]
) -> None:
    first = url_of(kind, painted(), api, pictures[0])
    square = data_url(painted(size=(50, 50)))
    matching = request_of(aspect_ratio="match_input_image", input_images=[first, square])
    width, height = api.picture(matching).size
    assert width / height == pytest.approx(3, rel=0.02)


def test_a_picture_is_seen_the_right_way_up(api: Api) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # A quarter to the right.
    content = encoded(Image.new("RGB", (60, 20), (9, 9, 200)), "JPEG", exif=exif)
    matching = request_of(aspect_ratio="match_input_image", input_images=[data_url(content)])
    width, height = api.picture(matching).size
    assert height / width == pytest.approx(3, rel=0.02)


def test_a_picture_of_a_picture_ends_somewhere(api: Api) -> None:
    url = api.urls(request_of("the first"))[0]
    for _ in range(12):
        url = api.urls(request_of("the next", input_images=[url] * 8))[0]
    assert api.http.get(url).status_code == 200


# Which of them, and in which order.


def test_each_of_eight_is_seen() -> None:
    whole = [painted(colour) for colour in COLOURS]
    before = picture(scene(given=given(*whole)), 0)
    for place in range(8):
        changed = list(whole)
        changed[place] = painted((1, 2, 3))
        after = picture(scene(given=given(*changed)), 0)
        assert after.tobytes() != before.tobytes(), place


@drawn(order=st.permutations(range(8)))
def test_their_order_is_seen(order: list[int]) -> None:
    drawn = picture(scene(given=given(*(painted(COLOURS[n]) for n in order))), 0)
    usual = picture(scene(given=given(*map(painted, COLOURS))), 0)
    assert (drawn.tobytes() == usual.tobytes()) == (order == sorted(order))


@pytest.mark.parametrize("size", [(256, 256), (1440, 256), (256, 1440), (64, 64), (16, 4000)])
@pytest.mark.parametrize("count", [1, 3, 8, 16])
def test_there_is_room_for_them_in_any_shape(size: tuple[int, int], count: int) -> None:
    drawn = picture(scene(size=size, given=given(*[painted()] * count)), 0)
    assert drawn.size == size
    assert drawn.tobytes() != picture(scene(size=size), 0).tobytes()


def test_what_can_not_be_had_is_told() -> None:
    missing = [picture(scene(given=(Given(f"https://{host}.example/"),)), 0) for host in "ab"]
    assert missing[0].tobytes() != missing[1].tobytes()
    assert missing[0].tobytes() != picture(scene(), 0).tobytes()


def test_a_mask_says_what_is_drawn_anew() -> None:
    half = Image.new("L", (100, 100))
    half.paste(255, (50, 0, 100, 100))
    base, mask = Given("http://localhost/", painted((9, 200, 9), (64, 64))), encoded(half)
    made = scene(model="flux-fill-pro", given=(base,), mode="inpaint")
    covered = Scene(made.plan, 0, made.given, Given("http://localhost/mask", mask))
    image = picture(covered, 0, labelled=False)
    assert image.getpixel((30, 30)) == (9, 200, 9)
    assert image.getpixel((225, 30)) != (9, 200, 9)


# What is too much.


def bomb(width: int, height: int) -> bytes:
    """A PNG that says that it is very large."""
    content = bytearray(painted())
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize("content", [bomb(20_000, 20_000), bomb(8_000, 8_000), b"", b"\0" * 99])
def test_what_is_too_large_is_not_decoded(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("it was decoded"))
    assert encoding.decode(content, (100, 100)) is None


def test_pillow_hands_nothing_on_to_other_programs() -> None:
    content = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n%%EOF\n"
    assert Image.open(io.BytesIO(content)).format == "EPS"
    assert encoding.size_of(content) is None
    assert encoding.decode(content, (9, 9)) is None


def test_a_data_url_has_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    content = painted()
    monkeypatch.setattr("fluxframe.emulator._pictures.scene.MOST_BYTES", len(content))
    assert Given(data_url(content)).read() == content
    assert Given(data_url(content + b"\0")).read() is None
    assert Given("data:image/png;base64,%zz").read() is None


# What is asked for, and what never.


@pytest.fixture
def contacted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The addresses that were to be connected to; none of them is."""
    found: list[Any] = []

    def connect(_: socket.socket, address: Any) -> None:
        found.append(address[0])
        raise ConnectionRefusedError

    real = socket.getaddrinfo

    def looked_up(host: str, *arguments: Any, **options: Any) -> Any:
        if not is_loopback(host):
            found.append(host)
            raise socket.gaierror
        return real(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return found


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a.png",
        "https://localhost/a.png",
        "ftp://localhost/a.png",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://example.com#@127.0.0.1/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "http:///a.png",
    ],
)
def test_another_host_is_never_asked(url: str, contacted: list[Any]) -> None:
    assert fetched(url) is None
    assert not contacted


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_this_machine_is_asked(host: str, contacted: list[Any]) -> None:
    assert fetched(f"http://{host}:9/a.png") is None
    assert contacted
    assert all(map(is_loopback, contacted))


def test_what_a_proxy_is_set_to_is_nothing_to_it(
    pictures: tuple[Server, list[Request]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert fetched(f"{pictures[0].url}/1-2-3")


@contextlib.contextmanager
def answering(answer: Callable[[Request], Any]) -> Iterator[str]:
    with Server(answer=answer) as server:
        yield server.url


def test_a_redirect_is_followed_on_this_machine() -> None:
    def answer(request: Request) -> bytes:
        where = {"/here": "/there", "/on": "/on"}
        if request.path in where:
            return http(302, b"", {"Location": where[request.path]})
        return served(b"found")

    with answering(answer) as url:
        assert fetched(f"{url}/here") == b"found"
        assert fetched(f"{url}/on") is None


def test_a_redirect_leads_to_no_other_host(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[object] = []
    real = socket.getaddrinfo

    def look_up(host: str, *arguments: Any, **options: Any) -> Any:
        looked_up.append(host)
        return real(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    away = http(302, b"", {"Location": "http://example.com/a.png"})
    with answering(lambda _: away) as url:
        assert fetched(url) is None
    assert looked_up == ["127.0.0.1"]


def test_a_file_has_a_limit_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_BYTES", 1000)
    with answering(lambda request: served(b"x" * int(request.path[1:]))) as url:
        assert fetched(f"{url}/1000") == b"x" * 1000
        assert fetched(f"{url}/1001") is None


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_a_file_has_a_limit_of_seconds(begin: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_SECONDS", 0.2)
    with answering(lambda _: [begin, Then.STALL]) as url:
        assert fetched(f"{url}/") is None


def test_a_head_that_comes_in_pieces_has_no_more_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_SECONDS", 0.1)
    sent = 0

    def trickle() -> None:
        nonlocal sent
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            for piece in b"HTTP/1.1 200 OK", *[b"\r\nx"] * 80:
                connection.sendall(piece)
                time.sleep(0.05)
                sent += 1

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=trickle)
        thread.start()
        assert fetched(f"http://127.0.0.1:{listener.getsockname()[1]}/") is None
        thread.join()
    assert sent < 80  # The rest found nobody.


def test_an_endless_url_is_not_asked_for(contacted: list[Any]) -> None:
    files = Fetched()
    assert not files.may_be(f"http://127.0.0.1/{'a' * 100_000}")
    assert fetched(f"http://127.0.0.1/{'a' * 100_000}") is None
    assert not contacted


@pytest.mark.parametrize("status", [204, 400, 404, 500])
def test_what_is_not_there_is_nothing(status: int) -> None:
    with answering(lambda _: served(b"x", status)) as url:
        assert fetched(f"{url}/") is None


def test_a_file_is_asked_for_once_by_many() -> None:
    asked: list[str] = []

    def answer(request: Request) -> bytes:
        asked.append(request.path)
        return served(b"found")

    with answering(answer) as url:
        files, found = Fetched(), list[bytes | None]()
        threads = [
            threading.Thread(target=lambda: found.append(files.get(f"{url}/a"))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [b"found"] * 8
    assert len(asked) == 1


def test_a_file_that_is_gone_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_FRESH_SECONDS", 0)
    files = Fetched()
    with answering(lambda _: served(b"found")) as url:
        assert files.get(url) == b"found"
    assert files.get(url) == b"found"


def test_the_whole_file_is_of_the_request_alone() -> None:
    both = given(painted(COLOURS[0]), painted(COLOURS[1]))
    assert file(scene(given=both)) == file(scene(given=both))
