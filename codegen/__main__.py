"""The command line of the generator: `python -m codegen COMMAND`."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path


def _lacking(missing: ModuleNotFoundError) -> str:
    """What to do where a package is not installed. Raises the error if it is one of our own."""
    if missing.name is None or missing.name.startswith("codegen"):
        raise missing
    return f"codegen needs {missing.name}; run it as: python3 noxfile.py -s codegen -- COMMAND"


try:
    from .emit.tree import GENERATED
    from .shown import PlainStream
    from .spec.diagnostics import SpecError
    from .spec.load import SPEC
except ModuleNotFoundError as missing:
    sys.exit(_lacking(missing))

# Each command by its module below `commands`, which is loaded when it is run.
COMMANDS = {
    "generate": "write what the spec says",
    "check": "fail if what is there is not what the spec says",
    "lint": "show every problem of the spec",
    "new-model": "begin the file of a model, from its page, from an OpenAPI document or from nothing",
    "new-family": "begin the file of a family",
    "diff": "what a change of the spec means to a user of the SDK",
    "drift": "where another OpenAPI document and the spec disagree",
    "learn": "put what a server was found to do beside the constraints, as readings of a source",
    "explain": "what is known of a model or a parameter, and who says so",
    "types": "mypy and pyright, each problem told of the file that a person edits",
    "vendor": "copy the client into another project, or tell or refresh a copy",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status. All that it prints goes through a PlainStream."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # A terminal that lacks a sign shows its code.
            stream.reconfigure(errors="backslashreplace")
    with (
        redirect_stdout(PlainStream(sys.stdout)),
        redirect_stderr(PlainStream(sys.stderr)),
    ):
        try:
            return _run(arguments)
        except ModuleNotFoundError as missing:  # Each command loads what it needs.
            print(_lacking(missing), file=sys.stderr)
            return 1


def _run(arguments: Sequence[str] | None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument("--spec", type=Path, default=SPEC, help="folder of the spec (%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=GENERATED, help="folder of what is emitted (%(default)s)"
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=f"{summary}.")
        if name in given:
            command = import_module(f".commands.{name.replace('-', '_')}", __package__)
            command.add_arguments(subparser)
            subparser.set_defaults(run=command.run)
    options = parser.parse_args(given)
    try:
        return int(options.run(options))
    except SpecError as error:
        count = len(error.diagnostics)
        problems = f"{count} problem{'s' if count != 1 else ''} in the spec"
        print(error, problems, sep="\n\n", file=sys.stderr)
        return 1
    except BrokenPipeError:  # Its reader, such as `head`, has had enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"codegen {options.command}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
