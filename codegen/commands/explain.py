"""`explain`: what is known of a model or a parameter, and who says so."""

from __future__ import annotations

import argparse
import sys

from ..emit.catalogue import argument_names
from ..naming import class_name
from ..shown import fitted
from ..spec.descriptions import (
    cost,
    describe_constraints,
    quantity,
    setting,
    stated,
    type_of,
)
from ..spec.diagnostics import nearest
from ..spec.load import load
from ..spec.model import Model
from ..spec.schema import Parameter, Quantity, Schema, Source
from ..spec.whole import Spec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the name to explain."""
    parser.add_argument("what", metavar="MODEL[.PARAM]", help="such as some-model-2.width")


def run(options: argparse.Namespace) -> int:
    """Print what is known; the exit status is 1 for a name that is not known."""
    spec = load(options.spec)
    # The longer names first: that of one model may be how another's begins.
    for model in sorted(spec.models.values(), key=lambda model: -len(model.id)):
        if options.what == model.id:
            print(*map(fitted, _model(spec, model)), sep="\n")
            return 0
        if options.what.startswith(f"{model.id}."):
            name = options.what.removeprefix(f"{model.id}.")
            known = {**spec.fields(model), **model.parameters}
            if name in known:
                *told, repeats = _parameter(spec, model, name, known[name])
                print(*map(fitted, told), repeats, sep="\n")  # A command stays whole.
                return 0
            print(f"{model.id} has no parameter `{name}`; {nearest(name, known)}", file=sys.stderr)
            return 1
    hint = nearest(options.what.partition(".")[0], spec.models)
    print(f"there is no model `{options.what}`; {hint}", file=sys.stderr)
    return 1


def _model(spec: Spec, model: Model) -> list[str]:
    lines = [f"{model.id}: {model.title}, of the family {model.family}", model.summary, ""]
    width = max(map(len, model.parameters), default=0)
    kinds = {name: type_of(parameter) for name, parameter in model.parameters.items()}
    widest = max(map(len, kinds.values()), default=0)
    lines += [
        f"  {name:<{width}}  {kinds[name]:<{widest}}  {describe_constraints(parameter, spec.formats)}".rstrip()
        for name, parameter in model.parameters.items()
    ]
    lines += ["", "examples: " + ", ".join(model.examples)]
    lines.append(f"operation: {spec.operation_of(model)}")
    lines.append(
        f"result: {spec.result_of(model)}" + (f", {model.count} files" if model.count else "")
    )
    if model.price:
        lines.append(f"price: {cost(model.price)}")
        lines += _quoted(spec, model.price.source)
    return [*lines, "", "source:", *_quoted(spec, model.source)]


def _parameter(spec: Spec, model: Model, name: str, schema: Schema) -> list[str]:
    lines = [f"{model.id}.{name}: {type_of(schema)}", schema.summary or "", "", "limits:"]
    lines += [f"  {key}: {_shown(value)}" for key, value in stated(schema).items()] or ["  none"]
    if schema.default is not None:
        lines.append(f"  default: {_shown(schema.default)} (the server's; never sent)")
    if isinstance(schema, Parameter):
        lines += _advisories(schema)
    lines += ["source:", *_quoted(spec, schema.source)]
    for constraint, source in schema.sources.items() if isinstance(schema, Parameter) else ():
        lines += [f"source of {constraint}:", *_quoted(spec, source)]
    if schema.readings:
        lines.append("other readings:")
        for id, reading in schema.readings.items():
            said = {**reading.model_dump(exclude_unset=True), **stated(reading)}
            given = ", ".join(f"{k}: {_shown(v)}" for k, v in said.items())
            lines.append(f"  {spec.sources[id].title}: {given or 'nothing is said'}")
    own = name in model.parameters
    container = spec.container(model)
    path = f"{container}.{name}" if own and container else name
    python = argument_names(spec, model)[name]
    operation = spec.operation_of(model)
    return [
        *lines,
        "where it surfaces:",
        f"  Python: client.{operation}({class_name(model.id)}({python}=…))",
        f"  wire: {path}",
        f"  type: fluxframe.types.{class_name(model.id)}",
        f"  data: fluxframe.models[{model.id!r}].parameters[{python!r}]",
        f"  tests: pytest tests/client/test_check.py tests/client/test_limits.py -k {model.id}",
    ]


def _advisories(parameter: Parameter) -> list[str]:
    lines: list[str] = []
    for words, settings in (
        ("used only when", parameter.used_when),
        ("ignored when", parameter.ignored_when),
    ):
        if settings:
            lines.append(f"  {words} {setting(settings)} (advisory)")
    for words, rules in (("requires", parameter.requires), ("excludes", parameter.excludes)):
        for rule in rules:
            when = "" if rule.when is None else f" when {_shown(rule.when)}"
            lines.append(f"  {words}{when}: {rule.parameter} ({_sure(rule.enforced)})")
    for limit in parameter.limits:
        stated = ", ".join(f"{name}: {_shown(value)}" for name, value in limit.stated().items())
        lines.append(f"  {stated} when {setting(limit.when)} ({_sure(limit.enforced)})")
    return lines


def _sure(enforced: bool) -> str:
    return "the API refuses it otherwise" if enforced else "advisory"


def _quoted(spec: Spec, source: Source) -> list[str]:
    return [
        f"  {spec.sources[id].title}: “{text}”"
        for id, words in source.items()
        for text in ([words] if isinstance(words, str) else words)
    ]


def _shown(value: object) -> str:
    if isinstance(value, Quantity):
        return quantity(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
