# A copy of codegen/runtime/emulator/_faults/fault.py, where it is edited.
"""What is to go wrong, with which requests and how often: the same words wherever it is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypedDict

from .._state.fate import KINDS as JOBS
from .delays import Delay, is_number, wrong_delay
from .garbage import GARBAGE, PROTOCOL

PLACES = ("before", "after", "headers", "body")
LENGTHS = ("chunked", "none")
MOST_BODY_BYTES = 1 << 20
_MOST_COUNT = 1 << 30
# Those that say what the answer is, which is none where a connection ends before it.
_OF_ANSWERS = (
    *("status", "body", "headers", "retry_after", "redirect", "done"),
    *("garbage", "length", "truncate", "bytes_per_second"),
)
_ENDS = ("stall", "reset", "close")


class Words(TypedDict, total=False):
    """What a fault is told with, as `Fault` explains it."""

    key: str
    operation: str
    model: str
    method: str
    path: str
    after: int
    nth: int
    every: int
    rate: float
    times: int
    status: int
    body: Any
    headers: Mapping[str, str | list[str]]
    retry_after: float | str
    redirect: str
    done: bool
    delay: Delay
    bytes_per_second: float
    stall: str
    reset: str
    close: str
    truncate: int
    length: int | str
    garbage: str
    job: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault that happens to some requests. Raises ValueError for arguments that make no sense together.

    Which requests (`*` matches any text):
        key: The API key.
        operation: The client's name for the operation, such as `images.generate`.
        model: The model of the request.
        method, path: The method and path of the request.
    When, among those requests:
        after: How many requests to skip first.
        nth, every: Only the one with this number, or every so many.
        rate: The probability, from 0 to 1.
        times: How many times at most.
    What happens; the request is carried out, except with `status`, `redirect` or `before`:
        status: The status; an error status has the API's error body. With `done`, the request is carried out anyway.
        body, headers: They replace those of the response; a body that is not text is sent as JSON.
        retry_after: The header, in seconds or as any text.
        redirect: The target, with status 307 unless `status` is given.
        delay: Seconds until the response begins, or a distribution: {"uniform": [least, most]},
            {"normal": [mean, deviation]}, {"exponential": mean}, {"lognormal": [median, sigma]}.
        bytes_per_second: How fast the body is sent.
        stall, reset, close: When to stop sending, or to reset or close the connection: `before` the request is
            carried out, `after` it, in the `headers` or in the `body` of the response.
        truncate: How many bytes of the body are sent; then the connection is closed, stalled or reset.
        length: By how much the Content-Length is wrong; or `chunked`, or `none`.
        garbage: What replaces the body.
        job: What happens to the job: `fail` (with a `reason`), `hang`, `back` (once), `vanish`, `unknown` (its
            status), `old_result`, or `expired` (its files are gone).
    """

    key: str | None = field(default=None, repr=False)
    operation: str | None = None
    model: str | None = None
    method: str | None = None
    path: str | None = None
    after: int = 0
    nth: int | None = None
    every: int = 1
    rate: float = 1.0
    times: int | None = None
    status: int | None = None
    body: Any = None
    headers: Mapping[str, str | list[str]] | None = None
    retry_after: float | str | None = None
    redirect: str | None = None
    done: bool | None = None
    delay: Delay | None = None
    bytes_per_second: float | None = None
    stall: str | None = None
    reset: str | None = None
    close: str | None = None
    truncate: int | None = None
    length: int | str | None = None
    garbage: str | None = None
    job: str | None = None
    reason: str | None = None

    MATCHES: ClassVar[tuple[str, ...]] = ("key", "operation", "model", "method", "path")
    WHEN: ClassVar[tuple[str, ...]] = ("after", "nth", "every", "rate", "times")

    def __post_init__(self) -> None:
        said = self.to_dict()
        wrong = [
            f"{name}: {shown(value)} is not possible; {text}"
            for name, value in said.items()
            if (text := _CHECKS[name](value))
        ]
        if wrong := wrong or list(self._conflicts(said)):
            raise ValueError("; ".join(wrong))

    def _conflicts(self, said: Mapping[str, Any]) -> Iterator[str]:
        """What can't be said together."""
        if not said.keys() - {*self.MATCHES, *self.WHEN, "done", "reason"}:
            which = {*self.MATCHES, *self.WHEN, "done", "reason"}
            effects = ", ".join(name for name in _CHECKS if name not in which)
            yield f"nothing is to go wrong; say one of {effects}"
        ends = [name for name in _ENDS if name in said]
        if len(ends) > 1:
            yield f"{' and '.join(ends)}: a connection ends in one way; leave one of them"
        for end in ends:
            place = said[end]
            if place in ("before", "after"):
                for name in _OF_ANSWERS:
                    if name in said:
                        yield f'{name}: with {end}="{place}" there is no answer; leave it out'
            elif end == "close" and "truncate" in said:
                yield "close: truncate closes the connection by itself; leave close out"
        if "truncate" in said and "headers" in (said.get(end) for end in ends):
            yield "truncate: the body does not begin where the headers end; leave it out"
        if "redirect" in said and not 300 <= said.get("status", 307) <= 399:
            yield f"status: {said['status']} does not redirect; expected 300 to 399"
        if "done" in said and not self.done and not self._is_answered_without_work:
            yield 'done: false needs a status to answer with; or say stall, reset or close="before"'
        if "job" in said and not self.works:
            yield "job: none is made with this status; add done=true if one is to be"
        if "reason" in said and self.job != "fail":
            yield 'reason: it is that of job="fail"; add that, or leave it out'

    @property
    def _is_answered_without_work(self) -> bool:
        return self.status is not None or self.redirect is not None

    @property
    def works(self) -> bool:
        """Whether the work of the request is done."""
        if "before" in (self.stall, self.reset, self.close):
            return False
        return self.done or not self._is_answered_without_work

    @property
    def shows_nothing(self) -> bool:
        """Whether no status arrives."""
        places = (self.stall, self.reset, self.close)
        return self.garbage == PROTOCOL or any(place not in (None, "body") for place in places)

    @property
    def only_delays(self) -> bool:
        """Whether all that happens is that the answer comes late."""
        return not self.to_dict().keys() - {*self.MATCHES, *self.WHEN, "delay"}

    @property
    def label(self) -> str:
        """What happens, in a line."""
        effects = self.to_dict()
        for name in (*self.MATCHES, *self.WHEN):
            effects.pop(name, None)
        text = "; ".join(
            f"{name}={value if isinstance(value, str) else json.dumps(value)}"
            for name, value in effects.items()
        )
        return text if len(text) <= 120 else f"{text[:119]}…"

    def to_dict(self) -> dict[str, Any]:
        """What it says, without what it leaves as it is."""
        said = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if type(value) is not type(each.default) or value != each.default:
                said[each.name] = value
        return said


def words() -> tuple[str, ...]:
    """All words that a fault can be told with."""
    return tuple(_CHECKS)


def shown(value: object) -> str:
    """A value in a line, and not too much of it."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=repr)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    text = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text[:60])
    return text if len(text) < 60 else f"{text[:59]}…"


def _integer(least: int, most: int, what: str = "a whole number") -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return None
        return f"expected {what} from {least} to {most}"

    return check


def _one_of(*options: str) -> Callable[[Any], str | None]:
    listed = ", ".join(options)
    return lambda value: None if value in options else f"expected one of {listed}"


def _text(value: Any) -> str | None:
    is_text = isinstance(value, str) and 0 < len(value) <= 2000 and _encodes(value, "utf-8")
    return None if is_text else "expected text of 1 to 2000 characters"


def _path(value: Any) -> str | None:
    begins = isinstance(value, str) and value[:1] in ("/", "*")
    return _text(value) if begins else 'expected a path that begins with "/" or "*"'


def _header(value: Any) -> str | None:
    fits = isinstance(value, str) and len(value) <= 2000 and _encodes(value, "latin-1")
    if fits and value == value.strip() and not any(ord(c) < 32 or ord(c) == 127 for c in value):
        return None
    return "expected the text of a header, of one line"


def _headers(value: Any) -> str | None:
    expected = "expected the texts of headers by their names"
    if not isinstance(value, Mapping) or not 0 < len(value) <= 50:
        return expected
    for name, said in value.items():
        if str(name).lower() in ("content-length", "transfer-encoding"):
            return "expected the word length for that"
        token = isinstance(name, str) and name.replace("-", "").replace("_", "").isalnum()
        if not token or not name.isascii() or len(name) > 100:
            return expected
        for text in said if isinstance(said, list) and said else [said]:
            if wrong := _header(text):
                return wrong
    return None


def _retry_after(value: Any) -> str | None:
    if (is_number(value) and 0 <= value <= _MOST_COUNT) or (
        isinstance(value, str) and not _header(value)
    ):
        return None
    return "expected seconds, or the text of the header"


def _rate(value: Any) -> str | None:
    return None if is_number(value) and 0 <= value <= 1 else "expected a number from 0 to 1"


def _bytes_per_second(value: Any) -> str | None:
    fits = is_number(value) and 1 <= value <= _MOST_COUNT
    return None if fits else f"expected a number from 1 to {_MOST_COUNT}"


def _length(value: Any) -> str | None:
    if value in LENGTHS:
        return None
    wrong = _integer(-_MOST_COUNT, _MOST_COUNT)(value)
    if wrong or value == 0:
        return f"expected bytes more (or, below 0, fewer) than come, or one of {', '.join(LENGTHS)}"
    return None


def _body(value: Any) -> str | None:
    try:
        text = value if isinstance(value, str) else json.dumps(value, allow_nan=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError):
        return "expected text or JSON"
    return None if size <= MOST_BODY_BYTES else f"expected at most {MOST_BODY_BYTES} bytes"


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


_PLACE = _one_of(*PLACES)
_CHECKS: Mapping[str, Callable[[Any], str | None]] = {
    "key": _text,
    "operation": _text,
    "model": _text,
    "method": lambda value: None if not _text(value) and value.isalpha() else "expected a method",
    "path": _path,
    "after": _integer(0, _MOST_COUNT),
    "nth": _integer(1, _MOST_COUNT),
    "every": _integer(1, _MOST_COUNT),
    "rate": _rate,
    "times": _integer(1, _MOST_COUNT),
    "status": _integer(200, 599, "the status of an answer,"),
    "body": _body,
    "headers": _headers,
    "retry_after": _retry_after,
    "redirect": lambda value: _header(value) if value else "expected a URL or a path",
    "done": lambda value: None if isinstance(value, bool) else "expected true or false",
    "delay": wrong_delay,
    "bytes_per_second": _bytes_per_second,
    "stall": _PLACE,
    "reset": _PLACE,
    "close": _PLACE,
    "truncate": _integer(0, _MOST_COUNT),
    "length": _length,
    "garbage": _one_of(*GARBAGE),
    "job": _one_of(*JOBS),
    "reason": _text,
}
