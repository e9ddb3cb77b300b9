"""One entry put into a YAML text, which keeps its comments, its order and its layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from ..spec.document import parse
from ..spec.pieces import RefusalError
from .yaml_text import Inline, entry_lines


def put(name: str, data: bytes, path: Sequence[str], entry: Mapping[str, Any]) -> bytes:
    """The file with the members of `entry` in the mapping at `path`, which is made if it is missing.

    Raises RefusalError where the text is written in a way that nothing can be put into.
    """
    wanted = parse(name, data).value
    place: Any = wanted
    for key in path:
        place = place.setdefault(key, {}) if isinstance(place, dict) else None
    if isinstance(place, dict):
        place.update(entry)
        text = data.decode()
        end = "\r\n" if "\r\n" in text else "\n"
        for key, value in entry.items():
            text = _put(text, (*path, key), value, end)
        if parse(name, text.encode()).value == wanted:
            return text.encode()
    said = f"can't put {dict(entry)} at {'.'.join(path)}"
    raise RefusalError(f"{name}: {said}; write it there by hand")


def _put(text: str, path: Sequence[str], value: Any, end: str) -> str:
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for depth, key in enumerate(path):
        held = next((v for k, v in _entries(node) if k.value == key), None)
        if held is None:
            return _insert(text, node, path[depth:], value, end)
        node = held
    start, stop = node.start_mark.index, _end(text, node)
    return text[:start] + _inline(value) + text[stop:]


def _entries(node: Any) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    yield from node.value if isinstance(node, yaml.MappingNode) else ()


def _insert(text: str, node: Any, names: Sequence[str], value: Any, end: str) -> str:
    """The text with a further entry in a mapping: after its last, or before its closing brace."""
    name, *inner = names
    held = value
    for key in reversed(inner):
        held = {key: _flow(held)}
    if node.flow_style:
        stop = node.end_mark.index - 1
        kept = text[:stop].rstrip(", ")
        comma = ", " if node.value else ""
        return f"{kept}{comma}{entry_lines(name, _flow(held))[0]}{text[stop:]}"
    at = _end(text, node)
    at = len(text) if (rest := text.find("\n", at)) < 0 else rest
    before = text[:at].removesuffix("\r")
    indent = " " * node.value[0][0].start_mark.column
    lines = entry_lines(name, held)
    return before + "".join(f"{end}{indent}{line}" for line in lines) + text[len(before) :]


def _flow(value: Any) -> Any:
    return Inline({k: _flow(v) for k, v in value.items()}) if isinstance(value, dict) else value


def _inline(value: Any) -> str:
    return entry_lines("x", _flow(value))[0].removeprefix("x: ")


def _end(text: str, node: Any) -> int:
    """Where the text of a node ends; the mark of a block is where the next one begins."""
    while not isinstance(node, yaml.ScalarNode) and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return len(text[: node.end_mark.index].rstrip())
