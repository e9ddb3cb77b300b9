"""A fault at work on one request."""

from __future__ import annotations

import json
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from .._http.answer import JSON, Answer
from .._state.exchange import Exchange
from .._state.fate import Fate
from .fault import Fault
from .garbage import GARBAGE, phrase
from .holds import Hold
from .wire import Wire

_TEXT = "text/plain; charset=utf-8"


class Act:
    """What happens to one request: nothing, until a fault is taken."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._fault: Fault | None = None
        self._labels: list[str] = []
        self.delay = 0.0
        self.fate: Fate | None = None

    def take(self, fault: Fault, delay: float, fate: Fate | None) -> None:
        """Let a fault happen, with the delay that chance drew for it."""
        self._labels.append(fault.label)
        self.delay += delay
        if not fault.only_delays:
            self._fault, self.fate = fault, fate

    @property
    def label(self) -> str | None:
        """What happens, in a line; None if nothing."""
        return " + ".join(self._labels) or None

    async def instead(self, request: Request) -> Answer | None:
        """The answer without the work; None if that is to be done. Raises HTTPException for an error."""
        fault = self._fault
        if fault is None or fault.works:
            return None
        async for _ in request.stream():  # What is not read would end the connection.
            pass
        status = fault.status or (307 if fault.redirect else 503)
        if status >= 400:
            raise HTTPException(status, phrase(status))
        return Answer(status)

    def dress(self, answer: Answer, error: Callable[[int, str], Answer]) -> Answer:
        """The answer as the fault has it; `error` makes one of an error's status."""
        fault = self._fault
        if fault is None:
            return answer
        status = fault.status or (307 if fault.redirect else answer.status)
        if status != answer.status and status >= 400:
            answer = error(status, phrase(status))
        answer.status = status
        if fault.body is not None:
            is_text = isinstance(fault.body, str)
            text = fault.body if is_text else json.dumps(fault.body)
            answer.body, answer.content_type = text.encode(), _TEXT if is_text else JSON
        if fault.redirect:
            answer.headers["location"] = fault.redirect
        if fault.retry_after is not None:
            answer.headers["retry-after"] = str(fault.retry_after)
        if fault.garbage:
            GARBAGE[fault.garbage](answer)
        return answer

    def record(self, exchange: Exchange) -> None:
        """What the journal knows of it: what is sent, which may be nothing."""
        exchange.fault = self.label
        exchange.seconds = (exchange.seconds or 0.0) + self.delay
        if self._fault is None:
            return
        said = {
            name.lower(): ", ".join(text) if isinstance(text, list) else text
            for name, text in (self._fault.headers or {}).items()
        }
        exchange.answer_headers = {**exchange.answer_headers, **said}
        if self._fault.shows_nothing:
            exchange.status, exchange.answer, exchange.answer_headers = None, b"", {}

    async def send(
        self, answer: Answer, scope: Scope, receive: Receive, send: Send, *, without_body: bool
    ) -> None:
        """Send an answer, late and as the fault has it."""
        if self.delay:
            await self._hold.sleep(self.delay)
        if self._fault is None:
            await answer.send(send, without_body=without_body)
            return
        wire = Wire(self._fault, self._hold, scope, receive)
        await wire.send(answer, send, without_body=without_body)
