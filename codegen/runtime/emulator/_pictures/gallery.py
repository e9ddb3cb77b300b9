"""Pictures by their names: drawn when they are asked for, off the event loop, and kept for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool

from .._contract.models import Values
from .fetch import Fetched
from .kept import Kept
from .plan import MEDIA_TYPES, Plan
from .references import file_name, given, is_data, mask, name_in
from .scene import Given, Scene
from .size import Asked, Size, asked

T = TypeVar("T")

# Files that are kept so that they need not be drawn anew.
_DRAWN_BYTES = 64 << 20
_DRAWN_AT_ONCE, _FETCHED_AT_ONCE = 1, 4
# A picture of a picture of a picture …: beyond these, each is drawn as if it were the first. Pictures
# that are only beside others are followed less far, or a picture of eight of eight would never end.
_DEEPEST, _DEEPEST_BESIDE = 8, 2


class Shelf(Protocol):
    """Where uploads and jobs are."""

    def uploaded(self, id: str) -> bytes | None:
        """The content of an upload that is there."""

    def planned(self, id: str) -> Plan | None:
        """The plan of a job whose pictures are there."""


@dataclass(frozen=True, slots=True)
class File:
    """A picture that was drawn."""

    content: bytes
    media_type: str


class Pictures:
    """All pictures that requests ask for. Several event loops may use it."""

    def __init__(self, shelf: Shelf, *, most_bytes: int = _DRAWN_BYTES) -> None:
        self._shelf = shelf
        self._drawn = Kept(most_bytes)
        self._fetched = Fetched()
        self._drawing = _Turns(_DRAWN_AT_ONCE)
        self._fetching = _Turns(_FETCHED_AT_ONCE)

    @property
    def size(self) -> int:
        """The bytes of drawn files that are kept."""
        return self._drawn.size

    async def asked(self, values: Values, parent: tuple[str, int] | None = None) -> Asked:
        """The size that a request asks for. What it gives is looked at only where the size is by it."""
        gives = parent is not None or given(values)
        if not gives or asked(values, (64, 16)) == asked(values, (16, 64)):
            return asked(values)
        return asked(values, await self._first(values, parent))

    async def _first(self, values: Values, parent: tuple[str, int] | None) -> Size | None:
        """The size of the first picture that a request gives; None if it can't be had."""
        if parent is not None:
            before = self._shelf.planned(parent[0])
            return before.size if before else None
        url = given(values)[0]
        if (own := self._own(url)) is not None:
            return own[0].size
        content = await self._content(url)
        return await run_in_threadpool(_size_of, Given(url, content))

    async def file(self, name: str) -> File | None:
        """The picture of a name; None if there is none."""
        found = self._named(name)
        if found is None:
            return None
        plan, index = found
        content = self._drawn.get(name)
        if content is None:
            scene = await self._scene(plan, index, _DEEPEST)
            make = partial(self._drawn.made, name, partial(_draw, scene))
            content = await self._drawing.take(make)
        return File(content, MEDIA_TYPES[plan.format])

    def _named(self, name: str) -> tuple[Plan, int | None] | None:
        said = file_name(name)
        plan = self._shelf.planned(said.job) if said else None
        if said is None or plan is None or said.format != plan.format:
            return None
        exists = plan.is_composed if said.index is None else said.index < plan.count
        return (plan, said.index) if exists else None

    def _own(self, url: str) -> tuple[Plan, int] | None:
        """The picture of a URL that is drawn here, whatever the URL calls this server."""
        found = None if is_data(url) else self._named(name_in(url))
        return (found[0], found[1] or 0) if found else None

    async def _content(self, url: str) -> bytes | None:
        """The content of a URL other than a data URL; None if it can't be had."""
        if is_data(url):
            return None
        content = self._shelf.uploaded(name_in(url))
        if content is None and self._fetched.may_be(url):
            content = await self._fetching.take(partial(self._fetched.get, url))
        return content

    async def _scene(self, plan: Plan, index: int | None, depth: int) -> Scene:
        """A picture with all pictures that are given for it."""
        if depth <= 0:
            return Scene(plan, index)
        shown: list[Given] = []
        if plan.parent is not None:
            before = self._shelf.planned(plan.parent[0])
            scene = await self._scene(before, plan.parent[1], depth - 1) if before else None
            shown.append(Given("", scene=scene))
        urls = given(plan.values)
        beside = min(depth, _DEEPEST_BESIDE)
        depths = [depth if plan.model.shows and not shown else beside, *[beside] * len(urls)]
        shown += await asyncio.gather(
            *(self._given(url, deep - 1) for url, deep in zip(urls, depths, strict=False))
        )
        covered = mask(plan.values)
        return Scene(plan, index, tuple(shown), await self._given(covered, 0) if covered else None)

    async def _given(self, url: str, depth: int) -> Given:
        if (own := self._own(url)) is not None:
            return Given(url, scene=await self._scene(*own, depth))
        return Given(url, await self._content(url))


class _Turns:
    """Lets a few calls be made at once in threads, in each event loop."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            WeakKeyDictionary()
        )

    async def take(self, call: Callable[[], T]) -> T:
        """What a call returns, made in a thread when it is its turn."""
        loop = asyncio.get_running_loop()
        async with self._loops.setdefault(loop, asyncio.Semaphore(self._at_once)):
            return await run_in_threadpool(call)


def _draw(scene: Scene) -> bytes:
    from .drawing import file  # Pillow, which takes as long to import as a server to start.

    return file(scene)


def _size_of(given: Given) -> Size | None:
    from .encoding import size_of

    content = given.read()
    return size_of(content) if content else None
