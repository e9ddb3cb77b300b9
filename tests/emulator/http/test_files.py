"""Files in parts: a download that broke off goes on, and one that is there already is not sent again."""

from __future__ import annotations

import json

import pytest

from .raw import REQUEST, Answer, ask, head, post
from .test_uploads import TAKEN, upload

CONTENT = TAKEN["png"][0] + bytes(range(92))
SIZE = len(CONTENT)
SMALL = {"aspect_ratio": "custom", "width": 256, "height": 256}


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


@pytest.fixture(scope="module")
def file(url: str) -> str:
    return path_of(upload(url, CONTENT).json["url"])


def get(url: str, file: str, method: str = "GET", **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(url, head(method, file, {"X-API-Key": "", **sent}))


def test_a_file_says_that_it_can_be_had_in_parts(url: str, file: str) -> None:
    for method in ("GET", "HEAD"):
        answer = get(url, file, method)
        assert (answer.status, answer.headers["accept-ranges"]) == (200, "bytes")
        assert answer.headers["content-length"] == str(SIZE)
        assert answer.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=10-19", range(10, 20)),
        ("bytes=10-", range(10, SIZE)),
        ("bytes=0-", range(SIZE)),
        ("bytes=-7", range(SIZE - 7, SIZE)),
        ("bytes=-100000", range(SIZE)),
        (f"bytes=90-{10**30}", range(90, SIZE)),
        (f"BYTES={SIZE - 1}-{SIZE}", range(SIZE - 1, SIZE)),
    ],
)
def test_a_part_is_had(url: str, file: str, wanted: str, part: range) -> None:
    answer = get(url, file, Range=wanted)
    assert answer.status == 206
    assert answer.body == CONTENT[part.start : part.stop]
    assert answer.headers["content-range"] == f"bytes {part.start}-{part.stop - 1}/{SIZE}"


@pytest.mark.parametrize(
    "wanted", [f"bytes={SIZE}-", f"bytes={10**30}-", "bytes=-0", "bytes=500-600"]
)
def test_a_part_that_there_is_not_is_refused(url: str, file: str, wanted: str) -> None:
    answer = get(url, file, Range=wanted)
    assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{SIZE}")
    assert answer.json["error"]


@pytest.mark.parametrize(
    "wanted",
    ["bytes=9-5", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "bytes", "", "bytes=+1-2"],
)
def test_of_a_range_that_is_none_the_whole_is_had(url: str, file: str, wanted: str) -> None:
    answer = get(url, file, Range=wanted)
    assert (answer.status, answer.body) == (200, CONTENT)


def test_a_range_is_nothing_to_head(url: str, file: str) -> None:
    answer = get(url, file, "HEAD", Range="bytes=0-1")
    assert (answer.status, answer.headers["content-length"]) == (200, str(SIZE))


def test_a_download_goes_on_only_if_the_file_is_the_same(url: str, file: str) -> None:
    tag = get(url, file).headers["etag"]
    assert get(url, file, Range="bytes=5-", If_Range=tag).status == 206
    for other in ('"other"', f"W/{tag}", "Fri, 27 Nov 2026 00:00:00 GMT"):
        assert get(url, file, Range="bytes=5-", If_Range=other).status == 200


def test_a_file_that_is_there_already_is_not_sent_again(url: str, file: str) -> None:
    tag = get(url, file).headers["etag"]
    for known in (tag, f"W/{tag}", f'"a", {tag}', "*"):
        answer = get(url, file, If_None_Match=known)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
    assert get(url, file, If_None_Match='"other"').status == 200


def test_a_picture_is_had_in_parts_too(url: str) -> None:
    request = {**REQUEST, "fluxParams": {**SMALL, "output_format": "webp"}}
    id = ask(url, post("/v2/images/generate", json.dumps(request).encode())).json["jobId"]
    [picture] = ask(url, head("GET", f"/v2/jobs/{id}")).json["result"]["images"]
    whole = get(url, path_of(picture)).body
    parts = [
        get(url, path_of(picture), Range=f"bytes={i}-{i + 999}") for i in range(0, len(whole), 1000)
    ]
    assert {part.status for part in parts} == {206}
    assert b"".join(part.body for part in parts) == whole


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_file_is_only_for_reading(url: str, file: str, method: str) -> None:
    answer = get(url, file, method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
