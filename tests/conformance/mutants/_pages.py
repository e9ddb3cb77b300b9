"""Servers that list jobs in a wrong way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from ._asgi import Answer, Forward, Request, Wrong
from ._document import Document, Json, Operation, at_place, place_of
from ._values import put

# A page as it is, what the server remembers, and whether it is one after the first: another page.
Change: TypeAlias = Callable[[Json, dict[str, Any], bool], Json]


class _Pages:
    """The pages of an operation, and where things are in them."""

    def __init__(self, document: Document, operation: Operation) -> None:
        shown = document.answer(operation)
        self.items = place_of(shown, "items") or ()
        self.cursor = place_of(shown, "next_cursor") or ()
        self.more = place_of(shown, "has_more")
        self.asked = operation.named("cursor")

    def listing(self, body: Json, items: list[Any]) -> Json:
        """A page with other items."""
        page: Json = put(body, self.items, items)
        return page

    def going_on(self, body: Json, cursor: Any, more: bool) -> Json:
        """A page with another word of whether there is one after it."""
        page: Json = put(body, self.cursor, cursor)
        return put(page, self.more, more) if self.more else page

    def repeating(self, body: Json, kept: dict[str, Any], further: bool) -> Json:
        found = at_place(body, self.items)
        if further and kept.get("last"):
            found = [kept["last"], *found][: max(1, len(found))]
        kept["last"] = found[-1] if found else kept.get("last")
        return self.listing(body, found)

    def skipping(self, body: Json, kept: dict[str, Any], further: bool) -> Json:
        return self.listing(body, at_place(body, self.items)[1:]) if further else body

    def endless(self, body: Json, kept: dict[str, Any], further: bool) -> Json:
        kept["first"] = kept.get("first") or at_place(body, self.cursor)
        if at_place(body, self.cursor) is None and kept["first"]:
            return self.going_on(body, kept["first"], True)
        return body

    def backwards(self, body: Json, kept: dict[str, Any], further: bool) -> Json:
        return self.listing(body, at_place(body, self.items)[::-1])

    def unlisted(self, body: Json, kept: dict[str, Any], further: bool) -> Json:
        return body if further else self.listing(body, at_place(body, self.items)[1:])

    def ending(self, body: Json, kept: dict[str, Any], further: bool) -> Json:
        return self.going_on(body, None, False)

    def always_more(self, body: Json, kept: dict[str, Any], further: bool) -> Json:
        return dict(put(body, self.more or (), True))

    def never_more(self, body: Json, kept: dict[str, Any], further: bool) -> Json:
        return dict(put(body, self.more or (), False))


def of_pages(
    document: Document, operation: Operation
) -> Iterator[tuple[str, str, Callable[[], Wrong]]]:
    """All that may be wrong with pages, if the operation has some, and what is to blame for it."""
    pages = _Pages(document, operation)
    if not (pages.items and pages.cursor and pages.asked):
        return
    changes: dict[str, tuple[str, Change]] = {
        "page-repeats": ("paging", pages.repeating),
        "page-skips": ("paging", pages.skipping),
        "page-never-ends": ("paging", pages.endless),
        "page-oldest-first": ("order", pages.backwards),
        "page-newest-is-missing": ("contains", pages.unlisted),
        "page-ends-after-the-first": ("paging", pages.ending),
    }
    if pages.more is not None:
        changes["more-is-always-true"] = ("paging", pages.always_more)
        changes["more-is-always-false"] = ("paging", pages.never_more)
    for slug, (aspect, change) in changes.items():
        yield slug, aspect, _changing(pages.asked, change)


def _changing(asked: str, change: Change) -> Callable[[], Wrong]:
    def make() -> Wrong:
        kept: dict[str, Any] = {}

        async def do(request: Request, forward: Forward) -> Answer:
            answer = await forward(request)
            if not answer.is_success:
                return answer
            return answer.with_json(change(answer.json, kept, asked in request.query))

        return do

    return make
