"""What stays of an HTTP library's exception as the cause of ours: its texts, without the API key."""

from __future__ import annotations

from types import TracebackType

from .._redact import masked, shown

# The local variables of their frames hold the request as bytes, the key among them.
_LIBRARIES = frozenset(
    ["httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "hpack", "anyio", "ssl", "asyncio"]
)


def cleared(error: BaseException, outer: BaseException | None) -> BaseException:
    """The exception, and those that led to it, with short texts and without the libraries' frames.

    A malformed header, for one, is repeated in the message of an exception. `outer` is what the caller
    was handling when the call began, which is left as it is.
    """
    seen = {id(outer)}
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        each.args = tuple(shown(a) if isinstance(a, str) else masked(a) for a in each.args)
        each.__traceback__ = _outside(each.__traceback__)
        _forget_headers(each)
        left += [each.__cause__, each.__context__]
    return error


def _forget_headers(error: BaseException) -> None:
    """Leave of the request and the response that an exception holds what identifies them.

    Their headers and bodies may have the key, and engines such as Dask send an exception to another
    machine with all that led to it.
    """
    held = vars(error)
    if (request := held.get("_request")) is not None:
        held["_request"] = type(request)(request.method, request.url)
    if (response := held.get("response")) is not None:
        held["response"] = type(response)(response.status_code, request=held.get("_request"))


def _outside(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback without the frames of the libraries."""
    frames: list[TracebackType] = []
    while traceback is not None:
        name = str(traceback.tb_frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] not in _LIBRARIES:
            frames.append(traceback)
        traceback = traceback.tb_next
    rest: TracebackType | None = None
    for frame in reversed(frames):
        rest = TracebackType(rest, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return rest
