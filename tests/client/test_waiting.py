"""Many jobs waited for, lists gone through, calls watched: over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import fluxframe
from fluxframe import (
    APIStatusError,
    APITimeoutError,
    AsyncFluxframe,
    CallInfo,
    ConfigurationError,
    Fluxframe,
    InvalidRequestError,
    JobFailedError,
    JobTimeoutError,
    NotFoundError,
    ServerError,
    UnexpectedResponseError,
)
from fluxframe._wire import retry, transport
from fluxframe.emulator import Emulator

from ..servers.http1 import Request, http_json
from ..servers.scripted import OK, Do, Server, Then, job_json
from . import calls
from .calls import KEY, Kind, Use, all_of, both, value_of

REQUEST: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
SLACK = 3.0


def call(kind: Kind, use: Use, **options: Any) -> Any:
    return calls.call(kind, use, **{"max_retries": 0, "timeout": 20.0, **options})


class Jobs:
    """Jobs that end, each so many seconds after the first request, in the status that is given."""

    def __init__(self, **ends: tuple[float, str]) -> None:
        self.ends = ends
        self.polls: Counter[str] = Counter()
        self._start: float | None = None

    def __call__(self, request: Request) -> bytes:
        self._start = self._start or time.monotonic()
        id = request.target.rpartition("/")[2]
        if request.method == "POST":
            return http_json({"jobId": next(iter(self.ends)), "status": "QUEUED"}, 202)
        if id not in self.ends:
            return http_json({"error": "Job not found"}, 404)
        self.polls[id] += 1
        seconds, status = self.ends[id]
        ended = time.monotonic() - self._start >= seconds
        error = "a reason" if status == "FAILED" else None
        return http_json(job_json(id, status, error=error) if ended else job_json(id, "PROCESSING"))


def waiting(*ids: str, **options: Any) -> Use:
    return lambda client: all_of(client.jobs.wait_many(ids, **{"interval": 0.03, **options}))


# wait_many


@both
def test_jobs_come_in_the_order_in_which_they_end(kind: Kind) -> None:
    jobs = Jobs(slow=(1.0, "COMPLETED"), quick=(0.0, "COMPLETED"), middle=(0.5, "COMPLETED"))
    with Server(answer=jobs) as server:
        found = call(kind, waiting("slow", "quick", "middle"), base_url=server.url)
    assert [job.id for job in found] == ["quick", "middle", "slow"]
    assert all(job.succeeded for job in found)
    assert jobs.polls["quick"] == 1


@both
def test_a_job_that_is_named_twice_comes_once(kind: Kind) -> None:
    jobs = Jobs(a=(0.0, "COMPLETED"), b=(0.1, "COMPLETED"))
    with Server(answer=jobs) as server:
        found = call(kind, waiting("a", "b", "a", "b", "a"), base_url=server.url)
    assert sorted(job.id for job in found) == ["a", "b"]
    assert jobs.polls["a"] == 1


@both
def test_a_job_that_failed_is_given_back_like_any_other(kind: Kind) -> None:
    jobs = Jobs(a=(0.0, "FAILED"), b=(0.3, "CANCELLED"), c=(0.6, "COMPLETED"))
    with Server(answer=jobs) as server:
        found = call(kind, waiting("c", "b", "a"), base_url=server.url)
    assert [(job.id, job.succeeded) for job in found] == [("a", False), ("b", False), ("c", True)]
    with pytest.raises(JobFailedError, match="a reason"):
        found[0].raise_for_status()


@both
def test_no_jobs_are_waited_for_at_once(kind: Kind) -> None:
    with Server() as server:
        assert call(kind, waiting(), base_url=server.url) == []
        assert server.requests == []


@both
def test_more_jobs_than_polls_at_once_all_come(kind: Kind) -> None:
    ids = {f"j{i}": (0.01 * i, "COMPLETED") for i in range(40)}
    with Server(answer=Jobs(**ids)) as server:
        found = call(kind, waiting(*ids), base_url=server.url)
        assert sorted(job.id for job in found) == sorted(ids)
        # The async client counts one as free when the headers are here, and may open another meanwhile.
        assert server.connections <= (8 if kind is Fluxframe else 16)


@both
def test_a_job_that_is_not_done_in_time_ends_the_waiting(kind: Kind) -> None:
    jobs = Jobs(a=(0.0, "COMPLETED"), b=(1e9, "COMPLETED"))
    found: list[str] = []

    async def wait(client: Any) -> None:
        jobs = client.jobs.wait_many(["b", "a"], deadline=0.5, interval=0.05)
        if kind is AsyncFluxframe:
            async for job in jobs:
                found.append(job.id)
        else:
            for job in jobs:
                found.append(job.id)

    with Server(answer=jobs) as server:
        start = time.monotonic()
        with pytest.raises(JobTimeoutError, match="goes on") as caught:
            call(kind, wait, base_url=server.url)
        assert 0.5 <= time.monotonic() - start < 0.5 + SLACK
    assert found == ["a"]
    assert caught.value.job.id == "b"


@both
def test_a_poll_that_stalls_ends_with_the_deadline(kind: Kind) -> None:
    with Server([Do(lambda good: [Then.STALL])] * 9, answer=Jobs(a=(0, "COMPLETED"))) as server:
        start = time.monotonic()
        with pytest.raises(JobTimeoutError) as caught:
            call(kind, waiting("a", deadline=0.5), base_url=server.url)
        assert time.monotonic() - start < 0.5 + 1 + SLACK
    assert isinstance(caught.value.__cause__, APITimeoutError)


@both
@pytest.mark.parametrize("unknown", [1, 3, 12])
def test_unknown_jobs_do_not_keep_the_others(kind: Kind, unknown: int) -> None:
    """The good ones come, and then the error of the first, with its id, and a note of each other."""
    found: list[str] = []

    async def wait(client: Any) -> None:
        ids = [*(f"none{i}" for i in range(unknown)), "a", "b", "c"]
        jobs = client.jobs.wait_many(ids, interval=0.03)
        if kind is AsyncFluxframe:
            async for job in jobs:
                found.append(job.id)
        else:
            for job in jobs:
                found.append(job.id)

    ends = {"a": (0.3, "COMPLETED"), "b": (0.1, "FAILED"), "c": (0.0, "COMPLETED")}
    with Server(answer=Jobs(**ends)) as server, pytest.raises(NotFoundError) as caught:
        call(kind, wait, base_url=server.url)
    assert sorted(found) == ["a", "b", "c"]
    told = [str(caught.value), *getattr(caught.value, "__notes__", [])]
    assert caught.value.job_id in {f"none{i}" for i in range(unknown)}
    assert f"job {caught.value.job_id}" in told[0]
    if unknown <= 10:
        assert all(any(f"none{i}" in text for text in told) for i in range(unknown))
    assert len(told) <= 12


@both
@pytest.mark.parametrize("wrong", [5, None, b"a", ["a"]], ids=repr)
def test_an_id_that_is_not_text_is_refused_before_anything_is_sent(kind: Kind, wrong: Any) -> None:
    with Server() as server:
        with pytest.raises(InvalidRequestError, match=r"ids\[1\]: .* expected text"):
            call(kind, waiting("a", wrong), base_url=server.url)
        assert not server.requests


@both
def test_what_all_would_meet_ends_the_waiting_at_once(kind: Kind) -> None:
    refusal = Do(lambda good: [http_json({"error": "Invalid API key"}, 401)], makes=False)
    with Server([refusal], answer=Jobs(a=(1e9, ""), b=(1e9, ""))) as server:
        start = time.monotonic()
        with pytest.raises(fluxframe.AuthenticationError):
            call(kind, waiting("a", "b"), base_url=server.url)
        assert time.monotonic() - start < SLACK


@both
def test_many_jobs_whose_last_polls_stall_end_with_the_deadline(kind: Kind) -> None:
    ids = [f"j{i}" for i in range(30)]
    with Server([STALL] * 99) as server:
        start = time.monotonic()
        with pytest.raises(JobTimeoutError, match=r"could not be asked for within 0\.5 s"):
            call(kind, waiting(*ids, deadline=0.5), base_url=server.url)
        assert time.monotonic() - start < 0.5 + 1 + SLACK


# Letting go


class Slow:
    """Job a ends at once, and a poll of any other takes ten seconds."""

    def __init__(self) -> None:
        self.polls: Counter[str] = Counter()

    def __call__(self, request: Request) -> Any:
        id = request.target.rpartition("/")[2]
        self.polls[id] += 1
        return http_json(job_json(id)) if id == "a" else [Then.STALL]


@pytest.mark.parametrize("how", ["break", "close", "drop", "raise", "interrupt"])
def test_a_wait_lets_go_while_a_poll_is_under_way(how: str) -> None:
    jobs = Slow()

    def use(client: Any) -> None:
        found = client.jobs.wait_many(["b", "a", "c"])
        assert next(found).id == "a"
        if how == "close":
            found.close()
        elif how == "drop":
            del found
        elif how == "interrupt":
            timer = threading.Timer(
                0.2, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]
            )
            timer.start()
            next(found)
        elif how == "raise":
            for _ in client.jobs.wait_many(["b", "a"]):
                raise ZeroDivisionError
        else:
            for _ in client.jobs.wait_many(["b", "a"]):
                break

    with Server(answer=jobs) as server:
        start = time.monotonic()
        with (
            contextlib.suppress(KeyboardInterrupt, ZeroDivisionError),
            Fluxframe(api_key=KEY, base_url=server.url) as client,
        ):
            use(client)
        assert time.monotonic() - start < SLACK
        time.sleep(0.1)
        assert max(jobs.polls.values()) <= 2  # One for each of the waits.


def test_a_program_ends_while_polls_are_under_way() -> None:
    program = """
import sys
from fluxframe import Fluxframe
client = Fluxframe()
print(next(client.jobs.wait_many(["b", "a", "c"])).id)
"""
    with Server(answer=Slow()) as server:
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env={
                **os.environ,
                "APIFRAME_API_KEY": KEY,
                "APIFRAME_BASE_URL": server.url,
                "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert time.monotonic() - start < 20  # A poll would take a minute.
    assert (done.stdout, done.stderr) == ("a\n", "")


@both
@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": 0},
        {"interval": -1},
        {"deadline": float("nan")},
        {"deadline": "5"},
        {"interval": "1"},
        {"interval": 1e10},
        {"deadline": 10**400},
        {"deadline": True},
    ],
    ids=str,
)
def test_a_time_that_is_none_is_refused(kind: Kind, wrong: dict[str, Any]) -> None:
    with Server() as server, pytest.raises(ConfigurationError):
        call(kind, waiting("a", **wrong), base_url=server.url)


@both
def test_one_id_is_not_a_list_of_them(kind: Kind) -> None:
    with Server() as server:
        with pytest.raises(InvalidRequestError, match='ids: "ab" is one id; pass a list'):
            call(kind, lambda client: all_of(client.jobs.wait_many("ab")), base_url=server.url)
        assert not server.requests


@both
@pytest.mark.parametrize("id", ["a", "job_1", "füchse 狐"])
def test_an_id_that_is_not_a_uuid_is_waited_for(kind: Kind, id: str) -> None:
    def answer(request: Request) -> bytes:
        assert request.target == f"/v2/jobs/{quote(id)}"
        return http_json(job_json(id))

    with Server(answer=answer) as server:
        job = call(kind, lambda client: client.jobs.wait(id), base_url=server.url)
    assert job.succeeded
    assert job.id == id


STALL = Do(lambda good: [Then.STALL], makes=False)
ENDED = Do(lambda good: [http_json({"jobId": "a", "status": "COMPLETED"}, 202)])


@both
@pytest.mark.parametrize("how", ["by its id", "just submitted", "ended before"])
def test_a_wait_whose_polls_stall_ends_with_its_deadline(kind: Kind, how: str) -> None:
    before = {"by its id": [], "just submitted": [OK], "ended before": [ENDED]}[how]

    def use(client: Any) -> Any:
        times = {"deadline": 0.5, "interval": 0.05}
        if how == "by its id":
            return client.jobs.wait("a", **times)
        return client.images.run(REQUEST, **times)

    with Server([*before, *[STALL] * 50]) as server:
        begun = time.monotonic()
        with pytest.raises(JobTimeoutError) as caught:
            call(kind, use, base_url=server.url, timeout=6, max_retries=1)
        assert time.monotonic() - begun < 0.5 + 1.5
        words = (
            "was QUEUED when it was last seen, and could not be asked for within 0.5 s"
            if how == "just submitted"
            else "could not be asked for"
        )
        assert words in str(caught.value)
        assert f'client.jobs.wait("{caught.value.job.id}")' in str(caught.value)
        assert isinstance(caught.value.__cause__, APITimeoutError)


def test_a_generator_that_is_closed_leaves_no_thread() -> None:
    jobs = Jobs(a=(0.0, "COMPLETED"), b=(1e9, "COMPLETED"), c=(1e9, "COMPLETED"))
    before = set(threading.enumerate())

    def one(client: Any) -> None:
        found = client.jobs.wait_many(["b", "a", "c"], interval=0.02)
        assert next(found).id == "a"
        found.close()
        time.sleep(0.2)  # The last poll may be on its way.
        own = [thread.name for thread in threading.enumerate() if thread not in before]
        assert "fluxframe-poll" not in own
        polls = jobs.polls.total()
        time.sleep(0.2)
        assert jobs.polls.total() == polls

    with Server(answer=jobs) as server:
        call(Fluxframe, one, base_url=server.url)


@pytest.mark.parametrize("how", ["closed", "left", "cancelled"])
def test_an_async_generator_that_is_left_leaves_no_task(how: str) -> None:
    jobs = Jobs(a=(0.0, "COMPLETED"), b=(1e9, "COMPLETED"), c=(1e9, "COMPLETED"))

    async def first(client: Any) -> None:
        found = client.jobs.wait_many(["b", "a", "c"], interval=0.02)
        if how == "closed":
            assert (await anext(found)).id == "a"
            await found.aclose()
        elif how == "left":
            async for job in found:
                assert job.id == "a"
                break
        else:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await all_of(found)

    async def one(client: Any) -> None:
        await first(client)
        for _ in range(50):
            if len(asyncio.all_tasks()) == 1:
                break
            await asyncio.sleep(0.02)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await asyncio.sleep(0.2)  # The last poll may be on its way.
        polls = jobs.polls.total()
        await asyncio.sleep(0.2)
        assert jobs.polls.total() == polls

    with Server(answer=jobs) as server:
        call(AsyncFluxframe, one, base_url=server.url)


@both
def test_jobs_of_the_emulator_are_waited_for(kind: Kind, emulator: Emulator, key: str) -> None:
    async def batch(client: Any) -> list[Any]:
        jobs = [await value_of(client.images.generate(**REQUEST)) for _ in range(5)]
        found = await all_of(client.jobs.wait_many([job.id for job in jobs], interval=0.05))
        assert sorted(job.id for job in found) == sorted(job.id for job in jobs)
        return [await value_of(job.images[0].bytes()) for job in found]

    pictures = call(kind, batch, base_url=emulator.url, api_key=key)
    assert all(picture.startswith((b"\xff\xd8\xff", b"RIFF", b"\x89PNG")) for picture in pictures)


# images.run


@both
def test_a_run_is_a_submission_and_the_wait(kind: Kind, emulator: Emulator, key: str) -> None:
    seen: list[str] = []
    job = call(
        kind,
        lambda client: client.images.run(
            {**REQUEST}, interval=0.05, on_progress=lambda job: seen.append(job.status)
        ),
        base_url=emulator.url,
        api_key=key,
    )
    assert job.succeeded
    assert job.image_urls
    assert seen[-1] == "COMPLETED"


@both
def test_the_deadline_of_a_run_is_for_both(kind: Kind) -> None:
    """A submission that takes half of it leaves half of it to the wait."""
    never = Jobs(a=(1e9, "COMPLETED"))
    with Server([Do(lambda good: [0.8, good])], answer=never) as server:
        start = time.monotonic()
        with pytest.raises(JobTimeoutError) as caught:
            call(
                kind,
                lambda client: client.images.run({**REQUEST}, deadline=1.6, interval=0.1),
                base_url=server.url,
            )
        assert 1.6 <= time.monotonic() - start < 1.6 + 0.7 + SLACK
        assert caught.value.job.id == "a"
        assert 0 < never.polls["a"] <= 9


@both
def test_a_run_whose_submission_stalls_ends_with_its_deadline(kind: Kind) -> None:
    with Server([Do(lambda good: [Then.STALL])] * 9) as server:
        with pytest.raises(APITimeoutError) as caught:
            call(
                kind,
                lambda client: client.images.run({**REQUEST}, deadline=0.5),
                base_url=server.url,
            )
        assert caught.value.elapsed < 0.5 + SLACK
        assert caught.value.idempotency_key == server.keys[0]


@both
@pytest.mark.parametrize(
    ("reason", "resubmit"),
    [
        ("No available capacity — please retry shortly", True),
        ("Provider returned an error: content policy violation", False),
        ("Provider returned an error", None),
        (None, None),
    ],
)
def test_a_job_that_failed_says_whether_to_submit_it_again(
    kind: Kind, reason: str | None, resubmit: bool | None
) -> None:
    def answer(request: Request) -> bytes:
        if request.method == "POST":
            return http_json({"jobId": "a", "status": "QUEUED"}, 202)
        return http_json(job_json("a", "FAILED", error=reason))

    with Server(answer=answer) as server, pytest.raises(JobFailedError) as caught:
        call(
            kind,
            lambda client: client.images.run({**REQUEST}, interval=0.01),
            base_url=server.url,
        )
    assert caught.value.resubmit is resubmit
    assert (reason or "the server gave no reason") in str(caught.value)


@both
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404])
def test_a_run_whose_polls_are_refused_says_which_job_goes_on(kind: Kind, status: int) -> None:
    refusal = http_json({"error": "No"}, status, Location="/x")
    with Server([OK, *[Do(lambda good: [refusal], makes=False)] * 9]) as server:
        with pytest.raises(APIStatusError) as caught:
            call(
                kind,
                lambda client: client.images.run({**REQUEST}, interval=0.01),
                base_url=server.url,
            )
        [id] = server.jobs.values()
    assert caught.value.status == status
    assert caught.value.__notes__ == [
        f'job {id} goes on; wait for it with client.jobs.wait("{id}")'
    ]


@both
def test_a_run_whose_on_progress_raises_says_which_job_goes_on(kind: Kind) -> None:
    def broken(job: object) -> None:
        raise ZeroDivisionError

    with Server() as server:
        with pytest.raises(ZeroDivisionError) as caught:
            call(
                kind,
                lambda client: client.images.run({**REQUEST}, on_progress=broken),
                base_url=server.url,
            )
        [id] = server.jobs.values()
    assert f'client.jobs.wait("{id}")' in caught.value.__notes__[0]


@both
def test_an_on_progress_that_is_not_a_function_is_refused_before_anything_is_sent(
    kind: Kind,
) -> None:
    uses: list[Use] = [
        lambda client: client.images.run({**REQUEST}, on_progress=5),
        lambda client: client.jobs.wait("a", on_progress="print"),
    ]
    with Server() as server:
        for use in uses:
            with pytest.raises(ConfigurationError, match=r"on_progress: a .*expected a function"):
                call(kind, use, base_url=server.url)
        assert not server.requests


def test_ctrl_c_says_which_job_goes_on() -> None:
    def interrupt(job: object) -> None:
        raise KeyboardInterrupt

    with Server() as server:
        with (
            Fluxframe(api_key=KEY, base_url=server.url) as client,
            pytest.raises(KeyboardInterrupt) as caught,
        ):
            client.images.run({**REQUEST}, on_progress=interrupt)
        [id] = server.jobs.values()
    assert caught.value.__notes__ == [
        f'job {id} goes on; wait for it with client.jobs.wait("{id}")'
    ]


def test_a_run_that_is_cancelled_says_which_job_goes_on() -> None:
    notes: list[str] = []

    async def run(client: Any) -> None:
        try:
            await client.images.run(**REQUEST)
        except asyncio.CancelledError as error:
            notes.extend(error.__notes__)
            raise

    async def cancelled(client: Any) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await run(client)

    with Server(answer=Jobs(a=(1e9, "COMPLETED"))) as server:
        call(AsyncFluxframe, cancelled, base_url=server.url)
    assert notes == ['job a goes on; wait for it with client.jobs.wait("a")']


def test_a_job_is_waited_for_by_its_id_in_another_process(emulator: Emulator, key: str) -> None:
    job = call(
        Fluxframe,
        lambda client: client.images.generate(**REQUEST),
        base_url=emulator.url,
        api_key=key,
    )
    program = (
        "import sys; from fluxframe import Fluxframe\n"
        "with Fluxframe() as client: print(client.jobs.wait(sys.argv[1], interval=0.05).status)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, job.id],
        env={
            **os.environ,
            "APIFRAME_API_KEY": key,
            "APIFRAME_BASE_URL": emulator.url,
            "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("COMPLETED\n", "")


# Lists


@both
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_a_list_goes_through_all_its_pages(
    kind: Kind, limit: int, emulator: Emulator, key: str
) -> None:
    async def go_through(client: Any) -> tuple[list[str], list[str], list[str]]:
        made = [(await value_of(client.images.generate(**REQUEST))).id for _ in range(5)]
        seen = [job.id for job in await all_of(client.jobs.list(limit=limit))]
        page = await value_of(client.jobs.list(limit=limit))
        turned = [job.id for job in page.items]
        assert len(turned) == min(limit, 5)
        while (page := await value_of(page.next_page())) is not None:
            turned += [job.id for job in page.items]
        return made, seen, turned

    made, seen, turned = call(kind, go_through, base_url=emulator.url, api_key=key)
    assert seen == turned
    assert sorted(seen) == sorted(made)


@both
@pytest.mark.parametrize("circle", [["a"], ["a", "b"], ["a", "b", "c", "b"]])
def test_a_list_that_leads_in_a_circle_is_an_error(kind: Kind, circle: list[str]) -> None:
    def answer(request: Request) -> bytes:
        [cursor] = parse_qs(urlsplit(request.target).query).get("cursor", [""])
        place = max((i for i, c in enumerate(circle) if c == cursor), default=-1)
        following = circle[(place + 1) % len(circle)]
        return http_json(
            {"jobs": [job_json(cursor or "first")], "nextCursor": following, "hasMore": True}
        )

    async def go_through(client: Any) -> None:
        await all_of(client.jobs.list())

    with Server(answer=answer) as server:
        with pytest.raises(UnexpectedResponseError, match="already returned") as caught:
            call(kind, go_through, base_url=server.url)
        assert len(server.requests) <= len(circle) + 1
    assert (caught.value.operation, caught.value.attempts) == ("jobs.list", 1)


@both
def test_the_filters_of_a_list_hold_on_each_page(kind: Kind) -> None:
    def answer(request: Request) -> bytes:
        more = "cursor" not in request.target
        jobs = [job_json("a", "FAILED")]
        return http_json({"jobs": jobs, "nextCursor": "c" if more else None, "hasMore": more})

    async def go_through(client: Any) -> list[Any]:
        return await all_of(client.jobs.list(status="FAILED", limit=1))

    with Server(answer=answer) as server:
        assert len(call(kind, go_through, base_url=server.url)) == 2
        queries = [parse_qs(urlsplit(request.target).query) for request in server.requests]
    first = {"status": ["FAILED"], "limit": ["1"]}
    assert queries == [first, {**first, "cursor": ["c"]}]


# with_options


@both
def test_other_options_go_over_the_same_connection_and_change_nothing(kind: Kind) -> None:
    other_key = "afk_fedcba9876543210"

    async def use(client: Any) -> None:
        before = {**vars(client._transport)}
        await value_of(client.images.generate(**REQUEST))
        other = client.with_options(api_key=other_key, timeout=5, deadline=6, max_retries=7)
        await value_of(other.images.generate(**REQUEST))
        await value_of(client.images.generate(**REQUEST))
        assert type(other) is type(client)
        after = {**vars(client._transport)}
        assert {n: v for n, v in after.items() if n != "_builder"} == {
            n: v for n, v in before.items() if n != "_builder"
        }
        changed = other._transport.settings
        assert (changed.timeout, changed.deadline, changed.max_retries) == (5, 6, 7)
        assert other.images is not client.images

    with Server() as server:
        call(kind, use, base_url=server.url)
        assert [r.headers["x-api-key"] for r in server.requests] == [KEY, other_key, KEY]
        assert server.connections == 1


@both
@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": 0},
        {"timeout": 1e10},
        {"deadline": "5"},
        {"max_retries": -1},
        {"base_url": "x"},
        {"api_key": " "},
    ],
    ids=str,
)
def test_other_options_are_checked(kind: Kind, wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        call(kind, lambda client: client.with_options(**wrong))


# instrument


class Watch:
    """What `instrument` sees at the beginning and at the end of each call."""

    def __init__(self) -> None:
        self.begun: list[CallInfo] = []
        self.ended: list[CallInfo] = []
        self.errors: list[BaseException | None] = []

    @contextmanager
    def __call__(self, info: CallInfo) -> Iterator[None]:
        self.begun.append(replace(info))
        error: BaseException | None = None
        try:
            yield
        except BaseException as raised:
            error = raised
            raise
        finally:
            self.ended.append(info)
            self.errors.append(error)


@both
def test_each_call_is_seen(kind: Kind) -> None:
    watch = Watch()
    jobs = Jobs(a=(0.2, "COMPLETED"))
    with Server(answer=jobs) as server:
        call(
            kind,
            lambda client: client.images.run({**REQUEST}, interval=0.05, idempotency_key="mine"),
            base_url=server.url,
            instrument=watch,
        )
        url = server.url
    first, *polls = watch.ended
    known = CallInfo("images.generate", "POST", f"{url}/v2/images/generate", model="flux-2-pro")
    assert watch.begun[0] == known
    assert first == replace(
        known,
        idempotency_key="mine",
        job_id="a",
        status=202,
        attempts=1,
        elapsed=first.elapsed,
    )
    assert len(polls) == jobs.polls["a"]
    for poll in polls:
        assert (poll.operation, poll.job_id, poll.status) == ("jobs.get", "a", 200)
        assert poll.elapsed is not None
        assert poll.elapsed >= 0
    assert watch.errors == [None] * len(watch.ended)


@both
def test_a_call_that_fails_is_seen_to_its_end(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)
    watch = Watch()
    refusal = http_json({"error": "No"}, 503, **{"X-Request-Id": "r-1"})
    with Server([Do(lambda good: [refusal])] * 9) as server:
        with pytest.raises(ServerError) as caught:
            call(
                kind,
                lambda client: client.images.generate(**REQUEST),
                base_url=server.url,
                max_retries=2,
                instrument=watch,
            )
        [info] = watch.ended
        assert (info.status, info.request_id, info.attempts) == (503, "r-1", 3)
        assert info.idempotency_key == caught.value.idempotency_key == server.keys[0]
        assert info.elapsed == caught.value.elapsed
        assert watch.errors == [caught.value]

        server.script(Do(lambda good: [Then.RESET]))
        with pytest.raises(fluxframe.APIConnectionError):
            call(kind, lambda client: client.me(), base_url=server.url, instrument=watch)
        assert (watch.ended[1].status, watch.ended[1].attempts) == (None, 1)


@both
def test_a_call_that_is_not_sent_is_seen_without_an_answer(kind: Kind) -> None:
    watch = Watch()
    with pytest.raises(InvalidRequestError):
        call(kind, lambda client: client.jobs.get("no id"), instrument=watch)
    [info] = watch.ended
    assert (info.operation, info.attempts, info.status) == ("jobs.get", None, None)


@both
def test_an_error_comes_though_the_instrument_suppresses_it(kind: Kind) -> None:
    refusal = http_json({"error": "No"}, 401)
    with Server([Do(lambda good: [refusal], makes=False)]) as server:
        with pytest.raises(fluxframe.AuthenticationError):
            call(
                kind,
                lambda client: client.images.generate(**REQUEST),
                base_url=server.url,
                instrument=lambda info: contextlib.suppress(Exception),
            )
        assert len(server.requests) == 1


@both
def test_nothing_is_made_for_no_one_to_see(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(transport, "info_of", never)
    with Server() as server:
        assert call(kind, lambda client: client.images.generate(**REQUEST), base_url=server.url).id


@both
def test_a_call_is_a_span_of_opentelemetry(kind: Kind) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("fluxframe")

    @contextmanager
    def traced(call: CallInfo) -> Iterator[None]:
        with tracer.start_as_current_span(call.operation) as span:
            try:
                yield
            finally:
                known = {n: v for n, v in asdict(call).items() if v is not None}
                span.set_attributes({f"fluxframe.{name}": known[name] for name in known})

    with Server() as server:
        call(
            kind,
            lambda client: client.images.generate(**REQUEST),
            base_url=server.url,
            instrument=traced,
        )
        with pytest.raises(NotFoundError):
            call(kind, lambda client: client.me(), base_url=server.url, instrument=traced)
    good, bad = exporter.get_finished_spans()
    assert (good.name, bad.name) == ("images.generate", "me")
    assert good.attributes is not None
    assert bad.attributes is not None
    assert good.attributes["fluxframe.job_id"] in server.jobs.values()
    assert good.attributes["fluxframe.attempts"] == 1
    assert bad.attributes["fluxframe.status"] == 404
    assert (good.status.is_ok, bad.status.is_ok) == (True, False)
    assert KEY not in good.to_json() + bad.to_json()
