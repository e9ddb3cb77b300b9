# A copy of codegen/runtime/emulator/_control/guard.py, where it is edited.
"""Who may ask the server about itself: pages of other sites may not, whatever a browser lets them send."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from .._http.answer import JSON
from .words import WrongError

# Names that nobody on the internet can have, so that no page there can lead a browser here by one.
_OWN = (".localhost", ".internal", ".local", ".test")
_READING = ("GET", "HEAD")

ALWAYS = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def check(
    method: str, headers: Mapping[str, str], content_types: tuple[str, ...] = (JSON,)
) -> None:
    """Raises WrongError for a request that a page of another site may have sent.

    There is no CORS here, so that such a page reads no answer. What it can send all the same changes nothing:
    a form has another type, or tells where it comes from; and a name of its own that leads to this
    machine is not one of ours.
    """
    host = headers.get("host", "")
    if not _is_own(host):
        text = (
            f"the host {host!r} is not a name of this machine; ask by its address, or by localhost"
        )
        raise WrongError(text, 403)
    origin = headers.get("origin")
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        raise WrongError(f"a page of {origin} must not ask this; its own pages may", 403)
    if method in _READING:
        return
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise WrongError("a page of another site must not change anything here", 403)
    given = headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in content_types and not (method == "DELETE" and not given):
        expected = " or ".join(content_types)
        raise WrongError(f"expected Content-Type: {expected}, got {given or 'none'}", 415)


def _is_own(host: str) -> bool:
    """Whether a host is an address, or a name that is of this machine or its network only."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    name = name.strip("[]").rstrip(".").lower()
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.endswith(_OWN))
    return True
