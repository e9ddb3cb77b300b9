"""What is posted: the body of an event, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, get_args

from .._contract.document import Event
from .._contract.shape import Known

# The key is the digest of the API key, its 32 bytes or 64 hex characters; bare: without what precedes the hex digits.
Signature: TypeAlias = Literal["digest", "hex", "bare-digest", "bare-hex"]


def checked_signature(value: str) -> str:
    """A form that signatures can have. Raises ValueError."""
    if value not in get_args(Signature):
        forms = ", ".join(map(repr, get_args(Signature)))
        raise ValueError(f"webhook_signature: {value!r} is not one of {forms}")
    return value


# Made once: `json.dumps` makes one anew each time that it is asked for anything but its defaults.
_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it is posted, without the lines that name the host."""

    event: str
    body: bytes
    signature: str
    rest: bytes  # Of the request: its headers and body.


def message(event: Event, known: Known, api_key: str, form: str) -> Message:
    """The message that tells what is known of a job."""
    told: Any = event.body.filled(known)
    # As JavaScript writes it: receivers sign again what they have parsed.
    body = _compact(told).encode()
    signature = signed(event, body, api_key, form)
    rest = f"{event.signature_header}: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    return Message(event.name, body, signature, _fields(event) + rest.encode() + body)


@cache
def _fields(event: Event) -> bytes:
    """The headers that are the same each time."""
    headers = {
        "User-Agent": "fluxframe-emulator",
        "Accept": "*/*",
        "Content-Type": "application/json",
        **event.headers,
    }
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()


def signed(event: Event, body: bytes, api_key: str, form: str) -> str:
    """The value of the signature's header."""
    key = api_key.encode()
    if event.scheme == "hmac_sha256_of_key_digest":
        digest = hashlib.sha256(key)
        key = digest.hexdigest().encode() if form.endswith("hex") else digest.digest()
    prefix = "" if form.startswith("bare-") else event.prefix
    return prefix + hmac.digest(key, body, "sha256").hex()
