"""The words of a cell to its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .decode import CODE, READ
from .phrases import EXAMPLES


def sentences(cell: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a cell, as it stands and with what is only an example marked as read."""
    text = re.sub(f'"?{CODE}(.*?){CODE}"?', _quoted, cell)
    text = re.sub("[“”„]", '"', re.sub(r"(?<!\w)['‘]([^'’]+)['’](?!\w)", r'"\1"', text))
    rest = EXAMPLES.sub(lambda match: READ * len(match[0]), text)
    ends = [match.end() for match in re.finditer(r"(?<=[.;!?])\s+", rest)]
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        if text[start:end].strip():
            yield text[start:end], rest[start:end]


def _quoted(code: re.Match[str]) -> str:
    """Code in quotation marks, but for numbers, truth values, and what has signs of its own."""
    bare = re.fullmatch(r"""[-−+\d.,–…\s]+|true|false|.*["'=].*""", code[1])
    return code[1] if bare else f'"{code[1]}"'
