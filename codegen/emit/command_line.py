"""A request as the words of a command line: the commands and flags that the package makes of the spec."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from ..spec.model import Model
from ..spec.schema import Schema
from ..spec.whole import Spec
from .catalogue import argument_names

# What the commands and the flags of every API are called already.
COMMANDS = frozenset(
    {"batch", "check", "completion", "conformance", "demo", "emulate", "jobs", "me", "models"}
    | {"upload", "verify-webhook", "wait"}
)
FLAGS = frozenset(
    {"--base-url", "--deadline", "--extra", "--help", "--idempotency-key", "--interval", "--json"}
    | {"--no-preview", "--no-wait", "--out", "--preview", "--quiet", "--validation", "--verbose"}
    | {"--wait"}
)
_WIDTH = 80


def command(spec: Spec, operation: str) -> str:
    """The command that submits requests to an operation."""
    found: dict[str, str] = {}
    for name in spec.submissions():
        short = _hyphened(name.rpartition(".")[2])
        taken = short in COMMANDS or short in found
        found[_hyphened(name) if taken else short] = name
    return next(short for short, name in found.items() if name == operation)


def words(spec: Spec, model: Model, request: Mapping[str, Any]) -> list[str]:
    """A request for a model as the words of its command line, without the program's name."""
    flat = _flat(spec, model, request)
    known = {**spec.fields(model), **model.parameters}
    spelled = flags(spec, model)
    prompt = _prompt(known)
    first = [str(flat.pop(prompt))] if prompt in flat else []
    last = ["--", *first] if first and first[0].startswith("-") else []
    result = [command(spec, spec.operation_of(model)), model.id, *([] if last else first)]
    for name, value in flat.items():
        result += _set(spelled[name], known[name], value)
    return result + last


def line(program: str, words: list[str]) -> str:
    """A command line for a shell, on as many lines as it needs."""
    parts: list[str] = []
    for word in [program, *map(_quoted, words)]:
        if parts and re.fullmatch("--[^ ]+", parts[-1]) and not word.startswith("--"):
            parts[-1] += f" {word}"  # A flag and its value.
        else:
            parts.append(word)
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) + 3 > _WIDTH:
            lines.append("   ")
        lines[-1] += f" {part}" if lines[-1] else part
    return " \\\n".join(lines)


def flags(spec: Spec, model: Model) -> dict[str, str]:
    """The flag of each parameter that has one, by the name of the parameter in a request."""
    known = {**spec.fields(model), **model.parameters}
    shared = spec.objects[spec.request_object(model)].properties or {}
    names = argument_names(spec, model)
    discriminator = spec.discriminator(spec.request_object(model))
    given = [name for name in known if name not in (discriminator, _prompt(known))]
    used, result = set(FLAGS), dict[str, str]()
    for name in sorted(given, key=lambda name: (name in shared, not known[name].required)):
        word = names[name].strip("_").replace("_", "-")
        while not used.isdisjoint({f"--{word}", f"--no-{word}"}):
            word = f"param-{word}"
        used |= {f"--{word}", f"--no-{word}"}
        result[name] = f"--{word}"
    return result


def _prompt(known: Mapping[str, Schema]) -> str | None:
    """The parameter that has a place of its own."""
    return next((name for name, schema in known.items() if schema.role == "prompt"), None)


def _flat(spec: Spec, model: Model, request: Mapping[str, Any]) -> dict[str, Any]:
    container = spec.container(model)
    flat = {name: value for name, value in request.items() if name != container}
    flat |= request.get(container, {}) if container else {}
    flat.pop(spec.discriminator(spec.request_object(model)), None)
    return flat


def _set(flag: str, schema: Schema, value: object) -> Iterator[str]:
    if schema.type == "boolean" and isinstance(value, bool):
        yield flag if value else f"--no-{flag[2:]}"
        return
    many = schema.type == "array" and schema.items is not None
    for item in value if isinstance(value, list) and many else [value]:
        yield from (flag, item if isinstance(item, str) else json.dumps(item))


def _hyphened(name: str) -> str:
    return name.replace(".", "-").replace("_", "-")


def _quoted(word: str) -> str:
    """A word in the quotes that shells and Windows have in common, where they will do."""
    if re.fullmatch(r"[A-Za-z0-9_./:@%+=,-]+", word):
        return word
    return shlex.quote(word) if re.search(r'["\\$`!%\n]', word) else f'"{word}"'
