# A copy of codegen/runtime/conformance/_steps.py, where it is edited.
"""The steps of a sequence: the request that each is, and what its answer says."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .._redact import short_repr
from ._answers import misfit, no_retry_after, parsed, unmet
from ._calls import AcceptedJob, Call, FormFile
from ._document import ApiSequence, Json, api, found_at
from ._outcomes import Exchange, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a step did not go well, and the constraint that is to blame."""

    verdict: Verdict
    constraint: str
    expected: str = ""
    observed: str = ""
    reading: str | None = None
    reason: str | None = None

    __repr__ = short_repr


def known_of(jobs: Sequence[AcceptedJob]) -> dict[str, Any]:
    """What the words in braces stand for at first."""
    known: dict[str, Any] = {"unique": str(uuid.uuid4())}
    for job in jobs[:1]:
        known |= {"job": job.id, "job.key": job.idempotency_key, "job.body": job.body}
    return known


def call_of(step: Json, known: Mapping[str, Any]) -> Call:
    """The request of a step."""
    raw, form, body = step.get("raw"), step.get("form"), step.get("body")
    path = step["path"]
    return Call(
        method=step["method"],
        path=_filled(path, known) if path[:1] == "{" else _filled(path, known, quoted=True),
        query={name: _filled(text, known) for name, text in step.get("query", {}).items()},
        headers={name: _filled(text, known) for name, text in step.get("headers", {}).items()},
        body=known[body[1:-1]] if isinstance(body, str) else body,
        raw=None if raw is None else _bytes(raw),
        form=None if form is None else {name: _field(field) for name, field in form.items()},
        auth=step.get("auth", "valid"),
    )


def _filled(text: str, known: Mapping[str, Any], *, quoted: bool = False) -> str:
    def value(match: re.Match[str]) -> str:
        found = str(known[match[1]])
        return quote(found, safe="") if quoted else found

    return re.sub(r"\{([a-z.]+)\}", value, text)


def _bytes(raw: Json) -> bytes:
    text = raw["text"] * raw.get("times", 1)
    return f"{raw.get('before', '')}{text}{raw.get('after', '')}".encode()


def _field(field: Any) -> str | FormFile:
    if isinstance(field, str):
        return field
    content = base64.b64decode(field["base64"])
    return FormFile(name=field["name"], content_type=field["type"], content=content)


def learnt(step: Json, exchange: Exchange, known: Mapping[str, Any]) -> dict[str, Any]:
    """What later steps are told of an answer.

    With `where`, it is of the item of a list in which that is the `value`.
    """
    body, found = parsed(exchange), dict[str, Any]()
    for name, told in step.get("save", {}).items():
        values = [*found_at(told["at"], body)]
        if "where" in told:
            keys = [*found_at(told["where"], body)]
            wanted = _filled(told["value"], known)
            pairs = zip(values, keys, strict=True) if len(values) == len(keys) else ()
            values = [value for value, key in pairs if key == wanted]
        if values:
            found[name] = values[0]
    return found


def fault_of(
    sequence: ApiSequence, step: Json, exchange: Exchange, known: Mapping[str, Any]
) -> Fault | None:
    """What is wrong with the answer to a step; None if nothing is."""
    reply = step["expect"].get(str(exchange.status))
    if reply is None:
        return _unexpected(sequence, step, exchange)
    if fault := misfit(exchange, reply["schema"]):
        return Fault(
            verdict=Verdict.FAIL,
            constraint=reply["constraint"],
            expected=reply["schema"],
            observed=fault,
        )
    for check in step.get("checks", ()):
        if said := unmet(check, exchange, known):
            unsure = sequence.sure == "unknown"
            return Fault(
                verdict=Verdict.DIFFERS if unsure else Verdict.FAIL,
                constraint=sequence.constraint,
                expected=said[0],
                observed=said[1],
                reading="unknown" if unsure else None,
            )
    return None


def _unexpected(sequence: ApiSequence, step: Json, exchange: Exchange) -> Fault:
    """The fault of an answer with another status than those that are expected."""
    operation, status = step["operation"], exchange.status
    statuses = " or ".join(step["expect"])
    told = {"expected": f"status {statuses}", "observed": f"status {status}"}
    if aside := besides(operation, exchange, valid=step.get("auth", "valid") == "valid"):
        return aside
    succeeded = status is not None and 200 <= status < 300
    wanted = any(text.startswith("2") for text in step["expect"])
    constraint = sequence.constraint
    if (succeeded and not wanted) or _is_let_in(step, exchange):
        verdict = Verdict.LOOSER
    elif wanted and not succeeded:
        verdict = Verdict.TIGHTER
    else:
        verdict = Verdict.FAIL
        constraint = step.get("otherwise", f"{operation}/answer" if wanted else constraint)
    if reading := _reading(sequence, succeeded):
        return Fault(verdict=Verdict.DIFFERS, constraint=constraint, reading=reading, **told)
    return Fault(verdict=verdict, constraint=constraint, **told)


def _is_let_in(step: Json, exchange: Exchange) -> bool:
    """Whether the answer to a request without a good key is about what it asks for."""
    errors: Json = api()["operations"][step["operation"]]["errors"]
    known = {said["status"]: name for name, said in errors.items()}
    denied = ("Unauthorized", "Forbidden")
    unwanted = any(known.get(int(status)) == "Unauthorized" for status in step["expect"])
    return unwanted and exchange.status in known and known[exchange.status] not in denied


def _reading(sequence: ApiSequence, succeeded: bool) -> str | None:
    """The source that says what was observed, or that no document is clear."""
    observed = "accepted" if succeeded else "refused"
    source = next((name for name, says in sequence.readings.items() if says == observed), None)
    return source or ("unknown" if sequence.sure == "unknown" else None)


def besides(operation: str, exchange: Exchange, *, valid: bool = True) -> Fault | None:
    """The fault of an answer that says nothing of what was asked: of the network, a limit or the key."""
    status = exchange.status
    errors: Json = api()["operations"][operation]["errors"]
    named = next((name for name, said in errors.items() if said["status"] == status), None)
    if status is None:
        return Fault(verdict=Verdict.INCONCLUSIVE, constraint="", reason="network")
    if exchange.is_cut:
        return Fault(verdict=Verdict.UNTESTED, constraint="", reason="too_long")
    if status == 429:
        said = errors.get(named or "", {})
        if said.get("retry_after") and no_retry_after(exchange):
            return Fault(
                verdict=Verdict.FAIL,
                constraint=said["constraint"],
                expected="Retry-After",
                observed="no Retry-After",
            )
        return Fault(verdict=Verdict.INCONCLUSIVE, constraint="", reason="rate_limit")
    if status >= 500:
        return Fault(verdict=Verdict.INCONCLUSIVE, constraint="", reason="server_error")
    if named == "InsufficientCredits":
        return Fault(verdict=Verdict.UNTESTED, constraint="", reason="account")
    if valid and named == "Forbidden":  # The key may not do it, which another might.
        return Fault(verdict=Verdict.UNTESTED, constraint="", reason="prerequisite")
    if valid and named == "Unauthorized":
        told = f"{operation}/authentication"
        return Fault(
            verdict=Verdict.FAIL,
            constraint=told if told in api()["constraints"] else f"{operation}/answer",
            expected="a key that is known",
            observed=f"status {status}",
        )
    return None
