"""Answers that are good ones, changed at random: their JSON, encoding, compression, headers, status and bytes."""

from __future__ import annotations

import codecs
import gzip
import json
import random
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

ID = "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a"
KEY = "afk_0123456789abcdef"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"a picture" * 50
JOB = {
    "id": ID,
    "jobId": ID,
    "status": "COMPLETED",
    "model": "flux-2-pro",
    "progress": 100,
    "result": {
        "images": ["https://files.example/a.png?sig=1", "data:image/png;base64,iVBORw0KGgo="]
    },
    "error": None,
    "creditCost": 4,
    "webhookStatus": "delivered",
    "createdAt": "2026-07-16T09:30:00.000Z",
    "completedAt": "2026-07-16T09:30:09.000Z",
    "input": {"prompt": "a fox", "fluxParams": {"width": 512}},
    "expired": False,
}
GOOD: list[Any] = [
    JOB,
    {**JOB, "status": "FAILED", "error": "NSFW", "result": None},
    {"jobs": [JOB, JOB], "nextCursor": "n", "hasMore": True},
    {
        "user": {"id": "u", "email": "fox@example.com", "role": "admin"},
        "team": {"id": "t", "name": "foxes", "credits": 12.5, "maxConcurrentJobs": 10},
        "apiKey": {"id": "k", "name": "n", "prefix": "afk_"},
    },
    {"models": [{"id": "flux-2-pro", "label": "x", "costMin": 1, "costMax": 2.5}]},
    {"id": "up", "url": "https://files.example/b.png", "byteSize": 5, "expiresAt": "2026-07-16"},
    {"error": "Invalid request", "details": {"fluxParams.width": ["Too odd"]}},
    {"error": {"message": "No"}, "creditsRequired": 5, "creditsAvailable": 1},
    {"error": "No", "details": [{"path": ["fluxParams", "width", 0], "message": "Too odd"}]},
]
# Which of them are an answer to an operation.
FITTING = {
    "list": [2],
    "page": [2],
    "me": [3],
    "models": [4],
    "upload": [5],
}
STRANGE: list[Any] = [
    *(None, True, False, 0, -1, 4.0, 1e300, float("nan"), float("inf"), 10**30, 10**499, "", " "),
    *(
        "4",
        "true",
        "NaN",
        "\x00",
        "\ud800",
        "\x1b[31m",
        KEY,
        "é" * 300,
        "x" * 5000,
        "../..",
        "data:,",
    ),
    *([], {}, [[]], [None], {"": ""}, {"message": "m"}, "2026-13-45T00:00:00Z", "9" * 40),
    *("javascript:1", "http://[", "https://a:99999/", "FAILED", "CANCELLED", "QUEUED", "ABORTED"),
]
STATUSES = [
    200,
    202,
    204,
    206,
    301,
    302,
    304,
    307,
    400,
    401,
    402,
    404,
    409,
    422,
    429,
    500,
    503,
    529,
]
HEADERS: dict[str, list[str]] = {
    "Content-Type": [
        *("application/json", "text/html; charset=latin-1", "application/json; charset=utf-16"),
        *(
            "a/b; charset=punycode",
            "a/b; charset=idna",
            "a/b; charset=\x00",
            "x" * 2000,
            "charset=",
        ),
    ],
    "Content-Encoding": ["gzip", "deflate", "br", "zstd", "gzip, gzip", "identity", "x" * 99, ","],
    "Content-Length": ["0", "1", "5", "99999999999999999999", "-1", "x", "1, 1", "0x5", " 7 "],
    "Transfer-Encoding": ["chunked", "gzip, chunked", "identity", "x"],
    "Retry-After": [
        "0",
        "1",
        "-1",
        "9" * 300,
        "Wed, 21 Oct 2026 07:28:00 GMT",
        "nan",
        "\xff",
        "1e9",
    ],
    "Date": ["Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 99 Oct 2026 99:28:00 +9999", "x", "0"],
    "Location": [
        *(
            "javascript:1",
            "http://[",
            "//",
            "http://\x80/",
            "/x?sig=1",
            "http://xn--a/",
            "x" * 9000,
        ),
    ],
    "X-Request-Id": ["r-1", KEY, "x" * 50_000, "\xff\xfe", ""],
    "Set-Cookie": [
        "a=b",
        "a=b; expires=Wed, 99 Oct 99999 07:28:00 GMT; domain=.test",
        "=;=",
        "\xff",
    ],
    "Content-Range": ["bytes 0-5/6", "bytes */5", "bytes 5-1/2", "x"],
    "ETag": ['"v1"', "W/", "\xff"],
    "Accept-Ranges": ["bytes"],
    "Connection": ["close", "keep-alive", "upgrade"],
    "X\x00": ["y"],
    "": ["y"],
}


class Answers:
    """The answer of each case."""

    def __init__(self, seed: str, operation: str) -> None:
        self._random = random.Random(seed)
        self._fitting = FITTING.get(operation, [0, 1])
        self._is_picture = operation in ("bytes", "save")

    def wire(self) -> list[bytes]:
        """The bytes of an answer, in the parts in which they arrive."""
        rng = self._random
        headers: dict[str, str] = {}
        if rng.random() < (0.8 if self._is_picture else 0.05):
            headers["Content-Type"], content = "image/png", self._picture()
        else:
            headers["Content-Type"], content = "application/json", self._encoded(self._json())
        content = self._compressed(content, headers)
        status = rng.choice(STATUSES) if rng.random() < 0.5 else 200
        status = rng.randrange(100, 1000) if rng.random() < 0.03 else status
        framing = "Content-Length"
        if rng.random() < 0.2:
            framing, content = "Transfer-Encoding", self._chunked(content)
        headers[framing] = "chunked" if framing == "Transfer-Encoding" else str(len(content))
        for _ in range(rng.choice([0, 0, 0, 0, 0, 1, 2, 4])):
            name = rng.choice(list(HEADERS))
            headers[name] = rng.choice(HEADERS[name])
        lines = [f"{name}: {value}" for name, value in headers.items()]
        if rng.random() < 0.01:
            line = rng.choice(lines)
            # A whole of 1 MB at most, which is more than is read of headers.
            lines += [line] * min(rng.choice([1, 100, 3000]), 10**6 // len(line))
        head = f"HTTP/1.1 {status} So\r\n" + "\r\n".join(lines) + "\r\n\r\n"
        data = head.encode("latin-1") + content
        if rng.random() < 0.05:
            data = self._bytes(data)
        if rng.random() < 0.05:
            data = data[: rng.randrange(len(data) + 1)]
        return self._parts(data)

    def _picture(self) -> bytes:
        return self._bytes(PICTURE) if self._random.random() < 0.3 else PICTURE

    def _json(self) -> Any:
        rng = self._random
        good = GOOD[rng.choice(self._fitting)] if rng.random() < 0.7 else rng.choice(GOOD)
        value = json.loads(json.dumps(good))
        changes = rng.choice([0, 1, 1, 2, 5])
        for number in range(changes):
            value = self._changed(value, copies=number < 2)
        return value

    def _changed(self, value: Any, *, copies: bool = True) -> Any:
        """JSON with one change somewhere in it; of nested lists, only one is made longer."""
        rng = self._random
        if isinstance(value, dict) and value and rng.random() < 0.85:
            name = rng.choice(list(value))
            changed = dict(value)
            what = rng.random()
            if what < 0.1:
                del changed[name]
            elif what < 0.2:
                changed[rng.choice(["", "x" * 999, "message", "é", name.upper()])] = changed.pop(
                    name
                )
            else:
                changed[name] = self._changed(value[name], copies=copies)
            return changed
        if isinstance(value, list) and value and rng.random() < 0.8:
            place = rng.randrange(len(value))
            more = rng.choice([1, 1, 3, 50]) if copies else 1
            changed = self._changed(value[place], copies=copies and more == 1)
            return [*value[:place], *[changed] * more, *value[place + 1 :]]
        return self._deep(value) if rng.random() < 0.05 else rng.choice(STRANGE)

    def _deep(self, value: Any) -> Any:
        for _ in range(self._random.choice([5, 90, 101, 300])):
            value = [value] if self._random.random() < 0.5 else {"a": value}
        return value

    def _encoded(self, value: Any) -> bytes:
        rng = self._random
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5)
        encoding = "utf-8"
        if rng.random() < 0.1:
            encoding = rng.choice(
                ["utf-8-sig", "utf-16", "utf-32", "latin-1", "shift_jis", "cp1252"]
            )
        if rng.random() < 0.005:
            return large(rng.randrange(len(LARGE)))
        return (
            self._bytes(text.encode(encoding, "replace"))
            if rng.random() < 0.15
            else text.encode(encoding, "replace")
        )

    def _bytes(self, data: bytes) -> bytes:
        """Bytes with some of them changed, cut or said twice."""
        rng = self._random
        for _ in range(rng.choice([1, 1, 2, 10])):
            place = rng.randrange(len(data) + 1)
            end = min(len(data), place + rng.choice([0, 1, 1, 20]))
            tokens = [
                b"",
                b"\x00",
                b"\xff",
                b'"',
                b"[",
                b"{",
                b"\\",
                b"\r\n",
                b",",
                b"\xef\xbb\xbf",
            ]
            tokens += [rng.randbytes(3), data[place:end] * 2, b"[" * 200, b"1" * 5000, b"\\u0061"]
            data = data[:place] + rng.choice(tokens) + data[end:]
        return data

    def _compressed(self, data: bytes, headers: dict[str, str]) -> bytes:
        rng = self._random
        if rng.random() > 0.15:
            return data
        coding, pack = rng.choice(PACKERS)
        headers["Content-Encoding"] = coding
        data = bomb() if coding == "gzip" and rng.random() < 0.05 else pack(data)
        return self._bytes(data) if rng.random() < 0.2 else data

    def _chunked(self, data: bytes) -> bytes:
        rng = self._random
        result = b""
        for part in self._parts(data):
            size = (
                f"{len(part):x}"
                if rng.random() < 0.98
                else rng.choice(["", "-1", "fffffffff", "g"])
            )
            result += f"{size}\r\n".encode() + part + b"\r\n"
        return result + (b"0\r\n\r\n" if rng.random() < 0.95 else b"")

    def _parts(self, data: bytes) -> list[bytes]:
        rng = self._random
        parts: list[bytes] = []
        if rng.random() < 0.3:
            for _ in range(rng.randrange(1, 5)):
                place = rng.randrange(min(len(data), 5000) + 1)
                parts.append(data[:place])
                data = data[place:]
        # As from a socket.
        parts += [data[i : i + 65536] for i in range(0, len(data), 65536)]
        return [part for part in parts if part]


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare),
    ("br", bytes),
]


@cache
def bomb() -> bytes:
    """Some 400 kB that unpack to 80 MB."""
    packer = zlib.compressobj(1, wbits=31)
    spaces = b" " * 2**20
    return b"".join([*(packer.compress(spaces) for _ in range(80)), packer.flush()])


LARGE: list[Callable[[], bytes]] = [
    lambda: b'{"id": "' + b"x" * 9_000_000 + b'"}',
    lambda: b'{"id": "x", "result": "' + b"y" * 7_000_000 + b'"}',
    lambda: b"[" * 100_000,
    lambda: b"[" + b"[]," * 19_000 + b"[]]",
    lambda: b"[" + b'"a",' * 99_000 + b'"a"]',
    lambda: b'{"details": {' + b",".join(b'"p%d": ["x"]' % n for n in range(30_000)) + b"}}",
    lambda: b'{"jobs": [' + b",".join([json.dumps(JOB).encode()] * 1500) + b"]}",
    lambda: b'{"error": "' + b"data:image/png;base64," + b"A" * 900_000 + b'"}',
    lambda: b'{"id": 1' + b"0" * 100_000 + b"}",
    lambda: b'{"id": 0.' + b"1" * 1_000_000 + b"}",
    lambda: codecs.BOM_UTF16_LE + b'"\x00' + b"a\x00" * 1_000_000 + b'"\x00',
]


@cache
def large(number: int) -> bytes:
    return LARGE[number]()


# What is done with a client; `n` says how.
