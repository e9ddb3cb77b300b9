# A copy of codegen/runtime/_jobs.py, where it is edited.
"""A job as a handle: what is known of it, and ways to ask again, to wait, and to get its pictures."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping
from typing import Any, Generic, NoReturn, TypeVar

from ._answers import Response
from ._catalog import API, OPERATIONS
from ._errors import (
    ConfigurationError,
    JobCancelledError,
    JobFailedError,
    JobTimeoutError,
    UnexpectedResponseError,
)
from ._life import JobRecord, failure_of
from ._polling import DEFAULT_WAIT, Polls
from ._problems import Action, Advice
from ._redact import excerpt, redacted, show
from ._results import AsyncImage, Image
from ._wire.calls import Call
from ._wire.transport import AsyncTransport, Transport

T = TypeVar("T")

_GET = OPERATIONS["jobs.get"]
_NO_REASON = "the server gives no reason"


class JobBase(JobRecord):
    """What both kinds of job share. The raw JSON is kept: members and statuses that are new too."""

    def __init__(
        self, raw: dict[str, Any], *, response: Response | None = None, partial: bool = False
    ) -> None:
        super().__init__(raw)
        # The answer that it was read from last; it does not go along to another process.
        self.response = response
        # An accepted job is known by its id and status only, and a replayed one may have ended.
        self._partial = partial

    def raise_for_status(self) -> None:
        """Raise JobFailedError or JobCancelledError for a job that ended without a result."""
        if not self.ended or self.succeeded:
            return
        message = f"job {self.id} is {self.status}: {redacted(self.error or _NO_REASON)}"
        if self.status == "CANCELLED":
            raise JobCancelledError(message, self)
        cause = failure_of(self.error)
        error = JobFailedError(message + (f"; {cause.summary}" if cause else ""), self)
        error.resubmit = cause.resubmit if cause else None
        raise error

    def _timeout_error(self, polls: Polls) -> JobTimeoutError:
        known = f"is {self.status} after {polls.deadline:g} s and goes on"
        if polls.error is not None:
            before = (
                f"was {self.status} when it was last seen, and " if "status" in self.raw else ""
            )
            known = f"{before}could not be asked for within {polls.deadline:g} s ({polls.error})"
        advice = Advice(Action.WAIT_AGAIN, (self.id,))
        error = JobTimeoutError(f"job {self.id} {known}", self, advice=advice)
        error.__cause__ = polls.error
        return error

    def _get(self, polls: Polls | None = None) -> Call:
        # The id is the server's own, whatever its form.
        call = Call(_GET, path_parameters={"id": self.id}, validation="off")
        if polls is not None:  # One attempt, which the next poll follows.
            call.deadline, call.max_retries = polls.left(), 0
        return call

    def __reduce__(self) -> tuple[Any, ...]:
        """A job can be copied and sent to another process, where it is as it was and asks nobody."""
        return type(self), (None, self.raw)

    def _update(self, response: Response) -> None:
        self.raw = job_json(response, _GET.name)
        self.response = response
        self._partial = False

    def __repr__(self) -> str:
        progress = "" if self.progress is None else f" {self.progress} %"
        words = [show(word)[1:-1] for word in (self.id, self.model, self.status) if word]
        return f"<{type(self).__name__} {' '.join(words)}{progress}>"


def job_json(response: Response, operation: str) -> dict[str, Any]:
    """An answer that must be a job. Raises UnexpectedResponseError if it has no id."""
    return _job(response.data, response, operation)


def answer_json(response: Response, operation: str) -> dict[str, Any]:
    """An answer that must be an object. Raises UnexpectedResponseError."""
    if not isinstance(response.data, dict):
        words = f"the answer is not an object: {_shown(response.data)}"
        raise _unexpected(response, operation, words)
    return response.data


def _is_id(value: object) -> bool:
    """Whether it can be asked for: a text that can stand in a URL as one segment."""
    if not isinstance(value, str) or value in ("", ".", ".."):
        return False
    return value.isascii() or value == value.encode(errors="ignore").decode()


def _shown(data: object) -> str:
    return excerpt(redacted(repr(data)))


def _job(data: Any, response: Response, operation: str) -> dict[str, Any]:
    if not isinstance(data, dict) or not _is_id(data.get("id")):
        raise _unexpected(response, operation, f"the answer is not a job: {_shown(data)}")
    return data


def accepted_json(response: Response, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The job that was accepted, as far as the answer and the request tell."""
    members = response.data if isinstance(response.data, dict) else {}
    known = {ours: members[theirs] for ours, theirs in API.accepted.items() if theirs in members}
    if not _is_id(known.get("id")):
        words = f"the answer has no {API.accepted['id']}: {_shown(response.data)}"
        raise _unexpected(response, operation, words)
    known["model"] = request.get("model")
    known["input"] = request
    return known


def jobs_json(response: Response, operation: str) -> list[dict[str, Any]]:
    """The jobs of an answer that must be a page of them."""
    data = response.data
    jobs = data.get("jobs") if isinstance(data, dict) else None
    if not isinstance(jobs, list):
        raise _unexpected(response, operation, f"the answer is not a list of jobs: {_shown(data)}")
    return [_job(job, response, operation) for job in jobs]


def _unexpected(response: Response, operation: str, words: str) -> UnexpectedResponseError:
    key = response.idempotency_key
    advice = None if key is None else Advice(Action.SUBMIT_AGAIN, (key,))
    error = UnexpectedResponseError(
        words, status=response.status, body=response.data, advice=advice
    )
    error.idempotency_key = key
    error.operation, error.attempts, error.elapsed = operation, response.attempts, response.elapsed
    error.request_id = response.request_id
    return error


class Job(JobBase):
    """A job of `Fluxframe`."""

    def __init__(
        self,
        transport: Transport | None,
        raw: dict[str, Any],
        *,
        response: Response | None = None,
        partial: bool = False,
    ) -> None:
        super().__init__(raw, response=response, partial=partial)
        self._client_transport = transport

    @property
    def _transport(self) -> Transport:
        return self._client_transport or _gone(self.id)

    @property
    def images(self) -> list[Image]:
        """The pictures; empty as long as there are none."""
        return [
            Image(
                self._client_transport, url, job_id=self.id, index=i, expired=self.expired is True
            )
            for i, url in enumerate(self.image_urls)
        ]

    def refresh(self) -> Job:
        """Ask the server for the job as it is now; returns itself."""
        self._update(self._transport.send(self._get()))
        return self

    def wait(
        self,
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[Job], object] | None = None,
    ) -> Job:
        """Wait until the job is done; returns itself.

        Args:
            deadline: Seconds to wait in all; None waits without end.
            interval: Seconds between polls; by default the API's schedule, slower and slower. A
                poll that fails for want of a connection, or with 429 or 5xx, is followed by another.
            on_progress: Called with the job when its status or progress has changed.

        Raises:
            JobFailedError: It failed; the error carries the job.
            JobCancelledError: It was cancelled.
            JobTimeoutError: It was not done in time, and goes on at the server.
        """
        self._settle(Polls(deadline, interval), News(on_progress))
        self.raise_for_status()
        return self

    def _settle(self, polls: Polls, news: News[Job]) -> None:
        """Wait until it has ended, well or not."""
        transport = self._transport
        if self._partial and (self.ended or "status" not in self.raw):
            with polls.tolerant():
                self._update(transport.send(self._get(polls)))
        if "status" in self.raw:
            news.tell(self)
        while self._partial or not self.ended:
            if (delay := polls.delay()) is None:
                raise self._timeout_error(polls)
            time.sleep(delay)
            with polls.tolerant():
                self._update(transport.send(self._get(polls)))
            news.tell(self)

    def _repr_html_(self) -> str:
        """Itself and its pictures, for a notebook."""
        import html

        pictures = "".join(image._repr_html_() for image in self.images)
        return f"<p>{html.escape(repr(self))}</p>{pictures}"


class AsyncJob(JobBase):
    """A job of `AsyncFluxframe`."""

    def __init__(
        self,
        transport: AsyncTransport | None,
        raw: dict[str, Any],
        *,
        response: Response | None = None,
        partial: bool = False,
    ) -> None:
        super().__init__(raw, response=response, partial=partial)
        self._client_transport = transport

    @property
    def _transport(self) -> AsyncTransport:
        return self._client_transport or _gone(self.id)

    @property
    def images(self) -> list[AsyncImage]:
        """The pictures; empty as long as there are none."""
        return [
            AsyncImage(
                self._client_transport, url, job_id=self.id, index=i, expired=self.expired is True
            )
            for i, url in enumerate(self.image_urls)
        ]

    async def refresh(self) -> AsyncJob:
        """Ask the server for the job as it is now; returns itself."""
        self._update(await self._transport.send(self._get()))
        return self

    async def wait(
        self,
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Wait until the job is done; returns itself.

        Args:
            deadline: Seconds to wait in all; None waits without end.
            interval: Seconds between polls; by default the API's schedule, slower and slower. A
                poll that fails for want of a connection, or with 429 or 5xx, is followed by another.
            on_progress: Called with the job when its status or progress has changed.

        Raises:
            JobFailedError: It failed; the error carries the job.
            JobCancelledError: It was cancelled.
            JobTimeoutError: It was not done in time, and goes on at the server.
        """
        await self._settle(Polls(deadline, interval), News(on_progress))
        self.raise_for_status()
        return self

    async def _settle(self, polls: Polls, news: News[AsyncJob]) -> None:
        """Wait until it has ended, well or not."""
        import asyncio

        transport = self._transport
        if self._partial and (self.ended or "status" not in self.raw):
            with polls.tolerant():
                self._update(await transport.send(self._get(polls)))
        if "status" in self.raw:
            await _awaited(news.tell(self))
        while self._partial or not self.ended:
            if (delay := polls.delay()) is None:
                raise self._timeout_error(polls)
            await asyncio.sleep(delay)
            with polls.tolerant():
                self._update(await transport.send(self._get(polls)))
            await _awaited(news.tell(self))

    def _repr_html_(self) -> str:
        """Itself and its pictures, for a notebook."""
        import html

        pictures = "".join(image._repr_html_() for image in self.images)
        return f"<p>{html.escape(repr(self))}</p>{pictures}"


_AnyJob = TypeVar("_AnyJob", bound=JobBase)


class News(Generic[_AnyJob]):
    """Calls a function with a job whenever its status or progress is another than before."""

    def __init__(self, call: Callable[[_AnyJob], object] | None) -> None:
        if call is not None and not callable(call):
            kind = type(call).__qualname__
            raise ConfigurationError(f"on_progress: a {kind}, expected a function")
        self._call = call
        self._last: tuple[str, int | None] | None = None

    def tell(self, job: _AnyJob) -> object:
        before, self._last = self._last, (job.status, job.progress)
        return self._call(job) if self._call is not None and before != self._last else None


async def _awaited(result: object) -> None:
    """Await what an async `on_progress` returns."""
    if isinstance(result, Awaitable):
        await result


def _gone(id: str) -> NoReturn:
    raise ConfigurationError(
        f"job {id} came without its client, from a copy or another process",
        advice=Advice(Action.GET, (id,)),
    )


class BasePage(Generic[T]):
    """A page of a list, newest first: its `items`, `raw` JSON, and `response` as it came."""

    def __init__(self, items: list[T], response: Response) -> None:
        self.items = items
        self.raw: dict[str, Any] = response.data
        self.response = response

    @property
    def next_cursor(self) -> str | None:
        """The cursor of the next page; None on the last."""
        cursor = self.raw.get("nextCursor")
        return cursor if isinstance(cursor, str) and cursor else None

    @property
    def has_more(self) -> bool:
        """Whether there is a next page."""
        return self.raw.get("hasMore") is True

    def _following(self) -> str | None:
        return self.next_cursor if self.has_more else None

    def __repr__(self) -> str:
        more = ", more to come" if self.has_more else ""
        return f"<{type(self).__name__} of {len(self.items)}{more}>"


class Page(BasePage[T]):
    """A page of a list, newest first; to iterate over it goes on to the pages that follow.

    `items` are those of this page alone.
    """

    def __init__(self, items: list[T], response: Response, turn: Callable[[str], Page[T]]) -> None:
        super().__init__(items, response)
        self._turn = turn

    def next_page(self) -> Page[T] | None:
        """The page that follows; None after the last."""
        cursor = self._following()
        return None if cursor is None else self._turn(cursor)

    def __iter__(self) -> Iterator[T]:
        page: Page[T] | None = self
        seen = _Seen()
        while page is not None:
            yield from page.items
            seen.add(page)
            page = page.next_page()


class AsyncPage(BasePage[T]):
    """A page of a list, newest first; `async for` goes on to the pages that follow.

    `items` are those of this page alone.
    """

    def __init__(
        self, items: list[T], response: Response, turn: Callable[[str], Awaitable[AsyncPage[T]]]
    ) -> None:
        super().__init__(items, response)
        self._turn = turn

    async def next_page(self) -> AsyncPage[T] | None:
        """The page that follows; None after the last."""
        cursor = self._following()
        return None if cursor is None else await self._turn(cursor)

    async def __aiter__(self) -> AsyncIterator[T]:
        page: AsyncPage[T] | None = self
        seen = _Seen()
        while page is not None:
            for item in page.items:
                yield item
            seen.add(page)
            page = await page.next_page()


class AsyncPages(Generic[T]):
    """A list: `await` it for its first page, or go through all of it with `async for`."""

    def __init__(self, first: Callable[[], Awaitable[AsyncPage[T]]]) -> None:
        self._first = first

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return self._first().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for item in await self._first():
            yield item


class _Seen:
    """The cursors of a list that were followed: a server that repeats one leads in a circle."""

    def __init__(self) -> None:
        self._cursors: set[str] = set()

    def add(self, page: BasePage[Any]) -> None:
        cursor = page._following()
        if cursor is not None and cursor in self._cursors:
            words = "the next page is one that was there before"
            raise _unexpected(page.response, "jobs.list", words)
        self._cursors.update([cursor] if cursor is not None else [])
