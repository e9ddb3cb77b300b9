"""How the command line words errors and problems, and shows them as JSON.

The SDK's errors say what went wrong, and carry what to do about it as data; here that is told as
commands and flags.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import click

from .._catalog import API, operation_of
from .._errors import (
    APIError,
    APIStatusError,
    FluxframeError,
    InvalidRequestError,
    JobError,
    JobFailedError,
    JobTimeoutError,
)
from .._problems import Action, Advice, Problem
from .._redact import SCREENFUL, cut, listing, shown
from ._commands import command_for, submissions
from ._process import stopped
from ._quoting import quoted

# The flags of options that a call of the client takes beside the request.
_FLAGS = MappingProxyType(
    {
        "extra_params": "--extra",
        "idempotency_key": "--idempotency-key",
        "validation": "--validation",
        "deadline": "--deadline",
        "interval": "--interval",
    }
)


def _option(name: str) -> str:
    if name in _FLAGS:
        command = next(iter(submissions()))
        return f"it is not part of a request; `fluxframe {command}` has {_FLAGS[name]} for it"
    return "it is not part of a request"


def _wait(id: str) -> str:
    return f"`fluxframe wait {quoted(id)}`"


def _upload(s: tuple[str, ...]) -> str:
    return "`fluxframe upload FILE` uploads a file and prints its URL"


# Other actions are worded as in the SDK.
_ADVICE: Mapping[Action, Callable[[tuple[str, ...]], str]] = MappingProxyType(
    {
        Action.MOVE: lambda s: f"move it to {s[0]}",
        Action.PASS: lambda s: f"write {s[0]}",
        Action.REQUEST_FORM: lambda s: _option(s[0]),
        Action.WAIT: lambda s: f"wait for it with {_wait(s[0])}",
        Action.WAIT_AGAIN: lambda s: f"wait for it again with {_wait(s[0])}",
        Action.OPERATION: lambda s: f"`fluxframe {command_for(s[0])}` takes it",
        Action.LIST: lambda s: "list the jobs with `fluxframe jobs`",
        Action.GET: lambda s: f"fetch it with {_wait(s[0])}",
        Action.SUBMIT_AGAIN: lambda s: (
            "it may have been accepted, so submit it again with "
            f"--idempotency-key {quoted(s[0])}, and it is paid for once"
        ),
        Action.KEY_FORGOTTEN: lambda s: (
            f"it may have been accepted under --idempotency-key {quoted(s[0])}, so long ago that "
            "the server may have forgotten the key, and was not sent again; look for its job"
            f"{' with `fluxframe jobs`' if operation_of('jobs') else ''} before you submit it anew"
        ),
        Action.CHECK_KEY: lambda s: f"check {API.key_variable}",
        Action.CHECK_BASE_URL: lambda s: (
            f"it points to {s[0]}, which --base-url can name if it is right"
        ),
        Action.RESUBMIT_UNKNOWN: lambda s: "--resubmit-unknown submits it anew",
        **({Action.UPLOAD: _upload} if operation_of("upload") else {}),
    }
)


def advice_text(advice: Advice) -> str:
    """What to do next, as commands and flags."""
    words = _ADVICE.get(advice.action)
    return str(advice) if words is None else advice.worded(words)


def problem_text(problem: Problem) -> str:
    """What is wrong with a request, and what to do about it."""
    return _joined(problem.what, problem.advice)


def error_text(error: Exception) -> str:
    """What went wrong, and what to do about it, in a screenful; of several problems, a line for each."""
    return shown(_text(error))


def _text(error: Exception) -> str:
    match error:
        case click.Abort():
            return stopped(error.__cause__)[1]
        case click.ClickException():
            return " ".join(shown(error.format_message()).split())
        case InvalidRequestError():
            return listing([problem_text(problem) for problem in error.problems])
        case JobTimeoutError():
            return error.what  # What to do is a hint, which knows the other flags.
        case APIStatusError():
            return error.with_details(_joined(error.what, error.advice))
        case FluxframeError():
            return _joined(error.what, error.advice)
        case OSError() if error.filename is not None and error.strerror:
            return f"{os.fspath(error.filename)}: {error.strerror}"
        case OSError():
            return str(error) or type(error).__name__
    return f"a bug in fluxframe (-v shows the traceback): {type(error).__name__}: {error}"


def _joined(what: str, advice: Advice | None) -> str:
    told = "" if advice is None else f"; {advice_text(advice)}"
    return cut(what, SCREENFUL - len(told)) + told


class Hint(NamedTuple):
    """How to go on: in words, and by a command if there is one."""

    words: str
    command: str = ""

    @property
    def note(self) -> str:
        """The hint as a note of an exception: the words on its first line, and below them the command."""
        return "\n".join(filter(None, self))


def hints(error: Exception) -> Sequence[Hint]:
    """How to go on, as noted where the error passed."""
    notes: Sequence[str] = getattr(error, "__notes__", ())
    found = (note.partition("\n") for note in notes)
    return [Hint(shown(words), shown(command)) for words, _, command in found]


def error_json(error: Exception) -> dict[str, Any]:
    """An error as JSON: its type and message, and what else is known of it."""
    kind = "Interrupted" if isinstance(error, click.Abort) else type(error).__name__
    found: dict[str, Any] = {"type": kind, "message": error_text(error)}
    found["hint"] = "\n".join(" ".join(filter(None, hint)) for hint in hints(error))
    if isinstance(error, FluxframeError):
        found["advice"] = _advice_json(error.advice)
    if isinstance(error, InvalidRequestError):
        found["problems"] = [problem_json(problem) for problem in error.problems]
    if isinstance(error, APIError):
        for name in ("operation", "request_id", "idempotency_key", "job_id"):
            found[name] = getattr(error, name)
    if isinstance(error, APIStatusError):
        for name in ("status", "details", "retry_after", "body"):
            found[name] = getattr(error, name)
    if isinstance(error, JobError):
        found["job"] = error.job.raw
    if isinstance(error, JobFailedError):
        found["resubmit"] = error.resubmit
    return {name: value for name, value in found.items() if value not in (None, {}, "")}


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem of a request as JSON, without the value, which may be a secret."""
    return {
        "path": problem.path,
        "parameter": problem.parameter,
        "rule": problem.rule,
        "message": problem_text(problem),
        "limit": problem.limit,
        "advice": _advice_json(problem.advice),
    }


def _advice_json(advice: Advice | None) -> dict[str, Any] | None:
    return None if advice is None else {"action": advice.action, "subject": list(advice.subject)}
