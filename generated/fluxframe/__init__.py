# A copy of codegen/runtime/__init__.py, where it is edited.
"""A client of an image API that refuses an invalid request before you pay for it.

    from fluxframe import Fluxframe, models

    with Fluxframe() as client:  # The key is in the environment.
        job = client.images.generate(model="a-model", prompt="a red fox in the snow")
        job.wait().images[0].save("fox.jpg")

`models` is what the API takes, as data; `types` holds pydantic models of its JSON, and
`webhooks` reads what the API posts to your server. Everything is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from . import types, webhooks
    from ._answers import Response
    from ._catalog import MODELS as models  # noqa: N811 - data to a caller, not a constant of theirs
    from ._check import check
    from ._client import AsyncFluxframe, Fluxframe
    from ._errors import (
        APIConnectionError,
        APIError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        ConfigurationError,
        ConflictError,
        FluxframeError,
        InsufficientCreditsError,
        InvalidRequestError,
        JobCancelledError,
        JobError,
        JobFailedError,
        JobTimeoutError,
        JournalError,
        NotFoundError,
        PermissionDeniedError,
        RateLimitError,
        RequestWarning,
        ResultError,
        ResultExpiredError,
        ResultWarning,
        ServerError,
        SignatureError,
        UnexpectedResponseError,
        WebhookError,
    )
    from ._jobs import AsyncJob, Job
    from ._life import JobRecord
    from ._pages import AsyncPage, AsyncPages, Page
    from ._problems import Action, Advice, Problem, Report
    from ._requests import SupportsWire
    from ._results import AsyncImage, Image
    from ._spec import Model, Parameter
    from ._wire.calls import CallInfo
    from .batch import AsyncBatch, Batch, BatchProgress, BatchSummary

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "Action",
    "Advice",
    "AsyncBatch",
    "AsyncFluxframe",
    "AsyncImage",
    "AsyncJob",
    "AsyncPage",
    "AsyncPages",
    "AuthenticationError",
    "BadRequestError",
    "Batch",
    "BatchProgress",
    "BatchSummary",
    "CallInfo",
    "ConfigurationError",
    "ConflictError",
    "Fluxframe",
    "FluxframeError",
    "Image",
    "InsufficientCreditsError",
    "InvalidRequestError",
    "Job",
    "JobCancelledError",
    "JobError",
    "JobFailedError",
    "JobRecord",
    "JobTimeoutError",
    "JournalError",
    "Model",
    "NotFoundError",
    "Page",
    "Parameter",
    "PermissionDeniedError",
    "Problem",
    "RateLimitError",
    "Report",
    "RequestWarning",
    "Response",
    "ResultError",
    "ResultExpiredError",
    "ResultWarning",
    "ServerError",
    "SignatureError",
    "SupportsWire",
    "UnexpectedResponseError",
    "WebhookError",
    "__version__",
    "check",
    "models",
    "types",
    "webhooks",
]

# The module that defines each name; any other name is an error.
_MODULES = {
    "Action": "._problems",
    "Advice": "._problems",
    "AsyncBatch": ".batch",
    "Batch": ".batch",
    "AsyncPages": "._pages",
    "SupportsWire": "._requests",
    "JobRecord": "._life",
    "AsyncFluxframe": "._client",
    "AsyncImage": "._results",
    "AsyncJob": "._jobs",
    "AsyncPage": "._pages",
    "BatchProgress": ".batch",
    "BatchSummary": ".batch",
    "CallInfo": "._wire.calls",
    "Fluxframe": "._client",
    "Image": "._results",
    "Job": "._jobs",
    "Model": "._spec",
    "Page": "._pages",
    "Parameter": "._spec",
    "Problem": "._problems",
    "Report": "._problems",
    "Response": "._answers",
    "check": "._check",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("types", "webhooks"):
        return import_module(f".{name}", __name__)
    if name == "models":
        value = import_module("._catalog", __name__).MODELS
    else:
        value = getattr(import_module(_MODULES.get(name, "._errors"), __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
