# A copy of codegen/runtime/cli/commands/models.py, where it is edited.
"""`fluxframe models`: the models by family, and all that is known of one, from the catalogue."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import click

from ..._catalog import FAMILIES, MODELS
from ..._describe import limits, price, rules
from ..._spec import Model, Parameter
from .._command import Command
from .._commands import command_for, submissions
from .._flags import flagged
from .._lines import entries, screen_width, wrapped
from .._session import Session


def _models(session: Session, id: str | None) -> None:
    if session.json:
        session.data(_plain(MODELS[id]) if id else [_plain(model) for model in MODELS.values()])
        return
    width = screen_width(sys.stdout)
    for line in _listed(width) if id is None else _described(MODELS[id], width):
        session.result(line)


def _listed(width: int | None) -> Iterator[str]:
    """The models below their families, and by which command these are asked for if there are several."""
    families: dict[str, list[Model]] = {}
    for model in MODELS.values():
        families.setdefault(model.family, []).append(model)
    for number, (name, models) in enumerate(families.items()):
        yield from [""] * bool(number)
        commands = dict.fromkeys(command_for(model.operation) for model in models)
        asked = f": fluxframe {' or '.join(commands)}" if len(submissions()) > 1 else ""
        yield from wrapped(f"{FAMILIES[name].title} ({FAMILIES[name].vendor}){asked}", width)
        yield from entries(((model.id, [model.summary]) for model in models), width)


def _described(model: Model, width: int | None) -> Iterator[str]:
    yield from wrapped(f"{model.title}: {model.summary}", width)
    yield from wrapped(model.description, width)
    yield ""
    prompt = " PROMPT" if model.by_role("prompt") else ""
    made = f"{model.media}s" if model.count is None else f"{model.count} {model.media}s"
    costs = price(model)
    yield from entries(
        [
            ("Command", [f"fluxframe {command_for(model.operation)} {model.id}{prompt}"]),
            ("Request", [f'{model.discriminator}="{model.stands_for}", by {model.operation}']),
            ("Result", [f"{model.result} ({made})"]),
            ("Price", [costs or "not known"]),
        ],
        width,
    )
    yield ""
    yield "Parameters"
    first = model.by_role("prompt")
    names = [*([first.name] if first else []), *flagged(model)]
    yield from entries(((name, _said(model, model.parameters[name])) for name in names), width)


def _said(model: Model, p: Parameter) -> Iterator[str]:
    """What is known of a parameter: its type, limits and default on a line, its meaning, and its rules."""
    types = dict.fromkeys(branch.type for branch in p.any_of or (p,))
    kind = " or ".join([*types, *(["null"] if p.nullable else [])])
    known = [kind + (", required" if p.required else ""), *limits(p)]
    for branch in p.any_of:
        known += limits(branch)
    if p.default is not None:
        known.append(f"default {_word(p.default)}")
    yield "; ".join(known)
    yield from filter(None, [p.summary])
    yield from rules(p, model.name_of)
    for inner in (p.items.properties if p.items else p.properties).values():
        yield f"{inner.name}: {'; '.join([inner.type, *limits(inner)])}"


def _word(value: object) -> str:
    return value if isinstance(value, str) else str(_plain(value))


def _plain(value: Any) -> Any:
    """The catalogue's classes as JSON, without what is not said."""
    if is_dataclass(value):
        members = {field: getattr(value, field.name) for field in fields(value)}
        said = {
            field.name: _plain(member)
            for field, member in members.items()
            if member is not None and member is not field.default
        }
        return {name: member for name, member in said.items() if member not in ("", {}, [])}
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value


command = Command(
    "models",
    online=False,
    params=[
        click.Argument(["id"], type=click.Choice(list(MODELS)), metavar="[MODEL]", required=False)
    ],
    callback=_models,
    help="The models by family, or all that is known of one: its price, and its parameters with their "
    "limits, defaults and rules. No key is needed, and nothing is sent.",
)
