"""`check`: fail if what is there is not what the spec says."""

from __future__ import annotations

import argparse
import sys

from ..emit import tree
from ..spec.load import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the option to compare everything."""
    parser.add_argument(
        "--full",
        action="store_true",
        help="make everything and compare, also if nothing has changed since it was found right",
    )


def run(options: argparse.Namespace) -> int:
    """Name each file that differs."""
    if not options.full and tree.in_step(options.spec, options.out):
        return 0
    spec = load(options.spec)
    from ..emit.package import emit  # Loads the generators, which a broken spec need not wait for.

    lines = tree.differences(emit(spec), options.out)
    if not lines:
        tree.note(options.spec, options.out)
    else:
        print("\n".join(lines), file=sys.stderr)
        print(
            f"\n{options.out.name}/ is not what the spec says; do not edit it by hand, but run\n"
            "    python -m codegen generate",
            file=sys.stderr,
        )
    return 1 if lines else 0
