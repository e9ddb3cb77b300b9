# A copy of codegen/runtime/batch/_approvals.py, where it is edited.
"""Checks a whole file before any of it is sent, and remembers which rows need no further check."""

from __future__ import annotations

import hashlib
import os
from array import array
from dataclasses import replace

from .._check import check_wire
from .._errors import InvalidRequestError
from .._problems import Problem, Validation
from ._rows import Row, read

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


def check_file(
    file: str | os.PathLike[str], validation: Validation, approvals: Approvals | None = None
) -> tuple[int, list[Problem]]:
    """How many rows a file has, and what is wrong with them, each problem with its file and line.

    Lines that can't be read are always wrong; limits are checked if breaking one is an error.
    Raises InvalidRequestError for a file that can't be read to its end.
    """
    count = 0
    problems: list[Problem] = []
    try:
        for row in read(file):
            count += 1
            problems += [replace(p, origin=row.where) for p in _check(row, validation, approvals)]
    except InvalidRequestError as error:
        raise InvalidRequestError([*problems, *error.problems]) from None
    return count, problems


def _check(row: Row, validation: Validation, approvals: Approvals | None) -> tuple[Problem, ...]:
    if row.request is None:
        return () if row.problem is None else (row.problem,)
    if validation != "error":
        return ()
    report = check_wire(row.request)
    # A row with advisories is checked again when it is sent: it is then that they are warned of, once,
    # and not by each run of a batch that has sent the row long ago.
    if approvals is not None and not report.problems and not report.advisories:
        approvals.add(row)
    return report.problems
