"""Reads the jobs in a response. Raises UnexpectedResponseError if it has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._answers import Response
from ._catalog import API
from ._errors import UnexpectedResponseError
from ._problems import Action, Advice
from ._redact import excerpt, masked


def job_json(response: Response, operation: str) -> dict[str, Any]:
    """The job that a response must be."""
    return _job(response.data, response, operation)


def accepted_json(response: Response, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The job that was accepted, as far as the response and the request tell."""
    members = response.data if isinstance(response.data, dict) else {}
    known = {ours: members[theirs] for ours, theirs in API.accepted.items() if theirs in members}
    if not _is_id(known.get("id")):
        words = f"the answer has no {API.accepted['id']}: {excerpt(repr(response.data))}"
        raise unexpected(response, operation, words)
    known["model"] = masked(request.get("model"))
    known["input"] = masked(request)
    return known


def jobs_json(response: Response, operation: str) -> list[dict[str, Any]]:
    """The jobs of a response that must be a page of them."""
    data = response.data
    jobs = data.get("jobs") if isinstance(data, dict) else None
    if not isinstance(jobs, list):
        words = f"the answer is not a list of jobs: {excerpt(repr(data))}"
        raise unexpected(response, operation, words)
    return [_job(job, response, operation) for job in jobs]


def answer_json(response: Response, operation: str) -> dict[str, Any]:
    """The object that a response must be."""
    if not isinstance(response.data, dict):
        words = f"the answer is not an object: {excerpt(repr(response.data))}"
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
    if not isinstance(data, dict) or not _is_id(data.get("id")):
        words = f"the answer is not a job: {excerpt(repr(data))}"
        raise unexpected(response, operation, words)
    return data


def _is_id(value: object) -> bool:
    """Whether it is a usable job id: text that can be one segment of a URL."""
    if not isinstance(value, str) or value in ("", ".", ".."):
        return False
    return value.isascii() or value == value.encode(errors="ignore").decode()
