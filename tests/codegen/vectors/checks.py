"""A second reading of vectors: requests made of their files, and what each is worth by spec and document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs

from codegen.emit import openapi, vectors
from codegen.spec.constraints import CHOICES, KINDS
from codegen.spec.lint.violations import broken, broken_rules
from codegen.spec.model import Model
from codegen.spec.schema import Schema
from codegen.spec.whole import Spec

Json = dict[str, Any]
Broken = tuple[str, str]  # A dotted path, and a kind.


class Emitted:
    """The vectors of a spec, and what judges them."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The files by their path."""
        return vectors.files(self.spec)

    @cached_property
    def models(self) -> dict[str, Json]:
        """The files of models by their ids."""
        ids = json.loads(self.files["index.json"])["models"]
        return {id: json.loads(self.files[f"models/{id}.json"]) for id in ids}

    def vectors(self) -> Iterator[tuple[Json, Json, Json]]:
        """Each vector with the file that it is in and its request."""
        for file in self.models.values():
            for vector in file["vectors"]:
                yield file, vector, body(file, vector["base"], vector)

    @cached_property
    def document(self) -> Json:
        """The OpenAPI document."""
        return openapi.build(self.spec)

    @cached_property
    def _validators(self) -> dict[str, jsonschema_rs.Draft202012Validator]:
        components = self.document["components"]
        return {
            name: jsonschema_rs.Draft202012Validator(
                {"$ref": f"#/components/schemas/{name}", "components": components},
                validate_formats=True,
            )
            for name in components["schemas"]
        }

    def fits_the_document(self, operation: str, request: Json) -> bool:
        """Whether a request fits what its operation takes, told as a server tells it."""
        schema = self.document["components"]["schemas"][self.spec.submissions()[operation]]
        value = request.get(schema["discriminator"]["propertyName"])
        target = schema["discriminator"]["mapping"].get(value) if isinstance(value, str) else None
        return target is not None and self._validators[target.rpartition("/")[2]].is_valid(request)

    def broken(self, model: Model, request: Json) -> set[Broken]:
        """What a request breaks by the spec."""
        return set(_broken(self.spec, model, request))


def body(file: Json, base: str, *chosen: Json) -> Json:
    """The request of vectors on a base."""
    request: Json = json.loads(json.dumps(file["bases"][base]))
    for change in (change for vector in chosen for change in vector["changes"]):
        *way, last = change["at"]
        inner = request
        for name in way:
            inner = inner.setdefault(name, {})
        if change.get("removed"):
            inner.pop(last, None)
        else:
            inner[last] = change["value"] if "value" in change else change["text"] * change["times"]
    return request


def _broken(spec: Spec, model: Model, request: Json) -> Iterator[Broken]:
    fields, container = spec.fields(model), spec.container(model)
    parameters: Mapping[str, Schema] = model.parameters
    told = spec.discriminator(spec.request_object(model))
    known = fields if container else {**fields, **parameters}
    for name, value in request.items():
        if name not in known and name != container:
            yield "", "unknown"
        if name == told and isinstance(value, str) and value != spec.discriminator_value(model):
            yield name, "discriminator"
    yield from _of_members(spec, known, request, ())
    inner: Any = request
    if container is not None:
        inner = request.get(container, {})
        if container not in request and spec.container_required(model):
            yield container, "required"
            return
        if not isinstance(inner, dict):
            yield container, "type"
            return
        for name in inner:
            if name not in parameters:
                yield container, "unknown"
        yield from _of_members(spec, parameters, inner, (container,))
    given = {name: value for name, value in inner.items() if name in parameters}
    for name, _ in broken_rules(model.parameters, given):
        yield ".".join(filter(None, [container, name])), "rule"


def _of_members(
    spec: Spec, known: Mapping[str, Schema], given: Json, above: tuple[str, ...]
) -> Iterator[Broken]:
    for name, member in known.items():
        if name in given:
            for each in broken(spec, member, given[name]):
                yield ".".join((*above, name, *each.path)), each.kind
        elif member.required:
            yield ".".join((*above, name)), "required"


def is_own(found: set[Broken], constraint: Json) -> bool:
    """Whether what a request breaks is this constraint alone.

    A value that fits none of several forms breaks them together, and of several branches each.
    """
    if len(found) != 1:
        return False
    [(path, kind)] = found
    if kind == "any_of":
        return str(constraint["parameter"]).startswith(f"{path}.")
    both = {kind, constraint["kind"]}
    same = len(both) == 1 or both <= {*CHOICES}
    return same and path == constraint["parameter"]


def missing_sides(emitted: Emitted) -> list[str]:
    """The constraints of the spec that no vector is on one side of: `accepted` or `refused`, and its id."""
    found = {(vector["expect"], vector["constraint"]) for _, vector, _ in emitted.vectors()}
    wanted: dict[tuple[str, str], None] = {}
    for model in emitted.spec.models.values():
        for id, sides in _wanted(emitted.spec, model):
            wanted |= {(side, id): None for side in sides}
    return [f"{side} {id}" for side, id in wanted if not _is_tried(found, side, id)]


def _is_tried(found: set[tuple[str, str]], side: str, id: str) -> bool:
    """Whether there is such a vector, or one that is the same request and of another constraint.

    A value that is accepted keeps all of its constraints, and one that is refused breaks a branch each.
    """
    place, _, kind = id.rpartition("/")
    if (side, id) in found:
        return True
    model, _, dotted = place.partition("/")
    names = dotted.split(".")
    if side == "accepted":
        exact = {each.name for each in KINDS if each.breaks} | {"nullable", "quantity", "pattern"}
        around = [f"{model}/{'.'.join(names[:end])}/" for end in range(1, len(names) + 1)]
        return kind not in exact and any(
            found_side == side and other.startswith(tuple(around)) for found_side, other in found
        )
    numbered = next((n for n, name in enumerate(names) if name.isdecimal()), None)
    branches = f"{model}/{'.'.join(names[:numbered])}."
    return numbered is not None and any(
        found_side == side and other.startswith(branches) for found_side, other in found
    )


def _wanted(spec: Spec, model: Model) -> Iterator[tuple[str, tuple[str, ...]]]:
    both, refused = ("accepted", "refused"), ("refused",)
    container = spec.container(model)
    told = spec.discriminator(spec.request_object(model))
    yield f"{model.id}/request/optional", ("accepted",)
    for name, field in spec.fields(model).items():
        if field.required:
            yield f"{model.id}/{name}/required", refused
        if name == told:
            yield f"{model.id}/{name}/type", refused
            yield f"{model.id}/{name}/discriminator", refused
        else:
            yield from _of_schema(f"{model.id}/{name}", field)
    yield f"{model.id}/{container or 'request'}/unknown", refused
    if container is not None:
        yield f"{model.id}/request/unknown", refused
        yield f"{model.id}/{container}/type", refused
        if spec.container_required(model):
            yield f"{model.id}/{container}/required", refused
    for name, parameter in model.parameters.items():
        place = f"{model.id}/" + ".".join(filter(None, [container, name]))
        if parameter.required:
            yield f"{place}/required", refused
        yield from _of_schema(place, parameter)
        for need in parameter.requires:
            if need.enforced:
                yield f"{place}/requires-{need.parameter}", both
        for bar in parameter.excludes:
            if bar.enforced:
                yield f"{place}/excludes-{bar.parameter}", both


def _of_schema(place: str, schema: Schema) -> Iterator[tuple[str, tuple[str, ...]]]:
    for number, branch in enumerate(schema.any_of or ()):
        yield from _of_schema(f"{place}.{number}", branch)
    if schema.type is not None:
        yield f"{place}/type", ("accepted", "refused")
    for kind in KINDS:
        limit = getattr(schema, kind.name)
        if limit is None or limit is False:
            continue
        nothing_below = kind.name in ("min_length", "min_items") and limit == 0
        one_side = kind.name == "nullable" or nothing_below
        yield f"{place}/{kind.name}", ("accepted",) if one_side else ("accepted", "refused")
    if schema.items is not None:
        yield from _of_schema(f"{place}.items", schema.items)
    for name, member in (schema.properties or {}).items():
        if member.required:
            yield f"{place}.{name}/required", ("refused",)
        yield from _of_schema(f"{place}.{name}", member)
