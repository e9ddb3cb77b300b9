"""Builds requests: Python arguments or typed requests to the JSON that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Any, Protocol, cast, runtime_checkable

from ._catalog import FAMILIES, FIELDS, MODELS
from ._errors import InvalidRequestError
from ._numbers import is_missing, plain
from ._problems import Problem
from ._redact import show
from ._spec import Parameter


@runtime_checkable
class SupportsWire(Protocol):
    """A typed request, which knows its JSON."""

    def to_wire(self) -> dict[str, Any]:
        """The request in the shape of the API's JSON."""
        ...


def build(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The request that the arguments of `images.generate` stand for, unchecked.

    A name that is not a parameter goes where the model's parameters are, for the check to find.
    """
    id = arguments.get("model")
    model = MODELS.get(id) if isinstance(id, str) else None
    names = {p.name: p.path for p in (model.parameters if model else FIELDS).values()}
    container = _container(id)
    request: dict[str, Any] = {}
    inner: dict[str, Any] = {}
    for name, value in arguments.items():
        path = names.get(name, f"{container}.{name}")
        place = inner if path.startswith(f"{container}.") else request
        place[path.rpartition(".")[2]] = value
    return {**request, container: inner} if inner else request


# What `generate` and `run` take beside a request.
OPTIONS = frozenset(
    {
        "extra_params",
        "idempotency_key",
        "timeout",
        "validation",
        "deadline",
        "interval",
        "on_progress",
    }
)

# Members that only a request in the shape of the API's JSON has.
_WIRE_NAMES = {
    *(family.container for family in FAMILIES.values()),
    *(field.wire_name for field in FIELDS.values() if field.wire_name != field.name),
}


def is_flat(request: Mapping[str, Any]) -> bool:
    """Whether a request has parameters by their Python names, and not the shape of the API's JSON."""
    return _WIRE_NAMES.isdisjoint(request)


def wired(request: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a request that is in its shape already, or has parameters by their Python names."""
    return exact(build(request) if is_flat(request) else dict(request))


def exact(body: dict[str, Any]) -> dict[str, Any]:
    """A request in the shape of the API's JSON with plain numbers, and without what pandas lacks."""
    if all(map(_is_plain, body.values())):
        return body
    id = body.get("model")
    known = parameters_by_path(id if isinstance(id, str) and id in MODELS else None)
    container = _container(id)
    result: dict[str, Any] = {}
    for name, value in body.items():
        if name == container and isinstance(value, Mapping):
            result[name] = {
                key: _plain(known.get(f"{name}.{key}"), inner)
                for key, inner in value.items()
                if not is_missing(inner)
            }
        elif not is_missing(value):
            result[name] = _plain(known.get(name), value)
    return result


@cache
def parameters_by_path(id: str | None) -> Mapping[str, Parameter]:
    """The parameters of a model by their paths in a request; without one, what every request takes."""
    parameters = FIELDS if id is None else MODELS[id].parameters
    return {parameter.path: parameter for parameter in parameters.values()}


_PLAIN = frozenset((str, int, bool, NoneType))


def _is_plain(value: object, depth: int = 2) -> bool:
    """Whether it is JSON without a number that may stand for another, as almost all requests are."""
    kind = type(value)
    if kind in _PLAIN:
        return True
    if depth and kind is dict:
        return all(
            _is_plain(member, depth - 1) for member in cast("dict[Any, Any]", value).values()
        )
    if depth and kind is list:
        return all(type(item) in _PLAIN for item in cast("list[Any]", value))
    return False


def _plain(parameter: Parameter | None, value: Any) -> Any:
    if parameter is None:
        return value
    if parameter.items is not None and isinstance(value, list):
        return [plain(parameter.items.type, item) for item in value]
    return plain(parameter.type, value)


def flat(request: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters by their Python names of a request in either shape."""
    if is_flat(request):
        return dict(request)
    id = request.get("model")
    container = _container(id)
    members = dict(request)
    inner = members.pop(container, {})
    known = (MODELS[id].parameters if isinstance(id, str) and id in MODELS else FIELDS).values()
    names = {parameter.path: parameter.name for parameter in known}
    if not isinstance(inner, Mapping) or not members.keys() <= names.keys():
        return dict(request)  # Refused as it stands, and not corrected.
    members |= {f"{container}.{name}": value for name, value in inner.items()}
    return {names.get(path, path): value for path, value in members.items()}


def _container(model: object) -> str:
    """Where a model has its parameters; one that is not known, where its family has them."""
    if isinstance(model, str) and model in MODELS:
        return MODELS[model].container
    for id, family in FAMILIES.items():
        if isinstance(model, str) and model.startswith(f"{id}-"):
            return family.container
    return next(iter(FAMILIES.values())).container


def with_extra(request: dict[str, Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """The request with parameters that are sent unchecked."""
    if extra is None:
        return request
    if not isinstance(extra, Mapping):
        words = f"{show(extra)}, expected a mapping of parameters"
        raise InvalidRequestError([Problem(rule="type", parameter="extra_params", detail=words)])
    if not extra:
        return request
    container = _container(request.get("model"))
    inner = request.get(container, {})
    if not isinstance(inner, Mapping):
        words = "not a mapping, so extra_params can't be put into it"
        problem = Problem(
            rule="type", path=container, parameter=container, value=inner, detail=words
        )
        raise InvalidRequestError([problem])
    for name in extra:
        if name in inner:
            words = "given twice, as an argument and in extra_params"
            path = f"{container}.{name}"
            raise InvalidRequestError(
                [Problem(rule="unknown", path=path, parameter=name, detail=words)]
            )
    return {**request, container: {**inner, **extra}}
