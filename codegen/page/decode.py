"""The bytes of a file to the text of a page."""

from __future__ import annotations

import re

from .result import PageError

# Characters that no decoded page contains. They mark the start of a cell, the two ends of code,
# and what has been read of a sentence.
CELL, CODE, READ = "\ufdd0", "\ufdd1", "\0"
MARKS = re.compile(f"[{CELL}{CODE}{READ}]")

# Characters of what patterns read at once, since their time can grow with its square.
LONGEST = 2000
LARGEST = 16 * 1024 * 1024
_EXPECTED = "expected a page as text, Markdown or HTML"


def decode(data: bytes) -> str:
    """The text of a page, with line feeds at its line ends. Raises PageError if it is not text."""
    if len(data) > LARGEST:
        raise PageError(f"the file is larger than {LARGEST // 1024**2} MB; {_EXPECTED}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PageError(f"this is not UTF-8 text; {_EXPECTED}") from None
    if READ in text:
        raise PageError(f"this is a binary file; {_EXPECTED}")
    if not text.strip():
        raise PageError(f"the file is empty; {_EXPECTED}")
    return MARKS.sub("", re.sub(r"\r\n?", "\n", text))
