"""The command `fluxframe check`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe import FluxframeError
from fluxframe._requests import flat
from fluxframe.cli import cli

from ..servers.tiny import TinyServer
from .shells import (
    EXAMPLES,
    FOUND,
    GOOD,
    Shell,
)

WIRE = {**GOOD, "fluxParams": {"width": 1, "aspect_ratio": "custom", "height": 512}}
FLAT = {**GOOD, "width": 1, "aspect_ratio": "custom", "height": 512}


@pytest.mark.parametrize("request_", [WIRE, FLAT], ids=["wire", "flat"])
@pytest.mark.parametrize(
    ("write", "at"),
    [
        (lambda r: json.dumps(r), [1]),
        (lambda r: json.dumps(r, indent=1), None),
        (lambda r: json.dumps([GOOD, r, r], indent=1), None),
        (lambda r: "\n".join(map(json.dumps, [GOOD, r, GOOD, r])), [2, 4]),
        (lambda r: "\n\n" + "\n\n".join(map(json.dumps, [r, GOOD])) + "\n", [3]),
    ],
    ids=["json", "indented", "list", "lines", "gaps"],
)
def test_requests_are_checked_in_every_shape(
    shell: Shell, request_: Mapping[str, Any], write: Callable[[Any], str], at: list[int] | None
) -> None:
    text = write(request_)
    if at is None:
        at = [n for n, line in enumerate(text.splitlines(), 1) if '"width"' in line]
    Path("requests").write_text(text)
    for done, name in (
        (shell("check", "requests"), "requests"),
        (shell("check", "-", input=text), "-"),
    ):
        assert done.exit_code == 2
        assert done.stdout.splitlines() == [f"{name}:{line}: {FOUND}" for line in at]
    told = json.loads(shell("check", "requests", "--json").stdout)
    assert [problem["line"] for problem in told["problems"]] == at
    assert not told["ok"]


def test_what_is_not_a_request_is_told_with_its_line(shell: Shell) -> None:
    text = "\n".join([json.dumps(GOOD), "{nonsense", "[1]", '{"a": NaN}', '{"a": 1, "a": 2}'])
    done = shell("check", "-", input=text)
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["2", "3", "4", "5"]
    broken = shell("check", "-", input='{\n"model": "flux-2-pro",\n"prompt": ?}')
    assert (broken.exit_code, broken.stdout[:18]) == (2, "-:3: not valid JSO"), broken.stdout
    deep = shell("check", "-", input="[" * 100_000)
    assert (deep.exit_code, deep.stdout) == (2, "-:1: not valid JSON: nested too deeply\n")
    assert shell("check", "-", input=b"\xff").exit_code == 2


@pytest.mark.parametrize("example", EXAMPLES)
def test_documented_requests_are_good_in_both_shapes(
    shell: Shell, example: Mapping[str, Any]
) -> None:
    done = shell("check", "-", input=json.dumps([example, flat(example)]))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "no problems in 2 requests\n"


PIECES = st.lists(
    st.sampled_from(
        [
            *map(json.dumps, (GOOD, WIRE, FLAT, [GOOD], [FLAT, 1], {**GOOD, "seed": 1.0})),
            *('{"model": "flux-2-pro", "prompt": "a", "prompt": "b"}', '{"a": NaN}', "[" * 600),
            *("model,prompt,seed", "model;prompt", "flux-2-pro,a,1.0", "flux-2-pro;b", "sep=;"),
            *(
                "\ufeff",
                "\n",
                "\r\n",
                "\r",
                "\u2028",
                "\0",
                ",",
                ";",
                "\t",
                '"',
                " ",
                "[",
                "]",
                "\x85",
            ),
        ]
    )
    | st.text(max_size=3),
    max_size=8,
).map("".join)


@given(
    text=st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps) | PIECES,
    code=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    suffix=st.sampled_from(["json", "jsonl", "csv", "tsv", "txt"]),
)
@settings(max_examples=60)
def test_check_and_batch_say_the_same_of_any_file(
    tmp_path_factory: pytest.TempPathFactory, text: str, code: str, suffix: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    file = folder / f"requests.{suffix}"
    file.write_bytes(text.encode(code, "replace"))
    called = [
        CliRunner().invoke(cli, [*command, *form])
        for command in (["check", str(file)], ["batch", str(file), "--check"])
        for form in ([], ["--json"])
    ]
    checked, told, *others = ((done.exit_code, done.stdout, done.stderr) for done in called)
    assert [checked, told] == others
    assert isinstance(called[0].exception, SystemExit | None)
    found = json.loads(told[1])
    assert checked[0] == told[0] == (0 if found["ok"] else 2)
    with TinyServer(before=lambda call: (401, {"error": "?"})).client() as client:
        try:
            client.batch.run(file, journal=folder / "x.jsonl", out=None)
        except FluxframeError as error:
            said = [str(p) for p in getattr(error, "problems", [])]
        else:
            said = []
    (folder / "x.jsonl").unlink(missing_ok=True)
    assert len(said) == len(found["problems"])
    for words, problem in zip(said, found["problems"], strict=True):
        assert words.startswith(f"{file}:{problem['line']}: ")


@given(text=st.text() | PIECES)
@settings(max_examples=30)
def test_whatever_is_on_stdin_is_not_a_traceback(text: str) -> None:
    done = CliRunner().invoke(cli, ["check", "-", "--json"], input=text.encode("utf-8", "replace"))
    assert isinstance(done.exception, SystemExit | None)
    told = json.loads(done.stdout)
    assert done.exit_code == (0 if told["ok"] else 2)


def test_a_table_is_checked_too(shell: Shell) -> None:
    Path("rows.csv").write_text(
        "model,prompt,aspect_ratio,width,height\nflux-2-pro,a,custom,1,512\n"
    )
    done = shell("check", "rows.csv")
    assert (done.exit_code, done.stdout) == (2, f"rows.csv:2: {FOUND}\n")


def test_a_problem_is_told_with_the_line_of_its_member(shell: Shell) -> None:
    text = """\
[
  {"model": "flux-2-pro", "prompt": "\\"width\\": 1, \\\\",
   "note": "seed",
   "fluxParams": {
     "input_images": ["https://example.com/a.png",
       "b.png"],
     "seed": "x"
   }, "seed": 7
  }, {"prompt": "a fox",
      "model": "flux-3"}
]"""
    told = json.loads(shell("check", "-", "--json", input=text).stdout)
    assert [(problem["parameter"], problem["line"]) for problem in told["problems"]] == [
        ("note", 3),
        ("input_images", 5),
        ("seed", 7),
        ("seed", 7),
        ("model", 10),
    ]
    advice = [problem["advice"] for problem in told["problems"]]
    assert advice[1] == {"action": "upload", "subject": []}
    assert advice[3] == {"action": "move", "subject": ["fluxParams.seed", "seed"]}
    plain = shell("check", "-", input=text).stdout
    assert "not an absolute URL" in plain
    assert "; `fluxframe upload FILE` uploads a file and prints its URL\n" in plain
    assert "; move it to fluxParams.seed\n" in plain


def test_a_file_of_many_problems_is_checked_in_no_time(shell: Shell) -> None:
    members = {f"p{n}": "\n" for n in range(5_000)}
    text = json.dumps({**GOOD, "fluxParams": members}, indent=1)
    start = time.perf_counter()
    told = json.loads(shell("check", "-", "--json", input=text).stdout)
    assert [p["line"] for p in told["problems"]] == list(range(5, 5_005))
    assert time.perf_counter() - start < 20
    twice = "{" + ", ".join(f'"p{n // 2}": 1' for n in range(100_000)) + "}"
    assert "given twice" in shell("check", "-", input=twice).stdout
