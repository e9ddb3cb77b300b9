"""The files of pictures: their formats, qualities and bytes."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe.emulator import Emulator

from .conftest import Api, Json, connected, decoded, plain_request

MODELS = ["flux-1.1-pro", "flux-2-dev", "flux-2-flex", "flux-2-max", "flux-2-pro"]


def small(model: str = "flux-2-pro", **parameters: object) -> Json:
    sized = plain_request(aspect_ratio="custom", width=256, height=256, **parameters)
    return {**sized, "model": model}


@pytest.mark.parametrize(
    ("ending", "format", "media_type"),
    [("jpg", "JPEG", "image/jpeg"), ("png", "PNG", "image/png"), ("webp", "WEBP", "image/webp")],
)
@pytest.mark.parametrize("model", MODELS)
def test_a_picture_has_the_format_asked_for(
    api: Api, model: str, ending: str, format: str, media_type: str
) -> None:
    (url,) = api.urls(small(model, output_format=ending))
    answer = api.http.get(url)
    assert url.endswith(f".{ending}")
    assert answer.headers["content-type"] == media_type
    assert decoded(answer.content).format == format


def test_a_picture_is_served_to_who_has_no_key(api: Api) -> None:
    (url,) = api.urls(small())
    assert httpx.get(url, trust_env=False).content == api.http.get(url).content


@pytest.mark.parametrize("ending", ["jpg", "webp"])
def test_a_higher_quality_makes_a_larger_file(api: Api, ending: str) -> None:
    sizes = [
        len(api.file(small(seed=1, output_format=ending, output_quality=quality)))
        for quality in (0, 50, 100)
    ]
    assert sizes == sorted(set(sizes))


def test_quality_is_nothing_to_a_png(api: Api) -> None:
    low, high = (
        api.picture(small(seed=1, output_format="png", output_quality=quality))
        for quality in (0, 100)
    )
    assert low.tobytes() == high.tobytes()


@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_the_same_seed_gives_the_same_bytes_on_another_server(api: Api, ending: str) -> None:
    request = small(seed=42, output_format=ending)
    with Emulator(job_seconds=0) as other, connected(other) as there:
        assert there.file(request) == api.file(request)


@pytest.mark.parametrize(
    "change",
    [{"seed": 43}, {"prompt": "a blue fox"}, {"model": "flux-2-max"}],
    ids=lambda change: next(iter(change)),
)
def test_another_seed_prompt_or_model_gives_another_picture(api: Api, change: Json) -> None:
    pictures = []
    for seed, other in ((42, {}), (change.get("seed", 42), change)):
        request = small(seed=seed, output_format="png")
        members = {name: value for name, value in other.items() if name != "seed"}
        pictures.append(api.picture({**request, **members}))
    assert pictures[0].tobytes() != pictures[1].tobytes()


def test_without_a_seed_each_job_has_a_picture_of_its_own(api: Api) -> None:
    (one,), (other,) = (api.urls(small(output_format="png")) for _ in range(2))
    first = api.http.get(one).content
    assert decoded(first).tobytes() != decoded(api.http.get(other).content).tobytes()
    assert first == api.http.get(one).content


@settings(max_examples=25)
@given(prompt=st.text(min_size=1, max_size=2000), seed=st.integers())
def test_any_prompt_and_any_seed_make_a_picture(api: Api, prompt: str, seed: int) -> None:
    request = {**small(seed=seed, output_format="png"), "prompt": prompt}
    id = api.submit(request)
    assert api.http.get(f"/v2/jobs/{id}").json()["input"]["prompt"] == prompt
    assert api.picture(request).size == (256, 256)
