# A copy of codegen/runtime/_wire/attempts.py, where it is edited.
"""The attempts of one call: what to send next, and what the outcome means."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Any

from .._answers import Response
from .._catalog import API, MODELS, ROLES
from .._errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    UnexpectedResponseError,
)
from .._problems import Action, Advice
from .._redact import excerpt, masked, without_query
from .._roles import JOB, told
from . import environment
from .bodies import ReadAnswer
from .calls import Call, CallInfo
from .causes import cleared
from .deadlines import SocketTimeout, timeouts
from .http import Request, failure
from .keys import FirstSending
from .requests import RequestBuilder
from .responses import parsed, status_error, without_key_in_headers
from .retry import Failure, RetryState, Stop
from .settings import Settings, checked_seconds

# The statuses with which a proxy says that it does not lead on.
_BY_A_PROXY = (407, 502, 503, 504)
_log = logging.getLogger(__name__.removesuffix("._wire.attempts"))


class Attempts:
    """The attempts of one call: what to send, and what the outcome means.

    Everything but the sending and the sleeping, which differ between sync and async.
    """

    def __init__(self, builder: RequestBuilder, call: Call, info: CallInfo | None = None) -> None:
        settings = builder.settings
        self._settings = settings
        self._call = call
        self._http = builder.http
        self._info = info
        self._timeout = settings.timeout
        if call.timeout is not None:
            self._timeout = checked_seconds("timeout", call.timeout)
        self._request, self._key = builder.build(call)
        self._job_id = job_id_of(call)
        self._state = RetryState(
            settings.deadline if call.deadline is None else max(call.deadline, 0.001),
            settings.max_retries if call.max_retries is None else call.max_retries,
        )
        self._outer = sys.exc_info()[1]
        # Whether the server may have done it already.
        self._unsure = False
        self._first: FirstSending | None = None
        self._last: tuple[APIError, Failure] | None = None

    def next(self, socket_timeout: SocketTimeout) -> tuple[Request, float]:
        """The next attempt's request, and the seconds that it may take.

        Raises the error of the last one if the server may have forgotten the key since.
        """
        # Last before sending: the machine may have slept since the failure, or during the pause.
        if self._unsure and self._last and self._way_on() is Action.KEY_FORGOTTEN:
            raise self._ended(*self._last, Stop.FORGOTTEN)
        if self._first is None and self._key is not None:
            self._first = FirstSending()
        left = self._state.begin()
        if left <= 0:  # The process was stopped, or slept: nothing is sent after the deadline.
            self._state.count -= 1
            raise self._ended(*(self._last or _unsent()), Stop.DEADLINE)
        step = max(0.001, min(self._timeout, left))
        # The time that a file takes to send depends on its size; only each step of it is limited.
        whole = step if self._call.file is None else max(left, 0.001)
        self._request.extensions["timeout"] = timeouts(step, whole, socket_timeout)
        return self._request, whole

    def answered(self, answer: ReadAnswer) -> Response | float:
        """The answer, parsed, or seconds to sleep before the next attempt. Raises APIError."""
        status, name, state = answer.status_code, self._call.operation.name, self._state
        elapsed = state.elapsed
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s: attempt %d: %d after %.3f s", name, state.count, status, elapsed)
        error: APIStatusError | UnexpectedResponseError
        if 200 <= status < 300:
            try:
                data, content = parsed(name, answer)
                self._check_job(data, answer)
            except UnexpectedResponseError as unread:
                error, wrong = unread, Failure("answer", "an answer that can't be read")
            else:
                response = Response(
                    status,
                    without_key_in_headers(answer).headers,
                    content,
                    data,
                    state.count,
                    elapsed,
                    self._key,
                )
                if self._info is not None:
                    self._complete(response)
                return response
        else:
            error, wrong = self._refused(answer)
        return self._again(error, wrong)

    def _check_job(self, data: Any, answer: ReadAnswer) -> None:
        """Raise UnexpectedResponseError if the answer is about another job than the one asked for.

        It may be of a cache, or of a proxy that confuses its clients. Letters of either case are
        the same: a server may write an id its own way.
        """
        asked = self._job_id
        found = told(data, JOB, "id")
        if asked is None or not isinstance(found, str) or found.casefold() == asked.casefold():
            return
        words = f"the answer is about another job, {excerpt(found)}"
        error = UnexpectedResponseError(words, status=answer.status_code, body=data)
        error.request_id = answer.headers.get(API.request_id_header)
        raise error

    def _refused(self, answer: ReadAnswer) -> tuple[APIStatusError, Failure]:
        status = answer.status_code
        error = status_error(self._call.operation.name, without_key_in_headers(answer))
        after = error.retry_after
        return error, Failure("status", f"status {status}", status=status, retry_after=after)

    def interrupted(self, error: BaseException) -> None:
        """Add a note to Ctrl-C, or a similar exception, on how to go on with a submission."""
        if self._key is not None and self._state.count:
            advice = Advice(self._way_on(), (self._key,))
            error.add_note(f"{self._call.operation.name}: interrupted; {advice}")

    def failed(self, error: Exception) -> float:
        """Seconds to sleep after an exception of httpx's. Raises APIError, or the exception itself if it is not a failure of the network."""
        # By a hook of the caller's client, which leaves the content unread.
        if isinstance(error, self._http.HTTPStatusError):
            raised: Any = cleared(error, self._outer)
            raised.response.extensions.pop("reason_phrase", None)  # Its repr shows it.
            unread = ReadAnswer(raised.response.status_code, raised.response.headers)
            return self._again(*self._refused(unread))
        wrong = failure(error, self._http)
        if wrong is None:
            raise error
        kind = APITimeoutError if wrong.cause == "timeout" else APIConnectionError
        ours = kind(wrong.words)
        ours.__cause__ = cleared(error, self._outer)
        return self._again(ours, wrong)

    def _again(self, error: APIError, wrong: Failure) -> float:
        """Seconds to sleep before the next attempt; raises the error if no attempt is left."""
        operation = self._call.operation
        refused = wrong.cause == "status" and (wrong.status or 0) < 500 and wrong.status != 408
        self._unsure = self._unsure or (wrong.sent and not refused)
        # An upload can't be undone: it is sent again only if nothing of it was sent, see `decide`.
        repeatable = operation.method == "GET" or self._key is not None
        decision = self._state.after(wrong, repeatable=repeatable)
        if not isinstance(decision, Stop):
            count, words = self._state.count, wrong.words
            _log.info("%s: attempt %d: %s; again in %.2f s", operation.name, count, words, decision)
            self._last = error, wrong
            return decision
        raise self._ended(error, wrong, decision)

    def _ended(self, error: APIError, wrong: Failure, stop: Stop) -> APIError:
        """The error that the call ends with, with all that is known of it."""
        self._last = None  # It would hold itself by its traceback.
        self._state.record(error, self._call.operation.name)
        error.idempotency_key = self._key
        error.job_id = self._job_id
        error.transient = stop is not Stop.FINAL
        self._explain(error, wrong, stop)
        if self._info is not None:
            self._complete(error)
        return error

    def _way_on(self) -> Action:
        """What to do about a submission that may have been accepted."""
        lost = self._first is not None and self._first.forgotten
        return Action.KEY_FORGOTTEN if lost else Action.SUBMIT_AGAIN

    def _explain(self, error: APIError, wrong: Failure, stop: Stop) -> None:
        """Add to an error how often it was tried, and what to do next."""
        notes: list[str] = []
        count = self._state.count
        if count > 1 or stop is Stop.DEADLINE:
            times = f"{count} attempt{'s' if count > 1 else ''}"
            notes.append(f"{times} in {error.elapsed:.1f} s")
        if wrong.cause not in ("status", "answer"):
            notes.append(without_query(self._settings.base_url))
        if wrong.cause == "certificate":
            notes.append(environment.distrust_note())
        if wrong.cause != "status" or wrong.status in _BY_A_PROXY:
            notes += filter(None, [environment.proxy_note(self._settings.base_url)])
        if error.request_id:
            notes.append(f"request id {excerpt(error.request_id)}")
        error.notes += tuple(notes)
        if self._unsure and self._key is not None:
            error.advice = Advice(self._way_on(), (self._key,))
        elif wrong.sent and stop is Stop.REPEATS:
            error.advice = Advice(Action.MAY_HAVE_ARRIVED)

    def _complete(self, end: Response | APIError) -> None:
        """Complete what `instrument` sees."""
        info = self._info
        assert info is not None
        info.idempotency_key = self._key
        info.status = getattr(end, "status", None)  # No answer, no status.
        info.request_id = end.request_id
        info.attempts = end.attempts
        info.elapsed = end.elapsed
        if isinstance(end, Response) and info.job_id is None and isinstance(end.data, Mapping):
            roles = ROLES.get(self._call.operation.answer or "", {})
            id = told(end.data, roles, "id")
            info.job_id = id if isinstance(id, str) else None


def _unsent() -> tuple[APIError, Failure]:
    words = "no time was left to send it"
    return APITimeoutError(words), Failure("timeout", words, sent=False)


def info_of(settings: Settings, call: Call) -> CallInfo:
    """A call as `instrument` sees it at its beginning."""
    operation = call.operation
    return CallInfo(
        operation=operation.name,
        method=operation.method,
        url=without_query(settings.base_url) + operation.path,
        model=masked(MODELS.named_in(call.body or {})),
        job_id=masked(job_id_of(call)),
    )


def job_id_of(call: Call) -> str | None:
    """The id of the job that a call asks for."""
    parameter = call.operation.by_role("id") if call.operation.answer == API.job else None
    id = (call.path_parameters or {}).get(parameter.name) if parameter else None
    return id if isinstance(id, str) else None
