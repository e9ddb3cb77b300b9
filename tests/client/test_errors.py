"""What goes wrong between the client and the server, and what is said of it."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

import httpx
import pytest
import respx
from hypothesis import example, given, settings
from hypothesis import strategies as st

import fluxframe
from codegen.emit.catalogue import argument_names
from codegen.naming import snake_case
from codegen.spec.load import load
from codegen.spec.model import Model
from fluxframe import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    Fluxframe,
    FluxframeError,
    InsufficientCreditsError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    Problem,
    RateLimitError,
    ServerError,
    UnexpectedResponseError,
)

from ..servers.scripted import hanging_up
from ..servers.silent import refusing, silent
from . import calls
from .calls import ID, KEY, Kind, Use, both

SPEC = load()
BASE = SPEC.api.base_url
SECRET = KEY.removeprefix("afk_")


def submit(model: Model, request: dict[str, Any], client: Any) -> Any:
    return attrgetter(SPEC.operation_of(model))(client)(request)


CALLS: dict[str, Use] = {
    "images.generate": lambda client: client.images.generate(model="flux-2-pro", prompt="a fox"),
    "jobs.get": lambda client: client.jobs.get(ID),
    "jobs.list": lambda client: client.jobs.list(),
    "me": lambda client: client.me(),
    "models": lambda client: client.models(),
    "uploads.create": lambda client: client.uploads.create(b"\x89PNG"),
}
# The other operations that take requests, each with a documented one.
for _model, _, _example in SPEC.examples():
    CALLS.setdefault(SPEC.operation_of(_model), partial(submit, _model, _example.request))
each_operation = pytest.mark.parametrize("name", CALLS)
some_operations = pytest.mark.parametrize("name", ["images.generate", "me", "uploads.create"])

CLASSES: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: InsufficientCreditsError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    418: APIStatusError,
    422: APIStatusError,
    429: RateLimitError,
    500: ServerError,
    502: ServerError,
    503: ServerError,
    504: ServerError,
    599: ServerError,
}

# Bodies that are not what an API answers, by what they are.
STRANGE: dict[str, bytes] = {
    "html": b"<html>\n<body><h1>Bad\n gateway</h1></body>\n</html>",
    "truncated": b'{"error": "Something went wro',
    "empty": b"",
    "no utf-8": b"\xfa\xfb\xfc{",
}


def call(kind: Kind, use: Use, **options: Any) -> Any:
    return calls.call(kind, use, **{"max_retries": 0, **options})


def failure(kind: Kind, name: str, answer: httpx.Response | Exception) -> FluxframeError:
    """The error of an operation that is answered so, or whose request fails so."""
    with respx.mock as router:
        route = router.route()
        if isinstance(answer, Exception):
            route.mock(side_effect=answer)
        else:
            route.mock(return_value=answer)
        with pytest.raises(FluxframeError) as caught:
            call(kind, CALLS[name])
        assert route.call_count == 1
    return caught.value


def status_error(kind: Kind, status: int, **response: Any) -> Any:
    error = failure(kind, "me", httpx.Response(status, **response))
    assert isinstance(error, APIStatusError)
    return error


# Statuses


def test_every_status_of_the_spec_is_tried_here() -> None:
    assert set(map(int, SPEC.api.errors)) <= set(CLASSES)


@both
@pytest.mark.parametrize(("status", "expected"), CLASSES.items())
def test_a_status_has_its_class(kind: Kind, status: int, expected: type[APIStatusError]) -> None:
    error = status_error(
        kind, status, json={"error": "No such luck"}, headers={"X-Request-Id": "r-1"}
    )
    assert type(error) is expected
    advice = "; check api_key or APIFRAME_API_KEY" if status == 401 else ""
    assert str(error) == f"me: {status} No such luck (request id r-1){advice}"
    assert (error.operation, error.attempts) == ("me", 1)
    assert (error.status, error.body) == (status, {"error": "No such luck"})
    assert (error.request_id, error.retry_after, error.details) == ("r-1", None, {})


@both
@each_operation
def test_every_operation_raises_it(kind: Kind, name: str) -> None:
    error = failure(kind, name, httpx.Response(403, json={"error": "Inactive"}))
    assert type(error) is PermissionDeniedError
    asked = name == "jobs.get"
    assert str(error) == f"{name}: 403 Inactive" + (f" (job {ID})" if asked else "")
    assert error.job_id == (ID if asked else None)


PATHS = {
    **{name: snake_case(name) for model in SPEC.models.values() for name in SPEC.fields(model)},
    **{
        ".".join(filter(None, [SPEC.container(model), name])): argument_names(SPEC, model)[name]
        for model in SPEC.models.values()
        for name in model.parameters
    },
    **{name: snake_case(name) for name in SPEC.operations["jobs.list"].query},
}


@pytest.mark.parametrize(("path", "name"), PATHS.items())
def test_a_detail_of_a_400_is_named_after_its_parameter(path: str, name: str) -> None:
    error = status_error(
        Fluxframe, 400, json={"error": "Invalid request", "details": {path: ["Too odd", "Too big"]}}
    )
    assert error.details == {name: ["Too odd", "Too big"]}
    assert str(error) == f"me: 400 Invalid request\n{name}: Too odd; Too big"


@pytest.mark.parametrize(
    ("path", "name"),
    [("fluxParams.input_images.3", "input_images"), ("webhookEvents.0", "webhook_events")],
)
def test_a_detail_about_an_item_is_named_after_its_parameter(path: str, name: str) -> None:
    error = status_error(Fluxframe, 400, json={"error": "No", "details": {path: ["Invalid URL"]}})
    assert error.details == {name: ["Invalid URL"]}


def test_details_of_one_parameter_are_put_together() -> None:
    details = {"fluxParams.width": ["a"], "width": ["b"]}
    error = status_error(Fluxframe, 400, json={"error": "No", "details": details})
    assert error.details == {"width": ["a", "b"]}


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (None, {}),
        ("text", {"request": ["text"]}),
        (["text"], {"request": ["text"]}),
        ({"width": "text"}, {"width": ["text"]}),
        ({"width": [1, None]}, {"width": ["1", "None"]}),
        ({"": ["text"]}, {"request": ["text"]}),
    ],
)
def test_details_of_another_shape_are_no_problem(
    details: object, expected: dict[str, list[str]]
) -> None:
    error = status_error(Fluxframe, 400, json={"error": "No", "details": details})
    assert error.details == expected


@both
def test_a_402_says_what_is_required_and_what_is_available(kind: Kind) -> None:
    error = status_error(
        kind, 402, json={"error": "No", "creditsRequired": 50, "creditsAvailable": 10.5}
    )
    assert (error.required, error.available) == (50, 10.5)


@pytest.mark.parametrize(
    "body",
    [
        {"error": "No"},
        {"creditsRequired": "many", "creditsAvailable": None},
        {"creditsRequired": 10**400, "creditsAvailable": -(10**400)},
        [],
        "No",
        None,
    ],
    ids=["without", "other types", "too long", "list", "text", "null"],
)
def test_a_402_that_does_not_say_them_has_none(body: object) -> None:
    error = status_error(Fluxframe, 402, content=json.dumps(body))
    assert (error.required, error.available) == (None, None)


@both
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        ("0", 0.0),
        (" 30 ", 30.0),
        ("", None),
        ("-1", None),
        ("1.5", 1.5),
        ("1e9", None),
        ("nan", None),
        ("inf", None),
        ("604800", 604800.0),
        ("9" * 400, 1e300),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 28.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 99999 07:28:00 GMT", None),
        ("tomorrow", None),
    ],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(
    kind: Kind, status: int, header: str, seconds: float | None
) -> None:
    headers = {"Retry-After": header, "Date": "Wed, 21 Oct 2026 07:27:32 GMT"}
    error = status_error(kind, status, json={"error": "No"}, headers=headers)
    assert error.retry_after == seconds


# Bodies


@both
@pytest.mark.parametrize("status", [400, 401, 402, 429, 500, 502])
@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE)
def test_an_error_with_a_strange_body_is_the_same_error(
    kind: Kind, status: int, body: bytes
) -> None:
    error = status_error(kind, status, content=body)
    assert type(error) is CLASSES[status]
    assert error.body == body.decode(errors="replace")
    assert str(error).startswith(f"me: {status}")
    assert "\n" not in str(error)
    assert len(str(error)) < 300


@pytest.mark.parametrize("body", [[], ["no"], "no", 5, True, None, {}, {"error": {"code": 1}}])
def test_an_error_with_json_of_another_shape_keeps_it(body: object) -> None:
    error = status_error(Fluxframe, 500, content=json.dumps(body))
    assert type(error) is ServerError
    assert error.body == body
    assert json.dumps(body) in str(error)


@both
@each_operation
@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE)
def test_an_answer_that_is_not_json_is_unexpected(kind: Kind, name: str, body: bytes) -> None:
    error = failure(kind, name, httpx.Response(200, content=body))
    assert isinstance(error, UnexpectedResponseError)
    assert (error.status, error.body) == (200, body.decode(errors="replace"))
    assert str(error).startswith(f"{name}: status 200")
    assert len(str(error)) < 400


@both
@each_operation
@pytest.mark.parametrize("body", [[], None, "text", 5, True], ids=repr)
def test_an_answer_of_another_shape_is_unexpected(kind: Kind, name: str, body: object) -> None:
    error = failure(kind, name, httpx.Response(200, content=json.dumps(body)))
    assert isinstance(error, UnexpectedResponseError)
    assert str(error).startswith(f"{name}: ")


@both
@pytest.mark.parametrize("name", ["images.generate", "jobs.get", "jobs.list"])
@pytest.mark.parametrize(
    "body",
    [{}, {"id": [5], "jobId": [5]}, {"id": None, "jobId": None}, {"jobs": {}}, {"jobs": [{}]}],
    ids=repr,
)
def test_an_answer_without_a_job_is_unexpected(kind: Kind, name: str, body: object) -> None:
    error = failure(kind, name, httpx.Response(200, json=body))
    assert isinstance(error, UnexpectedResponseError)


@both
@pytest.mark.parametrize(
    ("status", "expected"), [(200, UnexpectedResponseError), (500, ServerError)]
)
def test_json_that_is_nested_too_deep_is_not_json(
    kind: Kind, status: int, expected: type[FluxframeError]
) -> None:
    error = failure(kind, "me", httpx.Response(status, content=b"[" * 100_000))
    assert type(error) is expected


@both
def test_no_content_is_unexpected(kind: Kind) -> None:
    error = failure(kind, "me", httpx.Response(204))
    assert isinstance(error, UnexpectedResponseError)
    assert "no content type" in str(error)


@both
@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_can_not_be_unpacked_is_an_error_of_ours(kind: Kind, status: int) -> None:
    stream = httpx.ByteStream(b"this is not gzip")
    response = httpx.Response(status, headers={"Content-Encoding": "gzip"}, stream=stream)
    failure(kind, "me", response)


# Connections


@both
@each_operation
@pytest.mark.parametrize(
    "reason",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.RemoteProtocolError("no HTTP"),
        httpx.ProxyError("no proxy"),
    ],
    ids=lambda reason: type(reason).__name__,
)
def test_a_broken_connection_is_a_connection_error(
    kind: Kind, name: str, reason: Exception
) -> None:
    error = failure(kind, name, reason)
    assert type(error) is APIConnectionError
    assert error.__cause__ is reason
    sent = not isinstance(reason, httpx.ConnectError | httpx.ProxyError)
    advice = ""
    if sent and SPEC.operations[name].idempotent_by_key:
        advice = (
            "; it may have been accepted, so submit it again with "
            f'idempotency_key="{error.idempotency_key}", and it is paid for once'
        )
    elif sent and name == "uploads.create":
        advice = "; it may have arrived, and was not sent again"
    where = f"job {ID}, {BASE}" if name == "jobs.get" else BASE
    assert str(error) == f"{name}: {type(reason).__name__}: {reason} ({where}){advice}"


@both
@each_operation
@pytest.mark.parametrize(
    "reason",
    [
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.PoolTimeout("slow"),
    ],
    ids=lambda reason: type(reason).__name__,
)
def test_a_timeout_is_a_timeout_error(kind: Kind, name: str, reason: Exception) -> None:
    error = failure(kind, name, reason)
    assert type(error) is APITimeoutError
    assert isinstance(error, TimeoutError)
    assert isinstance(error, APIConnectionError)
    assert type(reason).__name__ in str(error)


@both
def test_a_refused_connection_is_a_connection_error(kind: Kind) -> None:
    with refusing() as url, pytest.raises(APIConnectionError, match=r"^me: ConnectError: "):
        call(kind, CALLS["me"], base_url=url)


@both
def test_a_server_that_says_nothing_is_a_timeout(kind: Kind) -> None:
    with silent() as (url, _), pytest.raises(APITimeoutError, match="me: no answer in time"):
        call(kind, lambda client: client.me(timeout=0.01), base_url=url)


@both
@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH\r\n", b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"user": {'],
    ids=["silence", "no http", "cut off"],
)
def test_a_server_that_breaks_off_is_a_connection_error(kind: Kind, answer: bytes) -> None:
    with hanging_up(answer) as server, pytest.raises(APIConnectionError):
        call(kind, CALLS["me"], base_url=server.url)
    assert len(server.requests) == 1


# Redirects


@both
@some_operations
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["https://evil.example/v2/me", "/elsewhere"])
def test_a_redirect_is_an_error_and_is_not_followed(
    kind: Kind, name: str, status: int, to: str
) -> None:
    error = failure(kind, name, httpx.Response(status, headers={"Location": to}))
    assert type(error) is APIStatusError
    assert error.status == status


@pytest.mark.parametrize("status", [301, 307])
def test_a_client_that_follows_redirects_does_not_do_it_here(status: int) -> None:
    with respx.mock(assert_all_called=False) as router:
        router.get(f"{BASE}/v2/me").respond(status, headers={"Location": "https://evil.example/"})
        evil = router.get("https://evil.example/").respond(json={})
        with (
            httpx.Client(follow_redirects=True) as own,
            pytest.raises(APIStatusError) as caught,
        ):
            call(Fluxframe, CALLS["me"], http_client=own)
        assert not evil.called
    assert caught.value.status == status


# Settings


@both
@pytest.mark.parametrize("name", [n for n, o in SPEC.operations.items() if o.authenticated])
@pytest.mark.parametrize("key", [None, ""])
def test_nothing_is_sent_without_a_key(kind: Kind, name: str, key: str | None) -> None:
    with respx.mock(assert_all_called=False) as router:
        route = router.route().respond(json={})
        with pytest.raises(ConfigurationError, match="APIFRAME_API_KEY") as caught:
            call(kind, CALLS[name], api_key=key)
        assert not route.called
    assert name in str(caught.value)


BAD_KEYS = [
    f"{KEY}\n",
    f"{KEY}\r\nX-Evil: 1",
    f" {KEY}",
    f"{KEY} ",
    f"{KEY[:8]} {KEY[8:]}",
    f"{KEY}\x7f",
    f"{KEY}é",
    f"\u200b{KEY}",
    f"{KEY}٠",
]


@both
@pytest.mark.parametrize("key", BAD_KEYS, ids=ascii)
def test_a_key_that_can_not_be_sent_is_refused_and_not_shown(kind: Kind, key: str) -> None:
    with pytest.raises(ConfigurationError, match="api_key") as caught:
        kind(api_key=key)
    assert SECRET[-8:] not in everything_shown(caught.value)


@both
@pytest.mark.parametrize("key", [f"{KEY}\n{KEY}", f"{KEY}é"], ids=ascii)
def test_a_key_of_the_environment_is_checked_too(
    kind: Kind, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APIFRAME_API_KEY", key)
    with pytest.raises(ConfigurationError, match="APIFRAME_API_KEY") as caught:
        kind()
    assert SECRET not in everything_shown(caught.value)


@both
@pytest.mark.parametrize(
    "url",
    [
        "api.apiframe.ai",
        "localhost:8000",
        "ftp://api.example",
        "file:///etc/hosts",
        "http://",
        "https://:8000",
        "//api.example",
        "https://[::1",
        "https://api.example:port",
        "https://api.example:99999",
        "https://api example",
        "https://api.example\n",
        "https://api.example/\x00",
        " https://api.example",
        "https://api.example?team=foxes",
        "https://api.example#top",
        "nonsense",
    ],
    ids=ascii,
)
def test_a_base_url_that_is_none_is_refused(kind: Kind, url: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        kind(api_key=KEY, base_url=url)


@both
def test_a_base_url_of_the_environment_is_checked_too(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APIFRAME_BASE_URL", "api.example")
    with pytest.raises(ConfigurationError, match="APIFRAME_BASE_URL"):
        kind(api_key=KEY)


@both
@pytest.mark.parametrize("url", ["ftp://fox:hunter2@host", "ftp://fox:a@hunter2@host/a"])
def test_a_base_url_that_is_none_is_shown_without_its_password(kind: Kind, url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(api_key=KEY, base_url=url)
    assert "hunter2" not in everything_shown(caught.value)


@both
def test_a_password_in_the_base_url_is_not_shown(kind: Kind) -> None:
    shown = call(kind, repr, base_url="https://fox:hunter2@api.example")
    assert "api.example" in shown
    assert "hunter2" not in shown


@both
@pytest.mark.parametrize("validation", ["strict", "", None, True])
def test_a_validation_that_is_none_is_refused(kind: Kind, validation: Any) -> None:
    with pytest.raises(ConfigurationError, match="validation"):
        kind(api_key=KEY, validation=validation)


# The API key is shown nowhere


everything_shown = partial(calls.everything_shown, attributes_of=BaseException)

FAILURES: dict[str, httpx.Response | Exception] = {
    **{str(status): httpx.Response(status, json={"error": "No"}) for status in CLASSES},
    **{name: httpx.Response(200, content=body) for name, body in STRANGE.items()},
    "redirect": httpx.Response(302, headers={"Location": "https://evil.example/"}),
    "refused": httpx.ConnectError("refused"),
    "timeout": httpx.ReadTimeout("slow"),
    "protocol": httpx.RemoteProtocolError("no HTTP"),
}


@both
@some_operations
@pytest.mark.parametrize("how", FAILURES)
def test_no_error_shows_the_key(
    kind: Kind, name: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = everything_shown(failure(kind, name, FAILURES[how]))
    assert "Error" in shown
    assert SECRET not in shown
    assert SECRET not in caplog.text


@both
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", AuthenticationError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", UnexpectedResponseError),
        (b"HTTP/1.1 302 No\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", APIStatusError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", APIConnectionError),
        (b"nonsense\r\n\r\n", APIConnectionError),
    ],
    ids=["401", "no json", "redirect", "cut off", "no http"],
)
def test_no_log_shows_the_key(
    kind: Kind,
    answer: bytes,
    expected: type[FluxframeError],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with hanging_up(answer) as server, pytest.raises(expected) as caught:
        call(kind, CALLS["me"], base_url=server.url)
    assert [request.head.count(KEY.encode()) for request in server.requests] == [1]
    assert any(record.name.startswith("httpcore") for record in caplog.records)
    assert SECRET not in caplog.text
    assert not any(SECRET in repr(vars(record)) for record in caplog.records)
    assert SECRET not in everything_shown(caught.value)


@both
def test_no_repr_shows_the_key(kind: Kind) -> None:
    def reprs(client: Any) -> str:
        parts = [client, client.images, client.jobs, client.uploads, client._transport]
        return "\n".join(f"{part!r} {part}" for part in parts)

    shown = call(kind, reprs)
    assert BASE in shown
    assert SECRET not in shown


@both
def test_a_refused_request_does_not_show_the_key(kind: Kind) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        call(kind, lambda client: client.images.generate(model="flux-2-pro", prompt=""))
    assert SECRET not in everything_shown(caught.value)


# The queries of URLs, signatures often, are shown nowhere


QUERY = "X-Signature=topsecret"
SIGNED = f"https://files.example/fox.png?x='(1)'&{QUERY}"


@both
@pytest.mark.parametrize("name", ["images.generate", "jobs.get", "jobs.list", "me"])
@pytest.mark.parametrize(
    "body",
    [
        [SIGNED],
        {"status": "COMPLETED", "result": {"images": [SIGNED]}},
        {"jobs": [{"result": SIGNED}]},
        {"jobs": SIGNED},
    ],
    ids=["list", "result", "job", "jobs"],
)
def test_an_answer_of_another_shape_is_shown_without_queries(
    kind: Kind, name: str, body: object
) -> None:
    if name == "me" and isinstance(body, dict):
        return
    error = failure(kind, name, httpx.Response(200, json=body))
    assert isinstance(error, UnexpectedResponseError)
    assert "topsecret" not in "\n".join(traceback.format_exception(error))


@both
@pytest.mark.parametrize("status", [200, 302, 400, 401, 500])
@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"error": f"can not fetch {SIGNED}", "details": {"prompt": [SIGNED]}}),
        f"<a href='{SIGNED}'>",
        f'<a href="//fox:topsecret@files.example/fox.png?{QUERY}">',
    ],
    ids=["json", "html", "password"],
)
def test_what_a_server_says_is_shown_without_queries(kind: Kind, status: int, body: str) -> None:
    name = "jobs.get"
    answer = httpx.Response(status, text=body, headers={"Location": SIGNED})
    shown = "\n".join(traceback.format_exception(failure(kind, name, answer)))
    assert "topsecret" not in shown
    assert status in (200, 302) or "files.example/fox.png" in shown


@both
def test_the_reason_of_a_job_that_failed_is_shown_without_queries(kind: Kind) -> None:
    job = {"id": ID, "status": "FAILED", "error": f"can not fetch {SIGNED} (404)"}
    with respx.mock as router:
        router.get(f"{BASE}/v2/jobs/{ID}").respond(json=job)
        with pytest.raises(fluxframe.JobFailedError) as caught:
            call(kind, lambda client: client.jobs.wait(ID))
    assert "can not fetch https://files.example/fox.png" in str(caught.value)
    assert "topsecret" not in "\n".join(traceback.format_exception(caught.value))
    assert caught.value.job.error == job["error"]


# Errors as values


ERRORS: list[FluxframeError] = [
    *(kind("text", status=400, body={"error": "No"}) for kind in dict.fromkeys(CLASSES.values())),
    RateLimitError("text", status=429, details={"a": ["b"]}, request_id="r", retry_after=2.0),
    UnexpectedResponseError("text", status=200, body="<html>"),
    InvalidRequestError(
        [Problem(rule="maximum", path="fluxParams.width", parameter="width", value=5, limit=4)]
    ),
    APIConnectionError("text"),
    APITimeoutError("text"),
    ConfigurationError("text"),
]


def pickled(error: FluxframeError) -> Any:
    return pickle.loads(pickle.dumps(error))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("copied", [copy.copy, pickled])
def test_an_error_can_be_copied_and_sent_to_another_process(
    error: FluxframeError, copied: Callable[[FluxframeError], FluxframeError]
) -> None:
    again = copied(error)
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_all_errors_have_one_base() -> None:
    errors = [getattr(fluxframe, name) for name in fluxframe.__all__ if name.endswith("Error")]
    assert len(errors) > 15
    assert all(issubclass(error, FluxframeError) for error in errors)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(
    status=st.integers(300, 599),
    body=JSON
    | st.fixed_dictionaries({}, optional={"error": JSON, "details": JSON, "creditsRequired": JSON}),
)
@example(status=400, body={"error": "\ud800", "details": {"a.": None}})
def test_any_json_of_an_error_is_an_error(status: int, body: object) -> None:
    error = status_error(Fluxframe, status, content=json.dumps(body))
    assert error.status == status
    assert error.body == body
