"""Pages with words that Markdown, HTML or YAML could take for signs of their own."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from codegen.page.compose import model_from_page
from codegen.page.html import html_to_text
from codegen.page.reader import read
from codegen.page.result import Page, PageError, PageParameter
from codegen.spec.document import parse

from .pages import FLUX, FORMS, SPEC, as_html, escaped
from .rows import row

# Text as it can stand in a table: on one line, with no white space at its ends or in a row.
HOSTILE = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn")), min_size=1)
    | st.sampled_from(
        ["#", "- a", "* b", "&c", "{d: e}", '"f', "'g", "h: i", "1e5", "09", "~", "|"]
    )
    | st.sampled_from(["# TODO: j", "<k>", "&amp;", "\\", "`l`", "**m**", "%", "@", "!n", "é漢🎨"]),
    min_size=1,
    max_size=6,
).map(" ".join)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_hostile_words_come_back_unchanged(form: str, data: st.DataObject) -> None:
    said = data.draw(HOSTILE)
    if form == "run together":
        assume(not re.match("[a-z_|]|\\[", said))
    if form in ("bare pipes", "markdown"):
        table = f"| Parameter | Type | Description |\n|-|-|-|\n| fluxParams.odd | enum | {escaped(said)} |"
    elif form == "html":
        table = as_html(SPEC.models["flux-2-pro"], [("fluxParams.odd", "string", said)])
    else:
        table = f"fluxParams.oddstring{said}"
    page = read(table, "flux-9", FLUX)
    text, _ = model_from_page(page, "flux-9", said, FLUX)
    value: Any = parse("models/flux/flux-9.yaml", text.encode()).value
    assert value["parameters"]["odd"]["source"] == {"page": said}
    assert value["title"] == said
    assert "type" in value["parameters"]["odd"]


@given(HOSTILE | st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip), HOSTILE)
def test_hostile_texts_stay_where_they_are(text: str, more: str) -> None:
    found = PageParameter("seed", {}, ["Seed"], [text, more])
    page = Page("Title", text, f"{text}{more}", "", [found], {}, [more])
    written, todos = model_from_page(page, "flux-9", None, FLUX)
    value: Any = parse("models/flux/flux-9.yaml", written.encode()).value
    assert (value["summary"], value["description"]) == (text, f"{text}{more}")
    assert value["parameters"] == {"seed": {"source": {"page": "Seed"}}}
    assert len(todos) == 2 + len({text, more})
    assert [written.split("\n")[line - 1].strip() for line, _ in todos] == [
        f"# TODO: {words}".strip() for _, words in todos
    ]


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(["1e5", "09", "0x1f", "no", "16:9", "1_000", "", " a ", "a\nb", "it's", "-"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
)


@given(JSON)
def test_any_request_comes_back_unchanged(value: Any) -> None:
    request = {"model": "flux-9", "prompt": value, "fluxParams": {"x": value}}
    body = json.dumps(request).replace("'", "'\\''")
    text = f"fluxParams.seedintegerSeed\n\nCode examples\ncurl -d '{body}'"
    page = read(text, "flux-9", FLUX)
    written, _ = model_from_page(page, "flux-9", None, FLUX)
    whole: Any = parse("models/flux/flux-9.yaml", written.encode()).value
    (example,) = whole["examples"].values()
    assert example["request"] == json.loads(json.dumps(request))
    assert repr(example["request"]) == repr(json.loads(json.dumps(request)))


def test_long_words_take_no_long_time() -> None:
    for bad in ("`", "**", "[", "1–", "when a is b and ", "e.g. ", "\\", "default "):
        found = row("steps", "integer", bad * 2000)
        assert "minimum" not in found.constraints


@pytest.mark.parametrize(
    "piece", ["<table", "<table>", "<table><tr><td>x", "<div>", "<![x[", "<!--", "</table ", "<td>"]
)
def test_html_without_end_takes_no_long_time(piece: str) -> None:
    start = time.monotonic()
    with pytest.raises(PageError):
        read(piece * 200_000 + "<table></table>", "flux-9", FLUX)
    assert time.monotonic() - start < 20


def test_html_that_is_nested_too_deeply_is_refused_and_not_cut() -> None:
    with pytest.raises(PageError, match="nested too deeply"):
        html_to_text("<div>" * 300 + "<table><tr><td>a</table>")


def test_a_mark_that_html_spells_out_is_not_taken_for_a_cell() -> None:
    text = html_to_text("<p>a&#xFDD0;b</p><table><tr><td>c&#xfdd0;d&#xfdd1;<td>e</table>")
    assert text.split() == ["ab", "\ufdd0cd\ufdd0e"]
