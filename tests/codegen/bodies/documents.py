"""Invented documents whose bodies become models, and what is written of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from codegen.spec.document import parse
from codegen.spec.load import load

Json: TypeAlias = dict[str, Any]
SPEC = load()
SUBMISSION = next(iter(SPEC.submissions()))
OPERATION = SPEC.operations[SUBMISSION]
FIELDS = SPEC.objects[SPEC.submissions()[SUBMISSION]].properties or {}
DISCRIMINATOR = SPEC.discriminator(SPEC.submissions()[SUBMISSION])
FIELD = next(name for name, each in FIELDS.items() if each.role == "prompt")
Run: TypeAlias = Callable[..., int]


def container(**members: Json) -> Json:
    return {"type": "object", "additionalProperties": False, "properties": members}


def variant(name: str, member: str = DISCRIMINATOR, /, **members: Json) -> Json:
    named = {member: {"type": "string", "const": name}}
    return {**container(**named, **members), "required": [member]}


def document(*variants: Json, path: str = OPERATION.path, **components: Json) -> Json:
    media = {"application/json": {"schema": {"oneOf": list(variants)}}}
    return {
        "openapi": "3.1.0",
        "paths": {path: {"post": {"requestBody": {"content": media}}}},
        "components": {"schemas": components},
    }


def prompt(**changed: Any) -> Json:
    field = FIELDS[FIELD]
    limits = {"minLength": field.min_length, "maxLength": field.max_length}
    return {"type": "string", **limits, **changed}


def written(folder: Path, path: str) -> Json:
    data = (folder / path).read_bytes()
    value: Any = parse(path, data).value
    return dict(value)


def parameters(run: Run, folder: Path, **members: Json) -> Json:
    """What the file of a model says of parameters that a document has."""
    body = variant("robin-1", **{FIELD: prompt(), "birdParams": container(**members)})
    body["required"].append(FIELD)
    assert run(document(body), "robin-1", "--family", "bird") == 0
    family = written(folder, "families/bird.yaml")["parameters"]
    model = written(folder, "models/bird/robin-1.yaml")["parameters"]
    return {
        name: {
            **family.get(name, {}),
            **{key: value for key, value in said.items() if key != "source"},
        }
        for name, said in model.items()
    }
