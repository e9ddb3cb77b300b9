# A copy of codegen/runtime/emulator/_control/faults.py, where it is edited.
"""The faults that are planned: listed, added and removed."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import Request

from .._faults.faults import Planned
from .._faults.forms import fault_of
from .._http.answer import Answer
from .._http.refusals import error_of_status
from .._service import Service
from .._state.masking import shown_key

_ALLOWED = "GET, POST, DELETE"


async def faults(service: Service, request: Request) -> Answer:
    """The answer of the resource at `…/faults`, and of one of them at `…/faults/ID`.

    GET lists them, with how many requests each has seen and happened to; POST adds one, or a list of them, all or
    none; DELETE removes one or all.
    """
    named = request.url.path.rstrip("/").rpartition("/")[2]
    id = None if named == "faults" else named
    match request.method:
        case "GET" | "HEAD" if id is None:
            return Answer.of_json({"faults": [_shown(each) for each in service.faults]})
        case "POST" if id is None:
            return _added(service, await request.body())
        case "DELETE":
            return _removed(service, id)
        case _:
            answer = _error(service, 405, "Method Not Allowed")
            answer.headers["allow"] = _ALLOWED if id is None else "DELETE"
            return answer


def _added(service: Service, body: bytes) -> Answer:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        return _error(service, 400, f"The body is not valid JSON: {error}")
    if isinstance(said, dict) and said.keys() == {"faults"}:
        said = said["faults"]
    try:
        made = [fault_of(each) for each in (said if isinstance(said, list) else [said])]
        planned = service.faults.add_all(made)
    except (ValueError, RuntimeError) as error:
        return _error(service, 400, str(error))
    return Answer.of_json({"faults": [_shown(each) for each in planned]}, 201)


def _removed(service: Service, id: str | None) -> Answer:
    if id is None:
        service.faults.clear()
        return Answer(204)
    try:
        service.faults.remove(int(id) if re.fullmatch("[0-9]{1,9}", id) else 0)
    except KeyError:
        return _error(service, 404, f"There is no fault {id[:40]}")
    return Answer(204)


def _error(service: Service, status: int, text: str) -> Answer:
    return error_of_status(service.contract.document, status, text)


def _shown(planned: Planned) -> dict[str, Any]:
    said = planned.fault.to_dict()
    return {
        "id": planned.id,
        "seen": planned.seen,
        "happened": planned.happened,
        "fault": {**said, "key": shown_key(said["key"])} if "key" in said else said,
    }
