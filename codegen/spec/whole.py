"""The whole of a spec, checked and resolved, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .document import Document
from .model import Api, Definition, Example, Family, Format, Model, Operation, Origin
from .schema import Schema, merged

OperationKind: TypeAlias = Literal[
    "submit", "upload", "job", "jobs", "account", "catalogue", "answer", "empty"
]
# The roles of lists of files in a result.
_FILES = frozenset({"images", "videos", "audio"})


@dataclass(frozen=True, slots=True)
class Spec:
    """The whole of `spec/`, checked, with each model's parameters resolved."""

    api: Api
    sources: Mapping[str, Origin]
    formats: Mapping[str, Format]
    objects: Mapping[str, Definition]
    operations: Mapping[str, Operation]
    families: Mapping[str, Family]
    models: Mapping[str, Model]
    # The files that it was read from, for who must say where something stands.
    documents: Mapping[str, Document] = field(default_factory=dict, compare=False, repr=False)

    def operation_of(self, model: Model) -> str:
        """The name of the operation that takes requests for a model."""
        return model.operation or self.families[model.family].operation

    def container(self, model: Model) -> str | None:
        """The member of a request that holds the parameters of a model; None if it is the request."""
        return self.families[model.family].container

    def container_required(self, model: Model) -> bool:
        """Whether a request for a model must have the container."""
        said, family = model.container_required, self.families[model.family]
        required = family.container_required if said is None else said
        return required or any(parameter.required for parameter in model.parameters.values())

    def result_of(self, model: Model) -> str:
        """The kind of result that a model makes."""
        return model.result or self.families[model.family].result

    def submissions(self) -> dict[str, str]:
        """The object of the requests of each operation that takes them."""
        return {
            name: operation.body.request
            for name, operation in self.operations.items()
            if operation.body.request
        }

    def request_objects(self) -> set[str]:
        """The objects of requests, and those that they extend: a model has its own in their place."""
        found: set[str] = set()
        for name in self.submissions().values():
            while name in self.objects and name not in found:
                found.add(name)
                name = self.objects[name].extends or ""
        return found

    def models_of(self, operation: str) -> dict[str, Model]:
        """The models that an operation takes requests for, by their ids."""
        return {id: m for id, m in self.models.items() if self.operation_of(m) == operation}

    def request_object(self, model: Model) -> str:
        """The name of the object that all requests of the model's operation have."""
        return self.submissions()[self.operation_of(model)]

    def fields(self, model: Model) -> dict[str, Schema]:
        """What a request for a model takes beside the model's own parameters."""
        shared = self.objects[self.request_object(model)].properties or {}
        return {
            name: merged(field, model.fields[name]) if name in model.fields else field
            for name, field in shared.items()
            if name not in model.without
        }

    def discriminator(self, object: str) -> str:
        """The member of a request that tells which model it is for."""
        path = self.roles(object).get("discriminator")
        if path is None:
            raise LookupError(f"{object} has no member with the role discriminator")
        return path[-1]

    def discriminator_value(self, model: Model) -> str:
        """What stands for a model in a request."""
        return model.id if model.discriminator is None else model.discriminator

    def roles(self, object: str) -> dict[str, tuple[str, ...]]:
        """The place of each role in an object: the names of members, from outside in.

        A role inside of the items of a result's list is placed from the item on.
        """
        return {role: places[0] for role, places in self.role_places(object).items()}

    def role_places(self, object: str) -> dict[str, list[tuple[str, ...]]]:
        """All places of each role in an object, of which there ought to be one."""
        found: dict[str, list[tuple[str, ...]]] = {}
        self._collect(Schema.model_validate({"ref": object}), (), found, frozenset())
        return found

    def _collect(
        self,
        schema: Schema,
        path: tuple[str, ...],
        found: dict[str, list[tuple[str, ...]]],
        above: frozenset[str],
    ) -> None:
        if schema.ref is not None and schema.ref in self.objects and schema.ref not in above:
            self._collect(self.objects[schema.ref], path, found, above | {schema.ref})
        for branch in schema.any_of or ():
            self._collect(branch, path, found, above)
        for name, member in (schema.properties or {}).items():
            if member.role is not None:
                places = found.setdefault(member.role, [])
                places += [(*path, name)] if (*path, name) not in places else []
            self._collect(member, (*path, name), found, above)
            if member.items is not None and member.role in _FILES:
                self._collect(member.items, (), found, above)

    def kind_of(self, operation: Operation) -> OperationKind:
        """What an operation does, by what it takes and answers."""
        if operation.body.request:
            return "submit"
        object = operation.success.object
        if object is None:
            return "empty"
        roles = self.roles(object)
        if operation.body.multipart and "url" in roles:
            return "upload"
        if operation.method != "GET":
            return "answer"
        if object == self.api.job.object:
            return "job"
        if "items" in roles:
            return "jobs" if self._lists_jobs(object, roles["items"]) else "catalogue"
        return "account" if "credits" in roles else "answer"

    def _lists_jobs(self, object: str, path: tuple[str, ...]) -> bool:
        """Whether the items of a list are jobs."""
        schema: Schema | None = self.objects[object]
        for name in path:
            schema = (schema.properties or {}).get(name) if schema else None
        listed = schema.items.ref if schema and schema.items else None
        while listed is not None and listed != self.api.job.object:
            definition = self.objects.get(listed)
            listed = definition.extends if definition else None
        return listed is not None

    def operation_kind(self, kind: OperationKind) -> str | None:
        """The name of the first operation of a kind."""
        return next((n for n, op in self.operations.items() if self.kind_of(op) == kind), None)

    def examples(self) -> Iterator[tuple[Model, str, Example]]:
        """Every documented request, with its model and name."""
        for model in self.models.values():
            for name, example in model.examples.items():
                yield model, name, example
