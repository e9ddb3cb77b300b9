"""Files of requests: tables as the world writes them, and deep and large ones."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe.batch._approvals import FileReport, check_rows
from fluxframe.batch._files import read
from fluxframe.batch._json_rows import read_document
from fluxframe.batch._tables import read_table

PRO = {"model": "flux-2-pro", "prompt": "a fox"}
FLEX = {"model": "flux-2-flex", "prompt": "a fox"}
DATA = "data:image/png;base64,iVBORw0KGgo="
URL = "https://example.com/a.png"


def requests_in(path: Path, content: str | bytes) -> list[dict[str, Any]]:
    """The requests of a file, by Python names."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = []
    for row in read(path):
        assert row.request is not None, row.problem
        flat = dict(row.request)
        flat |= flat.pop("fluxParams", {})
        found.append(flat)
    return found


TABLE = [["model", "prompt", "seed"], ["flux-2-pro", "a fox", "7"], ["flux-2-pro", "b", ""]]
FOUND = [{**PRO, "seed": 7}, {"model": "flux-2-pro", "prompt": "b"}]


def table(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(row) + end for row in rows)


DRESSES: dict[str, str | bytes] = {
    **{f"delimiter {d!r}": table(TABLE, d) for d in ",;\t|"},
    **{f"end {e!r}": table(TABLE, end=e) for e in ("\n", "\r\n", "\r")},
    **{
        f"{code} {d!r}": table(TABLE, d, "\r\n").encode(code)
        for code in ("utf-8", "utf-8-sig", "utf-16", "utf-32")
        for d in ",;\t"
    },
    "utf-16-be": b"\xfe\xff" + table(TABLE, "\t").encode("utf-16-be"),
    "sep": "sep=;\r\n" + table(TABLE, ";", "\r\n"),
    "quoted sep": '"sep=,"\n' + table(TABLE),
    "sep against the names": "sep=|\n" + table(TABLE, "|"),
    "blank lines": "\n , ,\n" + "\n\r\n,,\n".join(table([row]) for row in TABLE) + "\n\n",
    "trailing delimiters": table([[*row, "", ""] for row in TABLE]),
    "trailing delimiters below": table([TABLE[0], *([*row, ""] for row in TABLE[1:])], ";"),
    "spaces in the first line": table([[" model", " prompt ", "seed "], *TABLE[1:]]),
    "quotes": table([[f'"{cell}"' for cell in row] for row in TABLE], ";"),
    "no end": table(TABLE).removesuffix("\n"),
    "short rows": table([TABLE[0], TABLE[1], TABLE[2][:2]]),
    "an integer as a column with a gap has it": table(TABLE).replace("7", "7.0"),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_a_table_is_read_in_every_dress(tmp_path: Path, dress: str) -> None:
    assert requests_in(tmp_path / "rows.csv", DRESSES[dress]) == FOUND


@pytest.mark.parametrize("suffix", [".tsv", ".tab", ".CSV"])
def test_a_table_is_one_by_its_name(tmp_path: Path, suffix: str) -> None:
    assert requests_in(tmp_path / f"rows{suffix}", table(TABLE, "\t")) == FOUND


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("prompt", "a\nb", "a\nb"),
        ("prompt", "a\r\nb; c, d\te", "a\r\nb; c, d\te"),
        ("prompt", "x" * 200_000, "x" * 200_000),
        ("input_images", DATA, [DATA]),
        ("input_images", f"{DATA};{URL}", [DATA, URL]),
        ("input_images", f"{URL}; {DATA} ;{DATA};", [URL, DATA, DATA]),
        ("input_images", f"data:image/png;charset=x;base64,{'A' * 200_000}", None),
        ("input_images", json.dumps([DATA, "a;b"]), [DATA, "a;b"]),
        ("input_images", "https://a.test/x;v=1", ["https://a.test/x", "v=1"]),
        ("seed", "7.00", 7),
        ("seed", "7.5", "7.5"),
        ("seed", "1.23E+09", "1.23E+09"),
        ("guidance", "4.5", 4.5),
        ("guidance", "4.50", 4.5),
        ("prompt_upsampling", "TRUE", True),
    ],
)
def test_a_cell_is_what_it_says(
    tmp_path: Path, delimiter: str, name: str, cell: str, value: object
) -> None:
    row = {**FLEX, name: '"' + cell.replace('"', '""') + '"'}
    found = requests_in(tmp_path / "rows.csv", table([list(row), list(row.values())], delimiter))
    assert found == [{**FLEX, name: [cell] if value is None else value}]
    assert type(found[0][name]) is type([cell] if value is None else value)


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("guidance", "4,5", 4.5),
        ("guidance", ",5", 0.5),
        ("guidance", "4,0", 4),
        ("seed", "7,00", 7),
        ("seed", "1.000", "1.000"),  # A thousand, or one.
        ("guidance", "1.234", "1.234"),
        ("guidance", "1.234,5", "1.234,5"),
    ],
)
def test_a_comma_is_one_of_decimals_where_it_is_not_a_delimiter(
    tmp_path: Path, name: str, cell: str, value: object
) -> None:
    row = {**FLEX, name: cell}
    content = table([list(row), list(row.values())], ";")
    assert requests_in(tmp_path / "rows.csv", content) == [{**FLEX, name: value}]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (table(TABLE).replace("a fox", "caf\xe9").encode("cp1252"), 2, "not UTF-8"),
        (table(TABLE).replace("seed", "caf\xe9").encode("cp1252"), 1, "not UTF-8"),
        (table(TABLE).encode("utf-16-le"), 1, "NUL"),
        (table(TABLE).replace("fox", "f\0x"), 2, "NUL"),
        (b"\xff\xfe" + table(TABLE).encode("utf-16-le") + b"x", 4, "not UTF-16"),
        (",model,prompt\n0,flux-2-pro,a\n", 1, "index=False"),
        ("Model;Prompt\nflux-2-pro;a\n", 1, "no column is named model"),
        ("model;prompt;model\nflux-2-pro;a;b\n", 1, "twice"),
        ("model,prompt,\nflux-2-pro,a,b\n", 2, "3 cells"),
        ('model,prompt\nflux-2-pro,"a\n', 2, "not valid CSV"),
    ],
)
def test_what_has_no_one_meaning_is_refused_in_words(
    tmp_path: Path, content: str | bytes, line: int, said: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = check_rows(read(path), "error")
    assert [at for at, _ in found.problems] == [line]
    assert said in found.problems[0][1].message


CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1)


@given(
    st.lists(CELLS.filter(str.strip), min_size=1, max_size=4),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
@settings(max_examples=60)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    prompts: list[str],
    delimiter: str,
    end: str,
    code: str,
) -> None:
    rows = [["flux-2-pro", '"' + prompt.replace('"', '""') + '"'] for prompt in prompts]
    content = table([["model", "prompt"], *rows], delimiter, end).encode(code)
    path = tmp_path_factory.getbasetemp() / f"written-{id(prompts)}.csv"
    assert [each["prompt"] for each in requests_in(path, content)] == prompts


# JSON.


@pytest.mark.parametrize(
    "write",
    [
        lambda r: json.dumps(r),
        lambda r: json.dumps([r], indent=1),
        lambda r: f"{json.dumps(r)}\n{json.dumps(r)}",
    ],
    ids=["one", "list", "lines"],
)
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_is_read_whatever_a_file_is_called(tmp_path: Path, write: Any, code: str) -> None:
    for name in ("rows.json", "rows.txt", "rows"):
        found = requests_in(tmp_path / name, write({**PRO, "prompt": "caf\xe9"}).encode(code))
        assert found[0] == {**PRO, "prompt": "caf\xe9"}


def nested(depth: int, leaf: object = 1) -> Any:
    for _ in range(depth):
        leaf = [leaf]
    return leaf


@pytest.mark.parametrize("depth", [50, 101, 600, 20_000, 100_000])
@pytest.mark.parametrize("place", ["seed", "unknown", "fluxParams"])
def test_a_row_that_is_nested_deeply_is_one_of_many(tmp_path: Path, depth: int, place: str) -> None:
    text = json.dumps({**PRO, place: 0})[:-2] + "[" * depth + "]" * depth + "}"
    for name, content in (
        ("rows.jsonl", f"{text}\n{json.dumps(PRO)}\n"),
        ("rows.csv", f"model,prompt,input_images\nflux-2-pro,a,{'[' * depth}\nflux-2-pro,a,\n"),
    ):
        path = tmp_path / name
        path.write_text(content)
        found = check_rows(read(path), "error")
        assert found.rows == 2
        assert {line for line, _ in found.problems} == {1 + (name == "rows.csv")}
    [row] = read([{**PRO, place: nested(depth)}])
    assert (row.request is None) == (depth > 98)


def around() -> dict[str, Any]:
    whole: dict[str, Any] = {**PRO}
    whole["fluxParams"] = whole
    return whole


def test_a_row_that_contains_itself_is_refused() -> None:
    [row] = read([around()])
    assert row.problem is not None
    assert "nested too deeply" in row.problem.message


@pytest.mark.parametrize("members", [{}, {"widht": 1}, {"seed": "x"}])
@pytest.mark.parametrize("form", ["list", "lines", "table"])
def test_a_large_file_is_read_in_linear_time(members: dict[str, Any], form: str) -> None:
    def seconds(count: int) -> float:
        rows = [{**PRO, **members} for _ in range(count)]
        begun = time.process_time()
        if form == "list":
            found = check_rows(read_document("x", json.dumps(rows)), "error")
        elif form == "lines":
            found = check_rows(read_document("x", "\n".join(map(json.dumps, rows))), "error")
        else:
            lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
            found = check_rows(read_table("x", iter(lines)), "error")
        assert len(found.problems) == (count if members else 0)
        assert isinstance(found, FileReport)
        return time.process_time() - begun

    few, many = seconds(200), seconds(2000)
    assert many < 30 * few + 0.5
    assert many < 1.5  # A list of 60,000 is read within 45 s on a slow machine, and 5 s on most.
