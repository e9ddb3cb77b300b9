# A copy of codegen/runtime/emulator/_http/cors.py, where it is edited.
"""Which pages of other origins may ask the server: whoever develops one has it on another port of this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from .answer import Answer

# Pages of this machine and its network, of any site, or none.
Cors: TypeAlias = Literal["local", "any", "none"]
CHOICES: tuple[Cors, ...] = ("local", "any", "none")

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
# A page reads these of an answer, beside those that it may always read.
_EXPOSED = ("Accept-Ranges", "Allow", "Content-Length", "Content-Range", "ETag", "Retry-After")
# Seconds that a browser need not ask again.
_KEPT = "600"


# Names that nobody on the internet can have.
_OWN = (".localhost", ".internal", ".local", ".test")


class Permission:
    """What pages may do. `id_header` is the header that holds the id of a request."""

    def __init__(self, cors: Cors, id_header: str | None) -> None:
        self._cors = cors
        self._exposed = ", ".join([*_EXPOSED, id_header] if id_header else _EXPOSED)

    def headers(self, origin: str) -> dict[str, str]:
        """The headers of an answer to a page of an origin; none if it may not read it."""
        if not self.allows(origin):
            return {}
        return {
            "Access-Control-Allow-Origin": "*" if self._cors == "any" else origin,
            "Access-Control-Expose-Headers": self._exposed,
            "Vary": "Origin",
        }

    def allows(self, origin: str) -> bool:
        """Whether pages of an origin may ask.

        Not each site may: by a key that it makes up and a webhook, it would have this machine post to itself.
        """
        return self._cors == "any" or (self._cors == "local" and _is_local(origin))

    def preflight(self, method: str, headers: Mapping[str, str]) -> Answer | None:
        """The answer to the browser of a page that may ask; None if that is not what a request is."""
        if method != "OPTIONS" or "access-control-request-method" not in headers:
            return None
        if not self.allows(headers.get("origin", "")):
            return None
        allowed = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": _KEPT}
        if wanted := headers.get("access-control-request-headers"):
            allowed["Access-Control-Allow-Headers"] = wanted
        if headers.get("access-control-request-private-network") == "true":
            allowed["Access-Control-Allow-Private-Network"] = "true"
        return Answer(204, headers=allowed)


def _is_local(origin: str) -> bool:
    try:
        name = (urlsplit(origin).hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return bool(name) and ("." not in name or name.endswith(_OWN))
