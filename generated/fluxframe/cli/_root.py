# A copy of codegen/runtime/cli/_root.py, where it is edited.
"""The command `fluxframe` itself: its subcommands, and the end of the process."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .._catalog import API
from .._redact import hidden
from .._version import __version__
from ._commands import sections, submissions, summaries
from ._lazy_group import LazyGroup
from ._process import ending_by_signals, flush_stdout, open_streams, stopped

if TYPE_CHECKING:  # What `load` loads by name, for freezers, which follow import statements alone.
    from .commands import (  # noqa: F401
        batch,
        check,
        completion,
        conformance,
        demo,
        emulate,
        jobs,
        me,
        models,
        submit,
        upload,
        verify_webhook,
        wait,
    )

_HELP = f"""\
Make images with {API.name}'s API, or with a local server that behaves like it.

Try `fluxframe demo`, which needs no key. For the flags of a command, see `fluxframe COMMAND --help`.
"""
ENVIRONMENT = {
    API.key_variable: "The API key. There is no flag for it, since flags end up in the shell's history and "
    "in process lists.",
    API.base_url_variable: "Another server, such as that of `fluxframe emulate`.",
    "NO_COLOR, FORCE_COLOR": "If not empty: no colours, or colours in pipes too.",
}
EXIT_STATUSES = {
    "0": "Success.",
    "1": "The API refused the request, the job failed, or there was a problem with the network or a file.",
    "2": "The request or the command line is invalid; nothing was submitted.",
    "3": "The job was not done in time, and goes on.",
    "129": "Stopped by SIGHUP.",
    "130": "Stopped by Ctrl-C.",
    "143": "Stopped by SIGTERM.",
}
_OUTPUT = (
    "Results go to stdout and everything else to stderr. With --json, stdout is one JSON document, or one per "
    'line where the command says so; an error is {"error": …}.'
)


_COMPLETION = "_FLUXFRAME_COMPLETE"
_VERBOSE = {"-v", "--verbose"}


class _Root(LazyGroup):
    def load(self, name: str) -> click.Command:
        if name in submissions():
            from .commands.submit import group_of

            return group_of(name, submissions()[name])
        module = import_module(f".commands.{name.replace('-', '_')}", __package__)
        command: click.Command = module.command
        return command

    def sections(self) -> Mapping[str, Sequence[str]]:
        """The commands by what they are for."""
        return sections()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands first: they are what is looked for."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what all commands have in common."""
        for title, entries in (("Environment", ENVIRONMENT), ("Exit status", EXIT_STATUSES)):
            with formatter.section(title):
                formatter.write_dl(list(entries.items()))
        formatter.write_paragraph()
        formatter.write_text(_OUTPUT)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run, and end the process with the exit status; an error is printed without a traceback."""
        arguments = list(sys.argv[1:] if args is None else args)
        # As long as this runs, the key is not printed, wherever it was pasted.
        _key = hidden(os.environ.get(API.key_variable))
        open_streams()
        try:
            try:
                name = prog_name or "fluxframe"
                with ending_by_signals():
                    status = super().main(
                        arguments, name, complete_var, standalone_mode=False, **extra
                    )
                sys.stdout.flush()
            except BrokenPipeError:
                raise
            except Exception as error:
                from ._exit import is_expected, report

                if _COMPLETION in os.environ:  # Of a shell that has no place for words.
                    status = 1
                elif not is_expected(error) and _VERBOSE.intersection(arguments):
                    from ._session import tell

                    tell(traceback.format_exc().rstrip())
                    status = 1
                else:
                    status = report(error, as_json=_wants_json(arguments))
        except KeyboardInterrupt as error:
            status, _ = stopped(error)
        except OSError:  # Of stdout: its reader is gone, or its disk is full.
            status = 1
        if not flush_stdout():
            status = status or 1
        sys.exit(status if isinstance(status, int) else 0)


def _wants_json(arguments: list[str]) -> bool:
    """Whether JSON is asked for, by a command line that may be wrong."""
    end = arguments.index("--") if "--" in arguments else None
    return "--json" in arguments[:end]


cli = _Root(
    "fluxframe",
    summaries=summaries(),
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"]},
)
click.version_option(__version__, package_name="fluxframe", message="%(package)s %(version)s")(cli)
