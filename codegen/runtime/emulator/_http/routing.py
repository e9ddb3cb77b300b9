"""Which operation a request is for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.exceptions import HTTPException

from .._contract.document import Operation


@dataclass(frozen=True, slots=True)
class Found:
    """An operation, and the parameters that the path has."""

    operation: Operation
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Route:
    names: tuple[str, ...]
    pattern: re.Pattern[str]
    methods: dict[str, Operation]


class Router:
    """Finds operations by their methods and paths, those of most literal segments first."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._plain: dict[str, dict[str, Operation]] = {}
        templates: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            paths = templates if "{" in operation.path else self._plain
            paths.setdefault(operation.path, {})[operation.method] = operation
        # Of two templates that match, the one whose first literal segments are more is meant.
        ordered = sorted(
            templates.items(), key=lambda item: re.sub(r"\{[^}]*\}", "\U0010ffff", item[0])
        )
        self._routes = [_route(path, methods) for path, methods in ordered]

    def find(self, method: str, path: str) -> Found:
        """The operation of a path as it is sent, still with its escapes.

        Raises HTTPException: 404 if nothing is there, 405 if it has no such method.
        """
        path = path.rstrip("/") if len(path) > 1 else path
        wanted = "GET" if method == "HEAD" else method
        if (methods := self._plain.get(path)) is not None:
            return Found(_of_method(methods, wanted), {})
        for route in self._routes:
            if (match := route.pattern.fullmatch(path)) is not None:
                values = map(unquote, match.groups())
                return Found(
                    _of_method(route.methods, wanted), dict(zip(route.names, values, strict=True))
                )
        raise HTTPException(404)


def _route(path: str, methods: dict[str, Operation]) -> _Route:
    parts = re.split(r"\{([^}]*)\}", path)
    pattern = "([^/]+)".join(map(re.escape, parts[::2]))
    return _Route(tuple(parts[1::2]), re.compile(pattern), methods)


def _of_method(methods: dict[str, Operation], method: str) -> Operation:
    if method not in methods:
        allowed = [*methods, *(["HEAD"] if "GET" in methods else [])]
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})
    return methods[method]
