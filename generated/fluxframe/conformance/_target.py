# A copy of codegen/runtime/conformance/_target.py, where it is edited.
"""The server that is asked: sends a request, again where that tells more, and says what came of it.

What a server sends is not trusted: how much is read, how long that takes, and how often it may ask to wait
are bounded. The key goes to the base URL and nowhere else, and no redirect is followed.
"""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from .._clock import monotonic
from .._redact import Secret, excerpt, hidden, show
from .._version import __version__
from ._answers import shortened
from ._calls import Call, FormFile
from ._errors import CannotRunError
from ._outcomes import Exchange
from ._security import security

# Bytes: of an answer that is read, which may repeat what was sent, and of its text that is kept; more of it
# only if it is JSON, without the ends of long texts, and as long as there is room for those of the whole run.
_MOST_READ = 32 << 20
_KEPT = 64 << 10
_LONGEST_JSON = 1 << 20
_ROOM = 64 << 20
_HEADERS, _HEADER = 100, 1000
# Seconds: between attempts after a failure, the longest wait that a server may ask for at once, and all
# that it may ask for until a request is given up.
_PAUSES = (0.25, 1.0)
_LONGEST_WAIT = 60.0
_ALL_WAITS = 300.0
_FIRST_WAIT = 1.0
# Failures in a row.
_FAILING = 8


class Target:
    """A server, and the key that requests are sent with.

    `send` is what sequences and learning take to send. At most `concurrency` requests are under way at
    once; `timeout` is how many seconds one may take. An `http_client` of the caller's own is left open.
    `requests` counts all that were sent, and `silent` those in a row that nothing came of.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | Secret,
        *,
        timeout: float = 30.0,
        concurrency: int = 8,
        http_client: httpx.AsyncClient | None = None,
        pauses: Sequence[float] = _PAUSES,
    ) -> None:
        self.base_url = checked_url(base_url)
        self.requests = 0
        self.silent = 0
        self._key = _checked_key(api_key)
        self._timeout = timeout
        self._pauses = tuple(pauses)
        self._slots = asyncio.Semaphore(concurrency)
        self._own = [] if http_client else _own_clients(self.base_url, timeout, concurrency)
        self._free = [http_client] * concurrency if http_client else list(self._own)
        self._urls: dict[str, httpx.URL] = {}
        self._room = _ROOM
        self._not_before = 0.0
        self._failed = self._limited = 0

    async def __aenter__(self) -> Target:
        return self

    async def __aexit__(self, *exc: object) -> None:
        for client in self._own:
            await client.aclose()

    async def send(self, call: Call) -> Exchange:
        """Send a request, again after what says nothing of it; returns the last exchange.

        A request that the server may have acted on is only sent again if that is the same to it.
        """
        request, told = self._request(call)
        exchange = await self._sent(call, request, told)
        failed = exchange.status is None or exchange.status >= 500
        self._failed = self._failed + 1 if failed else 0
        self._limited = self._limited + 1 if exchange.status == 429 else 0
        self.silent = self.silent + 1 if exchange.status is None else 0
        return exchange

    async def _sent(self, call: Call, request: httpx.Request, told: Mapping[str, Any]) -> Exchange:
        # A server that fails as a rule is not asked again each time.
        pauses = iter(self._pauses if self._failed < _FAILING else ())
        # Nor is one waited for that wants to be waited for whatever is waited.
        left, backoff = (_ALL_WAITS if self._limited < _FAILING else 0.0), _FIRST_WAIT
        while True:
            exchange, arrived = await self._attempt(request, told)
            may_repeat = not arrived or self._is_repeatable(call)
            asked = _asked(exchange)
            if exchange.status == 429 or (exchange.status == 503 and asked and may_repeat):
                # One that asks for no wait, again and again, gets one all the same.
                wait = backoff if asked is None else max(asked, 0.1 * backoff)
                backoff = min(2 * backoff, 30.0)
                if wait > min(_LONGEST_WAIT, left):
                    return exchange
                left -= wait
                # All others would be told the same.
                self._not_before = max(self._not_before, monotonic() + wait)
            elif exchange.status is None or exchange.status >= 500:
                pause = next(pauses, None)
                if pause is None or not may_repeat:
                    return exchange
                await asyncio.sleep(pause)
            else:
                return exchange

    def told(self, call: Call) -> Mapping[str, Any]:
        """What an exchange tells of a request."""
        return self._request(call)[1]

    def _is_repeatable(self, call: Call) -> bool:
        if call.method in ("GET", "HEAD", "OPTIONS", "DELETE", "PUT"):
            return True
        header = security().idempotency_header.lower()
        return any(name.lower() == header for name in call.headers)

    def _request(self, call: Call) -> tuple[httpx.Request, dict[str, Any]]:
        """The request, and what is told of it."""
        whole = "://" in call.path
        shown = {"Accept": "*/*" if whole else "application/json", **_OURS}
        content: bytes | None = call.raw
        form: dict[str, Any] = {}
        told: dict[str, Any] = {}
        if call.body is not None:
            shown["Content-Type"] = "application/json"
            content = json.dumps(call.body, separators=(",", ":")).encode()
            told["body"] = call.body
        elif call.raw is not None:
            told["raw"] = call.raw.decode(errors="replace")
        elif call.form is not None:
            form, told["form"] = _form(call.form)
        shown.update(call.headers)
        headers = {name.encode(): value.encode() for name, value in shown.items()}
        if not whole and call.auth == "valid":
            known = security()
            headers[known.header.encode()] = self._key.as_header(known.scheme)
            shown[known.header] = f"{known.scheme} ${known.variable}".lstrip()
        url = self._url(call)
        told |= {"method": call.method, "url": str(url), "headers": shown}
        return httpx.Request(call.method, url, headers=headers, content=content, **form), told

    def _url(self, call: Call) -> httpx.URL:
        text = call.path if "://" in call.path else f"{self.base_url}{call.path}"
        if call.query:
            text = f"{text}?{urlencode(call.query, quote_via=quote)}"
        if (url := self._urls.get(text)) is None:
            url = httpx.URL(text)
            if len(self._urls) < 1000:
                self._urls[text] = url
        return url

    async def _attempt(
        self, request: httpx.Request, told: Mapping[str, Any]
    ) -> tuple[Exchange, bool]:
        """What came of sending it once, and whether the server may have got it."""
        async with self._slots:
            if (wait := self._not_before - monotonic()) > 0:
                await asyncio.sleep(wait)
            self.requests += 1
            started, begun = datetime.now(UTC), monotonic()
            answer: dict[str, Any]
            sent, client = True, self._free.pop()
            try:
                async with asyncio.timeout(self._timeout):
                    response = await client.send(
                        request, stream=True, auth=None, follow_redirects=False
                    )
                    try:
                        content = await _content(response)
                    finally:
                        await response.aclose()
                answer = self._told(response, content)
            except TimeoutError:
                answer = {"error": f"no answer in {self._timeout:g} s"}
            except Exception as error:  # Of the network, or of an app that runs in this process.
                sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                answer = {"error": excerpt(f"{type(error).__name__}: {error}").removesuffix(":")}
            finally:
                self._free.append(client)
        seconds = monotonic() - begun
        return Exchange(started=started, seconds=seconds, **told, **answer), sent

    def _told(self, response: httpx.Response, content: bytes) -> dict[str, Any]:
        headers = {
            name: self._without_key(value[:_HEADER])
            for name, value in response.headers.multi_items()[:_HEADERS]
        }
        most = _KEPT
        if len(content) > most and "json" in headers.get("content-type", ""):
            content = _short(content)
            most = _LONGEST_JSON if len(content) <= min(_LONGEST_JSON, self._room) else most
            self._room -= min(most, len(content))
        text = self._without_key(content[:most].decode(errors="replace"))
        return {
            "status": response.status_code,
            "answer_headers": headers,
            "answer": text,
            "is_cut": len(content) > most,
        }

    def _without_key(self, text: str) -> str:
        """A text with the name of the key's variable in place of the key, should the server repeat it."""
        key = self._key.reveal()
        if key in text:
            text = text.replace(key, f"${security().variable}")
        elif "\\u00" in text:  # JSON may spell it so.
            try:
                plain = json.dumps(json.loads(text), ensure_ascii=False)
            except (ValueError, RecursionError):
                return text
            return plain.replace(key, f"${security().variable}") if key in plain else text
        return text


_OURS = {"User-Agent": f"fluxframe-conformance/{__version__}", "Accept-Encoding": "identity"}


def _own_clients(base_url: str, timeout: float, count: int) -> list[httpx.AsyncClient]:
    """Clients with the proxy and the certificates of the environment, but for this machine's own server.

    Each has one connection: to look through those of a pool takes longer than a request.
    """
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    is_here = urlsplit(base_url).hostname in ("127.0.0.1", "::1", "localhost")
    try:
        verify = httpx.create_ssl_context(trust_env=not is_here)
        return [
            httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=not is_here, verify=verify)
            for _ in range(count)
        ]
    except (ImportError, OSError, ValueError) as error:
        raise CannotRunError(
            f"{excerpt(f'{type(error).__name__}: {error}')}; check the variables that name a proxy "
            "(HTTP_PROXY, HTTPS_PROXY, ALL_PROXY) or certificates (SSL_CERT_FILE)"
        ) from error


def checked_url(url: str) -> str:
    """A base URL without a slash at its end. Raises CannotRunError."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except (ValueError, AttributeError):
        fits = False
    if not fits or not re.fullmatch(r"[!-~]+", url) or re.search(r"[?#]", url):
        raise CannotRunError(
            f"base_url: {show(url)} is not an http or https URL without a query; expected one such as "
            "http://127.0.0.1:8000"
        )
    return url.rstrip("/")


def _checked_key(key: str | Secret) -> Secret:
    key = key if isinstance(key, Secret) else hidden(key)
    if not isinstance(key, Secret) or not re.fullmatch(r"[!-~]+", key.reveal()):
        raise CannotRunError(
            "api_key: it is empty, or holds what keys never have, such as a space or a line break"
        )
    return key


def _form(
    fields: Mapping[str, str | FormFile],
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The fields of a form as httpx takes them, and as they are told."""
    files = {
        name: (field.name, field.content, field.content_type)
        for name, field in fields.items()
        if isinstance(field, FormFile)
    }
    data = {name: field for name, field in fields.items() if isinstance(field, str)}
    if not files:  # Else it would not be multipart.
        return {"files": {name: (None, value) for name, value in data.items()}}, data
    shown = {name: f"@{f.name}" if isinstance(f, FormFile) else f for name, f in fields.items()}
    return {"files": files, "data": data}, shown


async def _content(response: httpx.Response) -> bytes:
    """The bytes of an answer, as far as they are read, decompressed where the server insists on that."""
    if response.is_stream_consumed:  # As of a transport that answers without a network.
        return response.content[:_MOST_READ]
    parts, size = [], 0
    async for part in response.aiter_raw():
        parts.append(part)
        size += len(part)
        if size >= _MOST_READ:
            break
    content = b"".join(parts)[:_MOST_READ]
    if response.headers.get("content-encoding", "identity").lower() in ("gzip", "deflate"):
        # A small answer may hold a huge one.
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(content, _MOST_READ)
    return content


def _short(content: bytes) -> bytes:
    """JSON without the ends of its long texts; what is not JSON as it is."""
    try:
        return json.dumps(shortened(json.loads(content)), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return content


def _asked(exchange: Exchange) -> float | None:
    """The seconds that an answer asks to wait; None if it does not say."""
    headers = exchange.answer_headers
    text = next((v for name, v in headers.items() if name.lower() == "retry-after"), "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        return max(0.0, (moment - datetime.now(moment.tzinfo)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
