# A copy of codegen/runtime/emulator/_http/cors.py, where it is edited.
"""Pages of any origin may ask the server: whoever develops one has it on another port."""

from __future__ import annotations

from collections.abc import Mapping

from .answer import Answer

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
# A page reads these of an answer, beside those that it may always read.
_EXPOSED = ("Accept-Ranges", "Allow", "Content-Length", "Content-Range", "ETag", "Retry-After")
# Seconds that a browser need not ask again.
_KEPT = "600"


def permission(id_header: str | None) -> dict[str, str]:
    """The headers of each answer to a page. `id_header` is the one that holds the id of a request."""
    exposed = [*_EXPOSED, id_header] if id_header else [*_EXPOSED]
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": ", ".join(exposed),
    }


def preflight(method: str, headers: Mapping[str, str]) -> Answer | None:
    """The answer to a browser that asks whether it may ask; None if that is not what a request is."""
    if method != "OPTIONS" or "access-control-request-method" not in headers:
        return None
    allowed = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": _KEPT}
    if wanted := headers.get("access-control-request-headers"):
        allowed["Access-Control-Allow-Headers"] = wanted
    if headers.get("access-control-request-private-network") == "true":
        allowed["Access-Control-Allow-Private-Network"] = "true"
    return Answer(204, headers=allowed)
