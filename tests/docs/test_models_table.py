"""The README's table of models is the one that is made of the spec."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- models -->", "<!-- /models -->"


def test_the_readme_has_the_table_of_today() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    made = (ROOT / "generated/reference/families.md").read_text(encoding="utf-8")
    header, _, table = made.partition("\n")
    assert header.startswith("<!-- Generated")
    _, begin, rest = readme.partition(BEGIN)
    shown, end, _ = rest.partition(END)
    assert (begin, end) == (BEGIN, END), f"the table stands between {BEGIN} and {END}"
    assert shown.strip() == table.strip(), (
        f"copy all but the first line of generated/reference/families.md between {BEGIN} and {END}"
    )
