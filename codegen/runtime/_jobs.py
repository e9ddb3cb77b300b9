"""Jobs as handles: what is known of a job, and methods to refresh it, wait for it and get its images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._answers import Response
from ._catalog import API, OPERATIONS
from ._errors import JobCancelledError, JobFailedError, JobTimeoutError, ResultError
from ._life import JobRecord, failure_of
from ._problems import Action, Advice
from ._readers import job_json
from ._redact import redacted, show, shown
from ._results import AsyncImage, Image, checked_count, without_client
from ._roles import named
from ._waiting import DEFAULT_WAIT, Polls, ProgressReporter, settle, settle_async
from ._wire.calls import Call
from ._wire.transport import AsyncTransport, Transport

_GET = next(operation for operation in OPERATIONS.values() if operation.kind == "job")
_ID = next(parameter.name for parameter in _GET.parameters if parameter.role == "id")
_NO_REASON = "the server gave no reason"


class JobBase(JobRecord):
    """What both kinds of job share. The raw JSON is kept: members and statuses that are new too."""

    def __init__(
        self, raw: dict[str, Any], *, response: Response | None = None, partial: bool = False
    ) -> None:
        super().__init__(raw)
        # The answer that it was last read from; not copied to another process.
        self.response = response
        # An accepted job is known by its id and status only, and a replayed one may have ended.
        self._partial = partial

    def raise_for_status(self) -> None:
        """Raise JobFailedError or JobCancelledError for a job that ended without a result."""
        if not self.ended or self.succeeded:
            return
        message = (
            f"job {self.id} is {show(self.status)[1:-1]}: {redacted(self.error or _NO_REASON)}"
        )
        if self.status in API.cancelled:
            raise JobCancelledError(message, self)
        cause = failure_of(self.error)
        error = JobFailedError(message + (f"; {cause.summary}" if cause else ""), self)
        # Of an end that is unknown to this version, nobody knows whether it was refunded.
        error.resubmit = cause.resubmit if cause and self.status in API.ended else None
        raise error

    def _timeout_error(self, polls: Polls) -> JobTimeoutError:
        known = f"is {self.status} after {polls.deadline:g} s and goes on"
        if polls.error is not None or not self._is_seen():
            before = f"was {self.status} when it was last seen, and " if self._is_seen() else ""
            why = "" if polls.error is None else f" ({polls.error})"
            known = f"{before}could not be asked for within {polls.deadline:g} s{why}"
        advice = Advice(Action.WAIT_AGAIN, (self.id,))
        error = JobTimeoutError(f"job {self.id} {known}", self, advice=advice)
        error.__cause__ = polls.error
        return error

    def _get(self, polls: Polls | None = None) -> Call:
        # The id is the server's own, whatever its form.
        call = Call(_GET, path_parameters={_ID: self.id}, validation="off")
        if polls is not None:  # One attempt, which the next poll follows.
            call.deadline, call.max_retries = polls.left(), 0
        return call

    def __getstate__(self) -> dict[str, Any]:
        """The state without the client and the last answer: a copy can't ask the server."""
        return {**self.__dict__, "_client_transport": None, "response": None}

    def _is_settled(self) -> bool:
        """Whether the job has ended, and its full state is known."""
        return self.ended and not self._partial

    def _is_seen(self) -> bool:
        """Whether more than the job's id is known."""
        return self._told("status") is not None

    def _must_poll_first(self) -> bool:
        """Whether to poll before the first pause, as the job may have ended long ago."""
        return self._partial and (self.ended or not self._is_seen())

    def _update(self, response: Response) -> None:
        self.raw = job_json(response, _GET.name, self.id)
        self.response = response
        self._partial = False

    def __repr__(self) -> str:
        progress = "" if self.progress is None else f" {self.progress} %"
        words = [show(word)[1:-1] for word in (self.id, self.model, self.status) if word]
        return shown(f"<{type(self).__name__} {' '.join(words)}{progress}>")


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
        if self._client_transport is None:
            raise without_client(f"job {self.id}", self.id)
        return self._client_transport

    @property
    def images(self) -> list[Image]:
        """The images; empty until the job is completed. Raises ResultError for more than 100."""
        return [
            Image(
                self._client_transport, url, job_id=self.id, index=i, expired=self.expired is True
            )
            for i, url in enumerate(checked_count(self.image_urls, self.id))
        ]

    @classmethod
    def _by_id(cls, transport: Transport, id: str) -> Job:
        """A job of which only the id is known."""
        return cls(transport, named(id), partial=True)

    def refresh(self) -> Job:
        """Ask the server for the job as it is now; returns the same job."""
        self._ask()
        return self

    def _ask(self, polls: Polls | None = None) -> None:
        """Refresh the job; as one of many polls, with a single attempt."""
        self._update(self._transport.send(self._get(polls)))

    def _poll(self, polls: Polls) -> None:
        with polls.passing_failures():
            self._ask(polls)

    def wait(
        self,
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[Job], object] | None = None,
    ) -> Job:
        """Wait until the job is done; returns the same job.

        Args:
            deadline: Seconds to wait in all; None waits forever.
            interval: Seconds between polls; by default the API's schedule, which slows down. A
                poll that fails with no connection, 408, 429 or 5xx is followed by another.
            on_progress: Called with the job when its status or progress has changed.

        Raises:
            JobFailedError: It failed; the error carries the job.
            JobCancelledError: It was cancelled.
            JobTimeoutError: It was not done in time, and goes on at the server.
        """
        self._settle(Polls(deadline, interval), ProgressReporter(on_progress))
        self.raise_for_status()
        return self

    def _settle(self, polls: Polls, reporter: ProgressReporter[Job]) -> None:
        """Wait until the job has ended, whether it succeeded or not."""
        self._transport  # noqa: B018 - raises at once if there is none
        settle(self, polls, reporter)

    def _repr_html_(self) -> str:
        """The job and its images, for a notebook."""
        import html

        try:
            images = "".join(image._repr_html_() for image in self.images)
        except ResultError as error:
            images = f"<p>{html.escape(str(error))}</p>"
        return f"<p>{html.escape(repr(self))}</p>{images}"


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
        if self._client_transport is None:
            raise without_client(f"job {self.id}", self.id)
        return self._client_transport

    @property
    def images(self) -> list[AsyncImage]:
        """The images; empty until the job is completed. Raises ResultError for more than 100."""
        return [
            AsyncImage(
                self._client_transport, url, job_id=self.id, index=i, expired=self.expired is True
            )
            for i, url in enumerate(checked_count(self.image_urls, self.id))
        ]

    @classmethod
    def _by_id(cls, transport: AsyncTransport, id: str) -> AsyncJob:
        """A job of which only the id is known."""
        return cls(transport, named(id), partial=True)

    async def refresh(self) -> AsyncJob:
        """Ask the server for the job as it is now; returns the same job."""
        await self._ask()
        return self

    async def _ask(self, polls: Polls | None = None) -> None:
        """Refresh the job; as one of many polls, with a single attempt."""
        self._update(await self._transport.send(self._get(polls)))

    async def _poll(self, polls: Polls) -> None:
        with polls.passing_failures():
            await self._ask(polls)

    async def wait(
        self,
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Wait until the job is done; returns the same job.

        Args:
            deadline: Seconds to wait in all; None waits forever.
            interval: Seconds between polls; by default the API's schedule, which slows down. A
                poll that fails with no connection, 408, 429 or 5xx is followed by another.
            on_progress: Called with the job when its status or progress has changed.

        Raises:
            JobFailedError: It failed; the error carries the job.
            JobCancelledError: It was cancelled.
            JobTimeoutError: It was not done in time, and goes on at the server.
        """
        await self._settle(Polls(deadline, interval), ProgressReporter(on_progress))
        self.raise_for_status()
        return self

    async def _settle(self, polls: Polls, reporter: ProgressReporter[AsyncJob]) -> None:
        """Wait until the job has ended, whether it succeeded or not."""
        self._transport  # noqa: B018 - raises at once if there is none
        await settle_async(self, polls, reporter)

    def _repr_html_(self) -> str:
        """The job and its images, for a notebook."""
        import html

        try:
            images = "".join(image._repr_html_() for image in self.images)
        except ResultError as error:
            images = f"<p>{html.escape(str(error))}</p>"
        return f"<p>{html.escape(repr(self))}</p>{images}"
