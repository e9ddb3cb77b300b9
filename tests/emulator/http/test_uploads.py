"""Uploads of every type that the vendor's document names, and of those that are much like them."""

from __future__ import annotations

import json

import pytest

from fluxframe.emulator._contract.contract import contract

from .raw import Answer, ask, post

UPLOADS = "/v2/uploads"
BOX = b"\0\0\0\x20ftyp"
FRAME = b"\xff\xfb\x90\x64" + bytes(413)

TAKEN = {
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0", "image/jpeg"),
    "gif-87": (b"GIF87a", "image/gif"),
    "gif-89": (b"GIF89a", "image/gif"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    "mp3-tagged": (b"ID3\x04\0\0\0\0\0\x23", "audio/mpeg"),
    "mp3-bare": (FRAME, "audio/mpeg"),
    "mp3-mpeg-2": (b"\xff\xf3\x44\xc4", "audio/mpeg"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    "ogg-vorbis": (b"OggS\0\x02".ljust(28, b"\0") + b"\x01vorbis", "audio/ogg"),
    "ogg-opus": (b"OggS\0\x02".ljust(28, b"\0") + b"OpusHead", "audio/ogg"),
    "m4a": (BOX + b"M4A \0\0\0\0", "audio/mp4"),
    "m4b": (BOX + b"M4B \0\0\0\0", "audio/mp4"),
    "mp4-isom": (BOX + b"isom\0\0\2\0", "video/mp4"),
    "mp4-2": (BOX + b"mp42\0\0\0\0", "video/mp4"),
    "mp4-avc": (BOX + b"avc1\0\0\0\0", "video/mp4"),
    "m4v": (BOX + b"M4V \0\0\0\0", "video/mp4"),
    "mov": (BOX + b"qt  \0\0\2\0", "video/quicktime"),
    "mov-old": (b"\0\0\x10\0moov\0\0\0\x6cmvhd", "video/quicktime"),
    "webm": (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm", "video/webm"),
}
REFUSED = {
    "avif": BOX + b"avif\0\0\0\0",
    "avif-sequence": BOX + b"avis\0\0\0\0",
    "heic": BOX + b"heic\0\0\0\0",
    "heif": BOX + b"mif1\0\0\0\0",
    "3gp": BOX + b"3gp4\0\0\0\0",
    "ogg-theora": b"OggS\0\x02".ljust(28, b"\0") + b"\x80theora",
    "mkv": b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\x82\x88matroska",
    "aac": b"\xff\xf1\x50\x80",
    "avi": b"RIFF\x24\0\0\0AVI LIST",
    "aiff": b"FORM\0\0\0\x24AIFF",
    "flac": b"fLaC\0\0\0\x22",
    "bmp": b"BM\x36\0\0\0",
    "tiff": b"II*\0",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "pdf": b"%PDF-1.7",
    "text": b"plain text",
    "utf-16": "text".encode("utf-16"),
    "cut": b"\x89PN",
    "one-byte": b"\xff",
}


def upload(url: str, content: bytes, said: str = "image/png", name: str = "a.png") -> Answer:
    disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    part = f"--b\r\n{disposition}\r\nContent-Type: {said}\r\n\r\n".encode()
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    return ask(url, post(UPLOADS, part + content + b"\r\n--b--\r\n", form))


@pytest.mark.parametrize("said", ["image/png", "text/plain", "video/mp4"])
@pytest.mark.parametrize("how", TAKEN)
def test_a_file_is_of_the_type_that_its_bytes_say(url: str, how: str, said: str) -> None:
    content, content_type = TAKEN[how]
    answer = upload(url, content, said)
    assert answer.status == 201, answer.body
    made = answer.json
    assert (made["contentType"], made["kind"]) == (content_type, content_type.partition("/")[0])
    assert made["byteSize"] == len(content)


@pytest.mark.parametrize("how", REFUSED)
def test_a_file_of_another_type_is_refused(url: str, how: str) -> None:
    answer = upload(url, REFUSED[how])
    assert answer.status == 400
    assert answer.json["error"] == "Unsupported file type"
    assert [*answer.json["details"]] == ["file"]


def test_every_type_that_the_document_names_is_tried() -> None:
    [limits] = [o.raw["x-upload"] for o in contract().document.operations if o.path == UPLOADS]
    named = {content_type for limit in limits for content_type in limit["contentTypes"]}
    assert named == {content_type for _, content_type in TAKEN.values()}


@pytest.mark.parametrize(
    ("how", "most"),
    [("gif-89", 25), ("mp3-tagged", 25), ("m4a", 25), ("mp4-isom", 50), ("mov", 50)],
)
def test_a_file_may_be_as_large_as_its_kind_may_be(url: str, how: str, most: int) -> None:
    content = TAKEN[how][0]
    assert upload(url, content.ljust(most << 20, b"\0")).status == 201
    assert upload(url, content.ljust((most << 20) + 1, b"\0")).status == 400


@pytest.mark.parametrize("name", ["füchse.png", "狐.png", "a b'c.png", "x" * 300, ""])
def test_a_file_may_have_any_name(url: str, name: str) -> None:
    assert upload(url, TAKEN["png"][0], name=name).status == 201


def test_json_may_not_be_as_long_as_a_file(url: str) -> None:
    request = {"model": "flux-2-pro", "prompt": "a fox", "x": "x" * (11 << 20)}
    answer = ask(url, post("/v2/images/generate", json.dumps(request).encode()))
    assert answer.status == 413
    assert answer.json["error"].startswith("Payload too large")
