"""The command `fluxframe`, or `python -m fluxframe`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; returns its exit status."""
    try:
        from .cli import cli
    except ModuleNotFoundError as error:
        if error.name in ("click", "rich"):
            print(f"fluxframe: {error}", file=sys.stderr)
            return 1
        raise
    except KeyboardInterrupt:
        return 130
    cli.main(prog_name="fluxframe")  # Ends the process with the exit status.
    return 0


if __name__ == "__main__":
    sys.exit(main())
