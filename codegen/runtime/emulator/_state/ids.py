"""Ids: UUIDs, which are kept as their 16 bytes."""

from __future__ import annotations

import os


def new_id() -> str:
    """A random UUID."""
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    return text_of(raw)


def text_of(raw: bytes | bytearray) -> str:
    """An id as it is shown."""
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def bytes_of(id: str) -> bytes | None:
    """The bytes of an id; None if it is none."""
    if len(id) != 36:
        return None
    try:
        raw = bytes.fromhex(id.replace("-", ""))
    except ValueError:
        return None
    return raw if text_of(raw) == id.lower() else None
