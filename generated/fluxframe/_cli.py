"""The commands of `fluxframe`."""

from __future__ import annotations

import errno
import signal
import threading
from pathlib import Path

import click

from ._version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="fluxframe", message="%(package)s %(version)s")
def cli() -> None:
    """Apiframe's image API, and a local server that behaves like it."""


@cli.command(short_help="Make a picture from each documented example; needs no key.")
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
@click.pass_context
def demo(context: click.Context, out: Path, job_seconds: float) -> None:
    """Make a picture from each documented example, on a server of its own; needs no key."""
    _need_emulator()
    from ._demo import run

    try:
        context.exit(run(out, job_seconds=job_seconds))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"the pictures can't be written: {error}") from error


@cli.command(short_help="Serve the API on this machine until Ctrl-C.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--job-seconds",
    type=click.FloatRange(min=0),
    default=2.0,
    show_default=True,
    help="How long a job takes.",
)
@click.option(
    "--credits",
    type=click.IntRange(min=0),
    default=10_000,
    show_default=True,
    help="What every API key begins with.",
)
def emulate(host: str, port: int, job_seconds: float, credits: int) -> None:
    """Serve the API on this machine until Ctrl-C; every key that begins with afk_ is good."""
    _need_emulator()
    from .emulator import Emulator

    # A handler may run while the main thread waits, so it only raises.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        emulator = Emulator(host=host, port=port, job_seconds=job_seconds, credits=credits).start()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        hint = "; pass --port 0 for a free one" if error.errno == errno.EADDRINUSE else ""
        raise click.ClickException(f"can't listen on {host}:{port} ({error}){hint}") from error
    try:
        click.echo(f"export APIFRAME_BASE_URL={emulator.url}")
        click.echo("export APIFRAME_API_KEY=afk_anything")
        click.echo("Serving until Ctrl-C.", err=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        emulator.stop()


def _need_emulator() -> None:
    """Say in a line what to install, where the emulator's packages are not there."""
    try:
        from . import emulator  # noqa: F401
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from error
