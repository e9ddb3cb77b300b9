# A copy of codegen/runtime/conformance/_files.py, where it is edited.
"""Reads what the spec was emitted to, beside the package."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def emitted(*path: str) -> dict[str, Any]:
    """The JSON of an emitted file, anew on each call."""
    package = files(__name__.rsplit(".", 2)[0])  # It may be in a zip, where no path leads.
    data: dict[str, Any] = json.loads(package.joinpath("_emitted", *path).read_bytes())
    return data
