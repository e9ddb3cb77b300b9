"""What a page says of a model is read, and a row that can't be read is listed."""

from __future__ import annotations

import re

import pytest

from codegen.page.reader import read

from .pages import FLUX, SPEC, markdown, rows, run_together


def test_a_table_copied_from_a_browser_has_tabs() -> None:
    text = "Parameter\tType\tDescription\nfluxParams.steps\tinteger\tSteps\t\nwidth:\tWidth"
    found = read(text.replace("Steps\t", "Steps (1–50)"), "m", FLUX).parameters
    assert [(one.name, one.constraints) for one in found] == [
        ("steps", {"minimum": 1, "maximum": 50})
    ]


def test_a_table_without_the_container_leaves_out_what_every_request_takes() -> None:
    text = "Name | Type | Description\n--|--|--\nprompt | string | Up to 9 words\nwidth | int | W"
    page = read(text, "m", FLUX, SPEC.fields(SPEC.models["flux-2-pro"]))
    assert [one.name for one in page.parameters] == ["width"]
    assert page.unread == []


@pytest.mark.parametrize(
    "row",
    [
        "| fluxParams.lora.scale | number | Scale |",
        "| fluxParams.seed | integer | one | cell too many |",
        "| fluxParams.width | integer | Other words |",
        "| otherParams.seed | integer | Seed |",
        "| fluxParams.frobnicated |",
    ],
)
def test_a_row_that_is_not_read_is_listed(row: str) -> None:
    table = "| Parameter | Type | Description |\n|-|-|-|\n| fluxParams.width | integer | Width |\n"
    page = read(table + row, "m", FLUX)
    assert page.parameters[0].words == ["Width"]
    unread = [*page.unread, *(words for one in page.parameters for words in one.unread)]
    assert len(unread) == 1


def test_a_curl_command_for_another_model_is_not_an_example_and_a_broken_one_is_listed() -> None:
    model = SPEC.models["flux-2-pro"]
    text = run_together(model, rows(model)).replace(
        '"prompt": "change', '"prompt": NaN, "x": "change'
    )
    page = read(text, "flux-2-pro", FLUX)
    assert [*page.examples] == ["text_to_image"]
    assert len(page.unread) == 1
    assert "curl" in page.unread[0]
    page = read(text, "flux-2-ultra", FLUX)
    assert page.examples == {}
    assert "another model" in " ".join(page.unread)


def test_headings_name_examples() -> None:
    model = SPEC.models["flux-2-pro"]
    names = read(markdown(model, rows(model)), model.id, FLUX).examples
    assert [*names] == ["text_to_image", "image_editing_with_references"]
    plain = re.sub("(?m)^### .*", "", markdown(model, rows(model)))
    assert [*read(plain, model.id, FLUX).examples] == ["text_to_image", "edit_with_references"]
