"""What the API takes and answers, as data: read from the files that the spec is emitted to.

A family of models is read when one of them is first asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ._redact import shown
from ._spec import (
    Api,
    Error,
    Exclusion,
    Family,
    Format,
    JobFailure,
    Limit,
    Model,
    Operation,
    Parameter,
    Polling,
    Price,
    Quantity,
    RequestShape,
    Requirement,
    Roles,
)


def _read(name: str) -> dict[str, Any]:
    data = files(__name__.rpartition(".")[0]).joinpath("_emitted", name).read_bytes()
    entries: dict[str, Any] = json.loads(data)
    return entries


_WHOLE = _read("api.json")
_FORMATS = {name: Format(**entry) for name, entry in _WHOLE["formats"].items()}


def _parameter(name: str, entry: Mapping[str, Any], container: str = "") -> Parameter:
    known = dict(entry)
    wire_name = known.pop("wire_name", name)
    if "format" in known:
        known["format"] = _FORMATS[known["format"]]
    if "quantity" in known:
        known["quantity"] = Quantity(**known["quantity"])
    if "values" in known:
        known["values"] = tuple(known["values"])
    if "requires" in known:
        known["requires"] = tuple(Requirement(**need) for need in known["requires"])
    if "excludes" in known:
        known["excludes"] = tuple(Exclusion(**other) for other in known["excludes"])
    if "limits" in known:
        known["limits"] = tuple(limit for entry in known["limits"] for limit in _limits(entry))
    for rule in ("used_when", "ignored_when"):
        if rule in known:
            known[rule] = _settings(known[rule])
    path = f"{container}.{wire_name}" if container else wire_name
    if "items" in known:
        known["items"] = _parameter(wire_name, known["items"], container)
    if "any_of" in known:
        known["any_of"] = tuple(_parameter(wire_name, one, container) for one in known["any_of"])
    if "properties" in known:
        known["properties"] = MappingProxyType(
            {key: _parameter(key, inner, path) for key, inner in known["properties"].items()}
        )
    return Parameter(name=name, path=path, **known)


def _settings(entry: Mapping[str, Any]) -> Mapping[str, tuple[Any, ...]]:
    return MappingProxyType(
        {
            name: tuple(wanted) if isinstance(wanted, list) else (wanted,)
            for name, wanted in entry.items()
        }
    )


def _limits(entry: Mapping[str, Any]) -> Iterator[Limit]:
    known = dict(entry)
    when, enforced = _settings(known.pop("when")), known.pop("enforced", False)
    for rule, limit in known.items():
        value = tuple(limit) if isinstance(limit, list) else limit
        yield Limit(when=when, rule=rule, limit=value, enforced=enforced)


def _parameters(
    entries: Mapping[str, Mapping[str, Any]], container: str | None = None
) -> dict[str, Parameter]:
    return {name: _parameter(name, entry, container or "") for name, entry in entries.items()}


def _operation(name: str, entry: Mapping[str, Any]) -> Operation:
    known = dict(entry)
    anonymous = known.pop("anonymous", False)
    parameters = known.pop("parameters", {})
    return Operation(
        name=name,
        authenticated=not anonymous,
        parameters=tuple(_parameters(parameters).values()),
        **known,
    )


def _api(entry: Mapping[str, Any]) -> Api:
    return Api(
        **{
            **entry,
            "polling": Polling(**entry["polling"]),
            "events": MappingProxyType(entry["events"]),
            "errors": MappingProxyType(
                {status: Error(**error) for status, error in entry["errors"].items()}
            ),
            "statuses": frozenset(entry["statuses"]),
            "ended": frozenset(entry["ended"]),
            "succeeded": frozenset(entry["succeeded"]),
            "cancelled": frozenset(entry["cancelled"]),
            "failures": tuple(JobFailure(**failure) for failure in entry["failures"]),
        }
    )


API = _api(_WHOLE["api"])
OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {name: _operation(name, entry) for name, entry in _WHOLE["operations"].items()}
)
# What all requests of an operation have, by the object that they are.
REQUESTS: Mapping[str, RequestShape] = MappingProxyType(
    {
        name: RequestShape(
            discriminator=entry["discriminator"],
            fields=MappingProxyType(_parameters(entry["fields"])),
        )
        for name, entry in _WHOLE["requests"].items()
    }
)
FAMILIES: Mapping[str, Family] = MappingProxyType(
    {id: Family(**entry) for id, entry in _WHOLE["families"].items()}
)
# Where members are in the objects of answers and events, by their roles.
ROLES: Mapping[str, Roles] = MappingProxyType(
    {
        name: MappingProxyType({role: tuple(path) for role, path in places.items()})
        for name, places in _WHOLE["roles"].items()
    }
)


class Models(Mapping[str, Model]):
    """The models by id."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = _WHOLE["models"]
        # What tells requests apart, in the request's JSON or as an argument, and whose each value is.
        self._discriminators: dict[str, dict[str, str]] = {}
        for id, entry in self._known.items():
            wire_name = self._shape(id).discriminator
            value = entry.get("discriminator", id)
            for name in {wire_name, self._argument(id)}:
                self._discriminators.setdefault(name, {}).setdefault(value, id)

    def _shape(self, id: str) -> RequestShape:
        return REQUESTS[OPERATIONS[self._known[id]["operation"]].request or ""]

    def _argument(self, id: str) -> str:
        """The Python name of what tells requests for a model apart."""
        shape = self._shape(id)
        return next(n for n, p in shape.fields.items() if p.wire_name == shape.discriminator)

    def __getitem__(self, id: str) -> Model:
        return _family(self._known[id]["family"])[id]

    def __contains__(self, id: object) -> bool:
        return id in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return shown(f"<{type(self).__name__} {', '.join(self)}>")

    @property
    def discriminators(self) -> Mapping[str, Mapping[str, str]]:
        """The members that tell requests apart, and by each of their values the model that is meant."""
        return self._discriminators

    def of(self, request: Mapping[str, Any]) -> Model | None:
        """The model that a request is for, in the shape of the API's JSON or flat; None if unknown."""
        for name, ids in self._discriminators.items():
            value = request.get(name)
            if isinstance(value, str) and value in ids:
                return self[ids[value]]
        return None

    def named_in(self, request: Mapping[str, Any]) -> str | None:
        """The id of the model that a request is for, or the text that stands where one is told."""
        if (model := self.of(request)) is not None:
            return model.id
        said = (request.get(name) for name in self._discriminators)
        return next((text for text in said if isinstance(text, str)), None)

    def asked_by(self, operation: str) -> list[str]:
        """The ids of the models that an operation takes requests for."""
        return [id for id, entry in self._known.items() if entry["operation"] == operation]

    def _made(self, id: str, entry: Mapping[str, Any]) -> Model:
        known, shape = self._known[id], self._shape(id)
        container = FAMILIES[known["family"]].container
        without = entry.get("without", ())
        fields = {name: p for name, p in shape.fields.items() if name not in without}
        # Only the members that differ are told anew.
        fields |= _parameters(entry.get("fields", {}))
        return Model(
            id=id,
            family=known["family"],
            operation=known["operation"],
            discriminator=self._argument(id),
            stands_for=known.get("discriminator", id),
            container=container,
            container_required=entry.get("container_required", False),
            title=entry["title"],
            summary=entry["summary"],
            description=entry["description"],
            result=entry["result"],
            media=entry["media"],
            count=entry.get("count"),
            price=Price(**entry["price"]) if "price" in entry else None,
            parameters=MappingProxyType({**fields, **_parameters(entry["parameters"], container)}),
            examples=MappingProxyType(entry["examples"]),
        )


MODELS = Models()
"""All models by id: a mapping, each `Model` of which is read when it is first asked for."""


@cache
def _family(name: str) -> Mapping[str, Model]:
    return {id: MODELS._made(id, entry) for id, entry in _read(f"families/{name}.json").items()}


def operation_of(kind: str) -> Operation | None:
    """The first operation of a kind."""
    return next((op for op in OPERATIONS.values() if op.kind == kind), None)
