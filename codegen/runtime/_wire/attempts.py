"""The attempts of one call: what to send next, and what the outcome means."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from .._answers import Response
from .._catalog import API
from .._errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    UnexpectedResponseError,
)
from .._problems import Action, Advice
from .._redact import excerpt, masked, without_query
from .calls import Call, CallInfo
from .causes import cleared
from .deadlines import SocketTimeout, timeouts
from .http import HttpResponse, Request, failure
from .requests import RequestBuilder
from .responses import UnreadResponse, parsed, status_error, without_key_in_headers
from .retry import Failure, RetryState, Stop
from .settings import Settings, checked_seconds

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
        self._state = RetryState(
            settings.deadline if call.deadline is None else max(call.deadline, 0.001),
            settings.max_retries if call.max_retries is None else call.max_retries,
        )
        # Whether the server may have done it already.
        self._unsure = False

    def next(self, socket_timeout: SocketTimeout) -> tuple[Request, float]:
        """The next attempt's request, and the seconds that it may take."""
        left = self._state.begin()
        step = max(0.001, min(self._timeout, left))
        # The time that a file takes to send depends on its size; only each step of it is limited.
        whole = step if self._call.file is None else max(left, 0.001)
        self._request.extensions["timeout"] = timeouts(step, whole, socket_timeout)
        return self._request, whole

    def answered(self, answer: HttpResponse) -> Response | float:
        """The answer, parsed, or seconds to sleep before the next attempt. Raises APIError."""
        status, name, state = answer.status_code, self._call.operation.name, self._state
        elapsed = state.elapsed
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%s: attempt %d: %d after %.3f s", name, state.count, status, elapsed)
        error: APIStatusError | UnexpectedResponseError
        if 200 <= status < 300:
            try:
                data, content = parsed(name, answer)
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

    def _refused(self, answer: HttpResponse | UnreadResponse) -> tuple[APIStatusError, Failure]:
        status = answer.status_code
        error = status_error(self._call.operation.name, without_key_in_headers(answer))
        after = error.retry_after
        return error, Failure("status", f"status {status}", status=status, retry_after=after)

    def interrupted(self, error: BaseException) -> None:
        """Add a note to Ctrl-C, or a similar exception, on how to go on with a submission."""
        if self._key is not None and self._state.count:
            advice = Advice(Action.SUBMIT_AGAIN, (self._key,))
            error.add_note(f"{self._call.operation.name}: interrupted; {advice}")

    def failed(self, error: Exception) -> float:
        """Seconds to sleep after an exception of httpx's. Raises APIError, or the exception itself if it is not a failure of the network."""
        # By a hook of the caller's client, which leaves the content unread.
        if isinstance(error, self._http.HTTPStatusError):
            raised: Any = error
            return self._again(*self._refused(UnreadResponse(raised.response)))
        wrong = failure(error, self._http)
        if wrong is None:
            raise error
        kind = APITimeoutError if wrong.cause == "timeout" else APIConnectionError
        ours = kind(wrong.words)
        ours.__cause__ = cleared(error)
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
            return decision
        self._state.record(error, operation.name)
        error.idempotency_key = self._key
        self._explain(error, wrong, decision)
        if self._info is not None:
            self._complete(error)
        raise error

    def _explain(self, error: APIError, wrong: Failure, stop: Stop) -> None:
        """Add to an error how often it was tried, and what to do next."""
        notes: list[str] = []
        count = self._state.count
        if count > 1 or stop is Stop.DEADLINE:
            times = f"{count} attempt{'s' if count > 1 else ''}"
            notes.append(f"{times} in {error.elapsed:.1f} s")
        if wrong.cause not in ("status", "answer"):
            notes.append(without_query(self._settings.base_url))
        if error.request_id:
            notes.append(f"request id {excerpt(error.request_id)}")
        error.notes += tuple(notes)
        if self._unsure and self._key is not None:
            error.advice = Advice(Action.SUBMIT_AGAIN, (self._key,))
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
            id = end.data.get(API.accepted["id"])
            info.job_id = id if isinstance(id, str) else None


def info_of(settings: Settings, call: Call) -> CallInfo:
    """A call as `instrument` sees it at its beginning."""
    operation, body = call.operation, call.body or {}
    model = body.get("model")
    id = (call.path_parameters or {}).get("id")
    return CallInfo(
        operation=operation.name,
        method=operation.method,
        url=without_query(settings.base_url) + operation.path,
        model=masked(model) if isinstance(model, str) else None,
        job_id=masked(id) if isinstance(id, str) else None,
    )
