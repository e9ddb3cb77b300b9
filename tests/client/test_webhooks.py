"""Webhooks: only what was signed with the key is believed, in whichever order it comes."""

from __future__ import annotations

import copy
import hashlib
import hmac
import importlib.util
import itertools
import json
import pickle
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.message import Message
from http.server import HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import uvicorn
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from hypothesis import assume, given
from hypothesis import strategies as st
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders
from werkzeug.serving import make_server

import fluxframe
from codegen.naming import identifier
from codegen.spec.load import load
from fluxframe import ConfigurationError, Fluxframe, Job, SignatureError, WebhookError
from fluxframe.emulator import Emulator
from fluxframe.webhooks import Event, verify

SPEC = load()
HEADER = SPEC.api.webhooks.signature_header
EVENTS = SPEC.api.webhooks.events
STATUSES = SPEC.objects["JobStatus"].values or []

KEY = "afk_the-key-of-these-tests"
BODY = (
    b'{"event": "progress", "jobId": "one", "status": "PROCESSING", "progress": 50, "model": "m"}'
)

FORMS = [(form, prefix) for form in ("bytes", "hex") for prefix in ("sha256=", "")]


def sign(body: bytes, key: str = KEY, form: str = "bytes", prefix: str = "sha256=") -> str:
    """A signature in one of the forms that sources tell of."""
    digest = hashlib.sha256(key.encode())
    secret = digest.digest() if form == "bytes" else digest.hexdigest().encode()
    return prefix + hmac.new(secret, body, hashlib.sha256).hexdigest()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(), JSON, max_size=5)
KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1)
forms = pytest.mark.parametrize(("form", "prefix"), FORMS)


# The signature.


@forms
@given(raw=OBJECTS, key=KEYS)
def test_what_is_signed_comes_back_as_it_was(
    form: str, prefix: str, raw: dict[str, Any], key: str
) -> None:
    body = json.dumps(raw).encode()
    assert verify(body, {HEADER: sign(body, key, form, prefix)}, key).raw == raw


@forms
@given(body=st.binary(), key=KEYS)
def test_signed_bytes_that_are_not_objects_are_no_forgery(
    form: str, prefix: str, body: bytes, key: str
) -> None:
    with pytest.raises(WebhookError) as caught:
        verify(b"[" + body, {HEADER: sign(b"[" + body, key, form, prefix)}, key)
    assert not isinstance(caught.value, SignatureError)


@forms
@given(body=st.binary(min_size=1) | st.just(BODY), data=st.data())
def test_a_body_with_another_byte_is_refused(
    form: str, prefix: str, body: bytes, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(body) - 1))
    other = bytearray(body)
    other[index] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SignatureError):
        verify(other, {HEADER: sign(body, KEY, form, prefix)}, KEY)


@forms
@pytest.mark.parametrize("as_text", [True, False])
@given(data=st.data())
def test_a_signature_with_another_byte_is_refused(
    form: str, prefix: str, as_text: bool, data: st.DataObject
) -> None:
    right = sign(BODY, KEY, form, prefix)
    signature = bytearray(right.encode())
    signature[data.draw(st.integers(0, len(signature) - 1))] ^= data.draw(st.integers(1, 255))
    assume(signature.decode("latin-1").strip().lower() != right)
    assume(b"," not in bytes(signature))  # What is beside a signature is passed over.
    value: Any = signature.decode("latin-1") if as_text else bytes(signature)
    with pytest.raises(SignatureError):
        verify(BODY, {HEADER: value}, KEY)


@forms
@given(one=KEYS, other=KEYS)
def test_another_key_is_refused(form: str, prefix: str, one: str, other: str) -> None:
    assume(one != other)
    with pytest.raises(SignatureError):
        verify(BODY, {HEADER: sign(BODY, one, form, prefix)}, other)


def test_a_signature_by_the_key_itself_is_refused() -> None:
    plain = hmac.new(KEY.encode(), BODY, hashlib.sha256).hexdigest()
    with pytest.raises(SignatureError):
        verify(BODY, {HEADER: plain}, KEY)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "sha256=",
        "sha1=" + "0" * 40,
        "0" * 63,
        "0" * 65,
        sign(BODY).replace("=", ":"),
        sign(BODY).replace("=", "=="),
        sign(BODY).replace("sha256", "sha-256"),
        sign(BODY).replace("sha256", "sha512"),
        sign(BODY)[:-1],
        sign(BODY) + "0",
        sign(BODY, prefix="0x"),
        f"{sign(BODY)} {sign(BODY)}",
        f"{sign(BODY)};{sign(BODY)}",
        "sha256=" + sign(BODY),
        "\u0660" * 64,
        "\uff11" * 64,
        "\ud800",
        b"\xff" * 64,
        None,
        [],
        [None],
        {"a": sign(BODY)},
        ",",
        "t=1,v1=2",
    ],
)
def test_a_malformed_signature_is_refused(value: Any) -> None:
    with pytest.raises(SignatureError, match=r"malformed, expected sha256= and 64 hex"):
        verify(BODY, {HEADER: value}, KEY)


@forms
@pytest.mark.parametrize(
    "dress",
    [
        str.upper,
        str.title,
        lambda right: right.replace("sha256=", "SHA256="),
        lambda right: right.replace("sha256=", "Sha256 = "),
        lambda right: f" \t{right}\t ",
        lambda right: f"{right}\r\n",
        str.encode,
        lambda right: right.upper().encode(),
        lambda right: [right],
        lambda right: [right.encode()],
        lambda right: f"{sign(BODY, 'afk_other')},{right}",
        lambda right: f"{right}, {sign(BODY, 'afk_other')}",
        lambda right: f"t=1790000000, sha1={'0' * 40}, {right}, v1={'0' * 64}",
        lambda right: f",{right},",
        lambda right: [sign(BODY, "afk_other"), right],
        lambda right: ", ".join([sign(BODY, "afk_other")] * 15 + [right]),
    ],
)
def test_a_signature_in_any_dress_is_taken_and_only_for_its_body(
    form: str, prefix: str, dress: Callable[[str], Any]
) -> None:
    value = dress(sign(BODY, KEY, form, prefix))
    assert verify(BODY, {HEADER: value}, KEY).job_id == "one"
    with pytest.raises(SignatureError):
        verify(BODY + b" ", {HEADER: value}, KEY)
    with pytest.raises(SignatureError):
        verify(BODY, {HEADER: value}, KEY + "x")


@pytest.mark.parametrize("value", [", ".join([sign(BODY)] * 17), sign(BODY) + " " * 5000])
def test_a_crowd_of_signatures_is_refused(value: str) -> None:
    with pytest.raises(SignatureError, match=HEADER):
        verify(BODY, {HEADER: value}, KEY)


def test_both_forms_are_computed_whichever_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    compare = hmac.compare_digest

    def counting(ours: str, theirs: str) -> bool:
        compared.append(ours)
        return compare(ours, theirs)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    wanted = [sign(BODY, form=form, prefix="") for form in ("bytes", "hex")]
    for signature in [*wanted, "0" * 64]:
        compared.clear()
        try:
            verify(BODY, {HEADER: signature}, KEY)
        except SignatureError:
            assert signature == "0" * 64
        assert compared == wanted


# Headers.


def message(pairs: list[tuple[str, str]]) -> Message:
    """Headers as http.server has them."""
    result = Message()
    for name, value in pairs:
        result[name] = value
    return result


def encoded(pairs: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


HEADER_FORMS: dict[str, Callable[[list[tuple[str, str]]], Any]] = {
    "dict": dict,
    "dict of bytes": lambda pairs: dict(encoded(pairs)),
    "pairs": list,
    "tuple": tuple,
    "generator": iter,
    "ASGI scope": encoded,
    "lists": lambda pairs: [list(pair) for pair in encoded(pairs)],
    "httpx": httpx.Headers,
    "http.server": message,
    "Starlette": lambda pairs: StarletteHeaders(raw=encoded(pairs)),
    "Flask": WerkzeugHeaders,
    "WSGI": lambda pairs: {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in pairs},
    "lists of values": lambda pairs: {name: [value] for name, value in pairs},
}
header_forms = pytest.mark.parametrize("made", HEADER_FORMS.values(), ids=HEADER_FORMS)


@header_forms
@given(upper=st.lists(st.booleans(), min_size=len(HEADER), max_size=len(HEADER)), data=st.data())
def test_headers_of_any_framework_in_any_case(
    made: Callable[..., Any], upper: list[bool], data: st.DataObject
) -> None:
    name = "".join(c.upper() if up else c.lower() for c, up in zip(HEADER, upper, strict=True))
    others = [("Content-Type", "application/json"), ("X-Webhook-Event", "failed"), ("X-É", "é")]
    pairs = data.draw(st.permutations([(name, sign(BODY)), *others]))
    if made in (httpx.Headers, message):  # Of the latter, Python 3.14 refuses other names.
        pairs = [(name, value) for name, value in pairs if name.isascii()]
    assert verify(BODY, made(pairs), KEY).event == "progress"  # Only the body is signed.


@header_forms
def test_a_delivery_without_a_signature_is_refused(made: Callable[..., Any]) -> None:
    for pairs in ([], [("X-Webhook-Event", "progress"), (f"{HEADER}s", sign(BODY))]):
        with pytest.raises(SignatureError, match=f"^{HEADER}: missing"):
            verify(BODY, made(pairs), KEY)


REPEATABLE = [name for name in HEADER_FORMS if not name.startswith(("WSGI", "lists of"))]


@pytest.mark.parametrize("second", [sign(BODY), sign(BODY, "afk_other"), "", "x"])
@pytest.mark.parametrize("form", REPEATABLE)
def test_one_of_two_signatures_is_enough(form: str, second: str) -> None:
    pairs = [(HEADER.lower(), second), (HEADER.upper(), sign(BODY))]
    for given_pairs in (pairs, pairs[::-1]):
        assert verify(BODY, HEADER_FORMS[form](given_pairs), KEY).job_id == "one"
        with pytest.raises(SignatureError):
            verify(BODY, HEADER_FORMS[form](given_pairs), KEY + "x")


# What is passed by mistake.


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_any_kind_are_taken(kind: Callable[[bytes], Any]) -> None:
    assert verify(kind(BODY), {HEADER: sign(BODY)}, KEY).job_id == "one"


@given(raw=OBJECTS)
def test_a_body_that_was_decoded_is_taken(raw: dict[str, Any]) -> None:
    body = json.dumps(raw, ensure_ascii=False)
    signed = body.encode("utf-8", "replace")
    if signed.decode() == body:
        assert verify(body, {HEADER: sign(signed)}, KEY).raw == raw


@pytest.mark.parametrize(
    "body", ["", "\ud800", BODY.decode() + "\n", BODY.decode("utf-16", "replace")]
)
def test_text_that_is_not_what_was_signed_is_refused(body: str) -> None:
    with pytest.raises(SignatureError):
        verify(body, {HEADER: sign(BODY)}, KEY)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (json.loads(BODY), "body: a dict, .* parsed JSON"),
        ([1], "body: a list, .* parsed JSON"),
        (None, "body: a NoneType, "),
    ],
)
def test_a_body_that_is_not_bytes_is_explained(body: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words) as caught:
        verify(body, {HEADER: sign(BODY)}, KEY)
    assert "await request.body()" in str(caught.value)
    assert "request.get_data()" in str(caught.value)


@pytest.mark.parametrize("headers", [None, 1, "X-Webhook-Signature: 0", b"0", [1], ["a"], [(1,)]])
def test_headers_that_are_none_are_explained(headers: Any) -> None:
    with pytest.raises(TypeError, match=r"^headers: a \w+, expected a mapping or pairs"):
        verify(BODY, headers, KEY)


@pytest.mark.parametrize(
    "key", [None, b"afk_secret", 5, "", " ", "afk_secret\n", "afk_sécret", "afk_\ud800", ["afk_s"]]
)
def test_a_key_that_is_none_is_the_receivers_fault(key: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^api_key: ") as caught:
        verify(BODY, {HEADER: sign(BODY)}, key)
    assert "cret" not in str(caught.value)


# Secrets.


def seen_in(error: BaseException | None) -> Iterator[str]:
    """All that a log or a debugger's report shows of an error: it, what it holds, what led to it."""
    while error is not None:
        yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
        yield "".join(traceback.format_exception(error))
        yield repr({name: getattr(error, name, None) for name in ("doc", "object", "obj")})
        error = error.__cause__ or error.__context__


BAD_BODIES = [
    b"",
    b"no JSON: hunter2",
    b'["hunter2"]',
    b'"hunter2"',
    b'{"hunter2": ',
    b"[" * 99_999,
]
BAD_BODIES += [b"hunter2\xff", b'{"a": ' + b"9" * 9_999 + b"}", b"\xff\xfe", b"null"]


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: repr(body[:12]))
def test_a_body_that_is_not_an_object_is_refused_and_not_shown(body: bytes) -> None:
    with pytest.raises(WebhookError, match="not a JSON object") as caught:
        verify(body, {HEADER: sign(body)}, KEY)
    assert not any("hunter2" in text for text in seen_in(caught.value))


@given(
    key=st.text("QZXJ", min_size=12).map("afk_".__add__),
    body=st.sampled_from([b"hunter2", b'"hunter2"', b'{"hunter2": 1}']),
    headers=st.sampled_from(["missing", "malformed", "other", "twice", "none", "good"]),
    whole=st.sampled_from(["bytes", "text", "key"]),
)
def test_no_error_shows_a_secret(key: str, body: bytes, headers: str, whole: str) -> None:
    good = sign(body, key)
    pairs: dict[str, Any] = {
        "missing": {},
        "malformed": {HEADER: good[:-1]},
        "other": {HEADER: sign(body, "afk_other")},
        "twice": [(HEADER, good), (HEADER, good)],
        "none": [good],
        "good": {HEADER: good},
    }
    passed: Any = body.decode() if whole == "text" else body
    secrets = [key, "hunter2", *(sign(body, key, form, "")[:-1] for form in ("bytes", "hex"))]
    try:
        shown = repr(verify(passed, pairs[headers], f"{key}\n" if whole == "key" else key))
    except (fluxframe.FluxframeError, TypeError) as error:
        shown = "\n".join(seen_in(error))
    assert not [secret for secret in secrets if secret in shown]


@given(
    raw=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(["event", "jobId", "model", "status"], JSON)
    )
)
def test_a_repr_is_one_short_line(raw: dict[str, Any]) -> None:
    shown = repr(Event(raw))
    assert len(shown.splitlines()) == 1
    assert len(shown) < 800


def test_a_repr_says_what_matters_and_no_query() -> None:
    raw = {**json.loads(BODY), "model": "https://u:p@host/a?signature=hunter2", "result": "hunter2"}
    assert repr(Event(raw)) == "<Event progress one https://…@host/a?… PROCESSING 50 %>"


# What an event holds.

MEMBERS = {
    name: schema
    for kind in EVENTS.values()
    for name, schema in (SPEC.objects[kind].properties or {}).items()
}
SAMPLES = {
    "event": "completed",
    "jobId": "6f2c",
    "status": "COMPLETED",
    "progress": 100,
    "model": "flux-2-pro",
    "error": "out of luck",
    "result": {"images": ["https://cdn.example/1.png"]},
    "creditCost": 4,
    "completedAt": "2026-01-02T03:04:05Z",
}


def test_every_member_of_the_spec_is_a_property() -> None:
    assert MEMBERS.keys() == SAMPLES.keys()
    event = Event(SAMPLES)
    for name, value in SAMPLES.items():
        wanted = datetime.fromisoformat(str(value)) if name == "completedAt" else value
        assert getattr(event, identifier(name)) == wanted
        assert getattr(Event, identifier(name)).__doc__
    assert (event.ended, event.succeeded) == (True, True)
    assert event.image_urls == ["https://cdn.example/1.png"]


@given(raw=OBJECTS | st.fixed_dictionaries({}, optional=dict.fromkeys(MEMBERS, JSON)))
def test_members_of_any_type_are_kept_and_read_without_an_error(raw: dict[str, Any]) -> None:
    body = json.dumps({**raw, "novelty": [1]}).encode()
    event = verify(body, {HEADER: sign(body)}, KEY)
    assert event.raw == {**raw, "novelty": [1]}
    for name in [*map(identifier, MEMBERS), "ended", "succeeded", "image_urls", "fingerprint"]:
        getattr(event, name)
    assert isinstance(event.job_id, str)
    assert event.supersedes(None)
    assert not event.supersedes(event)


def test_an_event_that_is_new_is_kept() -> None:
    body = b'{"event": "archived", "status": "ARCHIVED", "jobId": "one"}'
    event = verify(body, {HEADER: sign(body)}, KEY)
    assert (event.event, event.status, event.ended) == ("archived", "ARCHIVED", False)


def test_a_repeated_member_counts_as_the_last() -> None:
    body = b'{"event": "progress", "event": "completed"}'
    assert verify(body, {HEADER: sign(body)}, KEY).event == "completed"


def test_the_pictures_are_read_as_those_of_a_job() -> None:
    results: list[Any] = [None, "https://a/1", {"images": ["https://a/1", 2]}, {"images": 3}, [], 4]
    for result in results:
        job = Job(None, {"id": "one", "status": "COMPLETED", "result": result})
        assert Event({"jobId": "one", "result": result}).image_urls == job.image_urls


def test_an_event_can_be_copied_and_pickled() -> None:
    event = Event(SAMPLES)
    for again in (copy.deepcopy(event), pickle.loads(pickle.dumps(event))):
        assert (type(again), again.raw) == (Event, event.raw)


# Repeats and disorder.


@given(raw=OBJECTS, indent=st.none() | st.integers(0, 3), data=st.data())
def test_a_fingerprint_is_that_of_what_is_said(
    raw: dict[str, Any], indent: int | None, data: st.DataObject
) -> None:
    turned = dict(data.draw(st.permutations(list(raw.items()))))
    again = Event(json.loads(json.dumps(turned, indent=indent, ensure_ascii=False)))
    assert again.fingerprint == Event(raw).fingerprint
    assert Event({**raw, "more": 1}).fingerprint != Event({**raw, "more": 2}).fingerprint
    assert len(again.fingerprint) == 64


STATUS = st.sampled_from([*STATUSES, "ARCHIVED", None])
PROGRESS = st.none() | st.integers(-1, 3) | st.sampled_from([100, 50.0, "1", True])
RAW_EVENTS = st.fixed_dictionaries(
    {"jobId": st.just("one")},
    optional={
        "event": st.sampled_from([*EVENTS, "archived"]),
        "status": STATUS,
        "progress": PROGRESS,
        "result": st.sampled_from([None, "https://a/1", {"images": []}]),
        "error": st.sampled_from([None, "out of luck", 5]),
    },
)
A_JOB = RAW_EVENTS.map(lambda raw: Job(None, {**raw, "id": "one"}))
ANY_EVENT = RAW_EVENTS.map(Event)


@given(one=ANY_EVENT, two=ANY_EVENT, three=ANY_EVENT)
def test_supersedes_is_a_strict_partial_order(one: Event, two: Event, three: Event) -> None:
    assert not one.supersedes(one)
    assert not one.supersedes(Event(copy.deepcopy(one.raw)))
    assert not (one.supersedes(two) and two.supersedes(one))
    if one.supersedes(two) and two.supersedes(three):
        assert one.supersedes(three)


@given(one=ANY_EVENT, two=ANY_EVENT)
def test_an_end_supersedes_and_more_progress_does(one: Event, two: Event) -> None:
    if one.ended != two.ended:
        assert one.supersedes(two) == one.ended
    elif not one.ended and one.progress is not None and two.progress is not None:
        assert one.supersedes(two) == (one.progress > two.progress)


def test_any_progress_supersedes_none() -> None:
    assert Event({"jobId": "one", "progress": 0}).supersedes(Job(None, {"id": "one"}))


@given(event=ANY_EVENT, job=A_JOB)
def test_an_event_compares_with_a_job_as_with_an_event(event: Event, job: Job) -> None:
    assert event.supersedes(job) == event.supersedes(Event({**job.raw, "jobId": job.id}))


@given(one=st.text(), other=st.text())
def test_events_of_two_jobs_have_no_order(one: str, other: str) -> None:
    assume(one != other)
    with pytest.raises(WebhookError, match="can't supersede"):
        Event({"jobId": one}).supersedes(Event({"jobId": other}))
    with pytest.raises(WebhookError, match="can't supersede"):
        Event({"jobId": one}).supersedes(Job(None, {"id": other}))


@pytest.mark.parametrize(
    "end",
    [
        {"event": "completed", "status": "COMPLETED", "progress": 100, "result": "https://a/1"},
        {"event": "failed", "status": "FAILED", "error": "out of luck"},
    ],
)
@given(data=st.data())
def test_in_any_order_and_with_any_repeats_the_end_is_what_stays(
    end: dict[str, Any], data: st.DataObject
) -> None:
    life = [{"event": "progress", "status": "PROCESSING", "progress": n} for n in (0, 25, 50)]
    # The last progress may tell of the end, without what came of it.
    life += [{"event": "progress", "status": end["status"], "progress": 100}, end]
    repeats = data.draw(st.lists(st.sampled_from(life)))
    latest: Event | None = None
    taken = 0
    for raw in data.draw(st.permutations(life + repeats)):
        event = Event({"jobId": "one", **raw})
        if event.supersedes(latest):
            latest, taken = event, taken + 1
    assert latest is not None
    assert latest.event == end["event"]
    assert taken <= len(life)


# The module.


def test_it_is_loaded_without_httpx_and_pydantic() -> None:
    code = (
        "import sys, fluxframe; assert 'fluxframe.webhooks' not in sys.modules; "
        "fluxframe.webhooks.verify; from fluxframe import webhooks; "
        "print(sorted({'httpx', 'pydantic'} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": str(Path(fluxframe.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "[]\n"


def test_the_header_is_the_specs() -> None:
    body = json.dumps({}).encode()
    assert isinstance(verify(body, {SPEC.api.webhooks.signature_header: sign(body)}, KEY), Event)


# Receivers to copy, with events of the emulator.

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@contextmanager
def in_thread(run: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()


@contextmanager
def serving_fastapi(module: ModuleType) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(module.app, log_level="warning", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            server.run(sockets=[listening])

        def stop() -> None:
            server.should_exit = True

        with in_thread(run, stop):
            until(lambda: server.started)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def serving_flask(module: ModuleType) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, module.app, threaded=True)
    with in_thread(server.serve_forever, server.shutdown):
        yield f"http://127.0.0.1:{server.port}"
    server.server_close()


@contextmanager
def serving_stdlib(module: ModuleType) -> Iterator[str]:
    with (
        HTTPServer(("127.0.0.1", 0), module.Receiver) as server,
        in_thread(lambda: server.serve_forever(0.01), server.shutdown),
    ):
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def serving_django(module: ModuleType) -> Iterator[str]:
    if (
        not settings.configured
    ):  # A process has settings once; what a test needs of them, it overrides.
        settings.configure(LOGGING_CONFIG=None, MIDDLEWARE=CSRF)
    with override_settings(ROOT_URLCONF=module, ALLOWED_HOSTS=["127.0.0.1"]):
        server = make_server("127.0.0.1", 0, WSGIHandler(), threaded=True)
        with in_thread(server.serve_forever, server.shutdown):
            yield f"http://127.0.0.1:{server.port}"
        server.server_close()


# As projects have it: a receiver must be exempt from it.
CSRF = ["django.middleware.csrf.CsrfViewMiddleware"]

SERVERS: Mapping[str, Callable[[ModuleType], Any]] = {
    "django": serving_django,
    "fastapi": serving_fastapi,
    "flask": serving_flask,
    "stdlib": serving_stdlib,
}


def example(name: str) -> ModuleType:
    """An example as a module of its own, loaded anew."""
    path = EXAMPLES / f"webhook_{name}.py"
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.005)


def delivered(client: Fluxframe, url: str, **parameters: Any) -> Job:
    """A job when its last event has been posted."""
    job = client.images.generate(
        {"model": "flux-2-pro", "prompt": "a fox", "webhook_url": url, **parameters},
        validation="off",
    )
    until(lambda: job.refresh().raw["webhookStatus"] != "pending")
    return job


@pytest.mark.parametrize("name", SERVERS)
def test_an_example_takes_what_is_signed_and_new_and_nothing_else(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APIFRAME_API_KEY", KEY)
    module = example(name)
    taken: list[Event] = []
    monkeypatch.setattr(module, "handle", taken.append)
    with (
        SERVERS[name](module) as host,
        Emulator(job_seconds=0.1) as emulator,
        emulator.client(api_key=KEY) as client,
        httpx.Client(base_url=host, trust_env=False) as sender,
    ):
        done = delivered(client, f"{host}/apiframe")
        failed = delivered(client, f"{host}/apiframe", aspect_ratio="0:9")
        assert [job.raw["webhookStatus"] for job in (done, failed)] == ["delivered"] * 2
        until(lambda: len(taken) == 4)
        life = list(taken)

        def post(body: bytes, signature: str | None) -> int:
            headers = {} if signature is None else {HEADER: signature}
            return sender.post("/apiframe", content=body, headers=headers).status_code

        for event in life:  # Repeats, the first of each job's late as well.
            body = json.dumps(event.raw).encode()
            for form, prefix in FORMS:
                assert post(body, sign(body, KEY, form, prefix)) == 204
        forged = json.dumps({**life[0].raw, "jobId": "two"}).encode()
        assert post(forged, None) == 401
        assert post(forged, sign(forged, "afk_other")) == 401
        assert post(forged, sign(json.dumps(life[0].raw).encode())) == 401
        assert post(b"[]", sign(b"[]")) == 400
        assert post(BODY, sign(BODY)) == 204
        until(lambda: len(taken) > len(life))
    if hasattr(module, "later"):
        module.later.shutdown()
    assert [event.job_id for event in taken[4:]] == ["one"]
    by_job = {
        job: [event.event for event in events]
        for job, events in itertools.groupby(life, lambda event: event.job_id)
    }
    assert by_job == {done.id: ["progress", "completed"], failed.id: ["progress", "failed"]}
    assert life[1].image_urls == done.image_urls
    assert (life[1].credit_cost, life[1].completed_at) == (done.credit_cost, done.completed_at)
    assert life[3].error == failed.error
    assert not life[1].supersedes(done)
    assert life[1].supersedes(life[0])


@pytest.mark.parametrize("name", SERVERS)
def test_an_example_is_short(name: str) -> None:
    text = (EXAMPLES / f"webhook_{name}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 50
