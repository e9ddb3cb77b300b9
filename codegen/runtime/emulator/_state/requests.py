"""The requests that came, searched and asserted on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import NoReturn, TypedDict, Unpack

from .._contract.contract import contract
from .entry import RequestSeen
from .exchange import Exchange
from .journal import Journal
from .masking import shown_key
from .wildcards import wildcard

_LISTED = 10


class Filters(TypedDict, total=False):
    """What requests are found by; in texts, `*` stands for anything.

    A status may be a number or such as "4xx"; `after` is an entry or the id of one; a key may be
    whole or as it is shown.
    """

    method: str
    path: str
    operation: str
    model: str
    status: int | str
    key: str
    after: RequestSeen | str
    fault: str
    job: str


class RequestsError(AssertionError):
    """Other requests came than the ones that were asserted."""

    __module__ = __name__.rpartition("._state.")[0]  # So a traceback names it as it is imported.


class Requests:
    """The requests that came, oldest first: all, or those of one API key.

    emulator.requests.one(operation="images.generate").json["prompt"]
    """

    def __init__(self, journal: Journal, *, key: str | None = None) -> None:
        self._journal = journal
        self._key = key

    def __iter__(self) -> Iterator[RequestSeen]:
        return (RequestSeen(one) for one in self._journal if self._key in (None, one.key))

    def __len__(self) -> int:
        return sum(self._key in (None, one.key) for one in self._journal)

    def __repr__(self) -> str:
        whose = "" if self._key is None else f" of {shown_key(self._key)}"
        return f"<Requests: {len(self)}{whose}>"

    def of_key(self, key: str) -> Requests:
        """Those of an API key alone."""
        return Requests(self._journal, key=key)

    def listen(self, listener: Callable[[RequestSeen], None]) -> Callable[[], None]:
        """Call a function with each, on the thread that answers it; returns a function that stops this."""

        def hear(exchange: Exchange) -> None:
            if self._key in (None, exchange.key):
                listener(RequestSeen(exchange))

        return self._journal.listen(hear)

    def clear(self) -> None:
        """Forget them."""
        self._journal.clear(self._key)

    def all(self, **filters: Unpack[Filters]) -> list[RequestSeen]:
        """The requests that match all filters. Raises ValueError for an unknown operation or model."""
        _check(filters)
        return self._found(filters)

    def one(self, **filters: Unpack[Filters]) -> RequestSeen:
        """The request that matches all filters. Raises RequestsError if there is none, or more than one."""
        found = self.all(**filters)
        if len(found) != 1:
            self._fail("exactly one request", found, filters)
        return found[0]

    def last(self, **filters: Unpack[Filters]) -> RequestSeen:
        """The last request that matches all filters. Raises RequestsError if there is none."""
        found = self.all(**filters)
        if not found:
            self._fail("a request", found, filters)
        return found[-1]

    def wait_for(
        self, *, count: int = 1, timeout: float = 5.0, **filters: Unpack[Filters]
    ) -> list[RequestSeen]:
        """The requests that match all filters, once there are `count`. Raises RequestsError after a timeout.

        In async code, call it in a thread: `await asyncio.to_thread(...)`.
        """
        _check(filters)
        self._journal.wait(lambda: len(self._found(filters)) >= count, timeout)
        found = self._found(filters)
        if len(found) < count:
            wanted = "a request" if count == 1 else f"{count} requests"
            self._fail(f"{wanted} in {timeout:g} seconds", found, filters)
        return found

    def _found(self, filters: Filters) -> list[RequestSeen]:
        known = [one for one in self._journal if self._key in (None, one.key)]
        if (after := filters.get("after")) is not None:
            id = after.id if isinstance(after, RequestSeen) else after
            known = known[next((n + 1 for n, one in enumerate(known) if one.id == id), 0) :]
        return [
            RequestSeen(one) for one in known if all(_fits(one, *item) for item in filters.items())
        ]

    def _fail(self, wanted: str, found: list[RequestSeen], filters: Filters) -> NoReturn:
        told = ", ".join(f"{name}={_shown(name, value)}" for name, value in filters.items())
        lines = [
            f"expected {wanted}{f' with {told}' if told else ''}, found {len(found) or 'none'}"
        ]
        listed = found or list(self)
        if not found:
            lines[0] += f" among {len(listed)}" if listed else "; no request came"
        if len(listed) > _LISTED:
            lines.append(f"the last {_LISTED}:")
        raise RequestsError("\n  ".join([*lines, *(one.line() for one in listed[-_LISTED:])]))


def _shown(name: str, value: object) -> str:
    return repr(shown_key(value) if name == "key" and isinstance(value, str) else value)


def _fits(exchange: Exchange, name: str, wanted: object) -> bool:
    if name == "after":
        return True
    value = getattr(exchange, name)
    if name == "key":
        return value is not None and wanted in (value, shown_key(value))
    if value is None:
        return False
    text = str(wanted)
    if name == "status":
        return re.fullmatch(text.lower().replace("x", "[0-9]"), str(value)) is not None
    if name in ("method", "job"):
        return str(value).lower() == text.lower()
    return wildcard(text).fullmatch(value) is not None


def _check(filters: Filters) -> None:
    """Raises ValueError, or TypeError, for a filter that can't find anything."""
    for name, value in filters.items():
        if name not in Filters.__annotations__:
            raise TypeError(f"requests have no {_unknown(name, Filters.__annotations__)}")
        if name == "status":
            if not re.fullmatch("[1-5][0-9xX]{2}", str(value)):
                raise ValueError(f"status: {value!r} is not a status, such as 404 or '4xx'")
        elif not isinstance(value, str | (RequestSeen if name == "after" else str)):
            raise TypeError(f"{name}: expected a text, got {value!r}")
    for name, known in (
        ("operation", [operation.name for operation in contract().document.operations]),
        ("model", [model.id for model in contract().models.all]),
    ):
        value = filters.get(name)
        if isinstance(value, str) and not any(map(wildcard(value).fullmatch, known)):
            raise ValueError(f"there is no {name} {_unknown(value, known)}")


def _unknown(name: str, known: Iterable[str]) -> str:
    listed = sorted(known)
    close = get_close_matches(name, listed, 1)
    return (
        f"{name!r}; did you mean {close[0]!r}?"
        if close
        else f"{name!r}; there are {', '.join(listed)}"
    )
