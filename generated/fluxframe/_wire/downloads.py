# A copy of codegen/runtime/_wire/downloads.py, where it is edited.
"""Fetches a file from whichever host has it, without the API key, and goes on where it broke off."""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import IO, Any
from urllib.parse import urljoin

from .._errors import APIConnectionError, APITimeoutError, FluxframeError, ResultError
from .._redact import excerpt, without_query
from .answers import asked_wait
from .attempts import GRACE, USER_AGENT, Until, limit, timeouts
from .http import LIBRARIES, failure, is_http
from .retry import Cause, Failure, Stop, decide
from .transport import AsyncTransport, BaseTransport, Transport

# Followed here, as httpx would send the cookies of the caller's own client along.
_REDIRECTS = (301, 302, 303, 307, 308)
_HOPS = 10
_CONTENT_RANGE = r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)"
# Of a file's first bytes, as many as tell its format.
HEAD = 12


class Gone(ResultError):  # noqa: N818 - never seen by a caller
    """The host answers with a status that is no success."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered {status}")
        self.status = status


class Download:
    """A file on its way into `sink`: what to ask for next, and what to do about what comes.

    `inspect` is called with the first bytes of the file, and raises if it is not what is wanted.
    """

    def __init__(
        self,
        transport: BaseTransport,
        url: str,
        sink: IO[bytes],
        *,
        max_bytes: int,
        inspect: Callable[[bytes], object],
    ) -> None:
        self.shown = without_query(url)
        if not is_http(url):
            raise ResultError(f"{self.shown!r} is no http or https URL")
        self._url = url
        # Where it is after redirects, which lead each attempt anew.
        self._place = url
        self._hops = 0
        self._sink = sink
        self._max_bytes = max_bytes
        self._inspect = inspect
        self._transport = transport
        self._start = time.monotonic()
        self._end = self._start + transport.settings.deadline
        self._count = 0
        self._received = 0
        self._head = b""
        # What names this version of the file, so that its rest can be asked for.
        self._version: str | None = None

    def next(self, http: Any, until: Callable[[float, float], Any]) -> tuple[Any, float]:
        """The request of the next attempt, and the seconds that it may take."""
        self._count += 1
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "image/*,*/*;q=0.5",
            "Accept-Encoding": "identity",
        }
        if self._received and self._version is not None:
            headers["Range"] = f"bytes={self._received}-"
            headers["If-Range"] = self._version
        whole = max(0.001, self._end - time.monotonic())
        step = min(self._transport.settings.timeout, whole)
        extensions = {"timeout": timeouts(step, whole, until)}
        request = http.Request("GET", self._place, headers=headers, extensions=extensions)
        return request, whole

    def begun(self, answer: Any) -> None:
        """Take note of an answer's status and headers, before its content. Raises _Refused."""
        headers = answer.headers
        if answer.status_code == 206 and self._goes_on(headers):
            return
        if answer.status_code in (206, 416):  # It has no such rest; begin anew.
            self._version = None
        if answer.status_code in _REDIRECTS and "location" in headers:
            self._place = self._moved(headers["location"])
            raise _Moved
        if answer.status_code != 200:
            raise _Refused(answer)
        self._received, self._head = 0, b""
        self._sink.seek(0)
        self._sink.truncate()
        length = headers.get("content-length", "")
        if re.fullmatch(r"[0-9]{1,18}", length) and int(length) > self._max_bytes:
            raise self._too_big(f"{int(length)} bytes")
        etag = headers.get("etag")
        strong = etag if etag and not etag.startswith("W/") else headers.get("last-modified")
        ranges = headers.get("accept-ranges", "").lower() == "bytes"
        self._version = strong if ranges and "content-encoding" not in headers else None

    def _goes_on(self, headers: Any) -> bool:
        """Whether the answer is the rest that was asked for, to its end and of the same version."""
        found = re.fullmatch(_CONTENT_RANGE, headers.get("content-range", ""))
        if found is None or self._version is None or int(found[1]) != self._received:
            return False
        whole = found[3] == "*" or int(found[2]) + 1 == int(found[3])
        known = self._version.startswith('"')
        return whole and (not known or headers.get("etag", self._version) == self._version)

    def _moved(self, location: str) -> str:
        """Where a redirect leads to."""
        self._hops += 1
        if self._hops > _HOPS:
            raise ResultError(f"{self.shown} is redirected too often")
        try:
            place = urljoin(self._place, location)
        except ValueError:
            place = location
        if not is_http(place):
            raise ResultError(f"{self.shown} is redirected to what is no http or https URL")
        return place

    def chunk(self, data: bytes) -> None:
        """Take over a part of the content."""
        self._received += len(data)
        if self._received > self._max_bytes:
            raise self._too_big("more")
        if len(self._head) < HEAD:
            self._head += data[: HEAD - len(self._head)]
            if len(self._head) == HEAD:
                self._inspect(self._head)
        self._sink.write(data)

    def _too_big(self, found: str) -> ResultError:
        return ResultError(
            f"{self.shown} has {found}, and max_bytes is {self._max_bytes}; pass a higher one if "
            "such a file is expected"
        )

    def ended(self) -> None:
        """The content is there to its end."""
        if len(self._head) < HEAD:
            self._inspect(self._head)

    def failed(self, error: Exception, http: Any) -> float:
        """Seconds to sleep before the next attempt; raises the error of the last one."""
        if isinstance(error, _Moved):
            self._count -= 1  # Still the same attempt.
            return 0.0
        self._place, self._hops = self._url, 0
        if isinstance(error, FluxframeError | OSError) and not isinstance(error, TimeoutError):
            raise error  # The file can't be written, or is not wanted.
        wrong = error.failure() if isinstance(error, _Refused) else failure(error, http)
        if wrong is None:
            words = f"{self.shown} can't be had: {type(error).__name__}"
            if isinstance(error, http.HTTPError | http.InvalidURL | ValueError | OverflowError):
                raise ResultError(words) from None
            raise error
        decision = decide(
            wrong,
            attempt=self._count,
            max_retries=self._transport.settings.max_retries,
            left=self._end - time.monotonic(),
            repeatable=True,
            jitter=random.random(),
        )
        if not isinstance(decision, Stop):
            return decision
        if isinstance(error, _Refused):
            raise Gone(error.status) from None
        kind = APITimeoutError if wrong.cause == "timeout" else APIConnectionError
        raised = kind(f"download of {self.shown}: {excerpt(wrong.words)}")
        raised.operation = "download"
        raised.attempts = self._count
        raised.elapsed = time.monotonic() - self._start
        raise raised from error


class _Moved(Exception):  # noqa: N818 - a message between two functions
    pass


class _Refused(Exception):  # noqa: N818 - a message between two functions
    def __init__(self, answer: Any) -> None:
        super().__init__(answer.status_code)
        self.status: int = answer.status_code
        self._retry_after = asked_wait(answer.headers)

    def failure(self) -> Failure:
        cause: Cause = "answer" if self.status in (206, 416) else "status"
        after = self._retry_after
        return Failure(cause, f"status {self.status}", status=self.status, retry_after=after)


def fetch(transport: Transport, download: Download) -> None:
    """Fetch a file. Raises ResultError or APIConnectionError; none of them shows a URL's query."""
    client, http = transport.client()
    while True:
        token = _downloading.set(True)
        try:
            request, _ = download.next(http, Until)
            answer = client.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                download.begun(answer)
                for data in answer.iter_bytes():
                    download.chunk(data)
            finally:
                answer.close()
            return download.ended()
        except Exception as error:
            delay = download.failed(error, http)
        finally:
            _downloading.reset(token)
        time.sleep(delay)


async def afetch(transport: AsyncTransport, download: Download) -> None:
    """Fetch a file. Raises ResultError or APIConnectionError; none of them shows a URL's query."""
    import asyncio

    client, http = transport.client()
    while True:
        token = _downloading.set(True)
        try:
            request, whole = download.next(http, limit)
            async with asyncio.timeout(whole + GRACE):
                answer = await client.send(request, stream=True, auth=None, follow_redirects=False)
                try:
                    download.begun(answer)
                    async for data in answer.aiter_bytes():
                        download.chunk(data)
                finally:
                    await answer.aclose()
            return download.ended()
        except Exception as error:
            delay = download.failed(error, http)
        finally:
            _downloading.reset(token)
        await asyncio.sleep(delay)


_downloading: ContextVar[bool] = ContextVar("_downloading", default=False)


def _hide_queries(record: logging.LogRecord) -> bool:
    """Cuts the query, a signature often, off the URLs that httpx logs of our downloads."""
    if _downloading.get():
        text = re.sub(r"//[^/\s'\"]*@", "//", record.getMessage())
        # A redirect may lead to a URL without its host.
        record.msg, record.args = re.sub(r"[?#]\S*", "", text), ()
    return True


for _library in LIBRARIES:
    for _name in (
        _library,
        *(f"{_library.replace('httpx', 'httpcore')}.{v}" for v in ("http11", "http2")),
    ):
        logging.getLogger(_name).addFilter(_hide_queries)
