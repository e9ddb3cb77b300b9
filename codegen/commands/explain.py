"""`explain`: what is known of a model or a parameter, and who says so."""

from __future__ import annotations

import argparse
import sys

from ..emit.catalogue import argument_names
from ..naming import class_name
from ..spec.descriptions import describe_constraints, quantity, stated
from ..spec.diagnostics import nearest
from ..spec.load import load
from ..spec.model import Model
from ..spec.schema import Parameter, Quantity, Schema, Source
from ..spec.whole import Spec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the name to explain."""
    parser.add_argument("what", metavar="MODEL[.PARAM]", help="such as flux-2-pro.width")


def run(options: argparse.Namespace) -> int:
    """Print what is known; the exit status is 1 for a name that is not known."""
    spec = load(options.spec)
    for model in spec.models.values():
        if options.what == model.id:
            print("\n".join(_model(spec, model)))
            return 0
        if options.what.startswith(f"{model.id}."):
            name = options.what.removeprefix(f"{model.id}.")
            known = {**spec.request_fields(), **model.parameters}
            if name in known:
                print("\n".join(_parameter(spec, model, name, known[name])))
                return 0
            print(f"{model.id} has no parameter `{name}`; {nearest(name, known)}", file=sys.stderr)
            return 1
    hint = nearest(options.what.partition(".")[0], spec.models)
    print(f"there is no model `{options.what}`; {hint}", file=sys.stderr)
    return 1


def _model(spec: Spec, model: Model) -> list[str]:
    lines = [f"{model.id}: {model.title}, of the family {model.family}", model.summary, ""]
    width = max(map(len, model.parameters))
    lines += [
        f"  {name:<{width}}  {parameter.type:<8} {describe_constraints(parameter)}".rstrip()
        for name, parameter in model.parameters.items()
    ]
    lines += ["", "examples: " + ", ".join(model.examples)]
    if model.price:
        lines.append(f"price: {model.price.credits} credits at {model.price.megapixels} MP")
        lines += _quoted(spec, model.price.source)
    return [*lines, "", "source:", *_quoted(spec, model.source)]


def _parameter(spec: Spec, model: Model, name: str, schema: Schema) -> list[str]:
    lines = [f"{model.id}.{name}: {schema.type}", schema.summary or "", "", "limits:"]
    lines += [f"  {key}: {_shown(value)}" for key, value in stated(schema).items()] or ["  none"]
    if schema.default is not None:
        lines.append(f"  default: {_shown(schema.default)} (the server's; never sent)")
    if isinstance(schema, Parameter):
        lines += _advisories(schema)
    lines += ["source:", *_quoted(spec, schema.source)]
    if schema.readings:
        lines.append("other readings:")
        for id, reading in schema.readings.items():
            given = ", ".join(f"{k}: {_shown(v)}" for k, v in stated(reading).items())
            lines.append(f"  {spec.sources[id].title}: {given or 'nothing is said'}")
    own = name in model.parameters
    path = f"{spec.container(model)}.{name}" if own else name
    python = argument_names(spec, model)[name]
    operation, _, _ = spec.request_operation()
    return [
        *lines,
        "where it surfaces:",
        f"  Python: client.{operation}({class_name(model.id)}({python}=…))",
        f"  wire: {path}",
        f"  type: fluxframe.types.{class_name(model.id)}",
        f"  data: fluxframe.models[{model.id!r}].parameters[{python!r}]",
        f"  tests: pytest tests/client/test_check.py tests/client/test_limits.py -k '{model.id} and {name}'",
    ]


def _advisories(parameter: Parameter) -> list[str]:
    lines: list[str] = []
    for words, others in (
        ("used only with", parameter.used_when),
        ("ignored with", parameter.ignored_when),
    ):
        lines += [
            f"  {words}: {other}={_shown(value)} (advisory)" for other, value in others.items()
        ]
    for need in parameter.requires:
        when = "" if need.when is None else f" when {_shown(need.when)}"
        sure = "the API refuses it otherwise" if need.enforced else "advisory, assumed"
        lines.append(f"  requires{when}: {need.parameter} ({sure})")
    return lines


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
