# Generated from spec/ by `python -m codegen generate`; do not edit.
"""The operations of the client: what of them the spec decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, overload

from .. import _resources
from .._jobs import Job
from .._pages import Page
from .._problems import Validation
from .._submission import Request
from .._wire.uploads import FileLike
from .answers import Me, ModelCatalog, Upload


class Images(_resources.Submissions):
    """`client.images`."""

    @overload
    def generate(
        self,
        request: Request,
        /,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> Job: ...
    @overload
    def generate(self, /, *, model: str, **parameters: Any) -> Job: ...
    def generate(self, request: Request | None = None, /, **arguments: Any) -> Job:
        """Submit an image request; answers with a job at once.

        Returns its job at once. Beside a request go the options of the call; without one all
        arguments are parameters, and the client's own options count, see `with_options`.

        Args:
            request: A typed request, or a mapping, flat or in the shape of the API's JSON.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Identifies this call, so that it is paid for once; random if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """
        return self._submit_to("images.generate", "generate", request, arguments)

    @overload
    def midjourney_action(
        self,
        request: Request,
        /,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> Job: ...
    @overload
    def midjourney_action(self, /, *, action: str, **parameters: Any) -> Job: ...
    def midjourney_action(self, request: Request | None = None, /, **arguments: Any) -> Job:
        """Submit a follow-up action on a finished Midjourney job; answers with a new job at once.

        Returns its job at once. Beside a request go the options of the call; without one all
        arguments are parameters, and the client's own options count, see `with_options`.

        Args:
            request: A typed request, or a mapping, flat or in the shape of the API's JSON.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Identifies this call, so that it is paid for once; random if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """
        return self._submit_to("images.midjourney_action", "midjourney_action", request, arguments)

    @overload
    def edit(
        self,
        request: Request,
        /,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> Job: ...
    @overload
    def edit(self, /, *, model: str, **parameters: Any) -> Job: ...
    def edit(self, request: Request | None = None, /, **arguments: Any) -> Job:
        """Submit a picture to be repainted in part or extended; answers with a job at once.

        Returns its job at once. Beside a request go the options of the call; without one all
        arguments are parameters, and the client's own options count, see `with_options`.

        Args:
            request: A typed request, or a mapping, flat or in the shape of the API's JSON.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Identifies this call, so that it is paid for once; random if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """
        return self._submit_to("images.edit", "edit", request, arguments)

    @overload
    def upscale(
        self,
        request: Request,
        /,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> Job: ...
    @overload
    def upscale(self, /, *, model: str, **parameters: Any) -> Job: ...
    def upscale(self, request: Request | None = None, /, **arguments: Any) -> Job:
        """Submit a picture to be enlarged; answers with a job at once.

        Returns its job at once. Beside a request go the options of the call; without one all
        arguments are parameters, and the client's own options count, see `with_options`.

        Args:
            request: A typed request, or a mapping, flat or in the shape of the API's JSON.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Identifies this call, so that it is paid for once; random if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """
        return self._submit_to("images.upscale", "upscale", request, arguments)

    @overload
    def background_remove(
        self,
        request: Request,
        /,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> Job: ...
    @overload
    def background_remove(self, /, *, model: str, **parameters: Any) -> Job: ...
    def background_remove(self, request: Request | None = None, /, **arguments: Any) -> Job:
        """Submit a picture whose background is to be removed; answers with a job at once.

        Returns its job at once. Beside a request go the options of the call; without one all
        arguments are parameters, and the client's own options count, see `with_options`.

        Args:
            request: A typed request, or a mapping, flat or in the shape of the API's JSON.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Identifies this call, so that it is paid for once; random if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """
        return self._submit_to("images.background_remove", "background_remove", request, arguments)


class Jobs(_resources.Jobs):
    """`client.jobs`."""

    def get(self, id: str, *, timeout: float | None = None) -> Job:
        """Look a job up by its id.

        Args:
            id: The job's id.
        """
        return self._get("jobs.get", {"id": id}, timeout)

    def list(
        self,
        *,
        status: Literal["QUEUED", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"] | None = None,
        model: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        scope: Literal["user", "team"] | None = None,
        search: str | None = None,
        include_models: Literal["true", "false"] | None = None,
        timeout: float | None = None,
    ) -> Page[Job]:
        """List jobs, newest first.

        Args:
            status: Only jobs in this status. "QUEUED", "PROCESSING", "COMPLETED", "FAILED" or
                "CANCELLED".
            model: Only jobs of this model.
            limit: Jobs a page. 1 to 100. The server's default is 20.
            cursor: Where to go on; nextCursor of the page before.
            scope: Whose jobs. A team's are for its admins. "user" or "team". The server's default
                is "user".
            search: Only the job with this id.
            include_models: Whether to list the models in use beside the jobs. "true" or "false".
                The server's default is "false".
        """
        return self._list(
            "jobs.list",
            {
                "status": status,
                "model": model,
                "limit": limit,
                "cursor": cursor,
                "scope": scope,
                "search": search,
                "include_models": include_models,
            },
            timeout,
        )


class Uploads(_resources.Forms):
    """`client.uploads`."""

    def create(
        self, file: FileLike, *, name: str | None = None, timeout: float | None = None
    ) -> Upload:
        """Upload a file; answers with a URL that requests may refer to.

        Args:
            file: The file.
            name: The name of the file; its own if not given.

        The file is a path, its content, or anything open for reading bytes, such as a pipe. It is
        read whole, from its beginning if it can go there.

        Raises:
            InvalidRequestError: It is not a file, or has more bytes than it may.
            OSError: It can't be read.
        """
        return self._form("uploads.create", Upload, file, name, {}, timeout)


class Operations(_resources.Resource):
    """The client's resources, and the operations of its own."""

    images = _resources.Part(Images)
    jobs = _resources.Part(Jobs)
    uploads = _resources.Part(Uploads)

    def me(self, *, timeout: float | None = None) -> Me:
        """Who the API key belongs to, and the team's credits."""
        return self._answer("me", Me, {}, timeout)

    def models(
        self,
        *,
        modality: Literal["image", "video", "music"] | None = None,
        timeout: float | None = None,
    ) -> ModelCatalog:
        """The catalogue of models. Needs no API key.

        Args:
            modality: Only models of this modality. "image", "video" or "music".
        """
        return self._answer("models", ModelCatalog, {"modality": modality}, timeout)
