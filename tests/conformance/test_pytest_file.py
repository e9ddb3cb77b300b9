"""The pytest file of a run: red beside the server that was asked, green beside one that keeps its documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from ruff import find_ruff_bin

from codegen.spec.load import load
from fluxframe.conformance import Constraint, Exchange, Outcome, Report, Verdict
from fluxframe.conformance._security import security
from fluxframe.conformance.reports import pytest_file
from fluxframe.emulator import Emulator

from ..servers.http1 import Request, http_json
from ..servers.scripted import Server
from .strategies import MARK, made
from .strategies import reports as any_report

SPEC = load()
KEY = f"{SPEC.api.authentication.prefix}0123456789"
MODEL, PARAMETER = next(
    (model, name)
    for model in SPEC.models.values()
    for name, parameter in model.parameters.items()
    if parameter.maximum is not None
    and any("prompt" in example.request for example in model.examples.values())
)
SUBMIT = SPEC.operations[SPEC.families[MODEL.family].operation]
LOOK = next(operation for operation in SPEC.operations.values() if operation.path_parameters)
NAMES = {operation.path: name for name, operation in SPEC.operations.items()}
LONG = "a fox " * 400
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"unknown/id": [404], "unknown/body": [200]}
    monkeypatch.setattr(pytest_file, "sequence", lambda vector: known.get(vector, ()))


@pytest.fixture
def broken() -> Iterator[Server]:
    """It takes whatever is submitted, unless the prompt is long, and knows every job."""

    def answer(request: Request) -> bytes:
        if request.method != "POST":
            return http_json({"id": UNKNOWN})
        is_long = "a fox a fox" in request.body.decode()
        if is_long:
            return http_json({"error": "long"}, 400)
        return http_json({"jobId": UNKNOWN}, 202)

    with Server(answer=answer) as server:
        yield server


def body(**parameters: Any) -> dict[str, Any]:
    example: dict[str, Any] = json.loads(json.dumps(next(iter(MODEL.examples.values())).request))
    container = SPEC.families[MODEL.family].container
    (example.setdefault(container, {}) if container else example).update(parameters)
    return example


def report(url: str) -> Report:
    shared: dict[str, Any] = {
        "model": MODEL.id,
        "operation": NAMES[SUBMIT.path],
        "source": {"page": ['"so"\\']},
    }
    maximum = MODEL.parameters[PARAMETER].maximum or 0
    constraints = [
        Constraint(id="a/maximum", kind="maximum", parameter=PARAMETER, limit=maximum, **shared),
        Constraint(id="a/max_length", kind="max_length", parameter="prompt", limit=5000, **shared),
        Constraint(id="unknown", kind="id", operation=NAMES[LOOK.path]),
    ]
    headers = {
        security().header: MARK,
        "Content-Type": "application/json",
        "User-Agent": "x",
    }

    def exchange(method: str, path: str, status: int, content: Any = None) -> Exchange:
        return Exchange(
            method=method,
            url=f"{url}{path}",
            headers={**headers, security().idempotency_header: str(uuid.uuid4())},
            body=content,
            started=datetime.now(UTC),
            seconds=0.1,
            status=status,
            answer=json.dumps({"jobId": UNKNOWN}),
        )

    def outcome(vector: str, verdict: str, expected: str, observed: str, *all: Exchange) -> Outcome:
        return Outcome(
            vector=vector,
            constraint=vector.rpartition("/")[0],
            verdict=Verdict(verdict),
            expected=expected,
            observed=observed,
            exchanges=all,
        )

    loose = exchange("POST", SUBMIT.path, 202, body(**{PARAMETER: maximum + 1}))
    tight = exchange("POST", SUBMIT.path, 400, {**body(), "prompt": LONG[:1900]})
    found = exchange("GET", LOOK.path.format(id=UNKNOWN), 200)
    return made(
        outcome("a/maximum/one-above", "looser", "refused", "accepted", loose),
        outcome("a/max_length/at", "tighter", "accepted", "refused", tight),
        outcome("unknown/id", "looser", "status 404", "status 200", found),
        outcome("unknown/body", "fail", "Job", '/id: "3" is missing\\', found),
        constraints={constraint.id: constraint for constraint in constraints},
        base_url=url,
    )


def run(folder: Path, text: str, url: str, key: str = KEY) -> tuple[int, str]:
    path = folder / "test_again.py"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path],
        cwd=folder,
        env={
            **os.environ,
            security().base_url_variable: url,
            security().variable: key,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_it_is_red_and_then_green(broken: Server, tmp_path: Path) -> None:
    text = pytest_file.render(report(broken.url))
    status, told = run(tmp_path, text, broken.url)
    assert (status, "3 failed, 1 skipped" in told) == (1, True), told
    with Emulator() as emulator:
        status, told = run(tmp_path, text, emulator.url)
    assert (status, "3 passed, 1 skipped" in told) == (0, True), told


def test_it_says_what_to_do_without_a_key(broken: Server, tmp_path: Path) -> None:
    status, told = run(tmp_path, pytest_file.render(report(broken.url)), broken.url, key="")
    assert status == 1
    assert "the environment variable of the key is not set" in told


def test_an_id_of_an_earlier_answer_is_that_of_the_answer_now() -> None:
    whole = report("http://a.test")
    submission, look = whole.outcomes[0].exchanges[0], whole.outcomes[2].exchanges[0]
    outcome = Outcome(
        vector="unknown/id",
        constraint="unknown",
        verdict=Verdict.FAIL,
        exchanges=(submission, look),
    )
    text = pytest_file.render(
        made(outcome, constraints=dict(whole.constraints), base_url="http://a.test")
    )
    assert 'answer_0.json()["jobId"],' in text
    assert UNKNOWN not in text


@pytest.mark.parametrize("options", [[], ["--line-length", "100"]])
def test_ruff_has_nothing_to_say(options: list[str]) -> None:
    text = pytest_file.render(report("http://a.test"))
    for command in (["check", "-q"], ["format", "--check"]):
        done = subprocess.run(
            [find_ruff_bin(), *command, "--isolated", *options, "-"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@settings(max_examples=15)
@given(report=any_report())
def test_ruff_has_nothing_to_say_whatever_was_sent(report: Report) -> None:
    text = pytest_file.render(report)
    for command in (["check", "-q"], ["format", "--diff"]):
        done = subprocess.run(
            [find_ruff_bin(), *command, "--isolated", "-"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
