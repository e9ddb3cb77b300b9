"""The attempts of one call: the request, the time that each may take, and what comes of it."""

from __future__ import annotations

import json
import logging
import math
import random
import re
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from .._answers import Response
from .._catalog import API
from .._check import check_parameters, checked_validation, enforce
from .._errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    InvalidRequestError,
    UnexpectedResponseError,
)
from .._problems import Action, Advice, Problem
from .._redact import show, without_query
from .._version import __version__
from .answers import parsed, status_error
from .calls import Call, CallInfo
from .http import AsyncClient, Client, failure
from .retry import Failure, Stop, decide
from .settings import Settings, checked_seconds

# Seconds by which httpx may end an attempt itself: it knows what was sent, and closes a connection
# that is being made, which it leaves open when it is cancelled.
GRACE = 0.25
USER_AGENT = f"fluxframe/{__version__} python/{'.'.join(map(str, sys.version_info[:3]))}"
# Of the URLs of one client; a few hundred bytes each.
_MOST_URLS = 1000
_IDEMPOTENCY_HEADER = API.idempotency_header.encode()

_log = logging.getLogger(__name__.removesuffix("._wire.attempts"))


@dataclass(slots=True)
class Prepared:
    """What the requests that go by a client have in common, made once.

    The headers of requests with and without the API key, and URLs by their path and query.
    """

    client: Client | AsyncClient
    plain: list[tuple[bytes, bytes]]
    keyed: list[tuple[bytes, bytes]]
    urls: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, client: Client | AsyncClient, http: Any) -> Prepared:
        """That of a client, whose own headers go along."""
        headers = http.Headers(client.headers)
        for name in (API.key_header, "Content-Type"):
            headers.pop(name, None)
        headers.update({"Accept": "application/json", "User-Agent": USER_AGENT})
        plain = list(headers.raw)
        headers.update({API.key_header: settings.api_key} if settings.api_key else {})
        return cls(client, plain, list(headers.raw))


class Attempts:
    """The attempts of one call: what to send, and what comes of how it went.

    Everything but the sending and the sleeping, which differ between sync and async.
    """

    def __init__(
        self,
        settings: Settings,
        prepared: Prepared,
        call: Call,
        http: Any,
        info: CallInfo | None = None,
    ) -> None:
        self._settings = settings
        self._prepared = prepared
        self._call = call
        self._http = http
        self._info = info
        self._timeout = settings.timeout
        if call.timeout is not None:
            self._timeout = checked_seconds("timeout", call.timeout)
        self._key: str | None = None
        self._request = self._build()
        self._start = time.monotonic()
        deadline = settings.deadline if call.deadline is None else max(call.deadline, 0.001)
        self._end = self._start + deadline
        self._count = 0
        # Whether the server may have done it already.
        self._unsure = False

    def _build(self) -> Any:
        """The request, the same in each attempt. Raises before anything is sent."""
        call, operation = self._call, self._call.operation
        if self._settings.api_key is None and operation.authenticated:
            raise ConfigurationError(
                f"{operation.name} needs an API key, and there is none; pass api_key=… to the "
                "client, or set APIFRAME_API_KEY"
            )
        common = self._prepared
        headers = common.keyed if operation.authenticated else common.plain
        varies = call.path_parameters or call.query
        url = self._filled_url() if varies else self._url(operation.path)
        if call.file is not None:
            name, file = call.file
            files = {name: (file.name, file.content)}
            return self._http.Request(operation.method, url, headers=headers, files=files)
        if call.body is None:
            return self._http.Request(operation.method, url, headers=headers)
        headers = [*headers, (b"Content-Type", b"application/json")]
        if operation.idempotent_by_key:
            self._key = checked_idempotency_key(call.idempotency_key)
            headers.append((_IDEMPOTENCY_HEADER, self._key.encode()))
        content = _encode(call.body)
        return self._http.Request(operation.method, url, headers=headers, content=content)

    def _filled_url(self) -> Any:
        """The URL with its path parameters and query, once they are checked."""
        call, operation = self._call, self._call.operation
        query = {name: value for name, value in (call.query or {}).items() if value is not None}
        given = {**(call.path_parameters or {}), **query}
        validation = call.validation or self._settings.validation
        if checked_validation(validation) != "off":
            enforce(check_parameters(given, operation.parameters), validation)
        names = {parameter.name: parameter.wire_name for parameter in operation.parameters}
        path = operation.path
        for name, value in (call.path_parameters or {}).items():
            path = path.replace("{" + names[name] + "}", _path_segment(name, value))
        if query:
            path += "?" + urlencode({names[n]: v for n, v in query.items()})
        return self._url(path)

    def _url(self, path: str) -> Any:
        """A URL of the API, read once: a job is asked for again and again."""
        urls = self._prepared.urls
        if (url := urls.get(path)) is None:
            if len(urls) >= _MOST_URLS:
                urls.clear()
            try:
                url = urls[path] = self._http.URL(self._settings.base_url + path)
            except (self._http.InvalidURL, ValueError) as error:
                raise InvalidRequestError(
                    [
                        Problem(
                            rule="format",
                            detail=f"{self._call.operation.name}: not a URL: {error}",
                        )
                    ]
                ) from None
        return url

    def next(self, until: Callable[[float, float], Any]) -> tuple[Any, float]:
        """The request of the next attempt, and the seconds that it may take.

        `until` makes a socket's timeout of the seconds that one step may take, and all of them.
        """
        self._count += 1
        left = self._end - time.monotonic()
        step = max(0.001, min(self._timeout, left))
        # The time that a file takes to send depends on its size; only each step of it is limited.
        whole = step if self._call.file is None else max(left, 0.001)
        self._request.extensions["timeout"] = timeouts(step, whole, until)
        return self._request, whole

    def answered(self, answer: Any) -> Response | float:
        """What an answer comes to: itself read, or seconds to sleep. Raises APIError."""
        status: int = answer.status_code
        name = self._call.operation.name
        elapsed = time.monotonic() - self._start
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s: attempt %d: %d after %.3f s", name, self._count, status, elapsed)
        error: APIStatusError | UnexpectedResponseError
        if 200 <= status < 300:
            try:
                data = parsed(name, answer, self._settings.api_key)
            except UnexpectedResponseError as unread:
                error, wrong = unread, Failure("answer", "an answer that can't be read")
            else:
                response = Response(
                    status, answer.headers, answer.content, data, self._count, elapsed, self._key
                )
                if self._info is not None:
                    self._tell(response)
                return response
        else:
            error, wrong = self._refused(answer)
        return self._again(error, wrong)

    def _refused(self, answer: Any) -> tuple[APIStatusError, Failure]:
        status: int = answer.status_code
        error = status_error(self._call.operation.name, answer, self._settings.api_key)
        after = error.retry_after
        return error, Failure("status", f"status {status}", status=status, retry_after=after)

    def interrupted(self, error: BaseException) -> None:
        """Tell Ctrl-C, or the like, how to go on with a submission."""
        if self._key is not None and self._count:
            advice = Advice(Action.SUBMIT_AGAIN, (self._key,))
            error.add_note(f"{self._call.operation.name}: interrupted; {advice}")

    def failed(self, error: Exception) -> float:
        """Seconds to sleep after an exception of httpx's. Raises APIError, or what is no failure."""
        found: Any = error
        # By a hook of the caller's client, which leaves the content unread.
        if isinstance(error, self._http.HTTPStatusError):
            return self._again(*self._refused(_Unread(found.response)))
        wrong = failure(error, self._http)
        if wrong is None:
            raise error
        kind = APITimeoutError if wrong.cause == "timeout" else APIConnectionError
        ours = kind(wrong.words)
        ours.__cause__ = error
        return self._again(ours, wrong)

    def _again(self, error: APIError, wrong: Failure) -> float:
        """Seconds to sleep before the next attempt; raises the error if there is none."""
        call, now = self._call, time.monotonic()
        refused = wrong.cause == "status" and (wrong.status or 0) < 500 and wrong.status != 408
        self._unsure = self._unsure or (wrong.sent and not refused)
        retries = self._settings.max_retries if call.max_retries is None else call.max_retries
        decision = decide(
            wrong,
            attempt=self._count,
            max_retries=retries,
            left=self._end - now,
            repeatable=call.operation.method == "GET" or self._key is not None,
            jitter=random.random(),
        )
        if not isinstance(decision, Stop):
            _log.info(
                "%s: attempt %d: %s; again in %.2f s",
                call.operation.name,
                self._count,
                wrong.words,
                decision,
            )
            return decision
        error.operation = call.operation.name
        error.attempts = self._count
        error.elapsed = now - self._start
        error.idempotency_key = self._key
        self._explain(error, wrong, decision)
        if self._info is not None:
            self._tell(error)
        raise error

    def _explain(self, error: APIError, wrong: Failure, stop: Stop) -> None:
        """Adds to an error how often it was tried, and what to do next."""
        notes: list[str] = []
        if self._count > 1 or stop is Stop.DEADLINE:
            times = f"{self._count} attempt{'s' if self._count > 1 else ''}"
            notes.append(f"{times} in {error.elapsed:.1f} s")
        if wrong.cause not in ("status", "answer"):
            notes.append(without_query(self._settings.base_url))
        if error.request_id:
            notes.append(f"request id {error.request_id}")
        error.notes += tuple(notes)
        if self._unsure and self._key is not None:
            error.advice = Advice(Action.SUBMIT_AGAIN, (self._key,))
        elif wrong.sent and stop is Stop.REPEATS:
            error.advice = Advice(Action.MAY_HAVE_ARRIVED)

    def _tell(self, end: Response | APIError) -> None:
        """Completes what `instrument` sees."""
        info = self._info
        assert info is not None
        info.idempotency_key = self._key
        info.status = getattr(end, "status", None)  # No answer, no status.
        info.request_id = end.request_id
        info.attempts = end.attempts
        info.elapsed = end.elapsed
        if isinstance(end, Response) and info.job_id is None and isinstance(end.data, Mapping):
            id = end.data.get(API.accepted["id"])
            info.job_id = id if isinstance(id, str) else None


class _Unread:
    """An answer of which a hook has left nothing but its status and headers."""

    content = b""
    text = ""

    def __init__(self, answer: Any) -> None:
        self.status_code: int = answer.status_code
        self.headers: Mapping[str, str] = answer.headers


class Until:
    """A socket's timeout that ends with the whole attempt, however slowly the bytes drip in.

    httpx knows a timeout for each read only, and each byte begins it anew; so does each address of
    a host. The socket asks for the number each time, as an integer, so that it holds to the second.
    """

    __slots__ = ("_end", "_step")

    def __init__(self, step: float, whole: float) -> None:
        self._step = step
        self._end = time.monotonic() + whole

    def __index__(self) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("no time is left for this answer")
        return max(1, math.ceil(min(self._step, left)))


def timeouts(step: float, whole: float, until: Callable[[float, float], Any]) -> dict[str, Any]:
    """What httpx is told: a host may have many addresses to try, and an answer many parts."""
    limit = until(step, whole)
    connect = step if limit is None else limit
    return {"connect": connect, "read": limit, "write": limit, "pool": step}


def limit(step: float, whole: float) -> float | None:
    """A socket's timeout where asyncio sees to the whole: none, if a step may take all of it."""
    return None if step == whole else step


def info_of(settings: Settings, call: Call) -> CallInfo:
    """A call as `instrument` sees it at its beginning."""
    operation, body = call.operation, call.body or {}
    model = body.get("model")
    id = (call.path_parameters or {}).get("id")
    return CallInfo(
        operation=operation.name,
        method=operation.method,
        url=without_query(settings.base_url) + operation.path,
        model=model if isinstance(model, str) else None,
        job_id=id if isinstance(id, str) else None,
    )


# With what the caller wrote left as it is.
_JSON = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=lambda v: _plain(v)
)


def _encode(body: Mapping[str, Any]) -> bytes:
    """The JSON of a body."""
    try:
        return _JSON.encode(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        reason = f"the request can't be written as JSON: {type(error).__name__}"
        if not isinstance(error, UnicodeEncodeError):  # Its text holds the whole body.
            reason = f"{reason}: {error}"
        raise InvalidRequestError([Problem(rule="json", detail=reason)]) from None


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__qualname__} is not a type of JSON")


def _path_segment(name: str, value: str) -> str:
    try:
        if isinstance(value, str) and value not in ("", ".", ".."):
            return quote(value, safe="")
    except UnicodeEncodeError:  # Half a surrogate pair.
        pass
    raise InvalidRequestError(
        [
            Problem(
                rule="type",
                path=name,
                parameter=name,
                value=value,
                detail=f"{show(value)} is not an id",
            )
        ]
    )


_KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def checked_idempotency_key(key: str | None) -> str:
    """The caller's key, or one of our own. Raises for a key that can't be sent."""
    if key is None:
        return str(uuid.uuid4())
    longest = API.idempotency_max_length
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        words = "must be printable ASCII text with no space at its ends"
    elif len(key) > longest:
        words = f"{len(key)} characters are above the maximum of {longest}"
    else:
        return key
    raise InvalidRequestError([Problem(rule="format", parameter="idempotency_key", detail=words)])
