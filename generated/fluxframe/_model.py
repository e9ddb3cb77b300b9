"""The base of the pydantic models: requests to the wire as they were written, answers as they came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import pydantic
from pydantic import ConfigDict

from ._errors import UnexpectedResponseError
from ._redact import excerpt, redacted
from ._spec import Operation
from ._wire.responses import Response

T = TypeVar("T", bound="BaseModel")


class BaseModel(pydantic.BaseModel):
    """A JSON object of the API."""

    # `model_` is no namespace of ours: the API has members such as `model`. What is wrong is not
    # shown, since it may be a signed URL.
    model_config = ConfigDict(protected_namespaces=(), hide_input_in_errors=True)

    def to_wire(self) -> dict[str, Any]:
        """The object's JSON: what was given, under its names in the API, and no default.

        A member that can have one value only, such as `model`, need not be given.
        """
        constants = {
            field.alias or name: field.default
            for name, field in type(self).model_fields.items()
            if get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1
        }
        return {**constants, **self.model_dump(by_alias=True, exclude_unset=True)}

    _response: Response | None = pydantic.PrivateAttr(default=None)

    @property
    def response(self) -> Response | None:
        """The answer that it was read from, if it was."""
        return self._response

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What the repr shows: no query of a URL, which is a signature often."""
        for name, value in super().__repr_args__():
            yield name, _shown(value)

    @classmethod
    def from_wire(cls: type[T], response: Response, operation: Operation) -> T:
        """The object in an answer's JSON. Raises UnexpectedResponseError if it is no object."""
        if not isinstance(response.data, Mapping):
            message = f"the answer is not a {cls.__name__}: {excerpt(repr(response.data))}"
            error = UnexpectedResponseError(message, status=response.status, body=response.data)
            error.operation = operation.name
            raise error
        self = cls.from_json(response.data)
        self._response = response
        return self

    @classmethod
    def from_json(cls: type[T], data: Mapping[str, Any]) -> T:
        """The object in a JSON object.

        A member that is missing, or of another type than documented, is no error: it is None, or
        what came, so that an answer that has grown does not break its reader.
        """
        try:
            return cls.model_validate(data)
        except pydantic.ValidationError:
            pass
        members = dict(data)
        values: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            key = field.alias or name
            values[name] = _member(field.annotation, members.pop(key, None))
        new = {str(k): v for k, v in members.items() if k not in ("cls", "_fields_set")}
        return cls.model_construct(None, **{**new, **values})


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return redacted(value) if isinstance(value, str) else value


def _member(kind: Any, value: Any) -> Any:
    """A member's value as its type, or as it came if it is of another."""
    kinds = [kind]
    while any(get_origin(kind) is Annotated or _is_union(kind) for kind in kinds):
        kinds = [part for kind in kinds for part in _parts(kind)]
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(value, Mapping):
            return kind.from_json(value)
        if get_origin(kind) is list and isinstance(value, list):
            return [_member(get_args(kind)[0], item) for item in value]
    for kind in kinds:
        try:
            return pydantic.TypeAdapter(kind).validate_python(value)
        except pydantic.ValidationError:
            continue
    return value


def _is_union(kind: Any) -> bool:
    return get_origin(kind) is not None and NoneType in get_args(kind)


def _parts(kind: Any) -> tuple[Any, ...]:
    if get_origin(kind) is Annotated:
        return get_args(kind)[:1]
    return get_args(kind) if _is_union(kind) else (kind,)
