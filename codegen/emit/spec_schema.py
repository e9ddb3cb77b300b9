"""JSON Schemas of the files of a spec, by which an editor completes and checks what is typed."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from ..spec import load
from ..spec.model import Family
from ..spec.whole import Spec
from .json_schema import Json

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas(spec: Spec) -> dict[str, Json]:
    """Each schema by its name: of every kind of file, and of the models of each family."""
    kinds = {name: _of_kind(name, kind) for name, kind in load.FILES.items()}
    families = {
        f"models/{id}": _of_models(family, kinds["models"]) for id, family in spec.families.items()
    }
    return kinds | families


def _of_kind(name: str, kind: Any) -> Json:
    schema = TypeAdapter(kind).json_schema(mode="validation")
    return {"$schema": _DIALECT, **_untitled(schema), "title": f"Fluxframe spec: {name}"}


def _of_models(family: Family, models: Json) -> Json:
    """What holds for all models, with the names of the family's parameters.

    A parameter that the family does not have must say what it is, so a misspelt name is marked.
    """
    parameters = {
        "type": "object",
        "properties": {
            name: {"title": name, "description": shared.summary, "$ref": "#/$defs/Parameter"}
            for name, shared in family.parameters.items()
        },
        "additionalProperties": {
            "description": f"A parameter that the family {family.id} does not have.",
            "allOf": [{"$ref": "#/$defs/Parameter"}],
            "required": ["summary"],
        },
    }
    own = {"family": {"const": family.id}, "parameters": parameters}
    return {
        "$schema": _DIALECT,
        **_with(models, "", own),
        "title": f"Fluxframe spec: models of the family {family.id}",
        "$defs": {
            "Parameter": _parameter([*family.parameters], models["$defs"]),
            "Settings": _settings(family),
        },
    }


def _parameter(names: list[str], kinds: Json) -> Json:
    """A parameter whose rules name others: an editor offers those of the family, and takes any."""
    name = {"anyOf": [{"enum": names}, {"type": "string"}]}
    settings = {"$ref": "#/$defs/Settings"}

    def rules(kind: str, own: Json) -> Json:
        return {"type": "array", "items": _with(kinds[kind], f"$defs/{kind}/", own)}

    own = {
        "used_when": settings,
        "ignored_when": settings,
        "requires": rules("Requirement", {"parameter": name}),
        "excludes": rules("Exclusion", {"parameter": name}),
        "limits": rules("Limit", {"when": settings}),
    }
    return _with(kinds["Parameter"], "$defs/Parameter/", own)


def _settings(family: Family) -> Json:
    """Values of other parameters, by their names."""
    told = {name: {"description": said.summary} for name, said in family.parameters.items()}
    return {"type": "object", "properties": told}


def _with(kind: Json, place: str, own: Json) -> Json:
    """A kind of object of models.json, some of whose members are told here."""
    members = {
        name: own.get(name, {"$ref": f"../models.json#/{place}properties/{name}"})
        for name in kind["properties"]
    }
    kept: Json = {
        key: kind[key] for key in ("type", "additionalProperties", "required") if key in kind
    }
    return {**kept, "properties": members}


def _untitled(value: Any) -> Any:
    """The schema without the titles that pydantic makes of names."""
    if isinstance(value, list):
        return [_untitled(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _untitled(inner)
        for key, inner in value.items()
        if not (key == "title" and isinstance(inner, str))
    }
