"""Jobs waited for, and the pictures that they made."""

from __future__ import annotations

import json
import logging
import operator
import pickle
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
import respx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codegen.spec.load import load
from fluxframe import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    Fluxframe,
    FluxframeError,
    Image,
    Job,
    JobCancelledError,
    JobError,
    JobFailedError,
    JobTimeoutError,
    ResultError,
    ResultExpiredError,
    ServerError,
)

from ..servers.scripted import hanging_up
from . import calls
from .calls import ID, KEY, Kind, Use, both, everything_shown, value_of

SPEC = load()
BASE = SPEC.api.base_url
URL = "https://files.example/out/fox"
SIGNED = f"{URL}?X-Signature=topsecret&x=1#topsecret"

Fetch: TypeAlias = Callable[[Any, Path], Any]

PICTURES = {
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF and so on",
    "png": b"\x89PNG\r\n\x1a\n and so on",
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 and so on",
    "gif": b"GIF89a and so on",
}
PNG = PICTURES["png"]

# Both ways to get a picture; the second needs no path.
FETCHES: dict[str, Fetch] = {
    "save": lambda image, path: image.save(path),
    "bytes": lambda image, path: image.bytes(),
}
each_way = pytest.mark.parametrize("fetch", FETCHES.values(), ids=FETCHES)


def call(kind: Kind, use: Use, **options: Any) -> Any:
    return calls.call(kind, use, **{"max_retries": 0, **options})


MOMENT = "2026-07-16T09:30:20.000Z"


def job_json(**members: Any) -> dict[str, Any]:
    """A job as the server tells of it."""
    return {
        "id": ID,
        "status": "COMPLETED",
        "model": "flux-2-pro",
        "progress": 100,
        "result": {"images": [SIGNED]},
        "error": None,
        "creditCost": 4,
        "webhookStatus": None,
        "createdAt": "2026-07-16T09:30:00.000Z",
        "completedAt": MOMENT,
        **members,
    }


def use_job(raw: Any, use: Use) -> Use:
    """What `use` makes of a job that the server tells of so. Runs within `respx.mock`."""

    async def run(client: Any) -> Any:
        respx.get(f"{BASE}/v2/jobs/{ID}").respond(content=json.dumps(raw))
        return await value_of(use(await value_of(client.jobs.get(ID))))

    return run


def fetched(
    kind: Kind, fetch: Fetch, path: Path, answer: httpx.Response | Exception, **members: Any
) -> Any:
    """What comes of getting the picture of a job, when its URL is answered so."""
    with respx.mock:
        route = respx.get(URL)
        if isinstance(answer, Exception):
            route.mock(side_effect=answer)
        else:
            route.mock(return_value=answer)
        return call(kind, use_job(job_json(**members), lambda job: fetch(job.images[0], path)))


def saved(kind: Kind, path: Path, content: bytes = PNG, **members: Any) -> Any:
    answer = httpx.Response(200, content=content)
    return fetched(kind, FETCHES["save"], path, answer, **members)


# Saving


@both
@pytest.mark.parametrize(("ending", "content"), PICTURES.items())
def test_a_picture_is_saved_into_a_folder_under_a_name_by_its_content(
    kind: Kind, ending: str, content: bytes, tmp_path: Path
) -> None:
    path = saved(kind, tmp_path, content)
    assert path == tmp_path / f"{ID}-1.{ending}"
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@both
@pytest.mark.parametrize("as_", [Path, str])
def test_a_picture_is_saved_into_a_file_under_the_name_that_is_given(
    kind: Kind, as_: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = saved(kind, as_(tmp_path / "fox.PNG"))
    assert path == tmp_path / "fox.PNG"
    assert path.read_bytes() == PNG
    assert list(tmp_path.iterdir()) == [path]


@both
def test_a_picture_takes_the_place_of_an_older_file(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "fox.png").write_bytes(b"old, and longer than the new one" * 9)
    saved(kind, tmp_path / "fox.png")
    assert (tmp_path / "fox.png").read_bytes() == PNG


@both
def test_the_bytes_of_a_picture_are_had_without_a_file(kind: Kind, tmp_path: Path) -> None:
    answer = httpx.Response(200, content=PNG)
    assert fetched(kind, FETCHES["bytes"], tmp_path, answer) == PNG
    assert list(tmp_path.iterdir()) == []


@both
@pytest.mark.parametrize("size", [64 * 1024 - 1, 64 * 1024, 300_001])
@each_way
def test_a_large_picture_arrives_whole(kind: Kind, size: int, fetch: Fetch, tmp_path: Path) -> None:
    content = PNG + bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    path = tmp_path / "fox.png"
    result = fetched(kind, fetch, path, httpx.Response(200, content=content))
    assert (path.read_bytes() if result == path else result) == content


@both
def test_the_pictures_of_a_job_are_saved_side_by_side(kind: Kind, tmp_path: Path) -> None:
    async def save_all(job: Any) -> list[Path]:
        return [await value_of(image.save(tmp_path)) for image in job.images]

    raw = job_json(result={"images": [f"{URL}/a", f"{URL}/b"]})
    with respx.mock:
        respx.get(f"{URL}/a").respond(content=PICTURES["jpg"])
        respx.get(f"{URL}/b").respond(content=PICTURES["webp"])
        paths = call(kind, use_job(raw, save_all))
    assert [path.name for path in paths] == [f"{ID}-1.jpg", f"{ID}-2.webp"]
    assert [path.read_bytes() for path in paths] == [PICTURES["jpg"], PICTURES["webp"]]


@both
@pytest.mark.parametrize("folder", ["none", "file"])
def test_a_path_that_can_not_be_written_to_is_an_os_error(
    kind: Kind, folder: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match=folder):
        saved(kind, tmp_path / folder / "fox.png")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@settings(max_examples=25, deadline=None)
@given(id=st.text(min_size=1, max_size=50).filter(lambda id: id not in (".", "..")))
@example(id="../../evil")
@example(id="/etc/passwd")
@example(id="...")
@example(id="a\\..\\b:c")
@example(id="a\x00b\n")
@example(id="-rf")
def test_an_id_can_not_lead_out_of_the_folder(
    tmp_path_factory: pytest.TempPathFactory, id: str
) -> None:
    folder = tmp_path_factory.mktemp("outer") / "inner"
    folder.mkdir()
    with respx.mock:
        respx.get(URL).respond(content=PNG)
        respx.get(f"{BASE}/v2/jobs").respond(json={"jobs": [job_json(id=id)]})
        [path] = call(
            Fluxframe, lambda client: [job.images[0].save(folder) for job in client.jobs.list()]
        )
    assert list(folder.parent.iterdir()) == [folder]
    assert list(folder.iterdir()) == [path]
    assert path.read_bytes() == PNG


# Whole or not at all


@both
@each_way
@pytest.mark.parametrize("received", [0, 5, 100, 200_000])
@pytest.mark.parametrize("old", [None, b"old"])
def test_a_picture_that_breaks_off_leaves_no_file_and_keeps_the_old_one(
    kind: Kind, fetch: Fetch, received: int, old: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "fox.png"
    if old is not None:
        path.write_bytes(old)
    content = PNG + b"x" * 300_000
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    with hanging_up(head + content[:received]) as server:
        raw = job_json(result={"images": [f"{server.url}/fox?sig=topsecret"]})
        with respx.mock as router:
            router.get(f"{BASE}/v2/jobs/{ID}").respond(json=raw)
            router.route(host="127.0.0.1").pass_through()
            with pytest.raises(APIConnectionError) as caught:
                call(
                    kind,
                    use_job(raw, lambda job: fetch(job.images[0], path)),
                )
    assert "topsecret" not in everything_shown(caught.value)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([] if old is None else [old])


@both
@pytest.mark.parametrize("old", [None, b"old"])
def test_a_timeout_on_the_way_leaves_no_file_and_keeps_the_old_one(
    kind: Kind, old: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "fox.png"
    if old is not None:
        path.write_bytes(old)

    class Slow(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield PNG + b"x" * 100_000
            assert (path.read_bytes() if path.exists() else None) == old
            yield b"x" * 100_000
            raise httpx.ReadTimeout("slow")

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in self:
                yield chunk

    with pytest.raises(APITimeoutError):
        fetched(kind, FETCHES["save"], path, httpx.Response(200, stream=Slow()))
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([] if old is None else [old])


# What is not an image


@both
@each_way
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"<html>404</html>", b"RIFF\x24\x00\x00\x00WAVE", b" " + PNG]
)
def test_what_is_not_a_picture_is_an_error(
    kind: Kind, fetch: Fetch, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(b"old")
    answer = httpx.Response(200, content=content, headers={"Content-Type": "image/png"})
    with pytest.raises(ResultError, match="is not an image") as caught:
        fetched(kind, fetch, path, answer)
    assert type(caught.value) is ResultError
    assert "topsecret" not in everything_shown(caught.value)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"]


@both
@each_way
@pytest.mark.parametrize(
    ("status", "expired", "expected"),
    [
        (404, False, ResultExpiredError),
        (410, False, ResultExpiredError),
        (403, True, ResultExpiredError),
        (500, True, ResultExpiredError),
        (403, False, ResultError),
        (403, "yes", ResultError),
        (500, None, ResultError),
        (204, False, ResultError),
        (304, False, ResultError),
    ],
)
def test_a_picture_that_can_not_be_had_is_an_error(
    kind: Kind,
    fetch: Fetch,
    status: int,
    expired: object,
    expected: type[ResultError],
    tmp_path: Path,
) -> None:
    answer = httpx.Response(status, content=PNG if status >= 400 else b"")
    with pytest.raises(ResultError) as caught:
        fetched(kind, fetch, tmp_path, answer, expired=expired)
    assert type(caught.value) is expected
    assert str(status) in str(caught.value)
    assert ID in str(caught.value)
    assert "topsecret" not in everything_shown(caught.value)
    assert list(tmp_path.iterdir()) == []


@both
def test_a_picture_that_is_said_to_be_gone_is_had_if_it_is_there(
    kind: Kind, tmp_path: Path
) -> None:
    assert saved(kind, tmp_path, expired=True).read_bytes() == PNG


@both
@each_way
@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (httpx.ConnectError("refused"), APIConnectionError),
        (httpx.ReadTimeout("slow"), APITimeoutError),
    ],
)
def test_a_file_host_that_is_not_reached_is_a_connection_error(
    kind: Kind, fetch: Fetch, reason: Exception, expected: type[FluxframeError], tmp_path: Path
) -> None:
    with pytest.raises(APIConnectionError) as caught:
        fetched(kind, fetch, tmp_path, reason)
    assert type(caught.value) is expected
    assert "topsecret" not in everything_shown(caught.value)


@both
@each_way
def test_a_picture_that_can_not_be_unpacked_is_an_error_of_ours(
    kind: Kind, fetch: Fetch, tmp_path: Path
) -> None:
    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(PNG))
    with pytest.raises(FluxframeError):
        fetched(kind, fetch, tmp_path, answer)
    assert list(tmp_path.iterdir()) == []


@both
@each_way
def test_redirects_without_end_are_an_error_of_ours(
    kind: Kind, fetch: Fetch, tmp_path: Path
) -> None:
    with pytest.raises(FluxframeError):
        fetched(kind, fetch, tmp_path, httpx.Response(302, headers={"Location": SIGNED}))


# None of these needs the network to fail.
BAD_URLS = [
    "",
    "fox.png",
    "/out/fox.png?sig=topsecret",
    "//files.example/fox.png",
    "ftp://files.example/fox?sig=topsecret",
    "file:///etc/passwd",
    "data:image/png;base64",
    "data:image/png;base64,topsecret!",
    "http://127.0.0.1:port/fox?sig=topsecret",
    "http://127.0.0.1:99999/fox?sig=topsecret",
    "http://127.0.0.1/\x00?sig=topsecret",
    "http://127.0.0.1/" + "x" * 70_000,
]


@both
@each_way
@pytest.mark.parametrize("url", BAD_URLS, ids=lambda url: ascii(url[:50]))
def test_a_url_that_can_not_be_asked_is_an_error_of_ours(
    kind: Kind, fetch: Fetch, url: str, tmp_path: Path
) -> None:
    async def run(client: Any) -> None:
        with respx.mock:
            route = respx.get(f"{BASE}/v2/jobs/{ID}")
            route.respond(json=job_json(result={"images": [url]}))
            job = await value_of(client.jobs.get(ID))
        await value_of(fetch(job.images[0], tmp_path))

    with pytest.raises(FluxframeError) as caught:
        call(kind, run)
    assert "topsecret" not in everything_shown(caught.value)
    assert list(tmp_path.iterdir()) == []


@both
@each_way
def test_a_url_that_can_not_be_read_is_an_error_of_ours(
    kind: Kind, fetch: Fetch, tmp_path: Path
) -> None:
    async def run(client: Any) -> Any:
        return await value_of(fetch((await value_of(client.jobs.get(ID))).images[0], tmp_path))

    with respx.mock(assert_all_called=False) as router:
        router.get(f"{BASE}/v2/jobs/{ID}").respond(
            json=job_json(result=["https://[files.example/fox?sig=topsecret"])
        )
        router.route().respond(403)
        with pytest.raises(FluxframeError) as caught:
            call(kind, run)
    assert "topsecret" not in everything_shown(caught.value)


# What the file host is told


@both
@each_way
@pytest.mark.parametrize("host", ["https://files.example", BASE])
def test_the_file_host_gets_no_key_and_the_whole_url(
    kind: Kind, fetch: Fetch, host: str, tmp_path: Path
) -> None:
    raw = job_json(result={"images": [f"{host}/out/a%2Fb.png?sig=a%2Bb%2F&x=1+2"]})
    with respx.mock:
        route = respx.get(path="/out/a/b.png").respond(content=PNG)
        call(kind, use_job(raw, lambda job: fetch(job.images[0], tmp_path)))
        request = route.calls.last.request
    assert isinstance(request, httpx.Request)
    assert request.url.raw_path == b"/out/a%2Fb.png?sig=a%2Bb%2F&x=1+2"
    assert "X-API-Key" not in request.headers
    assert KEY not in str(request.headers.raw)
    assert request.headers["User-Agent"].startswith("fluxframe/")


@both
@each_way
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["https://cdn.example", BASE, "http://files.example"])
def test_a_redirect_is_followed_and_gets_no_key(
    kind: Kind, fetch: Fetch, status: int, to: str, tmp_path: Path
) -> None:
    raw = job_json(result={"images": [URL]})
    with respx.mock as router:
        respx.get(URL).respond(status, headers={"Location": f"{to}/fox.png?sig=1"})
        target = respx.get(f"{to}/fox.png").respond(content=PNG)
        call(kind, use_job(raw, lambda job: fetch(job.images[0], tmp_path)))
        assert target.call_count == 1
        requests = [made.request for made in router.calls]
    keys = [request.headers.get("X-API-Key") for request in requests]
    assert keys == [KEY, None, None]


@both
@each_way
def test_a_download_waits_as_long_as_the_client(kind: Kind, fetch: Fetch, tmp_path: Path) -> None:
    with respx.mock:
        route = respx.get(URL).respond(content=PNG)
        use = use_job(job_json(), lambda job: fetch(job.images[0], tmp_path))
        call(kind, use, timeout=33)
        request = route.calls.last.request
    assert isinstance(request, httpx.Request)
    steps = request.extensions["timeout"].values()
    limits = [s if isinstance(s, int | float) else operator.index(s) for s in steps if s]
    assert limits
    assert set(limits) == {33}


# What is shown


@both
def test_a_repr_of_a_picture_or_job_shows_no_query(kind: Kind) -> None:
    raw = job_json(result={"images": ["https://fox:topsecret@" + SIGNED[8:]]})
    with respx.mock:
        image, *texts = call(kind, use_job(raw, lambda job: [job.images[0], repr(job), str(job)]))
    texts += [repr(image), str(image)]
    assert "files.example/out/fox" in repr(image)
    assert image.url.startswith("https://fox:topsecret@")
    assert not any("topsecret" in text or KEY in text for text in texts)


@settings(max_examples=100, deadline=None)
@given(url=st.text() | st.text("htps:/[]@?#%.", max_size=20))
@example(url="https://[files.example/fox")
@example(url="//[")
@example(url="https://a\u2100b/")
def test_a_repr_is_had_of_any_url(url: str) -> None:
    job = Job(None, job_json(result={"images": [url]}))
    [image] = job.images
    assert repr(image).startswith("<Image ")


# Results of any shape


@both
def test_an_older_result_is_a_bare_url(kind: Kind, tmp_path: Path) -> None:
    assert saved(kind, tmp_path, result=SIGNED).read_bytes() == PNG


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("images"), inner),
    max_leaves=6,
)


def member(name: str) -> st.SearchStrategy[Any]:
    return JSON if name != "result" else JSON | st.fixed_dictionaries({"images": JSON})


JOBS = st.fixed_dictionaries(
    {"id": st.text()},
    optional={
        name: member(name) for name in (SPEC.objects["Job"].properties or {}) if name != "id"
    },
)


@settings(max_examples=200, deadline=None)
@given(raw=JOBS)
@example(raw={"id": "x", "result": {"images": [{"url": URL}, None, URL]}})
@example(raw={"id": "x", "result": {"videos": [URL]}})
@example(raw={"id": "x", "result": {"images": {"0": URL}}})
@example(raw={"id": "x", "createdAt": "today", "completedAt": "9999-99-99T00:00:00Z"})
def test_a_job_of_any_shape_can_be_read(raw: dict[str, Any]) -> None:
    job = Job(None, raw)
    for name in (n for n in dir(Job) if n[0] != "_" and isinstance(getattr(Job, n), property)):
        getattr(job, name)
    assert repr(job).isprintable()
    if (
        raw["id"].isprintable()
        and len(raw["id"]) < 50
        and not {"?", "#", "@", '"', "\\"} & {*raw["id"]}
    ):
        assert raw["id"] in repr(job)
    assert job.raw == raw
    assert [image.url for image in job.images] == job.image_urls
    assert all(isinstance(url, str) for url in job.image_urls)


@pytest.mark.parametrize(
    ("result", "urls"),
    [
        (None, []),
        ("", [""]),
        (URL, [URL]),
        ([URL, SIGNED], [URL, SIGNED]),
        ({"images": URL}, [URL]),
        ({"images": []}, []),
        ({"images": None}, []),
        ({"images": [URL, None, {"url": SIGNED}, {"href": URL}, 5]}, [URL, SIGNED]),
        ({"videos": [URL]}, []),
        (5, []),
    ],
)
def test_the_urls_of_a_result_are_found(result: object, urls: list[str]) -> None:
    assert Job(None, job_json(result=result)).image_urls == urls


def test_a_picture_has_its_place_in_the_job() -> None:
    job = Job(None, job_json(result=[URL, SIGNED]))
    assert [(image.index, image.url, image.job_id) for image in job.images] == [
        (0, URL, ID),
        (1, SIGNED, ID),
    ]
    assert all(isinstance(image, Image) for image in job.images)


# Waiting


def states(*states: tuple[str, int | None], **members: Any) -> list[httpx.Response]:
    """Answers to one poll after the other."""
    return [
        httpx.Response(
            200,
            json=job_json(
                status=status,
                progress=progress,
                **{"result": None, "error": None, "completedAt": None, **members},
            ),
        )
        for status, progress in states
    ]


def waited(kind: Kind, answers: list[httpx.Response], **options: Any) -> tuple[Any, int]:
    """What comes of waiting for a job by its id, and how often the server was asked."""
    with respx.mock as router:
        route = router.get(f"{BASE}/v2/jobs/{ID}").mock(side_effect=answers)
        job = call(kind, lambda client: client.jobs.wait(ID, **{"interval": 1e-6, **options}))
        return job, route.call_count


@both
def test_a_job_is_waited_for_until_it_is_done(kind: Kind) -> None:
    answers = states(("QUEUED", None), ("PROCESSING", 0), ("PROCESSING", 50), ("COMPLETED", 100))
    job, asked = waited(kind, answers)
    assert (job.status, job.succeeded, asked) == ("COMPLETED", True, 4)


@both
def test_a_job_that_is_submitted_is_waited_for(kind: Kind) -> None:
    async def generate(client: Any) -> Any:
        job = await value_of(client.images.generate(model="flux-2-pro", prompt="a fox"))
        same = await value_of(job.wait(interval=1e-6))
        assert same is job
        return job

    with respx.mock as router:
        router.post(path="/v2/images/generate").respond(202, json={"jobId": ID, "status": "QUEUED"})
        get = router.get(f"{BASE}/v2/jobs/{ID}").mock(
            side_effect=states(("PROCESSING", 5), ("COMPLETED", 100))
        )
        job = call(kind, generate)
        assert get.call_count == 2
    assert job.progress == 100


@both
def test_a_status_that_is_new_is_waited_out(kind: Kind) -> None:
    answers = states(("UPSCALING", 1), ("completed", 100), ("", None), ("COMPLETED", 100))
    seen: list[str] = []
    job, asked = waited(kind, answers, on_progress=lambda job: seen.append(job.status))
    assert (job.succeeded, asked) == (True, 4)
    assert seen == ["UPSCALING", "completed", "", "COMPLETED"]


NOT_YET: list[object] = [None, "", {}, [], 0, False]


@both
@pytest.mark.parametrize(
    ("status", "at"),
    [
        ("QUEUED", MOMENT),
        ("PROCESSING", MOMENT),
        ("COMPLETED", MOMENT),
        *(("UPSCALING", at) for at in NOT_YET),
        *(("", at) for at in NOT_YET),
    ],
)
def test_a_job_that_has_not_failed_raises_nothing(kind: Kind, status: str, at: object) -> None:
    raw = job_json(status=status, error="a leftover", completedAt=at)
    with respx.mock:
        assert call(kind, use_job(raw, lambda job: job.raise_for_status())) is None


@both
@pytest.mark.parametrize(
    ("status", "expected"), [("FAILED", JobFailedError), ("CANCELLED", JobCancelledError)]
)
@pytest.mark.parametrize(("error", "words"), [("NSFW", "NSFW"), (None, "no reason")])
def test_a_job_that_ended_without_a_result_raises(
    kind: Kind, status: str, expected: type[JobError], error: str | None, words: str
) -> None:
    raw = job_json(status=status, error=error, result=None)
    with respx.mock, pytest.raises(JobError, match=f"{ID} is {status}: .*{words}") as caught:
        call(kind, use_job(raw, lambda job: job.raise_for_status()))
    assert type(caught.value) is expected
    assert caught.value.job.raw == raw


UNKNOWN = [
    "ABORTED",
    "EXPIRED",
    "aborted",
    "Failed",
    "",
    "ÄRGER",
    "X" * 10_000,
    None,
    5,
    ["FAILED"],
]


@both
@pytest.mark.parametrize("status", UNKNOWN, ids=lambda status: str(status)[:9])
@pytest.mark.parametrize("error", ["No available capacity", None])
def test_an_end_in_a_status_that_is_new_ends_a_wait(
    kind: Kind, status: object, error: str | None
) -> None:
    ended = job_json(status=status, error=error, result=None)
    answers = [*states(("PROCESSING", 50)), httpx.Response(200, json=ended)]
    with pytest.raises(JobFailedError, match=error or "no reason") as caught:
        waited(kind, answers, deadline=5)
    assert caught.value.job.raw == ended
    assert caught.value.resubmit is None  # It may have been paid for.


@both
@pytest.mark.parametrize("status", UNKNOWN, ids=lambda status: str(status)[:9])
def test_images_of_a_status_that_is_new_are_a_success(kind: Kind, status: object) -> None:
    job, _ = waited(kind, [httpx.Response(200, json=job_json(status=status))], deadline=5)
    assert job.succeeded
    assert len(job.images) == 1


@both
@pytest.mark.parametrize("at", NOT_YET, ids=repr)
def test_a_status_that_is_new_without_the_moment_of_its_end_is_waited_for(
    kind: Kind, at: object
) -> None:
    going_on = job_json(status="RETRYING", error="no luck yet", completedAt=at)
    answers = [httpx.Response(200, json=going_on), *states(("COMPLETED", 100))]
    job, asked = waited(kind, answers)
    assert (job.succeeded, asked) == (True, 2)


@both
@pytest.mark.parametrize(
    ("status", "expected"), [("FAILED", JobFailedError), ("CANCELLED", JobCancelledError)]
)
@pytest.mark.parametrize("first", [[], [("QUEUED", None), ("PROCESSING", 50)]])
def test_a_job_that_ends_without_a_result_raises_when_it_is_waited_for(
    kind: Kind, status: str, expected: type[JobError], first: list[tuple[str, int | None]]
) -> None:
    seen: list[str] = []
    with pytest.raises(JobError, match="out of memory") as caught:
        waited(
            kind,
            states(*first, (status, 50), error="out of memory"),
            on_progress=lambda job: seen.append(job.status),
        )
    assert type(caught.value) is expected
    assert (caught.value.job.id, caught.value.job.status) == (ID, status)
    assert seen == [*(status for status, _ in first), status]


@both
def test_a_job_that_is_done_is_not_asked_for_again(kind: Kind) -> None:
    _, asked = waited(kind, states(("COMPLETED", 100)))
    assert asked == 1


@both
def test_progress_is_told_once_a_change(kind: Kind) -> None:
    told: list[tuple[str, int | None]] = []
    answers = states(
        ("QUEUED", None),
        ("QUEUED", None),
        ("QUEUED", 0),
        ("PROCESSING", 0),
        ("PROCESSING", 0),
        ("PROCESSING", 40),
        ("PROCESSING", 40),
        ("PROCESSING", 30),
        ("COMPLETED", 100),
    )
    waited(kind, answers, on_progress=lambda job: told.append((job.status, job.progress)))
    assert told == [
        ("QUEUED", None),
        ("QUEUED", 0),
        ("PROCESSING", 0),
        ("PROCESSING", 40),
        ("PROCESSING", 30),
        ("COMPLETED", 100),
    ]


@both
def test_what_on_progress_raises_ends_the_waiting(kind: Kind) -> None:
    def stop(job: Any) -> None:
        raise KeyError(job.id)

    with pytest.raises(KeyError, match=ID):
        waited(kind, states(("QUEUED", None)), on_progress=stop)


@both
def test_a_job_that_takes_too_long_can_be_waited_for_again(kind: Kind) -> None:
    async def wait_twice(client: Any) -> tuple[JobTimeoutError, Any]:
        with pytest.raises(JobTimeoutError) as caught:
            await value_of(client.jobs.wait(ID, deadline=1e-2, interval=1e-4))
        route.respond(json=job_json())
        return caught.value, await value_of(client.jobs.wait(caught.value.job.id))

    with respx.mock as router:
        route = router.get(f"{BASE}/v2/jobs/{ID}")
        route.respond(json=job_json(status="PROCESSING", progress=10, result=None))
        error, job = call(kind, wait_twice)
    assert isinstance(error, JobTimeoutError)
    assert issubclass(JobTimeoutError, TimeoutError)
    assert (error.job.id, error.job.status, error.job.progress) == (ID, "PROCESSING", 10)
    assert f'client.jobs.wait("{ID}")' in str(error)
    assert "0.0" in str(error)
    assert job.succeeded
    assert [image.url for image in job.images] == [SIGNED]


@both
@pytest.mark.parametrize("option", ["deadline", "interval"])
@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(kind: Kind, option: str, seconds: float) -> None:
    with pytest.raises(ConfigurationError, match=option):
        waited(kind, states(("QUEUED", None)), **{option: seconds})


@both
def test_a_poll_that_fails_is_followed_by_another(kind: Kind) -> None:
    hiccups: list[httpx.Response | Exception] = [
        httpx.Response(503, json={"error": "The queue is down"}),
        httpx.Response(429, json={"error": "Too many requests"}),
        httpx.ReadError("reset"),
        httpx.Response(200, json=job_json()),
    ]

    async def wait_on(job: Any) -> Any:
        respx.get(f"{BASE}/v2/jobs/{ID}").side_effect = hiccups
        return await value_of(job.wait(interval=1e-6))

    with respx.mock:
        job = call(kind, use_job(job_json(status="QUEUED"), wait_on))
    assert job.succeeded


@both
@pytest.mark.parametrize("status", [401, 404])
def test_a_poll_that_no_other_can_mend_ends_the_waiting(kind: Kind, status: int) -> None:
    async def wait_on(job: Any) -> Any:
        respx.get(f"{BASE}/v2/jobs/{ID}").respond(status, json={"error": "no"})
        return await value_of(job.wait(interval=1e-6))

    with respx.mock, pytest.raises(APIStatusError) as caught:
        call(kind, use_job(job_json(status="QUEUED"), wait_on))
    assert caught.value.status == status


@both
def test_polls_that_keep_failing_end_at_the_deadline_with_the_job(kind: Kind) -> None:
    async def wait_on(job: Any) -> Any:
        respx.get(f"{BASE}/v2/jobs/{ID}").respond(503, json={"error": "The queue is down"})
        return await value_of(job.wait(interval=1e-3, deadline=0.05))

    with respx.mock, pytest.raises(JobTimeoutError) as caught:
        call(kind, use_job(job_json(status="QUEUED"), wait_on))
    assert caught.value.job.id == ID
    assert isinstance(caught.value.__cause__, ServerError)


def test_a_job_that_was_pickled_is_as_it_was_and_asks_nobody() -> None:
    job = Job(None, job_json(status="QUEUED"))
    again = pickle.loads(pickle.dumps(JobFailedError("failed", job))).job
    assert again.raw == job.raw
    with pytest.raises(ConfigurationError, match="came without its client"):
        again.wait()
    with pytest.raises(ConfigurationError, match="came without its client"):
        Job(None, job_json(result=URL)).images[0].bytes()


@both
@each_way
def test_no_log_of_a_download_shows_the_key(
    kind: Kind, fetch: Fetch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fetched(kind, fetch, tmp_path, httpx.Response(200, content=PNG))
    assert URL in caplog.text  # httpx does log.
    assert KEY not in caplog.text
