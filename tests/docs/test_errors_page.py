"""docs/errors.md has every error, rule, advice and exit status that there is, and no other."""

from __future__ import annotations

import ast
import builtins
import re
from typing import Any

import pydantic
import pytest

import fluxframe
from codegen.spec.load import load
from fluxframe import Action, APIStatusError, FluxframeError, Job, JobError
from fluxframe import _errors as errors
from fluxframe._errors import STATUS_ERRORS, is_transient
from fluxframe._problems import _WORDS
from fluxframe.cli import _exit
from fluxframe.cli._process import Terminated, stopped
from fluxframe.cli._root import EXIT_STATUSES

from .blocks import ROOT
from .pages_text import PageText, code_in

PAGE = PageText("docs/errors.md")
SPEC = load()
EXPORTED = {name: getattr(fluxframe, name) for name in fluxframe.__all__}
CLASSES = {
    name: kind
    for name, kind in EXPORTED.items()
    if isinstance(kind, type) and issubclass(kind, FluxframeError | Warning)
}
HEADINGS = re.findall(r"^### (\w+)$", PAGE.text, re.MULTILINE)


def made(kind: type[Any]) -> Exception:
    """An error of a class."""
    if issubclass(kind, fluxframe.InvalidRequestError):
        return kind([])
    if issubclass(kind, JobError):
        return kind("it", Job(None, {"id": "one"}))
    if issubclass(kind, APIStatusError | fluxframe.UnexpectedResponseError):
        return kind("it", status=500, body=None)
    error: Exception = kind("it")
    return error


def test_every_class_has_a_section_or_is_the_base_of_all() -> None:
    assert set(HEADINGS) == set(CLASSES) - {"FluxframeError"} | {"ValidationError"}
    assert len(HEADINGS) == len(set(HEADINGS))


def test_the_tree_is_the_one_of_the_module() -> None:
    assert errors.__doc__ is not None
    drawn = re.search(r"^    FluxframeError\n(?:    .+\n)+", errors.__doc__, re.MULTILINE)
    assert drawn
    [shown] = re.findall(r"```text\n(FluxframeError\n.*?)```", PAGE.text, re.DOTALL)
    assert shown == re.sub(r"^    ", "", drawn[0], flags=re.MULTILINE)


def test_the_tree_is_the_one_of_the_classes() -> None:
    [shown] = re.findall(r"```text\n(FluxframeError\n.*?)```", PAGE.text, re.DOTALL)
    above: list[str] = []
    seen = set()
    for line in shown.splitlines():
        indent, name, _, also = re.match(r"([│├└─ ]*)(\w+)( +\(an? (\w+)\))?", line).groups()  # type: ignore[union-attr]
        depth = len(indent) // 4
        above[depth:] = [name]
        seen.add(name)
        bases = {base.__name__ for base in CLASSES[name].__bases__}
        expected = {above[depth - 1]} if depth else {"Exception"}
        assert bases == expected | ({also} if also else set()), name
    assert seen == {name for name in CLASSES if not name.endswith("Warning")}


def test_no_error_is_named_that_there_is_not() -> None:
    known = CLASSES.keys() | {"ValidationError"} | vars(builtins).keys()
    named = set(re.findall(r"\b[A-Z]\w*(?:Error|Warning)\b", PAGE.text))
    assert named <= known | {"ConnectError"}  # The last is httpx's own, in a message.
    assert issubclass(pydantic.ValidationError, ValueError)


@pytest.mark.parametrize("name", sorted(set(HEADINGS) - {"ValidationError"}))
def test_a_section_says_what_to_do_and_what_the_error_carries(name: str) -> None:
    section = PAGE.section(name)
    kind = CLASSES[name]
    if not any(name == base.__name__ for other in CLASSES.values() for base in other.__bases__):
        assert re.search(r"^- \*\*When\*\* ", section, re.MULTILINE)
        assert re.search(r"^- \*\*Do\*\* ", section, re.MULTILINE)
    carried = re.search(r"^- \*\*Carries\*\* (.*?)(?=^- |^$)", section, re.MULTILINE | re.DOTALL)
    for word in code_in(carried[1]) if carried else []:
        attribute = re.fullmatch(r"[a-z_]+", word)
        assert attribute is None or hasattr(made(kind), word), word


def test_every_attribute_of_an_error_is_told_of() -> None:
    for kind in CLASSES.values():
        if issubclass(kind, FluxframeError):
            own = {name for name in vars(made(kind)) if not name.startswith("_")}
            own |= {name for name in vars(kind) if isinstance(vars(kind)[name], property)}
            for name in own - {"notes"}:  # They are part of the text.
                assert f"`{name}`" in PAGE.text, (kind, name)


def test_the_statuses_are_those_that_have_classes() -> None:
    for status, kind in STATUS_ERRORS.items():
        assert f"**When** {status}: " in PAGE.section(kind.__name__)
    final = [s for s in range(500, 600) if not is_transient(s)]
    assert re.findall(r"\b5\d\d\b", PAGE.section("ServerError")) == list(map(str, final))


def test_the_rules_are_those_that_a_problem_may_have() -> None:
    told = [name for row in PAGE.rows("InvalidRequestError") for name in code_in(row[0])]
    written = set()
    for path in (ROOT / "codegen/runtime").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            rules = [word.value for word in node.keywords if word.arg == "rule"]
            if ast.unparse(node.func) == "broken":
                rules += node.args[3:4]
            written |= {str(rule.value) for rule in rules if isinstance(rule, ast.Constant)}
    assert set(told) == set(_WORDS) | written
    assert len(told) == len(set(told))


def test_every_advice_is_told_of() -> None:
    assert [code_in(row[0])[0] for row in PAGE.rows("Advice")] == list(Action)


def test_the_exit_statuses_are_those_of_the_commands() -> None:
    rows = PAGE.rows("Exit statuses of the command line")
    told = {int(text) for row in rows for text in re.findall(r"\b\d+\b", " ".join(row))}
    ends = [None, Terminated(15), Terminated(1)]
    known = {_exit.DONE, _exit.FAILED, _exit.WRONG, _exit.LATER, *(stopped(end)[0] for end in ends)}
    assert told == known
    assert {int(status) for status in EXIT_STATUSES} == known


def test_the_variable_of_the_key_is_the_specs() -> None:
    assert SPEC.api.environment.api_key in PAGE.section("AuthenticationError")
