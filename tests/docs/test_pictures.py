"""Pictures for pages: small files, and words for who does not see them."""

from __future__ import annotations

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from docs.building.pictures import MOST_BYTES, compressed, described
from fluxframe import models


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_even_noise_fits_a_page(mode: str) -> None:
    size = (640, 640)
    pixels = Random(1).randbytes(size[0] * size[1] * len(mode))
    content = compressed(Image.frombytes(mode, size, pixels))
    assert len(content) <= MOST_BYTES
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.mode) == ("WEBP", mode)


def test_what_is_plain_stays_as_it_is() -> None:
    with Image.open(BytesIO(compressed(Image.new("RGB", (640, 360), "teal")))) as image:
        assert image.size == (640, 360)


@pytest.mark.parametrize("model", models)
def test_each_example_is_told_in_words(model: str) -> None:
    for example in models[model].examples:
        words = described(models[model], example)
        assert models[model].title in words
        assert "None" not in words
        assert "{" not in words
