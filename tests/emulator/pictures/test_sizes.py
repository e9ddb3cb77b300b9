"""How many pixels a picture has, by what its request says of it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fluxframe.emulator._contract.models import Values
from fluxframe.emulator._pictures.size import LARGEST, MEGAPIXEL, UnrenderableError, asked

from .conftest import CONTAINER, MODEL, MODELS, Api, painted, plain_request


def pixel_size(
    parameters: Mapping[str, object], input_size: tuple[int, int] | None = None
) -> tuple[int, int]:
    return asked(Values(MODELS[MODEL], {CONTAINER: parameters}), input_size).size()


@given(
    across=st.integers(1, 5000),
    down=st.integers(1, 5000),
    hundredths=st.integers(1, 400),
    space=st.sampled_from(["", " "]),
)
def test_a_size_has_the_ratio_and_the_megapixels_asked_for(
    across: int, down: int, hundredths: int, space: str
) -> None:
    resolution = f"{hundredths / 100}{space}MP"
    area = hundredths / 100 * MEGAPIXEL
    exact = math.sqrt(area * across / down), math.sqrt(area * down / across)
    assume(min(exact) > 17)
    assume(max(exact) < 8191)
    size = pixel_size({"aspect_ratio": f"{across}:{down}", "resolution": resolution})
    assert size == pytest.approx(exact, abs=0.51)
    assert pixel_size(
        {"aspect_ratio": "match_input_image", "resolution": resolution}, (across, down)
    ) == pytest.approx(exact, abs=0.51)


@given(across=st.integers(0), down=st.integers(0), thousandths=st.integers(0, 4000))
def test_any_ratio_gives_a_picture_that_can_be_drawn_or_a_reason(
    across: int, down: int, thousandths: int
) -> None:
    parameters = {"aspect_ratio": f"{across}:{down}", "resolution": f"{thousandths / 1000:.3f} MP"}
    try:
        width, height = pixel_size(parameters)
    except UnrenderableError as error:
        assert str(error)
    else:
        assert 16 <= width <= LARGEST
        assert 16 <= height <= LARGEST


@given(width=st.integers(256, 2048), height=st.integers(256, 2048))
def test_a_custom_size_is_taken_to_the_pixel(width: int, height: int) -> None:
    custom = {"aspect_ratio": "custom", "width": width, "height": height}
    assert pixel_size(custom) == (width, height)
    assert pixel_size({**custom, "resolution": "4 MP"}, (3, 1)) == (width, height)


@given(width=st.integers(256, 2048), height=st.integers(256, 2048))
def test_width_and_height_count_only_beside_custom(width: int, height: int) -> None:
    assert pixel_size({"width": width, "height": height}) == (1024, 1024)
    sized = {"aspect_ratio": "2:1", "width": width, "height": height}
    assert pixel_size(sized) == pixel_size({"aspect_ratio": "2:1"})


@pytest.mark.parametrize("size", [(256, 256), (257, 700), (1440, 256), (2048, 300)])
def test_a_picture_has_the_custom_size(api: Api, size: tuple[int, int]) -> None:
    width, height = size
    custom = plain_request(aspect_ratio="custom", width=width, height=height)
    assert api.picture(custom).size == size


@pytest.mark.parametrize(
    ("ratio", "resolution", "size"),
    [
        ("1:1", "0.25 MP", (512, 512)),
        ("4:1", "1 MP", (2048, 512)),
        ("1:4", "0.25MP", (256, 1024)),
        ("16:9", "0.1 MP", (432, 243)),
        ("1:1", "4 MP", (2048, 2048)),
    ],
)
def test_a_picture_has_the_ratio_and_the_megapixels(
    api: Api, ratio: str, resolution: str, size: tuple[int, int]
) -> None:
    assert api.picture(plain_request(aspect_ratio=ratio, resolution=resolution)).size == size


def test_a_picture_without_any_size_is_a_square_of_one_megapixel(api: Api) -> None:
    assert api.picture(plain_request()).size == (1024, 1024)


@pytest.mark.parametrize("model", ["flux-2-pro", "flux-2-dev"])
@pytest.mark.parametrize("size", [(90, 30), (30, 90), (77, 77)])
def test_a_picture_takes_the_ratio_of_the_first_input_image(
    api: Api, model: str, size: tuple[int, int]
) -> None:
    urls = [api.uploaded(painted(size=each)) for each in (size, (200, 10))]
    matching = plain_request(aspect_ratio="match_input_image", input_images=urls)
    width, height = api.picture({**matching, "model": model}).size
    assert width * size[1] == pytest.approx(height * size[0], abs=max(size))
    assert width * height == pytest.approx(MEGAPIXEL, rel=0.01)


def test_an_input_image_of_another_host_is_not_asked_for(api: Api) -> None:
    url = "https://example.com/car.jpg"
    matching = plain_request(aspect_ratio="match_input_image", input_images=[url])
    assert api.picture(matching).size == (1024, 1024)
