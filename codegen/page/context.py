"""What a reader of pages must know of the spec beside the family: the names that pages use."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ..spec.load import extended
from ..spec.model import Api, Definition, Family, Format, Operation
from ..spec.schema import Role, Schema


@dataclass(frozen=True, slots=True)
class Submission:
    """An operation that takes requests for models."""

    name: str
    method: str
    path: str
    fields: Mapping[str, Schema]  # What each of its requests takes.

    @property
    def discriminator(self) -> str | None:
        """The field that tells which model a request is for."""
        return self.field_with("discriminator")

    def field_with(self, role: Role) -> str | None:
        """The field that has a role."""
        return next((name for name, field in self.fields.items() if field.role == role), None)


@dataclass(frozen=True, slots=True)
class Context:
    """The operations, formats and kinds of results of a spec; a reader without them is told nothing."""

    submissions: Mapping[str, Submission] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, Collection[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        api: Api,
        formats: Mapping[str, Format],
        objects: Mapping[str, Definition],
        operations: Mapping[str, Operation],
    ) -> Context:
        """What those parts of a spec say."""
        submissions = {
            name: Submission(
                name,
                operation.method,
                operation.path,
                extended(request, objects).properties or {},
            )
            for name, operation in operations.items()
            if (request := operation.body.request) in objects and request
        }
        aliases = {one.json_schema_format: name for name, one in formats.items()}
        for name, one in formats.items():
            aliases |= {reading.json_schema_format: name for reading in one.readings.values()}
        return cls(
            submissions,
            {alias: name for alias, name in aliases.items() if alias}
            | {name: name for name in formats},
            {
                kind: {*(extended(one.object, objects).properties or {})}
                for kind, one in api.results.items()
                if one.object in objects
            },
        )

    def operation(self, method: str, path: str) -> Submission | None:
        """The operation of a method and a path, whatever its parameters are called."""
        return next(
            (
                one
                for one in self.submissions.values()
                if one.method == method.upper() and _plain(one.path) == _plain(path)
            ),
            None,
        )

    def discriminators(self) -> set[str]:
        """The fields that tell which model a request is for, of all operations."""
        return {name for one in self.submissions.values() if (name := one.discriminator)}


def with_role(family: Family, role: Role) -> list[str]:
    """The parameters of a family that have a role."""
    return [name for name, parameter in family.parameters.items() if parameter.role == role]


def _plain(path: str) -> str:
    """A path in which all parameters look alike."""
    return re.sub(r"\{\w+\}|:\w+", "{}", path).rstrip("/")
