"""The parameters of a model are known, and what they say of one another fits."""

from __future__ import annotations

from collections.abc import Iterator

from ...naming import identifier
from ..diagnostics import nearest
from ..document import Path
from ..model import Model, Parameter, Spec
from .problems import Problem, unknown
from .schemas import check_schema


def check_model(spec: Spec, model: Model) -> Iterator[Problem]:
    """What is wrong with the parameters of a model whose family is known."""
    file = f"models/{model.id}.yaml"
    shared = spec.families[model.family].parameters
    for name, parameter in model.parameters.items():
        path: Path = ("parameters", name)
        if parameter.type is None:
            hint = nearest(name, shared) + " Or write its `type` and `summary` here."
            message = f"`{name}` is not a parameter of the family {model.family}"
            yield Problem(file, path, message, hint, at_key=True)
            continue
        if parameter.required and parameter.default is not None:
            yield Problem(file, (*path, "default"), "a required parameter can't have a default")
        yield from check_schema(spec, file, path, parameter)
        yield from _check_advisories(model, file, path, parameter)
    names: dict[str, str] = {}
    for name in model.parameters:
        python = identifier(name)
        if python in names:
            message = f"`{name}` and `{names[python]}` would both be `{python}` in Python"
            yield Problem(
                file,
                ("parameters", name),
                message,
                "callers could not tell them apart",
                at_key=True,
            )
        names.setdefault(python, name)


def _check_advisories(
    model: Model, file: str, path: Path, parameter: Parameter
) -> Iterator[Problem]:
    """The parameters and values that advisories and requirements name are there."""
    for advisory in ("used_when", "ignored_when"):
        for other, value in getattr(parameter, advisory).items():
            if other not in model.parameters:
                yield unknown(
                    "parameter",
                    file,
                    (*path, advisory, other),
                    other,
                    model.parameters,
                    at_key=True,
                )
            elif model.parameters[other].values is not None:
                values = model.parameters[other].values or []
                if value not in values and model.parameters[other].format is None:
                    yield unknown("value", file, (*path, advisory, other), value, values)
    for index, requirement in enumerate(parameter.requires):
        if requirement.parameter not in model.parameters:
            where = (*path, "requires", index, "parameter")
            yield unknown("parameter", file, where, requirement.parameter, model.parameters)
