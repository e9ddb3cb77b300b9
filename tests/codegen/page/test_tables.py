"""Any table comes back row by row from any form of a page: none is lost, cut short or made up."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from codegen.page.html import page_lines
from codegen.page.markdown import without_marks
from codegen.page.tables import parameter_rows
from codegen.spec.model import Family

Rows = list[tuple[str, str, str]]

KILN = Family.model_validate(
    {
        "id": "kiln",
        "title": "Kiln",
        "vendor": "Potter",
        "operation": "plates.make",
        "container": "kilnParams",
        "source": {"page": "kilnParams"},
        "parameters": {},
    }
)
# Without a container, the family knows some name of the table.
BARE = KILN.model_copy(
    update={"container": None, "parameters": {"glaze": {"type": "string", "summary": "Glaze."}}}
)
TYPES = ["string", "number", "object", "array", "string[]", "string (uuid)", "array of strings"]
VOCABULARIES = [[*TYPES, "integer", "boolean", "integer[]"], [*TYPES, "int", "bool", "int[]"]]
PIECES = ["sub", "string", "lora", "Id", "is", "number", "integer", "point", "int", "boolean", "an"]
PIECES += ["object", "array", "float", "seed", "Of", "paint", "bool", "enum", "2", "steps", "_"]
NAMES = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5)
    .map("".join)
    .filter(lambda name: re.fullmatch("[A-Za-z]\\w*", name) is not None)
) | st.sampled_from(["substring", "loraId", "is_number", "fingerprint", "n", "object_type"])
CLEAR = st.sampled_from(
    [
        "Random seed",
        '"a" (default), "b"',
        "1–4 of them",
        "Required. The id of a LoRA.",
        "Number of",
        "Point of view",
        "Integer, 0–1",
        "String of words",
        "Scale [0, 1]",
        "An array of strings",
    ]
)
VAGUE = st.sampled_from(
    [
        "png, jpg, or webp.",
        "number of plates",
        "interval, in seconds",
        "numbers only",
        "int or so",
        "string to find",
        "a",
        "objective, in words",
        "of no use",
        "strings",
        "true or false",
    ]
)


def tables(descriptions: st.SearchStrategy[str]) -> st.SearchStrategy[Rows]:
    """Tables of a page, which calls a type by one word."""
    return st.sampled_from(VOCABULARIES).flatmap(
        lambda types: st.lists(
            st.tuples(NAMES, st.sampled_from(types), descriptions),
            min_size=1,
            max_size=6,
            unique_by=lambda one: one[0],
        )
    )


def contained(rows: Rows) -> Rows:
    """The rows with the container before each name."""
    return [(f"kilnParams.{name}", kind, said) for name, kind, said in rows]


def together(rows: Rows) -> str:
    return "\n".join(["ParameterTypeDescription", *("".join(row) for row in rows)])


def bare_pipes(rows: Rows) -> str:
    head = ["| Parameter | Type | Description |", "|---|---|---|"]
    return "\n".join([*head, *(f"{' | '.join(row)} |" for row in rows)])


def tight_pipes(rows: Rows) -> str:
    return "\n".join(f"|{'|'.join(row)}|" for row in [("Parameter", "Type", "Description"), *rows])


def tabs(rows: Rows) -> str:
    return "\n".join("\t".join(row) for row in [("Name", "Type", "Details"), *rows])


def as_html(rows: Rows) -> str:
    cells = (
        "".join(f"<td><code>{html.escape(cell)}</code></td>" for cell in row[:2])
        + f"<td>{html.escape(row[2])}</td>"
        for row in rows
    )
    head = "<tr><th>Name</th><th>Type</th><th>Description</th></tr>"
    return f"<table>{head}{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


FORMS: dict[str, Callable[[Rows], str]] = {
    form.__name__: form for form in (together, bare_pipes, tight_pipes, tabs, as_html)
}
# What stands around a table, with words and tables of its own that are no parameters.
ABOVE = "Kiln\nMakes plates of any size.\nkilnParams.is_number is set to what is right.\n\n"
BELOW = """

Credit cost
Credits are multiplied by n.
| n | Credits |
|---|---|
| 1 | 2 |
Plain | 4 |

Credits per plate
4

Example result
{
"plates": ["https://example.com/a.png"]
}kilnParams.substring of no use
kilnParams.hardness: must be a whole number
"""


def found(text: str, family: Family) -> tuple[Rows, list[str]]:
    rows, _, unread = parameter_rows(page_lines(ABOVE + text + BELOW), family, ())
    read = [
        (name, without_marks(row.type), without_marks(row.description))
        for name, row in rows.items()
        if not row.others
    ]
    return read, unread


@pytest.mark.parametrize("form", FORMS)
@given(rows=tables(CLEAR))
def test_a_table_comes_back_row_by_row(form: str, rows: Rows) -> None:
    text = FORMS[form](contained(rows))
    assert found(text, KILN) == (rows, [])


@pytest.mark.parametrize("form", FORMS)
@given(rows=tables(CLEAR))
def test_a_table_without_a_container_comes_back_row_by_row(form: str, rows: Rows) -> None:
    rows = [*(row for row in rows if row[0] != "glaze"), ("glaze", "string", "Glaze")]
    assert found(FORMS[form](rows), BARE) == (rows, [])


@given(rows=tables(CLEAR | VAGUE))
def test_a_row_that_a_copy_ran_together_is_read_right_or_left_to_a_person(rows: Rows) -> None:
    """Where a name ends can't always be told: `countintegers` may be `count` and `integer`."""
    rows = [*rows, ("glaze", "string", "Glaze")]
    assume(len({row[0] for row in rows}) == len(rows))
    named = contained(rows)
    read, unread = found(together(named), KILN)
    lines = {"".join(row): row for row in named}
    assert len({row[0] for row in named}) == len(read) + len({*unread})
    left = [lines[line][0].removeprefix("kilnParams.") for line in unread]
    assert read == [row for row in rows if row[0] not in left]


@given(rows=tables(CLEAR | VAGUE))
def test_a_name_that_an_example_has_is_not_cut(rows: Rows) -> None:
    named = contained(rows)
    example = "".join(f'\n"{name}": 1,' for name, *_ in rows)
    read, unread = found(together(named) + "\n\ncurl -d '{" + example, KILN)
    assert [*read, *unread][len(read) :] == unread
    assert {*read} <= {*rows}
    clear = [row for row in rows if row[2][0] in '"1' or row[2][0].isupper()]
    assert {*clear} <= {*read}


@pytest.mark.parametrize(
    "line",
    [
        "kilnParams.hardnessuuidThe hardness",
        "kilnParams.substring",
        "kilnParams.hardness",
        "kilnParams.hardness is an integer",
        "otherParams.seedintegerSeed",
        "kilnParams.hintstringobjective of",
    ],
)
def test_a_line_in_a_table_that_is_no_row_is_listed(line: str) -> None:
    rows = [("a", "string", "A"), ("b", "string", "B")]
    first, last = map("".join, contained(rows))
    head = "ParameterTypeDescription"
    for lines in ([head, line, first, last], [head, first, line, last], [head, first, last, line]):
        assert found("\n".join(lines), KILN) == (rows, [line])


def test_a_description_that_goes_on_in_the_next_line_is_listed() -> None:
    text = "kilnParams.a | string | Words, at\nmost 3 |\nkilnParams.b | string | B |"
    rows, unread = found(text, KILN)
    assert [name for name, *_ in rows] == ["a", "b"]
    assert unread == ["most 3"]
