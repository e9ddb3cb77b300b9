# A copy of codegen/runtime/_request.py, where it is edited.
"""The base of typed requests: a value with one model's parameters, flat, by their Python names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import pydantic
from pydantic import MISSING, ConfigDict

from ._catalog import MODELS
from ._check import check_wire
from ._describe import described
from ._limits import has_type
from ._numbers import is_missing
from ._redact import beginning, shown
from ._requests import build, flat, plain_value
from ._rules import is_ruled
from ._spec import Model, Parameter

R = TypeVar("R", bound="BaseModel")
# What needs no second look, as most values.
_SIMPLE = frozenset((str, int))


class BaseModel(pydantic.BaseModel):
    """A request as a value: checked when it is made, and immutable.

    What is left out is `pydantic.MISSING`, and is not sent. JSON goes in and out by pydantic's own
    methods, flat; the API's own shape is read as well, and `to_wire` returns it.
    """

    # `model_` is not a namespace of ours: an API may have members such as `model_id`. What is wrong is not
    # shown, since it may be a signed URL.
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
        validate_default=False,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Documents each parameter in the class's docstring from the catalogue."""
        super().__pydantic_init_subclass__(**kwargs)
        if (model := cls._model()) is not None:
            lines = [
                f"    {p.name}: {described(p, model.name_of)}" for p in model.parameters.values()
            ]
            cls.__doc__ = "\n".join([cls.__doc__ or model.summary, "", "Args:", *lines])

    @classmethod
    def _model(cls) -> Model | None:
        """The model that it is a request for; None for a part of a request."""
        return _model_of(cls)

    @pydantic.model_validator(mode="before")
    @classmethod
    def _flat(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        given = flat(data)
        if all(map(_is_simple, given.values())):
            return given
        given = {name: value for name, value in given.items() if not is_missing(value)}
        model = cls._model()
        known = model.parameters if model else {}
        return {
            name: _refusable(known[name], plain_value(known[name], value))
            if name in known
            else value
            for name, value in given.items()
        }

    @pydantic.model_validator(mode="after")
    def _ruled(self: R) -> R:
        """Checks what no single field can say."""
        model = self._model()
        if model is not None and is_ruled(model.id):
            problems = check_wire(self.to_wire()).problems
            if problems:
                raise ValueError("; ".join(problem.what for problem in problems))
        return self

    def to_wire(self) -> dict[str, Any]:
        """The request in the shape of the API's JSON, without defaults."""
        return build(self.model_dump(by_alias=True))

    def __replace__(self: R, **changes: Any) -> R:
        """The request with other parameters, checked, for `copy.replace`; `MISSING` leaves one out."""
        given = {**self.model_dump(by_alias=True), **changes}
        return type(self)(**{name: value for name, value in given.items() if value is not MISSING})

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What the repr shows: what was given, but not the query of a URL, which is often a signature."""
        for name, value in super().__repr_args__():
            if value is not MISSING:
                yield name, _shown(value)

    def __repr__(self) -> str:
        return shown(super().__repr__())

    def __str__(self) -> str:
        return shown(super().__str__())


Request = BaseModel
"""What all typed requests are: checked when they are made, immutable, and equal if all parameters are.

JSON goes in and out by pydantic's own methods, such as `model_dump_json` and `model_validate_json`;
`to_wire()` returns the shape that the API takes.
"""


@cache
def _model_of(kind: type[BaseModel]) -> Model | None:
    given = {name: f.default for name, f in kind.model_fields.items() if name in _TELLING}
    return MODELS.of(given)


_TELLING = frozenset(MODELS.discriminators)


def _is_simple(value: object) -> bool:
    if type(value) is list:
        return all(type(item) in _SIMPLE for item in value)
    return type(value) in _SIMPLE


def _refusable(p: Parameter, value: Any) -> Any:
    """A value in which nothing is left that pydantic would take for something else."""
    if value is None or value is MISSING:
        return value
    if p.any_of:
        fitting = [branch for branch in p.any_of if has_type(branch.type, value)]
        if len(fitting) == 1:
            return _refusable(fitting[0], value)
        return object() if isinstance(value, bool) and not fitting else value
    if p.items is not None and isinstance(value, list):
        return [_refusable(p.items, item) for item in value]
    if p.properties and isinstance(value, Mapping):
        known = p.properties
        return {
            name: _refusable(known[name], item) if name in known else item
            for name, item in value.items()
        }
    # Of a choice of numbers, it would take True for 1; of a Decimal it would make a float, whatever
    # is lost.
    is_other = p.type in ("integer", "number") and not has_type(p.type, value)
    return str(value) if is_other else value


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(item) for item in value[:20]]
    return beginning(value) if isinstance(value, str) else value
