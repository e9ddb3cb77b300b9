"""The errors that the package raises.

    FluxframeError
    ├── ConfigurationError          (a ValueError)    no key, or a setting that can't be used
    ├── InvalidRequestError         (a ValueError)    refused here; nothing was sent
    ├── APIError                                      a call that failed, after all attempts
    │   ├── APIConnectionError                        the server was not reached, or hung up
    │   │   └── APITimeoutError     (a TimeoutError)  it did not answer in time
    │   ├── UnexpectedResponseError                   a response that can't be read
    │   └── APIStatusError                            a response with an error status
    │       ├── BadRequestError             400
    │       ├── AuthenticationError         401
    │       ├── InsufficientCreditsError    402
    │       ├── PermissionDeniedError       403
    │       ├── NotFoundError               404
    │       ├── ConflictError               409
    │       ├── RateLimitError              429
    │       └── ServerError                 5xx
    ├── JobError                                      carries the job
    │   ├── JobFailedError                            it failed
    │   ├── JobCancelledError                         it was cancelled
    │   └── JobTimeoutError         (a TimeoutError)  it was not done in time, and goes on
    ├── ResultError                                   an image that can't be downloaded
    │   └── ResultExpiredError                        it is gone from the server
    ├── JournalError                                  a batch's journal that can't be used
    └── WebhookError                (a ValueError)    an event that can't be read or compared
        └── SignatureError                            not signed, or not with this key

`RequestWarning` is the warning of a request that is legal, but not what its caller meant, and
`ResultWarning` of an image that is saved under the name of another format.
"""

# Annotations are evaluated here, since the classes are told to be of the package (see the end), where
# what they name would not be found.
from collections.abc import Mapping, Sequence
from typing import Any

from ._answers import number
from ._catalog import API
from ._life import JobRecord
from ._problems import Advice, Problem
from ._redact import SCREENFUL, cut, listing, redacted, shown
from ._roles import said


class FluxframeError(Exception):
    """The base of all errors of this package.

    `advice` is what to do next, as data, where that is clear; the error's text ends with it.
    """

    advice: Advice | None = None

    def __init__(self, message: str = "", *, advice: Advice | None = None) -> None:
        super().__init__(redacted(str(message)))
        self.advice = advice

    @property
    def what(self) -> str:
        """What went wrong, without what to do about it."""
        return self._what(SCREENFUL)

    def _what(self, room: int) -> str:
        return cut(super().__str__(), room)

    def __str__(self) -> str:
        advice = "" if self.advice is None else f"; {self.advice}"
        return self._what(SCREENFUL - len(advice)) + advice

    def __repr__(self) -> str:
        return cut(super().__repr__(), SCREENFUL)

    def add_note(self, note: str, /) -> None:
        """Add a note that a traceback shows; a URL in it keeps its query, as in a command to repeat."""
        super().add_note(shown(note))

    def __reduce__(self) -> tuple[Any, ...]:
        """An error comes back whole from another process, whatever its class takes."""
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(
    kind: type[FluxframeError], args: tuple[Any, ...], attributes: Mapping[str, Any]
) -> FluxframeError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(attributes)
    return error


class ConfigurationError(FluxframeError, ValueError):
    """The client lacks an API key, or was given a setting that can't be used."""


class InvalidRequestError(FluxframeError, ValueError):
    """A request that breaks the limits of its model; it was not sent, and costs nothing."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(listing(self.problems))


class RequestWarning(UserWarning):
    """A request that the API takes and charges for, but that does not do what it says."""


class ResultWarning(UserWarning):
    """An image whose file is named after another format; it is saved as it is."""


class APIError(FluxframeError):
    """A call to the API that failed after all its attempts.

    `operation` is its name; `attempts` how often it was tried, `elapsed` the seconds that took,
    `request_id` the server's id for the request, if there was an answer.

    `job_id` is the id of the job that was asked for, if it was one.

    `idempotency_key` is that of the submission, if it was one; submitted again with it, a request
    that had arrived after all is not paid for twice. `transient` says whether the same call may
    succeed a little later.
    """

    transient: bool = True
    operation: str = ""
    attempts: int = 1
    elapsed: float = 0.0
    request_id: str | None = None
    idempotency_key: str | None = None
    job_id: str | None = None
    # What the text adds to the message, in brackets, such as "3 attempts in 2.1 s".
    notes: tuple[str, ...] = ()

    def _what(self, room: int) -> str:
        before = f"{self.operation}: " if self.operation else ""
        told = self.notes if self.job_id is None else (f"job {self.job_id}", *self.notes)
        notes = f" ({shown(', '.join(told), 500)})" if told else ""
        text = super()._what(room - len(before) - len(notes))
        return f"{before}{text}".rstrip() + notes


class APIConnectionError(APIError):
    """The server could not be reached, or the connection broke."""


class APITimeoutError(APIConnectionError, TimeoutError):
    """The server did not answer in time."""


class UnexpectedResponseError(APIError):
    """The server answered with something that can't be read: `status`, and `body` as it came."""

    def __init__(
        self, message: str, *, status: int, body: object, advice: Advice | None = None
    ) -> None:
        super().__init__(message, advice=advice)
        self.status = status
        self.body = body


# What a server can't do at all, and what a network wants before it lets anybody through.
_FINAL_FAULTS = (501, 505, 511)


def is_transient(status: int) -> bool:
    """Whether a request that was answered with a status may be answered otherwise a little later.

    408 and 429 say "not now". Almost all from 500 are faults that pass, of a server, a gateway, or a
    CDN (520 to 530 say how its connection to the server failed).
    """
    return status in (408, 429) or (status >= 500 and status not in _FINAL_FAULTS)


class APIStatusError(APIError):
    """The server answered with an error.

    `status` is the HTTP status, `body` the parsed JSON or the text, `details` the texts by Python
    parameter of a 400 (`request` for those that name none), `retry_after` the seconds that the server asks to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        body: object = None,
        details: Mapping[str, Sequence[str]] | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        advice: Advice | None = None,
    ) -> None:
        super().__init__(message, advice=advice)
        self.status = status
        self.transient = is_transient(status)
        self.body = body
        self.details = dict(details or {})
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.with_details(super().__str__())

    def with_details(self, text: str) -> str:
        """A text of this error and a line for each of its details, as far as there is room."""
        lines = [
            redacted(f"{cut(name, 200)}: {'; '.join(cut(text, 500) for text in texts[:100])}")
            for name, texts in self.details.items()
        ]
        return listing([text, *lines])


class BadRequestError(APIStatusError):
    """400: the server found the request wrong; `details` says where."""


class AuthenticationError(APIStatusError):
    """401: the API key is missing or wrong."""


class InsufficientCreditsError(APIStatusError):
    """402: the team can't pay for the request; `required` and `available` are in credits."""

    @property
    def required(self) -> float | None:
        """How many credits the request costs."""
        return self._credits("credits_required")

    @property
    def available(self) -> float | None:
        """How many credits the team has."""
        return self._credits("credits_available")

    def _credits(self, role: str) -> float | None:
        return number({role: said(self.body, self.status, role)}, role)


class PermissionDeniedError(APIStatusError):
    """403: the API key is inactive, or may not do this."""


class NotFoundError(APIStatusError):
    """404: what was asked for does not exist."""


class ConflictError(APIStatusError):
    """409: the idempotency key was used with another request."""


class RateLimitError(APIStatusError):
    """429: too many requests; `retry_after` says how long to wait."""


class ServerError(APIStatusError):
    """5xx: something went wrong on the server's side."""


# What a status means by itself.
STATUS_ERRORS: Mapping[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: InsufficientCreditsError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}
# What it means where the API says so, by the error's name in the spec.
_NAMED_ERRORS: Mapping[str, type[APIStatusError]] = {
    **{kind.__name__.removesuffix("Error"): kind for kind in STATUS_ERRORS.values()},
    "Unauthorized": AuthenticationError,
    "Forbidden": PermissionDeniedError,
    "TooManyRequests": RateLimitError,
}


def error_class(status: int) -> type[APIStatusError]:
    """The class of the error that a status stands for: as the API says, or else as HTTP does."""
    known = API.errors.get(str(status))
    if known is not None and known.name in _NAMED_ERRORS:
        return _NAMED_ERRORS[known.name]
    return STATUS_ERRORS.get(status, ServerError if status >= 500 else APIStatusError)


class JobError(FluxframeError):
    """The base of errors about a job, which the error carries as `job`.

    In another process, the job is a copy that can't ask the server.
    """

    def __init__(self, message: str, job: JobRecord, *, advice: Advice | None = None) -> None:
        super().__init__(message, advice=advice)
        self.job = job


class JobFailedError(JobError):
    """The job failed; its credits are refunded.

    `resubmit` says whether the same request can succeed if it is submitted again: True for a lack
    of capacity, False for a breach of the content policy, None where the reason is not known.
    """

    resubmit: bool | None = None


class JobCancelledError(JobError):
    """The job was cancelled."""


class JobTimeoutError(JobError, TimeoutError):
    """The job was not done in time. It goes on, and can be waited for again by its id."""


class JournalError(FluxframeError):
    """The journal of a batch is damaged, in use, or of other requests or another server."""


class ResultError(FluxframeError):
    """An image could not be fetched, or is not one."""


class ResultExpiredError(ResultError):
    """The image is gone from the server."""


class WebhookError(FluxframeError, ValueError):
    """An event that can't be read, or compared with another."""


class SignatureError(WebhookError):
    """The signature of an event is missing, malformed or wrong: anybody may have sent it."""


# They are what the package exports, and named so in tracebacks.
for _kind in list(globals().values()):
    if isinstance(_kind, type) and issubclass(
        _kind, FluxframeError | RequestWarning | ResultWarning
    ):
        _kind.__module__ = __name__.rpartition(".")[0]
