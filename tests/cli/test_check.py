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

from fluxframe.cli import cli

from .shells import (
    EXAMPLES,
    FOUND,
    GOOD,
    MODELS,
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


def test_what_is_no_request_is_told_with_its_line(shell: Shell) -> None:
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
    container = MODELS[str(example["model"])].container
    outside = {name: value for name, value in example.items() if name != container}
    flat = {**outside, **example.get(container, {})}
    done = shell("check", "-", input=json.dumps([example, flat]))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "no problems in 2 requests\n"


@given(text=st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
@settings(max_examples=60)
def test_whatever_is_in_a_file_is_no_traceback(text: str) -> None:
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
