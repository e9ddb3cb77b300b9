# A copy of codegen/runtime/batch/_failures.py, where it is edited.
"""What the error of a submission means: for its row, which must not be paid for twice, and for all rows."""

from __future__ import annotations

from .._errors import (
    APIError,
    APIStatusError,
    AuthenticationError,
    ConfigurationError,
    FluxframeError,
    InsufficientCreditsError,
    JournalError,
    PermissionDeniedError,
)

# Answers that refuse this submission and would refuse every other one.
REFUSED_FOR_ALL = (AuthenticationError, InsufficientCreditsError, PermissionDeniedError)
# What makes all other rows fail as well.
FATAL = (*REFUSED_FOR_ALL, ConfigurationError, JournalError)


class StoppedError(Exception):
    """The batch ends before the row does; the row stays as it is recorded."""


class OvertakenError(Exception):
    """Another worker has begun the row, or ended it, while this one was about to submit it."""


class ServerGoneError(Exception):
    """So many submissions in a row came to nothing, or the server is away for so long, that the batch stops submitting."""

    def __init__(self, server_error: FluxframeError) -> None:
        super().__init__(str(server_error))
        self.server_error = server_error


def leaves_open(error: FluxframeError, *, unsure: bool) -> bool:
    """Whether a submission may have been accepted for all that an error says.

    `unsure` is whether an earlier submission under the same key may have been.
    """
    if not isinstance(error, APIStatusError) or may_pass(error) or error.status >= 500:
        return True
    # 400 and 422 are about the request, which was the same in every sending under this key, so that
    # none was accepted. Any other refusal is about the last sending alone, and a 409 even says that the
    # server knows the key: it may have accepted an earlier one.
    return (
        not isinstance(error, FATAL)
        and error.status not in (400, 422)
        and (unsure or error.status == 409)
    )


def may_pass(error: FluxframeError) -> bool:
    """Whether the same submission may succeed a little later."""
    return not isinstance(error, APIError) or error.transient
