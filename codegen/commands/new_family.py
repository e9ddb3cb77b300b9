"""`new-family`: begin the file of a family, with a place for all that a person must fill in."""

from __future__ import annotations

import argparse
import sys

from ..bodies.compose import family_text
from ..publishing import publish, shown
from ..spec import pieces
from ..spec.diagnostics import nearest
from ..spec.pieces import RefusalError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the family, and what is known of it."""
    parser.add_argument("id", metavar="ID", help="the family's id, such as flux")
    parser.add_argument("--title", help="what its models are called")
    parser.add_argument("--vendor", help="who makes its models")
    parser.add_argument(
        "--operation", help="the operation of operations.yaml that takes requests for its models"
    )
    parser.add_argument(
        "--container", metavar="NAME", help="the member of a request that holds the parameters"
    )
    parser.add_argument(
        "--stdout", action="store_true", help="print the file instead of writing it"
    )


def run(options: argparse.Namespace) -> int:
    """Write `families/ID.yaml` and list what a person must still do; the status is 1 on a refusal."""
    try:
        pieces.check_id(options.id)
        operation = options.operation
        taking = [
            name
            for name, each in pieces.operations(options.spec).items()
            if each.body.request is not None
        ]
        if operation is None and len(taking) == 1:
            operation = taking[0]
        elif operation is not None and operation not in taking:
            hint = nearest(operation, taking)
            raise RefusalError(f"`{operation}` is not an operation that takes requests; {hint}")
        said = {"operation": operation, "container": options.container, "source": {"TODO": "TODO"}}
        text = family_text(options.id, options.title, options.vendor, said)
        path = shown(options.spec / "families" / f"{options.id}.yaml")
        publish({path: text}, options)
    except (RefusalError, OSError) as error:
        print(f"codegen new-family: {error}", file=sys.stderr)
        return 1
    return 0
