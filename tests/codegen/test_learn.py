"""`learn`: what a server was found to do stands beside the constraints, and all else as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from codegen.__main__ import main
from codegen.page.yaml_edit import put
from codegen.spec.document import parse
from codegen.spec.load import SPEC, load
from codegen.spec.pieces import RefusalError

from .few import FILES, WHOLE

SOURCE = """\
source:
  id: server
  title: The server at http://127.0.0.1:8000
  summary: "What it took and refused: on 2026-11-26."
"""
LEARNT = f"""\
# The server at http://127.0.0.1:8000
{SOURCE}models:
  flux-2-pro:
    parameters:
      fluxParams.width: {{maximum: 1999}}
      input_images: {{max_items: 9}}
      prompt: {{max_length: 999}}
"""
READINGS = {
    "width": {"maximum": 1999},
    "input_images": {"max_items": 9},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the spec."""
    return Path(shutil.copytree(SPEC, tmp_path / "spec"))


def learn(folder: Path, text: str, *arguments: str) -> int:
    file = folder.parent / "learnt.yaml"
    file.write_text(text, encoding="utf-8")
    return main(["--spec", str(folder), "learn", str(file), *arguments])


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("source", ["server", "oas"])
def test_readings_stand_beside_what_the_documents_say(
    folder: Path, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(folder)
    assert learn(folder, LEARNT, "--as", source, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert files(folder) == before
    assert learn(folder, LEARNT, "--as", source) == 0
    spec, after = load(folder), files(folder)
    model = spec.models["flux-2-pro"]
    for name, reading in READINGS.items():
        said = model.parameters[name].readings[source].model_dump(exclude_unset=True)
        assert said == reading
        assert (model.parameters[name].maximum, model.parameters[name].max_items) == (
            WHOLE.models["flux-2-pro"].parameters[name].maximum,
            WHOLE.models["flux-2-pro"].parameters[name].max_items,
        )
    prompt = spec.fields(model)["prompt"]
    assert (prompt.max_length, prompt.readings[source].max_length) == (2000, 999)
    assert "server" in spec.sources if source == "server" else spec.sources == WHOLE.sources
    # What was there is there, and what was shown is what was written.
    for path, text in before.items():
        kept = [line for line in after[path].splitlines() if line not in text.splitlines()]
        assert all(f"+{line}\n" in shown for line in kept)
        assert set(text.splitlines()) - set(after[path].splitlines()) <= {
            "      oas: {max_items: 10}"
        }
    assert main(["--spec", str(folder), "lint"]) == 0
    capsys.readouterr()
    assert learn(folder, LEARNT, "--as", source) == 0
    assert capsys.readouterr().out == "No change.\n"
    assert files(folder) == after


def test_a_reading_moves_with_the_server(folder: Path) -> None:
    learn(folder, LEARNT)
    assert learn(folder, LEARNT.replace("1999", "2500").replace("9}", "7}")) == 0
    parameters = load(folder).models["flux-2-pro"].parameters
    assert parameters["width"].readings["server"].maximum == 2500
    assert parameters["input_images"].readings["server"].max_items == 7
    assert parameters["input_images"].readings["oas"].max_items == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LEARNT.replace("flux-2-pro", "flux-2-por"), "did you mean `flux-2-pro`?"),
        (LEARNT.replace("fluxParams.width", "fluxParams.widht"), "did you mean `width`?"),
        (LEARNT.replace("maximum", "maxmum"), "learnt.yaml:9:26: error: unknown key `maxmum`"),
        (LEARNT.replace("1999", "far"), "expected a number"),
        (LEARNT.replace("1999", "1999, absent: true"), "beside `absent` nothing else can be said"),
        (LEARNT.replace("id: server", 'id: "a server"'), "`a server` is not an id"),
        ("- a list\n", "expected a mapping"),
        ("models: {}\n", "source"),
        ("", "the file is empty"),
    ],
)
def test_what_has_no_place_changes_nothing(
    folder: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(folder)
    assert learn(folder, text) == 1
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
    assert files(folder) == before


def test_a_missing_file_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--spec", str(folder), "learn", str(folder / "none.yaml")]) == 1
    assert "none.yaml" in capsys.readouterr().err


PLACES = [
    (path, (part, name))
    for path, data in FILES.items()
    if path.startswith("models/")
    for part in ("parameters", "fields")
    for name in yaml.safe_load(data).get(part, {})
]
ENTRIES = st.dictionaries(
    st.sampled_from(["minimum", "maximum", "max_items", "multiple_of"]),
    st.one_of(st.integers(), st.floats(-1e6, 1e6), st.none()),
    min_size=1,
)


@given(st.sampled_from(PLACES), st.lists(ENTRIES, min_size=1, max_size=3), st.booleans())
def test_any_entry_can_be_put_anywhere(
    place: tuple[str, tuple[str, str]], entries: list[dict[str, float]], crlf: bool
) -> None:
    file, path = place
    before = FILES[file].replace(b"\n", b"\r\n") if crlf else FILES[file]
    after = before
    for entry in entries:
        after = put(file, after, (*path, "readings", "server"), entry)
    value = parse(file, after).value
    for key in (*path, "readings", "server"):
        assert isinstance(value, dict)
        value = value[key]
    assert value == {key: held for entry in entries for key, held in entry.items()}
    assert after.count(b"\r\n") == (after.count(b"\n") if crlf else 0)
    lines = after.splitlines()
    assert all(line in lines for line in before.splitlines() if b"readings: {" not in line)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: {}\n", "a: {b: {c: 1}}\n"),
        ("a: {x: 1} # why\n", "a: {x: 1, b: {c: 1}} # why\n"),
        ("a: {x: 1,\n  y: 2, }\n", "a: {x: 1,\n  y: 2, b: {c: 1}}\n"),
        ("a: {b: {c: 2}}", "a: {b: {c: 1}}"),
        ("a:\n  b:\n    c: 2 # why\nd: 1\n", "a:\n  b:\n    c: 1 # why\nd: 1\n"),
        ("a:\n  x: 1 # why\n\n# of d\nd: 1\n", "a:\n  x: 1 # why\n  b:\n    c: 1\n\n# of d\nd: 1\n"),
        ("a:\n  x: >-\n    long\n    text\n\nd: 1\n", "a:\n  x: >-\n    long\n    text\n  b:\n    c: 1\n\nd: 1\n"),
        ("a:\n  x: 1", "a:\n  x: 1\n  b:\n    c: 1"),
        ("x: 1\n", "x: 1\na:\n  b: {c: 1}\n"),
        ("a:\n  x:\n  - 1\n  - {y: 2}\n", "a:\n  x:\n  - 1\n  - {y: 2}\n  b:\n    c: 1\n"),
    ],
)  # fmt: skip
def test_an_entry_goes_after_the_others(text: str, after: str) -> None:
    assert put("f", text.encode(), ("a", "b"), {"c": 1}).decode() == after


@pytest.mark.parametrize("text", ["a: 1\n", "a:\n", "a: [1]\n", "a: null # why\n"])
def test_where_nothing_can_be_put_it_is_said(text: str) -> None:
    with pytest.raises(RefusalError, match="write it there by hand"):
        put("f", text.encode(), ("a", "b"), {"c": 1})
