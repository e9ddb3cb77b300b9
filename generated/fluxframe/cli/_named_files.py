# A copy of codegen/runtime/cli/_named_files.py, where it is edited.
"""The files that a command is to write: none over another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click


def check_files(options: Mapping[str, Any]) -> None:
    """See that no file is written over another. Raises UsageError."""
    named = [(f"--{n.replace('_', '-')}", options[n]) for n in ("resume", "learn")]
    if options["write_baseline"] != options["baseline"]:
        named += [("--baseline", options["baseline"])]
    named += [("--write-baseline", options["write_baseline"])]
    named += [(f"--report {format}", path) for format, path in options["report"]]
    seen: dict[Path, str] = {}
    for flag, path in named:
        if path is not None and (other := seen.setdefault(path.resolve(), flag)) != flag:
            raise click.UsageError(
                f"{path} is named for {other} and for {flag}; name a file for each"
            )
