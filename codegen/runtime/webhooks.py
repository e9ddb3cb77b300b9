"""Reads the events that the API posts to a `webhook_url`, once their signature is checked.

    event = webhooks.verify(body, headers, api_key)

Deliveries can be lost, repeated or out of order, and are neither dated nor numbered, so that an old
one can be sent again by whoever saw it: act on an event if it `supersedes` the one before it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeAlias

from ._catalog import API
from ._emitted.answers import EventFields
from ._errors import SignatureError, WebhookError
from ._life import EVENT, JobRecord, JobState
from ._redact import Secret, hidden, show, shown
from ._roles import told
from ._wire.settings import checked_key

__all__ = ["Event", "Headers", "verify"]


class _Items(Protocol):
    """Headers as most servers have them: a Mapping, or no more than its `items()`."""

    def items(self) -> Iterable[tuple[Any, Any]]: ...


Headers: TypeAlias = _Items | Iterable[tuple[str | bytes, str | bytes]]

# Of one delivery; a sender that changes its key signs with the old one and the new one for a while.
_MOST_SIGNATURES = 16
_LONGEST_HEADER = 4096


class Event(JobState, EventFields):
    """What a delivery says of a job; members and events that are new are kept in `raw`.

    `verify` makes one. `Event(raw)` makes it again from JSON that you stored, unchecked.
    """

    _roles = EVENT

    @property
    def job_id(self) -> str:
        """The job's id; empty if the event does not name a job."""
        value = told(self.raw, EVENT, "id")
        return value if isinstance(value, str) else ""

    @property
    def fingerprint(self) -> str:
        """64 hex characters that are the same only for a repeat of the event."""
        canonical = json.dumps(self.raw, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def supersedes(self, previous: Event | JobRecord | None) -> bool:
        """Whether this tells more than `previous`, an event or a job that was asked for.

        An end supersedes what is not one, an end that tells its result or error one that does not,
        and more progress less. A repeat supersedes nothing.

        Raises:
            WebhookError: `previous` is of another job.
        """
        if previous is None:
            return True
        other = previous.job_id if isinstance(previous, Event) else previous.id
        if other != self.job_id:
            message = f"an event of job {show(self.job_id)} can't supersede one of {show(other)}"
            raise WebhookError(message)
        return _rank(self) > _rank(previous)

    def __repr__(self) -> str:
        known = [self._told("event"), self.job_id, self.model, self.status]
        words = [show(value)[1:-1] for value in known if value]
        if self.progress is not None:
            words.append(f"{show(self.progress)} %")
        return shown(f"<{type(self).__name__} {' '.join(words)}>")


def _rank(news: Event | JobRecord) -> tuple[bool, int]:
    """How far the event has progressed; deliveries are not dated, so there is no other order."""
    if news.ended:
        # Ended jobs keep their progress, so that only what came of them can be new.
        return True, news._told("result") is not None or news.error is not None
    return False, -1 if news.progress is None else news.progress


def verify(body: bytes | bytearray | memoryview | str, headers: Headers, api_key: str) -> Event:
    """Check the signature of a delivery, and read it.

    Only the body is signed, so other headers do not matter. One of several signatures is enough.

    Args:
        body: The body as it came, before any parsing; text counts as UTF-8.
        headers: The request's headers, whatever the case of their names, or a WSGI environment.
        api_key: The key that the job was submitted with.

    Raises:
        SignatureError: The signature is missing, malformed or wrong.
        WebhookError: The body is signed, but is not a JSON object.
        ConfigurationError: `api_key` is not a valid key.
        TypeError: The body or the headers are something else.
    """
    secret: Secret = hidden(api_key)
    del api_key  # A traceback may show it.
    data = _bytes(body)
    keys = _KEYS[API.signature_scheme]
    checked_key(secret)
    given = _signatures(headers)
    # All are computed and compared, so that time tells nothing.
    wanted = [_signature(data, key) for key in keys(secret)]
    same = [hmac.compare_digest(ours, theirs) for ours in wanted for theirs in given]
    if True not in same:
        raise SignatureError(
            f"{API.signature_header}: wrong for this body and API key; pass the body as it came, and "
            "the key that the job was submitted with"
        )
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        raw = None  # What json raises holds the body.
    if not isinstance(raw, dict):
        raise WebhookError("the body is signed, but is not a JSON object")
    return Event(raw)


def _digest(secret: Secret) -> tuple[bytes, ...]:
    """The digest of the API key, in both forms: sources disagree on which it is."""
    digest = hashlib.sha256(secret.reveal().encode())
    return digest.digest(), digest.hexdigest().encode()


# The keys that an event may be signed with, by the scheme of the spec.
_KEYS: Mapping[str, Callable[[Secret], tuple[bytes, ...]]] = {
    "hmac_sha256": lambda secret: (secret.reveal().encode(),),
    "hmac_sha256_of_key_digest": _digest,
}
# What precedes the hex digits is often left out, or has a space.
_PREFIX = r"\s*".join(map(re.escape, "".join(API.signature_prefix.lower().split())))
_EXPECTED = " and ".join(filter(None, [API.signature_prefix, "64 hex characters"]))
_SIGNATURE = re.compile(rf"(?:{_PREFIX})?\s*([0-9a-f]{{64}})", re.ASCII)


def _signature(body: bytes, key: bytes) -> str:
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def _bytes(body: object) -> bytes:
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    if isinstance(body, str):
        # What can't be the text of any bytes is not what was signed either.
        return body.encode("utf-8", "replace")
    raise TypeError(
        f"body: a {type(body).__qualname__}, expected the raw bytes, such as `await request.body()` "
        "in FastAPI or Starlette, or `request.get_data()` in Flask; parsed JSON is not what was "
        "signed"
    )


def _signatures(headers: object) -> list[str]:
    """The signatures among the headers, as hex; what else is beside them is passed over."""
    name = API.signature_header
    wanted = _folded(name)
    found = [value for key, value in _pairs(headers) if _folded(_text(key)) == wanted]
    if not found:
        raise SignatureError(f"{name}: missing; the delivery is not signed")
    # A header that is sent twice is a list, or one text with commas, as the server has it.
    values = [
        one for value in found for one in (value if isinstance(value, list | tuple) else [value])
    ]
    whole = ",".join(map(_text, values))
    if len(whole) > _LONGEST_HEADER:
        raise SignatureError(f"{name}: {len(whole)} characters are not a signature")
    matches = (_SIGNATURE.fullmatch(part.strip().lower()) for part in whole.split(","))
    hexes = [match[1] for match in matches if match]
    if not hexes:
        raise SignatureError(f"{name}: malformed, expected {_EXPECTED}")
    if len(hexes) > _MOST_SIGNATURES:
        raise SignatureError(f"{name}: {len(hexes)} signatures, expected one")
    return hexes


def _folded(name: str) -> str:
    """A header's name as it is compared: WSGI writes `HTTP_X_NAME` for `X-Name`."""
    return name[:100].upper().replace("-", "_").removeprefix("HTTP_")


def _pairs(headers: Any) -> list[tuple[object, object]]:
    try:
        pairs = headers.items() if hasattr(headers, "items") else headers
        return [(name, value) for name, value in pairs]
    except (TypeError, ValueError):
        pass  # Raised below, where it does not carry what was passed.
    raise TypeError(
        f"headers: a {type(headers).__qualname__}, expected a mapping or pairs of name and value"
    )


def _text(value: object) -> str:
    """A name or a value of a header; ASGI has them as bytes. Anything else counts as no header."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
