"""`new-model`: the file of a model comes back from its page, or is begun from nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.page.imported import imported
from codegen.spec.diagnostics import SpecError
from codegen.spec.document import parse
from codegen.spec.load import SPEC as SPEC_FOLDER
from codegen.spec.load import load
from codegen.spec.model import Model
from codegen.spec.schema import Constraints, Parameter

from .page.pages import FLUX, FORMS, SPEC, rows, run_together, words

# The models whose parameters are all from pages.
MODELS = sorted(
    id
    for id, model in SPEC.models.items()
    if model.parameters and all("page" in one.source for one in model.parameters.values())
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the spec."""
    return Path(shutil.copytree(SPEC_FOLDER, tmp_path / "spec"))


def new_model(folder: Path, id: str, *arguments: str, text: str | bytes | None = None) -> int:
    """The exit status of the command, with a page of that text."""
    given = ["--spec", str(folder), "new-model", id, *arguments]
    if text is None and not {"--family", "--from-page"} & {*arguments}:
        given += ["--family", FLUX.id]
    if text is not None:
        file = folder.parent / "page.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        given += ["--from-page", str(file)]
    return main(given)


def constraints(parameter: Parameter) -> dict[str, object]:
    """What is allowed, in a form in which order does not count."""
    keys = [*Constraints.model_fields, "required", "unit", "summary", "items"]
    said = {key: getattr(parameter, key) for key in keys}
    return {
        **said,
        "values": None if parameter.values is None else set(parameter.values),
        "used_when": parameter.used_when,
        "ignored_when": parameter.ignored_when,
        "requires": {(rule.when, rule.parameter) for rule in parameter.requires},
    }


def resolved(name: str, given: dict[str, Any]) -> Parameter:
    """A parameter with what its family says of it."""
    return Parameter.model_validate(
        FLUX.parameters[name].model_dump(exclude_unset=True) | {"source": {"page": name}} | given
    )


# What may begin a page or end its lines; each model has each form of a page with another of them.
CHANGES = {"LF": "", "CRLF": "\r\n", "CR": "\r", "BOM": "\ufeff"}
PAGES = [
    pytest.param(id, form, list(CHANGES.values())[(n + k) % len(CHANGES)], id=f"{id}-{form}")
    for n, id in enumerate(MODELS)
    for k, form in enumerate(FORMS)
]


# Of these, pages say all.
WHOLE_PAGES = ("flux-1.1-pro", "flux-2-dev", "flux-2-flex", "flux-2-max", "flux-2-pro")


def page_of(id: str, form: str, change: str) -> str:
    """The page of a model."""
    text = FORMS[form](SPEC.models[id], rows(SPEC.models[id]))
    return text.replace("\n", change) if "\r" in change else change + text


@pytest.mark.parametrize(("id", "form", "change"), PAGES)
def test_a_model_comes_back_from_its_page(id: str, form: str, change: str, tmp_path: Path) -> None:
    """What is read is what the spec says, which may have more from other sources."""
    model = SPEC.models[id]
    page = tmp_path / "page.txt"
    page.write_bytes(page_of(id, form, change).encode())
    # To find the family takes a look at all of them: each form of a page does it for some models.
    family, text = imported(page, SPEC_FOLDER, id, None, model.family if change else None)
    assert family == SPEC.families[model.family]
    read: Any = parse("model.yaml", text.text.encode()).value
    assert {*read["parameters"]} == {*model.parameters}
    for name, parameter in model.parameters.items():
        found = read["parameters"][name]
        # A page in Markdown has code for quotation marks.
        said = [
            str(one).replace('"', "") for one in (found.pop("source")["page"], words(parameter))
        ]
        assert said[1] in said[0]
        for key, value in found.items():
            if key == "summary":  # Of a parameter that its family has not; in words of one's own.
                continue
            known: Any = parameter.model_dump(exclude_unset=True).get(key)
            if isinstance(value, list):
                assert all(one in known for one in value)
            elif isinstance(value, dict):
                assert value.items() <= known.items()
            elif known is None and key in ("minimum", "maximum"):
                assert value in (parameter.values or ())
            else:
                assert value == known
    assert [e["request"] for e in read["examples"].values()] == [
        e.request for e in model.examples.values()
    ]
    keys = ("title", "summary", "description", "discriminator", "operation")
    assert [read.get(key) for key in keys] == [getattr(model, key) for key in keys]
    if id in WHOLE_PAGES:
        assert text.todos == []
        assert {n: constraints(resolved(n, said)) for n, said in read["parameters"].items()} == {
            name: constraints(parameter) for name, parameter in model.parameters.items()
        }
        assert [e["summary"] for e in read["examples"].values()] == [
            e.summary for e in model.examples.values()
        ]


def test_it_is_written_as_by_hand(folder: Path) -> None:
    model = SPEC.models["flux-2-flex"]
    path = folder / "models" / "flux" / "flux-2-flex.yaml"
    by_hand = path.read_text(encoding="utf-8")
    path.unlink()
    assert new_model(folder, model.id, text=run_together(model, rows(model))) == 0
    written = path.read_text(encoding="utf-8")
    without_readings = re.sub(r"    readings:\n(?:      .*\n)+", "", by_hand)
    without_readings = without_readings.replace(
        "page: Code examples", "page: Code examples, Text to image"
    )
    # The order of parameters is the family's, and a quotation mark more or less does not count.
    lines = [
        sorted(re.split(r"\n(?=  \w)", text.replace("'", "").rstrip()))
        for text in (written, without_readings)
    ]
    assert lines[0] == lines[1]


def test_a_scaffold_has_all_keys_and_does_not_load(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_model(folder, "flux-9", "--title", "Flux: 9") == 0
    text = (folder / "models" / "flux" / "flux-9.yaml").read_text(encoding="utf-8")
    value: Any = parse("models/flux/flux-9.yaml", text.encode()).value
    needed = {name for name, key in Model.model_fields.items() if key.is_required()}
    assert needed == set(value)
    assert (value["id"], value["title"], value["family"]) == ("flux-9", "Flux: 9", "flux")
    for name in FLUX.parameters:
        assert f"  # {name}:" in text
    with pytest.raises(SpecError, match="expected a mapping") as caught:
        load(folder)
    assert len(caught.value.diagnostics) == 2
    error = capsys.readouterr().err
    assert error.count(": TODO: ") == text.count("# TODO: ") > 3
    uncommented = re.sub("(?m)^(  )# ", r"\1", text).replace("\n  # ", "\n  ")
    parsed: Any = parse(
        "models/flux/flux-9.yaml", re.sub("(?m)^#.*\n", "", uncommented).encode()
    ).value
    assert set(parsed["parameters"]) == set(FLUX.parameters)


def test_the_todos_are_counted_and_shown_with_their_lines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_model(folder, "flux-9", text="fluxParams.seedintegerStrength 3 of 7") == 0
    lines = (folder / "models" / "flux" / "flux-9.yaml").read_text(encoding="utf-8").splitlines()
    *todos, last = capsys.readouterr().err.splitlines()
    for todo in todos:
        match = re.fullmatch(r".*flux-9\.yaml:(\d+): TODO: (.*)", todo)
        assert match
        assert lines[int(match[1]) - 1].strip() == f"# TODO: {match[2]}"
    assert any(todo.endswith("TODO: Strength 3 of 7") for todo in todos)
    assert last.endswith(f"with {len(todos)} TODOs")
    assert "    # TODO: Strength 3 of 7" in lines


def test_stdout_prints_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(folder.rglob("*"))
    assert new_model(folder, "flux-2-pro", "--stdout") == 0
    assert capsys.readouterr().out.startswith("# yaml-language-server: ")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("id", "arguments", "text", "message"),
    [
        ("flux-2-pro", (), None, "flux-2-pro.yaml exists already"),
        ("../flux", (), None, "`../flux` is not an id"),
        ("flux 9", (), None, "`flux 9` is not an id"),
        ("flux-9\n", (), None, "is not an id"),
        ("", (), None, "`` is not an id"),
        ("flux-9", ("--family", "flix"), None, "`flix` is not a family; did you mean `flux`?"),
        ("flux-9", ("--family", "../families/flux"), None, "is not a family"),
        ("flux-9", ("--from-page", "no-such-file"), None, "no-such-file"),
        ("flux-9", ("--from-page", "."), None, "'.'"),
        ("flux-9", (), b"\x89PNG\r\n\x1a\n\x00", "page.txt: this is not UTF-8 text; expected a page"),
        ("flux-9", (), b"a\x00b", "page.txt: this is a binary file; expected a page"),
        ("flux-9", (), b"", "page.txt: the file is empty; expected a page"),
        ("flux-9", (), b"\xef\xbb\xbf \n", "page.txt: the file is empty; expected a page"),
        ("flux-9", (), b"Hello", "page.txt: there is no table of parameters; expected"),
        ("flux-9", (), b"|a|b|\n|-|-|\n|1|2|", "page.txt: there is no table of parameters; expected"),
        ("flux-9", (), b"<table><tr><td>a</table>", "there is no table of parameters; expected"),
        ("flux-9", (), b"<![x[<table></table>", "page.txt: this is not HTML"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_writes_nothing(
    id: str,
    arguments: tuple[str, ...],
    text: bytes | None,
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert new_model(folder, id, *arguments, text=text) == 1
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.startswith("codegen new-model: ")
    assert output.err.strip("\n").count("\n") <= (id == "flux-9\n")
    assert output.out == ""
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_broken_link_is_not_overwritten(folder: Path) -> None:
    (folder / "models" / "flux" / "flux-9.yaml").symlink_to("nowhere")
    assert new_model(folder, "flux-9") == 1


def test_nothing_half_written_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise OSError("the disk is full")

    before = sorted(folder.rglob("*"))
    monkeypatch.setattr(Path, "rename", fail)
    assert new_model(folder, "flux-9") == 1
    assert sorted(folder.rglob("*")) == before


def test_an_unfinished_model_is_no_hindrance_and_a_broken_family_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_model(folder, "flux-8") == 0
    assert new_model(folder, "flux-9", text="fluxParams.seedintegerSeed") == 0
    file = folder / "families" / "flux.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    capsys.readouterr()
    assert new_model(folder, "flux-10") == 1
    assert "has problems" in capsys.readouterr().err
