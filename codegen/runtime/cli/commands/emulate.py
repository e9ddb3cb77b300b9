"""`fluxframe emulate`: the API on this machine."""

from __future__ import annotations

import errno
import threading

import click

from ..._catalog import API
from .._session import tell, write


def need_emulator() -> None:
    """Say in a line what to install, if the emulator's packages are missing."""
    try:
        from ... import emulator  # noqa: F401
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from error


@click.command(
    "emulate",
    help="Serve the API on this machine until Ctrl-C; every key "
    f"{f'that begins with {API.key_prefix} ' if API.key_prefix else ''}is valid.",
)
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
    help="Credits of each API key at first.",
)
@click.option(
    "--follow",
    metavar="SOURCE",
    help="Follow what this source says, where it says otherwise than the document that is followed.",
)
@click.option(
    "--scenario",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="What is to go wrong, in TOML or JSON.",
)
@click.option("--seed", type=int, help="Seed of all chance in that, in place of the file's.")
def command(
    host: str,
    port: int,
    job_seconds: float,
    credits: int,
    follow: str | None,
    scenario: str | None,
    seed: int | None,
) -> None:
    """Serve until a signal comes."""
    need_emulator()
    from ...emulator import Emulator

    try:
        emulator = Emulator(
            host=host,
            port=port,
            job_seconds=job_seconds,
            credits=credits,
            follow=follow,
            scenario=scenario,
            seed=seed,
        ).start()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        hint = "; pass --port 0 for a free one" if error.errno == errno.EADDRINUSE else ""
        raise click.ClickException(f"can't listen on {host}:{port} ({error}){hint}") from error
    try:
        write(f"export {API.base_url_variable}={emulator.url}")
        write(f"export {API.key_variable}={API.key_prefix}anything")
        tell("Serving until Ctrl-C.")
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        emulator.stop()
