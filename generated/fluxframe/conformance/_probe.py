# A copy of codegen/runtime/conformance/_probe.py, where it is edited.
"""Whether there is a server to ask, and whether it knows the key: told once, and not by every vector."""

from __future__ import annotations

from .._redact import excerpt
from ._calls import Call
from ._contract import Operation, fits, operations
from ._errors import CannotRunError
from ._outcomes import Exchange
from ._security import security
from ._target import Target

# Kinds of operations that need a key and nothing else, and cost nothing.
_PLAIN = ("account", "jobs")


async def probe(target: Target) -> None:
    """Ask the server something. Raises CannotRunError if it is not there, or is another one.

    What one operation does wrong is a finding; only if a second one does not work either, nothing would.
    """
    plain = await _plain(target)
    if plain is None or fits(plain[1], plain[0].success):
        return
    first = plain[1]
    if first.status is None:
        raise CannotRunError(f"{target.base_url} does not answer: {first.error}")
    second = await _empty(target)
    if second is None or (second[1].status == second[0].refusal.status):
        return
    operation, exchange = second
    if operation.is_error(exchange.status, "Unauthorized", "Forbidden"):
        raise _refused(exchange)
    if exchange.status is not None and (exchange.status >= 500 or exchange.status == 429):
        raise CannotRunError(
            f"{target.base_url} answers {exchange.status} and nothing else; run again when it works"
        )
    where = exchange.answer_headers.get("location")
    hint = f"it points to {excerpt(where)}" if where else "check the base URL"
    raise CannotRunError(
        f"{target.base_url} does not look like this API: {first.method} {first.url} answers {first.status}, "
        f"and {exchange.method} {exchange.url} {exchange.status or exchange.error}; {hint}"
    )


async def check_key(target: Target) -> None:
    """Raises CannotRunError if the server does not take the key for anything."""
    plain = await _plain(target)
    if plain is not None and plain[0].is_error(plain[1].status, "Unauthorized", "Forbidden"):
        raise _refused(plain[1])


def _refused(exchange: Exchange) -> CannotRunError:
    known = security()
    begins = f", which begins with {known.prefix}" if known.prefix else ""
    return CannotRunError(
        f"the server refuses the key (status {exchange.status}); set {known.variable} to one that it "
        f"knows{begins}"
    )


async def _plain(target: Target) -> tuple[Operation, Exchange] | None:
    """What the server answers to a request that needs nothing but the key; None if the API has none."""
    known = [o for kind in _PLAIN for o in operations().values() if o.kind == kind]
    if not known:
        return None
    return known[0], await target.send(Call(method=known[0].method, path=known[0].path))


async def _empty(target: Target) -> tuple[Operation, Exchange] | None:
    """What the server answers to a request for a job that says nothing, and can't be taken."""
    known = next((o for o in operations().values() if o.kind == "submit"), None)
    if known is None:
        return None
    return known, await target.send(Call(method=known.method, path=known.path, body={}))
