"""Sends operations over HTTP, as often as it takes and no longer than it may; sync and async."""

from __future__ import annotations

import copy
import json
import logging
import math
import os
import platform
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import quote, urlencode

from ._answers import Response, parsed, status_error, submit_again
from ._catalog import API
from ._check import Problem, Validation, check_parameters, checked_key, enforce
from ._errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    InvalidRequestError,
    UnexpectedResponseError,
)
from ._http import (
    LIBRARIES,
    AsyncClient,
    Client,
    Library,
    failure,
    is_http,
    library,
    new_client,
    without_query,
)
from ._retry import Failure, Stop, decide
from ._spec import Operation
from ._version import __version__

if TYPE_CHECKING:
    import asyncio

DEFAULT_TIMEOUT = 60.0
DEFAULT_DEADLINE = 300.0
DEFAULT_RETRIES = 3
# Seconds by which httpx may end an attempt itself: it knows what was sent, and closes a connection
# that is being made, which it leaves open when it is cancelled.
GRACE = 0.25
USER_AGENT = f"fluxframe/{__version__} python/{platform.python_version()}"

_log = logging.getLogger(__name__.rpartition(".")[0])


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload."""

    name: str
    content: IO[bytes] | bytes


@dataclass(slots=True)
class Call:
    """One call of an operation: what varies from call to call.

    `deadline` is the seconds for all its attempts, `max_retries` how often it may be tried again;
    the client's if None.
    """

    operation: Operation
    path_parameters: Mapping[str, str] | None = None
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    file: tuple[str, File] | None = None
    idempotency_key: str | None = None
    timeout: float | None = None
    validation: Validation | None = None
    deadline: float | None = None
    max_retries: int | None = None


@dataclass(slots=True)
class CallInfo:
    """A call as `instrument` sees it; what is known only at its end is None before.

    `operation` is its name, such as "images.generate"; `elapsed` is in seconds; `job_id` is that of
    the job which the call submitted or asked for.
    """

    operation: str
    method: str
    url: str
    model: str | None = None
    idempotency_key: str | None = None
    job_id: str | None = None
    status: int | None = None
    request_id: str | None = None
    attempts: int | None = None
    elapsed: float | None = None


@dataclass(slots=True)
class _Prepared:
    """The headers of requests with and without the API key, and URLs by their path and query."""

    client: Client | AsyncClient
    plain: list[tuple[bytes, bytes]]
    keyed: list[tuple[bytes, bytes]]
    urls: dict[str, Any] = field(default_factory=dict)


Instrument: TypeAlias = Callable[[CallInfo], AbstractContextManager[object]]
_Self = TypeVar("_Self", bound="BaseTransport")


class BaseTransport:
    """What both transports share: the settings, and what each request has in common."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float = DEFAULT_DEADLINE,
        max_retries: int = DEFAULT_RETRIES,
        validation: Validation = "error",
        instrument: Instrument | None = None,
    ) -> None:
        api_key = api_key or os.environ.get("APIFRAME_API_KEY") or None
        base_url = base_url or os.environ.get("APIFRAME_BASE_URL") or API.base_url
        self._set(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            validation=validation,
            instrument=instrument,
        )

    def with_options(self: _Self, **changes: Any) -> _Self:
        """The same with other settings, over the same connections; None changes nothing."""
        other = copy.copy(self)
        other._set(**{name: value for name, value in changes.items() if value is not None})
        return other

    def _set(self, **settings: Any) -> None:
        """Take settings over. Raises ConfigurationError for one that can't be used."""
        for name, value in settings.items():
            if name == "api_key":
                self._api_key = None if value is None else checked_key(value)
            else:
                setattr(self, name, _CHECKS[name](name, value))
        self._prepared: _Prepared | None = None

    _api_key: str | None
    base_url: str
    timeout: float
    deadline: float
    max_retries: int
    validation: Validation
    instrument: Instrument | None

    def prepared(self, client: Client | AsyncClient, http: Any) -> _Prepared:
        """What the requests that go by a client have in common, made once."""
        prepared = self._prepared
        if prepared is None or prepared.client is not client:
            headers = http.Headers(client.headers)
            for name in (API.key_header, "Content-Type"):
                headers.pop(name, None)
            headers.update({"Accept": "application/json", "User-Agent": USER_AGENT})
            plain = list(headers.raw)
            headers.update({API.key_header: self._api_key} if self._api_key else {})
            # Other threads see it whole or not at all.
            prepared = self._prepared = _Prepared(client, plain, list(headers.raw))
        return prepared

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {without_query(self.base_url)}>"


class Transport(BaseTransport):
    """Sends operations with an httpx.Client, made when it is first needed."""

    def __init__(self, *, http_client: Client | Library | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self._pool = _Pool("Client", http_client)

    def client(self) -> tuple[Client, Any]:
        """The httpx client, and the library that it is of."""
        return self._pool.client()

    def send(self, call: Call) -> Response:
        """What an operation answers. Raises APIError once no further attempt is worth it."""
        if self.instrument is None:
            return self._send(call, None)
        info = _info(self, call)
        with self.instrument(info):
            return self._send(call, info)

    def _send(self, call: Call, info: CallInfo | None) -> Response:
        client, http = self.client()
        attempts = Attempts(self, call, client, http, info)
        while True:
            request, _ = attempts.next(_Until)
            outcome: Response | float
            try:
                answer = client.send(request, follow_redirects=False)
            except Exception as error:
                outcome = attempts.failed(error)
            else:
                outcome = attempts.answered(answer)
            if isinstance(outcome, Response):
                return outcome
            time.sleep(outcome)

    def close(self) -> None:
        """Close the connections, unless the httpx client is the caller's own."""
        if (client := self._pool.closing()) is not None:
            client.close()


class AsyncTransport(BaseTransport):
    """Sends operations with an httpx.AsyncClient, made when it is first needed."""

    def __init__(
        self, *, http_client: AsyncClient | Library | None = None, **settings: Any
    ) -> None:
        super().__init__(**settings)
        self._pool = _Pool("AsyncClient", http_client)

    def client(self) -> tuple[AsyncClient, Any]:
        """The httpx client; one of ours is made anew in another event loop, where it could not run."""
        import asyncio

        return self._pool.client(asyncio.get_running_loop())

    async def send(self, call: Call) -> Response:
        """What an operation answers. Raises APIError once no further attempt is worth it."""
        if self.instrument is None:
            return await self._send(call, None)
        info = _info(self, call)
        with self.instrument(info):
            return await self._send(call, info)

    async def _send(self, call: Call, info: CallInfo | None) -> Response:
        import asyncio

        client, http = self.client()
        attempts = Attempts(self, call, client, http, info)
        while True:
            request, seconds = attempts.next(_limit)
            outcome: Response | float
            try:
                async with asyncio.timeout(seconds + GRACE):
                    answer = await client.send(request, follow_redirects=False)
            except Exception as error:
                outcome = attempts.failed(error)
            else:
                outcome = attempts.answered(answer)
            if isinstance(outcome, Response):
                return outcome
            await asyncio.sleep(outcome)

    async def aclose(self) -> None:
        """Close the connections, unless the httpx client is the caller's own."""
        if (client := self._pool.closing()) is not None:
            await client.aclose()


class _Pool:
    """The httpx client that transports share: the caller's own, or one of ours."""

    def __init__(self, kind: str, given: Any) -> None:
        self._kind = kind
        self._owned = given is None or given in LIBRARIES
        self._name: str = given or LIBRARIES[0]
        # The client, its library and its event loop: all three at once, as other threads see them.
        self._state: tuple[Any, Any, asyncio.AbstractEventLoop | None] = None, None, None
        if not self._owned:
            self._state = given, library(given, kind), None
        self._lock = threading.Lock()
        self._closed = False

    def client(self, loop: asyncio.AbstractEventLoop | None = None) -> tuple[Any, Any]:
        """The client and its library. Raises ConfigurationError after `closing`."""
        client, http, of = self._state
        if client is None or (self._owned and of is not loop):
            with self._lock:
                client, http, of = self._state
                if not self._closed and (client is None or of is not loop):
                    client = new_client(self._name, self._kind)
                    http = library(client, self._kind)
                    self._state = client, http, loop
        if self._closed or client.is_closed:
            raise ConfigurationError("the client is closed; make a new one, and close it last")
        return client, http

    def closing(self) -> Any:
        """The client to close, if it is ours."""
        if not self._owned:
            return None
        with self._lock:
            self._closed = True
            return self._state[0]


class Attempts:
    """The attempts of one call: what to send, and what comes of how it went.

    Everything but the sending and the sleeping, which differ between sync and async.
    """

    def __init__(
        self,
        transport: BaseTransport,
        call: Call,
        client: Client | AsyncClient,
        http: Any,
        info: CallInfo | None,
    ) -> None:
        self._transport = transport
        self._call = call
        self._http = http
        self._info = info
        self._secret = transport._api_key
        self._timeout = (
            transport.timeout if call.timeout is None else _seconds("timeout", call.timeout)
        )
        self._key: str | None = None
        self._request = self._build(transport.prepared(client, http))
        self._start = time.monotonic()
        self._end = self._start + (
            transport.deadline if call.deadline is None else max(call.deadline, 0.001)
        )
        self._count = 0

    def _build(self, prepared: _Prepared) -> Any:
        """The request, the same in each attempt. Raises before anything is sent."""
        call, operation = self._call, self._call.operation
        if self._secret is None and operation.authenticated:
            raise ConfigurationError(
                f"{operation.name} needs an API key, and there is none; pass api_key=… to the "
                "client, or set APIFRAME_API_KEY"
            )
        headers = prepared.keyed if operation.authenticated else prepared.plain
        self._urls = prepared.urls
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
            self._key = _checked_idempotency_key(call.idempotency_key)
            headers.append((_IDEMPOTENCY_HEADER, self._key.encode()))
        content = _encode(call.body)
        return self._http.Request(operation.method, url, headers=headers, content=content)

    def _filled_url(self) -> Any:
        """The URL with its path parameters and query, once they are checked."""
        call, operation = self._call, self._call.operation
        query = {name: value for name, value in (call.query or {}).items() if value is not None}
        given = {**(call.path_parameters or {}), **query}
        validation = call.validation or self._transport.validation
        if validation != "off":
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
        urls = self._urls
        if (url := urls.get(path)) is None:
            if len(urls) >= _MOST_URLS:
                urls.clear()
            url = urls[path] = self._http.URL(self._transport.base_url + path)
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
                data = parsed(name, answer, self._secret)
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
            error = status_error(name, answer, self._secret)
            after = error.retry_after
            wrong = Failure("status", f"status {status}", status=status, retry_after=after)
        return self._again(error, wrong)

    def failed(self, error: Exception) -> float:
        """Seconds to sleep after an exception of httpx's. Raises APIError, or what is no failure."""
        wrong = failure(error, self._http)
        if wrong is None:
            raise error
        kind = APITimeoutError if wrong.cause == "timeout" else APIConnectionError
        raised = kind(f"{self._call.operation.name}: {wrong.words}")
        raised.__cause__ = error
        return self._again(raised, wrong)

    def _again(self, error: APIError, wrong: Failure) -> float:
        """Seconds to sleep before the next attempt; raises the error if there is none."""
        call, now = self._call, time.monotonic()
        retries = self._transport.max_retries if call.max_retries is None else call.max_retries
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
        """Adds to the first line of an error how often it was tried, and what to do next."""
        notes = []
        if self._count > 1 or stop is Stop.DEADLINE:
            times = f"{self._count} attempt{'s' if self._count > 1 else ''}"
            notes.append(f"{times} in {error.elapsed:.1f} s")
        if error.request_id:
            notes.append(f"request id {error.request_id}")
        first, newline, rest = str(error.args[0]).partition("\n")
        first += f" ({', '.join(notes)})" if notes else ""
        if wrong.cause in ("timeout", "connection", "answer") and wrong.sent:
            if self._key is not None:
                first += submit_again(self._key)
            elif stop is Stop.REPEATS:
                first += "; it may have arrived, and was not sent again"
        error.args = (first + newline + rest,)

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


class _Until:
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


def _limit(step: float, whole: float) -> float | None:
    """A socket's timeout where asyncio sees to the whole: none, if a step may take all of it."""
    return None if step == whole else step


# Of the URLs of one client; a few hundred bytes each.
_MOST_URLS = 1000
_IDEMPOTENCY_HEADER = API.idempotency_header.encode()


def _info(transport: BaseTransport, call: Call) -> CallInfo:
    operation, body = call.operation, call.body or {}
    model = body.get("model")
    id = (call.path_parameters or {}).get("id")
    return CallInfo(
        operation=operation.name,
        method=operation.method,
        url=without_query(transport.base_url) + operation.path,
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
        raise InvalidRequestError([Problem("", "", "json", reason)]) from None


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__qualname__} is no type of JSON")


def _path_segment(name: str, value: str) -> str:
    if not isinstance(value, str) or value in ("", ".", ".."):
        message = f"{name}: {value!r} is no id"
        raise InvalidRequestError([Problem(name, name, "type", message, value)])
    return quote(value, safe="")


_KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def _checked_idempotency_key(key: str | None) -> str:
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
    message = f"idempotency_key: {words}"
    raise InvalidRequestError([Problem("", "idempotency_key", "format", message)])


def _checked_url(name: str, url: str) -> str:
    if not isinstance(url, str):
        raise ConfigurationError(f"base_url: a {type(url).__qualname__}, expected text")
    if not (re.fullmatch(r"[!-~]+", url) and is_http(url)) or re.search(r"[?#]", url):
        raise ConfigurationError(
            f"base_url: {without_query(url)!r} is no http or https URL without a query; expected "
            f"one such as {API.base_url}"
        )
    return url.rstrip("/")


def _seconds(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ConfigurationError(f"{name}: {value!r} is not a number of seconds above 0")
    return value


def _count(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigurationError(f"{name}: {value!r} is not a whole number from 0")
    return value


def _checked_validation(name: str, value: Validation) -> Validation:
    if value not in ("error", "warn", "off"):
        raise ConfigurationError(f'validation: {value!r} is not "error", "warn" or "off"')
    return value


def _callable(name: str, value: Any) -> Any:
    if value is not None and not callable(value):
        raise ConfigurationError(f"{name}: a {type(value).__qualname__}, expected a function")
    return value


_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "base_url": _checked_url,
    "timeout": _seconds,
    "deadline": _seconds,
    "max_retries": _count,
    "validation": _checked_validation,
    "instrument": _callable,
}
