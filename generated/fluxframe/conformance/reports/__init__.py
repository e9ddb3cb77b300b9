# A copy of codegen/runtime/conformance/reports/__init__.py, where it is edited.
"""The reports of a run, each a pure function of it, and how they come into their files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..._redact import show
from ..._saving import check_name, part_of
from .._outcomes import Report

if TYPE_CHECKING:  # For what follows imports, such as a program that packs them.
    from . import har, html, json, junit, ndjson, pytest_file, sarif  # noqa: F401

# The formats of files, and the module that has each; one is loaded when it is wanted.
FORMATS: Mapping[str, str] = {
    "json": "json",
    "ndjson": "ndjson",
    "junit": "junit",
    "sarif": "sarif",
    "har": "har",
    "pytest": "pytest_file",
    "html": "html",
}
_PATH = 300  # Characters.


class ReportError(Exception):
    """A report can't be written: why, and what helps."""


def render(report: Report, format: str) -> str:
    """A run in a format. Raises ReportError for one that there is not."""
    if format not in FORMATS:
        raise _unknown(format)
    text: str = import_module(f".{FORMATS[format]}", __name__).render(report)
    return text


def check(paths: Mapping[str, str | Path]) -> None:
    """See that reports can be written, before a run is paid for. Raises ReportError."""
    seen: dict[Path, str] = {}
    for format, path in paths.items():
        if format not in FORMATS:
            raise _unknown(format)
        place = Path(path)
        check_name(place)
        if place.is_dir():
            raise ReportError(f"{show(str(path), _PATH)} is a folder; name a file for the report")
        if place.parent.is_dir() and not os.access(place.parent, os.W_OK):
            raise ReportError(f"{show(str(path), _PATH)} can't be written to")
        if not place.parent.is_dir():
            folder = show(str(place.parent), _PATH)
            raise ReportError(
                f"{show(str(path), _PATH)}: there is no folder {folder}; create it first"
            )
        if (other := seen.setdefault(place.absolute(), format)) != format:
            raise ReportError(
                f"{show(str(path), _PATH)} is named for {other} and for {format}; name a file for each"
            )


def write(report: Report, paths: Mapping[str, str | Path]) -> None:
    """Write a run in each format to its path, whole or not at all.

    Raises ReportError for those that could not be written, once all others are.
    """
    check(paths)
    failed: list[str] = []
    for format, path in paths.items():
        text = render(report, format)
        try:
            with part_of(Path(path)) as part:
                part.file.write(text.encode())
                part.finish()
        except OSError as error:  # The run is paid for, and the others can be written.
            failed.append(f"{show(str(path), _PATH)}: {error.strerror or error}")
    if failed:
        raise ReportError("\n".join(failed))


def _unknown(format: str) -> ReportError:
    expected = ", ".join(FORMATS)
    return ReportError(f"{show(format)} is not a format of reports; expected one of {expected}")
