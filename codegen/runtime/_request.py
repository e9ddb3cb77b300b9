"""The base of typed requests: a value with one model's parameters, flat, by their Python names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import pydantic
from pydantic import MISSING, ConfigDict, ModelWrapValidatorHandler, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from ._catalog import MODELS
from ._check import check_wire
from ._describe import described
from ._limits import has_type
from ._numbers import is_missing
from ._problems import Problem
from ._redact import beginning, shown
from ._requests import build, flat, plain_value, wired
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

    @pydantic.model_validator(mode="wrap")
    @classmethod
    def _checked(cls: type[R], data: Any, handler: ModelWrapValidatorHandler[R]) -> R:
        """Checks what no single field can say, and says what is wrong as `check` does."""
        model = cls._model()
        try:
            request = handler(data)
        except ValidationError:
            problems = _problems(model, data)
            if not problems:
                raise
        else:
            if model is None or not is_ruled(model.id):
                return request
            problems = check_wire(request.to_wire()).problems
            if not problems:
                return request
        raise ValidationError.from_exception_data(cls.__name__, list(map(_detail, problems)))

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


def _problems(model: Model | None, data: Any) -> tuple[Problem, ...]:
    """What is wrong with a request for a model; nothing if it is for another one."""
    if model is None or not isinstance(data, Mapping):
        return ()
    request = wired({model.discriminator: model.stands_for, **data})
    return check_wire(request).problems if MODELS.of(request) is model else ()


def _detail(problem: Problem) -> InitErrorDetails:
    """What is wrong, as pydantic takes it."""
    made = _fault(problem.rule, problem.without_place)
    place: tuple[str | int, ...] = (problem.parameter, *problem.index)
    return InitErrorDetails(type=made, loc=place, input=problem.value)


# Without a context, which it has none of here, a text is not a template and need not be a literal.
_fault: Callable[[Any, Any], PydanticCustomError] = PydanticCustomError


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
