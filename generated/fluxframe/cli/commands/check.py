# A copy of codegen/runtime/cli/commands/check.py, where it is edited.
"""`fluxframe check`: requests of a file against the limits; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from ..._check import check
from ..._problems import Problem
from .._command import FILE, Command, read_text
from .._errors import DONE, WRONG, in_shell_words, problem_json
from .._requests import Request, read
from .._session import Session


def check_file(session: Session, file: Path) -> int:
    """Print what is wrong with the requests of a file; gives the exit status."""
    if file.suffix.lower() == ".csv":
        from .batch import check_rows

        return check_rows(session, file)
    requests = read(read_text(file))
    problems: list[tuple[int, Problem]] = []
    advisories: list[tuple[int, Problem]] = []
    for request in requests:
        problems += _lines(request, problem=True)
        advisories += _lines(request, problem=False)
    if session.json:
        session.data(
            {
                "requests": len(requests),
                "ok": not problems,
                "problems": [{"line": line, **problem_json(p)} for line, p in problems],
                "advisories": [{"line": line, **problem_json(p)} for line, p in advisories],
            }
        )
        return WRONG if problems else DONE
    found = [(line, "", p) for line, p in problems]
    found += [(line, "warning: ", p) for line, p in advisories]
    for line, kind, problem in sorted(found, key=lambda item: item[0]):
        session.result(f"{file}:{line}: {kind}{in_shell_words(problem.message)}")
    session.note(f"{_count(len(problems), 'problem')} in {_count(len(requests), 'request')}")
    return WRONG if problems else DONE


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"


def _lines(request: Request, *, problem: bool) -> Iterator[tuple[int, Problem]]:
    """The problems of a request, or its advisories, each with its line."""
    if isinstance(request.body, Problem):
        if problem:
            yield request.line, request.body
        return
    report = check(request.body)
    for found in report.problems if problem else report.advisories:
        yield request.line_of(found.path), found


command = Command(
    "check",
    online=False,
    params=[click.Argument(["file"], type=FILE, metavar="FILE|-")],
    callback=check_file,
    help="Tell what is wrong with requests: JSON, a list of them, or JSON lines, each in the shape "
    'of the API ({"model": …, "prompt": …, "fluxParams": {…}}) or flat ({"model": …, "width": …}). '
    "A .csv file is read as by `fluxframe batch`. Prints FILE:LINE: and the problem; the exit status is 2 if there is one. No key is needed, "
    "and nothing is sent.",
)
