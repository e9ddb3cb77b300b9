"""`lint`: show every problem of the spec."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from ..spec.diagnostics import Diagnostic, SpecError
from ..spec.load import advice


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the format in which problems are shown."""
    parser.add_argument(
        "--format",
        choices=("text", "github", "json"),
        default="text",
        help="text for people, github for annotations of a pull request, json for programs",
    )


def run(options: argparse.Namespace) -> int:
    """Show all problems in one run; the exit status is 1 if there are any but warnings."""
    found: Sequence[Diagnostic] = ()
    try:
        found = advice(options.spec)
    except SpecError as error:
        found = error.diagnostics
    failed = any(not problem.is_warning for problem in found)
    if options.format == "json":
        print(json.dumps([_as_json(problem) for problem in found], indent=2))
    elif options.format == "github":
        for problem in found:
            print(_as_annotation(problem))
    elif found:
        what = "problem" if failed else "warning"
        count = f"{len(found)} {what}{'s' if len(found) != 1 else ''}"
        print(*found, count, sep="\n\n", file=sys.stderr)
    else:
        print("No problems.")
    return int(failed)


def _as_json(problem: Diagnostic) -> dict[str, object]:
    place = problem.position
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": problem.message,
        "hint": problem.hint,
        "severity": "warning" if problem.is_warning else "error",
    }


def _as_annotation(problem: Diagnostic) -> str:
    """A workflow command of GitHub; its text is escaped as the runner wants it."""
    text = f"{problem.message}\n{problem.hint}".strip()
    place = problem.position
    file = _escaped(place.file).replace(":", "%3A").replace(",", "%2C")
    level = "warning" if problem.is_warning else "error"
    return f"::{level} file={file},line={place.line},col={place.column}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
