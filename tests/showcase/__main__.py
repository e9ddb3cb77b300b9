"""Remakes docs/images/contact-sheet.webp and docs/images/terminal.svg."""

from __future__ import annotations

import sys

from . import sheet, terminal


def main() -> int:
    """Write both pictures; returns the exit status."""
    for path, content in (
        (sheet.PATH, sheet.made()),
        (terminal.PATH, terminal.svg(terminal.recorded()).encode()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{path.name}: {len(content) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
