"""A connection to a receiver, which takes one post at a time."""

from __future__ import annotations

import asyncio
from typing import NamedTuple, Protocol

from ..._clock import monotonic
from .answer import Answer, GarbledError
from .targets import Target

ANSWER_SECONDS = 10.0


class Parcel(Protocol):
    """What is to be posted: where, and the request as it goes over the wire."""

    target: Target
    content: bytes


class Outcome(NamedTuple):
    """What came of a post: the status that was answered, or what was in its way."""

    status: int | None
    error: Exception | None
    seconds: float


class UnansweredError(ConnectionError):
    """A connection that had been used ended before a word of the answer."""


class Owner(Protocol):
    """Whom a connection tells."""

    def over(self, connection: Connection, parcel: Parcel, outcome: Outcome) -> None:
        """A post has ended; the connection may be open for another."""

    def gone(self, connection: Connection) -> None:
        """The connection is closed."""


class Connection(asyncio.Protocol):
    """Calls its owner rather than being awaited: a task for each post would cost more than the post."""

    def __init__(self, owner: Owner) -> None:
        self.since = monotonic()  # When it was last begun to be used, or not to be.
        self.parcel: Parcel | None = None
        self._owner = owner
        self._transport: asyncio.Transport | None = None
        self._answer = Answer()
        self._posts = 0

    @property
    def is_open(self) -> bool:
        """Whether something can be posted."""
        return self._transport is not None and not self._transport.is_closing()

    def post(self, parcel: Parcel) -> None:
        """Post, on an open connection that is not in use."""
        assert self._transport is not None
        self.parcel = parcel
        self._answer = Answer()
        self._posts += 1
        self.since = monotonic()
        self._transport.write(parcel.content)

    def close(self) -> None:
        """Close it, when what was written has been sent."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close it at once."""
        if self._transport is not None:
            self._transport.abort()

    def check(self, now: float) -> None:
        """End a post whose answer does not come; of one whose status is known, the rest does not matter."""
        if self.parcel is not None and now - self.since >= ANSWER_SECONDS:
            self._end(TimeoutError(f"no answer in {ANSWER_SECONDS:g} s"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Some of the answer has come."""
        if self.parcel is None:
            self.close()  # Nothing was asked.
            return
        try:
            if self._answer.feed(data):
                self._end(None)
        except GarbledError as error:
            self._end(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        if self.parcel is not None:
            if self._posts > 1 and self._answer.is_untouched:
                self._end(UnansweredError())
            else:
                self._end(exc or ConnectionError("it closed the connection without an answer"))
        self._owner.gone(self)

    def _end(self, error: Exception | None) -> None:
        parcel, answer = self.parcel, self._answer
        assert parcel is not None
        now = monotonic()
        self.parcel = None
        if not answer.is_reusable:
            self.close() if answer.is_over else self.abort()
        outcome = Outcome(answer.status, None if answer.status else error, now - self.since)
        self.since = now
        self._owner.over(self, parcel, outcome)
