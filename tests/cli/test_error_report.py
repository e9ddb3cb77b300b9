"""How errors and problems are worded at a command line, and what they are as JSON."""

from __future__ import annotations

import pytest

from fluxframe import (
    AuthenticationError,
    BadRequestError,
    FluxframeError,
    InvalidRequestError,
    Problem,
)
from fluxframe._problems import Action, Advice
from fluxframe.cli._commands import submissions
from fluxframe.cli._error_report import advice_text, error_json, error_text

from .shells import one_line

SUBJECT = ("it's", "that")
OPERATION = (next(iter(submissions().values())).name,)


@pytest.mark.parametrize("action", Action)
def test_advice_is_for_a_shell(action: Action) -> None:
    told = advice_text(Advice(action, OPERATION if action is Action.OPERATION else SUBJECT))
    for python in ("client.", "=True", "=…", "(path)", "api_key", "base_url", "_key=", "generate("):
        assert python not in told
    assert told == one_line(told)


def test_what_is_put_on_a_command_line_is_quoted() -> None:
    for action in (
        Action.WAIT,
        Action.WAIT_AGAIN,
        Action.GET,
        Action.SUBMIT_AGAIN,
        Action.KEY_FORGOTTEN,
    ):
        assert """'it'"'"'s'""" in advice_text(Advice(action, SUBJECT))


@pytest.mark.parametrize("name", ["extra_params", "idempotency_key", "validation", "timeout"])
def test_an_option_among_parameters_is_a_flag_if_there_is_one(name: str) -> None:
    told = advice_text(Advice(Action.REQUEST_FORM, (name,)))
    flag = {"extra_params": "--extra", "timeout": None}.get(name, f"--{name.replace('_', '-')}")
    assert (flag or "not part of a request") in told
    assert ("--" in told) == (flag is not None)


def test_what_went_wrong_comes_before_what_to_do() -> None:
    advice = Advice(Action.SUBMIT_AGAIN, ("key",))
    error = FluxframeError('client.jobs.get("7") is said by a server', advice=advice)
    assert error_text(error) == f"{error.what}; {advice_text(advice)}"
    assert error_json(error)["advice"] == {"action": "submit_again", "subject": ["key"]}


def test_each_problem_has_its_own_advice() -> None:
    upload = Problem(rule="format", detail="not a URL", advice=Advice(Action.UPLOAD))
    error = InvalidRequestError([upload, Problem(rule="required", parameter="prompt")])
    told = error_text(error).splitlines()
    assert told == [f"not a URL; {advice_text(Advice(Action.UPLOAD))}", "prompt: missing"]
    found = error_json(error)
    assert [problem["message"] for problem in found["problems"]] == told
    assert [problem["advice"] for problem in found["problems"]] == [
        {"action": "upload", "subject": []},
        None,
    ]
    assert "advice" not in found


def test_the_details_of_a_refusal_follow_without_secrets() -> None:
    error = BadRequestError(
        "refused",
        status=400,
        details={"url": ["https://a.b/c?sign=x is taken"], "seed": ["a", "b"]},
    )
    assert error_text(error) == "refused\nurl: https://a.b/c?… is taken\nseed: a; b"
    wrong = AuthenticationError("wrong", status=401, advice=Advice(Action.CHECK_KEY))
    assert error_text(wrong) == "wrong; check APIFRAME_API_KEY"
