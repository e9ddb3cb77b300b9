# A copy of codegen/runtime/emulator/_http/answer.py, where it is edited.
"""What is sent back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Send

JSON = "application/json"


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
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return cls(status, text.encode("utf-8", "surrogatepass"), JSON)

    async def send(self, send: Send, *, without_body: bool = False) -> None:
        """Send it; to a HEAD, `without_body`."""
        headers = [
            (n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in self.headers.items()
        ]
        if self.content_type is not None:
            headers.append((b"content-type", self.content_type.encode("latin-1")))
        if self.status not in (204, 304):
            headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = b"" if without_body else self.body
        await send({"type": "http.response.body", "body": body})
