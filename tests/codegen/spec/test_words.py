"""What lint warns of: words that name other numbers than the limit they are quoted for, and idle operations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.spec.constraints import KINDS
from codegen.spec.lint import advise
from codegen.spec.lint.words import numbers
from codegen.spec.load import load, resolve
from codegen.spec.schema import Parameter
from codegen.spec.whole import Spec

from ..few import few, written

PRO = "models/flux/flux-2-pro.yaml"
FILES = few("flux-2-pro")
WHOLE = load()
BOUNDS = [kind.name for kind in KINDS if kind.is_bound]
# Each limit whose source names numbers.
QUOTED = [
    (id, name, bound)
    for id, model in WHOLE.models.items()
    for name, parameter in model.parameters.items()
    for bound in BOUNDS
    if getattr(parameter, bound) is not None and numbers(parameter.source_of(bound))
]


def edited(old: str, new: str) -> dict[str, bytes]:
    text = FILES[PRO].decode()
    assert old in text
    return {**FILES, PRO: text.replace(old, new, 1).encode()}


def lint(
    folder: Path, files: dict[str, bytes], capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, str, str]:
    status = main(["--spec", str(written(files, folder / "spec")), "lint", *options])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_limit_that_its_words_contradict_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, said = lint(tmp_path, edited("max_items: 8", "max_items: 9"), capsys)
    assert status == 0
    place, message, *_ = said.splitlines()[0].split(": ", 2)
    assert place.startswith(f"spec/{PRO}:")
    assert message == "warning"
    assert "the max_items is 9, and the words of its source name 8" in said


def test_a_warning_says_so_in_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = edited("max_items: 8", "max_items: 9")
    status, out, _ = lint(tmp_path, files, capsys, "--format", "json")
    told = [problem for problem in json.loads(out) if "max_items" in problem["message"]]
    assert (status, [problem["severity"] for problem in told]) == (0, ["warning"])
    status, out, _ = lint(tmp_path, files, capsys, "--format", "github")
    assert status == 0
    assert any(
        line.startswith("::warning file=") and "max_items" in line for line in out.splitlines()
    )


def test_words_of_the_constraint_itself_count_first() -> None:
    limit = "    max_items: 9\n    sources: {max_items: {oas: up to 9}}\n"
    spec = resolve(edited("    max_items: 8\n", limit))
    assert [problem for problem in advise(spec) if "max_items" in problem.message] == []


def test_an_operation_that_no_model_is_asked_by_is_a_warning() -> None:
    idle = {problem.path[0] for problem in advise(resolve(FILES)) if "no model" in problem.message}
    assert idle == set(WHOLE.submissions()) - {"images.generate"}


@pytest.mark.parametrize("bound", BOUNDS)
def test_any_limit_that_moves_away_from_its_words_is_told(bound: str) -> None:
    for id, name, other in QUOTED:
        if other != bound:
            continue
        model = WHOLE.models[id]
        parameter = model.parameters[name]
        changes: dict[str, Any] = {bound: getattr(parameter, bound) + 12_345}
        moved: Parameter = parameter.model_copy(update=changes)
        changed = model.model_copy(update={"parameters": {name: moved}})
        told = [p.path for p in advise(of_one(changed)) if p.path[0] == "parameters"]
        assert told == [("parameters", name, bound)], (id, name)


def of_one(model: Any) -> Spec:
    known = {name: getattr(WHOLE, name) for name in WHOLE.__dataclass_fields__}
    return Spec(**{**known, "models": {model.id: model}})


def test_there_is_something_to_tell() -> None:
    assert len(QUOTED) > 100
