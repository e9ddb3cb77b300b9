"""Text of the spec is text on the pages, and not HTML or a link."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import griffe
import lxml.html
import pytest
from markdown_it import MarkdownIt

import fluxframe
from docs.building import catalogue
from docs.building.spec_text import SpecText
from fluxframe._catalog import FAMILIES

HOSTILE = "a <script src=//evil.example></script> <b>*b*</b> [x](javascript:alert(1)) | ![i](y) `c`"
PAGE = MarkdownIt("commonmark", {"html": True}).enable("table")


def elements(markdown: str) -> dict[str, list[str]]:
    """What elements a text makes that load or lead somewhere, by their names, with where."""
    root = lxml.html.fragment_fromstring(PAGE.render(markdown), create_parent="div")
    found: dict[str, list[str]] = {}
    for element in root.iter("script", "img", "a", "b", "em"):
        found.setdefault(str(element.tag), []).append(element.get("href") or "")
    return found


def test_docstrings_of_what_is_emitted_are_text(tmp_path: Path) -> None:
    folder = tmp_path / "package" / "_emitted"
    folder.mkdir(parents=True)
    text = HOSTILE.replace("*", "")
    module = f'class A:\n    """{text}"""\n\n    b: int = 1\n    """{text}"""\n\n'
    module += f'    def c(self) -> None:\n        """{text}\n\n        Args:\n            x: {text}\n        """\n'
    for path in (folder.parent / "__init__.py", folder / "__init__.py"):
        path.touch()
    (folder / "requests.py").write_text(module)
    (folder.parent / "own.py").write_text('class B:\n    """Own <i>words</i> [B][]."""\n')
    extensions = griffe.load_extensions(SpecText)
    package: Any = griffe.load("package", search_paths=[tmp_path], extensions=extensions)
    one = package["_emitted.requests.A"]
    for member in (one, one["b"], one["c"]):
        assert elements(member.docstring.value) == {}
        assert (
            "<script src="
            in lxml.html.fromstring(PAGE.render(member.docstring.value)).text_content()
        )
    assert package["own.B"].docstring.value == "Own <i>words</i> [B][]."


def test_titles_of_models_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    model = next(iter(fluxframe.models.values()))
    name = catalogue.class_of(model)
    hostile = replace(model, title=HOSTILE)
    families = {model.family: replace(FAMILIES[model.family], title=HOSTILE)}
    monkeypatch.setattr(catalogue, "models", {"a": hostile, "b": hostile})
    monkeypatch.setattr(catalogue, "FAMILIES", families)
    monkeypatch.setattr(catalogue, "class_of", lambda _: name)
    place = f"reference/models/{model.id}.md"
    page = f"models/{model.id}.md"
    assert elements(catalogue.navigation({place})) == {"a": ["index.md", page, page]}
    table = catalogue.completed("api/requests.md", "<!-- classes -->")
    assert elements(table) == {}
    assert PAGE.render(table).count("<td>") == 4
