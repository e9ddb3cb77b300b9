"""What a request says is seen in its picture: another prompt, other parameters, the same again."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter, ImageStat

from fluxframe.emulator._contract.models import Values
from fluxframe.emulator._pictures.drawing import file, picture
from fluxframe.emulator._pictures.marks import marks
from fluxframe.emulator._pictures.references import given as given_by

from .conftest import MODELS, scene

ROLELESS = [
    (model.id, parameter.name)
    for model in MODELS.values()
    if "flux" in model.id
    for parameter in model.parameters.values()
    if parameter.role in (None, "negative_prompt") and len(parameter.path) > 1
]


def apart(one: Image.Image, other: Image.Image) -> float:
    """How much two pictures differ in what is large in them, out of 255; their labels aside."""
    box = (0, 0, one.width, one.height * 3 // 4)
    small = [image.crop(box).resize((24, 18)).convert("L") for image in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*small)).mean[0])


def values_for(schema: dict[str, Any]) -> list[Any]:
    """Two values of a schema."""
    if "enum" in schema:
        return list(schema["enum"][:2])
    match schema.get("type"):
        case "boolean":
            return [True, False]
        case "integer" | "number":
            least = schema.get("minimum", 1)
            return [least, min(least + 1, schema.get("maximum", least + 1))]
        case "array":
            return [["x"], ["y"]]
        case _:
            return ["x", "y"]


@pytest.mark.parametrize(("model", "name"), ROLELESS)
@pytest.mark.parametrize("size", [(256, 256), (64, 64)])
def test_each_parameter_leaves_a_mark(model: str, name: str, size: tuple[int, int]) -> None:
    parameter = MODELS[model].parameters[name]
    values = values_for(parameter.schema)
    pictures = [picture(scene(model=model, size=size, **{name: value}), 0) for value in values]
    pictures.append(picture(scene(model=model, size=size), 0))
    assert len({image.tobytes() for image in pictures}) == len(values) + 1


def test_what_is_seen_already_leaves_no_mark() -> None:
    request = {
        "model": "flux-2-flex",
        "prompt": "a fox",
        "webhookUrl": "https://example.com/secret",
        "fluxParams": {
            "seed": 1,
            "aspect_ratio": "1:1",
            "output_format": "png",
            "input_images": ["https://example.com/a.png"],
            "steps": 28,
            "guidance": 3.5,
            "prompt_upsampling": False,
        },
    }
    values = Values(MODELS["flux-2-flex"], request)
    assert sorted(marks(values)) == ["guidance 3.5", "no prompt upsampling", "steps 28"]


def test_pictures_that_are_given_leave_no_mark_but_themselves() -> None:
    url = "https://example.com/a.png"
    made = scene(
        model="ideogram-v2", style_reference_images=[url, url], character_reference_image=url
    ).plan.values
    assert not marks(made)
    assert given_by(made) == [url] * 3


@given(st.text(min_size=1, max_size=5000))
def test_a_mark_is_short(text: str) -> None:
    model = MODELS["flux-lora"]
    [name] = {p.name for p in model.parameters.values() if p.name == "loraId"}
    container = model.parameters[name].path[0]
    [mark] = marks(Values(model, {container: {name: f"= {text}"}}))
    assert len(mark) < 60


@settings(max_examples=30)
@given(st.lists(st.text(min_size=1, max_size=60), min_size=2, max_size=2, unique=True))
def test_two_prompts_look_different(prompts: list[str]) -> None:
    one, other = (picture(scene(prompt, (200, 200)), 0, labelled=False) for prompt in prompts)
    assert apart(one, other) > 4


@settings(max_examples=20)
@given(seeds=st.lists(st.integers(0, 10**9), min_size=2, max_size=2, unique=True))
def test_two_seeds_look_different(seeds: list[int]) -> None:
    one, other = (picture(scene(size=(200, 200), seed=seed), 0, labelled=False) for seed in seeds)
    assert apart(one, other) > 2


@pytest.mark.parametrize("model", ["flux-2-pro", "flux-2-max", "flux-2-flex", "flux-2-dev"])
def test_a_picture_has_something_in_it(model: str) -> None:
    for number in range(12):
        image = picture(scene(f"prompt {number}", (300, 300), model=model), 0, labelled=False)
        assert ImageStat.Stat(image.convert("L")).stddev[0] > 14, number
        edges = image.convert("L").filter(ImageFilter.FIND_EDGES).crop((2, 2, 298, 298))
        assert edges.getextrema()[1] > 24, number  # type: ignore[operator]


def test_a_picture_is_the_same_in_every_process() -> None:
    program = (
        "import hashlib; from tests.emulator.pictures.conftest import scene\n"
        "from fluxframe.emulator._pictures.drawing import file\n"
        "print(hashlib.sha256(file(scene('a fox', steps=9, output_format='webp', model='flux-2-flex'))).hexdigest())"
    )
    digests = set()
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(run.stdout)
    assert len(digests) == 1


@pytest.mark.parametrize("size", [(16, 16), (16, 16_000), (4000, 17), (100, 3000), (2500, 2500)])
def test_any_size_is_drawn_to_the_pixel(size: tuple[int, int]) -> None:
    assert picture(scene(size=size, steps=9, model="flux-2-flex"), 0).size == size
    assert file(scene(size=size))


def test_a_large_picture_is_a_small_one_enlarged() -> None:
    for number in range(10):
        small, large = (
            picture(scene(f"prompt {number}", size), 0, labelled=False)
            for size in ((300, 200), (1200, 800))
        )
        assert apart(small, large.resize(small.size, Image.Resampling.BOX)) < 6, number
