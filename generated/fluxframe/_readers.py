# A copy of codegen/runtime/_readers.py, where it is edited.
"""Reads the jobs in a response. Raises UnexpectedResponseError if it has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._answers import Response, abridged, text
from ._catalog import API, MODELS, OPERATIONS, ROLES
from ._errors import UnexpectedResponseError
from ._problems import Action, Advice
from ._redact import excerpt, masked
from ._roles import JOB, put, told


def job_json(response: Response, operation: str, id: str) -> dict[str, Any]:
    """The job of an id, which a response must be."""
    try:
        return _job(response.data, response, operation)
    except UnexpectedResponseError as error:
        error.job_id = id
        raise


def accepted_json(response: Response, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The job that was accepted, as far as the response and the request tell."""
    members = response.data if isinstance(response.data, dict) else {}
    roles = ROLES[OPERATIONS[operation].answer or API.job]
    id = _id(told(members, roles, "id"))
    if id is None:
        words = f"the answer has no {'.'.join(roles['id'])}: {_excerpt(response.data)}"
        raise unexpected(response, operation, words)
    known: dict[str, Any] = {}
    put(known, JOB, "id", id)
    if (status := told(members, roles, "status")) is not None:
        put(known, JOB, "status", status)
    model = MODELS.of(request)
    put(known, JOB, "model", masked(model.id if model else None))
    put(known, JOB, "input", masked(request))
    return known


def jobs_json(response: Response, operation: str) -> list[dict[str, Any]]:
    """The jobs of a response that must be a page of them."""
    data = response.data
    jobs = told(data, ROLES[OPERATIONS[operation].answer or API.job], "items")
    if not isinstance(jobs, list):
        words = f"the answer is not a list of jobs: {_excerpt(data)}"
        raise unexpected(response, operation, words)
    return [_job(job, response, operation) for job in jobs]


def answer_json(response: Response, operation: str) -> dict[str, Any]:
    """The object that a response must be."""
    if not isinstance(response.data, dict):
        words = f"the answer is not an object: {_excerpt(response.data)}"
        raise unexpected(response, operation, words)
    return response.data


def unexpected(response: Response, operation: str, words: str) -> UnexpectedResponseError:
    """The error of a response that is JSON, but not what it should be."""
    key = response.idempotency_key
    advice = None if key is None else Advice(Action.SUBMIT_AGAIN, (key,))
    error = UnexpectedResponseError(
        words, status=response.status, body=response.data, advice=advice
    )
    error.idempotency_key = key
    error.operation, error.attempts, error.elapsed = operation, response.attempts, response.elapsed
    error.request_id = response.request_id
    return error


def _job(data: Any, response: Response, operation: str) -> dict[str, Any]:
    if not isinstance(data, dict) or _id(told(data, JOB, "id")) is None:
        words = f"the answer is not a job: {_excerpt(data)}"
        raise unexpected(response, operation, words)
    return data


def _excerpt(data: Any) -> str:
    return excerpt(repr(abridged(data)))


def _id(value: object) -> str | None:
    """A usable job id: text, or a number, that can be one segment of a URL."""
    id = text({"id": value}, "id")
    if id is None or id in ("", ".", ".."):
        return None
    return id if id.isascii() or id == id.encode(errors="ignore").decode() else None
