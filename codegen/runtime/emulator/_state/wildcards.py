"""Texts in which `*` is any text."""

from __future__ import annotations

import fnmatch
import re


def wildcard(text: str) -> re.Pattern[str]:
    """What matches such a text; in linear time, however many `*` there are."""
    # Of the signs of fnmatch, only the star means something here.
    return re.compile(fnmatch.translate(re.sub(r"[\[?]", r"[\g<0>]", text)))
