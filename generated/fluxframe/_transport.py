"""Sends operations over HTTP and turns what comes back into JSON or an error; sync and async."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import platform
import re
import threading
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote

import httpx

from ._catalog import API, FIELDS
from ._check import Problem, Validation, check_parameters, checked_key, enforce
from ._errors import (
    STATUS_ERRORS,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    FluxframeError,
    InvalidRequestError,
    ResultError,
    ServerError,
    UnexpectedResponseError,
)
from ._spec import Operation
from ._version import __version__

DEFAULT_TIMEOUT = 60.0
USER_AGENT = f"fluxframe/{__version__} python/{platform.python_version()}"


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload."""

    name: str
    content: IO[bytes] | bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation: what varies from call to call."""

    operation: Operation
    path_parameters: Mapping[str, str] | None = None
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    file: tuple[str, File] | None = None
    idempotency_key: str | None = None
    timeout: float | None = None
    validation: Validation | None = None


class BaseTransport:
    """What both transports share: settings, the request to send, the answer to read."""

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str | None,
        timeout: float,
        validation: Validation,
    ) -> None:
        if validation not in ("error", "warn", "off"):
            message = f'validation: {validation!r} is not "error", "warn" or "off"'
            raise ConfigurationError(message)
        if isinstance(timeout, bool) or not 0 < timeout < float("inf"):
            raise ConfigurationError(f"timeout: {timeout} is not a number of seconds above 0")
        key = api_key or os.environ.get("APIFRAME_API_KEY") or None
        self._api_key = None if key is None else checked_key(key)
        self.base_url = _checked_url(
            base_url or os.environ.get("APIFRAME_BASE_URL") or API.base_url
        )
        self.timeout = timeout
        self.validation: Validation = validation

    def _request(self, call: Call) -> dict[str, Any]:
        """The arguments of httpx's build_request. Raises before anything is sent."""
        operation = call.operation
        query = {name: value for name, value in (call.query or {}).items() if value is not None}
        given = {**(call.path_parameters or {}), **query}
        if given:
            report = check_parameters(given, operation.parameters)
            enforce(report, call.validation or self.validation)
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
        if self._api_key is not None:
            headers[API.key_header] = self._api_key
        elif operation.authenticated:
            raise ConfigurationError(
                f"{operation.name} needs an API key, and there is none; pass api_key=… to the "
                "client, or set APIFRAME_API_KEY"
            )
        wire_names = {parameter.name: parameter.wire_name for parameter in operation.parameters}
        path = operation.path
        for name, value in (call.path_parameters or {}).items():
            path = path.replace("{" + wire_names[name] + "}", _path_segment(name, value))
        request: dict[str, Any] = {
            "method": operation.method,
            "url": self.base_url + path,
            "headers": headers,
            "timeout": httpx.Timeout(self.timeout if call.timeout is None else call.timeout),
        }
        if query:
            request["params"] = {wire_names[name]: value for name, value in query.items()}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
            headers[API.idempotency_header] = _checked_idempotency_key(call.idempotency_key)
            request["content"] = _encode(call.body)
        if call.file is not None:
            field, file = call.file
            request["files"] = {field: (file.name, file.content)}
        return request

    def _download(self) -> dict[str, Any]:
        """The arguments of httpx's stream for a file, on whichever host; no key among them."""
        headers = {"User-Agent": USER_AGENT, "Accept": "image/*,*/*;q=0.5"}
        timeout = httpx.Timeout(self.timeout)
        return {"headers": headers, "timeout": timeout, "follow_redirects": True}

    def _read(self, operation: Operation, response: httpx.Response) -> Any:
        """The JSON of an answer that went well. Raises an error for any other."""
        if not 200 <= response.status_code < 300:
            raise status_error(operation, response)
        try:
            return json.loads(response.content)
        except (ValueError, RecursionError):
            kind = response.headers.get("content-type", "no content type")
            raise UnexpectedResponseError(
                f"{operation.name}: status {response.status_code} with {kind} where JSON was "
                f"expected: {_excerpt(response.text)}",
                status=response.status_code,
                body=response.text,
            ) from None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {without_query(self.base_url)}>"


class Transport(BaseTransport):
    """Sends operations with an httpx.Client, made when it is first needed."""

    def __init__(self, *, http_client: httpx.Client | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self._client = http_client
        self._owned = http_client is None
        self._lock = threading.Lock()

    def client(self) -> httpx.Client:
        """The httpx client."""
        with self._lock:
            if self._client is None:
                self._client = httpx.Client()
            return self._client

    def send(self, call: Call) -> Any:
        """The JSON that an operation answers."""
        client, request = self.client(), self._request(call)
        with _with_key(request), _connection_errors(call.operation.name):
            response = client.send(client.build_request(**request), follow_redirects=False)
            return self._read(call.operation, response)

    @contextmanager
    def download(self, url: str) -> Iterator[httpx.Response]:
        """A stream of the file at a URL; the API key is not sent there."""
        client = self.client()
        with _download_errors(url), client.stream("GET", url, **self._download()) as response:
            yield response

    def close(self) -> None:
        """Close the connections, unless the httpx client is the caller's own."""
        if self._owned and self._client is not None:
            self._client.close()


class AsyncTransport(BaseTransport):
    """Sends operations with an httpx.AsyncClient, made when it is first needed."""

    def __init__(self, *, http_client: httpx.AsyncClient | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self._client = http_client
        self._owned = http_client is None
        self._loop: asyncio.AbstractEventLoop | None = None

    def client(self) -> httpx.AsyncClient:
        """The httpx client; one of ours is made anew in another event loop, where it could not run."""
        loop = asyncio.get_running_loop()
        if self._client is None or (self._owned and self._loop is not loop):
            self._client, self._loop = httpx.AsyncClient(), loop
        return self._client

    async def send(self, call: Call) -> Any:
        """The JSON that an operation answers."""
        client, request = self.client(), self._request(call)
        with _with_key(request), _connection_errors(call.operation.name):
            response = await client.send(client.build_request(**request), follow_redirects=False)
            return self._read(call.operation, response)

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[httpx.Response]:
        """A stream of the file at a URL; the API key is not sent there."""
        client = self.client()
        with _download_errors(url):
            async with client.stream("GET", url, **self._download()) as response:
                yield response

    async def aclose(self) -> None:
        """Close the connections, unless the httpx client is the caller's own."""
        if self._owned and self._client is not None:
            await self._client.aclose()


@contextmanager
def _with_key(request: Mapping[str, Any]) -> Iterator[None]:
    """Puts the key of a submission on what goes wrong with it, so that it can be sent again."""
    try:
        yield
    except (APIConnectionError, APIStatusError, UnexpectedResponseError) as error:
        error.idempotency_key = request["headers"].get(API.idempotency_header)
        raise


@contextmanager
def _connection_errors(what: str) -> Iterator[None]:
    """Turns httpx's errors into ours; none of them shows a header."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise APITimeoutError(f"{what}: no answer in time ({type(error).__name__})") from error
    except httpx.TransportError as error:
        raise APIConnectionError(f"{what}: {type(error).__name__}: {error}") from error
    except httpx.DecodingError as error:
        raise APIConnectionError(f"{what}: the answer can't be unpacked") from error


@contextmanager
def _download_errors(url: str) -> Iterator[None]:
    """Turns what goes wrong with a file's URL into an error that does not show its query."""
    shown = without_query(url)
    if not _is_http(url):
        raise ResultError(f"{shown!r} is no http or https URL")
    token = _downloading.set(True)
    try:
        with _connection_errors(f"download of {shown}"):
            yield
    except FluxframeError:
        raise
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OverflowError) as error:
        raise ResultError(f"{shown} can't be had: {type(error).__name__}") from None
    finally:
        _downloading.reset(token)


_downloading: ContextVar[bool] = ContextVar("_downloading", default=False)


def _hide_queries(record: logging.LogRecord) -> bool:
    """Cuts the query, a signature often, off the URLs that httpx logs of our downloads."""
    if _downloading.get() and isinstance(record.args, tuple):
        record.args = tuple(
            without_query(str(arg)) if isinstance(arg, httpx.URL) else arg for arg in record.args
        )
    return True


logging.getLogger("httpx").addFilter(_hide_queries)


def without_query(url: str) -> str:
    """A URL without what may be secret: its query, a signature often, and a password."""
    return re.sub(r"//[^/]*@", "//", re.split(r"[?#]", url, maxsplit=1)[0])


def status_error(operation: Operation, response: httpx.Response) -> APIStatusError:
    """The error that an answer with a status other than 2xx stands for."""
    status = response.status_code
    try:
        body: Any = json.loads(response.content)
    except (ValueError, RecursionError):
        body = response.text
    said = body.get("error") if isinstance(body, dict) else None
    text = said if isinstance(said, str) else _excerpt(response.text)
    details = _details(body)
    lines = [f"{name}: {'; '.join(texts)}" for name, texts in details.items()]
    kind = STATUS_ERRORS.get(status, ServerError if status >= 500 else APIStatusError)
    return kind(
        "\n".join([f"{operation.name}: {status} {text}".rstrip(), *lines]),
        status=status,
        body=body,
        details=details,
        request_id=response.headers.get("x-request-id"),
        retry_after=_seconds(response.headers.get("retry-after", "")),
    )


def _details(body: Any) -> dict[str, list[str]]:
    """The texts of a 400 by Python parameter: `fluxParams.width` is `width`."""
    details = body.get("details") if isinstance(body, dict) else None
    result: dict[str, list[str]] = {}
    names = {field.wire_name: field.name for field in FIELDS.values()}
    for path, texts in details.items() if isinstance(details, dict) else ():
        whole = re.sub(r"(?:\.[0-9]+)+$", "", str(path))  # What is wrong may be an item.
        name = whole.rpartition(".")[2]
        name = names.get(name, name)
        texts = texts if isinstance(texts, list) else [texts]
        result.setdefault(name, []).extend(map(str, texts))
    return result


def _seconds(value: str) -> float | None:
    return float(value) if re.fullmatch(r"[0-9]{1,9}", value.strip()) else None


def _excerpt(text: str, width: int = 200) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= width else folded[: width - 1] + "…"


def _encode(body: Mapping[str, Any]) -> bytes:
    """The JSON of a body, with what the caller wrote left as it is."""
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, default=_plain).encode()
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


def _checked_idempotency_key(key: str | None) -> str:
    """The caller's key, or one of our own. Raises for a key that can't be sent."""
    if key is None:
        return str(uuid.uuid4())
    longest = API.idempotency_max_length
    if not isinstance(key, str) or not re.fullmatch(r"[!-~](?:[ -~]*[!-~])?", key):
        words = "must be printable ASCII text with no space at its ends"
    elif len(key) > longest:
        words = f"{len(key)} characters are above the maximum of {longest}"
    else:
        return key
    message = f"idempotency_key: {words}"
    raise InvalidRequestError([Problem("", "idempotency_key", "format", message)])


def _is_http(url: str) -> bool:
    try:
        parsed = httpx.URL(url)
        good = parsed.scheme in ("http", "https") and bool(parsed.host)
        return good and (parsed.port or 0) <= 65535
    except (httpx.InvalidURL, ValueError):
        return False


def _checked_url(url: str) -> str:
    if not isinstance(url, str):
        raise ConfigurationError(f"base_url: a {type(url).__qualname__}, expected text")
    if not (re.fullmatch(r"[!-~]+", url) and _is_http(url)) or re.search(r"[?#]", url):
        raise ConfigurationError(
            f"base_url: {without_query(url)!r} is no http or https URL without a query; expected "
            f"one such as {API.base_url}"
        )
    return url.rstrip("/")
