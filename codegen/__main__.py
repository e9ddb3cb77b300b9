"""`python -m codegen generate` and `python -m codegen check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import tree
from .diagnostics import SpecError
from .load import SPEC, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument("--spec", type=Path, default=SPEC, help="folder of the spec (%(default)s)")
    parser.add_argument(
        "--out", type=Path, default=tree.GENERATED, help="folder of what is emitted (%(default)s)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("generate", help="write what the spec says")
    commands.add_parser("check", help="fail if what is there is not what the spec says")
    options = parser.parse_args(arguments)
    try:
        whole = load(options.spec)
    except SpecError as error:
        count = len(error.diagnostics)
        print(
            error,
            f"\n{count} problem{'s' if count != 1 else ''} in the spec",
            sep="\n",
            file=sys.stderr,
        )
        return 1
    from .emit import emit  # Loads the generators, which a broken spec need not wait for.

    files = emit(whole)
    if options.command == "generate":
        touched = tree.write(files, options.out)
        print("\n".join(touched) if touched else "Nothing has changed.")
        return 0
    lines = tree.differences(files, options.out)
    if lines:
        print("\n".join(lines), file=sys.stderr)
        print(
            f"\n{options.out.name}/ is not what the spec says; do not edit it by hand, but run\n"
            "    python -m codegen generate",
            file=sys.stderr,
        )
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
