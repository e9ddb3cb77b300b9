"""Pictures that are fetched over real sockets: cut, begun anew, too big, too slow, and signed."""

from __future__ import annotations

import asyncio
import io
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from fluxframe import (
    APIConnectionError,
    APITimeoutError,
    AsyncFluxframe,
    AsyncImage,
    Fluxframe,
    FluxframeError,
    Image,
    ResultError,
    ResultExpiredError,
)
from fluxframe._wire import retry

from ..servers.http1 import Request, http
from ..servers.scripted import Do, Parts, Server, Then, drip
from .calls import ID, KEY, Kind, Use, both, call, everything_shown, everywhere

QUERY = "X-Signature=topsecret&x=1"
SECRET = "topsecret"
TIMEOUT, SLACK = 0.9, 2.0


def png(size: int = 48) -> bytes:
    file = io.BytesIO()
    Pillow.effect_noise((size, size), 100).save(file, "PNG")
    return file.getvalue()


PNG = png()


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)


def fetched(
    kind: Kind,
    url: str,
    use: Use,
    library: Any = httpx,
    job_id: str = ID,
    own: dict[str, Any] | None = None,
    **options: Any,
) -> Any:
    """What `use` makes of a picture that is at an URL."""
    chosen = {"max_retries": 2, "timeout": 20.0, "deadline": 30.0, **options}
    image = AsyncImage if issubclass(kind, AsyncFluxframe) else Image

    def picture(client: Any) -> Any:
        return use(image(client._transport, url, job_id=job_id, index=0))

    return call(kind, picture, library, own, **chosen)


def content(picture: Any) -> Any:
    return picture.bytes()


@dataclass
class Host:
    """Has one picture, and gives it in parts to who asks for a range of the version it has.

    `cuts` are where the answers break off, one after the other, counted from their beginning.
    """

    cuts: list[int] = field(default_factory=list)
    data: bytes = PNG
    headers: dict[str, str] = field(
        default_factory=lambda: {"Accept-Ranges": "bytes", "ETag": '"v1"'}
    )
    # What becomes of an answer to a request for a range.
    ranged: Callable[[Host, int], bytes] | None = None
    sent: int = 0

    def rest(self, start: int) -> bytes:
        end = len(self.data)
        headers = {**self.headers, "Content-Range": f"bytes {start}-{end - 1}/{end}"}
        return http(206, self.data[start:], headers)

    def __call__(self, request: Request) -> Parts:
        asked = re.fullmatch(r"bytes=([0-9]+)-", request.headers.get("range", ""))
        answer = http(200, self.data, self.headers)
        if asked:
            assert "if-range" in request.headers
            fresh = request.headers["if-range"] in self.headers.values()
            if self.ranged is not None:
                answer = self.ranged(self, int(asked[1]))
            elif fresh:
                answer = self.rest(int(asked[1]))
        if not self.cuts:
            self.sent += len(answer.partition(b"\r\n\r\n")[2])
            return [answer]
        head, _, body = answer.partition(b"\r\n\r\n")
        body = body[: self.cuts.pop(0)]
        self.sent += len(body)
        # In two parts, so that what came before the break is read.
        return [head + b"\r\n\r\n", body, 0.05, Then.CLOSE]


# Cut in the middle


@everywhere
@pytest.mark.parametrize(
    "headers", [{"ETag": '"v1"'}, {"Last-Modified": "Wed, 21 Oct 2026 07:28:00 GMT"}]
)
def test_a_download_that_breaks_off_goes_on_where_it_was(
    kind: Kind, library: Any, headers: dict[str, str]
) -> None:
    host = Host([1000, 700], headers={"Accept-Ranges": "bytes", **headers})
    with Server(answer=host) as server:
        assert fetched(kind, server.url, content, library) == PNG
        assert [request.headers.get("range") for request in server.requests] == [
            None,
            "bytes=1000-",
            "bytes=1700-",
        ]
        assert [request.headers.get("if-range") for request in server.requests] == [
            None,
            *[next(iter(headers.values()))] * 2,
        ]
    assert host.sent == len(PNG)


def changed(host: Host, start: int) -> bytes:
    """Another file by now."""
    host.data, host.headers = png(40), {**host.headers, "ETag": '"v2"'}
    host.ranged = None
    return http(200, host.data, host.headers)


def changed_but_gives_the_rest(host: Host, start: int) -> bytes:
    """Another file by now, of which a rest is given all the same."""
    host.data, host.headers = png(50), {**host.headers, "ETag": '"v2"'}
    return host.rest(start)


def not_satisfiable(host: Host, start: int) -> bytes:
    return http(416, b"", {"Content-Range": f"bytes */{len(host.data)}"})


def wrong_place(host: Host, start: int) -> bytes:
    return host.rest(start - 1)


def no_range(host: Host, start: int) -> bytes:
    return http(206, host.data[start:], host.headers)


def not_to_the_end(host: Host, start: int) -> bytes:
    end = len(host.data)
    headers = {**host.headers, "Content-Range": f"bytes {start}-{end - 11}/{end}"}
    return http(206, host.data[start : end - 10], headers)


RANGES = {"Accept-Ranges": "bytes"}


@everywhere
@pytest.mark.parametrize(
    ("headers", "ranged"),
    [
        ({"ETag": '"v1"'}, None),
        (RANGES, None),
        ({**RANGES, "ETag": 'W/"v1"'}, None),
        ({"Accept-Ranges": "none", "ETag": '"v1"'}, None),
        ({**RANGES, "ETag": '"v1"'}, changed),
        ({**RANGES, "ETag": '"v1"'}, changed_but_gives_the_rest),
        ({**RANGES, "ETag": '"v1"'}, not_satisfiable),
        ({**RANGES, "ETag": '"v1"'}, wrong_place),
        ({**RANGES, "ETag": '"v1"'}, no_range),
        ({**RANGES, "ETag": '"v1"'}, not_to_the_end),
    ],
    ids=[
        "no Accept-Ranges",
        "no ETag",
        "a weak ETag",
        "Accept-Ranges: none",
        "another file",
        "the rest of another file",
        "416",
        "wrong Content-Range",
        "no Content-Range",
        "a part of the rest",
    ],
)
def test_a_download_begins_anew_where_it_can_not_go_on(
    kind: Kind, library: Any, headers: dict[str, str], ranged: Any
) -> None:
    host = Host([1000], headers=headers, ranged=ranged)
    with Server(answer=host) as server:
        assert fetched(kind, server.url, content, library) == host.data
        last = server.requests[-1]
        assert len(server.requests) <= 3
        assert "range" not in last.headers or ranged is changed


@both
def test_a_part_that_was_not_asked_for_is_not_taken_for_the_whole(kind: Kind) -> None:
    part = http(206, PNG[:1000], {"Content-Range": f"bytes 0-999/{len(PNG)}"})
    with Server(answer=lambda _: part) as server, pytest.raises(ResultError, match="206"):
        fetched(kind, server.url, content)


@everywhere
def test_a_download_that_breaks_off_each_time_is_an_error(
    kind: Kind, library: Any, tmp_path: Path
) -> None:
    with Server(answer=Host([500] * 9)) as server:
        with pytest.raises(APIConnectionError) as caught:
            fetched(kind, server.url, lambda picture: picture.save(tmp_path), library)
        assert len(server.requests) == caught.value.attempts == 3
        assert caught.value.operation == "download"
    assert list(tmp_path.iterdir()) == []


@everywhere
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_status_that_passes_is_borne(kind: Kind, library: Any, status: int) -> None:
    with Server([Do(lambda good: [http(status)])], answer=lambda request: http(200, PNG)) as server:
        assert fetched(kind, server.url, content, library) == PNG
        assert len(server.requests) == 2


@both
@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, ResultExpiredError), (410, ResultExpiredError), (403, ResultError)],
)
def test_a_status_that_stays_is_final(kind: Kind, status: int, expected: type[Exception]) -> None:
    with Server(answer=lambda request: http(status)) as server:
        with pytest.raises(expected, match=f"{status}"):
            fetched(kind, server.url, content)
        assert len(server.requests) == 1


@both
@pytest.mark.parametrize(("asked", "requests"), [(1, 2), (3600, 1)])
def test_a_host_that_says_when_to_come_back_is_believed_by_its_own_clock(
    kind: Kind, asked: int, requests: int
) -> None:
    now = time.time() + 7200
    headers = {
        "Date": formatdate(now, usegmt=True),
        "Retry-After": formatdate(now + asked, usegmt=True),
    }
    busy = http(503, headers=headers)
    with Server([Do(lambda good: [busy])], answer=lambda request: http(200, PNG)) as server:
        if requests == 1:
            with pytest.raises(ResultError, match="503"):
                fetched(kind, server.url, content)
        else:
            start = time.monotonic()
            assert fetched(kind, server.url, content) == PNG
            assert time.monotonic() - start >= asked
        assert len(server.requests) == requests


# Limits


@everywhere
@pytest.mark.parametrize("told", [True, False])
def test_a_picture_that_is_too_big_is_not_taken(
    kind: Kind, library: Any, told: bool, tmp_path: Path
) -> None:
    """By its Content-Length, or as it comes: a server may stream without end."""
    big = PNG + b"x" * 3_000_000
    head = http(200, headers={"Content-Length": f"{len(big)}"} if told else {"X": "y"})
    head = head if told else head.replace(b"Content-Length: 0\r\n", b"")
    with Server(answer=lambda request: [head, big, Then.CLOSE]) as server:
        with pytest.raises(ResultError, match="max_bytes is 5000"):
            fetched(
                kind, server.url, lambda picture: picture.save(tmp_path, max_bytes=5000), library
            )
        assert len(server.requests) == 1
    assert list(tmp_path.iterdir()) == []


@everywhere
@pytest.mark.parametrize(
    "parts",
    [
        lambda: drip(http(200, PNG)),
        lambda: [http(200, length=len(PNG)), *drip(PNG)],
        lambda: [http(200, PNG)[:-9], Then.STALL],
        lambda: [Then.STALL],
    ],
    ids=["a drip of all", "a drip of the body", "a stall in the body", "a stall"],
)
def test_a_deadline_ends_a_download(
    kind: Kind, library: Any, parts: Callable[[], Parts], tmp_path: Path
) -> None:
    with Server(answer=lambda request: parts()) as server:
        with pytest.raises(APITimeoutError) as caught:
            fetched(
                kind,
                server.url,
                lambda picture: picture.save(tmp_path),
                library,
                timeout=TIMEOUT,
                deadline=TIMEOUT,
            )
        assert caught.value.elapsed < TIMEOUT + SLACK
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    async def run(url: str) -> None:
        async with httpx.AsyncClient(verify=False) as own:
            client = AsyncFluxframe(api_key=KEY, http_client=own)
            picture = AsyncImage(client._transport, url, job_id=ID, index=0)
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.2):
                    await picture.save(tmp_path)
            assert not isinstance(caught.value, APITimeoutError)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert own._transport._pool.connections == []  # type: ignore[attr-defined]

    with Server(answer=lambda request: drip(http(200, PNG))) as server:
        asyncio.run(run(server.url))
    assert list(tmp_path.iterdir()) == []


# Other hosts


@everywhere
def test_another_host_gets_no_key_and_nothing_of_the_callers_client(
    kind: Kind, library: Any
) -> None:
    own = {
        "headers": {"Authorization": "Bearer theirs", "X-API-Key": KEY},
        "auth": ("fox", "theirs"),
        "cookies": {"session": "theirs"},
    }
    with Server(answer=lambda request: http(200, PNG)) as other:
        there = {"Location": f"http://localhost:{other.port}/there?{QUERY}"}
        with Server(answer=lambda request: http(302, headers=there)) as server:
            assert fetched(kind, f"{server.url}/?{QUERY}", content, library, own=own) == PNG
        requests = [*server.requests, *other.requests]
        assert len(requests) == 2
        for request in requests:
            assert not {"authorization", "x-api-key", "cookie"} & set(request.headers)
            assert not re.search("theirs|afk_", repr(request))


@everywhere
def test_a_redirect_is_followed_by_each_attempt_anew(kind: Kind, library: Any) -> None:
    """The way may be another by then; the rest is asked for at its end."""
    host = Host([1000])

    def answer(request: Request) -> Parts:
        if request.target != "/there":
            return [http(307, headers={"Location": "/there"})]
        return host(request)

    with Server(answer=answer) as server:
        assert fetched(kind, server.url, content, library, max_retries=1) == PNG
        assert [request.target for request in server.requests] == ["/", "/there"] * 2
    assert host.sent == len(PNG)


@everywhere
def test_redirects_in_a_circle_end(kind: Kind, library: Any) -> None:
    with Server(answer=lambda request: http(302, headers={"Location": "/again"})) as server:
        with pytest.raises(ResultError, match="redirected too many times"):
            fetched(kind, server.url, content, library)
        assert len(server.requests) == 11


# Names


@pytest.fixture(scope="module")
def serving() -> Iterator[Server]:
    with Server(answer=lambda request: http(200, PNG)) as running:
        yield running


@settings(max_examples=30)
@given(job_id=st.text(max_size=40))
@example(job_id="../../etc/passwd")
@example(job_id="/etc/passwd")
@example(job_id="..")
@example(job_id="")
@example(job_id="a\x00b")
@example(job_id="C:\\windows\\x")
@example(job_id="x" * 40 + "/" * 300)
def test_a_picture_stays_in_its_folder(
    serving: Server, job_id: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    folder = outside / "inside"
    folder.mkdir()
    path = fetched(Fluxframe, serving.url, lambda picture: picture.save(folder), job_id=job_id)
    assert path.parent == folder
    assert list(outside.iterdir()) == [folder]
    assert list(folder.iterdir()) == [path]
    assert path.read_bytes() == PNG


# What a notebook shows, and Pillow


@everywhere
def test_a_picture_can_be_had_as_one_of_pillow(kind: Kind, library: Any) -> None:
    with Server(answer=lambda request: http(200, PNG)) as server:
        image = fetched(kind, server.url, lambda picture: picture.pil(), library)
    assert (image.format, image.size) == ("PNG", (48, 48))
    assert image.tobytes() == Pillow.open(io.BytesIO(PNG)).tobytes()


@both
@pytest.mark.parametrize(
    "broken",
    [
        *(PNG[:300], PNG[:20], b"\x89PNG\r\n\x1a\n" + b"x" * 50),
        PNG.replace(b"IDAT", b"\x1f@\xc4\x89", 1),
    ],
)
def test_a_picture_that_pillow_can_not_read_is_an_error(kind: Kind, broken: bytes) -> None:
    unreadable = pytest.raises(ResultError, match="Pillow can't read the image")
    with Server(answer=lambda request: http(200, broken)) as server, unreadable:
        fetched(kind, server.url, lambda picture: picture.pil())


def test_a_notebook_shows_the_picture_itself() -> None:
    with Server(answer=lambda request: http(200, PNG)) as server:
        shown = fetched(Fluxframe, f"{server.url}/?{QUERY}", lambda p: p._repr_html_())
    assert shown.startswith('<img src="data:image/png;base64,')
    assert server.url not in shown
    assert SECRET not in shown


def test_a_notebook_shows_why_there_is_not_a_picture() -> None:
    url = "/<b>?" + QUERY
    with Server(answer=lambda request: http(404)) as server:
        shown = fetched(Fluxframe, server.url + url, lambda p: p._repr_html_())
    assert "is gone from the server" in shown
    assert "<b>" not in shown
    assert SECRET not in shown


@pytest.mark.parametrize("query", ["", f"?{QUERY}", "#top"])
def test_a_notebook_shows_no_signed_url_of_an_async_picture(query: str) -> None:
    url = "https://files.example/a.png"
    shown = fetched(AsyncFluxframe, url + query, lambda picture: picture._repr_html_())
    assert (f'src="{url}"' in shown) is (query == "")
    assert "<img" not in shown or not query
    assert SECRET not in shown


# Signed URLs are shown nowhere


FAILURES: dict[str, Callable[[], Parts]] = {
    "no failure": lambda: [http(200, PNG)],
    "no picture": lambda: [http(200, "no picture, and more")],
    "empty": lambda: [http(200)],
    "404": lambda: [http(404)],
    "500": lambda: [http(500)],
    "no http": lambda: [b"SSH\r\n\r\n", Then.CLOSE],
    "cut off": lambda: [http(200, PNG)[:-9], Then.CLOSE],
    "reset": lambda: [Then.RESET],
    "stall": lambda: [Then.STALL],
}
LOCATIONS = [
    "{host}/there?{query}",
    "/there?{query}",
    "there?{query}",
    "?{query}",
    "//{netloc}/there?{query}",
    "ftp://files.example/?{query}",
    "http://[::1/?{query}",
    "http://files.example:port/?{query}",
    "{host}/there#{query}",
    "https://fox:topsecret@[/",
]


def assert_hidden(
    kind: Kind, library: Any, url: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = ""
    try:
        fetched(
            kind,
            url,
            lambda picture: picture.save(tmp_path),
            library,
            max_retries=1,
            timeout=TIMEOUT,
        )
    except FluxframeError as error:
        shown = everything_shown(error)
    core = library.__name__.replace("x", "core", 1)
    assert f"{core}.http11" in {record.name for record in caplog.records}
    assert SECRET not in shown
    for record in caplog.records:
        assert SECRET not in record.getMessage()
        assert SECRET not in repr(vars(record))
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".png"]


@everywhere
@pytest.mark.parametrize("how", FAILURES)
def test_no_log_and_no_error_shows_a_signature(
    how: str, kind: Kind, library: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with Server(answer=lambda request: FAILURES[how]()) as server:
        assert_hidden(kind, library, f"{server.url}/?{QUERY}", caplog, tmp_path)


@everywhere
@pytest.mark.parametrize("sign", [")", "'", "]", '"', "(1)", "?", "%29"])
def test_no_log_shows_a_signature_after_any_sign(
    sign: str, kind: Kind, library: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def answer(request: Request) -> bytes:
        if "start" not in request.target:
            return http(200, PNG)
        return http(302, headers={"Location": f"/there?x={sign}&{QUERY}"})

    with Server(answer=answer) as server:
        assert_hidden(kind, library, f"{server.url}/start?x={sign}&{QUERY}", caplog, tmp_path)


@everywhere
@pytest.mark.parametrize("location", LOCATIONS)
def test_no_log_and_no_error_shows_the_signature_of_a_redirect(
    location: str, kind: Kind, library: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def answer(request: Request) -> bytes:
        if "start" not in request.target:
            return http(200, PNG)
        to = location.format(host=server.url, netloc=server.url[7:], query=QUERY)
        return http(302, headers={"Location": to})

    with Server(answer=answer) as server:
        assert_hidden(kind, library, f"{server.url}/start?{QUERY}", caplog, tmp_path)
