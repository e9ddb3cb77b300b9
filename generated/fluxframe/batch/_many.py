# A copy of codegen/runtime/batch/_many.py, where it is edited.
"""Rows that run on many machines: reads them, makes their keys, and sums up what became of them."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, SupportsIndex

from .._check import checked_validation
from .._errors import ConfigurationError, InvalidRequestError
from .._problems import Validation
from .._redact import show
from ._approvals import check_rows
from ._batch_run import summary_of
from ._entry import Entry, key_of
from ._files import read
from ._known import merged
from ._rows import Request, Requests, Rows, is_path, row
from ._summary import BatchSummary

# The last position: databases, and other languages that read a record, have integers of 64 bits.
_LAST = 2**63 - 1


def read_rows(
    requests: Requests, *, validation: Validation = "error"
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The positions (from 0) and the requests of a batch, to pass to workers.

    Args:
        requests: What `client.batch.run` takes: mappings or typed requests; a pandas or polars
            DataFrame; or the path of a .jsonl, .json or .csv file.
        validation: With "error", all of a file is checked against the models' limits before the first
            row is returned.

    Returns:
        An iterator of pairs that can be pickled, or written as JSON: the request is the API's JSON.

    Raises:
        InvalidRequestError: A file has invalid rows, each problem with its line, or an item is not
            a request.
        ConfigurationError: `requests` can't hold any.
    """
    checked_validation(validation)
    if is_path(requests):
        found = check_rows(read(requests), validation)
        if found.problems:
            raise InvalidRequestError([problem for _, problem in found.problems])
    return _pairs(read(requests))


def _pairs(rows: Rows) -> Iterator[tuple[int, dict[str, Any]]]:
    for each in rows:
        if each.request is None:
            raise InvalidRequestError([] if each.problem is None else [each.problem])
        yield each.position, dict(each.request)


def row_key(batch: str, position: int, request: Request, *, attempt: int = 0) -> str:
    """The idempotency key under which `run_row` submits a row, the same on every machine.

    Args:
        batch: The name of the batch.
        position: The row's position, from 0.
        request: The request, in any form: equal requests have equal keys.
        attempt: How many earlier submissions of the row failed; each number has another key, so the
            row is paid for again.

    Returns:
        64 hexadecimal digits. With it, `client.images.generate(request, idempotency_key=key)` submits
        a request once, as long as the server remembers the key.
    """
    return key_of(
        checked_name(batch), checked_position(position), attempt, row(position, request).content
    )


def summarize(entries: Iterable[Entry], *, manifest: str | os.PathLike[str]) -> BatchSummary:
    """What became of the rows of a batch, as `client.batch.run` returns and writes it.

    Args:
        entries: What `run_row` returned for each row, in any order, or `FolderStore.entries`; several
            of the same row count once.
        manifest: The file to write, one line of JSON for each row, in their order.

    Raises:
        ConfigurationError: One of `entries` is something else.
        OSError: The manifest can't be written.
    """
    if isinstance(entries, Entry) or not isinstance(entries, Iterable):
        raise ConfigurationError(f"entries: {_kind(entries)}, expected several of Entry")
    rows: dict[int, list[Entry]] = {}
    for entry in entries:
        if not isinstance(entry, Entry):  # Such as the None or the error of a task that failed.
            raise ConfigurationError(f"entries: {_kind(entry)}, expected each to be an Entry")
        rows.setdefault(entry.row, []).append(entry)
    found = (merged(rows[number]) for number in sorted(rows))
    return summary_of((entry for entry in found if entry is not None), Path(manifest), None)


def checked_name(batch: object) -> str:
    """The name of a batch. Raises ConfigurationError for what is not one."""
    if not isinstance(batch, str) or not batch.strip():
        raise ConfigurationError(f"batch: {show(batch)} is not a name")
    return batch


def checked_position(position: Any) -> int:
    """The position of a row, also of numpy's integers. Raises ConfigurationError for what is not one."""
    if isinstance(position, SupportsIndex) and not isinstance(position, bool):
        number = operator.index(position)
        if 0 <= number <= _LAST:
            return number
        if number > _LAST:  # Some have more digits than can be shown.
            raise ConfigurationError(f"position: an integer above {_LAST}, which is the last")
    raise ConfigurationError(f"position: {show(position)} is not an integer of at least 0")


def _kind(value: object) -> str:
    return f"a {type(value).__qualname__}"
