# A copy of codegen/runtime/cli/_named_files.py, where it is edited.
"""The files that a command is to write: none over another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from .._redact import excerpt
from .._saving import check_name


def check_files(options: Mapping[str, Any]) -> None:
    """See that each can be the name of a file, and none is written over another. Raises UsageError."""
    named = [(f"--{n.replace('_', '-')}", options[n]) for n in ("resume", "learn")]
    if options["write_baseline"] != options["baseline"]:
        named += [("--baseline", options["baseline"])]
    named += [("--write-baseline", options["write_baseline"])]
    named += [(f"--report {format}", path) for format, path in options["report"]]
    seen: dict[Path, str] = {}
    for flag, path in named:
        if path is None:
            continue
        try:
            check_name(path)
        except OSError as error:
            raise click.UsageError(f"{flag}: {excerpt(str(path), 200)}: {error.strerror}") from None
        if (other := seen.setdefault(path.resolve(), flag)) != flag:
            raise click.UsageError(
                f"{path} is named for {other} and for {flag}; name a file for each"
            )
