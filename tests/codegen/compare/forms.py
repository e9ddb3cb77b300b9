"""The spec's own document, as one source has it, and as others might write it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from codegen.compare.documents import Json
from codegen.compare.drift import Drift
from codegen.compare.recorded import document_of
from codegen.emit import openapi
from codegen.spec.load import load

WHOLE = load()
OWN = openapi.build(WHOLE)
SOURCE = "oas"
COMPARED = Drift(WHOLE, SOURCE)
READ = document_of(WHOLE, SOURCE)  # Our document as that source has it.


def older(value: Any) -> Any:
    """The same in OpenAPI 3.0."""
    if isinstance(value, list):
        return [older(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    result = {key: older(inner) for key, inner in value.items()}
    if "openapi" in result:
        result["openapi"] = "3.0.3"
    if "const" in result:
        result["enum"] = [result.pop("const")]
    if isinstance(result.get("type"), list):
        result["type"] = next(kind for kind in result["type"] if kind != "null")
        result["nullable"] = True
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if exclusive in result:
            result |= {limit: result[exclusive], exclusive: True}
    if "$ref" in result and len(result) > 1:
        result["allOf"] = [{"$ref": result.pop("$ref")}]
    return result


def replaced(value: Any, edit: Callable[[Json], Json]) -> Any:
    """The same with every mapping edited."""
    if isinstance(value, list):
        return [replaced(inner, edit) for inner in value]
    if isinstance(value, dict):
        return edit({key: replaced(inner, edit) for key, inner in value.items()})
    return value


def without(*keys: str) -> Callable[[Json], Json]:
    return lambda mapping: {key: mapping[key] for key in mapping if key not in keys}


def untagged_by_const(mapping: Json) -> Json:
    """Only the discriminator tells which branch is for a model."""
    tells = "const" in mapping and "x-role" in mapping
    return {**without("const")(mapping), "type": "string"} if tells else mapping


def renamed(mapping: Json) -> Json:
    """Schemas with names that a JSON pointer has to escape."""
    if "schemas" in mapping:
        schemas = {f"a/b~ {name}%": schema for name, schema in mapping["schemas"].items()}
        return {**mapping, "schemas": schemas}
    start = "#/components/schemas/"
    return {
        key: value.replace(start, f"{start}a~1b~0%20") + "%25"
        if isinstance(value, str) and value.startswith(start)
        else value
        for key, value in mapping.items()
    }


def split(mapping: Json) -> Json:
    """Objects in two parts, and every other schema in a part of one."""
    if mapping.get("type") == "object":
        rest = without("required", "type")(mapping)
        return {"allOf": [rest, {"type": "object", "required": mapping.get("required", [])}]}
    return {"oneOf": [mapping]} if mapping.get("type") == "integer" else mapping


def elsewhere(whole: Json) -> Json:
    """The paths have a server's path before them, and items, bodies and answers stand elsewhere."""
    first = "/" + next(iter(whole["paths"])).split("/")[1]
    components = {**whole["components"], "requestBodies": {}, "pathItems": {}, "responses": {}}
    paths: Json = {}
    for index, (path, item) in enumerate(copy.deepcopy(whole["paths"]).items()):
        assert path.startswith(f"{first}/")
        for operation in item.values():
            if "requestBody" in operation:
                components["requestBodies"][f"b{index}"] = operation["requestBody"]
                operation["requestBody"] = {"$ref": f"#/components/requestBodies/b{index}"}
        components["pathItems"][f"i{index}"] = item
        paths[path.removeprefix(first)] = {"$ref": f"#/components/pathItems/i{index}"}
    components["responses"] = whole["components"]["responses"]
    servers = [{"url": f"{server['url']}{first}/"} for server in whole["servers"]]
    return {**whole, "paths": paths, "components": components, "servers": servers}


def otherwise_named(whole: Json) -> Json:
    """The parameters of paths have other names, and headers are written in lower case."""
    paths = json.loads(json.dumps(whole["paths"]).replace("/{", "/{x_"))
    for item in paths.values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["name"] = f"x_{parameter['name']}"
                elif parameter["in"] == "header":
                    parameter["name"] = parameter["name"].lower()
    components = copy.deepcopy(whole["components"])
    for scheme in components["securitySchemes"].values():
        scheme["name"] = scheme["name"].lower()
    return {**whole, "paths": paths, "components": components}
