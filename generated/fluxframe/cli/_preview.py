# A copy of codegen/runtime/cli/_preview.py, where it is edited.
"""Shows an image in the terminal, if the terminal is known to support it."""

from __future__ import annotations

import base64
import io
import os
import sys
from pathlib import Path

from .._results import image_format
from ._session import Session

_ROWS = 16


def draw(session: Session, path: Path, *, wanted: bool | None) -> None:
    """Draw the image on stderr; with None, only if the terminal is likely to show it."""
    if wanted is False or not sys.stderr.isatty() or (wanted is None and not session.lively):
        return
    if wanted is None and session.json:
        return
    protocol = _protocol()
    if protocol is None:
        if wanted:
            session.warn("this terminal is not known to show images")
        return
    content = path.read_bytes()
    sequence = _iterm2(content) if protocol == "iterm2" else _kitty(content)
    sys.stderr.write(sequence + "\n" if sequence else "")
    sys.stderr.flush()


def _protocol() -> str | None:
    """The protocol of the terminal, by its environment, which in tmux may be that of another."""
    term, program = os.environ.get("TERM", ""), os.environ.get("TERM_PROGRAM", "")
    if "TMUX" in os.environ or term.startswith(("screen", "tmux")):
        return None
    if program in ("iTerm.app", "WezTerm"):
        return "iterm2"
    ours = "KITTY_WINDOW_ID" in os.environ or program == "ghostty"
    return "kitty" if ours or term in ("xterm-kitty", "xterm-ghostty") else None


def _iterm2(content: bytes) -> str:
    """https://iterm2.com/documentation-images.html."""
    options = f"inline=1;size={len(content)};height={_ROWS}"
    return f"\x1b]1337;File={options}:{base64.b64encode(content).decode()}\a"


def _kitty(content: bytes) -> str:
    """https://sw.kovidgoyal.net/kitty/graphics-protocol/: PNG (f=100) in parts of 4096 bytes."""
    if image_format(content[:12]) != "png":
        try:
            from PIL import Image
        except ModuleNotFoundError:  # It comes with the emulator only, and kitty reads PNG only.
            return ""
        png = io.BytesIO()
        with Image.open(io.BytesIO(content)) as image:
            image.save(png, "png")
        content = png.getvalue()
    data = base64.b64encode(content).decode()
    parts = [data[at : at + 4096] for at in range(0, len(data), 4096)]
    keys = [f"a=T,f=100,q=2,r={_ROWS},", *[""] * (len(parts) - 1)]
    last = len(parts) - 1
    return "".join(
        f"\x1b_G{key}m={int(at < last)};{part}\x1b\\"
        for at, (key, part) in enumerate(zip(keys, parts, strict=True))
    )
