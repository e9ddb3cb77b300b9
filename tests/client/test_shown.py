"""All that shows a text: a screenful at most, in linear time, in characters that a terminal only prints.

Each class of errors, each dataclass and each answer is found, not listed, so that a new one is tried too.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import pkgutil
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

import fluxframe
from fluxframe import (
    Advice,
    AsyncImage,
    AsyncJob,
    FluxframeError,
    Image,
    InvalidRequestError,
    Job,
    JobError,
    Problem,
    Report,
    UnexpectedResponseError,
    check,
    types,
    webhooks,
)
from fluxframe._answers import Answer
from fluxframe._check import check_parameters, enforce
from fluxframe._problems import _WORDS, Action
from fluxframe._readers import answer_json, job_json, jobs_json
from fluxframe._redact import SCREENFUL, Secret
from fluxframe._waiting import Polls
from fluxframe._wire import http, responses
from fluxframe._wire.bodies import ReadAnswer
from fluxframe.batch import _entry, _json_rows, _rows, _tables
from fluxframe.cli import _error_report, _exit, _progress, _session, _table

from ..conftest import LEAKS
from ..servers.http1 import http_json
from ..servers.scripted import hanging_up
from . import calls
from .calls import Kind, both

KEY = "afk_fedcba9876543210"  # Not that of a client, as the watch over all tests looks at the data of errors too.
SECRET = Secret(KEY)
# What a server, a file or a caller may send: to a terminal, to patterns that look again and again, and of the key.
TEXTS = {
    "terminal": "\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08\u202e\u2066\x7f\x00",
    "URLs": "//a?x=1://u:p@b/c#d ",
    "base64": "iVBORw0KGgoAAAANSUhEUgAA",
    "key": f"{KEY} ",
    "lines": "a\n\u2028",
}
# Characters; a text of ten times that takes ten times as long.
LONG = int(os.environ.get("FLUXFRAME_LONG_TEXT", 10**6))


@pytest.fixture(autouse=True)
def no_key_is_shown() -> Iterator[None]:
    """In the place of the watch over all tests: these texts may hold what is a key in another test."""
    yield
    LEAKS.finish()


def classes() -> Iterator[type]:
    """All classes of the package, but for those of the emulator, which is another program."""
    for module in pkgutil.walk_packages(fluxframe.__path__, "fluxframe."):
        if module.name.startswith(("fluxframe.emulator", "fluxframe.__")):
            continue
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and value.__module__.startswith("fluxframe"):
                yield value


KINDS = list({kind.__qualname__: kind for kind in classes()}.values())
Shows = Callable[[str], Iterable[str]]


class Hostile(dict[str, Any]):
    """JSON of which each member is a text."""

    def __init__(self, text: str) -> None:
        super().__init__({"id": text, text: text})
        self.text = text

    def get(self, name: object, default: object = None) -> Any:
        return self.text


def of_error(kind: type[FluxframeError], text: str) -> Iterator[str]:
    advice = Advice(Action.SUBMIT_AGAIN, (text,))
    error: Any
    if issubclass(kind, _tables.UnreadableFileError):
        error = kind(text, 1, text)
    elif issubclass(kind, InvalidRequestError):
        error = kind([Problem(rule="format", parameter=text, detail=text, advice=advice)] * 5)
    elif issubclass(kind, JobError):
        error = kind(text, Job(None, {"id": text}), advice=advice)
    elif issubclass(kind, fluxframe.APIStatusError):
        details = {text: [text] * 3, "b": ["c"] * 1000}
        error = kind(text, status=400, body=text, details=details, request_id=text, advice=advice)
    elif issubclass(kind, UnexpectedResponseError):
        error = kind(text, status=200, body=text, advice=advice)
    else:
        error = kind(text)
        error.advice = advice
    if isinstance(error, fluxframe.APIError):
        error.operation, error.notes = "me", (text, text)
    error.add_note(text)
    yield from (str(error), repr(error), *map(str, error.args), error.what, *error.__notes__)
    yield _error_report.error_text(error)
    found = _error_report.error_json(error)
    yield from (found["message"], found["hint"])


def of_dataclass(kind: type[Any], text: str) -> Iterator[str]:
    value = object.__new__(kind)
    for member in fields(kind):
        object.__setattr__(value, member.name, text)
    yield repr(value)


def of_problem(rule: str, text: str) -> Iterator[str]:
    advice = Advice(Action.EXPECTED, (text, text))
    problem = Problem(
        rule=rule,
        path=text,
        parameter=text,
        value=text,
        limit="object" if rule == "type" else {text: (text,)},
        choices=(text, text),
        example=text,
        origin=text,
        model=text,
        unit=text,
        advice=advice,
    )
    yield from (str(problem), problem.what, repr(problem))
    yield from (_error_report.problem_text(problem), repr(_error_report.problem_json(problem)))[:1]


def of_answer(kind: type[Answer], text: str) -> Iterator[str]:
    yield repr(kind(Hostile(text)))


def of_advice(action: Action, text: str) -> Iterator[str]:
    advice = Advice(action, (text, text))
    yield from (str(advice), repr(advice), _error_report.advice_text(advice))


def of_job(text: str) -> Iterator[str]:
    raw = {"id": text, "model": text, "status": "FAILED", "error": text, "progress": 5}
    for kind in (Job, AsyncJob):
        job = kind(None, raw)
        yield from (repr(job), str(job))
        with pytest.raises(JobError) as caught:
            job.raise_for_status()
        yield from (str(caught.value), repr(caught.value))
        yield str(job._timeout_error(Polls(1.0)))
    for image in (Image, AsyncImage):
        picture = image(None, text, job_id=text, index=0)
        yield from (repr(picture), picture.name, str(picture._gone(404)), str(picture._gone(500)))
        assert not picture.name.startswith("-")
        assert picture.name.isprintable()
        assert len(picture.name) < 150


def of_answers(text: str) -> Iterator[str]:
    """The errors that answers become, and what is said of an exception of the HTTP library."""
    body = json.dumps({"error": text, "details": {text: [text], "fluxParams.width": [text]}})
    headers = {"content-type": "text/plain"}
    for content in (body.encode(), text.encode("utf-8", "replace"), b'"' + text.encode() + b'"'):
        answer = ReadAnswer(400, httpx.Headers(headers), content)
        error: FluxframeError = responses.status_error("me", answer)
        yield from (str(error), repr(error))
    with pytest.raises(UnexpectedResponseError) as caught:
        responses.parsed("me", ReadAnswer(200, httpx.Headers(), b"{" + text.encode()))
    yield from (str(caught.value), repr(caught.value))
    for read in (partial(job_json, id="x"), jobs_json, answer_json):
        for data in ([text], {text: text}):
            response = fluxframe.Response(200, {}, b"", data, 1, 0.1)
            try:
                read(response, "me")
            except UnexpectedResponseError as unexpected:
                yield from (str(unexpected), repr(unexpected))
    failure = http.failure(httpx.ReadError(text), httpx)
    assert failure is not None
    yield failure.words


def of_logs(text: str) -> Iterator[str]:
    """What the package's own logger says of a server."""
    records: list[logging.LogRecord] = []
    handler, logger = logging.Handler(), logging.getLogger("fluxframe")
    handler.emit = records.append  # type: ignore[method-assign,assignment]
    logger.addHandler(handler)
    with Polls(1.0).passing_failures():
        raise fluxframe.ServerError(text, status=500, details={text: [text]})
    logger.removeHandler(handler)
    assert records
    for record in records:
        assert "\n" not in record.getMessage()
        yield record.getMessage()


def of_callers(text: str) -> Iterator[str]:
    """What is said of a request and of the arguments of a client."""
    for request in (
        {"model": text},
        {"model": "flux-2-pro", "prompt": 1, text: text, "width": text, "input_images": text},
        {"model": "flux-2-pro", "prompt": "a", "resolution": text, "input_images": [text] * 20},
        text,
    ):
        report = check(request)  # type: ignore[arg-type]
        yield from (str(report), repr(report))
        with pytest.raises(InvalidRequestError) as caught:
            enforce(report, "error")
        yield from (str(caught.value), repr(caught.value))
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            enforce(report, "warn")
        yield from (str(warning.message) for warning in told)
    yield from map(str, (Report((Problem(rule="format", detail=text),) * 500),))
    for options in ({"base_url": text}, {"timeout": text}, {"max_retries": text}):
        with pytest.raises(fluxframe.ConfigurationError) as wrong:
            fluxframe.Fluxframe(api_key="afk_x", **options)  # type: ignore[arg-type]
        yield str(wrong.value)
    typed = types.Flux2Pro(prompt=text[:2000], webhook_url="https://a.b/?x=" + KEY)
    yield from (repr(typed), str(typed))
    long = "".join(c for c in text if c.isascii() and c.isalnum()).replace(KEY[4:], "")
    for kind in (fluxframe.Fluxframe, fluxframe.AsyncFluxframe):
        client = kind(api_key="afk_x", base_url=f"https://a.b/{long}")
        yield from (repr(client), repr(client._transport), repr(client._transport.settings))


def of_webhooks(text: str) -> Iterator[str]:
    event = webhooks.Event({"id": text, "jobId": text, "event": text, "status": text})
    yield repr(event)
    with pytest.raises(fluxframe.WebhookError) as caught:
        event.supersedes(webhooks.Event({"jobId": "other"}))
    yield str(caught.value)
    for headers in ({"X-Webhook-Signature": text}, {text: text}):
        with pytest.raises(fluxframe.SignatureError) as unsigned:
            webhooks.verify(text.encode("utf-8", "replace"), headers, KEY)
        yield str(unsigned.value)


def of_batches(text: str, folder: Path = Path("/nowhere")) -> Iterator[str]:
    yield from (_entry.error_text(text), repr(_rows.row(0, {"model": text, "prompt": text})))
    model = _rows.row(0, {"model": text}).model
    assert model is not None
    yield model
    yield str(_rows.unreadable(0, None, text, text).problem)
    table = f"model,prompt\n{text}".splitlines(keepends=True)
    for read in (_tables.read_table, _json_rows.read_lines):
        for lines in (table, [text, text]):
            try:
                yield from (f"{row!r}{row.problem}" for row in islice(read(text, iter(lines)), 3))
            except _tables.UnreadableFileError as unreadable:
                yield str(unreadable)


def of_commands(text: str) -> Iterator[str]:
    """What commands print for people."""
    session = _session.Session()
    _, err = streams = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", streams[0])
        patch.setattr("sys.stderr", streams[1])
        for do in (
            lambda: session.note(text),
            lambda: session.warn(text),
            lambda: _progress.Progress(session).tell(text, text, 5, text),
            lambda: _exit.report(click.UsageError(text), as_json=False),
            lambda: _exit.report(OSError(2, text, text), as_json=False),
            lambda: _exit.report(ValueError(text), as_json=False),
        ):
            do()
            yield err.getvalue()[:-1].removeprefix("warning: ").replace("fluxframe: ", "")
            err.truncate(err.seek(0))
        _table.print_table(session, ["Name"], [[text]])
        yield streams[0].getvalue().split("\n", 1)[1][:-1]
        for chatty in (session, _session.Session(verbose=True)):
            with chatty._logged():
                logging.getLogger("fluxframe").info("%s", text)
            yield err.getvalue()[:-1]
            err.truncate(err.seek(0))


SHOWS: dict[str, Shows] = {
    **{
        kind.__name__: partial(of_error, kind)
        for kind in KINDS
        if issubclass(kind, FluxframeError) and kind.__name__ != "Gone"
    },
    **{
        f"repr of {kind.__name__}": partial(of_dataclass, kind)
        for kind in KINDS
        if is_dataclass(kind) and kind.__name__ not in ("BatchSummary", "BatchProgress")
    },
    **{
        f"repr of {kind.__name__}": partial(of_answer, kind)
        for kind in KINDS
        if issubclass(kind, Answer) and kind not in (Job, AsyncJob)
    },
    **{f"problem of {rule}": partial(of_problem, rule) for rule in _WORDS},
    **{f"advice to {action}": partial(of_advice, action) for action in Action},
    "BatchSummary": lambda text: [
        repr(fluxframe.BatchSummary(1, 1, 0, 0, 0, 1.0, Path(text), Path(text)))
    ],
    "Model": lambda text: [
        repr(
            fluxframe.Model(
                id=text,
                title=text,
                family=text,
                operation=text,
                discriminator=text,
                stands_for=text,
                result=text,
                media="image",
                summary=text,
                description=text,
                container=text,
                parameters=dict.fromkeys([text]),  # type: ignore[arg-type]
            )
        )
    ],
    "Polls": lambda text: [repr(Polls(1.0))],
    "jobs": of_job,
    "answers": of_answers,
    "logs": of_logs,
    "callers": of_callers,
    "webhooks": of_webhooks,
    "batches": of_batches,
    "commands": of_commands,
}
each = pytest.mark.parametrize("show", SHOWS.values(), ids=SHOWS)


def test_each_kind_is_tried() -> None:
    assert {kind.__name__ for kind in KINDS} > {"RateLimitError", "Response", "Entry", "Me"}
    assert len(SHOWS) > 90


@each
def test_what_is_shown_is_a_screenful_that_a_terminal_only_prints(show: Shows) -> None:
    for name, part in TEXTS.items():
        for times in (1, 3000):
            for shown in show(part * times):
                assert len(shown) <= SCREENFUL, name
                assert shown.replace("\n", "").isprintable(), name
                assert KEY not in shown, name


def seconds(show: Shows, text: str) -> float:
    start = time.process_time()
    for _ in show(text):
        pass
    return time.process_time() - start


@both
@pytest.mark.parametrize(("size", "is_read"), [(350_000, True), (1_500_000, False)])
def test_a_refusal_that_repeats_a_picture_is_told_at_once(
    kind: Kind, size: int, is_read: bool
) -> None:
    picture = base64.b64encode(os.urandom(size)).decode()
    body = {"error": f"not a picture: {picture}", "details": {"input_images": [picture]}}
    with hanging_up(http_json(body, 400)) as server:
        start = time.process_time()
        with pytest.raises(fluxframe.BadRequestError) as caught:
            calls.call(kind, lambda client: client.me(), base_url=server.url, deadline=3)
        assert len(str(caught.value)) <= SCREENFUL
        assert time.process_time() - start < 2
    # What is longer than an error may be is kept as a part of its text.
    found = caught.value.body
    assert found == body if is_read else json.dumps(body).startswith(str(found))


@pytest.mark.parametrize("item", [str, lambda number: [number]], ids=["texts", "lists"])
def test_a_list_of_any_length_is_compared_in_linear_time(item: Callable[[int], object]) -> None:
    parameter = fluxframe.Parameter(name="tags", path="tags", type="array", unique_items=True)
    items = [item(number) for number in range(20_000)]
    start = time.process_time()
    assert check_parameters({"tags": items}, [parameter]).ok
    (problem,) = check_parameters({"tags": [*items, item(7)]}, [parameter]).problems
    assert str(problem) == "tags: item 20000 repeats item 7"
    assert time.process_time() - start < 1


@each
def test_a_text_of_any_length_costs_no_more_than_to_pass_over_it(show: Shows) -> None:
    for part in ("//", "iVBORw0KGgo"):
        # A few passes over it, such as to parse it and to look for the key; a squared time is hours.
        assert seconds(show, part * (LONG // len(part))) < 0.3 + LONG / 10**6
