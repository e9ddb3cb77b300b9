# A copy of codegen/runtime/batch/_approvals.py, where it is edited.
"""Checks a whole file before any of it is sent, and remembers which rows need no further check."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from .._check import check_wire
from .._problems import Problem, Report, Validation
from .._redact import short_repr
from ._rows import Row, Rows
from ._tables import UnreadableFileError

_UNCHECKED = 0


class Approvals:
    """The rows of a file in which the check found no problem, in eight bytes per row.

    The file is read again when its rows are sent, and may have changed by then. So what is kept is a
    digest of the row's content, by its position: a row with any other content has yet to be checked.
    """

    def __init__(self) -> None:
        self._digests = array("Q")

    def add(self, row: Row) -> None:
        """Approve a row, which comes after those that were approved before."""
        self._digests.extend([_UNCHECKED] * (row.position + 1 - len(self._digests)))
        self._digests[row.position] = _digest(row)

    def __contains__(self, row: Row) -> bool:
        position = row.position
        if position >= len(self._digests) or self._digests[position] == _UNCHECKED:
            return False
        return self._digests[position] == _digest(row)


def _digest(row: Row) -> int:
    if not row.content.startswith("{"):  # It is not the request's JSON, and stands for others too.
        return _UNCHECKED
    return int.from_bytes(hashlib.blake2b(row.content.encode(), digest_size=8).digest(), "big")


@dataclass
class FileReport:
    """What is wrong with the rows of a file, each problem with its line; `rows` is their number."""

    rows: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    advisories: list[tuple[int, Problem]] = field(default_factory=list)
    # Whether it could be read to its end.
    whole: bool = True

    __repr__ = short_repr


def check_rows(
    rows: Rows, validation: Validation, approvals: Approvals | None = None
) -> FileReport:
    """Check the rows of a file.

    Lines that can't be read are always wrong; limits are checked if breaking one is an error.
    """
    found = FileReport()
    try:
        for row in rows:
            found.rows += 1
            report = _check(row, validation, approvals)
            found.problems += _placed(row, report.problems)
            found.advisories += _placed(row, report.advisories)
    except UnreadableFileError as error:
        found.problems += [(error.line, problem) for problem in error.problems]
        found.whole = False
    return found


def _placed(row: Row, problems: Iterable[Problem]) -> Iterator[tuple[int, Problem]]:
    """Problems with their lines."""
    if (source := row.source) is not None:
        for problem in problems:
            line = source.line_of(problem.path)
            yield line, replace(problem, origin=f"{source.name}:{line}")


def _check(row: Row, validation: Validation, approvals: Approvals | None) -> Report:
    if row.request is None:
        return Report(() if row.problem is None else (row.problem,))
    if validation != "error":
        return Report()
    report = check_wire(row.request)
    # A row with advisories is checked again when it is sent: it is then that they are warned of, once,
    # and not by each run of a batch that has sent the row long ago.
    if approvals is not None and not report.problems and not report.advisories:
        approvals.add(row)
    return report
