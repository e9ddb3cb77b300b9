# A copy of codegen/runtime/cli/commands/emulate.py, where it is edited.
"""`fluxframe emulate`: the API on this machine."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..._catalog import API
from ..._threads import PATIENCE
from .._help import PlainCommand
from .._process import give_up
from .._session import tell, write
from .._traffic import Traffic

if TYPE_CHECKING:
    from ...emulator import Emulator


def need_emulator() -> None:
    """Say in a line what to install, if the emulator's packages are missing."""
    try:
        from ... import emulator  # noqa: F401
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from error


@click.command(
    "emulate",
    cls=PlainCommand,
    help="Serve the API on this machine until Ctrl-C; every key "
    f"{f'that begins with {API.key_prefix} ' if API.key_prefix else ''}is valid, unless --keys lists "
    "them. The printed address has a page that shows what happens.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
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
    help="Initial credits of each API key.",
)
@click.option(
    "--follow",
    metavar="SOURCE",
    help="Follow this source, such as oas, where it differs from the API's pages.",
)
@click.option(
    "--keys",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The valid keys, in TOML or JSON: tables [[keys]], each with a key and, optionally, "
    "credits, active, admin, name, team.",
)
@click.option(
    "--requests-per-minute", type=click.IntRange(min=1), help="Limit the requests of a key."
)
@click.option("--jobs-at-once", type=click.IntRange(min=1), help="Limit the running jobs of a key.")
@click.option(
    "--data",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Keep jobs, uploads and credits in this folder, and continue with those in it.",
)
@click.option(
    "--scenario",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Faults to start with, in TOML or JSON.",
)
@click.option("--seed", type=int, help="Seed for random faults.")
@click.option(
    "--allow-webhook-host",
    "webhook_hosts",
    multiple=True,
    metavar="HOST",
    help="Post webhooks to this host too, not only to this machine. Repeat the flag for more.",
)
@click.option(
    "--webhook-signature",
    default="digest",
    show_default=True,
    help="What webhook signatures are keyed with: digest, hex, bare-digest or bare-hex.",
)
@click.option(
    "--cors",
    type=click.Choice(["local", "any", "none"]),
    default="local",
    show_default=True,
    help="Which web pages may call the API.",
)
@click.option("--quiet", is_flag=True, help="Do not print the requests.")
def command(*, host: str, port: int, quiet: bool, keys: Path | None, **options: Any) -> None:
    """Serve until a signal comes."""
    need_emulator()
    emulator = _started(host, port, keys, options)
    try:
        traffic = None if quiet else Traffic(emulator.requests, emulator.webhooks)
        _tell_where(emulator, host, lists_keys=keys is not None)
        if traffic is None:
            while not threading.Event().wait(PATIENCE):
                pass
        else:
            traffic.show()
    except KeyboardInterrupt:
        pass
    finally:
        emulator.stop()


def _started(host: str, port: int, keys: Path | None, options: dict[str, Any]) -> Emulator:
    from ...emulator import DataError, Emulator, read_keys
    from ...emulator._options import OptionError

    try:
        listed = None if keys is None else read_keys(keys)
        emulator = Emulator(host=host, port=port, keys=listed, **options)
    except OptionError as error:
        raise _bad_option(error.option, error.problem) from error
    except DataError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"can't read {error.filename}: {error.strerror}") from error
    try:
        return emulator.start()
    except DataError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        # On Windows, one that another program has for itself alone is denied.
        taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
        hint = "; pass --port 0 for a free one" if taken else ""
        raise click.ClickException(f"can't listen on {host}:{port} ({error}){hint}") from error


def _bad_option(name: str, problem: str) -> click.BadParameter:
    """What is wrong with an option, which is called as it is on the command line."""
    param = next((each for each in command.params if each.name == name), None)
    return click.BadParameter(problem, click.get_current_context(), param)


def _tell_where(emulator: Emulator, host: str, *, lists_keys: bool) -> None:
    """Where it is, for shells on stdout, and for people."""
    lines = [f"export {API.base_url_variable}={emulator.url}"]
    if not lists_keys:
        lines.append(f"export {API.key_variable}={API.key_prefix}anything")
    try:
        for line in lines:
            write(line)
    except OSError:  # Nobody reads them any more.
        give_up(sys.stdout)
    tell(f"Jobs, pictures and requests: {emulator.page}")
    if not _is_loopback(host):
        address = _network_address(host)
        port = emulator.url.rpartition(":")[2]
        there = f" at http://{address}:{port}" if address else ""
        tell(
            f"Other machines reach it{there}, its page and its control API too: listen on 127.0.0.1 "
            "if they are not to."
        )
    tell("Serving until Ctrl-C.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _network_address(host: str) -> str | None:
    """An address of this machine in its network, if it listens there; nothing is sent to find it."""
    if host not in ("0.0.0.0", "::", ""):
        return f"[{host}]" if ":" in host else host
    family = socket.AF_INET6 if host == "::" else socket.AF_INET
    anywhere = "2001:db8::1" if host == "::" else "192.0.2.1"
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((anywhere, 9))
        address = str(probe.getsockname()[0])
        return f"[{address}]" if ":" in address else address
    return None
