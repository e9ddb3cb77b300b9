"""What the tests of the client share: both kinds of client, a call of either, and what errors show."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import traceback
from collections.abc import Callable, Coroutine, Mapping
from operator import attrgetter
from typing import Any, TypeAlias

import httpx
import httpx2
import pytest

from fluxframe import AsyncFluxframe, Fluxframe, FluxframeError

KEY = "afk_0123456789abcdef"
ID = "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a"

Kind: TypeAlias = type[Fluxframe] | type[AsyncFluxframe]
Use: TypeAlias = Callable[[Any], Any]

both = pytest.mark.parametrize("kind", [Fluxframe, AsyncFluxframe])
everywhere = pytest.mark.parametrize(
    ("kind", "library"),
    [
        pytest.param(kind, library, id=f"{name}-{library.__name__}")
        for name, kind in (("sync", Fluxframe), ("async", AsyncFluxframe))
        for library in (httpx, httpx2)
    ],
)


def submit(client: Any, operation: str, *request: Any, **arguments: Any) -> Any:
    """Call the method of an operation that takes requests."""
    return attrgetter(operation)(client)(*request, **arguments)


async def value_of(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


async def all_of(items: Any) -> list[Any]:
    return list(items) if hasattr(items, "__iter__") else [item async for item in items]


def call(
    kind: Kind, use: Use, library: Any = None, own: Mapping[str, Any] | None = None, **options: Any
) -> Any:
    """What `use` makes of a client, which is closed again.

    The client makes its own connections, or is passed a client of `library` with the settings `own`.
    """

    async def run() -> Any:
        chosen = {"api_key": KEY, **options}
        async with contextlib.AsyncExitStack() as stack:
            if issubclass(kind, AsyncFluxframe):
                if library is not None:
                    http: Any = library.AsyncClient(verify=False, **(own or {}))
                    chosen["http_client"] = await stack.enter_async_context(http)
                return await value_of(use(await stack.enter_async_context(kind(**chosen))))
            if library is not None:
                http = library.Client(verify=False, **(own or {}))
                chosen["http_client"] = stack.enter_context(http)
            return await value_of(use(stack.enter_context(kind(**chosen))))

    return asyncio.run(run()) if issubclass(kind, AsyncFluxframe) else _driven(run())


def _driven(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing, since the client in it is sync."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise AssertionError("it waited for something")


def everything_shown(
    error: BaseException, attributes_of: type[BaseException] = FluxframeError
) -> str:
    """All text that a program may print or log of an error, its causes included."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        parts += [str(seen), repr(seen), repr(seen.args)]
        parts += [repr(vars(seen))] if isinstance(seen, attributes_of) else []
        seen = seen.__cause__ or seen.__context__
    return "\n".join([*parts, *traceback.format_exception(error)])
