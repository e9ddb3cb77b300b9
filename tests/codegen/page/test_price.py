"""What a page says that a request costs comes back as a price, in any form that pages say it in."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.page.html import page_lines
from codegen.page.price import Price, read_price
from codegen.page.result import PageParameter
from codegen.spec.model import Family

KILN = Family.model_validate(
    {
        "id": "kiln",
        "title": "Kiln",
        "vendor": "Potter",
        "operation": "plates.make",
        "container": "kilnParams",
        "source": {"page": "kilnParams"},
        "parameters": {
            "glaze": {"type": "string", "summary": "Glaze."},
            "plates": {"type": "integer", "role": "count", "summary": "How many."},
        },
    }
)
GLAZES = ["matt", "Deep red", "4K", "celadon-2", "raku"]
Table = list[list[str]]


def pipes(table: Table) -> str:
    lines = [f"| {' | '.join(row)} |" for row in table]
    return "\n".join([lines[0], "|---" * len(table[0]) + "|", *lines[1:]])


def bare(table: Table) -> str:
    return "\n".join(f"{' | '.join(row)} |" for row in table)


def together(table: Table) -> str:
    return "\n".join("".join(row) for row in table)


def as_html(table: Table) -> str:
    rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in table)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


FORMS: dict[str, Callable[[Table], str]] = {
    form.__name__: form for form in (pipes, bare, together, as_html)
}


def price(text: str, names: set[str] = frozenset(), **constraints: Any) -> Price:  # type: ignore[assignment]
    """The price on a page with a parameter `glaze` that has these constraints, and `plates`."""
    parameters = [PageParameter("glaze", constraints), PageParameter("plates")]
    page = f"Plates\nkilnParams.seed | integer | Seed, 5 |\nCredit cost\n{text}\nExample result\n7"
    return read_price(page_lines(page), parameters, KILN, {*names})


@pytest.mark.parametrize("form", FORMS)
@given(st.integers(0, 999), st.sampled_from(["generation", "request", "image", "megapixel"]))
def test_one_price(form: str, credits: int, unit: str) -> None:
    found = price(FORMS[form]([[f"Credits per {unit}"], [str(credits)]]))
    words = f"Credits per {unit}: {credits}"
    said = price(f"{credits} credits per {unit}.")
    expected = {"credits": credits} | ({"per": "megapixel"} if unit == "megapixel" else {})
    expected |= {"times": "plates"} if unit == "image" else {}
    assert (found.entries, found.unread) == ({**expected, "source": {"page": words}}, [])
    assert (said.entries.keys(), said.unread) == (found.entries.keys(), [])
    assert said.entries["credits"] == credits


@pytest.mark.parametrize("form", FORMS)
@given(
    st.lists(st.sampled_from(GLAZES), min_size=2, max_size=4, unique=True),
    st.lists(st.integers(1, 99), min_size=4, max_size=4),
    st.booleans(),
)
def test_a_price_by_the_value_of_a_parameter(
    form: str, values: list[str], credits: list[int], times: bool
) -> None:
    rows = [[value, str(cost)] for value, cost in zip(values, credits, strict=False)]
    text = "Credits depend on the glaze parameter"
    text += " and are multiplied by plates." if times else "."
    text += "\n" + FORMS[form]([["Glaze", "Credits per generation"], *rows])
    found = price(text, values=values, default=values[0])
    assert found.unread == []
    assert found.entries["by"] == {"glaze": dict(zip(values, credits, strict=False))}
    assert found.entries.get("times") == ("plates" if times else None)
    assert "default" not in found.entries


@pytest.mark.parametrize("form", FORMS)
@given(st.integers(1, 30), st.integers(2, 12))
def test_a_price_by_the_count_is_so_many_times_a_price(form: str, unit: int, most: int) -> None:
    rows = [[str(n), str(n * unit)] for n in range(1, most)]
    found = price(FORMS[form]([["plates", "Credits"], *rows]))
    if form == "together" and not found.entries:  # `12` may be `1` and `2`, or not.
        assert found.unread
    else:
        assert (found.entries["credits"], found.entries["times"]) == (unit, "plates")


@pytest.mark.parametrize("form", FORMS)
def test_a_price_of_a_variant_is_that_of_its_model(form: str) -> None:
    text = FORMS[form]([["Variant", "Credits"], ["—", "16"], ["reglaze", "4"], ["refire", "9"]])
    found = price(text)
    assert found.entries == {"credits": 16, "source": {"page": "Variant | Credits: — 16"}}
    assert found.unread == ["prices of other models: Variant | Credits: reglaze 4, refire 9"]
    found = price(text, {"kiln-reglaze", "reglaze"})
    assert found.entries["credits"] == 4
    assert len(found.unread) == 1


@pytest.mark.parametrize(
    ("text", "constraints", "entries", "unread"),
    [
        ("2 credits per output image. A request with plates: 4 therefore costs 8 credits.", {}, {"credits": 2, "times": "plates"}, 0),
        ("2 credits per output image. A request with plates: 4 therefore costs 9 credits.", {}, {"credits": 2, "times": "plates"}, 1),
        ("Credits are 3 per image, multiplied by plates (as many as asked for).", {}, {"credits": 3, "times": "plates"}, 0),
        ("4 credits per megapixel.", {}, {"credits": 4, "per": "megapixel"}, 0),
        ("4 credits per generation, multiplied by saucers.", {}, {"credits": 4}, 1),
        ("It costs from 3 to 9 credits.", {}, {}, 1),
        ("2 credits per generation.\n3 credits per generation.", {}, {}, 2),
        ("Twice the price at night. At most 7.", {}, {}, 1),
        ("| Glaze | Hours | Credits |\n|-|-|-|\n| matt | 3 | 4 |", {}, {}, 2),
        ("| Credits per generation |\n|-|\n| about 3 |", {}, {}, 2),
        ("| Glaze | Credits |\n|-|-|\n| matt | 3 |\n| raku | 4 |", {"values": ["matt", "raku"]}, {"by": {"glaze": {"matt": 3, "raku": 4}}}, 1),
        ("| Glaze | Credits |\n|-|-|\n| matt | 3 |\n| — | 4 |", {}, {"by": {"glaze": {"matt": 3}}, "default": 4}, 0),
        ("| Glaze | Credits |\n|-|-|\n| matt | 3 |\n| raku | 4 |", {"values": ["Matt", "red"], "default": "Matt"}, {"by": {"glaze": {"Matt": 3, "raku": 4}}}, 2),
        ("", {}, {}, 0),
    ],
)  # fmt: skip
def test_what_is_said_of_a_price(
    text: str, constraints: dict[str, Any], entries: dict[str, Any], unread: int
) -> None:
    found = price(text, **constraints)
    source = found.entries.pop("source", None)
    assert (found.entries, len(found.unread)) == (entries, unread)
    assert bool(source) == bool(entries)


def test_numbers_of_other_sections_are_no_prices() -> None:
    page = ["Result", "9 credits per image.", "# Example", "3 credits per image."]
    assert read_price(page, [], KILN, set()) == Price()
