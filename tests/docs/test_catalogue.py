"""What the pages say of all models."""

from __future__ import annotations

import re

import pytest

from docs.building import catalogue
from fluxframe import models, types

PLACES = {f"reference/models/{model}.md" for model in models}


def test_the_navigation_has_each_model_once() -> None:
    text = catalogue.navigation(PLACES)
    assert re.findall(r"\(models/(.+)\.md\)", text) == list(models)
    assert "* Flux\n    * [Flux 1.1 Pro](models/flux-1.1-pro.md)\n" in text
    assert "\n* [Midjourney](models/midjourney.md)\n" in text


def test_the_navigation_has_no_page_that_is_not_there() -> None:
    there = PLACES - {"reference/models/flux-2-pro.md"}
    assert "flux-2-pro" not in catalogue.navigation(there)


@pytest.mark.parametrize("model", models)
def test_a_model_has_the_class_that_takes_its_examples(model: str) -> None:
    made = getattr(types, catalogue.class_of(models[model]))
    for example in models[model].examples.values():
        made.model_validate(example)


def test_a_page_of_a_model_ends_with_its_class() -> None:
    page = catalogue.completed("reference/models/flux-2-pro.md", "# Flux 2 Pro\n\nWords.\n")
    assert page.startswith("# Flux 2 Pro\n\nWords.\n\n## ")
    assert page.count("::: fluxframe.types.Flux2Pro\n") == 1


def test_the_page_of_requests_has_a_table_of_all_classes() -> None:
    page = catalogue.completed("api/requests.md", "# Requests\n\n<!-- classes -->\n\nWords.\n")
    for model in models.values():
        name = catalogue.class_of(model)
        assert f"| {model.title} | [`{name}`][fluxframe.types.{name}] |\n" in page
    assert page.endswith("|\n\nWords.\n")


def test_other_pages_stay_as_they_are() -> None:
    assert (
        catalogue.completed("index.md", "# Start <!-- classes -->\n")
        == "# Start <!-- classes -->\n"
    )
