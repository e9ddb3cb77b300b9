# A copy of codegen/runtime/cli/_errors.py, where it is edited.
"""Errors as the command line tells them: a line or a JSON object, and an exit status."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from .._errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    ConfigurationError,
    FluxframeError,
    InvalidRequestError,
    JobError,
    JobFailedError,
    JobTimeoutError,
    RateLimitError,
    ResultError,
    ResultExpiredError,
    ServerError,
    UnexpectedResponseError,
)
from ._session import clean, write_json

DONE, FAILED, WRONG, LATER, INTERRUPTED = 0, 1, 2, 3, 130


class Interrupted(click.ClickException):
    """Ctrl-C, and what to do next."""

    exit_code = INTERRUPTED


class Failure(click.ClickException):
    """What went wrong outside the SDK."""


@contextmanager
def advice(hint: Callable[[], str]) -> Iterator[None]:
    """Adds what to do next to Ctrl-C, and to errors that leave something to go on with."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; {hint()}") from None
    except ResultExpiredError:
        raise
    except (
        APIConnectionError,
        UnexpectedResponseError,
        RateLimitError,
        ServerError,
        ResultError,
        OSError,  # JobTimeoutError is one, too.
    ) as error:
        error.add_note(hint())
        raise


def report(error: Exception, *, as_json: bool) -> int:
    """Tell an error; gives the exit status."""
    status = _status(error)
    if as_json:
        write_json({"error": error_json(error)}, indent=None)  # It may end a stream of lines.
        return status
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        print(error.format_message(), file=sys.stderr)
        return status
    if isinstance(error, click.UsageError) and error.ctx is not None:
        print(error.ctx.get_usage(), file=sys.stderr)
        error.add_note(f"see: {error.ctx.command_path} --help")
    for line in [*_message(error).splitlines(), *getattr(error, "__notes__", ())]:
        print(f"fluxframe: {clean(line)}", file=sys.stderr)
    return status


def is_known(error: Exception) -> bool:
    """Whether it is an error that a command line can have, and not a mistake of ours."""
    return isinstance(error, click.Abort | click.ClickException | FluxframeError | OSError)


def _status(error: Exception) -> int:
    match error:
        case click.Abort():
            return INTERRUPTED
        case click.ClickException():
            return error.exit_code
        case InvalidRequestError() | ConfigurationError():
            return WRONG
        case JobTimeoutError():
            return LATER
    return FAILED


def _message(error: Exception) -> str:
    match error:
        case click.Abort():
            return "interrupted"
        case click.ClickException():
            return " ".join(error.format_message().split())
        case JobTimeoutError():
            return error.what
        case FluxframeError():
            return in_shell_words(str(error))
        case OSError() if error.filename is not None and error.strerror:
            return f"{os.fspath(error.filename)}: {error.strerror}"
        case OSError():
            return str(error) or type(error).__name__
    return f"a mistake of fluxframe's own, which -v shows: {type(error).__name__}: {error}"


def error_json(error: Exception) -> dict[str, Any]:
    """An error as JSON: its type and message, and what else is known of it."""
    kind = "Interrupted" if isinstance(error, click.Abort) else type(error).__name__
    found: dict[str, Any] = {"type": kind, "message": _message(error)}
    if notes := getattr(error, "__notes__", None):
        found["hint"] = "\n".join(notes)
    if isinstance(error, InvalidRequestError):
        found["problems"] = [problem_json(problem) for problem in error.problems]
    if isinstance(error, APIError):
        for name in ("operation", "request_id", "idempotency_key"):
            found[name] = getattr(error, name)
    if isinstance(error, APIStatusError):
        for name in ("status", "details", "retry_after", "body"):
            found[name] = getattr(error, name)
    if isinstance(error, JobError):
        found["job"] = error.job.raw
    if isinstance(error, JobFailedError):
        found["resubmit"] = error.resubmit
    return {name: value for name, value in found.items() if value not in (None, {}, "")}


def problem_json(problem: Any) -> dict[str, Any]:
    """A problem of a request as JSON, without the value, which may be a secret."""
    names = ("path", "parameter", "rule", "message", "limit")
    found = {name: getattr(problem, name) for name in names}
    found["message"] = in_shell_words(found["message"])
    return found


def in_shell_words(message: str) -> str:
    """A message of the SDK's, whose advice is Python, for someone at a shell."""
    message = message.replace(
        "a file of yours is uploaded with client.uploads.create(path) and has a url then",
        "`fluxframe upload FILE` gives a file of yours a URL",
    )
    message = re.sub(r'idempotency_key="([^"]*)"', r"--idempotency-key '\1'", message)
    return re.sub(r'client\.jobs\.\w+\("([^"]*)"\)', r"`fluxframe wait \1`", message)
