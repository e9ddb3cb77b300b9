"""What sequences are made of: operations with the requests to them, and the constraints that they test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ...naming import snake_case
from ...spec.model import Model, Operation
from ...spec.patterns import matched
from ...spec.schema import Schema, Words
from ...spec.whole import Spec
from ..json_schema import Json

# The roles of lists of files.
FILES = ("images", "videos", "audio")


@dataclass(slots=True)
class Collection:
    """The sequences, and the constraints that they test, as they are found."""

    spec: Spec
    constraints: dict[str, Json] = field(default_factory=dict)
    sequences: list[Json] = field(default_factory=list)

    def constraint(
        self,
        id: str,
        kind: str,
        *,
        operation: str | None = None,
        parameter: str = "",
        limit: Any = None,
        source: Mapping[str, Sequence[str]] | None = None,
    ) -> str:
        """The id of a constraint, which is told once."""
        self.constraints.setdefault(
            id,
            {
                "kind": kind,
                "operation": operation,
                "parameter": parameter,
                "limit": limit,
                "source": dict(source or {}),
                "readings": {},
            },
        )
        return id

    def add(self, constraint: str, slug: str, says: str, *steps: Json, **more: Any) -> None:
        """A sequence. `more` is what it has beside its steps."""
        given = {"stage": 0, "costs": False, "needs": [], **more}
        sequence = {"id": f"{constraint}/{slug}", "constraint": constraint, "says": says}
        self.sequences.append({**sequence, **given, "steps": [*steps]})


@dataclass(frozen=True)
class Place:
    """An operation with its name."""

    spec: Spec
    name: str
    operation: Operation

    @property
    def kind(self) -> str:
        """What it does."""
        return self.spec.kind_of(self.operation)

    @property
    def is_free(self) -> bool:
        """Whether it may be called as often as one likes."""
        return self.kind == "upload" or (self.operation.method == "GET" and self.kind != "job")

    @property
    def source(self) -> dict[str, list[str]]:
        """The words that say it."""
        return words(self.operation.source)

    def roles(self, object: str | None) -> dict[str, tuple[str, ...]]:
        """The place of each role in an object, if there is one."""
        return self.spec.roles(object) if object else {}

    def roles_of_files(self, object: str) -> list[str]:
        """The roles of the lists of files that an object has."""
        return [role for role in FILES if role in self.spec.roles(object)]

    def items(self) -> tuple[str, dict[str, str]]:
        """Where the items of a list are in its answer, and the pointer of each role in all of them."""
        object = self.operation.success.object or ""
        path = self.spec.roles(object)["items"]
        schema: Schema = self.spec.objects[object]
        for name in path:
            schema = (schema.properties or {})[name]
        listed = schema.items.ref if schema.items else None
        here = pointer(path)
        each = {role: pointer(inner) for role, inner in self.roles(listed).items()}
        return here, {role: f"{here}/*{inner}" for role, inner in each.items()}

    def success(self) -> Json:
        """The status of a success, and what it answers."""
        said = self.operation.success
        return {str(said.status): {"schema": said.object, "constraint": f"{self.name}/answer"}}

    def errors(self) -> Json:
        """By name the errors that it lists: the status, what it answers, and what is blamed for that."""
        return {
            error.name: {
                "status": status,
                "schema": error.object,
                "constraint": self._of_error(error.name),
                "retry_after": error.retry_after,
            }
            for status in self.operation.errors
            for error in [self.spec.api.errors[str(status)]]
        }

    def _of_error(self, name: str) -> str:
        if name == "BadRequest":
            return f"{self.name}/refusal"
        return f"api/{slug_of(name)}"

    def expected(self, *names: str) -> Json:
        """What is answered for one of some errors: those of them that it lists."""
        return {
            str(error["status"]): {key: error[key] for key in ("schema", "constraint")}
            for name, error in self.errors().items()
            if name in names
        }

    def path(self, values: Mapping[str, str] | None = None) -> str:
        """Its path with the parameters in it, by their roles or names; the others are well-formed."""
        given = values or {}

        def text(match: re.Match[str]) -> str:
            schema = self.operation.path_parameters[match[1]]
            named = given.get(match[1], given.get(schema.role or ""))
            return stranger(self.spec, schema) if named is None else quote(named, safe="{}")

        return re.sub(r"\{([^}]*)\}", text, self.operation.path)

    def step(self, expect: Json, *, path: Mapping[str, str] | None = None, **more: Any) -> Json:
        """A request to it, and what is to come of it."""
        step: Json = {
            "operation": self.name,
            "method": self.operation.method,
            "path": self.path(path),
            **more,
            "expect": expect,
        }
        refusals = [said["constraint"] for said in expect.values()]
        if f"{self.name}/refusal" in refusals:
            step["otherwise"] = f"{self.name}/refusal"
        return step

    @cached_property
    def sample(self) -> Json:
        """A request for a model: of those documented, one that stands alone and costs little."""

        def rank(found: tuple[Model, Json]) -> tuple[bool, int]:
            model, _ = found
            price = model.price.credits if model.price else None
            return self._leans(model), price if price is not None else 1 << 30

        known = [
            (model, example.request)
            for model, _, example in self.spec.examples()
            if self.spec.operation_of(model) == self.name
        ]
        return min(known, key=rank)[1] if known else {}

    @property
    def stands_alone(self) -> bool:
        """Whether its sample refers to nothing that has to be there before."""
        named = self.spec.models_of(self.name).values()
        return any(not self._leans(model) for model in named)

    def _leans(self, model: Model) -> bool:
        return any(
            parameter.required and parameter.role != "prompt"
            for parameter in model.parameters.values()
        )


def slug_of(name: str) -> str:
    """A name as it stands in an id: `SomeName` as `some-name`."""
    return snake_case(name).replace("_", "-")


def pointer(path: Iterable[str]) -> str:
    """A JSON Pointer."""
    return "".join(f"/{name.replace('~', '~0').replace('/', '~1')}" for name in path)


def words(source: Mapping[str, Words]) -> dict[str, list[str]]:
    """The words of a source, by its id, as lists."""
    return {name: [said] if isinstance(said, str) else [*said] for name, said in source.items()}


def stranger(spec: Spec, schema: Schema) -> str:
    """A text that a schema allows, and that nothing is known by."""
    if schema.format is None:
        return "1" if schema.type in ("integer", "number") else "no-such-thing-0000"
    form = spec.formats[schema.format]
    for place in range(len(form.example) - 1, -1, -1):
        for other in "0179xa":
            text = form.example[:place] + other + form.example[place + 1 :]
            if text != form.example and matched(form.pattern, text):
                return text
    return form.example
