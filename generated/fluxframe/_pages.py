# A copy of codegen/runtime/_pages.py, where it is edited.
"""Pages of lists: the items of one, and the way to the next by its cursor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import replace
from typing import Any, Generic, TypeVar

from ._answers import Response, boolean, text
from ._catalog import ROLES
from ._problems import Action
from ._readers import jobs_json, unexpected
from ._results import without_client
from ._roles import told
from ._spec import Roles
from ._wire.calls import Call
from ._wire.transport import AsyncTransport, Transport

T = TypeVar("T")


class BasePage(Generic[T]):
    """A page of a list, newest first: its `items`, `raw` JSON, and `response` as it came."""

    def __init__(self, items: list[T], response: Response, call: Call) -> None:
        self.items = items
        self.raw: dict[str, Any] = response.data
        self.response = response
        # The call that it answers; the next page is the same call with another cursor.
        self._call = call

    @property
    def _roles(self) -> Roles:
        return ROLES[self._call.operation.answer or ""]

    def _told(self, role: str) -> Any:
        return told(self.raw, self._roles, role)

    @property
    def next_cursor(self) -> str | None:
        """The cursor of the next page; None on the last."""
        return text({"": self._told("next_cursor")}, "") or None

    @property
    def has_more(self) -> bool:
        """Whether there is a next page."""
        if "has_more" not in self._roles:
            return self.next_cursor is not None
        return boolean({"": self._told("has_more")}, "") is True

    def _following(self) -> str | None:
        takes_cursor = self._call.operation.by_role("cursor") is not None
        return self.next_cursor if self.has_more and takes_cursor else None

    def _next_call(self, cursor: str) -> Call:
        parameter = self._call.operation.by_role("cursor")
        assert parameter is not None
        return replace(self._call, query={**(self._call.query or {}), parameter.name: cursor})

    def __getstate__(self) -> dict[str, Any]:
        """The state without the client: a copy, here or in another process, can't ask the server."""
        return {**self.__dict__, "_transport": None}

    def __repr__(self) -> str:
        more = ", more to come" if self.has_more else ""
        return f"<{type(self).__name__} of {len(self.items)}{more}>"


class Page(BasePage[T]):
    """A page of a list, newest first; to iterate over it goes on to the pages that follow.

    `items` are those of this page alone.
    """

    def __init__(
        self,
        transport: Transport,
        call: Call,
        response: Response,
        item: Callable[[Transport, dict[str, Any]], T],
    ) -> None:
        items = [item(transport, raw) for raw in jobs_json(response, call.operation.name)]
        super().__init__(items, response, call)
        self._transport: Transport | None = transport
        self._item = item

    @classmethod
    def _fetch(
        cls, transport: Transport, call: Call, item: Callable[[Transport, dict[str, Any]], T]
    ) -> Page[T]:
        return cls(transport, call, transport.send(call), item)

    def next_page(self) -> Page[T] | None:
        """The page that follows; None after the last."""
        if (cursor := self._following()) is None:
            return None
        if self._transport is None:
            raise without_client("the page", cursor, action=Action.LIST)
        return self._fetch(self._transport, self._next_call(cursor), self._item)

    def __iter__(self) -> Iterator[T]:
        page: Page[T] | None = self
        seen = _SeenCursors()
        while page is not None:
            yield from page.items
            seen.add(page)
            page = page.next_page()


class AsyncPage(BasePage[T]):
    """A page of a list, newest first; `async for` goes on to the pages that follow.

    `items` are those of this page alone.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        call: Call,
        response: Response,
        item: Callable[[AsyncTransport, dict[str, Any]], T],
    ) -> None:
        items = [item(transport, raw) for raw in jobs_json(response, call.operation.name)]
        super().__init__(items, response, call)
        self._transport: AsyncTransport | None = transport
        self._item = item

    @classmethod
    async def _fetch(
        cls,
        transport: AsyncTransport,
        call: Call,
        item: Callable[[AsyncTransport, dict[str, Any]], T],
    ) -> AsyncPage[T]:
        return cls(transport, call, await transport.send(call), item)

    async def next_page(self) -> AsyncPage[T] | None:
        """The page that follows; None after the last."""
        if (cursor := self._following()) is None:
            return None
        if self._transport is None:
            raise without_client("the page", cursor, action=Action.LIST)
        return await self._fetch(self._transport, self._next_call(cursor), self._item)

    async def __aiter__(self) -> AsyncIterator[T]:
        page: AsyncPage[T] | None = self
        seen = _SeenCursors()
        while page is not None:
            for item in page.items:
                yield item
            seen.add(page)
            page = await page.next_page()


class AsyncPages(Generic[T]):
    """A list: `await` it for its first page, or go through all of it with `async for`."""

    def __init__(
        self,
        transport: AsyncTransport,
        call: Call,
        item: Callable[[AsyncTransport, dict[str, Any]], T],
    ) -> None:
        self._transport = transport
        self._call = call
        self._item = item

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return AsyncPage._fetch(self._transport, self._call, self._item).__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for item in await self:
            yield item


class _SeenCursors:
    """The cursors of a list that were followed: a server that repeats one would loop for ever."""

    def __init__(self) -> None:
        self._cursors: set[str] = set()

    def add(self, page: BasePage[Any]) -> None:
        cursor = page._following()
        if cursor is not None and cursor in self._cursors:
            words = "the next page is one that was already returned"
            raise unexpected(page.response, page._call.operation.name, words)
        self._cursors.update([cursor] if cursor is not None else [])
