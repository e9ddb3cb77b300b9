# A copy of codegen/runtime/_resources.py, where it is edited.
"""What the client's resources do, sync and async; the spec decides which resources exist."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Generic, Protocol, TypeVar, overload

from ._answers import Answer
from ._catalog import OPERATIONS
from ._errors import JobError
from ._jobs import AsyncJob, Job
from ._pages import AsyncPages, Page
from ._problems import Action, Advice, Validation
from ._readers import accepted_json, answer_json, job_json
from ._submission import Request, form, largest, submission, told_apart
from ._wait_many import End, ends, wait_many, wait_many_async
from ._waiting import DEFAULT_WAIT, Polls, ProgressReporter
from ._wire.calls import Call
from ._wire.transport import AsyncTransport, Transport
from ._wire.uploads import AsyncFileLike, FileLike, async_file_of, file_of

A = TypeVar("A", bound=Answer)


class Resource:
    """Operations that share the client's transport."""

    _transport: Transport

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _answer(
        self, operation: str, kind: type[A], given: Mapping[str, Any], timeout: float | None
    ) -> A:
        response = self._transport.send(_call(operation, given, timeout))
        return kind(answer_json(response, operation), response)

    def _done(self, operation: str, given: Mapping[str, Any], timeout: float | None) -> None:
        self._transport.send(_call(operation, given, timeout))


class AsyncResource:
    """Operations that share the client's transport."""

    _transport: AsyncTransport

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def _answer(
        self, operation: str, kind: type[A], given: Mapping[str, Any], timeout: float | None
    ) -> A:
        response = await self._transport.send(_call(operation, given, timeout))
        return kind(answer_json(response, operation), response)

    async def _done(self, operation: str, given: Mapping[str, Any], timeout: float | None) -> None:
        await self._transport.send(_call(operation, given, timeout))


def _call(operation: str, given: Mapping[str, Any], timeout: float | None) -> Call:
    """The call of an operation, whose path and query are given by Python name."""
    known = OPERATIONS[operation]
    path = {name: value for name, value in given.items() if f"{{{name}}}" in known.path}
    query = {name: value for name, value in given.items() if name not in path}
    return Call(known, path_parameters=path, query=query, timeout=timeout)


def _id_in(operation: str, given: Mapping[str, Any]) -> str:
    """The id of the job that an operation is asked for."""
    parameter = OPERATIONS[operation].by_role("id")
    return str(given[parameter.name]) if parameter else ""


class Submissions(Resource):
    """Submits requests, and waits for their jobs if wanted."""

    @overload
    def run(
        self,
        request: Request,
        /,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[Job], object] | None = None,
    ) -> Job: ...
    @overload
    def run(self, /, **parameters: Any) -> Job: ...
    def run(self, request: Request | None = None, /, **arguments: Any) -> Job:
        """Submit a request and wait until its job is done, whichever operation takes its model.

            job = client.images.run(AModel(prompt="a fox"), on_progress=print)

        Takes what the method that submits takes, and beside a request what `Job.wait` does:
        `deadline` is the seconds for both together. Raises what both raise.
        """
        request, options = told_apart("run", request, arguments)
        waiting = Waiting(options)
        job = self._submit(request, deadline=waiting.polls.deadline, **options)
        try:
            job._settle(waiting.polls, waiting.reporter)
        except BaseException as error:
            waiting.note(error, job.id)
            raise
        job.raise_for_status()
        return job

    def _submit_to(
        self, operation: str, method: str, request: Request | None, arguments: dict[str, Any]
    ) -> Job:
        """Submit a request, in either form of a call, to an operation that has to take its model."""
        request, options = told_apart(method, request, arguments)
        return self._submit(request, operation, **options)

    def _submit(self, request: Request, operation: str | None = None, **options: Any) -> Job:
        call = submission(self._transport.settings, request, operation, **options)
        response = self._transport.send(call)
        raw = accepted_json(response, call.operation.name, call.body or {})
        return Job(self._transport, raw, response=response, partial=True)


class AsyncSubmissions(AsyncResource):
    """Submits requests, and waits for their jobs if wanted."""

    @overload
    async def run(
        self,
        request: Request,
        /,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob: ...
    @overload
    async def run(self, /, **parameters: Any) -> AsyncJob: ...
    async def run(self, request: Request | None = None, /, **arguments: Any) -> AsyncJob:
        """Submit a request and wait until its job is done. Takes and raises what the sync method does."""
        request, options = told_apart("run", request, arguments)
        waiting = Waiting(options)
        job = await self._submit(request, deadline=waiting.polls.deadline, **options)
        try:
            await job._settle(waiting.polls, waiting.reporter)
        except BaseException as error:
            waiting.note(error, job.id)
            raise
        job.raise_for_status()
        return job

    async def _submit_to(
        self, operation: str, method: str, request: Request | None, arguments: dict[str, Any]
    ) -> AsyncJob:
        """Submit a request, in either form of a call, to an operation that has to take its model."""
        request, options = told_apart(method, request, arguments)
        return await self._submit(request, operation, **options)

    async def _submit(
        self, request: Request, operation: str | None = None, **options: Any
    ) -> AsyncJob:
        call = submission(self._transport.settings, request, operation, **options)
        response = await self._transport.send(call)
        raw = accepted_json(response, call.operation.name, call.body or {})
        return AsyncJob(self._transport, raw, response=response, partial=True)


class Waiting:
    """The options of `run` that are those of a wait; taken out of all that are given."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.polls = Polls(options.pop("deadline", DEFAULT_WAIT), options.pop("interval", None))
        self.reporter: ProgressReporter[Any] = ProgressReporter(options.pop("on_progress", None))

    def note(self, error: BaseException, id: str) -> None:
        """Add a note to an error that the job goes on, unless it is a JobError, which has the job."""
        if not isinstance(error, JobError):
            error.add_note(f"job {id} goes on; {Advice(Action.WAIT, (id,))}")


class Jobs(Resource):
    """Jobs: look one up, wait for one or for many, list them."""

    def _get(self, operation: str, given: Mapping[str, Any], timeout: float | None) -> Job:
        response = self._transport.send(_call(operation, given, timeout))
        raw = job_json(response, operation, _id_in(operation, given))
        return Job(self._transport, raw, response=response)

    def _list(self, operation: str, given: Mapping[str, Any], timeout: float | None) -> Page[Job]:
        return Page._fetch(self._transport, _call(operation, given, timeout), Job)

    def wait(
        self,
        id: str,
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[Job], object] | None = None,
    ) -> Job:
        """Wait until a job is done, whichever process submitted it; see `Job.wait`."""
        job = Job._by_id(self._transport, id)
        return job.wait(deadline=deadline, interval=interval, on_progress=on_progress)

    def wait_many(
        self,
        ids: Iterable[str],
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
    ) -> Iterator[Job]:
        """Wait for many jobs at once; yields each as it ends, the first to end first.

        A failed job is yielded like any other; `succeeded` or `raise_for_status()` tells.
        `deadline` is the seconds for all of them.

        Raises:
            JobTimeoutError: One was not done in time.
            NotFoundError: A job does not exist; `job_id` says which.

        Either comes when all other jobs have been yielded.
        """
        return wait_many(
            partial(Job._by_id, self._transport), ids, deadline=deadline, interval=interval
        )

    def _ends(
        self, ids: Iterable[str], *, deadline: float | None, interval: float | None
    ) -> Generator[End[Job], None, None]:
        """As `wait_many`, with the error of a job that can't be waited for at its place."""
        return ends(partial(Job._by_id, self._transport), ids, deadline=deadline, interval=interval)


class AsyncJobs(AsyncResource):
    """Jobs: look one up, wait for one or for many, list them."""

    async def _get(
        self, operation: str, given: Mapping[str, Any], timeout: float | None
    ) -> AsyncJob:
        response = await self._transport.send(_call(operation, given, timeout))
        raw = job_json(response, operation, _id_in(operation, given))
        return AsyncJob(self._transport, raw, response=response)

    def _list(
        self, operation: str, given: Mapping[str, Any], timeout: float | None
    ) -> AsyncPages[AsyncJob]:
        return AsyncPages(self._transport, _call(operation, given, timeout), AsyncJob)

    async def wait(
        self,
        id: str,
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Wait until a job is done, whichever process submitted it; see `AsyncJob.wait`."""
        job = AsyncJob._by_id(self._transport, id)
        return await job.wait(deadline=deadline, interval=interval, on_progress=on_progress)

    def wait_many(
        self,
        ids: Iterable[str],
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
    ) -> AsyncIterator[AsyncJob]:
        """Wait for many jobs at once; yields each as it ends. See `wait_many` of the sync client."""
        return wait_many_async(
            partial(AsyncJob._by_id, self._transport), ids, deadline=deadline, interval=interval
        )


class Forms(Resource):
    """Files of the caller's, with what is said of them."""

    def _form(
        self,
        operation: str,
        kind: type[A],
        file: FileLike,
        name: str | None,
        given: Mapping[str, Any],
        timeout: float | None,
    ) -> A:
        settings = self._transport.settings
        part = file_of(file, name, largest(OPERATIONS[operation], settings))
        response = self._transport.send(form(OPERATIONS[operation], part, given, settings, timeout))
        return kind(answer_json(response, operation), response)


class AsyncForms(AsyncResource):
    """Files of the caller's, with what is said of them."""

    async def _form(
        self,
        operation: str,
        kind: type[A],
        file: AsyncFileLike,
        name: str | None,
        given: Mapping[str, Any],
        timeout: float | None,
    ) -> A:
        settings = self._transport.settings
        part = await async_file_of(file, name, largest(OPERATIONS[operation], settings))
        call = form(OPERATIONS[operation], part, given, settings, timeout)
        response = await self._transport.send(call)
        return kind(answer_json(response, operation), response)


T = TypeVar("T", contravariant=True)
R = TypeVar("R", covariant=True)


class _Made(Protocol[T, R]):
    def __call__(self, transport: T, /) -> R: ...


class Part(Generic[T, R]):
    """A resource as an attribute of the client, made when it is first asked for.

    The class has the attribute as well, without a transport, so that
    `unittest.mock.create_autospec` and `help` find its methods.
    """

    def __init__(self, kind: _Made[T, R]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, client: Any, owner: type | None = None) -> R:
        if client is None:
            nothing: Any = None
            return self._kind(nothing)
        made = client.__dict__[self._name] = self._kind(client._transport)
        return made
