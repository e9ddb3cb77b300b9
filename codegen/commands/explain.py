"""`explain`: what is known of a model or a parameter, and who says so."""

from __future__ import annotations

import argparse
import sys

from ..emit.catalogue import argument_names
from ..naming import class_name
from ..spec import model as spec
from ..spec.diagnostics import nearest
from ..spec.load import load
from ..spec.words import describe_limits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to explain."""
    parser.add_argument("what", metavar="MODEL[.PARAM]", help="such as flux-2-pro.width")


def run(options: argparse.Namespace) -> int:
    """Print what is known; the exit status is 1 for a name that is not known."""
    whole = load(options.spec)
    for model in whole.models.values():
        if options.what == model.id:
            print("\n".join(_model(whole, model)))
            return 0
        if options.what.startswith(f"{model.id}."):
            name = options.what.removeprefix(f"{model.id}.")
            known = {**whole.request_fields(), **model.parameters}
            if name in known:
                print("\n".join(_parameter(whole, model, name, known[name])))
                return 0
            print(f"{model.id} has no parameter `{name}`; {nearest(name, known)}", file=sys.stderr)
            return 1
    hint = nearest(options.what.partition(".")[0], whole.models)
    print(f"there is no model `{options.what}`; {hint}", file=sys.stderr)
    return 1


def _model(whole: spec.Spec, model: spec.Model) -> list[str]:
    lines = [f"{model.id}: {model.title}, of the family {model.family}", model.summary, ""]
    width = max(map(len, model.parameters))
    lines += [
        f"  {name:<{width}}  {parameter.type:<8} {describe_limits(parameter)}".rstrip()
        for name, parameter in model.parameters.items()
    ]
    lines += ["", "examples: " + ", ".join(model.examples)]
    if model.price:
        lines.append(f"price: {model.price.credits} credits at {model.price.megapixels} MP")
        lines += _quoted(whole, model.price.source)
    return [*lines, "", "source:", *_quoted(whole, model.source)]


def _parameter(whole: spec.Spec, model: spec.Model, name: str, schema: spec.Schema) -> list[str]:
    lines = [f"{model.id}.{name}: {schema.type}", schema.summary or "", "", "limits:"]
    lines += [f"  {key}: {_shown(value)}" for key, value in constraints(schema).items()] or [
        "  none"
    ]
    if schema.default is not None:
        lines.append(f"  default: {_shown(schema.default)} (the server's; never sent)")
    if isinstance(schema, spec.Parameter):
        lines += _rules(schema)
    lines += ["source:", *_quoted(whole, schema.source)]
    if schema.readings:
        lines.append("other readings:")
        for id, reading in schema.readings.items():
            given = ", ".join(f"{k}: {_shown(v)}" for k, v in constraints(reading).items())
            lines.append(f"  {whole.sources[id].title}: {given or 'nothing is said'}")
    own = name in model.parameters
    path = f"{whole.container(model)}.{name}" if own else name
    python = argument_names(whole, model)[name]
    operation, _, _ = whole.request_operation()
    types = f"{class_name(model.id)}{'Params' if own else 'Request'}"
    return [
        *lines,
        "where it surfaces:",
        f"  Python: client.{operation}(model={model.id!r}, {python}=…)",
        f"  wire: {path}",
        f"  type: fluxframe.types.{types}",
        f"  data: fluxframe.models[{model.id!r}].parameters[{python!r}]",
        f"  tests: pytest tests/test_check.py tests/test_limits.py -k '{model.id} and {name}'",
    ]


def constraints(schema: spec.Constraints) -> dict[str, object]:
    """The limits that a schema states, by their name."""
    return {
        name: value
        for name in spec.Constraints.model_fields
        if name not in ("type", "default") and (value := getattr(schema, name)) is not None
    }


def _rules(parameter: spec.Parameter) -> list[str]:
    lines: list[str] = []
    for rule, others in (
        ("used only with", parameter.used_when),
        ("ignored with", parameter.ignored_when),
    ):
        lines += [
            f"  {rule}: {other}={_shown(value)} (advisory)" for other, value in others.items()
        ]
    for need in parameter.requires:
        when = "" if need.when is None else f" when {_shown(need.when)}"
        sure = "the API refuses it otherwise" if need.enforced else "advisory, assumed"
        lines.append(f"  requires{when}: {need.parameter} ({sure})")
    return lines


def _quoted(whole: spec.Spec, source: spec.Source) -> list[str]:
    return [
        f"  {whole.sources[id].title}: “{text}”"
        for id, words in source.items()
        for text in ([words] if isinstance(words, str) else words)
    ]


def _shown(value: object) -> str:
    if isinstance(value, spec.Quantity):
        return f"at most {value.maximum} {value.unit}"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
