"""How a command ends: the exit status, and what is printed of an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from .._errors import (
    APIConnectionError,
    ConfigurationError,
    FluxframeError,
    InvalidRequestError,
    JobTimeoutError,
    RateLimitError,
    ResultError,
    ResultExpiredError,
    ServerError,
    UnexpectedResponseError,
)
from ._error_report import Hint, error_json, error_text, hints
from ._process import stopped
from ._session import tell, write_json

DONE, FAILED, WRONG, LATER = 0, 1, 2, 3


class Interrupted(click.ClickException):
    """Ctrl-C or a signal that ends the process, and what to do next."""

    def __init__(self, signal: KeyboardInterrupt, hint: Hint) -> None:
        self.status, words = stopped(signal)
        self.hint = Hint(f"{words}; {hint.words}", hint.command)
        super().__init__(" ".join(filter(None, self.hint)))


@contextmanager
def hinting(hint: Callable[[], Hint]) -> Iterator[None]:
    """Adds how to go on to Ctrl-C and signals, and to errors that leave something to go on with."""
    try:
        yield
    except KeyboardInterrupt as signal:
        raise Interrupted(signal, hint()) from None
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
        error.add_note(hint().note)
        raise


def report(error: Exception, *, as_json: bool) -> int:
    """Print an error; returns the exit status."""
    status = _status(error)
    if as_json:
        write_json({"error": error_json(error)}, indent=None)  # It may end a stream of lines.
        return status
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        tell(error.format_message())
        return status
    if isinstance(error, click.UsageError) and error.ctx is not None:
        tell(error.ctx.get_usage())
        error.add_note(Hint("see:", f"{error.ctx.command_path} --help").note)
    lines = [Hint(line) for line in error_text(error).splitlines()]
    if isinstance(error, Interrupted):
        lines = [error.hint]
    for words, command in [*lines, *hints(error)]:
        tell(words, label="fluxframe: ", colour="red", command=command)
    return status


def is_expected(error: Exception) -> bool:
    """Whether it is an error that a command line can meet, and not a bug of ours."""
    return isinstance(error, click.Abort | click.ClickException | FluxframeError | OSError)


def _status(error: Exception) -> int:
    match error:
        case click.Abort():
            return stopped(error.__cause__)[0]
        case Interrupted():
            return error.status
        case click.ClickException():
            return error.exit_code
        case InvalidRequestError() | ConfigurationError():
            return WRONG
        case JobTimeoutError():
            return LATER
    return FAILED
