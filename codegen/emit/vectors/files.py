"""The vectors of all models as files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...spec.model import Model
from ...spec.schema import Schema
from ...spec.whole import Spec
from . import credits
from .cases import Strangers, Way
from .form import SCHEMA
from .make import Maker
from .model import Json, ModelVectors
from .packs import Pack, packs_of
from .places import of_operation
from .sequences import sequences

FORMAT = 1
OTHERS = 2  # Parameters of other models that each model is tried with.


def files(spec: Spec) -> dict[str, bytes]:
    """The files of vectors by their path in their folder."""
    result = {
        "schema.json": (json.dumps(SCHEMA, indent=1) + "\n").encode(),
        "index.json": _written({"format": FORMAT, "models": [*spec.models]}),
    }
    maker = Maker(spec, _strangers(spec))
    places: dict[str, tuple[str, int]] = {}
    for model in spec.models.values():
        made = maker.made(model, _others(spec, model))
        result[f"models/{model.id}.json"] = _written(_model(spec, made))
        places |= made.places
    found = sequences(spec)
    result["api.json"] = _written(found)
    for id, constraint in found["constraints"].items():
        places[id] = of_operation(spec, constraint["operation"])
    # As the project calls its files, for tools that show a finding beside the line that it is about.
    at = {id: (f"spec/{file}", line) for id, (file, line) in places.items()}
    result["places.json"] = _written(at, depth=1)
    return result


def _others(spec: Spec, model: Model) -> dict[str, Schema]:
    """Some parameters that a model does not take and others do, those of its family before all."""
    family = [other for other in spec.models.values() if other.family == model.family]
    found: dict[str, Schema] = {}
    for other in (*family, *spec.models_of(spec.operation_of(model)).values()):
        for name, parameter in other.parameters.items():
            if name not in model.parameters and len(found) < OTHERS:
                found.setdefault(name, parameter)
    return found


def _model(spec: Spec, made: ModelVectors) -> Json:
    model = made.request.model
    name = spec.operation_of(model)
    operation = spec.operations[name]
    packs = enumerate(packs_of(made), 1)
    result: Json = {
        "format": FORMAT,
        "model": model.id,
        "operation": name,
        "method": operation.method,
        "path": operation.path,
        "credits": credits.most(model),
        "bases": {name: made.request.body(given) for name, given in made.bases.items()},
        "constraints": made.constraints,
        "vectors": [vector.json() for vector in made.vectors],
        "packs": [_pack(made, number, pack) for number, pack in packs],
    }
    for place, member in made.request.members.items():
        if member.role == "parent":
            result["parent"] = {"at": place, "models": _parents(spec, model)}
    return result


def _parents(spec: Spec, model: Model) -> list[str]:
    """The models whose jobs a request goes on from: those of the same vendor that go on from none."""
    vendor = spec.families[model.family].vendor
    return [
        other.id
        for other in spec.models.values()
        if spec.families[other.family].vendor == vendor
        and all(parameter.role != "parent" for parameter in other.parameters.values())
    ]


def _pack(made: ModelVectors, number: int, pack: Pack) -> Json:
    request = made.request
    given = request.parameters(made.whole("least", pack.changes))
    return {
        "id": f"{request.model.id}/pack-{number}",
        "base": "least",
        "vectors": [vector.id for vector in pack.vectors],
        "credits": credits.of_request(request.model, given),
    }


def _strangers(spec: Spec) -> Strangers:
    """By the name of a parameter: the values that it has for any model, then those that any source reads."""
    found: dict[Way, list[Any]] = {}
    parameters = [entry for model in spec.models.values() for entry in model.parameters.items()]
    own = [(name, parameter.values) for name, parameter in parameters]
    read = [(name, r.values) for name, p in parameters for r in p.readings.values()]
    for name, values in (*own, *read):
        known = found.setdefault((name,), [])
        known += [value for value in values or () if value not in known]
    return found


def _written(value: Any, depth: int = 2) -> bytes:
    """JSON with a line for each entry of so many levels; what is deeper is one line."""
    return (_lines(value, depth) + "\n").encode()


def _lines(value: Any, depth: int) -> str:
    if depth and isinstance(value, Mapping) and value:
        entries = [f"{json.dumps(name)}: {_lines(v, depth - 1)}" for name, v in value.items()]
        first, last = "{}"
    elif depth and isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
        entries, (first, last) = [_lines(inner, 0) for inner in value], "[]"
    else:
        return json.dumps(value, ensure_ascii=False)
    return first + "\n" + ",\n".join(entries) + "\n" + last
