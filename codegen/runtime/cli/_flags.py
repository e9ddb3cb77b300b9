"""A model's parameters as flags of a command line, made from the catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from .._describe import described
from .._spec import Model, Parameter
from ._command import ParamType

# These have a place of their own on the command line.
_ARGUMENTS = ("model", "prompt")


def flag(name: str) -> str:
    """The flag of a parameter, by its Python name."""
    return "--" + name.strip("_").replace("_", "-")


class Value(ParamType[Any]):
    """The value of a parameter; text that is not of its type is left for the check to find."""

    name = "value"

    def __init__(self, parameter: Parameter, *, uploadable: bool) -> None:
        self.parameter = parameter
        self._uploadable = uploadable

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value as it is in JSON."""
        if not isinstance(value, str):
            return value
        try:
            match self.parameter.type:
                case "integer" | "number" if re.fullmatch(r"[+-]?[0-9]+", value):
                    return int(value)
                case "number" if "_" not in value:
                    return float(value)
                case "object" | "array":
                    return json.loads(value)
        except (ValueError, RecursionError):
            pass
        return value

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The placeholder of the value in a help text."""
        p = self.parameter
        choices = [str(value) for value in p.values or ()]
        if self._uploadable:
            choices[:0] = ["URL", "FILE"]
        elif p.format is not None:
            choices.insert(0, "URL" if "://" in p.format.example else p.format.title)
        elif p.quantity is not None:
            choices.insert(0, p.quantity.unit)
        return "|".join(choices) or {"string": "TEXT"}.get(p.type, p.type.upper())

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The values that begin so, or files if one can be uploaded."""
        if self._uploadable:
            return [CompletionItem(incomplete, type="file")]
        values = map(str, self.parameter.values or ())
        return [CompletionItem(value) for value in values if value.startswith(incomplete)]


def options(model: Model, taken: Iterable[click.Parameter]) -> dict[str, click.Option]:
    """The option of each parameter by its Python name; `taken` are the command's own options."""
    used = {name for option in taken for name in [*option.opts, *option.secondary_opts]}
    made: dict[str, click.Option] = {}
    # The model's own parameters come before those that every model takes.
    own = f"{model.container}."
    for name, parameter in sorted(
        model.parameters.items(), key=lambda item: not item[1].path.startswith(own)
    ):
        if name not in _ARGUMENTS:
            spelled = flag(name)
            if not used.isdisjoint({spelled, f"--no-{spelled[2:]}"}):
                spelled = f"--param-{spelled[2:]}"
            made[name] = _option(f"param_{name}", spelled, parameter, model)
    return made


def _option(dest: str, spelled: str, parameter: Parameter, model: Model) -> click.Option:
    text = described(parameter, flag, choices=False)
    if parameter.type == "boolean":
        names = [dest, f"{spelled}/--no-{spelled[2:]}"]
        return click.Option(names, default=None, help=text)
    many = parameter.type == "array" and parameter.items is not None
    kind = Value(
        parameter.items if many and parameter.items is not None else parameter,
        uploadable=uploadable(parameter, model),
    )
    if uploadable(parameter, model):
        text += " A file is uploaded first."
    if many:
        text += " Repeat the flag for each."
    return click.Option([dest, spelled], type=kind, multiple=many, default=None, help=text)


def uploadable(parameter: Parameter, model: Model) -> bool:
    """Whether an uploaded file's URL can be the value: the model reads it, as it doesn't a webhook's."""
    item = parameter.items or parameter
    inner = parameter.path.startswith(f"{model.container}.")
    return inner and item.format is not None and "://" in item.format.example


def given(options: Mapping[str, click.Option], values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that are on the command line, by Python name."""
    found: dict[str, Any] = {}
    for name, option in options.items():
        value = values[str(option.name)]
        if value is not None and not (option.multiple and not value):
            found[name] = list(value) if option.multiple else value
    return found


def spelled(options: Mapping[str, click.Option], values: Mapping[str, Any]) -> list[str]:
    """Command-line words that set parameters to values."""
    words: list[str] = []
    for name, value in values.items():
        option = options[name]
        if isinstance(value, bool):
            words.append((option.opts if value else option.secondary_opts)[0])
            continue
        for item in value if option.multiple else [value]:
            words += [option.opts[0], item if isinstance(item, str) else json.dumps(item)]
    return words


def files(model: Model, values: Mapping[str, Any]) -> dict[str, Path]:
    """The values that are local files where a URL is expected, each with its path."""
    found: dict[str, Path] = {}
    for name, value in values.items():
        parameter = model.parameters[name]
        item = parameter.items or parameter
        if not uploadable(parameter, model) or item.format is None:
            continue
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not re.fullmatch(item.format.pattern, text):
                path = Path(text)
                with suppress(OSError, ValueError):  # It may be too long for a path.
                    if path.is_file():
                        found[text] = path
    return found


def replaced(model: Model, values: Mapping[str, Any], urls: Mapping[str, str]) -> dict[str, Any]:
    """The values with URLs in place of files."""
    found = dict(values)
    for name, value in values.items():
        if uploadable(model.parameters[name], model):
            if isinstance(value, list):
                found[name] = [urls.get(item, item) for item in value]
            else:
                found[name] = urls.get(value, value)
    return found


class Extra(ParamType[tuple[str, Any]]):
    """A parameter that this package does not know, as NAME=JSON."""

    name = "name=json"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        """Its name and value. Raises UsageError."""
        name, equals, text = str(value).partition("=")
        if not (name and equals):
            self.fail(f"{value!r} is not NAME=JSON", param, ctx)
        try:
            return name, json.loads(text)
        except (ValueError, RecursionError):
            self.fail(f"{text!r} is not valid JSON; text is written '\"{text}\"'", param, ctx)
