"""The words of a row become constraints, and words that are not read are never guessed at."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from codegen.page.meanings import LINKS, MEANINGS
from codegen.page.phrases import PHRASES, Meaning
from codegen.page.reader import read

from .pages import FLUX
from .rows import SIBLINGS, row


def test_each_meaning_has_a_phrase_and_one_function() -> None:
    assert sorted([*MEANINGS, *LINKS]) == sorted(get_args(Meaning))
    assert {meaning for meaning, _ in PHRASES} == {*MEANINGS, *LINKS}


RANGES = ["({}–{})", "{}-{}", "between {} and {}", "from {} to {}", "{}..{}", "{} to {}"]
RANGES += ["min {}, max {}", "at least {} and at most {}", "Steps: ≥ {}, ≤ {}", "must be {} — {}."]


@given(
    st.sampled_from(RANGES),
    st.sampled_from(["steps", "width", "guidance", "unheard_of"]),
    st.lists(st.integers(-5000, 5000), min_size=2, max_size=2).map(sorted),
    st.integers(0, 9),
)
def test_a_range_is_read_in_any_spelling(form: str, name: str, ends: list[int], part: int) -> None:
    assume(name != "guidance" or part)
    low, high = (end + part / 10 for end in ends) if name == "guidance" else ends
    kind = "number" if name == "guidance" else "integer"
    found = row(name, kind, f"Of a kind, {form.format(low, high)}")
    assert (found.constraints["minimum"], found.constraints["maximum"]) == (low, high)
    assert found.unread == ["Of a kind, " + form.format(low, high)] * ("Steps:" in form)


CUSTOM = {"used_when": {"aspect_ratio": "custom"}}
JPG = ["jpg", "png", "webp"]


@pytest.mark.parametrize(
    ("name", "kind", "said", "expected"),
    [
        ("steps", "integer", "Up to 1,024 steps", {"maximum": 1024}),
        ("steps", "integer", "No more than 50", {"maximum": 50}),
        ("steps", "integer", "Steps (maximum 50)", {"maximum": 50}),
        ("steps", "integer", "Steps, 50 or fewer", {"maximum": 50}),
        ("steps", "integer", "Must be at least 3", {"minimum": 3}),
        ("steps", "integer", "Minimum: 3", {"minimum": 3}),
        ("steps", "integer", "Steps, 3 or more", {"minimum": 3}),
        ("steps", "integer", "Must be greater than 0", {"exclusive_minimum": 0}),
        ("steps", "integer", "Must be less than 9", {"exclusive_maximum": 9}),
        ("steps", "integer", "Must be a multiple of 8", {"multiple_of": 8}),
        ("steps", "integer", "Steps (−1–1)", {"minimum": -1, "maximum": 1}),
        ("steps", "integer", "Steps (default 30)", {"default": 30}),
        ("steps", "integer", "Default: 30.", {"default": 30}),
        ("guidance", "number", "Scale `1.5`–`10`, default `4.5`", {"minimum": 1.5, "maximum": 10, "default": 4.5}),
        ("prompt_upsampling", "boolean", "Defaults to true", {"default": True}),
        ("prompt_upsampling", "boolean", "Disabled by default", {"default": False}),
        ("width", "integer", "Width, 256px to 2048 pixels", {"minimum": 256, "maximum": 2048}),
        ("input_images", "string[]", "Up to 8 reference image URLs", {"max_items": 8}),
        ("input_images", "array of strings", "1–4 images", {"min_items": 1, "max_items": 4}),
        ("resolution", "string", "Resolution in megapixels. Up to 4 MP", {"quantity": {"unit": "MP", "maximum": 4}}),
        ("output_format", "string", 'Output format: "jpg", "png", or "webp"', {"values": JPG}),
        ("output_format", "string", "One of jpg, png or webp", {"values": JPG}),
        ("output_format", "string", "`jpg` \\| `png` \\| `webp`", {"values": JPG}),
        ("output_format", "string", "`jpg`, `png`, `webp` (default `png`)", {"values": JPG, "default": "png"}),
        ("output_quality", "integer", "Not relevant for PNG", {"ignored_when": {"output_format": "png"}}),
        ("output_quality", "integer", "Ignored for png", {"ignored_when": {"output_format": "png"}}),
        ("output_quality", "integer", "Ignored when `output_format` is `PNG`", {"ignored_when": {"output_format": "png"}}),
        ("output_quality", "integer", "Applies only if output_format = jpg", {"used_when": {"output_format": "jpg"}}),
        ("steps", "integer", "Only used when go_fast is true", {"used_when": {"go_fast": True}}),
        ("width", "integer", "Only used when aspect_ratio is custom", CUSTOM),
        ("aspect_ratio", "string", 'Use "match_input_image" to match the first input image', {"values": ["match_input_image"], "requires": [{"when": "match_input_image", "parameter": "input_images"}]}),
        ("aspect_ratio", "string", 'Use "auto" to let the model choose', {"values": ["auto"]}),
        ("aspect_ratio", "string", 'In "W:H" format, default 16:9', {"default": "16:9"}),
        ("style", "string", "Required. Style", {"type": "string", "required": True, "summary": "Style"}),
        ("style", "string", "Style, up to 99 characters", {"type": "string", "max_length": 99, "summary": "Style, up to 99 characters"}),
        ("style", "string", "Shape (wide) in 'W:H' format", {"type": "string", "format": "ratio", "summary": 'Shape in "W:H" format'}),
        ("tags", "string[]", "Tags", {"type": "array", "items": {"type": "string"}, "summary": "Tags"}),
        ("count", "integer (1–4)", "Count", {"type": "integer", "minimum": 1, "maximum": 4, "summary": "Count"}),
        ("seed", "integer", "Optional. Random (e.g. 42)", {}),
        ("seed", "integer", "Random seed, for example 7", {}),
        ("output_format", "string", 'Values: "jpg" (default), "png"', {"values": ["jpg", "png"], "default": "jpg"}),
        ("output_format", "string", 'Format. Values: "jpg", "png", "webp" (default)', {"values": JPG, "default": "webp"}),
        ("output_format", "string", 'Format. Values: "jpg", "png" (default "png")', {"values": ["jpg", "png"], "default": "png"}),
        ("output_format", "string", '"jpg" (default) or "png". Use "webp" for less', {"values": JPG, "default": "jpg"}),
        ("output_format", "string", "One of jpg (default), png, webp", {"values": JPG, "default": "jpg"}),
        ("output_format", "string", "jpg, png, or webp.", {"values": JPG}),
        ("output_format", "string", "jpg, png or webp", {"values": JPG}),
        ("steps", "integer", "1, 2, or 4.", {"values": [1, 2, 4]}),
        ("steps", "integer", "2 (slow) or 4 (slower)", {"values": [2, 4]}),
        ("output_format", "string", "jpg, png, or webp (default). Of no effect", {"values": JPG, "default": "webp"}),
        ("output_format", "string", "jpg (default) or png. It counts", {"values": ["jpg", "png"], "default": "jpg"}),
        ("output_format", "string", '"jpg" (small, default), "png" (lossless), or "webp" (3 kinds).', {"values": JPG, "default": "jpg"}),
        ("aspect_ratio", "string", 'In "W:H" format. Set to "custom" to use width', {"values": ["custom"]}),
        ("style", "string", "One of 1:1, 16:9, 9:16.", {"type": "string", "summary": "One of 1:1, 16:9, 9:16.", "values": ["1:1", "16:9", "9:16"]}),
        ("guidance", "number", "Strength in [0, 1]", {"minimum": 0, "maximum": 1}),
        ("guidance", "number", "Strength [0,1], default 0.5", {"minimum": 0, "maximum": 1, "default": 0.5}),
        ("guidance", "number", "Strength [0, 1)", {"minimum": 0, "exclusive_maximum": 1}),
        ("guidance", "number", "Strength (0, 1]", {"exclusive_minimum": 0, "maximum": 1}),
        ("guidance", "number [0, 1]", "Strength", {"minimum": 0, "maximum": 1}),
        ("guidance", "number", "Strength, 0–1", {"minimum": 0, "maximum": 1}),
        ("steps", "integer", "Pictures (1–4, default 1)", {"minimum": 1, "maximum": 4, "default": 1}),
        ("style", "string", "Style, max 2500 characters", {"type": "string", "summary": "Style, max 2500 characters", "max_length": 2500}),
        ("input_images", "string[]", "Images (nullable)", {"nullable": True}),
        ("input_images", "string[]", "Array of up to 3 image URLs", {"max_items": 3}),
        ("input_images", "string[]", 'Images, default ["a", "b"]', {"default": ["a", "b"]}),
        ("seed", "integer", "Seed. Can be null", {"nullable": True}),
        ("image_prompt", "string", "Image (use with aspect_ratio)", {"requires": [{"parameter": "aspect_ratio"}]}),
        ("aspect_ratio", "string", 'Shape. Use "same" to match input image, or "W:H" format (e.g. "16:9")', {"values": ["same"], "requires": [{"when": "same", "parameter": "input_images"}]}),
        ("style", "string", 'Style (e.g. "Pop Art", "80s", and many more)', {"type": "string", "summary": "Style"}),
        ("style", "string", "Required. The id that POST /v2/loras gave.", {"type": "string", "required": True, "summary": "The id that POST /v2/loras gave."}),
    ],
)  # fmt: skip
def test_a_phrase_is_read(name: str, kind: str, said: str, expected: dict[str, Any]) -> None:
    found = row(name, kind, said)
    assert found.constraints == expected
    assert found.unread == []


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("steps", "integer", "Strength 3 of 7"),
        ("steps", "integer", "Up to eight"),
        ("steps", "integer", "Up to 2^31"),
        ("steps", "integer", "Up to 4x"),
        ("steps", "integer", "Up to 16:9"),
        ("steps", "integer", "Up to 5 million"),
        ("steps", "integer", "Up to ٤"),
        ("steps", "integer", "1-2-3"),
        ("steps", "integer", "1.5–10"),
        ("steps", "integer", "(50–1)"),
        ("steps", "integer", "1–9 is best"),
        ("steps", "integer", "Recommended 1–9"),
        ("steps", "integer", "1–4 for pro"),
        ("steps", "integer", "Values above 20 are slow"),
        ("steps", "integer", "At least 20 gives good results"),
        ("steps", "integer", "Multiple of 0"),
        ("steps", "integer", "Default depends"),
        ("steps", "integer", "Default 1.5"),
        ("steps", "integer", "Must be odd"),
        ("steps", "integer", "Required when go_fast is true"),
        ("steps", "string", "Steps"),
        ("steps", "integer or null", "Steps"),
        ("prompt_upsampling", "boolean", "(1–50)"),
        ("width", "integer", "Up to 4 MP"),
        ("resolution", "string", "Up to 4 MP"),
        ("resolution", "string", "In megapixels (0.5–4 MP)"),
        ("image_prompt", "string", "Image URL, up to 4 MP"),
        ("input_images", "string[]", "Up to 8 MB"),
        ("input_images", "string[]", "At least -1"),
        ("output_format", "string", '"jpg", "png", etc.'),
        ("output_format", "string", "Output format: jpg, png"),
        ("output_format", "string", 'Use "jpg" for photographs'),
        ("aspect_ratio", "string", 'One of "1:1", "16:9"'),
        ("aspect_ratio", "string", "Default is wide"),
        ("output_quality", "integer", "Ignored for gif"),
        ("output_quality", "integer", "Not relevant for PNG or webp"),
        ("output_quality", "integer", "Only used when output_format is jpg, png or webp"),
        ("output_quality", "integer", "Only used when output_format is gif"),
        ("output_quality", "integer", "Only used when output_quality is 1"),
        ("output_quality", "integer", "Only used when aspect_ratio is set"),
        ("output_quality", "integer", "Only used when no_such is custom"),
        ("output_format", "string", "One of jpg, png, …"),
        ("output_format", "string", "jpg or png."),
        ("output_format", "string", 'Values: "jpg" (default), "png" (default)'),
        ("output_format", "string", 'Values: "jpg" (default), 3 others'),
        ("output_format", "string", "Values: jpg, png (default webp unless lossless)"),
        ("resolution", "string", 'Use "None" for any'),
        ("input_images", "string[]", "Weights [0, 1]"),
        ("image_prompt", "string", "Image (use with no_such)"),
        ("image_prompt", "string", "Image (use with image_prompt)"),
        ("seed", "integer (random)", "Seed"),
        ("guidance", "number", "Strength [1, 0]"),
    ],
)
def test_what_is_not_read_is_listed_and_not_guessed(name: str, kind: str, said: str) -> None:
    found = row(name, kind, said)
    assert found.constraints == {}
    assert len(found.unread) == 1
    assert said in found.unread[0] or kind in found.unread[0]


def test_two_limits_that_contradict_one_another_are_none() -> None:
    found = row("steps", "integer", "Up to 50. At least 3. Up to 8")
    assert found.constraints == {"minimum": 3}
    assert len(found.unread) == 1
    found = row("steps", "integer", "At least 9. Up to 8. Default: 30")
    assert "minimum" not in found.constraints
    assert "maximum" not in found.constraints
    assert found.unread


def test_a_limit_that_is_said_in_three_ways_is_none() -> None:
    found = row("steps", "integer", "At least 3. Up to 50. Up to 8. Up to 9")
    assert found.constraints == {"minimum": 3}
    assert len(found.unread) == 2


def test_a_range_of_a_list_of_numbers_may_be_of_the_numbers() -> None:
    found = row("weights", "number[]", "Weights (0–1)")
    assert not {"min_items", "max_items"} & {*found.constraints}
    assert len(found.unread) == 1


def test_a_value_asks_for_what_its_own_row_says_and_no_more() -> None:
    """Else what is only used beside a value is asked for by it, as a width is by `custom`."""
    text = SIBLINGS.replace("format |", 'format. Use "auto" to match the input images |')
    text += "| fluxParams.seed | integer | Only used when aspect_ratio is auto |\n"
    text += "| fluxParams.width | integer | Only used when aspect_ratio is custom |\n"
    found = {one.name: one.constraints for one in read(text, "m", FLUX).parameters}
    assert found["aspect_ratio"] == {
        "values": ["auto", "custom"],
        "requires": [
            {"when": "auto", "parameter": "input_images"},
            {"when": "custom", "parameter": "width"},
        ],
    }
    assert found["seed"] == {"used_when": {"aspect_ratio": "auto"}}


def test_a_value_that_two_parameters_have_names_none_of_them() -> None:
    text = SIBLINGS + '| fluxParams.mask_format | string | Format: "png", "gif" |\n'
    text += "| fluxParams.output_quality | integer | Ignored for PNG |\n"
    found = {one.name: one for one in read(text, "m", FLUX).parameters}["output_quality"]
    assert (found.constraints, len(found.unread)) == ({}, 1)


def test_a_default_out_of_its_range_is_none() -> None:
    found = row("steps", "integer", "1–50, default 60")
    assert found.constraints == {"minimum": 1, "maximum": 50}
    assert "60" in found.unread[0]


def test_other_columns_are_read_as_sentences() -> None:
    found = row("steps", "int", "Steps", Required="no", Default="30", Range="1–50", Notes="Mind 3")
    assert found.constraints == {"minimum": 1, "maximum": 50, "default": 30}
    assert found.words == ["Steps", "Default: 30", "Range: 1–50"]
    assert found.unread == ["Notes: Mind 3"]
    empty = row("steps", "int", "Steps", Required="✓", Default="—")
    assert (empty.constraints, empty.unread) == ({"required": True}, [])
    both = row("steps", "int", "Steps", Required="yes", Default="3")
    assert (both.constraints, len(both.unread)) == ({"required": True}, 1)


TOKENS = ["up to", "between", "and", "from", "max", "default", "of", "(", ")", "–", ",", ". ", ";"]
TOKENS += ["only", "steps", "one of", "or", "at least", "multiple of", "not", "-", ":", "MP", "%"]


@given(
    st.lists(st.sampled_from([*TOKENS, *map(str, range(2, 40, 3))]), max_size=12),
    st.sampled_from([("steps", "integer"), ("input_images", "string[]"), ("style", "string")]),
)
@example(["up to", "5", ". ", "up to", "2"], ("steps", "integer"))
def test_every_number_is_a_constraint_or_listed(tokens: list[str], which: tuple[str, str]) -> None:
    said = " ".join(tokens).strip()
    found = row(*which, said)
    limits = {k: v for k, v in found.constraints.items() if k not in ("summary", "type", "items")}
    numbers = set(re.findall(r"\d+", said))
    read = set(re.findall(r"\d+", json.dumps(limits, ensure_ascii=False)))
    assert read <= numbers
    assert numbers - read <= set(re.findall(r"\d+", " ".join(found.unread)))
