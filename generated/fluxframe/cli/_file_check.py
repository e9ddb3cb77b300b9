# A copy of codegen/runtime/cli/_file_check.py, where it is edited.
"""Checks the requests of a file, and prints what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .._check import check
from .._problems import Problem
from ._command import read_text
from ._error_report import problem_json, problem_text
from ._exit import DONE, WRONG
from ._request_file import FileRequest, read
from ._session import Session


def check_requests(session: Session, file: Path) -> int:
    """Check a file of JSON, a list of requests or JSON lines; returns the exit status."""
    requests = read(read_text(file))
    found = [problem for request in requests for problem in _check(request)]
    problems = [(line, problem) for line, broken, problem in found if broken]
    if session.json:
        advisories = [(line, problem) for line, broken, problem in found if not broken]
        session.data(
            {
                "requests": len(requests),
                "ok": not problems,
                "problems": [{"line": line, **problem_json(p)} for line, p in problems],
                "advisories": [{"line": line, **problem_json(p)} for line, p in advisories],
            }
        )
        return WRONG if problems else DONE
    for line, broken, problem in sorted(found, key=lambda item: item[0]):
        kind = "" if broken else "warning: "
        session.result(f"{file}:{line}: {kind}{problem_text(problem)}")
    session.note(f"{_count(len(problems), 'problem')} in {_count(len(requests), 'request')}")
    return WRONG if problems else DONE


def check_rows(session: Session, file: Path) -> int:
    """Check the rows of a batch as a run does before it sends anything; returns the exit status."""
    from ..batch._approvals import check_file

    count, problems = check_file(file, "error")
    if session.json:
        found = [problem_json(problem) for problem in problems]
        session.data({"requests": count, "ok": not problems, "problems": found})
    else:
        for problem in problems:
            session.result(problem_text(problem))
        session.note(f"{_count(len(problems), 'problem')} in {_count(count, 'row')}")
    return WRONG if problems else DONE


def _check(request: FileRequest) -> Iterator[tuple[int, bool, Problem]]:
    """What is wrong with a request, with its line, and whether it breaks a limit."""
    if isinstance(request.body, Problem):
        yield request.line, True, request.body
        return
    report = check(request.body)
    for broken, problems in ((True, report.problems), (False, report.advisories)):
        for problem in problems:
            yield request.line_of(problem.path), broken, problem


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"
