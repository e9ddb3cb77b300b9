# A copy of codegen/runtime/_wire/requests.py, where it is edited.
"""Makes the requests of one client: URL, headers, idempotency key and body."""

from __future__ import annotations

import json
import logging
import re
import sys
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from .._catalog import API
from .._check import check_parameters, checked_validation, enforce
from .._errors import ConfigurationError, InvalidRequestError
from .._numbers import plain
from .._problems import Problem
from .._redact import excerpt, show, without_key
from .._version import __version__
from .bodies import accepted_codings
from .calls import Call
from .http import LIBRARIES, AsyncClient, Client, Http, Request
from .settings import Settings

USER_AGENT = f"fluxframe/{__version__} python/{'.'.join(map(str, sys.version_info[:3]))}"
_log = logging.getLogger(__name__.removesuffix("._wire.requests"))
# Of the URLs of one client; a few hundred bytes each.
_MOST_URLS = 1000
_IDEMPOTENCY_HEADER = API.idempotency_header.encode()
# What the libraries call themselves, where the caller's client has no name of its own.
_LIBRARY_AGENTS = tuple(f"python-{name}/" for name in LIBRARIES)


class RequestBuilder:
    """Makes the requests of one client; what they have in common is made once.

    That is the headers of requests with and without the API key, the client's own among them, and
    the URLs with its own parameters. Its cookies may change with each answer.
    """

    def __init__(self, settings: Settings, client: Client | AsyncClient, http: Http) -> None:
        self.settings = settings
        self.client = client
        self.http = http
        # They may be changed by the caller at any time; parameters as a whole only.
        self._own_headers, self._own_params = client.headers.raw, client.params
        headers = http.Headers(client.headers)
        for name in (API.key_header, "Content-Type"):
            headers.pop(name, None)
        codings = accepted_codings(headers.get("Accept-Encoding", ""))
        headers.update({"Accept": "application/json", "Accept-Encoding": codings})
        if headers.get("User-Agent", "").startswith(_LIBRARY_AGENTS):
            headers.update({"User-Agent": USER_AGENT})
        self._plain = list(headers.raw)
        self._keyed = list(self._plain)
        if settings.api_key is not None:
            self._keyed.append(
                (API.key_header.encode(), settings.api_key.as_header(API.key_scheme))
            )
        self._urls: dict[str, object] = {}  # By path and query.

    def fits(self, client: Client | AsyncClient) -> bool:
        """Whether it is of that client, as the client is now."""
        if self.client is not client or self._own_params is not client.params:
            return False
        return self._own_headers == client.headers.raw

    def build(self, call: Call) -> tuple[Request, str | None]:
        """The request of a call, the same in each attempt, and its idempotency key if it has one.

        Raises before anything is sent.
        """
        operation = call.operation
        if self.settings.api_key is None and operation.authenticated:
            raise ConfigurationError(
                f"{operation.name} needs an API key, but none is set; pass api_key=… to the "
                f"client, or set {API.key_variable}"
            )
        headers = self._keyed if operation.authenticated else self._plain
        varies = call.path_parameters or call.query
        url = self._filled_url(call) if varies else self._url(call, operation.path)
        make = self._made
        if call.file is not None:
            name, file = call.file
            files = {name: (file.name, file.content)}
            form = dict(call.form or {})
            return make(operation.method, url, headers=headers, files=files, data=form), None
        if call.body is None:
            return make(operation.method, url, headers=headers), None
        headers = [*headers, (b"Content-Type", b"application/json")]
        key = None
        if operation.idempotent_by_key:
            key = checked_idempotency_key(call.idempotency_key)
            headers.append((_IDEMPOTENCY_HEADER, key.encode()))
        content = _encode(call.body)
        return make(operation.method, url, headers=headers, content=content), key

    def _made(self, method: str, url: object, **content: Any) -> Request:
        """A request with the client's own cookies, those of the caller's that a server has set among them."""
        make = self.http.Request
        if cookies := self.client.cookies:
            try:
                return make(method, url, cookies=cookies, **content)
            except UnicodeEncodeError:
                _log.warning("http_client: no cookies are sent, as one of them is not ASCII")
        return make(method, url, **content)

    def _filled_url(self, call: Call) -> object:
        """The URL with its path parameters and query, once they are checked."""
        operation = call.operation
        query = {name: value for name, value in (call.query or {}).items() if value is not None}
        given = {**(call.path_parameters or {}), **query}
        _without_key(given)
        validation = call.validation or self.settings.validation
        if checked_validation(validation) != "off":
            enforce(check_parameters(given, operation.parameters), validation)
        names = {parameter.name: parameter.wire_name for parameter in operation.parameters}
        path = operation.path
        for name, value in (call.path_parameters or {}).items():
            path = path.replace("{" + names[name] + "}", _path_segment(name, value))
        if query:
            path += "?" + urlencode({names[n]: v for n, v in query.items()})
        return self._url(call, path)

    def _url(self, call: Call, path: str) -> object:
        """A URL of the API, parsed once: a job is asked for again and again."""
        if (url := self._urls.get(path)) is None:
            if len(self._urls) >= _MOST_URLS:
                self._urls.clear()
            try:
                url = self.http.URL(self.settings.base_url + path)
                if params := self.client.params:
                    url = url.copy_with(params=params.merge(url.params))
                self._urls[path] = url
            except (self.http.InvalidURL, ValueError) as error:
                words = f"{call.operation.name}: not a URL: {excerpt(str(error))}"
                raise InvalidRequestError([Problem(rule="format", detail=words)]) from None
        return url


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
            reason = f"{reason}: {excerpt(str(error))}"
        raise InvalidRequestError([Problem(rule="json", detail=reason)]) from None


def _plain(value: object) -> dict[Any, Any] | int | float:
    if isinstance(value, Mapping):
        return dict(value)
    number = plain("number", value)  # Among parameters that are sent unchecked.
    if isinstance(number, int | float):
        return number
    raise TypeError(f"{type(value).__qualname__} is not a JSON type")


def _without_key(given: Mapping[str, Any]) -> None:
    """Raise InvalidRequestError for an API key in a URL: it would be in the logs of all on its way."""
    for name, value in given.items():
        if isinstance(value, str) and without_key(value) != value:
            words = "it is, or contains, an API key, which does not belong into a URL"
            raise InvalidRequestError(
                [Problem(rule="type", path=name, parameter=name, value=value, detail=words)]
            )


def _path_segment(name: str, value: str) -> str:
    try:
        if isinstance(value, str) and value not in ("", ".", ".."):
            return quote(value, safe="")
    except UnicodeEncodeError:  # Half a surrogate pair.
        pass
    words = f"{show(value)} is not an id"
    raise InvalidRequestError(
        [Problem(rule="type", path=name, parameter=name, value=value, detail=words)]
    )


_KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def checked_idempotency_key(key: str | None) -> str:
    """The caller's key, or one of our own. Raises InvalidRequestError for one that can't be sent."""
    if key is None:
        return str(uuid.uuid4())
    longest = API.idempotency_max_length
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        words = "must be printable ASCII text with no space at its ends"
    elif without_key(key) != key:
        words = "must not be, nor contain, an API key: idempotency keys are told in logs"
    elif len(key) > longest:
        words = f"{len(key)} characters are above the maximum of {longest}"
    else:
        return key
    raise InvalidRequestError([Problem(rule="format", parameter="idempotency_key", detail=words)])
