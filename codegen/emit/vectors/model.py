"""The vectors of one model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...spec.model import Model
from ...spec.schema import Parameter, Schema, Source
from ...spec.whole import Spec
from .cases import Case, Cases, Repeated, Strangers
from .goods import Goods
from .request import Given, Place, Request

Json = dict[str, Any]
REMOVED = object()
# A body of more is sent by itself.
LARGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Vector:
    """A request that is to be refused or accepted, as what differs from a base."""

    id: str
    constraint: str
    accepted: bool
    base: str
    changes: Given
    says: str
    unknown: bool = False

    @property
    def is_large(self) -> bool:
        """Whether it is too long to share a request."""
        return any(
            isinstance(value, Repeated) and len(value.text) * value.times > LARGE
            for value in self.changes.values()
        )


@dataclass(slots=True)
class ModelVectors:
    """All that is tried of a model."""

    request: Request
    bases: dict[str, Given]
    constraints: dict[str, Json] = field(default_factory=dict)
    vectors: list[Vector] = field(default_factory=list)


def vectors_of(
    spec: Spec, model: Model, goods: Goods, strangers: Strangers, others: Mapping[str, Schema]
) -> ModelVectors:
    """The vectors of a model; `others` are parameters that other models of its operation take."""
    request = Request(spec, model, goods)
    most = {f"most-{number}": given for number, given in enumerate(request.most(), 1)}
    made = ModelVectors(request, {"least": request.least(), **most})
    maker = _Maker(made, Cases(spec, goods, strangers))
    maker.make(others)
    return made


class _Maker:
    def __init__(self, made: ModelVectors, cases: Cases) -> None:
        self._made, self._request, self._cases = made, made.request, cases
        self._model, self._spec = made.request.model, made.request.spec
        self._turns: dict[str, int] = {}
        self._rows = 0
        self._seen: set[str] = set()
        self._ids: set[str] = set()

    def make(self, others: Mapping[str, Schema]) -> None:
        """Every vector."""
        constraint = self._constraint(("request",), "optional", None, {})
        self._add(constraint, "least", "nothing but what is required", {}, accepted=True)
        for place, member in self._request.members.items():
            if place == self._request.discriminator:
                self._discriminator(place, member)
            else:
                self._member(place, member)
        self._container()
        self._unknown(others)

    def _member(self, place: Place, member: Schema) -> None:
        if member.required:
            constraint = self._constraint(place, "required", True, _source(member, "required"))
            self._add(constraint, "missing", "without it", {place: REMOVED}, accepted=False)
        for case in self._cases.of(member, place[-1]):
            inner = _inner(member, case.inner)
            limit = inner.required if case.kind == "required" else getattr(inner, case.kind, None)
            source = _source(inner, case.kind) or _source(member, case.kind)
            readings = _readings(inner, case.kind)
            parameter = (*place, *case.inner)
            constraint = self._constraint(parameter, case.kind, limit, source, inner.unit, readings)
            self._add(constraint, case.name, case.says, {place: case.value}, accepted=case.accepted)

    def _discriminator(self, place: Place, member: Schema) -> None:
        own = self._spec.discriminator_value(self._model)
        source = _source(member, "")
        required = self._constraint(place, "required", True, source)
        self._add(required, "missing", "without it", {place: REMOVED}, accepted=False)
        typed = self._constraint(place, "type", member.type, source)
        for name, says, value in (("null", "null", None), ("list", "a list that holds it", [own])):
            self._add(typed, name, says, {place: value}, accepted=False)
        constraint = self._constraint(place, "discriminator", own, source)
        taken = {
            self._spec.discriminator_value(model)
            for model in self._spec.models_of(self._spec.operation_of(self._model)).values()
        }
        wrong = [
            ("other-case", f"`{own}` in the other case", own.swapcase()),
            ("space-after", f"`{own}` with a space after it", f"{own} "),
            ("stranger", "a model that nobody knows", f"{own}-0"),
        ]
        for other in self._spec.models.values():
            value = self._spec.discriminator_value(other)
            if self._spec.operation_of(other) != self._spec.operation_of(self._model):
                wrong.append(("other-operation", f"`{value}`, of another operation", value))
                break
        for name, says, value in wrong:
            if value not in taken:
                self._add(constraint, name, says, {place: value}, accepted=False)

    def _container(self) -> None:
        container = self._request.container
        if container is None:
            return
        place, source = (container,), _source(self._spec.families[self._model.family], "")
        if self._request.container_required:
            constraint = self._constraint(place, "required", True, source)
            self._add(constraint, "missing", "without it", {place: REMOVED}, accepted=False)
        constraint = self._constraint(place, "type", "object", source)
        for name, says, value in (("null", "null", None), ("list", "a list", [])):
            self._add(constraint, name, says, {place: value}, accepted=False)

    def _unknown(self, others: Mapping[str, Schema]) -> None:
        members, container = self._request.members, self._request.container
        inside = () if container is None else (container,)
        source = _source(self._model, "")
        constraint = self._constraint(inside or ("request",), "unknown", None, source)
        for name, other in others.items():
            if (*inside, name) not in members and (value := self._request.goods.of(other)):
                says = f"`{name}`, which other models take"
                self._add(
                    constraint,
                    f"takes-no-{name}",
                    says,
                    {(*inside, name): value[0]},
                    accepted=False,
                )
        first = next(iter(self._model.parameters), None)
        if first is not None and (*inside, f"{first}_") not in members:
            place = (*inside, f"{first}_")
            value = self._request.good(self._request.place(first))
            self._add(
                constraint, "misspelt", "a name that is misspelt", {place: value}, accepted=False
            )
        if container is None:
            return
        constraint = self._constraint(("request",), "unknown", None, source)
        if first is not None and (first,) not in members:
            value = self._request.good(self._request.place(first))
            says = f"`{first}` outside of `{container}`"
            self._add(constraint, "misplaced", says, {(first,): value}, accepted=False)
        stranger = next(
            (
                f.container
                for f in self._spec.families.values()
                if f.container not in (None, container)
            ),
            "stranger",
        )
        says = "the parameters of other models"
        self._add(constraint, "other-container", says, {(str(stranger),): {}}, accepted=False)

    def _constraint(
        self,
        parameter: Place,
        kind: str,
        limit: Any,
        source: Json,
        unit: str | None = None,
        readings: Json | None = None,
    ) -> str:
        id = f"{self._model.id}/{'.'.join(parameter)}/{kind}"
        if hasattr(limit, "model_dump"):
            limit = limit.model_dump()
        entry = {
            "kind": kind,
            "parameter": "" if parameter == ("request",) else ".".join(parameter),
            "limit": limit,
            "unit": unit,
            "source": source,
            "readings": readings or {},
        }
        kept = {k: v for k, v in entry.items() if k in ("kind", "parameter", "limit") or v}
        self._made.constraints.setdefault(id, kept)
        return id

    def _add(self, constraint: str, name: str, says: str, put: Given, *, accepted: bool) -> None:
        base = "least" if accepted else self._next_base(constraint)
        given = self._made.bases[base]
        company = self._request.company({**given, **put}, [*put])
        changes = {**company, **put}
        whole = {p: v for p, v in {**given, **changes}.items() if v is not REMOVED}
        kept = self._request.kept(whole, [*put])
        if kept is None:
            return
        changes |= {p: v for p, v in kept.items() if p not in given and p not in changes}
        changes |= {p: REMOVED for p in given if p not in kept and p not in changes}
        changes = {
            p: v
            for p, v in changes.items()
            if v is REMOVED or p not in given or p in put or v != given[p]
        }
        written = json.dumps(_written_changes(changes), ensure_ascii=False)
        key = f"{base} {written}"
        if key in self._seen:
            return
        self._seen.add(key)
        id, number = f"{constraint}/{name}", 2
        while id in self._ids:
            id, number = f"{constraint}/{name}-{number}", number + 1
        self._ids.add(id)
        if not accepted:
            self._turns[constraint] = self._turns.get(constraint, 0) + 1
            self._rows += base != "least"
        self._made.vectors.append(Vector(id, constraint, accepted, base, changes, says))

    def _next_base(self, constraint: str) -> str:
        if self._turns.get(constraint, 0) % 2 == 0:
            return "least"
        return f"most-{self._rows % (len(self._made.bases) - 1) + 1}"


def _written_changes(changes: Given) -> list[Json]:
    result = []
    for place, value in changes.items():
        if value is REMOVED:
            result.append({"at": place, "removed": True})
        elif isinstance(value, Repeated):
            result.append({"at": place, "text": value.text, "times": value.times})
        else:
            result.append({"at": place, "value": value})
    return result


def written(vector: Vector) -> Json:
    """A vector as JSON."""
    result: Json = {
        "id": vector.id,
        "constraint": vector.constraint,
        "expect": "accepted" if vector.accepted else "refused",
        "base": vector.base,
        "changes": _written_changes(vector.changes),
        "says": vector.says,
    }
    if vector.unknown:
        result["sure"] = "unknown"
    return result


def _inner(schema: Schema, way: Sequence[str]) -> Schema:
    for step in way:
        if schema.any_of is not None:
            schema = schema.any_of[int(step)]
        elif schema.items is not None:
            schema = schema.items
        else:
            schema = (schema.properties or {})[step]
    return schema


def _source(of: Any, kind: str) -> Json:
    source: Source = of.source_of(kind) if isinstance(of, Parameter) else of.source
    return {id: [words] if isinstance(words, str) else words for id, words in source.items()}


def _readings(schema: Schema, kind: str) -> Json:
    return {
        id: getattr(reading, kind)
        for id, reading in schema.readings.items()
        if kind in reading.model_fields_set
    }
