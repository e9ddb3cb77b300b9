"""The rows of a batch: requests from any iterable, from a table in memory, or from a file."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from .._errors import ConfigurationError
from ._json_rows import read_document, read_lines
from ._rows import Request, Requests, Rows, row
from ._tables import UnreadableFileError, read_table

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_TABLES = (".csv", ".tsv", ".tab")
_LINES = (".jsonl", ".ndjson")


def read(requests: Requests) -> Rows:
    """The rows of requests, one by one. Raises ConfigurationError for what can't hold any."""
    if isinstance(requests, str | os.PathLike):
        return read_file(Path(requests))
    if isinstance(requests, Mapping | bytes) or not isinstance(requests, Iterable):
        kind = type(requests).__qualname__
        raise ConfigurationError(
            f"requests: a {kind}, expected an iterable of requests, or the path of a file"
        )
    return (row(position, request) for position, request in enumerate(_records(requests)))


def _records(requests: Any) -> Iterable[Request]:
    """The rows of a table of pandas or polars; of any other iterable its items."""
    columns = getattr(requests, "columns", None)
    if columns is None or not hasattr(requests, "to_dict"):
        found: Iterable[Request] = requests
        return found
    if len(set(columns)) < len(columns):
        raise ConfigurationError("requests: a table with two columns of the same name")
    if hasattr(requests, "iter_rows"):
        found = requests.iter_rows(named=True)
    else:
        found = requests.to_dict("records")
    return found


def read_file(path: Path) -> Rows:
    """The rows of a file: a table, JSON lines, or JSON by any other name."""
    suffix = path.suffix.lower()
    if suffix not in (*_TABLES, *_LINES, ".json") and not path.is_file():
        message = f"requests: {path} ends in {suffix!r}, expected .jsonl, .json or .csv"
        raise ConfigurationError(message)
    return _open(path, suffix)


def _open(path: Path, suffix: str) -> Rows:
    with path.open("rb") as file:
        yield from read_stream(str(path), file, suffix, file.peek(4))


def read_stream(name: str, file: IO[bytes], suffix: str = "", head: bytes | None = None) -> Rows:
    """The rows of a file that is open, of which `head` are the first bytes."""
    is_table, is_lines = suffix in _TABLES, suffix in _LINES
    if head is None:
        content = file.read()
        file, head = io.BytesIO(content), content[:4]
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8-sig")
    # What is not of the encoding becomes half surrogate pairs, so that its line can be named.
    text = io.TextIOWrapper(
        file, encoding, errors="surrogateescape", newline="" if is_table else "\n"
    )
    line = 0

    def lines() -> Iterable[str]:
        nonlocal line
        for each in text:
            line += 1
            yield each

    try:
        if is_table:
            yield from read_table(name, iter(lines()))
        elif is_lines:
            yield from read_lines(name, lines())
        else:
            yield from read_document(name, text.read())
    except UnicodeError:
        raise UnreadableFileError(name, line + 1, f"not {encoding.upper()} text") from None
    finally:
        text.detach()
