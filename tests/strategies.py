"""What the limits of the spec allow and what they do not, as Hypothesis strategies.

Everything is derived from the Spec, so that a limit that changes there changes here: `requests` are
right, `faults` and `strangers` are what breaks a limit of them, and `valid`, `invalid` and `wrong_type`
are values of one schema. Numbers of right requests, faster and without shrinking, are in `good_requests`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from random import Random
from typing import Any, TypeAlias

from hypothesis import settings
from hypothesis import strategies as st

from codegen.spec import schema as schemas
from codegen.spec.lint.violations import broken_rules
from codegen.spec.load import load

from .good_requests import value as good_value

WHOLE = load()
MODELS = list(WHOLE.models)
ONE_OF_EACH_FAMILY = list({model.family: id for id, model in WHOLE.models.items()}.values())

# Text that JSON and HTTP can carry: no half of a surrogate pair.
TEXT = st.characters(codec="utf-8")


# Texts of more characters are not drawn: a picture as text has millions.
LONG = 100_000

Fault: TypeAlias = tuple[str, str, st.SearchStrategy[Any]]


def of_each_model(total: int = 500, least: int = 10) -> settings:
    """So many examples among all models, and at least so many of each."""
    return settings(max_examples=max(least, total // len(MODELS)))


def parameters(model: str) -> dict[str, schemas.Schema]:
    """Everything that a request for a model takes, by wire name, but for what tells it apart."""
    known = WHOLE.models[model]
    fields = {
        name: field for name, field in WHOLE.fields(known).items() if field.role != "discriminator"
    }
    return {**fields, **known.parameters}


def discriminator(model: str) -> str:
    """The member of a request that tells which model it is for."""
    return WHOLE.discriminator(WHOLE.request_object(WHOLE.models[model]))


def kept_to(model: str, request: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The request with a value where it belongs, and with what the API requires beside it."""
    request = put(model, request, name, value)
    parameter = WHOLE.models[model].parameters.get(name)
    if parameter is None:
        return request
    for need in parameter.requires:
        if need.enforced and need.when in (None, value):
            other = WHOLE.models[model].parameters[need.parameter]
            request = put(model, request, need.parameter, example_of(other))
    for bar in parameter.excludes:
        inner = request.get(_container(model, name) or "", request)
        if bar.enforced and bar.when in (None, value) and bar.parameter in inner:
            request = without(model, request, bar.parameter)
    return request


def place(model: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The request for a model in which each value stands where it belongs."""
    known = WHOLE.models[model]
    discriminator = WHOLE.discriminator(WHOLE.request_object(known))
    request: dict[str, Any] = {discriminator: WHOLE.discriminator_value(known)}
    for name, value in values.items():
        request = put(model, request, name, value)
    if (container := WHOLE.container(known)) and WHOLE.container_required(known):
        request.setdefault(container, {})
    return request


def put(model: str, request: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The request with a value where it belongs."""
    container = _container(model, name)
    if container is None:
        return {**request, name: value}
    return {**request, container: {**request.get(container, {}), name: value}}


def without(model: str, request: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The request without a value that it has."""
    container = _container(model, name)
    if container is None:
        return {known: value for known, value in request.items() if known != name}
    inner = {known: value for known, value in request[container].items() if known != name}
    return {**request, container: inner}


def path_of(model: str, name: str) -> str:
    """Where a value stands in a request, as problems say it."""
    container = _container(model, name)
    return name if container is None else f"{container}.{name}"


def _container(model: str, name: str) -> str | None:
    known = WHOLE.models[model]
    is_field = name in WHOLE.fields(known) and name not in known.parameters
    return None if is_field else WHOLE.container(known)


@cache
def requests(model: str) -> st.SearchStrategy[dict[str, Any]]:
    """Requests for a model that keep every limit."""
    return values_of(model).map(lambda values: place(model, values))


@cache
def values_of(model: str) -> st.SearchStrategy[dict[str, Any]]:
    """What requests for a model have by wire name: all that is required, and some of the rest."""
    known = parameters(model)
    optional = [name for name, schema in known.items() if not schema.required]
    every = st.fixed_dictionaries({name: valid(schema) for name, schema in known.items()})
    if not has_rules(model):
        required = {name: valid(schema) for name, schema in known.items() if schema.required}
        return st.fixed_dictionaries(required, optional={n: valid(known[n]) for n in optional})
    left_out = st.sets(st.sampled_from(optional)) if optional else st.just(set[str]())
    return st.tuples(every, left_out).map(lambda drawn: in_keeping(model, *drawn))


def has_rules(model: str) -> bool:
    """Whether the API refuses some values of a model beside others."""
    return any(
        rule.enforced
        for parameter in WHOLE.models[model].parameters.values()
        for rules in (parameter.requires, parameter.excludes, parameter.limits)
        for rule in rules
    )


def in_keeping(model: str, every: Mapping[str, Any], left_out: Collection[str]) -> dict[str, Any]:
    """Some of the values, so that no rule between them is broken: what is needed too, what is in the way not."""
    known = WHOLE.models[model].parameters
    values = {name: value for name, value in every.items() if name not in left_out}
    for _ in range(2 * len(known) + 1):
        broken = next(broken_rules(known, values), None)
        if broken is None:
            return values
        name = broken[0]
        if not known[name].required:
            del values[name]
            continue
        for need in known[name].requires:
            if need.enforced and need.when in (None, values[name]):
                values[need.parameter] = every[need.parameter]
        for other in known[name].excludes:
            if other.enforced and other.when in (None, values[name]):
                values.pop(other.parameter, None)
    raise AssertionError(f"no request for {model} keeps its rules: {values}")


def broken_requests(model: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """For each rule that the API enforces between parameters, requests that break it and no limit."""
    known = WHOLE.models[model].parameters
    whole = {name: example_of(schema) for name, schema in parameters(model).items()}
    for name, parameter in known.items():
        for need in parameter.requires:
            if need.enforced:
                values = {**whole, name: whole[name] if need.when is None else need.when}
                values.pop(need.parameter)
                yield name, "requires", place(model, values)
        for other in parameter.excludes:
            if other.enforced:
                values = {**whole, name: whole[name] if other.when is None else other.when}
                yield name, "excludes", place(model, values)


def example_of(schema: schemas.Schema) -> Any:
    """A value that keeps the limits of a schema, always the same."""
    return good_value(schema, Random(1))


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


def valid(schema: schemas.Schema) -> st.SearchStrategy[Any]:
    """Values that keep the limits of a schema."""
    values = _valid(schema)
    return values | st.none() if schema.nullable else values


def _valid(schema: schemas.Schema) -> st.SearchStrategy[Any]:
    if schema.any_of is not None:
        return st.one_of([valid(branch) for branch in schema.any_of])
    if schema.values is not None and schema.type in ("integer", "number"):
        return st.sampled_from(schema.values)
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
            whole = st.nothing() if low and high and low > high else st.integers(low, high)
            return _ends(schema.minimum, schema.maximum) | floats | whole
        case "array":
            assert schema.items is not None
            most = schema.max_items if schema.max_items is not None else 12
            unique = repr if schema.unique_items else None
            return st.lists(
                valid(schema.items), min_size=schema.min_items or 0, max_size=most, unique_by=unique
            )
        case "string":
            return _valid_text(schema)
        case "object":
            members = schema.properties or {}
            required = {name: valid(m) for name, m in members.items() if m.required}
            rest = {name: valid(m) for name, m in members.items() if not m.required}
            return st.fixed_dictionaries(required, optional=rest)
        case kind:
            raise NotImplementedError(f"no strategy for {kind}")


def _ends(low: Any, high: Any) -> st.SearchStrategy[Any]:
    """The limits themselves, which a wrong reading is likeliest to get wrong."""
    ends = [end for end in (low, high) if end is not None]
    return st.sampled_from(ends) if ends else st.nothing()


def _integer_range(schema: schemas.Schema) -> tuple[int | None, int | None]:
    low = None if schema.minimum is None else math.ceil(schema.minimum)
    high = None if schema.maximum is None else math.floor(schema.maximum)
    return low, high


def _valid_text(schema: schemas.Schema) -> st.SearchStrategy[str]:
    choices: list[st.SearchStrategy[str]] = []
    if schema.values:
        choices.append(st.sampled_from([str(value) for value in schema.values]))
    if schema.quantity is not None:
        choices.append(quantities(schema.quantity))
    if schema.format is not None:
        choices.append(of_format(schema.format).filter(lambda text: _fits(schema, text)))
    if choices:
        return st.one_of(choices)
    least, most = schema.min_length or 0, schema.max_length
    most = None if most is not None and most > LONG else most
    short = st.text(TEXT, min_size=least, max_size=most if most is not None else 50)
    if most is None:
        return short
    return short | st.integers(max(least, most - 2), most).map(lambda size: "x" * size)


def quantities(quantity: schemas.Quantity) -> st.SearchStrategy[str]:
    """Numbers of a unit up to the maximum, in both spellings."""
    number = st.decimals(0, quantity.maximum, places=2).map(lambda d: f"{d:f}")
    whole = st.integers(0, quantity.maximum).map(str)
    return st.tuples(number | whole, st.sampled_from(["", " "])).map(
        lambda parts: f"{parts[0]}{parts[1]}{quantity.unit}"
    )


def _fits(schema: schemas.Schema, text: str) -> bool:
    least, most = schema.min_length or 0, schema.max_length
    return least <= len(text) and (most is None or len(text) <= most)


@cache
def of_format(name: str) -> st.SearchStrategy[str]:
    """Texts of a form."""
    form = WHOLE.formats[name]
    written = st.from_regex(form.pattern, fullmatch=True, alphabet=TEXT)
    return written | st.just(form.example)


@cache
def not_of_format(name: str) -> list[str]:
    """Texts that are nearly of a form."""
    form = WHOLE.formats[name]
    example = form.example
    near = ["", f"{example}\n", f" {example}", f"{example} ", f"\n{example}"]
    near += [example[:cut] + example[cut + 1 :] for cut in range(len(example))]
    near += [example[:cut] + " " + example[cut:] for cut in range(len(example))]
    near += [example.translate({ord(digit): ord(digit) + 0x630 for digit in "0123456789"})]
    return [text for text in dict.fromkeys(near) if not re.fullmatch(form.pattern, text)]


def invalid(schema: schemas.Schema) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    """Each limit of a schema by its name, with values that break it and no other limit."""
    if schema.any_of is not None:
        yield "type", wrong_type(schema)
        return
    yield "type", wrong_type(schema)
    if schema.values is not None and schema.type in ("integer", "number"):
        known = [value for value in schema.values if not isinstance(value, str)]
        off = st.sampled_from([value + step for value in known for step in (-1, 1, 1000)])
        yield "values", off.filter(lambda value: value not in known)
        return
    if schema.type in ("integer", "number"):
        yield from _invalid_numbers(schema)
    elif schema.type == "array":
        yield from _invalid_lists(schema)
    elif schema.type == "string":
        yield from _invalid_texts(schema)


def wrong_type(schema: schemas.Schema) -> st.SearchStrategy[Any]:
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
    taken = [branch.type for branch in schema.any_of or [schema]]
    right = {*taken, "integer"} if "number" in taken else set(taken)
    wrong = st.one_of([values for kind, values in by_type.items() if kind not in right])
    is_nullable = schema.nullable or any(branch.nullable for branch in schema.any_of or ())
    return wrong if is_nullable else st.none() | wrong


def _invalid_numbers(schema: schemas.Schema) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
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


def _invalid_lists(schema: schemas.Schema) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
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


def _invalid_texts(schema: schemas.Schema) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    if schema.max_length is not None and schema.max_length <= LONG:
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
        yield (
            "format",
            st.sampled_from(
                [t for t in not_of_format(schema.format) if t not in (schema.values or ())]
            ),
        )
    elif schema.values is not None:
        known = {str(value) for value in schema.values}
        near = [f"{value} " for value in known] + [value.upper() for value in known] + [""]
        strangers = st.text(TEXT) | st.sampled_from(near)
        yield "values", strangers.filter(lambda text: text not in known)
