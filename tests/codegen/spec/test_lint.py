"""The linter: a folder of broken specs, one fault each, with the message that each must give.

A file of `broken/` is an edit of the spec (`edit PATH`, `write PATH` or `copy FROM TO`, with the lines
that go and come) and, after an empty line, what must be said of it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from codegen.__main__ import main

from ..few import few, written

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.txt"))
FILES = few("flux-2-flex", "flux-2-pro")  # Which the cases are edits of.


def edited(case: str) -> dict[str, bytes]:
    """The files of the spec with the edit of a case."""
    header, *lines = case.partition("\n\n")[0].split("\n")
    old = "\n".join(line[1:] for line in lines if line.startswith("-"))
    new = "\n".join(line[1:] for line in lines if line.startswith("+"))
    match header.split():
        case ["edit", path]:
            text = FILES[path].decode()
            assert old in text
            new_text = text.replace(old, new, 1) if new else text.replace(f"{old}\n", "", 1)
            return {**FILES, path: new_text.encode()}
        case ["write", path]:
            content = new.encode().replace(b"\\xe9", b"\xe9")
            return {**FILES, path: content + b"\n" if content else b""}
        case ["copy", source, path]:
            return {**FILES, path: FILES[source].replace(old.encode(), new.encode())}
        case _:
            raise ValueError(header)


def unnumbered(said: str) -> str:
    """What is said without the numbers of lines, which are those of the spec as it is: the line is shown."""
    return re.sub(r"(?m)(?<=\.yaml:)[0-9]+(?=:)|^ *[0-9]+(?= \|)", "N", said)


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_fault_gets_its_message_in_every_format(
    path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = path.read_text(encoding="utf-8")
    spec = written(edited(case), tmp_path / "spec")
    monkeypatch.chdir(tmp_path)
    assert main(["--spec", str(spec), "lint"]) == 1
    said = capsys.readouterr().err
    assert unnumbered(said.rpartition("\n\n")[0]) == unnumbered(
        case.partition("\n\n")[2].rstrip("\n")
    )
    assert main(["--spec", str(spec), "lint", "--format", "json"]) == 1
    problems = json.loads(capsys.readouterr().out)
    assert main(["--spec", str(spec), "lint", "--format", "github"]) == 1
    annotations = capsys.readouterr().out.splitlines()
    assert len(annotations) == len(problems) >= 1
    for problem, annotation in zip(problems, annotations, strict=True):
        place = f"file={problem['file']},line={problem['line']},col={problem['column']}::"
        assert annotation.startswith(f"::error {place}")
        assert problem["message"].replace("%", "%25") in annotation


def test_a_spec_without_a_problem_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "No problems.\n"
    assert main(["lint", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_all_problems_come_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As many as there are files with a fault, for faults that one can find in a file alone."""
    names = ["unknown-key", "empty-file", "bad-encoding", "unknown-key-in-an-operation"]
    files = dict(FILES)
    for name in names:
        case = (Path(__file__).parent / "broken" / f"{name}.txt").read_text(encoding="utf-8")
        changed = edited(case)
        files |= {path: data for path, data in changed.items() if FILES.get(path) != data}
    assert main(["--spec", str(written(files, tmp_path / "spec")), "lint", "--format", "json"]) == 1
    assert len(json.loads(capsys.readouterr().out)) == len(names)


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--spec", str(tmp_path / "none"), "lint"]) == 1
    assert "api.yaml" in capsys.readouterr().err
