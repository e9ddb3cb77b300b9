"""The type of a file, by how it begins: what a sender says of it counts for nothing."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"
# How files begin, and where.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"ID3", "audio/mpeg"),
)
# RIFF, EBML and ISO files hold many formats, of which they name one.
_IN_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_IN_EBML = {b"webm": "video/webm", b"matroska": "video/x-matroska"}
_IN_ISO = {
    b"qt": "video/quicktime",
    b"M4A": "audio/mp4",
    b"M4B": "audio/mp4",
    b"M4P": "audio/mp4",
    b"F4A": "audio/mp4",
    b"avi": "image/avif",
    b"he": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"j": "image/jp2",
    b"crx": "image/x-canon-cr3",
    b"3g": "video/3gpp",
}
# Of a QuickTime film that is older than the word for what an ISO file holds.
_QUICKTIME = (b"moov", b"mdat", b"wide")


def content_type_of(content: bytes) -> str:
    """The media type of a file."""
    for offset, signature, content_type in _SIGNATURES:
        if content.startswith(signature, offset):
            return content_type
    match content[:4]:
        case b"RIFF":
            return _IN_RIFF.get(content[8:12], UNKNOWN)
        case b"OggS":
            return "video/ogg" if content[29:35] == b"theora" else "audio/ogg"
        case b"\x1aE\xdf\xa3":
            head = content[:64]
            return next((type for word, type in _IN_EBML.items() if word in head), UNKNOWN)
    match content[4:8]:
        case b"ftyp":
            brand = content[8:12]
            known = (type for word, type in _IN_ISO.items() if brand.startswith(word))
            return next(known, "video/mp4")
        case word if word in _QUICKTIME:
            return "video/quicktime"
    return "audio/mpeg" if _is_mpeg_audio(content[:3]) else UNKNOWN


def _is_mpeg_audio(head: bytes) -> bool:
    """Whether it is the head of a frame of layer III, and not, say, of AAC, whose layer is 0."""
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[1] & 0x18 != 0x08 and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C
