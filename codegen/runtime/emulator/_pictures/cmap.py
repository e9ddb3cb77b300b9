"""Which characters a font file has, read from its table of them: opening the font would take far longer."""

from __future__ import annotations

import struct
from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO

# No table of characters is longer.
_MOST_BYTES = 4 << 20


class Coverage:
    """The characters of a font, as ranges."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        ranges.sort()
        self._starts = [start for start, _ in ranges]
        self._ends = [end for _, end in ranges]

    def __contains__(self, char: str) -> bool:
        place = bisect_right(self._starts, ord(char)) - 1
        return place >= 0 and ord(char) <= self._ends[place]


def coverage(path: Path) -> Coverage:
    """The characters of the (first) font in a file; none if it can't be read."""
    try:
        with path.open("rb") as file:
            return Coverage(_ranges(_table(file)))
    except (OSError, struct.error, IndexError, ValueError):
        return Coverage([])


def _table(file: BinaryIO) -> bytes:
    """The table of characters."""
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    directory = file.read(16 * count)
    for place in range(0, len(directory), 16):
        tag, _, offset, length = struct.unpack_from(">4sIII", directory, place)
        if tag == b"cmap":
            file.seek(offset)
            return file.read(min(length, _MOST_BYTES))
    return b""


def _ranges(table: bytes) -> list[tuple[int, int]]:
    """The ranges of the best of the subtables for Unicode."""
    found: dict[int, int] = {}
    (count,) = struct.unpack_from(">H", table, 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * number)
        if platform == 0 or (platform, encoding) in ((3, 1), (3, 10)):
            (kind,) = struct.unpack_from(">H", table, offset)
            found[kind] = offset
    if 12 in found:
        offset = found[12]
        (groups,) = struct.unpack_from(">I", table, offset + 12)
        data = table[offset + 16 : offset + 16 + 12 * groups]
        return [(start, end) for start, end, _ in struct.iter_unpack(">III", data)]
    if 4 in found:
        return _segments(table, found[4])
    return []


def _segments(table: bytes, offset: int) -> list[tuple[int, int]]:
    (twice,) = struct.unpack_from(">H", table, offset + 6)
    ends = struct.unpack_from(f">{twice // 2}H", table, offset + 14)
    starts = struct.unpack_from(f">{twice // 2}H", table, offset + 16 + twice)
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a <= b and a != 0xFFFF]
