"""What a file is, by how it begins."""

# How the files that can be uploaded begin, and where.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (0, b"GIF8", "image/gif"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)


def content_type_of(content: bytes) -> str:
    """The media type of a file, by how it begins."""
    for offset, signature, content_type in _SIGNATURES:
        if content[offset:].startswith(signature):
            return content_type
    return "application/octet-stream"
