"""Every answer that a request can provoke is one that the vendor's document has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from codegen.spec.load import load
from fluxframe.emulator import Emulator
from fluxframe.emulator._contract.contract import contract
from fluxframe.emulator._http.body_limit import most_bytes

from ...strategies import example_of, in_keeping, parameters, place, put
from .raw import KEY, Answer, ask, head, post
from .test_uploads import TAKEN, upload
from .vendor_schemas import ANSWERS, ERROR

SPEC = load()
NOBODY = "00000000-0000-4000-8000-000000000000"
SUBMISSIONS = [path for (method, path), known in ANSWERS.items() if 202 in known]
# What any server says of requests that are for no operation, or that it does not read to their end.
OF_ANY_SERVER = {404, 405, 413, 415}


def least(path: str, url: str) -> dict[str, Any]:
    """A good request for an operation, with no more than it needs."""
    model = next(
        id
        for id, model in SPEC.models.items()
        if SPEC.operations[SPEC.operation_of(model)].path == path
    )
    known = parameters(model)
    every = {name: example_of(schema) for name, schema in known.items()}
    left_out = [name for name, schema in known.items() if not schema.required]
    request: dict[str, Any] = place(model, in_keeping(model, every, left_out))
    for name, schema in known.items():
        if schema.role == "parent":
            request = put(model, request, name, parent(url))
    return request


def parent(url: str) -> str:
    """The id of a job that is done, and has four pictures."""
    request = {"model": "midjourney", "prompt": "a fox"}
    id: str = ask(url, post("/v2/images/generate", json.dumps(request).encode())).json["jobId"]
    return id


@cache
def validator(method: str, path: str, status: int) -> jsonschema_rs.Draft202012Validator:
    schema = ANSWERS[method, path].get(status) or ERROR
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def assert_known(method: str, path: str, answer: Answer, *, status: int) -> None:
    assert answer.status == status, answer.body
    assert status in ANSWERS[method, path] or status in OF_ANY_SERVER
    assert answer.headers["content-type"] == "application/json"
    faults = [str(e) for e in validator(method, path, status).iter_errors(answer.json)]
    assert not faults, faults


def sent(method: str, path: str, url: str, headers: Mapping[str, str] = {}) -> Answer:
    """The answer to a good request for an operation."""
    if path == "/v2/uploads":
        part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        form = {"Content-Type": "multipart/form-data; boundary=b", **headers}
        return ask(url, post(path, part + TAKEN["gif-89"][0] + b"\r\n--b--\r\n", form))
    if method == "POST":
        return ask(url, post(path, json.dumps(least(path, url)).encode(), headers))
    return ask(url, head(method, path.replace("{id}", parent(url)), headers))


@pytest.mark.parametrize(("method", "path"), ANSWERS)
def test_a_good_request(url: str, method: str, path: str) -> None:
    [success] = [status for status in ANSWERS[method, path] if status < 300]
    assert_known(method, path, sent(method, path, url), status=success)


@pytest.mark.parametrize(("method", "path"), [o for o, known in ANSWERS.items() if 401 in known])
@pytest.mark.parametrize("key", ["", "sk_0123"])
def test_a_request_without_a_good_key(url: str, method: str, path: str, key: str) -> None:
    answer = sent(method, path, url, {"X-API-Key": key})
    assert_known(method, path, answer, status=401)


STATUSES = [
    (method, path, status)
    for (method, path), known in ANSWERS.items()
    for status in known
    if status in (403, 429, 502, 503)
]


@pytest.mark.parametrize(("method", "path", "status"), STATUSES)
def test_a_request_that_is_made_to_fail(url: str, method: str, path: str, status: int) -> None:
    answer = sent(method, path, url, {"X-Emulator-Fault": f"status={status}; retry_after=3"})
    assert_known(method, path, answer, status=status)
    assert answer.headers.get("retry-after") == "3"
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("path", SUBMISSIONS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"model":"x"}', b'{"prompt":null}'])
def test_a_submission_that_is_none(url: str, path: str, body: bytes) -> None:
    assert_known("POST", path, ask(url, post(path, body)), status=400)


def longest(path: str) -> int:
    """How long a body may be."""
    return next(most_bytes(each) for each in contract().document.operations if each.path == path)


@pytest.mark.parametrize("path", SUBMISSIONS)
def test_a_submission_in_another_form(url: str, path: str) -> None:
    answer = ask(url, post(path, b"a=b", {"Content-Type": "text/plain"}))
    assert_known("POST", path, answer, status=415)
    answer = ask(url, post(path, b" " * (1 + longest(path))))
    assert_known("POST", path, answer, status=413)
    assert_known("POST", path, ask(url, head("DELETE", path)), status=405)


@pytest.mark.parametrize("path", SUBMISSIONS)
def test_a_submission_whose_key_is_used_already(url: str, path: str) -> None:
    once = {"Idempotency-Key": f"once {path}"}
    assert_known("POST", path, sent("POST", path, url, once), status=202)
    other = {**least(path, url), "webhookUrl": "http://127.0.0.1:9/"}
    answer = ask(url, post(path, json.dumps(other).encode(), once))
    assert_known("POST", path, answer, status=409)


@pytest.mark.parametrize("path", [path for path in SUBMISSIONS if "midjourney" not in path])
def test_a_submission_that_can_not_be_paid(path: str) -> None:
    with Emulator(credits=0) as poor:
        assert_known("POST", path, sent("POST", path, poor.url), status=402)


@pytest.mark.parametrize(
    ("method", "path", "target", "status"),
    [
        ("GET", "/v2/jobs/{id}", "/v2/jobs/nope", 400),
        ("GET", "/v2/jobs/{id}", f"/v2/jobs/{NOBODY}", 404),
        ("GET", "/v2/jobs", "/v2/jobs?limit=0", 400),
        ("GET", "/v2/jobs", "/v2/jobs?status=fox&cursor=x", 400),
        ("GET", "/v2/jobs", "/v2/jobs?include_models=true&limit=100", 200),
        ("GET", "/v2/jobs", "/v2/jobs?limit=1", 200),
        ("GET", "/v2/models", "/v2/models?modality=smell", 400),
        ("GET", "/v2/models", "/v2/models?modality=music", 200),
        ("POST", "/v2/uploads", "/v2/uploads", 400),
    ],
)
def test_a_request_with_parameters(
    url: str, method: str, path: str, target: str, status: int
) -> None:
    answer = ask(url, post(target, b"{}") if method == "POST" else head(method, target))
    assert_known(method, path, answer, status=status)


@pytest.mark.parametrize("ratio", ["1:1", "0:1"])
@pytest.mark.parametrize("moment", [0.0, 0.6, 1.1])
def test_a_job_at_each_moment_of_its_life(ratio: str, moment: float) -> None:
    parameters = {"aspect_ratio": ratio}
    request = {
        "model": "flux-2-pro", "prompt": "a fox", "fluxParams": parameters, "webhookUrl": "http://127.0.0.1:9/",
    }  # fmt: skip
    with Emulator(job_seconds=1000) as emulator:
        url = emulator.url
        accepted = ask(url, post("/v2/images/generate", json.dumps(request).encode()))
        assert_known("POST", "/v2/images/generate", accepted, status=202)
        emulator.clock.advance(1000 * moment)
        job = ask(url, head("GET", f"/v2/jobs/{accepted.json['jobId']}"))
        assert_known("GET", "/v2/jobs/{id}", job, status=200)
        assert_known("GET", "/v2/jobs", ask(url, head("GET", "/v2/jobs")), status=200)
    done = "FAILED" if ratio == "0:1" else "COMPLETED"
    wanted = {0.0: ("QUEUED", 0), 1.1: (done, 0 if done == "FAILED" else 100)}
    assert (job.json["status"], job.json["progress"]) == wanted.get(moment, ("PROCESSING", 50))


@pytest.mark.parametrize("how", TAKEN)
def test_an_upload_of_each_type(url: str, how: str) -> None:
    assert_known("POST", "/v2/uploads", upload(url, TAKEN[how][0]), status=201)


def test_the_vendors_operations_are_ours() -> None:
    ours = {(operation.method, operation.path) for operation in SPEC.operations.values()}
    assert ours == {*ANSWERS}


def test_a_key_is_shown_by_its_first_eight_characters(url: str) -> None:
    answer = ask(url, head("GET", "/v2/me"))
    assert answer.json["apiKey"]["prefix"] == KEY[:8]
    assert re.fullmatch("[A-Z]+", answer.json["user"]["role"])
