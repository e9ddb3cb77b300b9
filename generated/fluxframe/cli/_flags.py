# A copy of codegen/runtime/cli/_flags.py, where it is edited.
"""A model's parameters as flags of a command line, made from the catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from .._catalog import OPERATIONS, REQUESTS, operation_of
from .._describe import Naming, described
from .._spec import Model, Operation, Parameter
from ._command import Command, ParamType

_HELP = frozenset({"-h", "--help"})
# What `null` on a command line is until it is JSON: to click, None is what is not given.
_NULL = object()


def flag(name: str) -> str:
    """The flag of a parameter, by its Python name."""
    return "--" + name.strip("_").replace("_", "-")


class Value(ParamType[Any]):
    """The value of a parameter; text that is not of its type is left for the check to find."""

    name = "value"

    def __init__(self, parameter: Parameter, *, item: bool) -> None:
        self.parameter = parameter.items if item and parameter.items else parameter
        self._uploadable = uploadable(parameter)
        self.is_nullable = parameter.nullable
        self._takes_null = parameter.nullable or self.parameter.nullable

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value as it is in JSON, but for null."""
        if not isinstance(value, str):
            return value
        return _NULL if value == "null" and self._takes_null else _converted(self.parameter, value)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The placeholder of the value in a help text."""
        p = self.parameter
        words = [word for one in p.any_of or (p,) for word in self._metavars(one)]
        return "|".join(dict.fromkeys([*words, *(["null"] if self._takes_null else [])]))

    def _metavars(self, p: Parameter) -> list[str]:
        choices = [str(value) for value in p.values or ()]
        if self._uploadable and takes_url(p):
            choices[:0] = ["URL", "FILE"]
        elif p.format is not None:
            choices.insert(0, "URL" if takes_url(p) else _placeholder(p.format.title))
        elif p.quantity is not None:
            choices.insert(0, p.quantity.unit)
        named = {"string": "TEXT", "array": "JSON", "object": "JSON"}
        return choices or [named.get(p.type, p.type.upper())]

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The values that begin so, or files if one can be uploaded."""
        if self._uploadable:
            return [CompletionItem(incomplete, type="file")]
        p = self.parameter
        values = (str(value) for one in p.any_of or (p,) for value in one.values or ())
        return [CompletionItem(value) for value in values if value.startswith(incomplete)]


def _placeholder(title: str) -> str:
    """What a form of text is called in place of a value: `a date and time` is `DATE-AND-TIME`."""
    return re.sub(r"^an? ", "", title).replace(" ", "-").upper()


def _converted(p: Parameter, text: str) -> Any:
    """What a text on the command line is in JSON; one that is not of the parameter's type stays text."""
    branches = p.any_of or (p,)
    if any(text in (branch.values or ()) for branch in branches):
        return text
    found = (_read(branch.type, text) for branch in branches)
    return next((value for value in found if not isinstance(value, str)), text)


def _read(kind: str, text: str) -> Any:
    try:
        match kind:
            case "integer" | "number" if re.fullmatch(r"[+-]?[0-9]+", text):
                return int(text)
            case "number" if "_" not in text:
                return float(text)
            case "boolean" if text in ("true", "false"):
                return text == "true"
            case "object" | "array":
                return json.loads(text)
    except (ValueError, RecursionError):
        pass
    return text


def options(model: Model, taken: Iterable[click.Parameter]) -> dict[str, click.Option]:
    """The option of each parameter by its Python name; `taken` are the command's own options.

    A parameter whose flag is one of those, or another parameter's, has it with `param-` before it.
    """
    return _options({name: model.parameters[name] for name in flagged(model)}, taken, model.name_of)


def fields(operation: Operation) -> dict[str, click.Option]:
    """The option of each field that the form of an upload has beside the file."""
    beside = {p.name: p for p in operation.parameters if p.type != "file"}
    return _options(beside, Command("").params, lambda wire_name: wire_name)


def _options(
    parameters: Mapping[str, Parameter], taken: Iterable[click.Parameter], name_of: Naming
) -> dict[str, click.Option]:
    used = _HELP.union(*([*option.opts, *option.secondary_opts] for option in taken))
    spelled: dict[str, str] = {}
    for name in parameters:
        word = flag(name)
        while not used.isdisjoint({word, f"--no-{word[2:]}"}):
            word = f"--param-{word[2:]}"
        used |= {word, f"--no-{word[2:]}"}
        spelled[name] = word

    def called(wire_name: str) -> str:
        name = name_of(wire_name)
        return spelled.get(name, name)

    return {name: option(word, parameters[name], called) for name, word in spelled.items()}


def flagged(model: Model) -> list[str]:
    """The parameters that have flags: what must be given first, and last what every model takes.

    The model and the prompt have places of their own on the command line.
    """
    shared = REQUESTS[OPERATIONS[model.operation].request or ""].fields
    prompt = model.by_role("prompt")
    names = (
        n for n in model.parameters if n != model.discriminator and n != (prompt and prompt.name)
    )
    return sorted(names, key=lambda name: (name in shared, not model.parameters[name].required))


def option(spelled: str, parameter: Parameter, called: Naming = str) -> click.Option:
    """The option that sets a parameter by a flag."""
    dest = f"param_{parameter.name}"
    text = described(parameter, called, choices=False)
    if parameter.required:
        text = f"{text} [required]"
    if parameter.type == "boolean":
        names = [dest, f"{spelled}/--no-{spelled[2:]}"]
        return click.Option(names, default=None, help=text)
    many = parameter.type == "array" and parameter.items is not None
    kind = Value(parameter, item=many)
    if uploadable(parameter):
        text += " A file is uploaded first."
    if many:
        text += " Repeat the flag for each."
    return click.Option([dest, spelled], type=kind, multiple=many, default=None, help=text)


def takes_url(parameter: Parameter) -> bool:
    """Whether a URL can be the value."""
    return parameter.format is not None and "://" in parameter.format.example


def urls(parameter: Parameter) -> Iterator[Parameter]:
    """What of a parameter, or of its items, is a URL."""
    for one in (parameter, *parameter.any_of):
        item = one.items or one
        yield from filter(takes_url, (item, *item.any_of))


def uploadable(parameter: Parameter) -> bool:
    """Whether an uploaded file's URL can be the value: the model reads it, as it doesn't a webhook's."""
    is_read = parameter.role != "webhook_url" and any(urls(parameter))
    upload = operation_of("upload") if is_read else None
    # A form that wants to know more than the file has a command of its own.
    return upload is not None and not any(p.required for p in upload.parameters if p.type != "file")


def given(options: Mapping[str, click.Option], values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that are on the command line, by Python name."""
    found: dict[str, Any] = {}
    for name, option in options.items():
        value = values[str(option.name)]
        if value is None or (option.multiple and not value):
            continue
        is_null = option.multiple and value == (_NULL,) and _is_nullable(option)
        if value is _NULL or is_null:
            found[name] = None
        elif option.multiple:
            found[name] = [None if item is _NULL else item for item in value]
        else:
            found[name] = value
    return found


def _is_nullable(option: click.Option) -> bool:
    return isinstance(option.type, Value) and option.type.is_nullable


def spelled(options: Mapping[str, click.Option], values: Mapping[str, Any]) -> list[str]:
    """Command-line words that set parameters to values."""
    words: list[str] = []
    for name, value in values.items():
        option = options[name]
        if isinstance(value, bool) and option.secondary_opts:
            words.append((option.opts if value else option.secondary_opts)[0])
            continue
        for item in value if isinstance(value, list) and option.multiple else [value]:
            words += [option.opts[0], item if isinstance(item, str) else json.dumps(item)]
    return words


def files(model: Model, values: Mapping[str, Any]) -> dict[str, Path]:
    """The values that are local files where a URL is expected, each with its path."""
    found: dict[str, Path] = {}
    for name, value in values.items():
        parameter = model.parameters[name]
        if not uploadable(parameter):
            continue
        patterns = [p.format.pattern for p in urls(parameter) if p.format]
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not any(re.fullmatch(p, text) for p in patterns):
                path = Path(text)
                with suppress(OSError, ValueError):  # It may be too long for a path.
                    if path.is_file():
                        found[text] = path
    return found


def replaced(model: Model, values: Mapping[str, Any], urls: Mapping[str, str]) -> dict[str, Any]:
    """The values with URLs in place of files."""
    found = dict(values)
    for name, value in values.items():
        if uploadable(model.parameters[name]):
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
