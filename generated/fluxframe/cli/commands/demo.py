# A copy of codegen/runtime/cli/commands/demo.py, where it is edited.
"""`fluxframe demo`: pictures, with no key and no cost."""

from __future__ import annotations

from pathlib import Path

import click

from .._emulator import need_emulator


@click.command(
    "demo",
    help="Make a picture from each documented example, on a server of its own; needs no key.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="fluxframe-demo",
    show_default=True,
    help="Folder for the pictures.",
)
@click.option(
    "--job-seconds",
    type=click.FloatRange(min=0),
    default=1.5,
    show_default=True,
    help="How long the emulator takes for a job.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="A JSON list of what was made in place of a table."
)
def command(out: Path, job_seconds: float, as_json: bool) -> int:
    """Make them."""
    need_emulator()
    from .._examples import run

    try:
        return run(out, job_seconds=job_seconds, as_json=as_json)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the pictures can't be written: {error}") from error
