# A copy of codegen/runtime/cli/commands/models.py, where it is edited.
"""`fluxframe models`: the models, and the parameters of each, from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import click

from ..._catalog import MODELS
from ..._describe import limits, rules
from .._command import Command
from .._flags import flag
from .._session import Session
from .._table import print_table


def _models(session: Session, id: str | None) -> None:
    if id is None:
        if session.json:
            session.data([_plain(model) for model in MODELS.values()])
        else:
            rows = [[model.id, len(model.parameters), model.summary] for model in MODELS.values()]
            print_table(session, ["Model", "Parameters", "Summary"], rows)
        return
    model = MODELS[id]
    if session.json:
        session.data(_plain(model))
        return
    session.result(f"{model.title}: {model.summary}")
    session.result(f"{model.description}\n")
    rows = [
        [
            p.name,
            p.type + (", required" if p.required else ""),
            "; ".join(limits(p)) or None,
            p.default,
            " ".join(rules(p, flag)) or None,
        ]
        for p in model.parameters.values()
    ]
    print_table(session, ["Parameter", "Type", "Limits", "Default", "Rules"], rows)


def _plain(value: Any) -> Any:
    """The catalogue's classes as JSON, without empty members."""
    if is_dataclass(value):
        members = {field.name: getattr(value, field.name) for field in fields(value)}
        empty: tuple[object, ...] = (None, "", {}, ())
        return {n: _plain(v) for n, v in members.items() if v is not False and v not in empty}
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
    help="The models, or the parameters of one with their limits, defaults and rules. No "
    "key is needed, and nothing is sent.",
)
