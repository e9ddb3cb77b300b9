"""The vectors of all models as files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...spec.schema import Schema
from ...spec.whole import Spec
from .cases import Strangers
from .goods import Goods
from .model import Json, ModelVectors, vectors_of, written
from .packs import packs_of
from .sequences import sequences

FORMAT = 1


def files(spec: Spec) -> dict[str, bytes]:
    """The files of vectors by their path in their folder."""
    goods, strangers = Goods(spec), _strangers(spec)
    result = {"index.json": _lines({"format": FORMAT, "models": [*spec.models]})}
    for model in spec.models.values():
        others: dict[str, Schema] = {}
        operation = spec.operation_of(model)
        siblings = [m for m in spec.models.values() if m.family == model.family]
        rest = [m for m in spec.models_of(operation).values() if m.family != model.family]
        for other in (*siblings, *rest):
            for name, parameter in other.parameters.items():
                if len(others) < 2 and name not in model.parameters:
                    others.setdefault(name, parameter)
        made = vectors_of(spec, model, goods, strangers, others)
        result[f"models/{model.id}.json"] = _lines(_model(spec, made))
    result["api.json"] = _lines(sequences(spec))
    result["places.json"] = _lines({})
    return result


def _model(spec: Spec, made: ModelVectors) -> Json:
    model = made.request.model
    operation = spec.operations[spec.operation_of(model)]
    return {
        "format": FORMAT,
        "model": model.id,
        "operation": spec.operation_of(model),
        "method": operation.method,
        "path": operation.path,
        "credits": None,
        "bases": {name: made.request.body(given) for name, given in made.bases.items()},
        "constraints": made.constraints,
        "vectors": [written(vector) for vector in made.vectors],
        "packs": [
            {
                "id": f"{model.id}/pack-{number}",
                "base": "least",
                "vectors": [vector.id for vector in pack.vectors],
            }
            for number, pack in enumerate(packs_of(made), 1)
        ],
    }


def _strangers(spec: Spec) -> Strangers:
    """By the name of a parameter: the values that it has for any model, or as any source reads it."""
    found: dict[tuple[str, ...], list[Any]] = {}
    for model in spec.models.values():
        for name, parameter in model.parameters.items():
            lists = [parameter.values, *(reading.values for reading in parameter.readings.values())]
            for value in (value for values in lists for value in values or ()):
                known = found.setdefault((name,), [])
                if value not in known:
                    known.append(value)
    return found


def _lines(value: Mapping[str, Any]) -> bytes:
    """JSON with a line for each member, and for each entry of those that have several."""
    members = []
    for name, inner in value.items():
        key = json.dumps(name)
        if isinstance(inner, Mapping) and inner and name != "limit":
            lines = [f"  {json.dumps(k)}: {_line(v)}" for k, v in inner.items()]
            members.append(f" {key}: {{\n" + ",\n".join(lines) + "\n }")
        elif (
            isinstance(inner, Sequence)
            and not isinstance(inner, str)
            and inner
            and isinstance(inner[0], Mapping)
        ):
            lines = [f"  {_line(v)}" for v in inner]
            members.append(f" {key}: [\n" + ",\n".join(lines) + "\n ]")
        else:
            members.append(f" {key}: {_line(inner)}")
    return ("{\n" + ",\n".join(members) + "\n}\n").encode()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
