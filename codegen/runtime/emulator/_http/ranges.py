"""Files, whole or in part, so that a download can go on where it broke off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b

from starlette.exceptions import HTTPException

from .answer import Answer

_RANGE = re.compile(r"bytes\s*=\s*([0-9]*)-([0-9]*)", re.IGNORECASE)


def of_file(content: bytes, content_type: str, method: str, asked: Mapping[str, str]) -> Answer:
    """The answer with a file, or with as much of it as the headers of a request ask for.

    Several ranges at once are answered with the whole. Raises HTTPException: 416 if there is no such part.
    """
    tag = f'"{blake2b(content, digest_size=16).hexdigest()}"'
    known = {"Accept-Ranges": "bytes", "ETag": tag}
    if _names(asked.get("if-none-match"), tag):
        return Answer(304, headers=known)
    if method == "GET" and asked.get("if-range", tag) == tag:
        part = _part(asked.get("range", ""), len(content))
        if part is not None:
            known["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
            return Answer(206, content[part.start : part.stop], content_type, known)
    return Answer(200, content, content_type, known)


def _names(listed: str | None, tag: str) -> bool:
    """Whether a list of tags has one."""
    if listed is None:
        return False
    tags = (each.strip().removeprefix("W/") for each in listed.split(","))
    return any(each in ("*", tag) for each in tags)


def _part(wanted: str, size: int) -> range | None:
    """The bytes that are wanted; None if that is all of them, or can't be understood."""
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = (int(digits[:18]) if digits else None for digits in found.groups())
    if first is None:
        first, last = max(0, size - (last or 0)), size - 1
    elif last is not None and last < first:
        return None
    part = range(first, min(size, size if last is None else last + 1))
    if not part:
        raise HTTPException(416, headers={"Content-Range": f"bytes */{size}"})
    return part
