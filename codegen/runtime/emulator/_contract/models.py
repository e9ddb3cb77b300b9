"""The models of the document, and the values that a request for one has, by the roles of its parameters."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .document import Document, Json
from .shape import bare
from .validation import Checks

# No request makes more pictures here, whatever it asks for.
_MOST_PICTURES = 64
_WHEN = ("used_when", "ignored_when")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model: where it is in a request, and its schema."""

    name: str
    path: tuple[str, ...]
    schema: Json
    required: bool

    @property
    def role(self) -> str | None:
        """What it is known as."""
        return self.schema.get("x-role")


@dataclass(frozen=True, eq=False)
class Model:
    """A model, by the schema of its requests."""

    id: str
    label: str
    result: Json
    price: Json
    rules: list[Json]
    parameters: Mapping[str, Parameter]
    is_composed: bool

    def with_role(self, role: str | None) -> list[Parameter]:
        """The parameters of a role (None: of none); those that a request must have come first."""
        return self._by_role.get(role, [])

    @cached_property
    def containers(self) -> dict[tuple[str, ...], set[str]]:
        """Where parameters are in a request, and the names of those that are there."""
        found: dict[tuple[str, ...], set[str]] = {}
        for parameter in self.parameters.values():
            found.setdefault(parameter.path[:-1], set()).add(parameter.name)
        return found

    @cached_property
    def conditions(self) -> dict[str, list[Json]]:
        """By parameter, the rules of when it has a say."""
        found: dict[str, list[Json]] = {}
        for rule in self.rules:
            if rule["rule"] in _WHEN:
                found.setdefault(rule["parameter"], []).append(rule)
        return found

    @cached_property
    def _by_role(self) -> dict[str | None, list[Parameter]]:
        found: dict[str | None, list[Parameter]] = {}
        for parameter in sorted(self.parameters.values(), key=lambda each: not each.required):
            found.setdefault(parameter.role, []).append(parameter)
        return found

    @property
    def shows(self) -> bool:
        """Whether it makes pictures of a picture that it is given."""
        shown = [*self.with_role("reference"), *self.with_role("parent")]
        return any(parameter.required for parameter in shown)

    @property
    def costs(self) -> tuple[float, float] | None:
        """The least and the most that a request costs, as far as the document says it."""
        by = self.price.get("by", {}).get("credits", {}).values()
        known = [*by, *(self.price[word] for word in ("credits", "default") if word in self.price)]
        return (min(known), max(known)) if known else None


class Models:
    """The models of a document."""

    def __init__(self, document: Document, checks: Checks) -> None:
        self._document = document
        self._checks = checks
        self._by_object: dict[str, dict[str, Model]] = {}

    def of_object(self, object: str) -> dict[str, Model]:
        """The models that the requests of an operation are for, by the value that stands for each."""
        if object not in self._by_object:
            schemas = self._document.raw["components"]["schemas"]
            mapping = self._checks.request_schemas(object)[1]
            self._by_object[object] = {
                value: self._model(schemas[name]) for value, name in mapping.items()
            }
        return self._by_object[object]

    @cached_property
    def all(self) -> tuple[Model, ...]:
        """The models of all operations."""
        return tuple(
            model
            for object in self._checks.request_objects
            for model in self.of_object(object).values()
        )

    def of(self, object: str, request: Mapping[str, Any]) -> Model:
        """The model that a request is for."""
        return self.of_object(object)[request[self._checks.request_schemas(object)[0]]]

    def asked(self, object: str, request: Any) -> str | None:
        """The id of the model that a body asks for; None if there is none such."""
        value = _at(request, (self._checks.request_schemas(object)[0],))
        found = self.of_object(object).get(value) if isinstance(value, str) else None
        return found.id if found else None

    def _model(self, schema: Json) -> Model:
        rules: list[Json] = []
        result = schema["x-result"]
        parameters: dict[str, Parameter] = {}
        for parameter in self._parameters(schema, (), rules):
            parameters.setdefault(parameter.name, parameter)
        return Model(
            id=schema["x-model"],
            label=schema["x-label"],
            result=result,
            price=schema.get("x-price", {}),
            rules=rules,
            parameters=parameters,
            is_composed="composite" in self._document.component(result["object"]).roles,
        )

    def _parameters(
        self, schema: Json, path: tuple[str, ...], rules: list[Json]
    ) -> Iterator[Parameter]:
        """The members of a request that do not contain others, at any depth."""
        rules += schema.get("x-rules", ())
        required = schema.get("required", ())
        for name, inner in schema.get("properties", {}).items():
            inner = bare(inner, self._document.raw)
            if inner.get("properties") and "x-role" not in inner and len(path) < 4:
                yield from self._parameters(inner, (*path, name), rules)
            else:
                yield Parameter(name, (*path, name), inner, name in required)


class Values:
    """What a request says, and what its model's defaults say where it does not."""

    def __init__(self, model: Model, request: Mapping[str, Any]) -> None:
        self.model = model
        self.request = request
        self._given: Json = {}
        for path, names in model.containers.items():
            inner = _at(request, path)
            if isinstance(inner, dict):
                self._given |= {n: v for n, v in inner.items() if n in names and v is not None}

    def is_given(self, parameter: Parameter) -> bool:
        """Whether the request says it."""
        return parameter.name in self._given

    def of(self, name: str) -> Any:
        """The value of a parameter; None if neither the request nor a default says it."""
        if name in self._given:
            return self._given[name]
        parameter = self.model.parameters.get(name)
        return parameter.schema.get("default") if parameter else None

    def first(self, role: str) -> tuple[Parameter, Any] | None:
        """The first parameter of a role that has a value and counts, and the value; given ones first."""
        assumed = None
        for parameter in self.model.with_role(role):
            value = self.of(parameter.name)
            if value is None or not self.counts(parameter):
                continue
            if parameter.name in self._given:
                return parameter, value
            assumed = assumed or (parameter, value)
        return assumed

    def by_role(self, role: str) -> Any:
        """The value of a role; None if there is none."""
        found = self.first(role)
        return found[1] if found else None

    def counts(self, parameter: Parameter) -> bool:
        """Whether the other parameters leave a parameter any say."""
        for rule in self.model.conditions.get(parameter.name, ()):
            said = (self._is(name, wanted) for name, wanted in rule["when"].items())
            if all(said) == (rule["rule"] == "ignored_when"):
                return False
        return True

    def _is(self, name: str, wanted: Any) -> bool:
        return self.of(name) in (wanted if isinstance(wanted, list) else [wanted])

    def count(self) -> int:
        """How many pictures the request asks for."""
        asked = self.by_role("count")
        if not isinstance(asked, int | float) or asked < 1:
            asked = self.model.result.get("count", 1)
        return min(int(asked), _MOST_PICTURES)

    def references(self) -> Iterator[str]:
        """The URLs of the pictures that are given."""
        for parameter in self.model.with_role("reference"):
            yield from _texts(self.of(parameter.name))

    def cost(self, megapixels: float, *, assumed: int) -> int:
        """What the request costs; `assumed` are the credits of a megapixel if no price is known."""
        price = self.model.price
        area = max(1, math.ceil(megapixels))
        if not price:
            return assumed * area * self.count()
        credits = price.get("credits", 0)
        if by := price.get("by"):
            value = self.of(by["parameter"])
            text = value if isinstance(value, str) else json.dumps(value)
            credits = by["credits"].get(text, price.get("default", max(by["credits"].values())))
        said = self.of(price["times"]) if "times" in price else 1
        times = float(said) if isinstance(said, int | float) and said >= 1 else 1.0
        return math.ceil(float(credits) * (area if price.get("per") == "megapixel" else 1) * times)


def _at(request: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        request = request.get(name) if isinstance(request, dict) else None
    return request


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value, in lists and objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
