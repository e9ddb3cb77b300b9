"""Whatever a spec, a document, a page, a copy or a name holds, it does nothing to a terminal."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from codegen.__main__ import main
from codegen.emit import vendor
from codegen.shown import LONGEST, PlainStream, line
from codegen.spec.document import parse
from codegen.spec.load import SPEC

from .few import few, written

HOSTILE = "\x1b[31m\x9b2J\x07\x08\r\x7f\u202eabc\u2066\u2028\x85\u200b"
# Of these a name of a file can't have all.
NAME = "\x1b[31m\u202e\x9b2J"
FILES = few("flux-2-pro")


def spec_in(folder: Path, path: str = "", old: str = "", new: str = "") -> Path:
    """A spec with one edit, in a folder of a hostile name."""
    place = written(FILES, folder / f"spec{NAME}")
    if path:
        text = FILES[path].decode()
        assert old in text
        (place / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    return place


def quoted(text: str) -> str:
    return json.dumps(text)


def lint_key(folder: Path) -> list[str]:
    spec = spec_in(folder, "api.yaml", "title: ", f"{quoted(HOSTILE)}: 1\ntitle: ")
    return ["--spec", str(spec), "lint"]


def lint_github(folder: Path) -> list[str]:
    return [*lint_key(folder), "--format", "github"]


def lint_json(folder: Path) -> list[str]:
    return [*lint_key(folder), "--format", "json"]


def lint_value(folder: Path) -> list[str]:
    spec = spec_in(
        folder, "models/flux/flux-2-pro.yaml", "family: flux", f"family: {quoted(HOSTILE)}"
    )
    return ["--spec", str(spec), "lint"]


def lint_line(folder: Path) -> list[str]:
    """A problem whose source line has them unescaped."""
    spec = spec_in(
        folder, "api.yaml", "version: v2", "version: 2 # \u202eabc\u2066\u200b\x85\u2028"
    )
    return ["--spec", str(spec), "lint"]


def generate_broken(folder: Path) -> list[str]:
    return [*lint_key(folder)[:2], "--out", str(folder / "out"), "generate"]


def generate_elsewhere(folder: Path) -> list[str]:
    (folder / NAME).mkdir()
    (folder / NAME / "mine").touch()
    return ["--out", str(folder / NAME), "generate"]


def check(folder: Path) -> list[str]:
    (folder / NAME).mkdir()
    (folder / NAME / NAME).touch()
    return ["--out", str(folder / NAME), "check"]


def diff(folder: Path) -> list[str]:
    new = spec_in(
        folder, "models/flux/flux-2-pro.yaml", "[jpg, png, webp]", f"[jpg, {quoted(HOSTILE)}]"
    )
    text = (new / "models/flux/flux-2-pro.yaml").read_text(encoding="utf-8")
    (new / "models/flux/flux-2-pro.yaml").write_text(
        text.replace("title: Flux 2 Pro", f"title: {quoted(HOSTILE)}"), encoding="utf-8"
    )
    return ["diff", str(SPEC), str(new)]


def diff_revision(folder: Path) -> list[str]:
    return ["diff", HOSTILE]


def drift(folder: Path, *more: str) -> list[str]:
    document = yaml.safe_load((SPEC.parent / "generated/openapi.yaml").read_text(encoding="utf-8"))
    params = document["components"]["schemas"]["Flux2ProParams"]["properties"]
    params["width"]["default"] = HOSTILE
    params["output_format"]["enum"] = [HOSTILE]
    params[HOSTILE] = {"type": "string", "pattern": HOSTILE}
    (folder / NAME).write_text(json.dumps(document))
    return ["drift", str(folder / NAME), "--all", *more]


def drift_markdown(folder: Path) -> list[str]:
    return drift(folder, "--format", "markdown")


def drift_json(folder: Path) -> list[str]:
    return drift(folder, "--format", "json")


def drift_unread(folder: Path) -> list[str]:
    (folder / NAME).write_text(f"swagger: {quoted(HOSTILE)}\n", encoding="utf-8")
    return ["drift", str(folder / NAME)]


def drift_missing(folder: Path) -> list[str]:
    return ["drift", str(folder / HOSTILE)]


def explain(folder: Path) -> list[str]:
    spec = spec_in(
        folder, "models/flux/flux-2-pro.yaml", "title: Flux 2 Pro", f"title: {quoted(HOSTILE)}"
    )
    return ["--spec", str(spec), "explain", "flux-2-pro"]


def explain_unknown(folder: Path) -> list[str]:
    return ["explain", HOSTILE]


def new_model(folder: Path) -> list[str]:
    table = f"# Odd {HOSTILE}\n\n{HOSTILE * 9} sentence.\n\nfluxParams.oddstring{HOSTILE} max 3\n"
    (folder / NAME).write_text(table, encoding="utf-8")
    return [
        "new-model",
        "flux-9",
        "--from-page",
        str(folder / NAME),
        "--title",
        HOSTILE,
        "--stdout",
    ]


def new_model_refused(folder: Path) -> list[str]:
    return ["new-model", HOSTILE]


def new_model_of_no_family(folder: Path) -> list[str]:
    return ["new-model", "flux-9", "--family", HOSTILE]


def learn(folder: Path) -> list[str]:
    (folder / NAME).write_text(
        f"source: {{id: server, title: {quoted(HOSTILE)}, summary: {quoted(HOSTILE)}}}\n"
        f"models: {{{quoted(HOSTILE)}: {{parameters: {{{quoted(HOSTILE)}: {{maximum: 1}}}}}}}}\n",
        encoding="utf-8",
    )
    return ["learn", str(folder / NAME)]


def new_family_refused(folder: Path) -> list[str]:
    return ["new-family", HOSTILE]


def vendor_lock(folder: Path) -> list[str]:
    (folder / "_fluxframe").mkdir()
    (folder / "_fluxframe" / vendor.LOCK).write_text('{"format": ' + HOSTILE, encoding="utf-8")
    return ["vendor", str(folder), "--check"]


def vendor_place(folder: Path) -> list[str]:
    (folder / NAME).touch()
    return ["vendor", str(folder / NAME)]


def vendor_package(folder: Path) -> list[str]:
    return ["vendor", str(folder), "--package", HOSTILE]


def wrong_option(folder: Path) -> list[str]:
    return ["lint", HOSTILE]


def wrong_command(folder: Path) -> list[str]:
    return [HOSTILE]


CASES = [
    *(lint_key, lint_github, lint_json, lint_value, lint_line, generate_broken, generate_elsewhere),
    *(check, diff, diff_revision, drift, drift_markdown, drift_json, drift_unread, drift_missing),
    *(explain, explain_unknown, new_model, new_model_refused, new_model_of_no_family),
    *(new_family_refused, learn),
    *(vendor_lock, vendor_place, vendor_package, wrong_option, wrong_command),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_nothing_that_acts_reaches_the_terminal(
    case: Callable[[Path], list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = case(tmp_path)
    try:
        main(arguments)
    except SystemExit as end:
        assert end.code == 2
    said = capsys.readouterr()
    text = said.out + said.err
    assert text
    assert {c for c in text if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029"} <= {
        *"\n\t"
    }
    if case in (lint_json, drift_json):
        assert any(HOSTILE in text for text in _texts(json.loads(said.out)))
    if case is new_model:
        value = parse("models/flux/flux-9.yaml", said.out.encode()).value
        assert isinstance(value, dict)
        assert value["title"] == HOSTILE


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


def test_every_command_is_tried() -> None:
    from codegen.__main__ import COMMANDS

    tried = {case.__name__.replace("_", "-") for case in CASES}
    # `types` shows what type checkers say of the project itself.
    assert all(any(name.startswith(c) for name in tried) for c in {*COMMANDS} - {"types"})


def test_a_line_is_cut_before_it_is_looked_at() -> None:
    assert line("a\nb\x1b") == "a\\nb\\x1b"
    assert len(line("\x1b" * 10_000_000)) <= 4 * LONGEST + 1


def test_words_of_all_scripts_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    text = "naïve “quotes” – 漢字\u3000かな עברית 🎨\u00a0€\n\tend\n"
    PlainStream(sys.stdout).write(text)
    assert capsys.readouterr().out == text


def test_a_caret_stands_below_its_place_beside_what_is_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = spec_in(tmp_path, "api.yaml", "title: ", '{"\u202e\u200b": 1, unknown: 2}: 3\ntitle: ')
    assert main(["--spec", str(spec), "lint"]) == 1
    shown = re.search(r"\| (.*\{.*)\n\s+\| ( *)\^", capsys.readouterr().err)
    assert shown
    assert shown[1][len(shown[2])] == "{"


def test_a_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command loads what it needs; none shows a traceback where that is not installed."""
    loaded = [name for name in sys.modules if re.match(r"codegen\.(commands|page)\b", name)]
    for name in loaded:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lxml", None)
    assert main(["new-model", "x", "--family", "flux", "--stdout"]) == 1
    assert capsys.readouterr().err == (
        "codegen needs lxml; run it as: python3 noxfile.py -s codegen -- COMMAND\n"
    )
