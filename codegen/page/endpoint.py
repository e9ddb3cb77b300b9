"""The line of a page that says where its model is asked for: `POST /x, model: "y"`."""

from __future__ import annotations

import re
from typing import NamedTuple

from .context import Context, Submission
from .decode import LONGEST

_METHODS = "GET|POST|PUT|PATCH|DELETE"
_PATTERN = re.compile(
    rf"\b(?P<method>{_METHODS}) *(?P<path>/[\w/.{{}}:-]*?[\w}}])"
    r'(?: *[—–-]+)? *(?P<member>\b[A-Za-z_]\w*)?: *"(?P<value>[^"]+)"'
)
_ALONE = re.compile(rf"(?P<method>{_METHODS}) *(?P<path>/[\w/.{{}}:-]*)")


class Endpoint(NamedTuple):
    """A method and a path, and the field that tells which model a request is for."""

    method: str
    path: str
    member: str
    value: str
    operation: Submission | None  # None if the spec has no such operation.

    def words(self) -> str:
        """The endpoint as a source has it."""
        member = f', {self.member}: "{self.value}"' if self.member else ""
        return f"{self.method} {self.path}{member}"


def read_endpoint(text: str, context: Context) -> Endpoint | None:
    """The endpoint in a paragraph; None if it has none."""
    match = _PATTERN.search(text[:LONGEST]) or _ALONE.fullmatch(text[:LONGEST])
    if match is None:
        return None
    parts = {"member": "", "value": "", **match.groupdict(default="")}
    path, member = parts["path"], parts["member"]
    if parts["value"] and not member:
        path, member = _split(parts["method"], path, context)
    operation = context.operation(parts["method"], path)
    return Endpoint(parts["method"], path, member, parts["value"], operation)


def _split(method: str, text: str, context: Context) -> tuple[str, str]:
    """A path and a field that a copy ran together, as far as the spec knows one of them."""
    paths = [one.path for one in context.submissions.values() if one.method == method]
    for path in sorted(filter(text.startswith, paths), key=len, reverse=True):
        if re.fullmatch(r"[A-Za-z_]\w*", text[len(path) :]):
            return path, text[len(path) :]
    for field in sorted(filter(text.endswith, context.discriminators()), key=len, reverse=True):
        return text.removesuffix(field), field
    return text, ""
