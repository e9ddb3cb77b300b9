"""Flags that are made of parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from random import Random
from typing import Any

import click
import pytest
from click.testing import CliRunner

from fluxframe import Model, Parameter
from fluxframe._spec import Operation
from fluxframe.cli import _commands, _flags, cli
from fluxframe.cli._commands import command_for, submissions

from .shells import (
    MODELS,
    one_line,
)

# In lines that are not broken, neither at the hyphens of flags.
WIDE: dict[str, Any] = {"terminal_width": 1000, "max_content_width": 1000}


def flags_of(model: str) -> dict[str, str]:
    """What the help of a model's command says of each flag, on one line."""
    command = command_for(MODELS[model].operation)
    done = CliRunner().invoke(cli, [command, model, "--help"], prog_name="fluxframe", **WIDE)
    assert done.exit_code == 0
    _, _, listed = done.stdout.partition(f"Parameters of {model}:\n")
    listed, _, _ = listed.partition("\nOptions:")
    entries = re.split(r"^  (?=--)", listed, flags=re.MULTILINE)[1:]
    return {entry.split()[0]: one_line(entry) for entry in entries}


@pytest.mark.parametrize("model", list(MODELS))
def test_the_help_of_a_model_shows_just_its_parameters_with_their_limits(model: str) -> None:
    prompt = MODELS[model].by_role("prompt")
    beside = {MODELS[model].discriminator, prompt and prompt.name}
    parameters = {p.name: p for p in MODELS[model].parameters.values() if p.name not in beside}
    shown = flags_of(model)
    assert set(shown) == {"--" + name.replace("_", "-") for name in parameters}
    for name, parameter in parameters.items():
        text = shown["--" + name.replace("_", "-")]
        assert parameter.summary in text
        if parameter.minimum is not None and parameter.maximum is not None:
            assert f"{parameter.minimum} to {parameter.maximum} {parameter.unit}".strip() in text
        for number in (parameter.minimum, parameter.maximum, parameter.max_items):
            assert number is None or re.search(rf"\b{number}\b", text)
        for value in (parameter.items or parameter).values or ():
            assert re.search(rf"[ |]{re.escape(str(value))}[ |]", text)
        if parameter.default is not None:
            default = parameter.default
            word = default if isinstance(default, str) else json.dumps(default)
            assert f"default is {word}." in text
        assert ("[required]" in text) == parameter.required
        for other, values in {**parameter.used_when, **parameter.ignored_when}.items():
            assert f"with --{other.replace('_', '-')} {' or '.join(map(str, values))}." in text
        if parameter.quantity is not None:
            assert f"{parameter.quantity.maximum} {parameter.quantity.unit}" in text
        if parameter.type == "boolean":
            assert f"--no-{name.replace('_', '-')}" in text


def test_a_parameter_named_like_an_option_has_a_flag_of_its_own() -> None:
    names = ("out", "json", "preview", "class_", "help_", "param_json")
    model = Model(
        id="m",
        title="M",
        family="f",
        operation=next(iter(submissions().values())).name,
        discriminator="model",
        stands_for="m",
        summary="",
        description="",
        container="c",
        result="R",
        media="image",
        parameters={n: Parameter(name=n, path=f"c.{n.strip('_')}", type="string") for n in names},
    )
    own = (
        click.Option(["--out"]),
        click.Option(["--json"]),
        click.Option(["--preview/--no-preview"]),
    )
    flags = {name: option.opts for name, option in _flags.options(model, own).items()}
    assert flags == {
        "out": ["--param-out"],
        "json": ["--param-json"],
        "preview": ["--param-preview"],
        "class_": ["--class"],
        "help_": ["--param-help"],
        "param_json": ["--param-param-json"],
    }


def test_a_flag_as_python_spells_it_is_told_as_it_is(
    monkeypatch: pytest.MonkeyPatch, chance: Random
) -> None:
    """Of each model a parameter of its own, and one of another."""
    monkeypatch.setenv("COLUMNS", "200")
    names = {p.name for model in MODELS.values() for p in model.parameters.values()}
    spelled = {name: "--" + name.replace("_", "-") for name in names if "_" in name}
    for id, model in MODELS.items():
        own = {p.name for p in model.parameters.values()} & spelled.keys()
        for name in [*some(chance, own), *some(chance, spelled.keys() - own)]:
            prompt = ["x"] if model.by_role("prompt") else []
            command = command_for(model.operation)
            done = CliRunner().invoke(cli, [command, id, *prompt, f"--{name}", "16:9"])
            hint = f"Did you mean {spelled[name]}?" if name in own else f"{id} does not take it"
            assert done.exit_code == 2
            assert hint in re.sub(r"['()]", "", done.stderr), done.stderr
            done = CliRunner().invoke(cli, [command, f"--{name}", "16:9", id, *prompt])
            assert f"--{name} comes after the model and its prompt" in done.stderr


def some(chance: Random, names: Collection[str]) -> list[str]:
    return chance.sample(sorted(names), min(1, len(names)))


P = Parameter
WORDS = ("fast", "slow")
# A parameter, what stands on a command line, and what it is in JSON.
SPELLED: list[tuple[Parameter, list[str], Any]] = [
    (P(name="p", path="p", type="string", nullable=True), ["null"], None),
    (P(name="p", path="p", type="integer", nullable=True), ["7"], 7),
    (P(name="p", path="p", type="string"), ["null"], "null"),
    (P(name="p", path="p", type="object"), ['{"a": [1, "b"]}'], {"a": [1, "b"]}),
    (P(name="p", path="p", type="array"), ["[1, 2]"], [1, 2]),
    (
        P(name="p", path="p", type="array", items=P(name="p", path="p", type="object")),
        ['{"a": 1}', "{}"],
        [{"a": 1}, {}],
    ),
    (
        P(
            name="p",
            path="p",
            type="array",
            nullable=True,
            items=P(name="p", path="p", type="integer"),
        ),
        ["null"],
        None,
    ),
    (
        P(
            name="p",
            path="p",
            type="array",
            items=P(name="p", path="p", type="integer", nullable=True),
        ),
        ["1", "null"],
        [1, None],
    ),
    *(
        (
            P(
                name="p",
                path="p",
                type="any",
                any_of=(
                    P(name="p", path="p", type="string", values=(*WORDS, "2")),
                    P(name="p", path="p", type="integer"),
                    P(name="p", path="p", type="boolean"),
                ),
            ),
            [text],
            value,
        )
        for text, value in (("fast", "fast"), ("2", "2"), ("3", 3), ("true", True), ("x", "x"))
    ),
]


@pytest.mark.parametrize(("parameter", "texts", "value"), SPELLED)
def test_what_is_on_the_command_line_is_its_json_and_comes_back(
    parameter: Parameter, texts: list[str], value: Any
) -> None:
    options = {"p": _flags.option("--p", parameter)}
    words = [word for text in texts for word in ("--p", text)]
    for line in (words, _flags.spelled(options, {"p": value})):
        context = click.Command("c", params=list(options.values())).make_context("c", list(line))
        assert _flags.given(options, context.params) == {"p": value}


def test_two_operations_never_share_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("pictures.make", "films.make", "films.wait", "films.make_more")
    made = {
        name: Operation(name=name, method="POST", path="/", status=200, kind="submit")
        for name in names
    }
    monkeypatch.setattr(_commands, "OPERATIONS", made)
    found = {name: known.name for name, known in _commands.submissions.__wrapped__().items()}
    assert found == {
        "make": "pictures.make",
        "films-make": "films.make",
        "films-wait": "films.wait",
        "make-more": "films.make_more",
    }
