"""A problem of a Spec, at the place of a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..diagnostics import nearest
from ..document import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, at a path in a file of the spec, and how to fix it."""

    file: str
    path: Path
    message: str
    hint: str = ""
    at_key: bool = False


def unknown(
    what: str, file: str, path: Path, name: object, known: Iterable[object], *, at_key: bool = False
) -> Problem:
    """A name that is not among those that are known."""
    names = [str(item) for item in known]
    return Problem(file, path, f"unknown {what} `{name}`", nearest(str(name), names), at_key)
