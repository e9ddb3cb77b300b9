"""`fluxframe demo`: the documented examples, without a key or cost."""

from __future__ import annotations

from pathlib import Path

import click

from .._command import Folder
from .emulate import need_emulator


@click.command(
    "demo",
    help="Make an image from each documented example, on a server of its own; needs no key.",
)
@click.option(
    "--out",
    type=Folder(),
    default="fluxframe-demo",
    show_default=True,
    help="Folder for the images.",
)
@click.option(
    "--job-seconds",
    type=click.FloatRange(min=0),
    default=1.5,
    show_default=True,
    help="How long the emulator takes for a job.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON list of what was made, not a table."
)
def command(out: Path, job_seconds: float, as_json: bool) -> int:
    """Make the images."""
    need_emulator()
    from .._examples import run_examples

    try:
        return run_examples(out, job_seconds=job_seconds, as_json=as_json)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the images can't be written: {error}") from error
