"""What is sent back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from starlette.types import Send

JSON = "application/json"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(slots=True)
class Answer:
    """The status, body and headers of an answer; `content_type` is None if it has no body."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Any, status: int = 200) -> Answer:
        """An answer of JSON."""
        return cls(status, _ENCODER.encode(value).encode("utf-8", "surrogatepass"), JSON)

    async def send(self, send: Send, *, without_body: bool = False) -> None:
        """Send it; to a HEAD, `without_body`."""
        headers = [(_name(name), value.encode("latin-1")) for name, value in self.headers.items()]
        if self.content_type is not None:
            headers.append((b"content-type", self.content_type.encode("latin-1")))
        if self.status not in (204, 304):
            headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = b"" if without_body else self.body
        await send({"type": "http.response.body", "body": body})


@lru_cache
def _name(name: str) -> bytes:
    """The name of a header as it is sent."""
    return name.lower().encode("latin-1")
