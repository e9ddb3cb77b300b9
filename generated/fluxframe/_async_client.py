# Generated from spec/ by `python -m codegen generate`; do not edit.
"""The async client: one method an operation, and one overload a model."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, overload

from ._wire.calls import Call
from ._catalog import OPERATIONS
from ._errors import JobError
from ._wire.http import AsyncClient, Library
from ._redact import without_query
from ._jobs import AsyncJob
from ._problems import Action, Advice
from ._pages import AsyncPages
from ._readers import accepted_json, job_json
from ._requests import build
from ._submit import submission
from ._wire.settings import DEFAULT_DEADLINE, DEFAULT_RETRIES, DEFAULT_TIMEOUT
from ._wire.transport import AsyncTransport
from ._wire.uploads import opened
from ._waiting import DEFAULT_WAIT, Polls, ProgressReporter, wait_many_async

if TYPE_CHECKING:
    from collections.abc import Callable

    from . import types
    from .batch._drivers import AsyncBatch
    from ._wire.calls import Instrument
    from ._problems import Validation


class AsyncImages:
    """`client.images`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @overload
    async def generate(
        self,
        *,
        model: Literal["flux-1.1-pro"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        image_prompt: str = ...,
        prompt_upsampling: bool = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> AsyncJob:
        """Flux 1.1 Pro: Fast, high-quality image generation with FLUX1.1 [pro].

        Keeps close to the prompt; six times as fast as its predecessor, with better quality and
        more variety.

        Args:
            prompt: What the picture shows. 1 to 2000 characters.
            webhook_url: URL that the job's events are posted to.
            webhook_events: Which events are posted. At least 1 item.
            aspect_ratio: Shape of the picture. A ratio such as "16:9" or "custom".
            width: Width of the picture. 256 to 1440 px. Only used when aspect_ratio is "custom".
            height: Height of the picture. 256 to 1440 px. Only used when aspect_ratio is "custom".
            output_format: File format of the picture. "jpg", "png" or "webp".
            output_quality: Compression quality of the file. 0 to 100. Ignored when output_format is
                "png".
            seed: Random seed. The same seed and request give the same picture again.
            image_prompt: URL of an image that guides the composition (Flux Redux).
            prompt_upsampling: Let the model rewrite the prompt for a more creative result.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Names this call, so that it is paid for once; made up if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """

    @overload
    async def generate(
        self,
        *,
        model: Literal["flux-2-dev"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["match_input_image", "custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        input_images: Sequence[str] = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        go_fast: bool = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> AsyncJob:
        """Flux 2 Dev: Open-weight image generation and editing with reference images.

        Open weights, with up to 5 reference images. Guidance distillation makes it faster than is
        usual for its size.

        Args:
            prompt: What the picture shows. 1 to 2000 characters.
            webhook_url: URL that the job's events are posted to.
            webhook_events: Which events are posted. At least 1 item.
            aspect_ratio: Shape of the picture. A ratio such as "16:9", "match_input_image" or
                "custom".
            width: Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom".
            height: Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom".
            input_images: URLs of reference images. At most 5 items.
            output_format: File format of the picture. "jpg", "png" or "webp".
            output_quality: Compression quality of the file. 0 to 100. Ignored when output_format is
                "png".
            seed: Random seed. The same seed and request give the same picture again.
            go_fast: Let the model take shortcuts for a faster result.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Names this call, so that it is paid for once; made up if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """

    @overload
    async def generate(
        self,
        *,
        model: Literal["flux-2-flex"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["match_input_image", "custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        resolution: str = ...,
        input_images: Sequence[str] = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        steps: int = ...,
        guidance: float = ...,
        prompt_upsampling: bool = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> AsyncJob:
        """Flux 2 Flex: Image generation for typography and fine detail.

        Keeps small details and lettering. Takes up to 10 reference images, and the number of steps
        and the guidance scale can be set.

        Args:
            prompt: What the picture shows. 1 to 2000 characters.
            webhook_url: URL that the job's events are posted to.
            webhook_events: Which events are posted. At least 1 item.
            aspect_ratio: Shape of the picture. A ratio such as "16:9", "match_input_image" or
                "custom".
            width: Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom".
            height: Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom".
            resolution: Size of the picture in megapixels, with or without a space before the unit.
                At most 4 MP.
            input_images: URLs of reference images. At most 10 items.
            output_format: File format of the picture. "jpg", "png" or "webp".
            output_quality: Compression quality of the file. 0 to 100. Ignored when output_format is
                "png".
            seed: Random seed. The same seed and request give the same picture again.
            steps: Number of inference steps. 1 to 50. The server's default is 30.
            guidance: Guidance scale. Higher values keep closer to the prompt. 1.5 to 10. The
                server's default is 4.5.
            prompt_upsampling: Let the model rewrite the prompt for a more creative result.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Names this call, so that it is paid for once; made up if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """

    @overload
    async def generate(
        self,
        *,
        model: Literal["flux-2-max"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["match_input_image", "custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        resolution: str = ...,
        input_images: Sequence[str] = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> AsyncJob:
        """Flux 2 Max: The image model of the highest fidelity from Black Forest Labs.

        The best at following a prompt and at consistent edits. Takes up to 8 reference images, for
        character consistency, product mock-ups and style transfer.

        Args:
            prompt: What the picture shows. 1 to 2000 characters.
            webhook_url: URL that the job's events are posted to.
            webhook_events: Which events are posted. At least 1 item.
            aspect_ratio: Shape of the picture. A ratio such as "16:9", "match_input_image" or
                "custom".
            width: Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom".
            height: Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom".
            resolution: Size of the picture in megapixels, with or without a space before the unit.
                At most 4 MP.
            input_images: URLs of reference images. At most 8 items.
            output_format: File format of the picture. "jpg", "png" or "webp".
            output_quality: Compression quality of the file. 0 to 100. Ignored when output_format is
                "png".
            seed: Random seed. The same seed and request give the same picture again.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Names this call, so that it is paid for once; made up if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """

    @overload
    async def generate(
        self,
        *,
        model: Literal["flux-2-pro"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["match_input_image", "custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        resolution: str = ...,
        input_images: Sequence[str] = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        prompt_upsampling: bool = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> AsyncJob:
        """Flux 2 Pro: High-quality image generation and editing with multi-reference support.

        Takes up to 8 reference images. Strong at rendering text, at photorealism, and at keeping a
        character the same from picture to picture.

        Args:
            prompt: What the picture shows. 1 to 2000 characters.
            webhook_url: URL that the job's events are posted to.
            webhook_events: Which events are posted. At least 1 item.
            aspect_ratio: Shape of the picture. A ratio such as "16:9", "match_input_image" or
                "custom".
            width: Width of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom".
            height: Height of the picture. 256 to 2048 px. Only used when aspect_ratio is "custom".
            resolution: Size of the picture in megapixels, with or without a space before the unit.
                At most 4 MP.
            input_images: URLs of reference images. At most 8 items.
            output_format: File format of the picture. "jpg", "png" or "webp".
            output_quality: Compression quality of the file. 0 to 100. Ignored when output_format is
                "png".
            seed: Random seed. The same seed and request give the same picture again.
            prompt_upsampling: Let the model rewrite the prompt for a more creative result.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Names this call, so that it is paid for once; made up if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """

    @overload
    async def generate(
        self,
        *,
        model: str,
        prompt: str,
        validation: Literal["warn", "off"],
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        **parameters: Any,
    ) -> AsyncJob:
        """A model, or parameters, that this version does not know; sent with a warning or none."""

    async def generate(
        self,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        **arguments: Any,
    ) -> AsyncJob:
        """Submit a request; returns its job at once."""
        return await self._submit(
            build(arguments), extra_params, idempotency_key, timeout, validation
        )

    @overload
    async def run(
        self,
        *,
        model: Literal["flux-1.1-pro"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        image_prompt: str = ...,
        prompt_upsampling: bool = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Flux 1.1 Pro, submitted and waited for. The arguments are those of `generate`."""

    @overload
    async def run(
        self,
        *,
        model: Literal["flux-2-dev"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["match_input_image", "custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        input_images: Sequence[str] = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        go_fast: bool = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Flux 2 Dev, submitted and waited for. The arguments are those of `generate`."""

    @overload
    async def run(
        self,
        *,
        model: Literal["flux-2-flex"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["match_input_image", "custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        resolution: str = ...,
        input_images: Sequence[str] = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        steps: int = ...,
        guidance: float = ...,
        prompt_upsampling: bool = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Flux 2 Flex, submitted and waited for. The arguments are those of `generate`."""

    @overload
    async def run(
        self,
        *,
        model: Literal["flux-2-max"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["match_input_image", "custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        resolution: str = ...,
        input_images: Sequence[str] = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Flux 2 Max, submitted and waited for. The arguments are those of `generate`."""

    @overload
    async def run(
        self,
        *,
        model: Literal["flux-2-pro"],
        prompt: str,
        webhook_url: str = ...,
        webhook_events: Sequence[Literal["progress", "completed", "failed"]] = ...,
        aspect_ratio: Literal["match_input_image", "custom"] | str = ...,
        width: int = ...,
        height: int = ...,
        resolution: str = ...,
        input_images: Sequence[str] = ...,
        output_format: Literal["jpg", "png", "webp"] = ...,
        output_quality: int = ...,
        seed: int = ...,
        prompt_upsampling: bool = ...,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Flux 2 Pro, submitted and waited for. The arguments are those of `generate`."""

    @overload
    async def run(
        self,
        *,
        model: str,
        prompt: str,
        validation: Literal["warn", "off"],
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
        **parameters: Any,
    ) -> AsyncJob:
        """A model, or parameters, that this version does not know; sent with a warning or none."""

    async def run(
        self,
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
        **arguments: Any,
    ) -> AsyncJob:
        """Submit a request and wait until its job is done.

        Takes what `generate` takes, and what `AsyncJob.wait` does: `deadline` is the seconds for both
        together.
        """
        polls, reporter = Polls(deadline, interval), ProgressReporter(on_progress)
        job = await self._submit(
            build(arguments), extra_params, idempotency_key, timeout, validation, deadline
        )
        try:
            await job._settle(polls, reporter)
        except BaseException as error:
            if not isinstance(error, JobError):  # Which has the job.
                error.add_note(f"job {job.id} goes on; {Advice(Action.WAIT, (job.id,))}")
            raise
        job.raise_for_status()
        return job

    async def submit(
        self,
        request: types.Flux11ProRequest
        | types.Flux2DevRequest
        | types.Flux2FlexRequest
        | types.Flux2MaxRequest
        | types.Flux2ProRequest
        | Mapping[str, Any],
        *,
        extra_params: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        validation: Validation | None = None,
    ) -> AsyncJob:
        """Submit a typed request, or a mapping in the shape of the API's JSON; returns its job.

        Args:
            request: Such as `types.Flux2ProRequest(…)`, or `{"model": …, "prompt": …, …}`.
            extra_params: More parameters, sent as they are, unchecked.
            idempotency_key: Names this call, so that it is paid for once; made up if not given.
            timeout: Seconds to wait for the answer; the client's if not given.
            validation: What to do about a broken limit: "error", "warn" or "off"; the client's if
                not given.

        Raises:
            InvalidRequestError: The request breaks a limit; it was not sent.
            APIStatusError: The server refused it.
        """
        return await self._submit(request, extra_params, idempotency_key, timeout, validation)

    async def _submit(
        self,
        request: Any,
        extra_params: Mapping[str, Any] | None,
        idempotency_key: str | None,
        timeout: float | None,
        validation: Validation | None,
        deadline: float | None = None,
    ) -> AsyncJob:
        operation = OPERATIONS["images.generate"]
        call = submission(
            self._transport.settings,
            operation,
            request,
            extra_params=extra_params,
            idempotency_key=idempotency_key,
            timeout=timeout,
            deadline=deadline,
            validation=validation,
        )
        response = await self._transport.send(call)
        raw = accepted_json(response, operation.name, call.body or {})
        return AsyncJob(self._transport, raw, response=response, partial=True)


class AsyncJobs:
    """`client.jobs`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, id: str, *, timeout: float | None = None) -> AsyncJob:
        """Look a job up by its id.

        Args:
            id: The job's id.
        """
        operation = OPERATIONS["jobs.get"]
        response = await self._transport.send(
            Call(
                operation,
                path_parameters={
                    "id": id,
                },
                timeout=timeout,
            )
        )
        return AsyncJob(self._transport, job_json(response, operation.name), response=response)

    async def wait(
        self,
        id: str,
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
        on_progress: Callable[[AsyncJob], object] | None = None,
    ) -> AsyncJob:
        """Wait until a job is done, whichever process submitted it; see `AsyncJob.wait`."""
        polls, reporter = Polls(deadline, interval), ProgressReporter(on_progress)
        job = AsyncJob._by_id(self._transport, id)
        await job._settle(polls, reporter)
        job.raise_for_status()
        return job

    def wait_many(
        self,
        ids: Iterable[str],
        *,
        deadline: float | None = DEFAULT_WAIT,
        interval: float | None = None,
    ) -> AsyncIterator[AsyncJob]:
        """Wait for many jobs at once; gives each back as it ends, the first to end first.

        A failed job is given back like any other, and says so by `succeeded` or `raise_for_status()`.
        `deadline` is the seconds for all of them.

        Raises:
            JobTimeoutError: One was not done in time; those that were have been given back.
            NotFoundError: There is no such job.
        """
        return wait_many_async(
            partial(AsyncJob._by_id, self._transport), ids, deadline=deadline, interval=interval
        )

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
    ) -> AsyncPages[AsyncJob]:
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
        """
        operation = OPERATIONS["jobs.list"]
        call = Call(
            operation,
            query={
                "status": status,
                "model": model,
                "limit": limit,
                "cursor": cursor,
                "scope": scope,
                "search": search,
                "include_models": include_models,
            },
            timeout=timeout,
        )
        return AsyncPages(self._transport, call, AsyncJob)


class AsyncUploads:
    """`client.uploads`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self,
        file: str | Path | bytes | IO[bytes],
        *,
        name: str | None = None,
        timeout: float | None = None,
    ) -> types.Upload:
        """Upload a file; answers with a URL that requests may refer to."""
        operation = OPERATIONS["uploads.create"]
        with opened(file, name) as part:
            response = await self._transport.send(
                Call(operation, file=("file", part), timeout=timeout)
            )
        from . import types

        return types.Upload.from_wire(response, operation)


class AsyncFluxframe:
    """Apiframe image API, async.

    Args:
        api_key: Yours; by default the environment's `APIFRAME_API_KEY`. Sent to `base_url` only.
        base_url: Where the API is; by default `APIFRAME_BASE_URL`, or `https://api.apiframe.ai`.
        timeout: Seconds that one attempt of a call may take; for an upload, each step of it.
        deadline: Seconds that a call may take with all its attempts.
        max_retries: How often a call is tried again that failed for want of a connection or in time,
            or with status 408, 429, 500, 502, 503 or 504. A submission keeps its idempotency key, so
            that it is paid for once; an upload is tried again only if nothing of it was sent.
        validation: What to do about a request that breaks a limit of its model: "error" refuses it
            before it is sent, "warn" sends it with a RequestWarning, "off" just sends it.
        http_client: What to send with: "httpx", as by default, or "httpx2", which is faster and has
            to be installed; or a client of yours of one of them, which is not closed.
        instrument: Called with a `CallInfo` at the beginning of each call; the call runs within the
            context manager that it returns, and has completed the `CallInfo` at the end.

    Raises:
        ConfigurationError: A setting can't be used.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float = DEFAULT_DEADLINE,
        max_retries: int = DEFAULT_RETRIES,
        validation: Validation = "error",
        http_client: AsyncClient | Library | None = None,
        instrument: Instrument | None = None,
    ) -> None:
        self._use(
            AsyncTransport(
                api_key=api_key,
                base_url=base_url,
                timeout=timeout,
                deadline=deadline,
                max_retries=max_retries,
                validation=validation,
                http_client=http_client,
                instrument=instrument,
            )
        )

    def _use(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self.images = AsyncImages(transport)
        self.jobs = AsyncJobs(transport)
        self.uploads = AsyncUploads(transport)

    def with_options(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        max_retries: int | None = None,
        validation: Validation | None = None,
        instrument: Instrument | None = None,
    ) -> AsyncFluxframe:
        """A client with other settings, over the same connections; what is not given stays.

        To close one of them closes the connections of both.
        """
        other = copy.copy(self)
        other._use(
            self._transport.with_options(
                api_key=api_key,
                base_url=base_url,
                timeout=timeout,
                deadline=deadline,
                max_retries=max_retries,
                validation=validation,
                instrument=instrument,
            )
        )
        return other

    @property
    def batch(self) -> AsyncBatch:
        """`client.batch.run(requests, journal=…)`: many requests, each paid for once."""
        from .batch._drivers import AsyncBatch

        return AsyncBatch(self.images, self._transport)

    @property
    def base_url(self) -> str:
        """Where the API is."""
        return self._transport.settings.base_url

    async def me(self, *, timeout: float | None = None) -> types.Me:
        """Who the API key belongs to, and the team's credits."""
        operation = OPERATIONS["me"]
        response = await self._transport.send(Call(operation, timeout=timeout))
        from . import types

        return types.Me.from_wire(response, operation)

    async def models(
        self, *, modality: str | None = None, timeout: float | None = None
    ) -> types.ModelCatalog:
        """The catalogue of models. Needs no API key.

        Args:
            modality: Only models of this modality, such as image.
        """
        operation = OPERATIONS["models"]
        response = await self._transport.send(
            Call(
                operation,
                query={
                    "modality": modality,
                },
                timeout=timeout,
            )
        )
        from . import types

        return types.ModelCatalog.from_wire(response, operation)

    async def aclose(self) -> None:
        """Close the connections, unless `http_client` was given."""
        await self._transport.aclose()

    async def __aenter__(self) -> AsyncFluxframe:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<AsyncFluxframe {without_query(self.base_url)}>"
