"""What the limits of the spec allow and what they do not, as Hypothesis strategies.

Everything is derived from the Spec, so that a limit that changes there changes here: `requests` are
right, `faults` and `strangers` are what breaks a limit of them, and `valid`, `invalid` and `wrong_type`
are values of one schema. Numbers of right requests, faster and without shrinking, are in `good_requests`.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from hypothesis import settings
from hypothesis import strategies as st

from codegen.spec import model as spec
from codegen.spec.load import load

WHOLE = load()
MODELS = list(WHOLE.models)
ONE_OF_EACH_FAMILY = list({model.family: id for id, model in WHOLE.models.items()}.values())

# Text that JSON and HTTP can carry: no half of a surrogate pair.
TEXT = st.characters(codec="utf-8")


Fault: TypeAlias = tuple[str, str, st.SearchStrategy[Any]]


def of_each_model(total: int = 500, least: int = 10) -> settings:
    """So many examples among all models, and at least so many of each."""
    return settings(max_examples=max(least, total // len(MODELS)))


def parameters(model: str) -> dict[str, spec.Schema]:
    """Everything that a request for a model takes, by wire name, but for the model itself."""
    fields = {name: field for name, field in WHOLE.request_fields().items() if name != "model"}
    return {**fields, **WHOLE.models[model].parameters}


def place(model: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The request for a model in which each value stands where it belongs."""
    request: dict[str, Any] = {"model": model}
    for name, value in values.items():
        request = put(model, request, name, value)
    return request


def put(model: str, request: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The request with a value where it belongs."""
    if name in WHOLE.request_fields():
        return {**request, name: value}
    container = WHOLE.container(WHOLE.models[model])
    return {**request, container: {**request.get(container, {}), name: value}}


def without(model: str, request: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The request without a value that it has."""
    if name in WHOLE.request_fields():
        return {known: value for known, value in request.items() if known != name}
    container = WHOLE.container(WHOLE.models[model])
    inner = {known: value for known, value in request[container].items() if known != name}
    return {**request, container: inner}


def path_of(model: str, name: str) -> str:
    """Where a value stands in a request, as problems say it."""
    if name in WHOLE.request_fields():
        return name
    return f"{WHOLE.container(WHOLE.models[model])}.{name}"


@cache
def requests(model: str) -> st.SearchStrategy[dict[str, Any]]:
    """Requests for a model that keep every limit."""
    known = parameters(model)
    required = {name: valid(schema) for name, schema in known.items() if schema.required}
    optional = {name: valid(schema) for name, schema in known.items() if not schema.required}
    drawn = st.fixed_dictionaries(required, optional=optional)
    return drawn.map(lambda values: place(model, values))


@cache
def faults(model: str) -> list[Fault]:
    """Every limit of a model with values that break it."""
    return [
        (name, rule, values)
        for name, schema in parameters(model).items()
        for rule, values in invalid(schema)
    ]


@cache
def strangers(model: str) -> list[Fault]:
    """Parameters that a model does not take: those of the others, and misspelt ones.

    They are too many to try all with each model: draw some.
    """
    known = parameters(model)
    others = {
        name: parameter
        for other in WHOLE.models.values()
        for name, parameter in other.parameters.items()
        if name not in known
    }
    found: list[Fault] = [(name, "unknown", valid(other)) for name, other in others.items()]
    misspelt = [f"{name}x" for name in known if f"{name}x" not in {*known, *others}]
    return found + [(name, "unknown", st.integers()) for name in misspelt]


def valid(schema: spec.Schema) -> st.SearchStrategy[Any]:
    """Values that keep the limits of a schema."""
    match schema.type:
        case "boolean":
            return st.booleans()
        case "integer":
            low, high = _integer_range(schema)
            return _ends(low, high) | st.integers(low, high)
        case "number":
            floats = st.floats(
                schema.minimum, schema.maximum, allow_nan=False, allow_infinity=False
            )
            low, high = _integer_range(schema)
            return _ends(schema.minimum, schema.maximum) | floats | st.integers(low, high)
        case "array":
            assert schema.items is not None
            most = schema.max_items if schema.max_items is not None else 12
            return st.lists(valid(schema.items), min_size=schema.min_items or 0, max_size=most)
        case "string":
            return _valid_text(schema)
        case kind:
            raise NotImplementedError(f"no strategy for {kind}")


def _ends(low: Any, high: Any) -> st.SearchStrategy[Any]:
    """The limits themselves, which a wrong reading is likeliest to get wrong."""
    ends = [end for end in (low, high) if end is not None]
    return st.sampled_from(ends) if ends else st.nothing()


def _integer_range(schema: spec.Schema) -> tuple[int | None, int | None]:
    low = None if schema.minimum is None else math.ceil(schema.minimum)
    high = None if schema.maximum is None else math.floor(schema.maximum)
    return low, high


def _valid_text(schema: spec.Schema) -> st.SearchStrategy[str]:
    choices: list[st.SearchStrategy[str]] = []
    if schema.values:
        choices.append(st.sampled_from([str(value) for value in schema.values]))
    if schema.quantity is not None:
        choices.append(quantities(schema.quantity))
    if schema.format is not None:
        choices.append(_FORMATS[schema.format])
    if choices:
        return st.one_of(choices)
    least, most = schema.min_length or 0, schema.max_length
    short = st.text(TEXT, min_size=least, max_size=most if most is not None else 50)
    if most is None:
        return short
    return short | st.integers(max(least, most - 2), most).map(lambda size: "x" * size)


def quantities(quantity: spec.Quantity) -> st.SearchStrategy[str]:
    """Numbers of a unit up to the maximum, in both spellings."""
    number = st.decimals(0, quantity.maximum, places=2).map(lambda d: f"{d:f}")
    whole = st.integers(0, quantity.maximum).map(str)
    return st.tuples(number | whole, st.sampled_from(["", " "])).map(
        lambda parts: f"{parts[0]}{parts[1]}{quantity.unit}"
    )


def _urls() -> st.SearchStrategy[str]:
    path = st.text(st.sampled_from(string.ascii_letters + string.digits + "-._~%/?#&=+é漢"))
    return st.tuples(st.sampled_from(["https", "http", "s3"]), path).map(
        lambda parts: f"{parts[0]}://example.com/{parts[1]}"
    )


_FORMATS: dict[str, st.SearchStrategy[str]] = {
    "ratio": st.tuples(st.integers(1, 99), st.integers(1, 99)).map(lambda p: f"{p[0]}:{p[1]}"),
    "absolute_url": _urls(),
}
_NOT_OF_FORMAT: dict[str, list[str]] = {
    "ratio": [
        "16x9",
        "16:",
        ":9",
        "16:9:4",
        "16:9\n",
        " 16:9",
        "١٦:٩",
        "",
        "1.5:1",
        "-1:1",
        "wide",
    ],
    "absolute_url": ["car.jpg", "/car.jpg", "", "https://", "https://a b", "//a/b.jpg", "a:b"],
}


def invalid(schema: spec.Schema) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    """Each limit of a schema by its name, with values that break it and no other limit."""
    yield "type", wrong_type(schema)
    if schema.type in ("integer", "number"):
        yield from _invalid_numbers(schema)
    elif schema.type == "array":
        yield from _invalid_lists(schema)
    elif schema.type == "string":
        yield from _invalid_texts(schema)


def wrong_type(schema: spec.Schema) -> st.SearchStrategy[Any]:
    """JSON values of every type but the schema's."""
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "string": st.text(TEXT) | st.sampled_from(["512", "true", ""]),
        "integer": st.integers(),
        "number": st.floats(allow_nan=False, allow_infinity=False).filter(
            lambda number: not number.is_integer()
        ),
        "boolean": st.booleans(),
        "array": st.lists(st.integers(), max_size=2),
        "object": st.dictionaries(st.text(TEXT), st.integers(), max_size=2),
    }
    right = {"integer", "number"} if schema.type == "number" else {schema.type}
    return st.none() | st.one_of([values for kind, values in by_type.items() if kind not in right])


def _invalid_numbers(schema: spec.Schema) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    if schema.minimum is not None:
        nearest = math.ceil(schema.minimum) - 1
        below: st.SearchStrategy[Any] = st.just(nearest) | st.integers(max_value=nearest)
        if schema.type == "number":
            below |= st.just(math.nextafter(schema.minimum, -math.inf))
            below |= st.floats(max_value=schema.minimum, exclude_max=True, allow_infinity=False)
        yield "minimum", below
    if schema.maximum is not None:
        nearest = math.floor(schema.maximum) + 1
        above: st.SearchStrategy[Any] = st.just(nearest) | st.integers(min_value=nearest)
        if schema.type == "number":
            above |= st.just(math.nextafter(schema.maximum, math.inf))
            above |= st.floats(min_value=schema.maximum, exclude_min=True, allow_infinity=False)
        yield "maximum", above


def _invalid_lists(schema: spec.Schema) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    assert schema.items is not None
    if schema.max_items is not None:
        least = schema.max_items + 1
        yield "max_items", st.lists(valid(schema.items), min_size=least, max_size=least + 2)
    if schema.min_items:
        yield "min_items", st.lists(valid(schema.items), max_size=schema.min_items - 1)
    for rule, values in invalid(schema.items):
        most = (schema.max_items or 5) - 1
        good = st.lists(valid(schema.items), max_size=most)
        yield rule, st.tuples(good, values).map(lambda pair: [*pair[0], pair[1]])


def _invalid_texts(schema: spec.Schema) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    if schema.max_length is not None:
        least = schema.max_length + 1
        yield "max_length", st.integers(least, least + 50).map(lambda size: "é" * size)
    if schema.min_length:
        yield "min_length", st.text(TEXT, max_size=schema.min_length - 1)
    if schema.quantity is not None:
        most, unit = schema.quantity.maximum, schema.quantity.unit
        above = st.decimals(most, most * 1000, places=4).filter(lambda d: d > most)
        nearest = f"{most}.{'0' * 20}1 {unit}"
        yield "quantity", st.just(nearest) | above.map(lambda d: f"{d:f} {unit}")
        wrong = [
            f"1  {unit}",
            f"1 {unit.lower()}",
            "1",
            unit,
            f"-1 {unit}",
            f"1 {unit}\n",
            f"01{unit}",
        ]
        yield "quantity", st.sampled_from(wrong)
    elif schema.format is not None:
        yield "format", st.sampled_from(_NOT_OF_FORMAT[schema.format])
    elif schema.values is not None:
        known = {str(value) for value in schema.values}
        near = [f"{value} " for value in known] + [value.upper() for value in known] + [""]
        yield "values", st.text(TEXT).filter(lambda text: text not in known) | st.sampled_from(near)
