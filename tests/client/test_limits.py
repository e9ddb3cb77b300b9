"""Every limit of every model, end to end: kept it is accepted, one step past it is refused.

The cases are derived from the spec, so that a limit that is added there is tested here; a table by
hand pins the spec to what the documentation's pages say.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias, TypeVar

import httpx
import pytest

from codegen.emit.catalogue import argument_names
from codegen.naming import snake_case
from codegen.spec.load import load
from codegen.spec.model import Model
from codegen.spec.schema import Schema
from fluxframe import BadRequestError, Fluxframe, FluxframeError, InvalidRequestError
from fluxframe.emulator import Emulator

from .. import good_requests
from ..strategies import discriminator, parameters, path_of, place, without
from .calls import submit

Json: TypeAlias = dict[str, Any]
N = TypeVar("N", int, float)

SPEC = load()
GENERATE = "/v2/images/generate"
# A number's step, where it is not an integer.
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Case:
    """A value of one parameter, and what is said of it if it is refused."""

    model: Model
    name: str
    value: object
    shown: str  # What the value is in the messages: itself, or a count.
    received: tuple[str, ...] = ()  # What both messages tell beside the parameter.
    item: int | None = None  # Which item of a list is the wrong one.
    parent: str = ""  # The job that the request goes on from, if it does.

    def __str__(self) -> str:
        return f"{self.model.id} {self.name} {self.shown}"

    @property
    def path(self) -> str:
        """Where the emulator's answer has the value."""
        path = path_of(self.model.id, self.name)
        return path if self.item is None else f"{path}.{self.item}"

    def values(self) -> Json:
        """The value, with what is required and what it takes to make sense beside it."""
        parents = {
            name: self.parent
            for name, schema in self.model.parameters.items()
            if schema.role == "parent" and self.parent
        }
        value = self.value
        if self.name in parents and value == ordinary(self.model.parameters[self.name]):
            value = self.parent  # Whatever is of its form is of no job.
        return {
            **required(self.model),
            **parents,
            **companions(self.model, self.name, value),
            self.name: value,
        }

    def request(self) -> Json:
        return place(self.model.id, self.values())

    def arguments(self) -> Json:
        """The same as the arguments of the client's method."""
        values = {snake_case(name): value for name, value in self.values().items()}
        member = snake_case(discriminator(self.model.id))
        return {member: SPEC.discriminator_value(self.model), **values}

    @property
    def operation(self) -> str:
        return SPEC.operation_of(self.model)


def required(model: Model) -> Json:
    return {
        name: ordinary(schema) for name, schema in parameters(model.id).items() if schema.required
    }


def companions(model: Model, name: str, value: object) -> Json:
    """What a value needs beside it, so that it is not ignored."""
    parameter = model.parameters.get(name)
    found: Json = {
        other: wanted[0] if isinstance(wanted, list) else wanted
        for other, wanted in (parameter.used_when if parameter else {}).items()
    }
    for other, wanted in [*required(model).items(), *found.items(), (name, value)]:
        known = model.parameters.get(other)
        if wanted != {**found, name: value}.get(other, wanted):
            continue  # It was required, and is another one now.
        for requirement in known.requires if known is not None else []:
            if requirement.when in (None, wanted):
                needed = requirement.parameter
                found.setdefault(needed, ordinary(model.parameters[needed]))
    return found


def ordinary(schema: Schema) -> object:
    """A value that is allowed."""
    if schema.values and schema.format is None and schema.quantity is None:
        return schema.values[0]
    match schema.type:
        case "integer" | "number":
            return 7 if schema.minimum is None else schema.minimum
        case "boolean":
            return True
        case "array":
            assert schema.items is not None
            return [ordinary(schema.items)]
        case "object":
            members = (schema.properties or {}).items()
            return {name: ordinary(member) for name, member in members if member.required}
    if schema.quantity is not None:
        return f"1 {schema.quantity.unit}"
    if schema.format is not None:
        return SPEC.formats[schema.format].example
    return schema.values[0] if schema.values else "x"


def strangers(model: Model, chance: Random) -> Iterator[Case]:
    """Three parameters of other models, with values that those would take, and one of none."""
    others = {
        name: parameter
        for other in SPEC.models.values()
        for name, parameter in other.parameters.items()
        if name not in parameters(model.id)
    }
    for name in chance.sample(sorted(others), min(3, len(others))):
        yield Case(model, name, ordinary(others[name]), "of another model")
    yield Case(model, "no_such_parameter", 1, "unknown")


def step(schema: Schema, limit: float, sign: int) -> float:
    """The number next to a limit, on its far side."""
    if schema.type == "integer":
        return limit + sign
    return float(Decimal(str(limit)) + sign * HUNDREDTH)


def tells(text: str, part: str) -> bool:
    """Whether a part stands in a text by itself, and not as a piece of a word or a number."""
    return re.search(rf"(?<![\w.-]){re.escape(part)}(?!\w|[.-]\w)", text) is not None


def given(*limits: N | None) -> list[N]:
    """The limits that there are, each once."""
    return list(dict.fromkeys(limit for limit in limits if limit is not None))


def kept(model: Model) -> Iterator[Case]:
    """Values that are allowed: the limits themselves, and every value that is listed."""
    for name, schema in parameters(model.id).items():

        def case(value: object, shown: str = "", *, name: str = name) -> Case:
            return Case(model, name, value, shown or str(value))

        yield case(ordinary(schema))
        for number in given(schema.minimum, schema.maximum):
            yield case(number)
        for length in given(schema.min_length, schema.max_length):
            yield case("é" * length, f"of {length} characters")
        for count in given(schema.min_items, schema.max_items):
            assert schema.items is not None
            yield case([ordinary(schema.items)] * count, f"of {count} items")
        for value in schema.values or []:
            yield case(value)
        if schema.items is not None:
            for value in schema.items.values or []:
                yield case([value], f"[{value}]")
        if schema.quantity is not None:
            unit, most = schema.quantity.unit, schema.quantity.maximum
            for text in (f"{most} {unit}", f"{most}{unit}", f"{most}.0 {unit}", f"0.5{unit}"):
                yield case(text)
        if schema.type == "boolean":
            yield case(False)
        if schema.nullable:
            yield case(None)


WRONG_TYPES: Mapping[str, object] = {
    "string": 12321,
    "integer": "12321",
    "number": "12321",
    "boolean": "12321",
    "array": "12321",
    "object": "12321",
}


def broken(model: Model) -> Iterator[Case]:
    """Values one step past a limit."""
    for name, schema in parameters(model.id).items():

        def case(
            value: object,
            shown: str = "",
            *told: object,
            item: int | None = None,
            name: str = name,
        ) -> Case:
            return Case(model, name, value, shown or str(value), tuple(map(str, told)), item)

        for limit, sign in ((schema.minimum, -1), (schema.maximum, 1)):
            if limit is not None:
                value = step(schema, limit, sign)
                yield case(value, "", value, limit)
        for limit, sign in ((schema.min_length, -1), (schema.max_length, 1)):
            if limit is not None:
                length = limit + sign
                yield case("é" * length, f"of {length} characters", length, limit)
        for limit, sign in ((schema.min_items, -1), (schema.max_items, 1)):
            if limit is not None:
                assert schema.items is not None
                count = limit + sign
                yield case([ordinary(schema.items)] * count, f"of {count} items", count, limit)
        if schema.quantity is not None:
            unit, most = schema.quantity.unit, schema.quantity.maximum
            for text in (f"{most}.01 {unit}", f"{most}.01{unit}", f"{most + 1} {unit}"):
                yield case(text, "", text, f"{most} {unit}")
            for text in (str(most), f"{most} {unit.lower()}", f"-1 {unit}", f"1  {unit}", unit):
                yield case(text, "", text, unit)
        if schema.values and schema.type in ("integer", "number"):
            stranger = max(value for value in schema.values if not isinstance(value, str)) + 1
            yield case(stranger, "", stranger, *schema.values)
        elif schema.values and schema.quantity is None:
            wrong = f"{schema.values[0]}x"
            yield case(wrong, "", wrong, *schema.values)
        elif schema.format is not None:
            yield case("no-such", "", "no-such")
        if schema.items is not None:
            wrong, right = "no-such", ordinary(schema.items)
            told = schema.items.values or []
            yield case([right, wrong], f"[…, {wrong}]", wrong, *told, item=1)
        assert schema.type is not None
        wrong_type = WRONG_TYPES[schema.type]
        yield case(wrong_type, f"{wrong_type!r}", wrong_type)
        if not schema.nullable:
            yield case(None)


each_model = pytest.mark.parametrize("model", SPEC.models.values(), ids=lambda model: model.id)


def of_a_parent(client: Fluxframe, model: Model, cases: Iterable[Case]) -> list[Case]:
    """The cases, with a job of the client's that a request for the model can go on from."""
    if not any(parameter.role == "parent" for parameter in model.parameters.values()):
        return list(cases)
    first = next(
        other
        for other in SPEC.models.values()
        if SPEC.result_of(other) == "grid"
        and not any(parameter.role == "parent" for parameter in other.parameters.values())
    )
    job = submit(client, SPEC.operation_of(first), place(first.id, required(first)))
    return [replace(case, parent=job.id) for case in cases]


def each_of(cases: Iterable[Case], holds: Callable[[Case], None]) -> None:
    """Tell of all cases at once in which something does not hold."""
    failures: list[str] = []
    for case in cases:
        try:
            holds(case)
        except (AssertionError, pytest.fail.Exception, FluxframeError) as error:
            failures.append(f"{case}: {type(error).__name__}: {error}")
    assert not failures, "\n".join(failures)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(job_seconds=0, credits=10**9) as running:
        yield running


@pytest.fixture(scope="module")
def http(emulator: Emulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=emulator.url, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def key() -> dict[str, str]:
    """The header of an account of the test's own."""
    return {"X-API-Key": f"afk_{uuid.uuid4().hex}"}


@pytest.fixture
def sent(http: httpx.Client) -> Iterator[list[httpx.Request]]:
    """What goes over the wire to the emulator."""
    requests: list[httpx.Request] = []
    http.event_hooks = {"request": [requests.append]}
    yield requests
    http.event_hooks = {}


@pytest.fixture
def client(emulator: Emulator, http: httpx.Client, key: dict[str, str]) -> Fluxframe:
    """The client under test; what it sends with is closed with the module."""
    return Fluxframe(api_key=key["X-API-Key"], base_url=emulator.url, http_client=http)


LIMITS = ("minimum", "maximum", "min_length", "max_length", "min_items", "max_items")


@each_model
def test_every_limit_has_a_case(model: Model) -> None:
    limits = [
        limit
        for schema in parameters(model.id).values()
        for limit in LIMITS
        if getattr(schema, limit) is not None
    ]
    assert len([case for case in broken(model) if len(case.received) == 2]) >= len(limits)


@each_model
def test_what_keeps_the_limits_is_sent_as_it_is_and_accepted(
    client: Fluxframe, sent: list[httpx.Request], model: Model
) -> None:
    def is_accepted(case: Case) -> None:
        sent.clear()
        job = submit(client, case.operation, **case.arguments())
        assert job.model == model.id
        assert [json.loads(request.content) for request in sent] == [case.request()]
        if len(sent[0].content) < 1 << 20:  # A client reads no answer of any length.
            assert job.refresh().input == case.request()

    cases = {str(case): case for case in kept(model)}
    each_of(of_a_parent(client, model, cases.values()), is_accepted)


@each_model
def test_what_breaks_a_limit_is_refused_by_client_and_server(
    client: Fluxframe, sent: list[httpx.Request], chance: Random, model: Model
) -> None:
    def is_refused(case: Case) -> None:
        sent.clear()
        with pytest.raises(InvalidRequestError) as caught:
            submit(client, case.operation, **case.arguments())
        assert sent == []
        message = str(caught.value)
        name = argument_names(SPEC, model).get(case.name, snake_case(case.name))
        for part in (name, model.id, *case.received):
            assert tells(message, part), message
        assert {problem.parameter for problem in caught.value.problems} == {name}

        with pytest.raises(BadRequestError) as answered:
            submit(client, case.operation, case.request(), validation="off")
        assert answered.value.status == 400
        assert isinstance(answered.value.body, Mapping)
        details = answered.value.body["details"]
        assert list(details) == [case.path]
        text = " ".join(details[case.path])
        for part in case.received or (case.name if case.value is not None else "null",):
            assert tells(text, part), text
        whole = re.sub(r"\.[0-9]+$", "", case.path)  # What is wrong may be an item.
        assert list(answered.value.details) == [snake_case(whole.rpartition(".")[2])]

    each_of([*broken(model), *strangers(model, chance)], is_refused)
    assert list(client.jobs.list()) == []


@each_model
def test_what_is_required_can_not_be_left_out(
    client: Fluxframe, sent: list[httpx.Request], model: Model
) -> None:
    whole = good_requests.draw(model.id, Random(model.id))

    def is_missed(case: Case) -> None:
        sent.clear()
        request = without(model.id, whole, case.name)
        with pytest.raises(InvalidRequestError, match=f"^{snake_case(case.name)}: missing"):
            submit(client, case.operation, request)
        assert sent == []
        with pytest.raises(BadRequestError) as answered:
            submit(client, case.operation, request, validation="off")
        assert isinstance(answered.value.body, Mapping)
        assert list(answered.value.body["details"]) == [path_of(model.id, case.name)]

    missing = [
        Case(model, name, None, "missing") for name in (discriminator(model.id), *required(model))
    ]
    each_of(missing, is_missed)


@pytest.mark.parametrize("model", ["flux-2-ultra", "", "FLUX-2-PRO", "flux-2-pro "])
def test_a_model_that_there_is_not_is_refused_with_those_there_are(
    http: httpx.Client,
    client: Fluxframe,
    key: dict[str, str],
    sent: list[httpx.Request],
    model: str,
) -> None:
    request = {"model": model, "prompt": "x"}
    with pytest.raises(InvalidRequestError, match=r"^model: .* is not known"):
        client.images.generate(request)
    assert sent == []
    answer = http.post(GENERATE, json=request, headers=key)
    assert answer.status_code == 400
    (text,) = answer.json()["details"]["model"]
    for id in SPEC.models_of("images.generate"):
        assert id in text


def test_all_broken_limits_are_told_at_once(
    http: httpx.Client, client: Fluxframe, key: dict[str, str]
) -> None:
    model = SPEC.models["flux-2-flex"]
    wrong: Json = {}
    for name, parameter in model.parameters.items():
        if parameter.maximum is not None:
            wrong[name] = step(parameter, parameter.maximum, 1)
    request: Json = {"model": model.id, "prompt": "", str(SPEC.container(model)): wrong}
    details = http.post(GENERATE, json=request, headers=key).json()["details"]
    with pytest.raises(InvalidRequestError) as caught:
        client.images.generate(request)
    assert len(wrong) > 2
    assert set(details) == {"prompt", *(f"{SPEC.container(model)}.{name}" for name in wrong)}
    assert {problem.path for problem in caught.value.problems} == set(details)


# What the documentation's pages say, by hand: the spec must not drift from it.

ALL = ("flux-1.1-pro", "flux-2-dev", "flux-2-flex", "flux-2-max", "flux-2-pro")
FLUX_2 = ALL[1:]
SIZED = ("flux-2-flex", "flux-2-max", "flux-2-pro")


def test_the_models_are_there_that_are_documented() -> None:
    assert set(ALL) <= set(SPEC.models)


@pytest.mark.parametrize(
    ("models", "name", "low", "high"),
    [
        (FLUX_2, "width", 256, 2048),
        (FLUX_2, "height", 256, 2048),
        (("flux-1.1-pro",), "width", 256, 1440),
        (("flux-1.1-pro",), "height", 256, 1440),
        (("flux-2-flex",), "steps", 1, 50),
        (("flux-2-flex",), "guidance", 1.5, 10),
        (ALL, "output_quality", 0, 100),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
def test_a_documented_range(models: tuple[str, ...], name: str, low: float, high: float) -> None:
    for model in models:
        parameter = SPEC.models[model].parameters[name]
        assert (parameter.minimum, parameter.maximum) == (low, high)


@pytest.mark.parametrize(
    ("model", "count"),
    [("flux-2-pro", 8), ("flux-2-dev", 5), ("flux-2-flex", 10), ("flux-2-max", 8)],
)
def test_the_documented_count_of_input_images(model: str, count: int) -> None:
    assert SPEC.models[model].parameters["input_images"].max_items == count


@pytest.mark.parametrize(
    ("name", "models"),
    [
        ("aspect_ratio", ALL),
        ("width", ALL),
        ("height", ALL),
        ("output_format", ALL),
        ("output_quality", ALL),
        ("seed", ALL),
        ("input_images", FLUX_2),
        ("resolution", SIZED),
        ("steps", ("flux-2-flex",)),
        ("guidance", ("flux-2-flex",)),
        ("go_fast", ("flux-2-dev",)),
        ("image_prompt", ("flux-1.1-pro",)),
        ("prompt_upsampling", ("flux-1.1-pro", "flux-2-flex", "flux-2-pro")),
    ],
)
def test_which_models_take_a_parameter(name: str, models: tuple[str, ...]) -> None:
    assert [model for model in ALL if name in SPEC.models[model].parameters] == sorted(models)


def test_the_documented_values() -> None:
    for model in map(SPEC.models.__getitem__, ALL):
        assert model.parameters["output_format"].values == ["jpg", "png", "webp"]
        matching = ["match_input_image"] if model.id in FLUX_2 else []
        assert model.parameters["aspect_ratio"].values == [*matching, "custom"]
        assert model.parameters["aspect_ratio"].format == "ratio"


def test_the_documented_length_of_a_prompt() -> None:
    prompt = SPEC.fields(SPEC.models[ALL[0]])["prompt"]
    assert (prompt.min_length, prompt.max_length) == (1, 2000)


@pytest.mark.parametrize("model", SIZED)
@pytest.mark.parametrize(
    ("resolution", "accepted"),
    [
        ("4 MP", True),
        ("4MP", True),
        ("1 MP", True),
        ("0.5MP", True),
        ("4.01 MP", False),
        ("4.01MP", False),
        ("5 MP", False),
        ("16MP", False),
    ],
)
def test_the_documented_resolution(
    http: httpx.Client,
    client: Fluxframe,
    key: dict[str, str],
    model: str,
    resolution: str,
    accepted: bool,
) -> None:
    request = {"model": model, "prompt": "x", "fluxParams": {"resolution": resolution}}
    answer = http.post(GENERATE, json=request, headers=key)
    assert answer.status_code == (202 if accepted else 400)
    if accepted:
        assert client.images.generate(request).model == model
    else:
        with pytest.raises(InvalidRequestError, match="maximum of 4 MP"):
            client.images.generate(request)


@pytest.mark.parametrize("model", ALL)
@pytest.mark.parametrize(
    ("length", "accepted"), [(0, False), (1, True), (2000, True), (2001, False)]
)
def test_the_length_of_a_prompt_is_counted_in_characters(
    http: httpx.Client,
    client: Fluxframe,
    key: dict[str, str],
    model: str,
    length: int,
    accepted: bool,
) -> None:
    request = {"model": model, "prompt": "\N{FOX FACE}" * length}
    answer = http.post(GENERATE, json=request, headers=key)
    assert answer.status_code == (202 if accepted else 400)
    if accepted:
        assert client.images.generate(request).model == model
    else:
        with pytest.raises(InvalidRequestError, match=f"^prompt: {length} character"):
            client.images.generate(request)


# Limits of other operations.


@pytest.mark.parametrize("past", [-1, 1], ids=["below", "above"])
def test_the_client_refuses_a_query_past_its_limits(
    client: Fluxframe, sent: list[httpx.Request], past: int
) -> None:
    schema = SPEC.operations["jobs.list"].query["limit"]
    limit = schema.minimum if past < 0 else schema.maximum
    assert isinstance(limit, int)
    client.jobs.list(limit=limit)
    assert len(sent) == 1
    with pytest.raises(InvalidRequestError, match=rf"^limit: {limit + past} .* {limit}\b"):
        client.jobs.list(limit=limit + past)
    assert len(sent) == 1


def test_the_client_refuses_an_idempotency_key_past_its_limit(
    client: Fluxframe, sent: list[httpx.Request]
) -> None:
    longest = SPEC.api.idempotency.max_length
    request = {"model": "flux-2-pro", "prompt": "x"}
    client.images.generate(request, idempotency_key="k" * longest)
    assert [r.headers["Idempotency-Key"] for r in sent] == ["k" * longest]
    with pytest.raises(InvalidRequestError, match=rf"{longest + 1} .* {longest}\b"):
        client.images.generate(request, idempotency_key="k" * (longest + 1))
    assert len(sent) == 1
