"""Words as the user's shell takes them, in the commands that are told to go on with."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable

_PLAIN = re.compile(r"[\w@+=:./\\-]+", re.ASCII)


def quoted(word: str) -> str:
    """A word in quotes, if it needs them."""
    if sys.platform != "win32":
        return shlex.quote(word)
    if _PLAIN.fullmatch(word):
        return word
    # Of cmd and PowerShell alike, as far as they are: what % and $ stand for, either puts in its own.
    doubled = word.replace('"', '""')
    return f'"{doubled}"'


def command_line(words: Iterable[str]) -> str:
    """A command with its arguments."""
    return " ".join(map(quoted, words))
