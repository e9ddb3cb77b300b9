"""Fetches a file from whichever host has it, without the API key, and goes on where it broke off."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Mapping
from typing import IO
from urllib.parse import urljoin

from .._errors import APIConnectionError, APITimeoutError, FluxframeError, ResultError
from .._redact import show, without_query
from .bodies import Decoder, TooLongError
from .causes import cleared
from .clients import location
from .deadlines import (
    GRACE,
    SocketTimeout,
    async_timeout,
    ending_in,
    sync_timeout,
    timeouts,
)
from .http import Http, HttpResponse, Request, failure, is_http
from .logs import without_queries
from .requests import USER_AGENT
from .responses import asked_wait
from .retry import Cause, Failure, RetryState, Stop
from .transport import AsyncTransport, BaseTransport, Transport

# Followed here, as httpx would send the cookies of the caller's own client along.
_REDIRECTS = (301, 302, 303, 307, 308)
_HOPS = 10
_CONTENT_RANGE = r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)"
# How many of a file's first bytes identify its format.
HEAD = 12


class Gone(ResultError):  # noqa: N818 - never seen by a caller
    """The host answers with a status other than success."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered {status}")
        self.status = status


class Download:
    """The download of a file into `sink`: what to ask for next, and how to handle each answer.

    `inspect` is called with the first bytes of the file, and raises if the file is not wanted.
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
            raise ResultError(f"{show(self.shown, 500)} is not an http or https URL")
        self._url = url
        # The URL after redirects, which each attempt follows again.
        self._place = url
        self._hops = 0
        self._sink = sink
        self._max_bytes = max_bytes
        self._inspect = inspect
        settings = transport.settings
        self._timeout = settings.timeout
        self._state = RetryState(settings.deadline, settings.max_retries)
        self._outer = sys.exc_info()[1]
        self._received = 0
        self._head = b""
        self._decoder = Decoder({}, max_bytes)
        # Identifies this version of the file, so that its rest can be requested.
        self._version: str | None = None

    def next(self, http: Http, socket_timeout: SocketTimeout) -> tuple[Request, float]:
        """The next attempt's request, and the seconds that it may take."""
        whole = max(0.001, self._state.begin())
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "image/*,*/*;q=0.5",
            "Accept-Encoding": "identity",
        }
        # `If-Range` makes a host send the whole file, with 200, if it is no longer the version of which
        # a part is here; without it, the halves of two files would be put together.
        if self._received and self._version is not None:
            headers["Range"] = f"bytes={self._received}-"
            headers["If-Range"] = self._version
        step = min(self._timeout, whole)
        extensions = {"timeout": timeouts(step, whole, socket_timeout)}
        request = http.Request("GET", self._place, headers=headers, extensions=extensions)
        return request, whole

    def begun(self, answer: HttpResponse) -> None:
        """Take note of an answer's status and headers, before its content. Raises _Refused."""
        headers = answer.headers
        self._decoder = Decoder(headers, self._max_bytes)
        if answer.status_code == 206 and self._goes_on(headers):
            return
        if answer.status_code in (206, 416):  # The host does not have the rest; start again.
            self._version = None
        if answer.status_code in _REDIRECTS and (place := location(headers)) is not None:
            self._place = self._moved(place)
            raise _Moved
        if answer.status_code != 200:
            raise _Refused(answer)
        self._received, self._head = 0, b""
        self._sink.seek(0)
        self._sink.truncate()
        length = headers.get("content-length", "")
        if re.fullmatch(r"[0-9]{1,18}", length) and int(length) > self._max_bytes:
            raise self._too_big(f"{int(length)} bytes")
        # A weak ETag ("W/…") may stand for other bytes of the same meaning, and a range of compressed
        # bytes is not a range of the file.
        etag = headers.get("etag")
        strong = etag if etag and not etag.startswith("W/") else headers.get("last-modified")
        ranges = headers.get("accept-ranges", "").lower() == "bytes"
        self._version = strong if ranges and "content-encoding" not in headers else None

    def _goes_on(self, headers: Mapping[str, str]) -> bool:
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
            raise ResultError(f"{self.shown} was redirected too many times")
        try:
            place = urljoin(self._place, location)
        except ValueError:
            place = location
        if not is_http(place):
            raise ResultError(
                f"{self.shown} was redirected to something other than an http or https URL"
            )
        return place

    def received(self, data: bytes) -> None:
        """Add a part of the content as it came: compressed, if the host did so unasked."""
        try:
            for piece in self._decoder.pieces(data):
                self.chunk(piece)
        except TooLongError:
            raise self._too_big("more") from None

    def chunk(self, data: bytes) -> None:
        """Add a part of the content."""
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
        """Take note that the content is complete."""
        self._decoder.end()
        if len(self._head) < HEAD:
            self._inspect(self._head)

    def failed(self, error: Exception, http: Http) -> float:
        """Seconds to sleep before the next attempt; raises the error of the last one."""
        if isinstance(error, _Moved):
            self._state.count -= 1  # Still the same attempt.
            return 0.0
        self._place, self._hops = self._url, 0
        wrong = error.failure() if isinstance(error, _Refused) else failure(error, http)
        if wrong is None:
            words = f"{self.shown} can't be fetched: {type(error).__name__}"
            foreign = http.HTTPError | http.InvalidURL | ValueError | OverflowError
            if isinstance(error, foreign) and not isinstance(error, FluxframeError):
                raise ResultError(words) from None
            raise error  # Such as of the file, which can't be written or is not wanted.
        decision = self._state.after(wrong, repeatable=True)
        if not isinstance(decision, Stop):
            return decision
        if isinstance(error, _Refused):
            raise Gone(error.status) from None
        kind = APITimeoutError if wrong.cause == "timeout" else APIConnectionError
        raised = kind(f"download of {self.shown}: {wrong.words}")
        self._state.record(raised, "download")
        raise raised from cleared(error, self._outer)


class _Moved(Exception):  # noqa: N818 - a message between two functions
    pass


class _Refused(Exception):  # noqa: N818 - a message between two functions
    def __init__(self, answer: HttpResponse) -> None:
        super().__init__(answer.status_code)
        self.status: int = answer.status_code
        self._retry_after = asked_wait(answer.headers)

    def failure(self) -> Failure:
        cause: Cause = "answer" if self.status in (206, 416) else "status"
        after = self._retry_after
        return Failure(cause, f"status {self.status}", status=self.status, retry_after=after)


def fetch(transport: Transport, download: Download) -> None:
    """Fetch a file. Raises ResultError or APIConnectionError, which never show a URL's query."""
    client, http = transport.client()
    while True:
        try:
            request, whole = download.next(http, sync_timeout)
            with without_queries(), ending_in(whole):
                answer = client.send(request, stream=True, auth=None, follow_redirects=False)
                try:
                    download.begun(answer)
                    if answer.is_stream_consumed:
                        download.chunk(answer.content)
                    else:
                        for data in answer.iter_raw():
                            download.received(data)
                finally:
                    answer.close()
                return download.ended()
        except Exception as error:
            delay = download.failed(error, http)
        time.sleep(delay)


async def afetch(transport: AsyncTransport, download: Download) -> None:
    """Fetch a file. Raises ResultError or APIConnectionError, which never show a URL's query."""
    import asyncio

    client, http = transport.client()
    while True:
        try:
            request, whole = download.next(http, async_timeout)
            with without_queries():
                async with asyncio.timeout(whole + GRACE):
                    answer = await client.send(
                        request, stream=True, auth=None, follow_redirects=False
                    )
                    try:
                        download.begun(answer)
                        if answer.is_stream_consumed:
                            download.chunk(answer.content)
                        else:
                            async for data in answer.aiter_raw():
                                download.received(data)
                    finally:
                        await answer.aclose()
            return download.ended()
        except Exception as error:
            delay = download.failed(error, http)
        await asyncio.sleep(delay)
