"""What the mutants are made of: the operations and models of an OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


def emitted() -> Json:
    """The document of this package."""
    path = files("fluxframe").joinpath("_emitted", "openapi.json")
    document: Json = json.loads(path.read_bytes())
    return document


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation: the name that constraints have for it, what it does, and where it is."""

    name: str
    kind: str
    method: str
    path: str
    raw: Json
    authenticated: bool

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{[^}]*\\\}", "([^/]+)", re.escape(self.path)))

    def takes(self, method: str, path: str) -> re.Match[str] | None:
        """Whether a request is for it; the groups are the parameters of its path."""
        return self._pattern.fullmatch(path) if method == self.method else None

    @property
    def parameters(self) -> list[Json]:
        """Its parameters of all places."""
        return list(self.raw.get("parameters", ()))

    def named(self, role: str) -> str | None:
        """The name of the parameter that has a role."""
        found = (p["name"] for p in self.parameters if p.get("x-role") == role)
        return next(found, None)

    @property
    def status(self) -> int:
        """The status of a success."""
        return next(int(status) for status in self.raw["responses"] if status.startswith("2"))

    def error(self, name: str) -> int | None:
        """The status of an error by its name; None if it has no such error."""
        for status, response in self.raw["responses"].items():
            if response.get("$ref", "").endswith(f"/{name}"):
                return int(status)
        return None


@dataclass(frozen=True, eq=False)
class Model:
    """A model, and the schema of its requests without references."""

    id: str
    family: str
    operation: Operation
    discriminator: str
    value: str
    schema: Json


class Document:
    """An OpenAPI document."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw

    @cached_property
    def operations(self) -> list[Operation]:
        """All operations."""
        return [
            Operation(
                name=raw["operationId"],
                kind=raw["x-kind"],
                method=method.upper(),
                path=path,
                raw=raw,
                authenticated=raw.get("security") != [],
            )
            for path, methods in self.raw["paths"].items()
            for method, raw in methods.items()
            if isinstance(raw, dict) and "x-kind" in raw
        ]

    def of_kind(self, kind: str) -> list[Operation]:
        """The operations that do one thing."""
        return [operation for operation in self.operations if operation.kind == kind]

    @cached_property
    def models(self) -> list[Model]:
        """All models."""
        return [model for operation in self.operations for model in self._models(operation)]

    def _models(self, operation: Operation) -> Iterator[Model]:
        body = operation.raw.get("requestBody", {}).get("content", {}).get("application/json")
        if body is None:
            return
        requests = self._at(body["schema"]["$ref"])
        name = requests["discriminator"]["propertyName"]
        for value, target in requests["discriminator"]["mapping"].items():
            schema = self.whole(self._at(target))
            yield Model(schema["x-model"], schema["x-family"], operation, name, value, schema)

    def model(self, id: str) -> Model:
        """The model of an id."""
        return next(model for model in self.models if model.id == id)

    def whole(self, schema: Any) -> Any:
        """A schema with all that it refers to."""
        if isinstance(schema, list):
            return [self.whole(inner) for inner in schema]
        if not isinstance(schema, dict):
            return schema
        beside = {name: self.whole(inner) for name, inner in schema.items() if name != "$ref"}
        if isinstance(schema.get("$ref"), str):
            return {**self.whole(self._at(schema["$ref"])), **beside}
        return beside

    def answer(self, operation: Operation) -> Json:
        """The schema of a success."""
        response = operation.raw["responses"][str(operation.status)]
        content = response.get("content", {}).get("application/json", {})
        whole: Json = self.whole(content.get("schema", {}))
        return whole

    def _at(self, reference: str) -> Json:
        place: Any = self.raw
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
        found: Json = place
        return found


@cache
def document() -> Document:
    """The document of this package, read once."""
    return Document(emitted())


def place_of(schema: Json, role: str) -> tuple[str, ...] | None:
    """Where the member of a role is in a schema, through objects at any depth; the nearest."""
    rows: list[tuple[tuple[str, ...], Json]] = [((), schema)]
    while rows:
        further: list[tuple[tuple[str, ...], Json]] = []
        for at, inner in rows:
            for name, member in inner.get("properties", {}).items():
                if member.get("x-role") == role:
                    return (*at, name)
                for option in (member, *member.get("anyOf", ())):
                    further.append(((*at, name), option))
        rows = further
    return None


def credentials(document: Document, name: str) -> tuple[str, str]:
    """The header that says who a request is from, and what it says of an account that is good."""
    scheme = document.raw["components"]["securitySchemes"]["apiKey"]
    key = f"{scheme['x-prefix']}{name}"
    if scheme["type"] == "http":
        return "authorization", f"{scheme['scheme']} {key}"
    return scheme["name"].lower(), f"{scheme.get('x-scheme', '')} {key}".strip()


def at_place(value: Any, place: tuple[str, ...] | None) -> Any:
    """What is at a place of an answer; None if nothing is."""
    for name in place or ():
        value = value.get(name) if isinstance(value, dict) else None
    return None if place is None else value
