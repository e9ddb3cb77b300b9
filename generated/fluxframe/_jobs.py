"""A job as a handle: what is known of it, and ways to ask again, to wait, and to get its pictures."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar

from ._catalog import API, OPERATIONS
from ._errors import (
    ConfigurationError,
    JobCancelledError,
    JobFailedError,
    JobTimeoutError,
    UnexpectedResponseError,
)
from ._images import AsyncImage, Image
from ._job_fields import JobFields
from ._life import Life
from ._polling import DEFAULT_DEADLINE, Polls
from ._transport import AsyncTransport, Call, Transport

T = TypeVar("T")

_GET = OPERATIONS["jobs.get"]


class JobBase(Life, JobFields):
    """What both kinds of job share. The raw JSON is kept: members and statuses that are new too."""

    def __init__(self, raw: Mapping[str, Any], *, partial: bool = False) -> None:
        super().__init__(dict(raw))
        # An accepted job is known by its id and status only, and a replayed one may have ended.
        self._partial = partial

    @property
    def id(self) -> str:
        """The job's id."""
        return str(self.raw["id"])

    def raise_for_status(self) -> None:
        """Raise JobFailedError or JobCancelledError for a job that ended without a result."""
        if self.ended and not self.succeeded:
            kind = JobCancelledError if self.status == "CANCELLED" else JobFailedError
            reason = self.error or "the server gives no reason"
            raise kind(f"job {self.id} is {self.status}: {reason}", self)

    def _timeout_error(self, timeout: float | None) -> JobTimeoutError:
        return JobTimeoutError(
            f"job {self.id} is {self.status} after {timeout:g} s and goes on; wait for it again with "
            f'client.jobs.wait("{self.id}")',
            self,
        )

    def _get(self, timeout: float | None = None) -> Call:
        # The id is the server's own, whatever its form.
        id = {"id": self.id}
        return Call(_GET, path_parameters=id, validation="off", timeout=timeout)

    def __reduce__(self) -> tuple[Any, ...]:
        """A job can be copied and sent to another process, where it is as it was and asks nobody."""
        return type(self), (None, self.raw)

    def _update(self, raw: Any) -> None:
        self.raw = job_json(raw, _GET.name)
        self._partial = False

    def __repr__(self) -> str:
        progress = "" if self.progress is None else f" {self.progress} %"
        return f"<{type(self).__name__} {self.id} {self.model or ''} {self.status}{progress}>"


def job_json(raw: Any, operation: str) -> dict[str, Any]:
    """An answer that must be a job. Raises UnexpectedResponseError if it has no id."""
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
        message = f"{operation}: the answer is no job: {str(raw)[:200]}"
        raise UnexpectedResponseError(message, status=200, body=str(raw))
    return raw


def accepted_json(raw: Any, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The job that was accepted, as far as the answer and the request tell."""
    members = raw if isinstance(raw, dict) else {}
    known = {ours: members[theirs] for ours, theirs in API.accepted.items() if theirs in members}
    if not isinstance(known.get("id"), str):
        message = f"{operation}: the answer has no {API.accepted['id']}: {str(raw)[:200]}"
        raise UnexpectedResponseError(message, status=202, body=str(raw))
    return {**known, "model": request.get("model"), "input": dict(request)}


class Job(JobBase):
    """A job of `Fluxframe`."""

    def __init__(
        self, transport: Transport | None, raw: Mapping[str, Any], *, partial: bool = False
    ) -> None:
        super().__init__(raw, partial=partial)
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
        timeout: float | None = DEFAULT_DEADLINE,
        interval: float | None = None,
        on_progress: Callable[[Job], object] | None = None,
    ) -> Job:
        """Wait until the job is done; returns itself.

        Args:
            timeout: Seconds to wait in all; None waits without end.
            interval: Seconds between polls; by default the API's schedule, slower and slower. A
                poll that fails for want of a connection, or with 429 or 5xx, is followed by another.
            on_progress: Called with the job when its status or progress has changed.

        Raises:
            JobFailedError: It failed; the error carries the job.
            JobCancelledError: It was cancelled.
            JobTimeoutError: It was not done in time, and goes on at the server.
        """
        polls = Polls(timeout, interval, self._transport.timeout)
        news = _News(on_progress)
        if self.ended and self._partial:
            self.refresh()
        news.tell(self)
        while not self.ended:
            if (delay := polls.delay()) is None:
                raise self._timeout_error(timeout) from polls.error
            time.sleep(delay)
            with polls.tolerant():
                self._update(self._transport.send(self._get(polls.timeout())))
            news.tell(self)
        self.raise_for_status()
        return self


class AsyncJob(JobBase):
    """A job of `AsyncFluxframe`."""

    def __init__(
        self, transport: AsyncTransport | None, raw: Mapping[str, Any], *, partial: bool = False
    ) -> None:
        super().__init__(raw, partial=partial)
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
        timeout: float | None = DEFAULT_DEADLINE,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Wait until the job is done; returns itself.

        Args:
            timeout: Seconds to wait in all; None waits without end.
            interval: Seconds between polls; by default the API's schedule, slower and slower. A
                poll that fails for want of a connection, or with 429 or 5xx, is followed by another.
            on_progress: Called with the job when its status or progress has changed.

        Raises:
            JobFailedError: It failed; the error carries the job.
            JobCancelledError: It was cancelled.
            JobTimeoutError: It was not done in time, and goes on at the server.
        """
        polls = Polls(timeout, interval, self._transport.timeout)
        news = _News(on_progress)
        if self.ended and self._partial:
            await self.refresh()
        await _awaited(news.tell(self))
        while not self.ended:
            if (delay := polls.delay()) is None:
                raise self._timeout_error(timeout) from polls.error
            await asyncio.sleep(delay)
            with polls.tolerant():
                self._update(await self._transport.send(self._get(polls.timeout())))
            await _awaited(news.tell(self))
        self.raise_for_status()
        return self


_AnyJob = TypeVar("_AnyJob", bound=JobBase)


class _News(Generic[_AnyJob]):
    """Calls a function with a job whenever its status or progress is another than before."""

    def __init__(self, call: Callable[[_AnyJob], object] | None) -> None:
        self._call = call
        self._last: tuple[str, int | None] | None = None

    def tell(self, job: _AnyJob) -> object:
        before, self._last = self._last, (job.status, job.progress)
        return self._call(job) if self._call is not None and before != self._last else None


async def _awaited(result: object) -> None:
    """Await what an async `on_progress` returns."""
    if inspect.isawaitable(result):
        await result


def _gone(id: str) -> NoReturn:
    raise ConfigurationError(
        f"job {id} came without its client, from a copy or another process; ask for it with "
        f'client.jobs.get("{id}")'
    )


class Page(Generic[T]):
    """A page of a list, newest first; iterate over it, or read its `items`."""

    def __init__(self, items: Iterable[T], raw: Mapping[str, Any]) -> None:
        self.items = list(items)
        self.raw = dict(raw)

    @property
    def next_cursor(self) -> str | None:
        """The cursor of the next page; None on the last."""
        cursor = self.raw.get("nextCursor")
        return cursor if isinstance(cursor, str) else None

    @property
    def has_more(self) -> bool:
        """Whether there is a next page."""
        return self.raw.get("hasMore") is True

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Page of {len(self.items)}{', more to come' if self.has_more else ''}>"


JobPage: TypeAlias = Page[Job]
AsyncJobPage: TypeAlias = Page[AsyncJob]


def jobs_json(raw: Any, operation: str) -> list[dict[str, Any]]:
    """The jobs of an answer that must be a page of them."""
    jobs = raw.get("jobs") if isinstance(raw, dict) else None
    if not isinstance(jobs, list):
        message = f"{operation}: the answer is no list of jobs: {str(raw)[:200]}"
        raise UnexpectedResponseError(message, status=200, body=str(raw))
    return [job_json(job, operation) for job in jobs]
