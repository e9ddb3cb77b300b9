"""What a call is made of: an operation and what varies, and how `instrument` sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import IO, Any, TypeAlias

from .._problems import Validation
from .._redact import short_repr
from .._spec import Operation


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload."""

    name: str
    content: IO[bytes]

    __repr__ = short_repr


@dataclass(slots=True)
class Call:
    """One call of an operation: what varies from call to call.

    `deadline` is the seconds for all its attempts, `max_retries` how often it may be tried again;
    the client's if None.
    """

    operation: Operation
    path_parameters: Mapping[str, str] | None = None
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    file: tuple[str, File] | None = None
    form: Mapping[str, str] | None = None
    idempotency_key: str | None = None
    timeout: float | None = None
    validation: Validation | None = None
    deadline: float | None = None
    max_retries: int | None = None

    __repr__ = short_repr

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the operation's name: the other process has the operation itself."""
        varying = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "operation"}
        return _call_of, (self.operation.name, varying)


def _call_of(operation: str, varying: Mapping[str, Any]) -> Call:
    from .._catalog import OPERATIONS

    return Call(OPERATIONS[operation], **varying)


@dataclass(slots=True)
class CallInfo:
    """A call as `instrument` sees it; what is known only at its end is None before.

    `operation` is its name in the API's description; `elapsed` is in seconds; `job_id` is that of
    the job which the call submitted or asked for.
    """

    operation: str
    method: str
    url: str
    model: str | None = None
    idempotency_key: str | None = None
    job_id: str | None = None
    status: int | None = None
    request_id: str | None = None
    attempts: int | None = None
    elapsed: float | None = None

    __repr__ = short_repr


Instrument: TypeAlias = Callable[[CallInfo], AbstractContextManager[object]]
