"""Public signatures can be asked for their types, as documentation, mocks and containers do."""

from __future__ import annotations

import inspect
import subprocess
import sys
import typing
from collections.abc import Iterator
from typing import Any

import pytest

import fluxframe
import fluxframe.batch
from fluxframe import AsyncFluxframe, Fluxframe
from fluxframe._jobs import JobBase
from fluxframe._wire.http import AsyncClient, Client
from fluxframe.webhooks import Event


def classes() -> Iterator[type]:
    """All that callers hold: what is exported, what that inherits, and what a client is made of."""
    for name in fluxframe.__all__:
        value = getattr(fluxframe, name)
        if isinstance(value, type):
            yield value
    yield from (Event, JobBase, Client, AsyncClient)
    for kind in (Fluxframe, AsyncFluxframe):
        client = kind(api_key="afk_0123456789abcdef")
        yield from (type(client.images), type(client.jobs), type(client.uploads))
        yield type(client.batch)


def functions() -> dict[str, Any]:
    """The public functions and methods, by their names."""
    found: dict[str, Any] = {
        "check": fluxframe.check,
        "verify": fluxframe.webhooks.verify,
        "read_rows": fluxframe.batch.read_rows,
        "row_key": fluxframe.batch.row_key,
        "summarize": fluxframe.batch.summarize,
    }
    for kind in classes():
        for parent in kind.__mro__:
            if not parent.__module__.startswith("fluxframe"):
                continue
            for name, member in vars(parent).items():
                if name.startswith("_") and name != "__init__":
                    continue
                if isinstance(member, property):
                    member = member.fget
                member = getattr(member, "__func__", member)
                if inspect.isfunction(member):
                    found[f"{parent.__qualname__}.{name}"] = member
    return found


FUNCTIONS = functions()


def cases(values: dict[str, Any]) -> list[Any]:
    """Parameters of a test."""
    return [pytest.param(value, id=name) for name, value in values.items()]


@pytest.mark.parametrize("function", cases(FUNCTIONS))
def test_the_names_in_a_signature_can_be_resolved(function: Any) -> None:
    if function.__module__.startswith("fluxframe"):  # Not the `__init__` that dataclasses make.
        typing.get_type_hints(function)
        inspect.signature(function, eval_str=True)


@pytest.mark.parametrize("kind", cases({kind.__qualname__: kind for kind in classes()}))
def test_the_names_of_fields_can_be_resolved(kind: type) -> None:
    typing.get_type_hints(kind)


def test_they_are_many() -> None:
    assert len(FUNCTIONS) > 100


def test_types_of_signatures_cost_no_import() -> None:
    heavy = ("httpx", "httpx2", "pydantic", "asyncio", "PIL", "concurrent.futures")
    code = (
        "import sys; from fluxframe import Fluxframe, AsyncFluxframe, Job, AsyncJob, Page, Image;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# What any object of a shape is, such as a client of httpx.
STRUCTURAL = {
    "AsyncClient",
    "Client",
    "HttpResponse",
    "QueryParams",
    "SupportsAsyncRead",
    "SupportsRead",
    "SupportsRecords",
    "Timeout",
    "URL",
}


def named(hint: Any) -> set[str]:
    """The classes of the package that a hint names."""
    found = set().union(*map(named, typing.get_args(hint)))
    if inspect.isclass(hint) and hint.__module__.startswith("fluxframe"):
        found.add(hint.__name__)
    return found


@pytest.mark.parametrize("function", cases(FUNCTIONS))
def test_the_classes_that_a_signature_names_are_public(function: Any) -> None:
    rooms = (fluxframe, fluxframe.batch, fluxframe.types, fluxframe.webhooks)
    public = {name for room in rooms for name in room.__all__}
    # What an object is made of by the package itself is not for callers.
    if function.__module__.startswith("fluxframe") and function.__name__ != "__init__":
        found = set().union(*map(named, typing.get_type_hints(function).values()))
        assert {name for name in found - STRUCTURAL if not name.startswith("_")} <= public
