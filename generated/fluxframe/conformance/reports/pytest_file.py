# A copy of codegen/runtime/conformance/reports/pytest_file.py, where it is edited.
"""The failures of a run as a pytest file that needs httpx and nothing else, to be run until it passes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..._redact import without_key, without_query
from .._contract import operations
from .._exchanges import Exchange, Outcome
from .._names import sequence
from .._outcomes import Report
from .._security import security
from .._words import UNREPEATABLE, plain, pytest_text
from ._literals import braced, joined, literal

_MOST_EXCHANGES = 10
# Characters: of the code of one request, of a test's name, and of an id.
_LONGEST = 50_000
_NAME = 60
_ID = 300
# What is found again in a later request, if it is as long.
_SHORTEST = 8
_OWN = {"host", "content-length", "accept-encoding", "connection", "user-agent"}

_HEAD = '''"""{words}"""

import json
import os
import uuid
from functools import cache

import httpx
{imports}
BASE_URL = os.environ.get{base_url}
KEY = os.environ.get({key_variable}, "")


@cache
def fresh(number):
    """An idempotency key of this run."""
    return str(uuid.uuid4())


def send(method, url, headers, *, body=None, raw=None, form=None):
    """Send a request to the server, or to another if it has a whole URL."""
    assert KEY, "the environment variable of the key is not set"
    content = raw if body is None else json.dumps(body, separators=(",", ":"))
    fields = {{name: (None, value) for name, value in form.items()}} if form else None
    return httpx.request(
        method,
        url if "://" in url else BASE_URL + url,
        headers=headers,
        content=content,
        files=fields,
        timeout=60,
    )
'''


def render(report: Report) -> str:
    """A test a vector that shows a difference."""
    writer = _Writer(report)
    tests = [
        test
        for finding in report.findings
        if finding.verdict.is_difference
        for outcome in finding.outcomes
        for test in writer.test(outcome, finding.message)
    ]
    known, base_url = security(), without_query(report.base_url)
    head = _HEAD.format(
        words=_in_docstring(pytest_text(base_url, known.variable, known.base_url_variable)),
        imports="import pytest\n" if writer.skips else "",
        base_url=braced("(", [literal(known.base_url_variable), literal(base_url)], ")", ""),
        key_variable=literal(known.variable),
    )
    return "\n\n".join([head, *tests])


class _Writer:
    def __init__(self, report: Report) -> None:
        self.skips = False
        self._report = report
        self._names = set[str]()
        self._keys: dict[str, int] = {}

    def test(self, outcome: Outcome, message: str) -> Iterator[str]:
        """A test of what an outcome shows; one that is skipped if a status does not show it."""
        exchanges = outcome.exchanges[-_MOST_EXCHANGES:]
        if not exchanges:
            return
        expected = _expected(self._report, outcome)
        requests = [self._request(number, exchanges) for number in range(len(exchanges))]
        why = ""
        if exchanges[-1].status in expected or not expected:
            why = UNREPEATABLE["body"]
        elif any(v.startswith("@") for each in exchanges for v in (each.form or {}).values()):
            why = UNREPEATABLE["file"]
        elif sum(map(len, requests)) > _LONGEST:
            why = UNREPEATABLE["long"]
        name = self._name(outcome.vector)
        docstring = _in_docstring(f"{message}\n\n    {plain(outcome.vector, _ID)}\n    ")
        lines = [f"def test_{name}():", f'    """{docstring}"""']
        if why:
            self.skips = True
            reason = f"reason={literal(f'{why}: --vector {plain(outcome.vector, _ID)}')}"
            yield "\n".join(["@pytest.mark.skip" + braced("(", [reason], ")", ""), *lines, ""])
            return
        *before, last = requests
        for number, request in enumerate(before):
            is_used = any(f"answer_{number}." in other for other in requests)
            lines.append(f"    answer_{number} = {request}" if is_used else f"    {request}")
        wanted = ", ".join(map(str, expected))
        lines += [
            f"    answer = {last}",
            f"    assert answer.status_code in [{wanted}], answer.text",
        ]
        yield "\n".join([*lines, ""])

    def _name(self, vector: str) -> str:
        base = re.sub(r"[^a-z0-9]+", "_", plain(vector, _ID).lower())[:_NAME].strip("_") or "vector"
        name, number = base, 2
        while name in self._names:
            name, number = f"{base}_{number}", number + 1
        self._names.add(name)
        return name

    def _request(self, number: int, exchanges: Sequence[Exchange]) -> str:
        """The call that sends a request."""
        exchange = exchanges[number]
        arguments = [
            literal(exchange.method),
            self._url(exchange.url, exchanges[:number]),
            braced("{", list(self._headers(exchange.headers)), "}", " " * 8),
        ]
        for name in ("body", "raw", "form"):
            if (value := getattr(exchange, name)) is not None:
                arguments.append(f"{name}={literal(value, ' ' * 8)}")
        return "send" + braced("(", arguments, ")", " " * 4)

    def _url(self, url: str, before: Sequence[Exchange]) -> str:
        """The URL, in which what an earlier answer said is what its answer says now."""
        base = self._report.base_url.rstrip("/")
        if base and url.startswith(f"{base}/"):
            url = url.removeprefix(base)
        for number, exchange in enumerate(before):
            for way, text in _texts(_parsed(exchange.answer)):
                first, found, rest = url.partition(text)
                if found:
                    parts = [literal(first), f"answer_{number}.json(){way}"]
                    return joined([*parts, *([literal(rest)] if rest else [])], " " * 8)
        return literal(url, " " * 8)

    def _headers(self, headers: Mapping[str, str]) -> Iterator[str]:
        known = security()
        mark = f"${known.variable}"
        for name, value in headers.items():
            if name.lower() in _OWN:
                continue
            said = literal(value, " " * 12)
            if name.lower() == known.header.lower() and mark in value:
                before = value.partition(mark)[0]
                said = f"{literal(before)} + KEY" if before else "KEY"
            elif name.lower() == known.idempotency_header.lower() and _is_uuid(value):
                said = f"fresh({self._keys.setdefault(value, len(self._keys) + 1)})"
            yield f"{literal(name)}: {said}"


def _expected(report: Report, outcome: Outcome) -> Sequence[int]:
    """The statuses that the last answer should have one of; empty if that is not known."""
    constraint = report.constraints[outcome.constraint]
    if known := sequence(outcome.vector):
        return known
    operation = operations().get(constraint.operation or "")
    if operation is None:
        return ()
    if outcome.expected == "accepted" or constraint.kind == "answer":
        return (operation.success.status,)
    if outcome.expected == "refused" or constraint.kind == "refusal":
        return (operation.refusal.status,)
    return ()


def _texts(value: Any, way: str = "", deepest: int = 20) -> Iterator[tuple[str, str]]:
    """The texts in JSON that could be told from others, each with the way to it as Python has it."""
    if isinstance(value, str) and len(value) >= _SHORTEST:
        yield way, value
    elif isinstance(value, dict) and deepest:
        for name, inner in value.items():
            yield from _texts(inner, f"{way}[{literal(name)}]", deepest - 1)
    elif isinstance(value, list) and deepest:
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{way}[{index}]", deepest - 1)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _in_docstring(text: str) -> str:
    return without_key(text).replace("\\", "\\\\").replace('"', r"\"")
