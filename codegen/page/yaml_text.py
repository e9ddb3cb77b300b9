"""Values to YAML as the spec's files are written by hand."""

from __future__ import annotations

import re
from typing import Any

import yaml


class Inline(dict[str, Any]):
    """A mapping that is written on one line."""


class Block(list[Any]):
    """A list that is written with an item on each line."""


class _Dumper(yaml.SafeDumper):
    """Writes YAML with quotes around what some reader could take for a number."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True

    def choose_scalar_style(self) -> str:
        style = super().choose_scalar_style()
        text = self.event.value if isinstance(self.event, yaml.ScalarEvent) else ""
        return '"' if style == "'" and ("\n" in text or not {'"', "\\"} & {*text}) else style


def _mapping(dumper: _Dumper, value: dict[str, Any]) -> yaml.Node:
    inline = isinstance(value, Inline)
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=inline)


def _sequence(dumper: _Dumper, value: list[Any]) -> yaml.Node:
    inline = not isinstance(value, Block)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=inline)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(Inline, _mapping)
_Dumper.add_representer(list, _sequence)
_Dumper.add_representer(Block, _sequence)
# PyYAML writes YAML 1.1, in which texts such as `1e5` and `09` are not numbers.
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"),
    list("-+.0123456789"),
)


def entry_lines(key: str, value: Any) -> list[str]:
    """The lines of an entry of a mapping."""
    text = _dumped({key: value}, allow_unicode=True)
    if not text.replace("\n", "").isprintable():  # With escapes for what can't be seen.
        text = _dumped({key: value}, allow_unicode=False)
    return text.removesuffix("\n").split("\n")


def _dumped(value: Any, *, allow_unicode: bool) -> str:
    return str(
        yaml.dump(
            value,
            Dumper=_Dumper,
            width=float("inf"),
            allow_unicode=allow_unicode,
            sort_keys=False,
        )
    )


def scalar_line(key: str, text: str) -> str:
    """An entry of a mapping whose value is a text, on one line."""
    return entry_lines(key, text)[0]


def comment_text(text: str) -> str:
    """Text that stays in its comment: characters that can't be seen are written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
