"""`lint`: show every problem of the spec."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from ..spec.diagnostics import Diagnostic, SpecError
from ..spec.load import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the format in which problems are shown."""
    parser.add_argument(
        "--format",
        choices=("text", "github", "json"),
        default="text",
        help="text for people, github for annotations of a pull request, json for programs",
    )


def run(options: argparse.Namespace) -> int:
    """Show all problems in one run; the exit status is 1 if there are any."""
    found: Sequence[Diagnostic] = ()
    try:
        load(options.spec)
    except SpecError as error:
        found = error.diagnostics
    if options.format == "json":
        print(json.dumps([_as_json(problem) for problem in found], indent=2))
    elif options.format == "github":
        for problem in found:
            print(_as_annotation(problem))
    elif found:
        count = f"{len(found)} problem{'s' if len(found) != 1 else ''}"
        print(*found, count, sep="\n\n", file=sys.stderr)
    else:
        print("No problems.")
    return 1 if found else 0


def _as_json(problem: Diagnostic) -> dict[str, object]:
    place = problem.position
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def _as_annotation(problem: Diagnostic) -> str:
    """A workflow command of GitHub; its text is escaped as the runner wants it."""
    text = f"{problem.message}\n{problem.hint}".strip()
    place = problem.position
    file = _escaped(place.file).replace(":", "%3A").replace(",", "%2C")
    return f"::error file={file},line={place.line},col={place.column}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
