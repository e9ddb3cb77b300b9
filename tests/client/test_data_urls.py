"""A result that is a `data:` URL holds its picture itself; and how many pictures a job may have."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe import AsyncFluxframe, AsyncImage, AsyncJob, Image, Job, ResultError
from fluxframe._wire.data_urls import data_of

from ..servers.scripted import job_json
from .calls import ID, Kind, both, call

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3
BASE64 = base64.b64encode(PICTURE).decode()
FORMS = {
    "base64": f"data:image/png;base64,{BASE64}",
    "capitals": f"DATA:image/png;BASE64,{BASE64}",
    "no media type": f"data:;base64,{BASE64}",
    "parameters": f"data:image/png;name=fox.png;base64,{BASE64}",
    "no padding": f"data:image/png;base64,{BASE64.rstrip('=')}",
    "the alphabet of URLs": f"data:image/png;base64,{base64.urlsafe_b64encode(PICTURE).decode()}",
    "base64 in escapes": f"data:image/png;base64,{BASE64.replace('+', '%2B').replace('=', '%3D')}",
    "lines": f"data:image/png;base64,{BASE64[:76]}\n{BASE64[76:]}",
    "escapes": f"data:image/png,{quote_from_bytes(PICTURE)}",
}


def image_of(kind: Kind, url: str, use: Callable[[Any], Any]) -> Any:
    image = AsyncImage if issubclass(kind, AsyncFluxframe) else Image
    return call(kind, lambda client: use(image(client._transport, url, job_id=ID, index=0)))


@both
@pytest.mark.parametrize("form", FORMS)
def test_a_picture_in_its_url_is_had_without_a_host(kind: Kind, form: str, tmp_path: Path) -> None:
    assert image_of(kind, FORMS[form], lambda image: image.bytes()) == PICTURE
    path = image_of(kind, FORMS[form], lambda image: image.save(tmp_path))
    assert (path.name, path.read_bytes()) == (f"{ID}-1.png", PICTURE)
    shown = image_of(kind, FORMS[form], lambda image: image._repr_html_())
    assert shown.startswith('<img src="data:image/png;base64,')


@pytest.mark.parametrize("kind", [Job, AsyncJob])
def test_a_picture_of_megabytes_is_not_shown(kind: Any) -> None:
    url = "data:image/png;base64," + "A" * 2_000_000
    job = kind(None, job_json(ID, result={"images": [url]}))
    [image] = copy.copy(job).images
    assert image.url == url
    shown = [repr(image), str(image), repr(job), job._repr_html_()]
    assert "data:image/png;base64,… (2000022 characters)" in repr(image)
    assert all(len(text) < 500 for text in shown)


def test_a_copy_without_a_client_has_it_too() -> None:
    [image] = copy.deepcopy(Job(None, job_json(ID, result=FORMS["base64"]))).images
    assert image.bytes() == PICTURE


@both
@pytest.mark.parametrize(
    "url",
    [
        "data:",
        "data:image/png;base64",
        "data:image/png;base64,",
        "data:image/png;base64,!",
        "data:image/png;base64,A",
        "data:image/png;base64,é",
        "data:image/png;base64," + BASE64 + "\ud800",
        "data:text/html,<b>no picture</b>",
        "data:" + "x" * 2_000_000,
        "data:image/png;base64," + "!" * 2_000_000,
    ],
    ids=lambda url: ascii(url[:40]),
)
def test_what_is_not_a_picture_is_an_error_that_can_be_read(
    kind: Kind, url: str, tmp_path: Path
) -> None:
    for use in (lambda image: image.bytes(), lambda image: image.save(tmp_path)):
        with pytest.raises(ResultError) as caught:
            image_of(kind, url, use)
        assert len(str(caught.value)) < 400
    assert list(tmp_path.iterdir()) == []
    assert len(image_of(kind, url, lambda image: image._repr_html_())) < 600


@both
@pytest.mark.parametrize("form", FORMS)
def test_it_is_measured(kind: Kind, form: str) -> None:
    exact = len(PICTURE)
    assert image_of(kind, FORMS[form], lambda image: image.bytes(max_bytes=exact)) == PICTURE
    with pytest.raises(ResultError, match="max_bytes"):
        image_of(kind, FORMS[form], lambda image: image.bytes(max_bytes=exact - 1))


@given(data=st.binary(max_size=300), wrap=st.integers(1, 80))
def test_any_bytes_come_back(data: bytes, wrap: int) -> None:
    text = base64.b64encode(data).decode()
    lines = "\r\n".join(text[i : i + wrap] for i in range(0, len(text), wrap))
    assert data_of(f"data:;base64,{lines}", max(1, 10 * len(data))) == data
    assert data_of(f"data:,{quote_from_bytes(data)}", max(1, len(data))) == data


@given(url=st.text().map("data:".__add__) | st.text().map("data:;base64,".__add__))
def test_any_data_url_is_read_or_an_error_of_ours(url: str) -> None:
    image = Image(None, url, job_id=ID, index=0)
    assert len(repr(image)) < 300
    try:
        image.bytes()
    except ResultError as error:
        assert len(str(error)) < 400


# How many


@pytest.mark.parametrize("kind", [Job, AsyncJob])
def test_thousands_of_pictures_are_not_fetched(kind: Any) -> None:
    urls = [f"https://files.example/{n}.png" for n in range(3000)]
    job = kind(None, job_json(ID, result={"images": urls}))
    with pytest.raises(ResultError, match=f"job .{ID}. has 3000 images, more than the 100"):
        _ = job.images
    assert job.image_urls == urls
    assert "more than the 100" in job._repr_html_()
    job.raw["result"]["images"] = urls[:100]
    assert len(job.images) == 100
