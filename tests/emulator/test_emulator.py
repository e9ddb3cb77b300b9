"""The emulator over a real socket, by plain httpx: it shares no code with what it is tested by.

Every answer that a test gets is held against the OpenAPI document, by a hook of its HTTP client.
"""

from __future__ import annotations

import copy
import functools
import io
import json
import math
import re
import socket
import struct
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from codegen.spec.load import load
from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract
from fluxframe.emulator._state.clock import Clock
from fluxframe.emulator._state.fate import Fate
from fluxframe.emulator._state.job import Home, Job

Json: TypeAlias = dict[str, Any]

SPEC = load()
DOCUMENT: Json = yaml.load(
    (Path(__file__).parents[2] / "generated" / "openapi.yaml").read_text(encoding="utf-8"),
    getattr(yaml, "CSafeLoader", yaml.SafeLoader),
)
# Those that the requests here are for; `test_models` tries all that there are.
MODELS = ["flux-1.1-pro", "flux-2-dev", "flux-2-flex", "flux-2-max", "flux-2-pro"]
GENERATE = "/v2/images/generate"
JSON = {"Content-Type": "application/json"}
JOBS = "/v2/jobs"
ORDER = ("QUEUED", "PROCESSING", "COMPLETED")
PATIENCE = 30.0
SLOW = 1000.0


# What the answers are held against.


@functools.cache
def validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = {**json.loads(schema), "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def assert_valid(schema: Json, value: object) -> None:
    faults = [str(error) for error in validator(json.dumps(schema)).iter_errors(value)]
    assert not faults, faults


def operation_of(request: httpx.Request) -> Json | None:
    for template, operations in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), request.url.path):
            operation: Json | None = operations.get(request.method.lower())
            return operation
    return None


def assert_documented(response: httpx.Response) -> None:
    operation = operation_of(response.request)
    if operation is None:
        return
    documented: Json = operation["responses"]
    body = response.read()
    status = str(response.status_code)
    assert status in documented, f"{response.request} answered {status}: {body[:500]!r}"
    answer: Json = documented[status]
    if "$ref" in answer:
        answer = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    assert response.headers["content-type"] == "application/json"
    assert_valid(answer["content"]["application/json"]["schema"], json.loads(body))


# The servers, and clients of them.


def connect(emulator: Emulator, key: str | None) -> httpx.Client:
    return httpx.Client(
        base_url=emulator.url,
        headers=None if key is None else {b"X-API-Key": key.encode()},
        event_hooks={"response": [assert_documented]},
        timeout=PATIENCE,
        trust_env=False,
        verify=False,  # It saves reading the certificates; nothing here is HTTPS.
    )


def new_key() -> str:
    return f"afk_{uuid.uuid4().hex}"


@pytest.fixture(scope="module")
def instant() -> Iterator[Emulator]:
    """An emulator whose jobs are done at once."""
    with Emulator(job_seconds=0) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def slow() -> Iterator[Emulator]:
    """An emulator whose jobs go on only as `clock` does."""
    with Emulator(job_seconds=SLOW) as emulator:
        yield emulator


@pytest.fixture
def api(instant: Emulator) -> Iterator[httpx.Client]:
    """An account of the test's own."""
    with connect(instant, new_key()) as client:
        yield client


@pytest.fixture(scope="module")
def lasting_api(instant: Emulator) -> Iterator[httpx.Client]:
    """One account for all examples of a property."""
    with connect(instant, new_key()) as client:
        yield client


@pytest.fixture
def slow_api(slow: Emulator) -> Iterator[httpx.Client]:
    with connect(slow, new_key()) as client:
        yield client


@pytest.fixture
def clock(slow: Emulator) -> Callable[[float], None]:
    """Moves the jobs' clock on by some seconds."""
    return slow.clock.advance


def request_of(model: str = "flux-2-pro", **parameters: object) -> Json:
    request: Json = {"model": model, "prompt": "a red fox in the snow"}
    return {**request, "fluxParams": parameters} if parameters else request


def submit(
    api: httpx.Client, request: Json | None = None, *, idempotency_key: str | None = None
) -> str:
    headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
    answer = api.post(GENERATE, json=request or request_of(), headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["jobId"])


def job_of(api: httpx.Client, id: str) -> Json:
    answer = api.get(f"{JOBS}/{id}")
    assert answer.status_code == 200, answer.text
    job: Json = answer.json()
    return job


def picture_of(api: httpx.Client, id: str) -> bytes:
    (url,) = job_of(api, id)["result"]["images"]
    answer = api.get(url)
    assert answer.status_code == 200, answer.text
    return answer.content


def decoded(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
    return image


def credits_of(api: httpx.Client) -> int:
    return int(api.get("/v2/me").json()["team"]["credits"])


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.005)


# Keys and routes.


@pytest.mark.parametrize("key", [None, "", "sk_anything", "AFK_x", "afk", "afk_an…"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        (operation.method, operation.path.replace("{id}", str(uuid.UUID(int=0))))
        for operation in SPEC.operations.values()
        if operation.authenticated
    ],
)
def test_a_request_without_a_good_key_is_refused(
    instant: Emulator, method: str, path: str, key: str | None
) -> None:
    with connect(instant, key) as client:
        answer = client.request(method, path)
    assert answer.status_code == 401
    assert "API key" in answer.json()["error"]


def test_the_catalogue_needs_no_key_and_lists_every_model(instant: Emulator) -> None:
    with connect(instant, None) as client:
        models = client.get("/v2/models").json()["models"]
        images = client.get("/v2/models", params={"modality": "image"}).json()["models"]
        videos = client.get("/v2/models", params={"modality": "video"}).json()["models"]
    assert {model["id"]: model["label"] for model in models} == {
        model.id: model.title for model in SPEC.models.values()
    }
    assert images == models
    assert videos == []


def test_me_tells_the_prefix_of_the_key_and_not_the_key(api: httpx.Client) -> None:
    answer = api.get("/v2/me")
    key = api.headers["X-API-Key"]
    assert answer.status_code == 200
    assert key.startswith(answer.json()["apiKey"]["prefix"])
    assert key not in answer.text


def test_each_key_has_an_account_of_its_own(instant: Emulator) -> None:
    with connect(instant, new_key()) as one, connect(instant, new_key()) as other:
        id = submit(one)
        assert one.get("/v2/me").json()["team"]["id"] != other.get("/v2/me").json()["team"]["id"]
        assert [job["id"] for job in one.get(JOBS).json()["jobs"]] == [id]
        assert other.get(JOBS).json()["jobs"] == []
        assert other.get(f"{JOBS}/{id}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/nothing", 404),
        ("GET", "/v1/jobs", 404),
        ("GET", "/files/nothing.jpg", 404),
        ("GET", "/files/nothing", 404),
        ("GET", "/uploads/nothing", 404),
        ("GET", GENERATE, 405),
        ("DELETE", JOBS, 405),
    ],
)
def test_what_is_not_served_answers_with_json(
    api: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = api.request(method, path)
    assert answer.status_code == status
    assert_valid({"$ref": "#/components/schemas/ErrorBody"}, answer.json())


@pytest.mark.parametrize("id", ["x", "0" * 32, f"urn:uuid:{uuid.UUID(int=0)}", "%00"])
def test_a_job_id_that_is_not_a_uuid_is_refused(api: httpx.Client, id: str) -> None:
    answer = api.get(f"{JOBS}/{id}")
    assert answer.status_code == 400
    assert list(answer.json()["details"]) == ["id"]


def test_a_job_that_there_is_not_is_not_found(api: httpx.Client) -> None:
    assert api.get(f"{JOBS}/{uuid.uuid4()}").status_code == 404


def test_a_job_is_found_by_its_id_in_capitals(api: httpx.Client) -> None:
    id = submit(api)
    assert job_of(api, id.upper())["id"] == id


# The life of a job.


def a_job(request: Json, *, seconds: float, fate: Fate | None = None) -> Job:
    return Job(
        home=Home(contract(), Clock()),
        id=str(uuid.uuid4()),
        model=contract().models.all[0],
        text=json.dumps(request),
        seconds=seconds,
        credits=1,
        created=0.0,
        begun=0.0,
        fate=fate,
    )


@settings(deadline=None)
@given(
    seconds=st.floats(0, 1e9),
    ages=st.lists(st.floats(-1e9, 1e10), min_size=1),
    fault=st.sampled_from([None, "no"]),
)
def test_a_job_only_goes_forward(seconds: float, ages: list[float], fault: str | None) -> None:
    job = a_job(request_of(), seconds=seconds, fate=Fate("fail", fault) if fault else None)
    last = "FAILED" if fault else "COMPLETED"
    states = [job.state(age) for age in sorted([*ages, seconds])]
    ranks = [("QUEUED", "PROCESSING", last).index(status) for status, _ in states]
    progress = [percent for _, percent in states]
    assert ranks == sorted(ranks)
    assert progress == sorted(progress)
    for status, percent in states:
        assert percent == {"QUEUED": 0, last: 100}.get(status, percent)
        assert 0 < percent < 100 or status != "PROCESSING"
    assert job.state(seconds) == (last, 100)


def test_polling_sees_a_job_through_its_life() -> None:
    with Emulator(job_seconds=0.3) as emulator, connect(emulator, new_key()) as api:
        id = submit(api)
        seen: list[Json] = []

        def done() -> bool:
            seen.append(job_of(api, id))
            return bool(seen[-1]["status"] == "COMPLETED")

        until(done)
    ranks = [ORDER.index(job["status"]) for job in seen]
    progress = [job["progress"] for job in seen]
    assert ranks == sorted(ranks)
    assert progress == sorted(progress)
    assert progress[-1] == 100


@pytest.mark.parametrize(
    ("share", "status", "progress"),
    [
        (0.0, "QUEUED", [0]),
        (0.5, "PROCESSING", range(1, 100)),
        (1.5, "COMPLETED", [100]),
    ],
)
def test_a_job_in_each_status(
    slow_api: httpx.Client,
    clock: Callable[[float], None],
    share: float,
    status: str,
    progress: Sequence[int],
) -> None:
    request = request_of(seed=7)
    accepted = slow_api.post(GENERATE, json=request).json()
    assert accepted["status"] == "QUEUED"
    clock(share * SLOW)
    job = job_of(slow_api, accepted["jobId"])
    assert job["id"] == accepted["jobId"]
    assert job["status"] == status
    assert job["progress"] in progress
    assert (job["model"], job["input"], job["error"]) == (request["model"], request, None)
    assert (job["result"] is None) == (status != "COMPLETED")
    assert (job["completedAt"] is None) == (status != "COMPLETED")
    assert slow_api.get(JOBS).json()["jobs"] == [
        {name: value for name, value in job.items() if name != "input"}
    ]


def test_a_job_takes_the_seconds_that_it_was_given(
    slow_api: httpx.Client, clock: Callable[[float], None]
) -> None:
    id = submit(slow_api)
    clock(SLOW + 1)
    job = job_of(slow_api, id)
    taken = datetime.fromisoformat(job["completedAt"]) - datetime.fromisoformat(job["createdAt"])
    assert taken == timedelta(seconds=SLOW)


def test_a_picture_is_there_only_when_its_job_is_done(
    slow_api: httpx.Client, clock: Callable[[float], None]
) -> None:
    id = submit(slow_api, request_of(aspect_ratio="custom", width=256, height=256))
    url = f"/files/{id}-1.jpg"
    assert slow_api.get(url).status_code == 404
    clock(SLOW + 1)
    assert job_of(slow_api, id)["result"]["images"] == [str(slow_api.base_url.join(url))]
    assert slow_api.get(url).status_code == 200


@pytest.mark.parametrize(
    "parameters",
    [
        {"aspect_ratio": "0:9"},
        {"aspect_ratio": "9:0"},
        {"aspect_ratio": "0:0"},
        {"aspect_ratio": "1:1000000"},
        {"resolution": "0 MP"},
        {"resolution": "0.0000MP"},
    ],
)
def test_a_request_that_no_picture_can_have_fails_and_is_refunded(
    slow_api: httpx.Client, clock: Callable[[float], None], parameters: Json
) -> None:
    before = credits_of(slow_api)
    id = submit(slow_api, request_of(**parameters))
    assert credits_of(slow_api) < before
    clock(SLOW + 1)
    job = job_of(slow_api, id)
    assert (job["status"], job["progress"], job["result"]) == ("FAILED", 0, None)
    assert job["error"]
    assert job["creditCost"] == 0
    assert job["completedAt"]
    assert credits_of(slow_api) == before


@pytest.mark.parametrize(
    "ratio",
    [f"{'9' * 5000}:1", f"1:{'9' * 5000}", f"{'0' * 5000}1:1"],
    ids=["across", "down", "zeros"],
)
def test_a_ratio_of_more_digits_than_an_int_may_have_is_no_error_of_the_server(
    api: httpx.Client, ratio: str
) -> None:
    job = job_of(api, submit(api, request_of(aspect_ratio=ratio)))
    assert job["status"] in ("COMPLETED", "FAILED")


# Idempotency keys.


@settings(deadline=None, max_examples=25)
@given(key=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255))
def test_the_same_key_and_request_give_the_same_job(lasting_api: httpx.Client, key: str) -> None:
    lasting_api.headers["X-API-Key"] = new_key()
    id = submit(lasting_api, idempotency_key=key)
    left = credits_of(lasting_api)
    reordered = dict(reversed(request_of().items()))
    assert submit(lasting_api, reordered, idempotency_key=key) == id
    assert credits_of(lasting_api) == left
    assert len(lasting_api.get(JOBS).json()["jobs"]) == 1


def test_a_replayed_request_tells_the_present_status(
    slow_api: httpx.Client, clock: Callable[[float], None]
) -> None:
    headers = {"Idempotency-Key": "k"}
    first = slow_api.post(GENERATE, json=request_of(), headers=headers).json()
    clock(SLOW + 1)
    again = slow_api.post(GENERATE, json=request_of(), headers=headers).json()
    assert again == {"jobId": first["jobId"], "status": "COMPLETED"}


def test_a_key_used_with_another_request_is_a_conflict(api: httpx.Client) -> None:
    headers = {"Idempotency-Key": "k"}
    id = submit(api, request_of(seed=1), idempotency_key="k")
    answer = api.post(GENERATE, json=request_of(seed=2), headers=headers)
    assert answer.status_code == SPEC.api.idempotency.conflict_status
    assert [job["id"] for job in api.get(JOBS).json()["jobs"]] == [id]


def test_without_a_key_the_same_request_is_another_job(api: httpx.Client) -> None:
    assert submit(api) != submit(api)


def test_keys_of_one_account_do_not_meet_those_of_another(
    instant: Emulator, api: httpx.Client
) -> None:
    with connect(instant, new_key()) as other:
        assert submit(api, idempotency_key="k") != submit(other, idempotency_key="k")
        assert submit(other, idempotency_key="k") == other.get(JOBS).json()["jobs"][0]["id"]


def test_a_request_that_was_refused_does_not_use_its_key_up(api: httpx.Client) -> None:
    headers = {"Idempotency-Key": "k"}
    assert api.post(GENERATE, json={"model": "x"}, headers=headers).status_code == 400
    assert submit(api, idempotency_key="k")


def test_a_key_may_be_as_long_as_documented_and_no_longer(api: httpx.Client) -> None:
    longest = SPEC.api.idempotency.max_length
    assert submit(api, idempotency_key="k" * longest)
    answer = api.post(GENERATE, json=request_of(), headers={"Idempotency-Key": "k" * (longest + 1)})
    assert answer.status_code == 400
    (text,) = answer.json()["details"]["idempotency-key"]
    assert str(longest) in text
    assert str(longest + 1) in text
    assert len(api.get(JOBS).json()["jobs"]) == 1


# Credits.


def test_a_request_that_can_not_be_paid_for_says_what_it_costs() -> None:
    with Emulator(job_seconds=0, credits=7) as emulator, connect(emulator, new_key()) as api:
        id = submit(api)
        cost = job_of(api, id)["creditCost"]
        assert credits_of(api) == 7 - cost
        answer = api.post(GENERATE, json=request_of())
        assert answer.status_code == 402
        assert answer.json()["creditsRequired"] == cost
        assert answer.json()["creditsAvailable"] == 7 - cost == credits_of(api)
        assert [job["id"] for job in api.get(JOBS).json()["jobs"]] == [id]


def test_the_last_credit_can_be_spent() -> None:
    with (
        Emulator(job_seconds=0, credits=8, credits_per_megapixel=8) as emulator,
        connect(emulator, new_key()) as api,
    ):
        submit(api, request_of("flux-2-max"))
        assert credits_of(api) == 0


def test_a_replayed_request_needs_no_credits() -> None:
    with Emulator(job_seconds=0, credits=4) as emulator, connect(emulator, new_key()) as api:
        id = submit(api, idempotency_key="k")
        assert credits_of(api) == 0
        assert submit(api, idempotency_key="k") == id


@pytest.mark.parametrize("ratio", ["1:1", "16:9", "4:3", "3:2", "5:4", "4:5", "21:9", "7:5"])
@pytest.mark.parametrize("megapixels", [1, 2, 3, 4])
def test_a_picture_costs_by_the_megapixels_asked_for_in_whatever_ratio(
    api: httpx.Client, ratio: str, megapixels: int
) -> None:
    price = SPEC.models["flux-2-pro"].price
    assert price is not None
    assert (price.per, price.by, price.times) == ("megapixel", None, None)
    request = request_of(aspect_ratio=ratio, resolution=f"{megapixels} MP")
    before = credits_of(api)
    id = submit(api, request)
    assert job_of(api, id)["creditCost"] == (price.credits or 0) * megapixels
    assert before - credits_of(api) == job_of(api, id)["creditCost"]


# Uploads.


def encoded(format: str, size: tuple[int, int] = (30, 10)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 80, 20)).save(file, format)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is of a size, without a pixel in it."""
    file = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    for kind, data in ((b"IHDR", header), (b"IDAT", b""), (b"IEND", b"")):
        file += struct.pack(">I", len(data)) + kind + data
        file += struct.pack(">I", zlib.crc32(kind + data))
    return file


def upload(api: httpx.Client, content: bytes) -> httpx.Response:
    return api.post("/v2/uploads", files={"file": ("a.txt", content, "text/plain")})


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (encoded("PNG"), "image/png"),
        (encoded("JPEG"), "image/jpeg"),
        (encoded("WEBP"), "image/webp"),
        (encoded("GIF"), "image/gif"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
    ],
    ids=["png", "jpeg", "webp", "gif", "mp4"],
)
def test_a_file_is_told_by_its_first_bytes_and_served_again(
    instant: Emulator, api: httpx.Client, content: bytes, content_type: str
) -> None:
    answer = upload(api, content)
    assert answer.status_code == 201
    made = answer.json()
    assert made["contentType"] == content_type
    assert made["kind"] == content_type.partition("/")[0]
    assert made["byteSize"] == len(content)
    assert datetime.fromisoformat(made["expiresAt"]).timestamp() > time.time()
    with connect(instant, None) as stranger:
        served = stranger.get(made["url"])
    assert served.content == content
    assert served.headers["content-type"] == content_type


@pytest.mark.parametrize("content", [b"plain text", b"%PDF-1.7", b"\x89PN"])
def test_a_file_of_another_type_is_refused(api: httpx.Client, content: bytes) -> None:
    answer = upload(api, content)
    assert answer.status_code == 400
    assert list(answer.json()["details"]) == ["file"]


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"data": {"file": "text, no file"}},
        {"files": {"other": ("a.png", encoded("PNG"))}},
        {"files": {"file": ("a.png", b"")}},
        {"json": {"file": "x"}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}},
        {"content": b"--y\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=y"}},
    ],
    ids=["nothing", "field", "other-name", "empty", "json", "no-boundary", "garbage", "cut"],
)
def test_a_form_without_a_file_is_refused(api: httpx.Client, arguments: Json) -> None:
    assert api.post("/v2/uploads", **arguments).status_code == 400


@pytest.mark.parametrize("kind", ["image", "video"])
def test_a_file_may_be_as_large_as_documented_and_no_larger(api: httpx.Client, kind: str) -> None:
    (limit,) = (
        limit.max_megabytes * 1024 * 1024
        for limit in SPEC.operations["uploads.create"].upload
        if limit.kind == kind
    )
    head = {"image": b"GIF89a", "video": b"\0\0\0\x18ftyp"}[kind]
    assert upload(api, head.ljust(limit, b"\0")).status_code == 201
    answer = upload(api, head.ljust(limit + 1, b"\0"))
    assert answer.status_code == 400
    (text,) = answer.json()["details"]["file"]
    assert str(limit) in text
    assert str(limit + 1) in text


@settings(deadline=None, max_examples=50)
@given(
    head=st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"GIF89a"]),
    rest=st.binary(max_size=200),
)
def test_a_picture_that_can_not_be_read_is_stored_all_the_same(
    lasting_api: httpx.Client, head: bytes, rest: bytes
) -> None:
    assert upload(lasting_api, head + rest).status_code == 201


@pytest.mark.parametrize("side", [0, 1, 10_000, 20_000, 2**31 - 1])
def test_a_picture_may_say_that_it_is_of_any_size(api: httpx.Client, side: int) -> None:
    assert upload(api, png_header(side, side)).status_code == 201


# Lists of jobs.


@pytest.fixture(scope="module")
def shelf(instant: Emulator) -> Iterator[tuple[httpx.Client, list[Json]]]:
    """An account with seven jobs, and these, newest first."""
    with connect(instant, new_key()) as client:
        requests = [
            *(request_of(model) for model in MODELS),
            request_of(aspect_ratio="0:1"),
            request_of(),
        ]
        ids = [submit(client, request) for request in requests]
        yield client, [job_of(client, id) for id in reversed(ids)]


Shelf: TypeAlias = tuple[httpx.Client, list[Json]]


def listed(api: httpx.Client, **query: str | int) -> Json:
    answer = api.get(JOBS, params=query)
    assert answer.status_code == 200, answer.text
    page: Json = answer.json()
    return page


def ids_of(jobs: Sequence[Json]) -> list[str]:
    return [str(job["id"]) for job in jobs]


def test_a_new_account_has_no_jobs(api: httpx.Client) -> None:
    assert listed(api) == {"jobs": [], "nextCursor": None, "hasMore": False}


def test_jobs_are_listed_newest_first_without_their_input(shelf: Shelf) -> None:
    api, jobs = shelf
    assert listed(api) == {
        "jobs": [{name: job[name] for name in job if name != "input"} for job in jobs],
        "nextCursor": None,
        "hasMore": False,
    }


def test_a_page_has_twenty_jobs_if_not_told_otherwise(api: httpx.Client) -> None:
    ids = [submit(api) for _ in range(21)]
    page = listed(api)
    assert SPEC.operations["jobs.list"].query["limit"].default == 20
    assert ids_of(page["jobs"]) == ids[:0:-1]
    assert page["hasMore"] is True


@settings(deadline=None, max_examples=20)
@given(limit=st.integers(1, 100))
def test_a_walk_by_cursors_meets_every_job_once(shelf: Shelf, limit: int) -> None:
    api, jobs = shelf
    met: list[str] = []
    query: dict[str, str | int] = {"limit": limit}
    for _ in range(len(jobs)):
        page = listed(api, **query)
        assert len(page["jobs"]) <= limit
        assert page["hasMore"] is (page["nextCursor"] is not None)
        met += ids_of(page["jobs"])
        if not page["hasMore"]:
            break
        query["cursor"] = page["nextCursor"]
    assert met == ids_of(jobs)


def test_a_job_that_comes_during_a_walk_is_not_in_it(api: httpx.Client) -> None:
    ids = [submit(api) for _ in range(3)]
    page = listed(api, limit=2)
    submit(api)
    assert ids_of(listed(api, limit=2, cursor=page["nextCursor"])["jobs"]) == ids[:1]


def test_a_walk_goes_on_when_the_last_job_seen_has_left_the_filter(
    slow_api: httpx.Client, clock: Callable[[float], None]
) -> None:
    for _ in range(3):
        submit(slow_api)
    page = listed(slow_api, status="QUEUED", limit=1)
    clock(SLOW / 2)
    assert listed(slow_api, status="QUEUED", limit=1, cursor=page["nextCursor"])["jobs"] == []


@pytest.mark.parametrize("status", SPEC.objects["JobStatus"].values or [])
def test_jobs_are_listed_by_status(shelf: Shelf, status: str) -> None:
    api, jobs = shelf
    wanted = [job for job in jobs if job["status"] == status]
    assert ids_of(listed(api, status=status)["jobs"]) == ids_of(wanted)


@pytest.mark.parametrize("model", [*MODELS, "no-such-model"])
def test_jobs_are_listed_by_model(shelf: Shelf, model: str) -> None:
    api, jobs = shelf
    wanted = [job for job in jobs if job["model"] == model]
    assert ids_of(listed(api, model=model)["jobs"]) == ids_of(wanted)


def test_filters_apply_together_and_to_the_walk(shelf: Shelf) -> None:
    api, jobs = shelf
    wanted = [j for j in jobs if (j["model"], j["status"]) == ("flux-2-pro", "COMPLETED")]
    assert len(wanted) == 2
    page = listed(api, model="flux-2-pro", status="COMPLETED", limit=1)
    rest = listed(api, model="flux-2-pro", status="COMPLETED", cursor=page["nextCursor"])
    assert ids_of(page["jobs"] + rest["jobs"]) == ids_of(wanted)


def test_a_job_is_searched_by_its_id(shelf: Shelf) -> None:
    api, jobs = shelf
    assert ids_of(listed(api, search=jobs[3]["id"].upper())["jobs"]) == [jobs[3]["id"]]
    assert listed(api, search=str(uuid.uuid4()))["jobs"] == []


def test_the_models_in_use_are_listed_when_asked_for(shelf: Shelf) -> None:
    api, _ = shelf
    assert sorted(listed(api, include_models="true", limit=1)["models"]) == MODELS
    assert "models" not in listed(api, include_models="false")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", ""),
        ("limit", "ten"),
        ("limit", "5.5"),
        ("limit", "1_0"),
        pytest.param("limit", "\N{ARABIC-INDIC DIGIT FIVE}", id="limit-arabic"),
        pytest.param("limit", "9" * 5000, id="limit-long"),
        ("status", "DONE"),
        ("scope", "world"),
        ("search", "fox"),
        ("include_models", "yes"),
        ("cursor", "nowhere"),
    ],
)
def test_a_query_out_of_its_limits_is_refused(api: httpx.Client, name: str, value: str) -> None:
    answer = api.get(JOBS, params={name: value})
    assert answer.status_code == 400
    assert list(answer.json()["details"]) == [name]


@pytest.mark.parametrize("limit", [1, 100])
def test_a_query_at_its_limits_is_answered(api: httpx.Client, limit: int) -> None:
    assert listed(api, limit=limit, scope="team")["jobs"] == []


# Bodies that are not requests.


def nested(depth: int) -> bytes:
    inner = b'{"a":' * depth + b"1" + b"}" * depth
    return b'{"model":"flux-2-pro","prompt":"x","fluxParams":' + inner + b"}"


def with_guidance(number: str) -> bytes:
    return b'{"model":"flux-2-flex","prompt":"x","fluxParams":{"guidance":%s}}' % number.encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut"),
        pytest.param(b'{"model":"flux-2-pro","prompt":"x",}', id="comma"),
        pytest.param(b"model=flux-2-pro&prompt=x", id="form"),
        pytest.param(b"\xff\xfe\xfa", id="no-utf-8"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="array"),
        pytest.param(b'"flux-2-pro"', id="string"),
        pytest.param(b"1", id="number"),
        pytest.param(b"true", id="boolean"),
        pytest.param(b"{}", id="empty"),
        pytest.param(b"NaN", id="nan"),
        pytest.param(with_guidance("NaN"), id="nan-inside"),
        pytest.param(with_guidance("-Infinity"), id="infinity"),
        pytest.param(with_guidance("1e999"), id="overflow"),
        pytest.param(with_guidance("9" * 5000), id="long-number"),
        pytest.param(b'{"model":1e999,"prompt":"x"}', id="overflow-model"),
        pytest.param(b'{"model":"flux-2-pro","prompt":"\\ud800"}', id="lone-surrogate"),
        pytest.param(b'{"model":"flux-2-pro","prompt":"x","\\udc00":1}', id="surrogate-name"),
        pytest.param(b'{"model":"\\ud800","prompt":"x"}', id="surrogate-model"),
        pytest.param(b'{"model":{"model":"flux-2-pro"},"prompt":"x"}', id="object-model"),
        pytest.param(b'{"model":"flux-2-pro","prompt":"x","fluxParams":[]}', id="array-inside"),
        pytest.param(b'{"model":"flux-2-pro","prompt":"x","":1}', id="nameless"),
        pytest.param(b"[" * 100_000, id="brackets"),
        pytest.param(b'{"a":' * 100_000, id="braces"),
        *(
            pytest.param(nested(depth), id=f"depth-{depth}")
            for depth in (100, 254, 255, 256, 400, 900, 1000, 100_000)
        ),
    ],
)
def test_a_body_that_is_not_a_request_is_refused(api: httpx.Client, body: bytes) -> None:
    answer = api.post(GENERATE, content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert listed(api)["jobs"] == []


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)  # Half surrogate pairs among them.
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=5)
    ),
    max_leaves=15,
)
MEMBERS = sorted({name for model in MODELS for name in SPEC.models[model].parameters})
PARAMETERS = st.dictionaries(
    st.sampled_from(MEMBERS),
    SCALARS
    | st.integers(-1, 2050)
    | st.sampled_from(["custom", "match_input_image", "16:9", "0:0", "1 MP", "4MP", "jpg", "png"])
    | st.lists(st.sampled_from(["https://example.com/a.png", "data:,", ""]), max_size=11),
    max_size=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> Json:
    """A documented request with a member changed, added or taken away, at any place."""
    examples = [example.request for model, _, example in SPEC.examples() if model.id in MODELS]
    request: Json = copy.deepcopy(draw(st.sampled_from(examples)))
    for _ in range(draw(st.integers(1, 3))):
        place = request
        if isinstance(request.get("fluxParams"), dict) and draw(st.booleans()):
            place = request["fluxParams"]
        names = st.sampled_from([*sorted(place), *MEMBERS, "webhookEvents", "fluxParams"])
        name = draw(names | st.text(max_size=5))
        if draw(st.integers(0, 3)):
            place[name] = draw(VALUES | PARAMETERS)
        else:
            place.pop(name, None)
    return request


@st.composite
def composed(draw: st.DrawFn) -> Json:
    """A request of a known model with parameters of any."""
    model = draw(st.sampled_from(MODELS))
    return {"model": model, "prompt": "x", "fluxParams": draw(PARAMETERS)}


def send(api: httpx.Client, body: object) -> None:
    """Send JSON, and hold the answer against the document; what is accepted must be stored."""
    api.headers["X-API-Key"] = new_key()
    text = json.dumps(body)
    answer = api.post(GENERATE, content=text, headers=JSON)
    assert answer.status_code in (202, 400), answer.text
    if answer.status_code == 202:
        stored = job_of(api, answer.json()["jobId"])["input"]
        assert stored == json.loads(text, parse_float=read_number)


def read_number(text: str) -> float:
    """What is written as an integer with an exponent is that one, beyond the digits of a float too."""
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else float(text)


def test_an_integer_with_an_exponent_is_exactly_that(lasting_api: httpx.Client) -> None:
    send(
        lasting_api,
        {"model": "flux-1.1-pro", "prompt": "x", "fluxParams": {"seed": 6.377945400570642e16}},
    )


@settings(deadline=None, max_examples=100)
@given(body=VALUES)
def test_any_json_is_answered_and_never_breaks_the_server(
    lasting_api: httpx.Client, body: object
) -> None:
    send(lasting_api, body)


@settings(deadline=None, max_examples=300)
@given(body=mutated() | composed())
def test_a_request_gone_wrong_is_answered_and_never_breaks_the_server(
    lasting_api: httpx.Client, body: Json
) -> None:
    send(lasting_api, body)


@settings(deadline=None, max_examples=100)
@given(body=st.binary())
def test_any_bytes_are_refused(lasting_api: httpx.Client, body: bytes) -> None:
    assert lasting_api.post(GENERATE, content=body, headers=JSON).status_code == 400


@settings(deadline=None, max_examples=100)
@given(
    query=st.dictionaries(
        st.sampled_from([*SPEC.operations["jobs.list"].query, "other"]), st.text(max_size=8)
    )
)
def test_any_query_is_answered(lasting_api: httpx.Client, query: dict[str, str]) -> None:
    assert lasting_api.get(JOBS, params=query).status_code in (200, 400)


# Starting and stopping.


@contextmanager
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until(lambda: set(threading.enumerate()) <= before)


def test_a_port_that_is_taken_is_an_os_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, no_thread_left():
        emulator = Emulator(port=taken.getsockname()[1])
        with pytest.raises(OSError, match=r"in use|permitted|forbidden"):
            emulator.start()
        with pytest.raises(RuntimeError, match="is not running"):
            _ = emulator.url
        emulator.stop()


def test_a_stopped_emulator_leaves_nothing_behind() -> None:
    with no_thread_left():
        emulator = Emulator(job_seconds=0).start()
        with connect(emulator, new_key()) as api:
            picture_of(api, submit(api))
            url = emulator.url
            emulator.stop()  # With a connection that is still open.
            with pytest.raises(httpx.TransportError):
                api.get(f"{url}/v2/models")
        with pytest.raises(RuntimeError, match="is not running"):
            _ = emulator.url


def test_an_emulator_can_be_started_again_on_the_same_port() -> None:
    with Emulator() as emulator:
        port = int(emulator.url.rpartition(":")[2])
    again = Emulator(port=port)
    for _ in range(2):
        with again, connect(again, new_key()) as api:
            assert api.get("/v2/me").status_code == 200


def test_stopping_what_does_not_run_does_nothing() -> None:
    Emulator().stop()


def test_two_emulators_know_nothing_of_each_other(instant: Emulator) -> None:
    key = new_key()
    with (
        Emulator(job_seconds=0) as other,
        connect(instant, key) as here,
        connect(other, key) as there,
    ):
        id = submit(here)
        assert here.get(f"{JOBS}/{id}").status_code == 200
        assert there.get(f"{JOBS}/{id}").status_code == 404
        assert credits_of(here) < credits_of(there)


def test_a_negative_job_time_is_refused() -> None:
    with pytest.raises(ValueError, match="job_seconds: -1 is below the minimum of 0"):
        Emulator(job_seconds=-1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("job_seconds", "1"),
        ("port", 65_536),
        ("port", "8000"),
        ("credits", "many"),
        ("credits", -1),
        ("credits_per_megapixel", -4),
        ("seed", "x"),
        ("requests_per_minute", "3"),
        ("jobs_at_once", 0),
    ],
)
def test_an_option_that_can_not_be_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name}: {value!r} is "):
        Emulator(**{name: value})


def test_faults_of_webhooks_are_nothing_else() -> None:
    with pytest.raises(TypeError, match="pass WebhookFaults"):
        Emulator(webhook_faults={"lose": 1})  # type: ignore[arg-type]


def test_it_and_what_it_saw_are_told_in_a_word(instant: Emulator) -> None:
    assert repr(instant) == f"<Emulator at {instant.url}>"
    with Emulator() as emulator, emulator.client() as client:
        client.images.generate(model="flux-2-pro", prompt="a fox")
        assert [repr(emulator.jobs), repr(emulator.webhooks)] == [
            "<Jobs: 1>", "<Webhooks: 0 deliveries>"
        ]  # fmt: skip
    assert repr(emulator) == "<Emulator, not running>"


@pytest.mark.parametrize("seconds", [math.nan, -math.inf])
def test_a_job_time_that_is_not_a_number_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="job_seconds"):
        Emulator(job_seconds=seconds)
