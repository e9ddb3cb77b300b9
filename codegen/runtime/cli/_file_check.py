"""Checks the requests of a file, and prints what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .._problems import Problem
from ._command import stdin
from ._error_report import problem_json, problem_text
from ._exit import DONE, WRONG
from ._session import Session


def check_file(session: Session, file: Path) -> int:
    """Check a file, or stdin for `-`, as a batch does before it sends anything; returns the exit status."""
    from ..batch._approvals import check_rows
    from ..batch._files import read_file, read_stream

    rows = read_stream("-", stdin()) if str(file) == "-" else read_file(file)
    found = check_rows(rows, "error")
    if session.json:
        session.data(
            {
                "requests": found.rows,
                "ok": not found.problems,
                "problems": [_json(line, problem) for line, problem in found.problems],
                "advisories": [_json(line, problem) for line, problem in found.advisories],
            }
        )
    else:
        both = [(p, "") for p in found.problems] + [(p, "warning: ") for p in found.advisories]
        for (line, problem), kind in sorted(both, key=lambda item: item[0][0]):
            session.text(
                f"{kind}{problem_text(replace(problem, origin=''))}", f"{file}:{line}: ", "  "
            )
        problems = _count(len(found.problems), "problem")
        session.note(f"{problems} in {_count(found.rows, 'request')}")
    return WRONG if found.problems else DONE


def _json(line: int, problem: Problem) -> dict[str, object]:
    return {"line": line, **problem_json(replace(problem, origin=""))}


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"
