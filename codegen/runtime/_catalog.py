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
    Family,
    Format,
    JobFailure,
    Model,
    Operation,
    Parameter,
    Polling,
    Quantity,
    Requirement,
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
    for rule in ("used_when", "ignored_when"):
        if rule in known:
            known[rule] = MappingProxyType(known[rule])
    path = f"{container}.{wire_name}" if container else wire_name
    if "items" in known:
        known["items"] = _parameter(wire_name, known["items"], container)
    return Parameter(name=name, path=path, **known)


def _operation(name: str, entry: Mapping[str, Any]) -> Operation:
    known = dict(entry)
    anonymous = known.pop("anonymous", False)
    parameters = known.pop("parameters", {})
    return Operation(
        name=name,
        authenticated=not anonymous,
        parameters=tuple(_parameter(key, inner) for key, inner in parameters.items()),
        **known,
    )


def _api(entry: Mapping[str, Any]) -> Api:
    return Api(
        **{
            **entry,
            "polling": Polling(**entry["polling"]),
            "accepted": MappingProxyType(entry["accepted"]),
            "statuses": frozenset(entry["statuses"]),
            "ended": frozenset(entry["ended"]),
            "succeeded": frozenset(entry["succeeded"]),
            "failures": tuple(JobFailure(**failure) for failure in entry["failures"]),
        }
    )


API = _api(_WHOLE["api"])
OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {name: _operation(name, entry) for name, entry in _WHOLE["operations"].items()}
)
# What every request takes beside its model's own parameters.
FIELDS: Mapping[str, Parameter] = MappingProxyType(
    {name: _parameter(name, entry) for name, entry in _WHOLE["fields"].items()}
)
FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        id: Family(container=entry["container"], models=tuple(entry["models"]))
        for id, entry in _WHOLE["families"].items()
    }
)


class Models(Mapping[str, Model]):
    """The models by id."""

    def __init__(self) -> None:
        self._families = {id: name for name, family in FAMILIES.items() for id in family.models}

    def __getitem__(self, id: str) -> Model:
        return _family(self._families[id])[id]

    def __contains__(self, id: object) -> bool:
        return id in self._families

    def __iter__(self) -> Iterator[str]:
        return iter(self._families)

    def __len__(self) -> int:
        return len(self._families)

    def __repr__(self) -> str:
        return shown(f"<{type(self).__name__} {', '.join(self)}>")


@cache
def _family(name: str) -> Mapping[str, Model]:
    container = FAMILIES[name].container
    return {
        id: Model(
            id=id,
            family=name,
            container=container,
            title=entry["title"],
            summary=entry["summary"],
            description=entry["description"],
            parameters=MappingProxyType(
                {
                    **FIELDS,
                    **{
                        key: _parameter(key, inner, container)
                        for key, inner in entry["parameters"].items()
                    },
                }
            ),
            examples=MappingProxyType(entry["examples"]),
        )
        for id, entry in _read(f"families/{name}.json").items()
    }


MODELS = Models()
