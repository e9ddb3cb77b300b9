# A copy of codegen/runtime/_requests.py, where it is edited.
"""Builds requests: Python arguments or typed requests to the JSON that is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import NoneType
from typing import Any, Protocol, cast, runtime_checkable

from ._catalog import FAMILIES, MODELS, REQUESTS
from ._errors import InvalidRequestError
from ._numbers import is_missing, plain
from ._problems import Problem
from ._redact import show
from ._spec import Model, Parameter


@runtime_checkable
class SupportsWire(Protocol):
    """A typed request, which knows its JSON."""

    def to_wire(self) -> dict[str, Any]:
        """The request in the shape of the API's JSON."""
        ...


# What `run` and the methods that submit take beside a request.
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

# What any request may have beside the parameters of its model.
FIELDS: Mapping[str, Parameter] = {
    name: field
    for shape in reversed(tuple(REQUESTS.values()))
    for name, field in shape.fields.items()
}


def build(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The request that arguments stand for, unchecked.

    A name that is not a parameter goes where the model's parameters are, for the check to find.
    """
    model = MODELS.of(arguments)
    names = _names(model.id if model else None)
    container = _container(model, arguments)
    request: dict[str, Any] = {}
    inner: dict[str, Any] = {}
    for name, value in arguments.items():
        path = names.get(name) or _path(container, name)
        place = inner if container and path.startswith(f"{container}.") else request
        place[path.rpartition(".")[2]] = value
    if container and (inner or (model is not None and model.container_required)):
        request[container] = inner
    return request


def _path(container: str | None, name: str) -> str:
    return f"{container}.{name}" if container else f"{name}"  # A table may have numbers.


@cache
def _names(id: str | None) -> Mapping[str, str]:
    """The paths of a model's parameters in a request by their Python names."""
    return {p.name: p.path for p in (MODELS[id].parameters if id else FIELDS).values()}


@cache
def _wire_names(id: str | None) -> frozenset[str]:
    """The members that only a request in the shape of the API's JSON has, and no flat one."""
    parameters = (FIELDS if id is None else MODELS[id].parameters).values()
    own = (p.path for p in parameters if p.path != p.name and "." not in p.path)
    containers = (family.container for family in FAMILIES.values())
    return frozenset([*own, *filter(None, containers)])


def is_flat(request: Mapping[str, Any]) -> bool:
    """Whether a request has parameters by their Python names, and not the shape of the API's JSON."""
    model = MODELS.of(request)
    return _wire_names(model.id if model else None).isdisjoint(request)


def wired(request: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a request that is in its shape already, or has parameters by their Python names."""
    return exact(build(request) if is_flat(request) else dict(request))


def exact(body: dict[str, Any]) -> dict[str, Any]:
    """A request in the shape of the API's JSON with plain numbers, and without what pandas lacks."""
    if all(map(_is_plain, body.values())):
        return body
    model = MODELS.of(body)
    known = parameters_by_path(model.id if model else None)
    container = _container(model, body)
    result: dict[str, Any] = {}
    for name, value in body.items():
        if name == container and isinstance(value, Mapping):
            result[name] = {
                key: plain_value(known.get(f"{name}.{key}"), inner)
                for key, inner in value.items()
                if not is_missing(inner)
            }
        elif not is_missing(value):
            result[name] = plain_value(known.get(name), value)
    return result


@cache
def parameters_by_path(id: str | None) -> Mapping[str, Parameter]:
    """The parameters of a model by their paths in a request; without one, what any request may have."""
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


def plain_value(parameter: Parameter | None, value: Any) -> Any:
    """A value of a parameter with plain numbers, at any depth."""
    if parameter is None:
        return value
    if parameter.any_of:
        return next(iter(_plainer(parameter.any_of, value)), value)
    if parameter.items is not None and isinstance(value, list):
        return [plain_value(parameter.items, item) for item in value]
    if parameter.properties and isinstance(value, Mapping):
        return {
            key: plain_value(parameter.properties.get(key), item) for key, item in value.items()
        }
    return plain(parameter.type, value)


def _plainer(branches: tuple[Parameter, ...], value: Any) -> Iterator[Any]:
    """What a branch makes of a value that is not plain yet."""
    for branch in branches:
        if (found := plain_value(branch, value)) is not value:
            yield found


def flat(request: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters by their Python names of a request in either shape."""
    if is_flat(request):
        return dict(request)
    model = MODELS.of(request)
    container = _container(model, request)
    members = dict(request)
    inner = members.pop(container, {}) if container else {}
    names = {path: name for name, path in _names(model.id if model else None).items()}
    if not isinstance(inner, Mapping) or not members.keys() <= names.keys():
        return dict(request)  # Refused as it stands, and not corrected.
    members |= {f"{container}.{name}": value for name, value in inner.items()}
    return {names.get(path, path): value for path, value in members.items()}


def _container(model: Model | None, request: Mapping[str, Any]) -> str | None:
    """Where a model has its parameters; without a model, where the request seems to have them."""
    if model is not None:
        return model.container
    known = list(filter(None, (family.container for family in FAMILIES.values())))
    return next((name for name in known if name in request), None) or _like(request)


def _like(request: Mapping[str, Any]) -> str | None:
    """Where a model has its parameters that is not known, and is named as those of a family are."""
    named = [request[name] for name in MODELS.discriminators if name in request]
    fits = [
        id
        for id in FAMILIES
        if any(isinstance(name, str) and name.startswith(f"{id}-") for name in named)
    ]
    return FAMILIES[max(fits, key=len)].container if fits else None


def value_of(request: Mapping[str, Any], parameter: Parameter) -> Any:
    """What a request in the shape of the API's JSON says for a parameter; None if nothing."""
    inner: Any = request
    for name in parameter.path.split("."):
        inner = inner.get(name) if isinstance(inner, Mapping) else None
    return inner


def with_extra(request: dict[str, Any], extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """The request with parameters that are sent unchecked."""
    if extra is None:
        return request
    if not isinstance(extra, Mapping):
        words = f"{show(extra)}, expected a mapping of parameters"
        raise InvalidRequestError([Problem(rule="type", parameter="extra_params", detail=words)])
    if not extra:
        return request
    container = _container(MODELS.of(request), request)
    inner = request.get(container, {}) if container else request
    if not isinstance(inner, Mapping):
        words = "not a mapping, so extra_params can't be put into it"
        name = str(container)
        problem = Problem(rule="type", path=name, parameter=name, value=inner, detail=words)
        raise InvalidRequestError([problem])
    for name in extra:
        if name in inner:
            words = "given twice, as an argument and in extra_params"
            path = _path(container, name)
            raise InvalidRequestError(
                [Problem(rule="unknown", path=path, parameter=name, detail=words)]
            )
    return {**request, container: {**inner, **extra}} if container else {**request, **extra}
