"""What goes over the wire for each operation, sync and async."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
import respx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codegen.naming import class_name, snake_case
from codegen.spec.load import load
from codegen.spec.schema import Schema
from fluxframe import (
    AsyncFluxframe,
    Fluxframe,
    InvalidRequestError,
    RequestWarning,
    UnexpectedResponseError,
    types,
)
from fluxframe._requests import OPTIONS

from .. import strategies
from . import calls
from .calls import ID, KEY, Kind, Use, both, call, submit, value_of

SPEC = load()
BASE = SPEC.api.base_url
MODEL: Final = "flux-2-flex"
REQUEST: dict[str, Any] = {"prompt": "a fox", "model": MODEL}

few = settings(max_examples=25, deadline=None)

JOB: dict[str, Any] = {
    "id": ID,
    "status": "COMPLETED",
    "model": MODEL,
    "progress": 100,
    "result": {"images": ["https://files.example/fox.jpg"]},
    "error": None,
    "creditCost": 4,
    "webhookStatus": None,
    "createdAt": "2026-07-16T09:30:00.000Z",
    "completedAt": "2026-07-16T09:30:20.000Z",
    "input": REQUEST,
}
ME: dict[str, Any] = {
    "user": {"id": "u1", "email": "fox@example.com", "role": "owner"},
    "team": {"id": "t1", "name": "Foxes", "credits": 12.5, "plan": None, "customerId": None},
    "apiKey": {"id": "k1", "name": "tests", "prefix": "afk_0123"},
}
CATALOG: dict[str, Any] = {
    "models": [
        {"id": MODEL, "label": "Flux 2 Flex", "modality": "image"},
        {"id": "flux-9", "label": "Flux 9", "modality": "image", "pricingMode": "flat"},
    ]
}
UPLOAD: dict[str, Any] = {
    "id": "up1",
    "url": "https://files.example/up1.png?sig=a%2Fb",
    "kind": "image",
    "contentType": "image/png",
    "byteSize": 4,
    "expiresAt": "2026-07-16T11:30:00.000Z",
}


# The least that each operation is called with, and what it is answered.
def first_of(operation: str) -> Use:
    """The call of an operation that takes requests with the first documented one."""
    request = next(
        example.request
        for model, _, example in SPEC.examples()
        if SPEC.operation_of(model) == operation
    )
    return lambda client: submit(client, operation, request)


ACCEPTED = {"jobId": ID, "status": "QUEUED"}
CALLS: dict[str, tuple[Use, dict[str, Any]]] = {
    **{operation: (first_of(operation), ACCEPTED) for operation in SPEC.submissions()},
    "images.generate": (lambda client: client.images.generate(**REQUEST), ACCEPTED),
    "jobs.get": (lambda client: client.jobs.get(ID), JOB),
    "jobs.list": (
        lambda client: client.jobs.list(),
        {"jobs": [JOB], "nextCursor": None, "hasMore": False},
    ),
    "me": (lambda client: client.me(), ME),
    "models": (lambda client: client.models(), CATALOG),
    "uploads.create": (lambda client: client.uploads.create(b"\x89PNG"), UPLOAD),
}
each_operation = pytest.mark.parametrize("name", CALLS)
EXAMPLES = [
    pytest.param(model.id, shown.request, id=f"{model.id}-{name}")
    for model, name, shown in SPEC.examples()
]


@contextmanager
def answering(name: str) -> Iterator[respx.Route]:
    """A server that gives any request the answer to the operation `name`."""
    status = SPEC.operations[name].success.status
    with respx.mock(assert_all_called=False) as router:
        yield router.route().respond(status, json=CALLS[name][1])


def sent(kind: Kind, name: str, use: Use | None = None, **options: Any) -> httpx.Request:
    """The one request that a call sends; by default the least call of the operation."""
    with answering(name) as route:
        call(kind, use or CALLS[name][0], **options)
        assert route.call_count == 1
        request = route.calls.last.request
    assert isinstance(request, httpx.Request)
    return request


def refused(kind: Kind, name: str, use: Use, **options: Any) -> InvalidRequestError:
    """The error of a call that must send nothing."""
    with answering(name) as route:
        with pytest.raises(InvalidRequestError) as caught:
            call(kind, use, **options)
        assert not route.called
    return caught.value


def submitted(kind: Kind, request: object, model: str = MODEL, **options: Any) -> httpx.Request:
    operation = SPEC.operation_of(SPEC.models[model])
    return sent(kind, operation, lambda client: submit(client, operation, request, **options))


def generated(kind: Kind, **arguments: Any) -> httpx.Request:
    options = {name: arguments.pop(name) for name in OPTIONS & arguments.keys()}
    request = {"model": MODEL, "prompt": "a fox", **arguments}
    return sent(
        kind,
        "images.generate",
        lambda client: (
            client.images.generate(request, **options)
            if options
            else client.images.generate(**request)
        ),
    )


def wire(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def as_arguments(model: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of generate() that stand for a request."""
    container = SPEC.container(SPEC.models[model])
    outer = {snake_case(name): value for name, value in request.items() if name != container}
    inner = request.get(container, {}) if container else {}
    return {**outer, **{snake_case(name): value for name, value in inner.items()}}


# Every operation


def test_these_are_the_operations_of_the_spec() -> None:
    assert set(CALLS) == set(SPEC.operations)


@both
@each_operation
def test_an_operation_goes_to_its_path_by_its_method(kind: Kind, name: str) -> None:
    request = sent(kind, name)
    operation = SPEC.operations[name]
    assert request.method == operation.method
    assert str(request.url) == BASE + operation.path.replace("{id}", ID)


@both
@each_operation
def test_an_operation_says_who_it_is_from_and_what_it_expects(kind: Kind, name: str) -> None:
    headers = sent(kind, name).headers
    keys = [KEY] if SPEC.operations[name].authenticated else []
    assert headers.get_list(SPEC.api.authentication.header) == keys
    assert headers["User-Agent"].startswith("fluxframe/")
    assert headers["Accept"] == "application/json"
    assert "Authorization" not in headers


@both
@pytest.mark.parametrize("name", [n for n, o in SPEC.operations.items() if o.method == "GET"])
def test_a_get_has_no_body_and_no_header_of_one(kind: Kind, name: str) -> None:
    request = sent(kind, name)
    assert request.content == b""
    assert not {"content-type", "content-length", "idempotency-key"} & set(request.headers)


@both
@each_operation
def test_only_requests_for_images_have_an_idempotency_key(kind: Kind, name: str) -> None:
    present = SPEC.api.idempotency.header in sent(kind, name).headers
    assert present == SPEC.operations[name].idempotent_by_key


@both
def test_the_catalogue_of_models_is_had_without_a_key(kind: Kind) -> None:
    request = sent(kind, "models", api_key=None)
    assert SPEC.api.authentication.header not in request.headers


@both
def test_key_and_base_url_come_from_the_environment(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APIFRAME_API_KEY", "afk_environment")
    monkeypatch.setenv("APIFRAME_BASE_URL", "http://api.example")
    request = sent(kind, "me", api_key=None)
    assert request.headers["X-API-Key"] == "afk_environment"
    assert str(request.url) == "http://api.example/v2/me"


@both
def test_arguments_count_for_more_than_the_environment(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APIFRAME_API_KEY", "afk_environment")
    monkeypatch.setenv("APIFRAME_BASE_URL", "http://api.example")
    request = sent(kind, "me", base_url="http://other.example")
    assert request.headers["X-API-Key"] == KEY
    assert request.url.host == "other.example"


@both
@pytest.mark.parametrize("end", ["", "/", "//"])
def test_a_path_of_the_base_url_is_kept(kind: Kind, end: str) -> None:
    request = sent(kind, "jobs.get", base_url=f"http://proxy.example:8080/apiframe{end}")
    assert str(request.url) == f"http://proxy.example:8080/apiframe/v2/jobs/{ID}"


def limits(timeout: Mapping[str, Any]) -> list[float]:
    """Seconds of each step that has a limit.

    An async attempt is limited as a whole, and a step of it only where a file makes it longer.
    """
    return [seconds for seconds in timeout.values() if seconds]


@both
@each_operation
def test_the_timeout_is_the_clients(kind: Kind, name: str) -> None:
    timeout = sent(kind, name, timeout=7.5).extensions["timeout"]
    if kind is Fluxframe:
        assert limits(timeout) == [7.5] * 4
    else:
        assert limits(timeout) == [7.5] * (4 if name == "uploads.create" else 2)


@both
@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("images.generate", lambda client: client.images.generate({**REQUEST}, timeout=3)),
        ("images.generate", lambda client: client.images.generate(REQUEST, timeout=3)),
        ("jobs.get", lambda client: client.jobs.get(ID, timeout=3)),
        ("jobs.list", lambda client: client.jobs.list(timeout=3)),
        ("me", lambda client: client.me(timeout=3)),
        ("models", lambda client: client.models(timeout=3)),
        ("uploads.create", lambda client: client.uploads.create(b"\x89PNG", timeout=3)),
    ],
)
def test_a_calls_own_timeout_counts_for_more(kind: Kind, name: str, use: Use) -> None:
    timeout = sent(kind, name, use).extensions["timeout"]
    assert set(limits(timeout)) == {3}


def test_an_httpx_client_of_the_callers_is_used_and_left_open() -> None:
    with httpx.Client(headers={"X-Team": "foxes"}) as own:
        request = sent(Fluxframe, "me", http_client=own)
        assert not own.is_closed
    assert request.headers["X-Team"] == "foxes"
    assert request.headers["X-API-Key"] == KEY


def test_an_async_httpx_client_of_the_callers_is_used_and_left_open() -> None:
    async def run() -> httpx.Request:
        with answering("me") as route:
            async with httpx.AsyncClient(headers={"X-Team": "foxes"}) as own:
                async with AsyncFluxframe(api_key=KEY, http_client=own) as client:
                    await client.me()
                assert not own.is_closed
            request = route.calls.last.request
        assert isinstance(request, httpx.Request)
        return request

    request = asyncio.run(run())
    assert request.headers["X-Team"] == "foxes"
    assert request.headers["X-API-Key"] == KEY


# images.generate: the body


@both
@pytest.mark.parametrize(("model", "request_"), EXAMPLES)
def test_a_documented_example_is_submitted_as_it_stands(
    kind: Kind, model: str, request_: dict[str, Any]
) -> None:
    request = submitted(kind, request_, model)
    assert request.content == wire(request_)
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Content-Length"] == str(len(request.content))


@both
@pytest.mark.parametrize(("model", "request_"), EXAMPLES)
def test_a_documented_example_as_arguments_is_the_same_request(
    kind: Kind, model: str, request_: dict[str, Any]
) -> None:
    arguments = as_arguments(model, request_)
    request = asked(kind, model, arguments)
    assert json.loads(request.content) == request_


@both
@pytest.mark.parametrize(("model", "request_"), EXAMPLES)
def test_a_documented_example_as_a_typed_request_is_the_same_request(
    kind: Kind, model: str, request_: dict[str, Any]
) -> None:
    typed = getattr(types, class_name(model)).model_validate(request_)
    assert json.loads(submitted(kind, typed, model).content) == request_


def least(model: str) -> dict[str, Any]:
    """What a request for a model must have, but for the model."""
    known = strategies.parameters(model)
    values = {name: sample(schema) for name, schema in known.items() if schema.required}
    every = {name: sample(schema) for name, schema in known.items()}
    return strategies.in_keeping(model, {**every, **values}, set(known) - set(values))


@both
def test_a_typed_request_need_not_repeat_its_model(kind: Kind) -> None:
    for model in SPEC.models:
        typed = getattr(types, class_name(model))(**as_python(least(model)))
        request = submitted(kind, typed, model)
        assert json.loads(request.content) == strategies.place(model, least(model))


@both
def test_no_default_is_sent(kind: Kind) -> None:
    for model in SPEC.models:
        request = strategies.place(model, least(model))
        arguments = as_arguments(model, request)
        assert json.loads(asked(kind, model, arguments).content) == request
        assert submitted(kind, request, model).content == wire(request)


@pytest.mark.filterwarnings("ignore::fluxframe.RequestWarning")  # Some are of no use alone.
@both
def test_a_parameter_goes_into_the_container_of_its_model(kind: Kind) -> None:
    # Both kinds of client make requests alike; one model of each family shows it.
    some = {model.family: id for id, model in SPEC.models.items()}.values()
    for id in some if kind is AsyncFluxframe else SPEC.models:
        for name, parameter in SPEC.models[id].parameters.items():
            body = strategies.kept_to(id, strategies.place(id, least(id)), name, sample(parameter))
            request = asked(kind, id, as_arguments(id, body))
            assert json.loads(request.content) == body, (id, name)


def asked(kind: Kind, model: str, arguments: Mapping[str, Any]) -> httpx.Request:
    """The request that the arguments of a model's method send."""
    operation = SPEC.operation_of(SPEC.models[model])
    return sent(kind, operation, lambda client: submit(client, operation, **arguments))


def as_python(values: Mapping[str, Any]) -> dict[str, Any]:
    return {snake_case(name): value for name, value in values.items()}


def sample(schema: Schema) -> Any:
    """A value that a parameter takes, whatever else is given."""
    if schema.quantity:
        return f"{schema.quantity.maximum} {schema.quantity.unit}"
    if schema.format:
        return SPEC.formats[schema.format].example
    if schema.values:
        return schema.values[-1]
    if schema.items:
        return [sample(schema.items)]
    if schema.properties:
        return {name: sample(member) for name, member in schema.properties.items()}
    return (
        {"boolean": False, "integer": 256, "number": 4.25, "string": "x"}[schema.type or "string"]
        if schema.maximum is None
        else schema.maximum
    )


def test_webhook_arguments_go_by_their_names_in_the_api() -> None:
    url, events = "https://hooks.example/x?token=a%2Fb", ["completed", "failed"]
    request = generated(Fluxframe, webhook_url=url, webhook_events=events)
    assert json.loads(request.content) == {
        **REQUEST,
        "webhookUrl": url,
        "webhookEvents": events,
    }


@few
@given(prompt=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=2000))
@example(prompt='"ein Fuchs" \\ \u2028 naïve 狐 🦊\n\t\x00')
def test_any_prompt_arrives_as_it_was_written(prompt: str) -> None:
    content = submitted(Fluxframe, {**REQUEST, "prompt": prompt}).content
    assert json.loads(content)["prompt"] == prompt


@both
def test_text_that_is_not_ascii_goes_as_utf_8(kind: Kind) -> None:
    assert "狐 🦊".encode() in submitted(kind, {**REQUEST, "prompt": "狐 🦊"}).content


URLS = st.text(
    st.sampled_from("abcXYZ019-._~:/?#[]@!$&'()*+,;=%ü狐"), min_size=1, max_size=200
).map(lambda rest: f"https://files.example/{rest}")


@few
@given(url=URLS)
@example(url="https://s3.example/a%2Fb.png?X-Sig=q%2B+/=&&x=%e2%82%ac&#frag")
def test_a_signed_url_is_left_as_it_is(url: str) -> None:
    request = {**REQUEST, "fluxParams": {"input_images": [url]}}
    assert submitted(Fluxframe, request).content == wire(request)
    typed = types.Flux2Flex.model_validate(request)
    assert json.loads(submitted(Fluxframe, typed).content) == request


def ordered(content: bytes) -> Any:
    """The JSON with objects as lists of pairs, and floats told from integers."""
    return json.loads(content, object_pairs_hook=list, parse_float=lambda text: (float, text))


@few
@given(names=st.permutations(["aspect_ratio", "steps", "seed", "guidance", "output_format"]))
def test_members_keep_their_order(names: list[str]) -> None:
    values = {
        "aspect_ratio": "16:9",
        "steps": 8,
        "seed": 1,
        "guidance": 2.0,
        "output_format": "png",
    }
    request = {"fluxParams": {name: values[name] for name in names}, "model": MODEL, "prompt": "a"}
    members = dict(ordered(submitted(Fluxframe, request).content))
    assert list(members) == ["fluxParams", "model", "prompt"]
    assert [name for name, _ in members["fluxParams"]] == names


@few
@given(seed=st.integers(), guidance=st.integers(2, 10) | st.floats(1.5, 10))
@example(seed=2**63, guidance=4)
@example(seed=-(10**30), guidance=4.0)
def test_numbers_keep_their_type_and_value(seed: int, guidance: float) -> None:
    content = generated(Fluxframe, seed=seed, guidance=guidance).content
    inner = json.loads(content)["fluxParams"]
    assert inner == {"seed": seed, "guidance": guidance}
    assert [type(value) for value in inner.values()] == [int, type(guidance)]


def test_an_integer_in_a_typed_request_stays_one() -> None:
    typed = types.Flux2Flex(prompt="a fox", guidance=4)
    guidance = json.loads(submitted(Fluxframe, typed).content)["fluxParams"]["guidance"]
    assert repr(guidance) == "4"


@both
def test_a_mapping_that_is_not_a_dict_is_sent_too(kind: Kind) -> None:
    request = {**REQUEST, "fluxParams": {"seed": 1}}
    frozen = MappingProxyType({**REQUEST, "fluxParams": MappingProxyType({"seed": 1})})
    assert submitted(kind, frozen).content == wire(request)


@both
def test_a_tuple_is_sent_as_a_list(kind: Kind) -> None:
    url = "https://files.example/a.png"
    content = generated(kind, input_images=(url,)).content
    assert json.loads(content)["fluxParams"] == {"input_images": [url]}


@both
def test_the_callers_request_is_not_changed(kind: Kind) -> None:
    request = {**REQUEST, "fluxParams": {"seed": 1}}
    before = copy.deepcopy(request)
    submitted(kind, request, extra_params={"new": True})
    assert request == before


# images.generate: extra parameters


@both
def test_extra_parameters_are_sent_beside_the_others_unchecked(kind: Kind) -> None:
    extra = {"safety": {"level": [1, None]}, "steps": "many"}
    content = generated(kind, seed=1, extra_params=extra).content
    assert json.loads(content) == {**REQUEST, "fluxParams": {"seed": 1, **extra}}


@both
@pytest.mark.parametrize(
    "request_", [REQUEST, types.Flux2Flex.model_validate(REQUEST)], ids=["dict", "typed"]
)
def test_extra_parameters_make_a_container_of_their_own(kind: Kind, request_: object) -> None:
    content = submitted(kind, request_, extra_params={"new": 1}).content
    assert json.loads(content) == {**REQUEST, "fluxParams": {"new": 1}}


@both
@pytest.mark.parametrize("extra", [None, {}])
def test_no_extra_parameters_add_nothing(kind: Kind, extra: dict[str, Any] | None) -> None:
    assert submitted(kind, REQUEST, extra_params=extra).content == wire(REQUEST)


@both
def test_an_extra_parameter_that_is_given_already_is_refused(kind: Kind) -> None:
    error = refused(
        kind,
        "images.generate",
        lambda client: client.images.generate({**REQUEST, "seed": 1}, extra_params={"seed": 2}),
    )
    assert [problem.parameter for problem in error.problems] == ["seed"]


@both
@pytest.mark.parametrize("extra", [[("a", 1)], "a=1", 5, {"a"}], ids=repr)
def test_extra_parameters_that_are_not_mappings_are_refused(kind: Kind, extra: Any) -> None:
    error = refused(
        kind,
        "images.generate",
        lambda client: client.images.generate({**REQUEST}, extra_params=extra),
    )
    assert [problem.parameter for problem in error.problems] == ["extra_params"]


@both
@pytest.mark.parametrize("request_", ["a fox", None, 5, [REQUEST]], ids=repr)
@pytest.mark.parametrize("validation", ["error", "warn", "off"])
def test_what_is_not_a_request_is_never_sent(kind: Kind, request_: Any, validation: Any) -> None:
    refused(
        kind,
        "images.generate",
        lambda client: client.images.generate(request_, validation=validation),
    )


@both
@pytest.mark.parametrize("extra", [None, {"new": 1}])
def test_a_model_that_is_a_very_long_number_is_refused(kind: Kind, extra: Any) -> None:
    request_: dict[str, Any] = {"model": 10**5000, "prompt": "a fox"}
    refused(
        kind,
        "images.generate",
        lambda client: client.images.generate(request_, extra_params=extra),
    )


@both
@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), object(), b"bytes", {1, 2}, "\ud800"],
    ids=["nan", "infinity", "object", "bytes", "set", "surrogate"],
)
def test_what_json_can_not_say_is_refused(kind: Kind, value: object) -> None:
    error = refused(
        kind,
        "images.generate",
        lambda client: client.images.generate(REQUEST, extra_params={"new": value}),
    )
    assert [problem.rule for problem in error.problems] == ["json"]


# images.generate: the idempotency key


@both
def test_each_call_has_an_idempotency_key_of_its_own(kind: Kind) -> None:
    async def twice(client: Any) -> None:
        await value_of(client.images.generate(**REQUEST))
        await value_of(client.images.generate(REQUEST))
        await value_of(client.images.generate(REQUEST))

    with answering("images.generate") as route:
        call(kind, twice)
        keys = [sent.request.headers["Idempotency-Key"] for sent in route.calls]
    assert len(set(keys)) == 3
    assert all(16 <= len(key) <= SPEC.api.idempotency.max_length for key in keys)


@few
@given(key=st.from_regex(r"[!-~]([ -~]{0,253}[!-~])?", fullmatch=True))
@example(key="k" * SPEC.api.idempotency.max_length)
def test_an_idempotency_key_of_the_callers_is_sent_as_it_is(key: str) -> None:
    assert submitted(Fluxframe, REQUEST, idempotency_key=key).headers["Idempotency-Key"] == key


@both
def test_generate_takes_an_idempotency_key(kind: Kind) -> None:
    key = "k" * SPEC.api.idempotency.max_length
    assert generated(kind, idempotency_key=key).headers["Idempotency-Key"] == key


@both
@pytest.mark.parametrize(
    "key",
    [
        "k" * (SPEC.api.idempotency.max_length + 1),
        "",
        " ",
        " k",
        "k ",
        "a\r\nX-Evil: 1",
        "k\n",
        "schlüssel",
        "\x00",
        5,
    ],
)
@pytest.mark.parametrize("validation", ["error", "off"])
def test_an_idempotency_key_that_can_not_be_sent_is_refused(
    kind: Kind, key: object, validation: str
) -> None:
    error = refused(
        kind,
        "images.generate",
        lambda client: client.images.generate(REQUEST, idempotency_key=key, validation=validation),
    )
    assert [problem.parameter for problem in error.problems] == ["idempotency_key"]


# images.generate: what is refused is not sent


@both
@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"prompt": "a fox"},
        {"model": MODEL},
        {"model": "flux-9", "prompt": "a fox"},
        {"model": None, "prompt": "a fox"},
        {**REQUEST, "seed": 1, "fluxParams": {}},
        {**REQUEST, "webhook_url": "https://hooks.example/", "fluxParams": {}},
        {**REQUEST, "fluxParams": None},
        {**REQUEST, "fluxParams": [1]},
        {**REQUEST, "fluxParams": {"go_fast": True}},
        {**REQUEST, "fluxParams": {"seed": None}},
        {**REQUEST, "fluxParams": {"input_images": "https://files.example/a.png"}},
    ],
    ids=repr,
)
def test_a_request_of_the_wrong_shape_is_not_sent(kind: Kind, request_: dict[str, Any]) -> None:
    refused(kind, "images.generate", lambda client: client.images.generate(request_))


@both
@pytest.mark.parametrize("where", ["client", "call"])
def test_a_request_that_breaks_a_limit_is_sent_if_the_caller_wants_it(
    kind: Kind, where: str
) -> None:
    request = {**REQUEST, "fluxParams": {"steps": 51}}
    off = {"validation": "off"}
    sent_request = sent(
        kind,
        "images.generate",
        lambda client: client.images.generate(request, **(off if where == "call" else {})),
        **(off if where == "client" else {}),
    )
    assert sent_request.content == wire(request)


@both
def test_a_request_that_breaks_a_limit_is_sent_with_a_warning_if_the_caller_wants_it(
    kind: Kind,
) -> None:
    with pytest.warns(RequestWarning, match="steps: 51 is above the maximum of 50") as caught:
        request = generated(kind, steps=51, validation="warn")
    assert json.loads(request.content)["fluxParams"] == {"steps": 51}
    caller = __file__ if kind is Fluxframe else calls.__file__  # Where it is awaited.
    assert [Path(warning.filename) for warning in caught] == [Path(caller)]


@both
def test_what_will_be_ignored_is_sent_with_a_warning(kind: Kind) -> None:
    with pytest.warns(RequestWarning, match="width"):
        request = generated(kind, width=512)
    assert json.loads(request.content)["fluxParams"] == {"width": 512}


@both
def test_a_model_that_is_new_takes_any_parameter_unchecked(kind: Kind) -> None:
    request = sent(
        kind,
        "images.generate",
        lambda client: client.images.generate(
            {"model": "flux-9", "prompt": "", "webhook_url": "x", "seed": "one"}, validation="off"
        ),
    )
    assert json.loads(request.content) == {
        "model": "flux-9",
        "prompt": "",
        "webhookUrl": "x",
        "fluxParams": {"seed": "one"},
    }


# images.generate: the answer


@both
@pytest.mark.parametrize(
    "request_",
    [REQUEST, types.Flux2Flex.model_validate(REQUEST)],
    ids=["dict", "typed"],
)
def test_the_job_of_a_request_knows_what_was_asked(kind: Kind, request_: object) -> None:
    with answering("images.generate"):
        job = call(kind, lambda client: client.images.generate(request_))
    assert (job.id, job.status, job.model, job.input) == (ID, "QUEUED", MODEL, REQUEST)
    assert (job.ended, job.images) == (False, [])


@both
@pytest.mark.parametrize("id", ["job_01HZX", "a/b ü"])
def test_a_job_is_asked_for_by_the_id_that_the_server_gave_it(kind: Kind, id: str) -> None:
    """Whatever its form: the request is paid for by then."""

    async def generate_and_refresh(client: Any) -> Any:
        return await value_of((await value_of(client.images.generate(**REQUEST))).refresh())

    with respx.mock as router:
        router.post(path="/v2/images/generate").respond(202, json={"jobId": id, "status": "QUEUED"})
        get = router.get(url=f"{BASE}/v2/jobs/{quote(id, safe='')}").respond(json={**JOB, "id": id})
        job = call(kind, generate_and_refresh)
        assert get.call_count == 1
    assert job.succeeded


# jobs.get


@both
@pytest.mark.parametrize("id", ["", ".", "..", "x", f"{ID}/", f"{ID}\n", f"../{ID}", None, 5])
def test_an_id_of_the_wrong_form_is_not_sent(kind: Kind, id: object) -> None:
    error = refused(kind, "jobs.get", lambda client: client.jobs.get(id))
    assert {problem.parameter for problem in error.problems} == {"id"}


@both
@pytest.mark.parametrize("id", ["", ".", "..", None, "\ud800"])
def test_an_id_that_would_be_another_path_is_never_sent(kind: Kind, id: object) -> None:
    refused(kind, "jobs.get", lambda client: client.jobs.get(id), validation="off")


@few
@given(
    id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda id: id not in (".", "..")
    )
)
@example(id="../me?scope=team#x")
@example(id="%2e%2e/me")
def test_an_id_is_one_segment_of_the_path(id: str) -> None:
    with answering("jobs.get") as route, contextlib.suppress(UnexpectedResponseError):
        # The answer is about another job.
        call(Fluxframe, lambda client: client.jobs.get(id), validation="off", max_retries=0)
    request = route.calls.last.request
    assert request.url.raw_path == f"/v2/jobs/{quote(id, safe='')}".encode()


@both
def test_a_job_is_read(kind: Kind) -> None:
    with answering("jobs.get"):
        job = call(kind, lambda client: client.jobs.get(ID))
    assert job.raw == JOB
    assert (job.id, job.progress, job.credit_cost, job.error) == (ID, 100, 4, None)
    assert job.created_at.isoformat() == "2026-07-16T09:30:00+00:00"
    assert job.succeeded


# jobs.list and models: the query


QUERIES = [
    pytest.param(operation, name, id=f"{operation}-{name}")
    for operation in ("jobs.list", "models")
    for name in SPEC.operations[operation].query
]


def listing(operation: str, **arguments: Any) -> Use:
    def use(client: Any) -> Any:
        method = client.models if operation == "models" else client.jobs.list
        return method(**arguments)

    return use


def text_of(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@both
@pytest.mark.parametrize(("operation", "name"), QUERIES)
def test_a_filter_is_sent_alone_under_its_name(kind: Kind, operation: str, name: str) -> None:
    value = sample(SPEC.operations[operation].query[name])
    request = sent(kind, operation, listing(operation, **{snake_case(name): value}))
    assert request.url.params.multi_items() == [(name, text_of(value))]
    assert request.url.path == SPEC.operations[operation].path


@both
def test_all_filters_are_sent_together(kind: Kind) -> None:
    query = {name: sample(p) for name, p in SPEC.operations["jobs.list"].query.items()}
    arguments = {snake_case(name): value for name, value in query.items()}
    request = sent(kind, "jobs.list", listing("jobs.list", **arguments))
    assert dict(request.url.params) == {name: text_of(value) for name, value in query.items()}


@both
@pytest.mark.parametrize(("operation", "name"), QUERIES)
def test_a_filter_that_is_none_is_left_out(kind: Kind, operation: str, name: str) -> None:
    request = sent(kind, operation, listing(operation, **{snake_case(name): None}))
    assert request.url.query == b""


@few
@given(cursor=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example(cursor="a+b/c==&limit=100#%20 ü")
def test_a_cursor_is_sent_back_as_it_came(cursor: str) -> None:
    request = sent(Fluxframe, "jobs.list", listing("jobs.list", cursor=cursor))
    assert request.url.params.multi_items() == [("cursor", cursor)]


@both
@pytest.mark.parametrize("name", ["cursor", "model"])
def test_a_filter_that_no_url_can_hold_is_refused(kind: Kind, name: str) -> None:
    use = listing("jobs.list", **{name: "x" * 70_000})
    refused(kind, "jobs.list", use, validation="off")


@both
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", 0),
        ("limit", 101),
        ("limit", "20"),
        ("limit", True),
        ("limit", 1.5),
        ("status", "DONE"),
        ("status", "queued"),
        ("scope", "world"),
        ("search", "a fox"),
        ("include_models", True),
        ("cursor", 5),
        ("model", ["flux-2-pro"]),
    ],
)
def test_a_filter_that_breaks_a_limit_is_not_sent(kind: Kind, name: str, value: object) -> None:
    error = refused(kind, "jobs.list", listing("jobs.list", **{name: value}))
    assert {problem.parameter for problem in error.problems} == {name}


@both
def test_a_page_of_jobs_is_read(kind: Kind) -> None:
    second = {**JOB, "id": "0" + ID[1:], "status": "FAILED", "error": "no"}
    with respx.mock as router:
        router.get(path="/v2/jobs").respond(
            json={"jobs": [JOB, second], "nextCursor": "c2", "hasMore": True}
        )
        page = call(kind, lambda client: client.jobs.list())
    assert [job.id for job in page.items] == [ID, second["id"]]
    assert (page.next_cursor, page.has_more) == ("c2", True)
    assert page.response.status == 200
    assert page.items[0].images[0].url == "https://files.example/fox.jpg"


@both
def test_the_last_page_has_no_cursor(kind: Kind) -> None:
    with answering("jobs.list"):
        page = call(kind, lambda client: client.jobs.list())
    assert (page.next_cursor, page.has_more) == (None, False)


# me and models: the answer


@both
def test_who_the_key_belongs_to_is_read(kind: Kind) -> None:
    with answering("me"):
        me = call(kind, lambda client: client.me())
    assert isinstance(me, types.Me)
    assert (me.user.email, me.team and me.team.credits) == ("fox@example.com", 12.5)
    assert me.raw == ME


@both
def test_the_catalogue_is_read(kind: Kind) -> None:
    with answering("models"):
        catalog = call(kind, lambda client: client.models())
    assert isinstance(catalog, types.ModelCatalog)
    assert [model.id for model in catalog.models] == [MODEL, "flux-9"]


@both
def test_a_member_of_an_unknown_type_does_not_hide_the_others(kind: Kind) -> None:
    answer = copy.deepcopy(ME)
    answer["team"]["customerId"] = [17]
    with respx.mock as router:
        router.get(path="/v2/me").respond(json=answer)
        me = call(kind, lambda client: client.me())
    assert me.user.email == "fox@example.com"
    assert me.team.credits == 12.5
    assert me.team.customer_id is None
    assert me.team.raw["customerId"] == [17]


@both
def test_a_member_that_is_new_or_missing_does_not_hide_the_others(kind: Kind) -> None:
    first, second = CATALOG["models"]
    answer = {"models": [{**first, "tags": ["new"]}, {"id": second["id"]}], "etag": "x"}
    with respx.mock as router:
        router.get(path="/v2/models").respond(json=answer)
        catalog = call(kind, lambda client: client.models())
    assert [model.id for model in catalog.models] == [MODEL, "flux-9"]


@both
@pytest.mark.parametrize("name", ["cls", "self", "_fields_set", "model_config"])
def test_a_member_of_any_name_does_not_hide_the_others(kind: Kind, name: str) -> None:
    with respx.mock as router:
        router.get(path="/v2/me").respond(json={**ME, name: {"a": 1}, "team": {name: 1, "id": "t"}})
        me = call(kind, lambda client: client.me())
    assert (me.user.email, me.team.id) == ("fox@example.com", "t")
    assert "fox@example.com" in repr(me)


# uploads.create


def only_part(request: httpx.Request) -> tuple[str, bytes]:
    """The head and the content of the one part of a multipart form."""
    kind, _, boundary = request.headers["Content-Type"].partition("; boundary=")
    assert kind == "multipart/form-data"
    before, part, after = request.content.split(f"--{boundary}".encode())
    assert (before, after) == (b"", b"--\r\n")
    head, _, content = part.partition(b"\r\n\r\n")
    return head.decode(), content.removesuffix(b"\r\n")


def uploaded(kind: Kind, file: object, **options: Any) -> tuple[str, bytes]:
    request = sent(kind, "uploads.create", lambda client: client.uploads.create(file, **options))
    return only_part(request)


@few
@given(content=st.binary(max_size=300))
@example(content=b"\r\n--\r\n\x00\xff")
def test_a_file_is_uploaded_byte_by_byte(content: bytes) -> None:
    assert uploaded(Fluxframe, content)[1] == content


@both
@pytest.mark.parametrize("as_", [Path, str])
def test_a_file_is_uploaded_from_its_path_under_its_name(
    kind: Kind, as_: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    head, content = uploaded(kind, as_(path))
    assert 'form-data; name="file"; filename="fox.png"' in head
    assert content == b"\x89PNG\r\n\x1a\n"


@both
def test_bytes_have_a_name_so_that_they_are_a_file(kind: Kind) -> None:
    assert 'name="file"; filename="upload"' in uploaded(kind, b"\x89PNG")[0]


@both
@pytest.mark.parametrize("source", ["bytes", "path", "open file"])
def test_a_name_can_be_given(kind: Kind, source: str, tmp_path: Path) -> None:
    path = tmp_path / "secret-project.png"
    path.write_bytes(b"\x89PNG")
    with path.open("rb") as file:
        sources: dict[str, Any] = {"bytes": b"\x89PNG", "path": path, "open file": file}
        head, content = uploaded(kind, sources[source], name="fox.png")
    assert 'filename="fox.png"' in head
    assert "secret" not in head
    assert content == b"\x89PNG"


@both
def test_an_open_file_is_left_open_and_goes_without_its_folder(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "fox.webp"
    path.write_bytes(b"RIFF")
    with path.open("rb") as file:
        head, content = uploaded(kind, file)
        assert not file.closed
    assert 'filename="fox.webp"' in head
    assert content == b"RIFF"


@both
def test_a_file_in_memory_is_uploaded(kind: Kind) -> None:
    head, content = uploaded(kind, io.BytesIO(b"GIF89a"))
    assert ('filename="upload"' in head, content) == (True, b"GIF89a")


@both
@pytest.mark.parametrize("name", ['a"; name="x', "a\r\nX-Evil: 1\r\n\r\n", "füchse 狐.png"])
def test_a_name_can_not_add_to_the_head_of_its_part(kind: Kind, name: str) -> None:
    head, content = uploaded(kind, b"\x89PNG", name=name)
    assert head.count('name="') == 2  # name="file" and filename="…"
    assert {line.partition(":")[0].lower() for line in head.splitlines() if line} == {
        "content-disposition",
        "content-type",
    }
    assert content == b"\x89PNG"


@both
def test_a_name_may_be_a_path_or_no_text(kind: Kind) -> None:
    assert 'filename="fox.png"' in uploaded(kind, b"\x89PNG", name=Path("fox.png"))[0]
    assert 'filename="?.png"' in uploaded(kind, b"\x89PNG", name="\ud800.png")[0]


@both
@pytest.mark.skipif(os.name != "posix", reason="all names are text")
def test_a_file_whose_name_is_not_text_is_uploaded(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"fox\xff.png")
    try:
        path.write_bytes(b"\x89PNG")
    except OSError:
        pytest.skip("the file system takes text only")
    with path.open("rb") as file:
        for each in (path, str(path), file):
            head, content = uploaded(kind, each)
            assert 'filename="fox?.png"' in head
            assert content == b"\x89PNG"


@both
def test_nothing_is_sent_of_a_file_that_is_not_there(kind: Kind, tmp_path: Path) -> None:
    with answering("uploads.create") as route:
        with pytest.raises(FileNotFoundError):
            call(kind, lambda client: client.uploads.create(tmp_path / "none.png"))
        assert not route.called


@both
@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "file: None is not a path, bytes or an open file"),
        (5, "file: 5 is not a path, bytes or an open file"),
        (["fox.png"], "file: a list of 1 is not a path, bytes or an open file"),
        (io.StringIO("fox"), 'file: a StringIO is open for text; open it with mode "rb"'),
    ],
)
def test_what_is_not_a_file_is_refused(kind: Kind, file: Any, words: str) -> None:
    error = refused(kind, "uploads.create", lambda client: client.uploads.create(file))
    assert str(error) == words


@both
def test_a_path_that_can_be_none_is_refused(kind: Kind) -> None:
    error = refused(kind, "uploads.create", lambda client: client.uploads.create("a\0b"))
    assert "is not a valid path" in str(error)


@both
def test_a_file_that_is_closed_is_refused(kind: Kind) -> None:
    file = io.BytesIO(b"\x89PNG")
    file.close()
    error = refused(kind, "uploads.create", lambda client: client.uploads.create(file))
    assert "is closed" in str(error)


@both
def test_a_repr_shows_no_query_of_a_url(kind: Kind) -> None:
    with answering("uploads.create"):
        upload = call(kind, lambda client: client.uploads.create(b"\x89PNG"))
    typed = types.Flux2Flex.model_validate(
        {
            **REQUEST,
            "webhookUrl": "https://hooks.example/?token=topsecret",
            "fluxParams": {"input_images": ["https://files.example/a.png?sig=topsecret"]},
        }
    )
    for value, shown in ((upload, "files.example/up1.png"), (typed, "files.example/a.png")):
        for text in (repr(value), str(value)):
            assert shown in text
            assert "sig=" not in text
            assert "topsecret" not in text


@both
def test_an_upload_is_read(kind: Kind) -> None:
    with answering("uploads.create"):
        upload = call(kind, lambda client: client.uploads.create(b"\x89PNG"))
    assert isinstance(upload, types.Upload)
    assert (upload.url, upload.byte_size) == (UPLOAD["url"], 4)
