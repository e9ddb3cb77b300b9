# A copy of codegen/runtime/emulator/_control/told.py, where it is edited.
"""What the control API tells of the words that are said to it."""

from __future__ import annotations

from .._faults.garbage import GARBAGE
from .._state.fate import KINDS as JOBS

_PLACES = "before or after the work, in the headers or body"

FAULT = {
    "key": "with an API key",
    "operation": "for an operation; * stands for any text",
    "model": "for a model; * stands for any text",
    "method": "by a method; * stands for any text",
    "path": "at a path; * stands for any text",
    "after": "not the first so many",
    "nth": "only this one",
    "every": "each so many",
    "rate": "by chance, from 0 to 1",
    "times": "at most so often",
    "status": "of the answer, from 200 to 599",
    "done": "true: the work is done, whatever the status",
    "body": "of the answer",
    "headers": "of the answer, as an object",
    "retry_after": "of the answer, as seconds or a text",
    "redirect": "where to",
    "delay": 'seconds, or such as {"uniform": [1, 2]}, normal, exponential, lognormal',
    "bytes_per_second": "how fast the body comes",
    "stall": f"nothing more comes: {_PLACES}",
    "reset": f"the connection is reset: {_PLACES}",
    "close": f"the connection is closed: {_PLACES}",
    "truncate": "so many bytes of the body come",
    "length": "by how much Content-Length is wrong; or chunked, or none",
    "garbage": f"what the body is instead: {', '.join(GARBAGE)}",
    "job": f"what becomes of it: {', '.join(JOBS)}",
    "reason": "why the job fails",
}
WEBHOOK_FAULTS = {
    "lose": "the share of events that are never posted, from 0 to 1",
    "double": "the share of events that are posted twice, from 0 to 1",
    "shuffle": "true: a job's events come after its end, in any order",
    "delay": "the seconds by which each is late; or [least, most]",
    "seed": "the same has the same events go astray",
}
