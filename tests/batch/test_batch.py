"""A batch pays for each row once, whatever happens; in threads and in tasks alike."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, get_type_hints

import httpx
import pytest

import fluxframe
from fluxframe import BatchProgress, BatchSummary, Fluxframe, JournalError, types
from fluxframe._check import check_wire
from fluxframe.batch import AsyncBatch, Batch
from fluxframe.batch._batch_run import count_rows
from fluxframe.batch._entry import json_line
from fluxframe.batch._gate import Gate
from fluxframe.batch._journal import Journal
from fluxframe.emulator import Emulator

from ..servers import tiny
from ..servers.http1 import Request, http, http_json
from ..servers.scripted import OK, Do, Server, Then, job_json
from ..servers.tiny import Call, TinyServer, listening

PICTURE = {"aspect_ratio": "custom", "width": 256, "height": 256}
SIDES = ["sync", "async"]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluxframe.batch._gate._FIRST_PAUSE", 0.01)


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> str:
    side: str = request.param
    return side


def rows(*prompts: str) -> list[dict[str, Any]]:
    return [{"model": "flux-2-pro", "prompt": prompt} for prompt in prompts]


def batch(
    server: TinyServer | Emulator, side: str, requests: Any, folder: Path, **settings: Any
) -> BatchSummary:
    """Run a batch with one client or the other."""
    settings = {"journal": folder / "run.jsonl", "out": None, "interval": 0.01, **settings}
    if side == "sync":
        with server.client() as client:
            return client.batch.run(requests, **settings)

    async def run() -> BatchSummary:
        async with server.async_client() as client:
            return await client.batch.run(requests, **settings)

    return asyncio.run(run())


def manifest(summary: BatchSummary) -> list[dict[str, Any]]:
    return [json.loads(line) for line in summary.manifest.read_text().splitlines()]


def spent(emulator: Emulator, begun_with: int) -> int:
    with emulator.client() as client:
        team = client.me().team
    assert team is not None
    return begun_with - int(team.credits or 0)


def jobs(client: Fluxframe) -> Iterator[fluxframe.Job]:
    """All jobs, page by page."""
    cursor = None
    while True:
        page = client.jobs.list(limit=100, cursor=cursor)
        yield from page
        cursor = page.next_cursor
        if not page.has_more:
            return


# The whole way, against the emulator.


def test_a_batch_makes_a_picture_of_each_row(side: str, tmp_path: Path) -> None:
    requests: list[Any] = [
        {"model": "flux-2-pro", "prompt": "a", "seed": 7, **PICTURE},
        {"model": "flux-2-dev", "prompt": "b", "fluxParams": {**PICTURE, "output_format": "png"}},
        types.Flux2Pro(prompt="c", output_format="webp"),
        {"model": "flux-2-pro", "prompt": "d", "width": 1},
        "no request",
    ]
    seen: list[BatchProgress] = []
    with Emulator(job_seconds=0.05) as emulator:
        summary = batch(
            emulator, side, requests, tmp_path, out=tmp_path / "new/out", on_progress=seen.append
        )
        lines = manifest(summary)
        assert [line["row"] for line in lines] == [0, 1, 2, 3, 4]
        assert [line["status"] for line in lines] == ["completed"] * 3 + ["refused"] * 2
        assert [line["model"] for line in lines[:4]] == ["flux-2-pro", "flux-2-dev"] + [
            "flux-2-pro"
        ] * 2
        assert [line["seed"] for line in lines] == [7, None, None, None, None]
        assert "width: 1 is below" in lines[3]["error"]
        assert [line["files"] for line in lines] == [
            [f"{n:06d}-{line['job_id']}-1.{ending}"] if ending else []
            for n, (line, ending) in enumerate(
                zip(lines, ["jpg", "png", "webp", "", ""], strict=True)
            )
        ]
        assert {path.name for path in (tmp_path / "new/out").iterdir()} == {
            name for line in lines for name in line["files"]
        }
        assert (summary.completed, summary.refused, summary.rows, summary.ok) == (3, 2, 5, False)
        assert summary.credits == sum(line["credits"] or 0 for line in lines)
        assert summary.credits == spent(emulator, 10_000)
        assert (seen[-1].done, seen[-1].refused, seen[-1].under_way) == (3, 2, 0)
        assert seen[-1].total == 5
        again = batch(emulator, side, requests, tmp_path, out=tmp_path / "new/out")
        assert again == summary
        assert spent(emulator, 10_000) == summary.credits


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_batch_from_a_file(side: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"rows.{ending}"
    if ending == "csv":
        path.write_text(
            "model,prompt,width,prompt_upsampling\nflux-2-pro,a fox,512,\n" * 1, "utf-8-sig"
        )
    else:
        path.write_text(json.dumps(rows("a fox")[0]) + "\n")
    server = TinyServer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)
        summary = batch(server, side, str(path), tmp_path)
    assert summary.ok
    assert server.made == Counter({"a fox": 1})


def test_rows_are_read_as_they_are_needed(side: str, tmp_path: Path) -> None:
    server, read, most = TinyServer(), 0, 0

    def requests() -> Iterator[dict[str, Any]]:
        nonlocal read, most
        for number in range(50):
            read += 1
            most = max(most, read - len(server.jobs))
            yield rows(f"row {number}")[0]

    assert batch(server, side, requests(), tmp_path, concurrency=3).completed == 50
    assert most <= 3 + 2


def test_an_async_iterable_of_requests(tmp_path: Path) -> None:
    async def requests() -> AsyncIterator[Mapping[str, Any]]:
        for request in rows("a", "b", "c"):
            await asyncio.sleep(0)
            yield request

    assert batch(TinyServer(), "async", requests(), tmp_path).completed == 3


def test_a_mapping_that_is_used_again_is_read_in_time(side: str, tmp_path: Path) -> None:
    def requests() -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {"model": "flux-2-pro", "prompt": "x", "fluxParams": {}}
        for number in range(20):
            request["prompt"] = f"row {number}"
            request["fluxParams"]["seed"] = number
            yield request

    server = TinyServer()
    summary = batch(server, side, requests(), tmp_path)
    assert server.made == Counter(f"row {number}" for number in range(20))
    assert [line["seed"] for line in manifest(summary)] == list(range(20))


def test_a_list_that_is_used_again_is_read_in_time(side: str, tmp_path: Path) -> None:
    def requests() -> Iterator[dict[str, Any]]:
        images: list[str] = []
        request = {"model": "flux-2-pro", "prompt": "x", "fluxParams": {"input_images": images}}
        for number in range(8):
            images[:] = [f"https://a.test/{number}.png"]
            yield request

    sent: list[str] = []

    def note(call: Call) -> None:
        if call.method == "POST":
            sent.extend(call.body["fluxParams"]["input_images"])

    server = TinyServer(before=note)
    assert batch(server, side, requests(), tmp_path).completed == 8
    assert sorted(sent) == [f"https://a.test/{number}.png" for number in range(8)]


def test_on_progress_may_be_async(tmp_path: Path) -> None:
    seen: list[int] = []

    async def progress(shown: BatchProgress) -> None:
        await asyncio.sleep(0)
        seen.append(shown.done)

    batch(TinyServer(), "async", rows("a", "b"), tmp_path, on_progress=progress)
    assert seen[-1] == 2


# Killed and resumed.


CHILD = """
import asyncio, sys, fluxframe
side, journal, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
requests = ({"model": "flux-2-pro", "prompt": f"row {n}"} for n in range(count))
settings = {"journal": journal, "out": None, "interval": 0.01, "concurrency": 16}
async def run():
    async with fluxframe.AsyncFluxframe() as client:
        return await client.batch.run(requests, **settings)
if side == "sync":
    with fluxframe.Fluxframe() as client:
        summary = client.batch.run(requests, **settings)
else:
    summary = asyncio.run(run())
print(summary.completed)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL")
def test_a_batch_that_is_killed_ten_times_pays_for_each_row_once(tmp_path: Path) -> None:
    count, credits = 500, 1_000_000
    journal = tmp_path / "run.jsonl"
    with Emulator(job_seconds=0, credits=credits) as emulator:
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
            "PYTHONWARNINGS": "error",
            "NO_PROXY": "*",
            "APIFRAME_BASE_URL": emulator.url,
            "APIFRAME_API_KEY": "afk_emulator",
        }

        def start(side: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-c", CHILD, side, str(journal), str(count)]
            return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

        kills = 0
        for attempt in range(10):
            before = journal.stat().st_size if journal.exists() else 0
            grown = before + random.randrange(1, 25_000)
            with start(SIDES[attempt % 2]) as child:
                while child.poll() is None:
                    if journal.exists() and journal.stat().st_size >= grown:
                        child.send_signal(signal.SIGKILL)
                        kills += 1
                        break
                    time.sleep(0.001)
        with start("sync") as child:
            printed, _ = child.communicate(timeout=60)
        assert printed == f"{count}\n"
        assert kills == 10
        text = (tmp_path / "run.manifest.jsonl").read_text()
        lines = [json.loads(line) for line in text.splitlines()]
        assert [line["row"] for line in lines] == list(range(count))
        assert {line["status"] for line in lines} == {"completed"}
        with emulator.client() as client:
            made = {job.id: job.credit_cost for job in jobs(client)}
        assert made.keys() == {line["job_id"] for line in lines}
        assert len(made) == count
        assert spent(emulator, credits) == sum(cost or 0 for cost in made.values()) == 4 * count


def test_a_batch_that_is_interrupted_goes_on(side: str, tmp_path: Path) -> None:
    """Ctrl-C, and the cancellation of a task: at once, though jobs take long."""
    requests = rows(*(f"row {number}" for number in range(12)))
    with Emulator(job_seconds=2) as emulator:
        begun = time.monotonic()
        if side == "sync":

            def ticking() -> Iterator[dict[str, Any]]:
                yield from requests[:5]
                time.sleep(0.3)
                raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt) as caught:
                batch(emulator, side, ticking(), tmp_path, interval=30)
            assert "run.jsonl" in caught.value.__notes__[0]
        else:

            async def run() -> None:
                async with emulator.async_client() as client:
                    task = asyncio.create_task(
                        client.batch.run(
                            requests, journal=tmp_path / "run.jsonl", out=None, interval=30
                        )
                    )
                    await asyncio.sleep(0.3)
                    task.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await task

            asyncio.run(run())
        assert time.monotonic() - begun < 10
        summary = batch(emulator, side, requests, tmp_path, interval=0.05)
        assert summary.completed == 12
        with emulator.client() as client:
            assert len(list(jobs(client))) == 12


def test_two_runs_at_once_are_refused(side: str, tmp_path: Path) -> None:
    server = TinyServer()

    def requests() -> Iterator[dict[str, Any]]:
        yield from rows("a")
        with pytest.raises(JournalError, match="in use"):
            threaded(lambda: batch(server, "sync", rows("a", "b"), tmp_path))
        yield from rows("b")

    assert batch(server, side, requests(), tmp_path).completed == 2
    assert server.made == Counter({"a": 1, "b": 1})


def threaded(call: Any) -> None:
    """Run in a thread; raises what it raised."""
    caught: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if caught:
        raise caught[0]


def test_other_rows_are_refused_before_anything_is_sent(side: str, tmp_path: Path) -> None:
    server = TinyServer()
    batch(server, side, rows("a", "b", "c"), tmp_path)
    before = server.asked.copy()
    with pytest.raises(JournalError, match=r"row 0 is not what .*run\.jsonl has as row 0"):
        batch(server, side, rows("b", "a", "c"), tmp_path)
    assert server.asked == before


def test_two_batches_of_the_same_rows_are_two(side: str, tmp_path: Path) -> None:
    server = TinyServer()
    batch(server, side, rows("a", "a"), tmp_path)
    batch(server, side, rows("a", "a"), tmp_path, journal=tmp_path / "other.jsonl")
    assert server.made == Counter({"a": 4})


# What goes wrong.


def test_no_row_fails_by_a_429(side: str, tmp_path: Path) -> None:
    """Against a real socket: at most three submissions in 50 ms, and three under way."""
    lock, recent = threading.Lock(), [0.0]
    refused = 0

    def limit(call: Call) -> Any:
        nonlocal refused
        now = time.monotonic()
        if call.method != "POST":
            return None
        with lock:
            recent[:] = [moment for moment in recent if now - moment < 0.05]
            if len(recent) >= 3 or refused < 2:  # Two at least, however slow the machine is.
                refused += 1
                return 429, {"error": "slow down"}, {"retry-after": "0"}
            recent.append(now)
        return None

    with listening(TinyServer(before=limit)) as server:
        settings: dict[str, Any] = {"journal": tmp_path / "run.jsonl", "out": None}
        requests = rows(*(f"row {number}" for number in range(40)))
        if side == "sync":
            with Fluxframe(api_key="afk_x", base_url=server.url) as client:
                summary = client.batch.run(requests, **settings)
        else:

            async def run() -> BatchSummary:
                async with fluxframe.AsyncFluxframe(api_key="afk_x", base_url=server.url) as client:
                    return await client.batch.run(requests, **settings)

            summary = asyncio.run(run())
    assert summary.ok
    assert refused > 0
    assert server.made == Counter(f"row {number}" for number in range(40))


STORMS: dict[str, tuple[int, dict[str, str]]] = {
    "429": (429, {}),
    "429, after 0": (429, {"retry-after": "0"}),
    "429, after a date": (429, {"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}),
    "503, after 0": (503, {"retry-after": "0"}),
    "500": (500, {}),
    "unreadable": (200, {}),
    "refused": (0, {}),
}


@pytest.mark.parametrize("storm", STORMS)
def test_a_batch_slows_down_in_a_storm_and_is_fast_again_after_it(
    side: str, tmp_path: Path, storm: str
) -> None:
    """A minute of any refusal, on a scale of 1 to 100."""
    status, headers = STORMS[storm]
    end = time.monotonic() + 0.6

    def refuse(call: Call) -> Any:
        if call.method != "POST" or time.monotonic() > end:
            return None
        if not status:
            raise httpx.ConnectError("refused")
        return status, {"error": "?"}, headers

    server = TinyServer(before=refuse)
    requests = rows(*map(str, range(100)))
    with suppress(fluxframe.APIError):  # A server that is gone ends the batch.
        batch(server, side, requests, tmp_path)
    assert server.asked["POST"] - len(server.jobs) <= 80
    time.sleep(max(0.0, end - time.monotonic()))
    begun = time.monotonic()
    assert batch(server, side, requests, tmp_path).completed == 100
    assert time.monotonic() - begun < 10
    assert server.made == Counter(map(str, range(100)))


def test_a_submission_whose_fate_is_unsure_is_sent_again_under_its_key(
    side: str, tmp_path: Path
) -> None:
    server = TinyServer()
    lost: Counter[str] = Counter()

    def lose(call: Call) -> Any:
        """Every first answer to a submission is lost, after its job was made."""
        if call.method == "POST" and not lost[call.body["prompt"]]:
            lost[call.body["prompt"]] += 1
            server.submit(call.key, call.body)
            return 503, {"error": "gone"}
        return None

    server.before = lose
    assert batch(server, side, rows("a", "b", "c"), tmp_path).completed == 3
    assert server.made == Counter("abc")


def over_a_socket(
    server: Server | TinyServer,
    side: str,
    requests: Any,
    folder: Path,
    api_key: str = "afk_x",
    timeout: float = 1.0,
    **settings: Any,
) -> BatchSummary:
    """Run a batch with a client that has a real socket."""
    settings = {"journal": folder / "run.jsonl", "out": None, "interval": 0.01, **settings}
    options: dict[str, Any] = {"api_key": api_key, "base_url": server.url, "timeout": timeout}
    if side == "sync":
        with Fluxframe(**options) as client:
            return client.batch.run(requests, **settings)

    async def run() -> BatchSummary:
        async with fluxframe.AsyncFluxframe(**options) as client:
            return await client.batch.run(requests, **settings)

    return asyncio.run(run())


def refuses(status: int) -> Do:
    answer = http(status, '{"error": "No"}', {"Location": "/x"} if status == 302 else {})
    return Do(lambda good: [answer], makes=False)


STALL = Do(lambda good: [Then.STALL])
LATER: dict[str, list[Do]] = {
    "408": [Do(lambda good: [http(408, '{"error": "No"}')])],
    **{f"timeout, {status}": [STALL, refuses(status)] for status in (409, 404, 302)},
}


@pytest.mark.parametrize("how", LATER)
def test_a_job_that_was_made_is_the_only_one_whatever_is_said_later(
    side: str, how: str, tmp_path: Path
) -> None:
    with Server(LATER[how]) as server:
        over_a_socket(server, side, rows("a"), tmp_path)
        over_a_socket(server, side, rows("a"), tmp_path, retry_failed=True)
        summary = over_a_socket(server, side, rows("a"), tmp_path, retry_failed=True)
        assert summary.completed == 1
        assert len(server.jobs) == 1
        assert [line["job_id"] for line in manifest(summary)] == list(server.jobs.values())


def test_rows_fail_for_themselves_and_are_run_again_on_demand(side: str, tmp_path: Path) -> None:
    server = TinyServer()
    requests = rows("a", "fail b", "bad c", "lack2 d", "lack9 e")
    summary = batch(server, side, requests, tmp_path)
    lines = manifest(summary)
    assert [line["status"] for line in lines] == [
        *("completed", "failed", "failed", "completed", "failed")
    ]
    assert "NSFW" in lines[1]["error"]
    assert "prompt: no" in lines[2]["error"]
    assert server.made == Counter({"a": 1, "fail b": 1, "lack2 d": 3, "lack9 e": 3})
    assert summary.credits == 8
    batch(server, side, requests, tmp_path)
    assert sum(server.made.values()) == 8
    summary = batch(server, side, requests, tmp_path, retry_failed=True)
    assert server.made == Counter({"a": 1, "fail b": 2, "lack2 d": 3, "lack9 e": 6})
    summary = batch(server, side, requests, tmp_path, retry_failed=True, resubmit=4)
    assert manifest(summary)[4]["status"] == "completed"
    assert summary.credits == 12


@pytest.mark.parametrize(
    "error",
    [f"{'x' * 3000} {tiny.CAPACITY}", "see https://a.test/?no available capacity"],
    ids=["long", "with a URL"],
)
def test_a_lack_of_capacity_is_known_by_what_the_job_says_and_not_by_what_is_shown_of_it(
    side: str, error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiny, "CAPACITY", error)
    server = TinyServer()
    summary = batch(server, side, rows("lack2 a", "fail b"), tmp_path)
    assert (summary.completed, summary.failed) == (1, 1)
    assert server.made == Counter({"lack2 a": 3, "fail b": 1})


def test_a_job_that_was_cancelled_is_not_submitted_again_whatever_it_says(
    side: str, tmp_path: Path
) -> None:
    def cancelled(call: Call) -> Any:
        id = call.path.rpartition("/")[2]
        error = f"job {id} is FAILED: {tiny.CAPACITY}"
        return (
            (200, {"id": id, "status": "CANCELLED", "error": error})
            if call.method == "GET"
            else None
        )

    server = TinyServer(before=cancelled)
    assert batch(server, side, rows("a"), tmp_path).failed == 1
    assert server.made == Counter("a")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, fluxframe.AuthenticationError),
        (402, fluxframe.InsufficientCreditsError),
        (403, fluxframe.PermissionDeniedError),
    ],
)
def test_what_all_rows_would_fail_with_stops_the_batch(
    side: str, tmp_path: Path, status: int, kind: type[Exception]
) -> None:
    def refuse(call: Call) -> Any:
        if call.method == "POST" and server.asked["POST"] > 5:
            return status, {"error": "no"}
        return None

    server = TinyServer(before=refuse)
    requests = rows(*(f"row {number}" for number in range(30)))
    with pytest.raises(kind) as caught:
        batch(server, side, requests, tmp_path, concurrency=3)
    assert "run.jsonl" in caught.value.__notes__[0]
    assert server.asked["POST"] <= 5 + 3
    server.before = None
    assert batch(server, side, requests, tmp_path).completed == 30
    assert server.made == Counter(f"row {number}" for number in range(30))


def test_a_server_that_is_gone_stops_the_batch(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxframe.batch._gate._FIRST_PAUSE", 0.001)
    server = TinyServer(before=lambda call: (503, {"error": "down"}))
    requests = rows(*(f"row {number}" for number in range(100)))
    with pytest.raises(fluxframe.ServerError):
        batch(server, side, requests, tmp_path, concurrency=2)
    assert len((tmp_path / "run.jsonl").read_text().splitlines()) < 20
    server.before = None
    assert batch(server, side, requests, tmp_path).completed == 100


def test_one_row_that_breaks_the_server_is_left_for_another_run(side: str, tmp_path: Path) -> None:
    def poisoned(call: Call) -> Any:
        return (500, {"error": "?"}) if call.body.get("prompt") == "b" else None

    server = TinyServer(before=poisoned)
    summary = batch(server, side, rows("a", "b", "c"), tmp_path)
    assert (summary.completed, summary.unknown) == (2, 1)
    assert "500" in manifest(summary)[1]["error"]
    server.before = None
    assert batch(server, side, rows("a", "b", "c"), tmp_path).ok
    assert server.made == Counter("abc")


def test_a_job_that_takes_too_long_is_waited_for_by_the_next_run(side: str, tmp_path: Path) -> None:
    with Emulator(job_seconds=0.6) as emulator:
        summary = batch(emulator, side, rows("a"), tmp_path, deadline=0.05)
        assert (summary.completed, summary.unknown) == (0, 1)
        assert "goes on" in manifest(summary)[0]["error"]
        assert batch(emulator, side, rows("a"), tmp_path, deadline=20).ok
        with emulator.client() as client:
            assert len(list(jobs(client))) == 1


def test_a_picture_that_can_not_be_had_is_fetched_again_and_not_paid_for(
    side: str, tmp_path: Path
) -> None:
    def no_files(call: Call) -> Any:
        return (404, {"error": "gone"}) if call.path.startswith("/files/") else None

    server = TinyServer(before=no_files)
    out = tmp_path / "out"
    summary = batch(server, side, rows("a"), tmp_path, out=out)
    assert (summary.completed, summary.failed, summary.credits) == (0, 1, 4)
    assert manifest(summary)[0]["status"] == "unsaved"
    server.before = None
    assert batch(server, side, rows("a"), tmp_path, out=out).failed == 1
    assert batch(server, side, rows("a"), tmp_path, out=out, retry_failed=True).ok
    assert server.made == Counter("a")
    assert len(list(out.iterdir())) == 1


def test_a_kill_between_picture_and_record_saves_it_again(side: str, tmp_path: Path) -> None:
    server, out = TinyServer(), tmp_path / "out"
    batch(server, side, rows("a"), tmp_path, out=out)
    journal = tmp_path / "run.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    assert b'"completed"' in lines[-1]
    journal.write_bytes(b"".join(lines[:-1]))
    before = [path.name for path in out.iterdir()]
    assert batch(server, side, rows("a"), tmp_path, out=out).ok
    assert [path.name for path in out.iterdir()] == before
    assert server.made == Counter("a")


def test_pictures_that_were_not_wanted_can_be_had_later(side: str, tmp_path: Path) -> None:
    server, out = TinyServer(), tmp_path / "out"
    assert batch(server, side, rows("a", "b"), tmp_path).ok
    assert batch(server, side, rows("a", "b"), tmp_path, out=out).ok
    assert len(list(out.iterdir())) == 2
    before = server.asked.copy()
    assert batch(server, side, rows("a", "b"), tmp_path, out=out).ok
    assert server.asked == before
    assert server.made == Counter("ab")


def test_the_name_of_a_file_can_not_leave_the_folder(side: str, tmp_path: Path) -> None:
    server, out = TinyServer(), tmp_path / "out"
    evil = "../../evil/" * 3

    def malicious(call: Call) -> Any:
        if call.method == "POST":
            return 202, {"jobId": evil, "status": "QUEUED"}
        if call.path.startswith("/files/"):
            return None
        images = [f"{server.url}/files/x.jpg"]
        return 200, {"id": evil, "status": "COMPLETED", "result": {"images": images}}

    server.before = malicious
    summary = batch(server, side, rows("a"), tmp_path, out=out)
    assert summary.ok
    assert [path.name for path in out.iterdir()] == manifest(summary)[0]["files"]


def test_a_folder_that_is_removed_meanwhile_is_made_again(side: str, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def remove(call: Call) -> None:
        if call.method == "POST":
            shutil.rmtree(out, ignore_errors=True)

    server = TinyServer(before=remove)
    summary = batch(server, side, rows("a", "b"), tmp_path, out=out, concurrency=1)
    assert summary.ok
    assert [path.name for path in out.iterdir()] == manifest(summary)[1]["files"]


@pytest.mark.parametrize("how", ["once", "always"])
def test_an_answer_about_another_job_is_not_believed(side: str, tmp_path: Path, how: str) -> None:
    """Such as that of a cache, or of a proxy that confuses its clients."""
    asked: Counter[str] = Counter()

    def confused(call: Call) -> Any:
        if call.method == "POST" or call.path.startswith("/files/"):
            return None
        id = call.path.rpartition("/")[2]
        asked[id] += 1
        others = [job for other, job in server.jobs.items() if other != id]
        return (200, others[0]) if others and (asked[id] == 1 or how == "always") else None

    server, out = TinyServer(before=confused), tmp_path / "out"
    summary = batch(server, side, rows("a", "b"), tmp_path, out=out, concurrency=1, deadline=0.3)
    server.before = None
    assert (summary.completed, summary.unknown) == ((2, 0) if how == "once" else (1, 1))
    summary = batch(server, side, rows("a", "b"), tmp_path, out=out)
    assert summary.ok
    ids = list(server.jobs)
    lines = manifest(summary)
    assert [line["job_id"] for line in lines] == ids
    assert [line["files"] for line in lines] == [[f"{n:06d}-{ids[n]}-1.jpg"] for n in (0, 1)]
    assert server.made == Counter("ab")


def test_two_rows_with_one_job_have_a_file_each(side: str, tmp_path: Path) -> None:
    server, out = TinyServer(), tmp_path / "out"
    out.mkdir()
    mine = out / "same-1.jpg"
    mine.write_text("mine")

    def same(call: Call) -> Any:
        if call.method == "POST":
            return 202, {"jobId": "same", "status": "QUEUED"}
        if call.path.startswith("/files/"):
            return None
        images = [f"{server.url}/files/x.jpg"]
        return 200, {"id": "same", "status": "COMPLETED", "result": {"images": images}}

    server.before = same
    summary = batch(server, side, rows(*map(str, range(20))), tmp_path, out=out)
    assert summary.completed == 20
    files = [name for line in manifest(summary) for name in line["files"]]
    assert files == [f"{number:06d}-same-1.jpg" for number in range(20)]
    assert {path.name for path in out.iterdir()} == {*files, mine.name}
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("cost", [10**400, True, "4"], ids=["long", "bool", "text"])
def test_credits_that_are_none_are_not_counted(side: str, tmp_path: Path, cost: object) -> None:
    def answer(request: Request) -> bytes:
        if request.method == "POST":
            return http_json({"jobId": "a", "status": "QUEUED"}, 202)
        return http_json(job_json("a", creditCost=cost))

    with Server(answer=answer) as server:
        for _ in range(2):
            assert over_a_socket(server, side, rows("a", "b"), tmp_path).completed == 2


def test_a_poll_that_stalls_ends_with_the_deadline_of_its_row(side: str, tmp_path: Path) -> None:
    stall = Do(lambda good: [Then.STALL], makes=False)
    with Server([OK, *[stall] * 20]) as server:
        begun = time.monotonic()
        summary = over_a_socket(server, side, rows("a"), tmp_path, timeout=10, deadline=0.5)
        assert time.monotonic() - begun < 0.5 + 1.5
        assert (summary.completed, summary.unknown) == (0, 1)
        assert "could not be asked for" in manifest(summary)[0]["error"]
        server.script()
        assert over_a_socket(server, side, rows("a"), tmp_path).ok
        assert len(server.jobs) == 1


INTERRUPTED = """
import sys, time, fluxframe
requests = ({"model": "flux-2-pro", "prompt": f"row {n}"} for n in range(4))
client = fluxframe.Fluxframe(timeout=8)
try:
    client.batch.run(requests, journal=sys.argv[1], out=None, interval=0.01)
except KeyboardInterrupt as error:
    print(error.__notes__, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals")
def test_ctrl_c_does_not_wait_for_polls_that_stall(tmp_path: Path) -> None:
    polled = threading.Event()

    def answer(request: Request) -> Any:
        if request.method == "POST":
            return http_json({"jobId": "a", "status": "QUEUED"}, 202)
        polled.set()
        return [Then.STALL]

    with Server(answer=answer) as server:
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
            "NO_PROXY": "*",
            "APIFRAME_BASE_URL": server.url,
            "APIFRAME_API_KEY": "afk_x",
        }
        command = [sys.executable, "-c", INTERRUPTED, str(tmp_path / "run.jsonl")]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert polled.wait(30)
            time.sleep(0.2)
            begun = time.monotonic()
            child.send_signal(signal.SIGINT)
            assert "run.jsonl" in child.stdout.readline()
            assert time.monotonic() - begun < 4
            child.kill()


def old(journal: Path, seconds: float, state: str = "intent") -> None:
    """Let the intents of a journal be older, and nothing be known of what became of them."""
    header, *lines = [json.loads(line) for line in journal.read_text().splitlines()]
    kept = [line for line in lines if line["state"] in ("intent", "unknown")]
    kept = [{**line, "at": line["at"] - seconds, "state": state} for line in kept]
    for line in (header, *kept):
        del line["crc"]
    journal.write_bytes(b"".join(map(json_line, [header, *kept])))


def test_a_row_whose_key_is_forgotten_is_unknown_and_not_submitted(
    side: str, tmp_path: Path
) -> None:
    server = TinyServer()
    batch(server, side, rows("a"), tmp_path)
    old(tmp_path / "run.jsonl", 22 * 3600)
    assert batch(server, side, rows("a"), tmp_path).ok
    assert server.made == Counter({"a": 1})
    old(tmp_path / "run.jsonl", 23 * 3600)
    for _ in range(2):
        summary = batch(server, side, rows("a"), tmp_path)
        assert (summary.completed, summary.unknown) == (0, 1)
        assert "resubmit_unknown" in manifest(summary)[0]["error"]
    assert server.made == Counter({"a": 1})
    assert batch(server, side, rows("a"), tmp_path, resubmit_unknown=True).ok
    assert server.made == Counter({"a": 2})


OURS, THEIRS = "afk_first_secret", "afk_other_secret"


@pytest.mark.parametrize("state", ["intent", "unknown"])
@pytest.mark.parametrize("resubmit", [False, True])
def test_a_row_that_another_api_key_may_have_submitted_is_settled_by_that_key(
    side: str, tmp_path: Path, state: str, resubmit: bool
) -> None:
    """Whatever other keys the batch is run with in between; an earlier version wrote `unknown` then."""
    journal, requests = tmp_path / "run.jsonl", rows("a", "b", "c")

    def run(api_key: str, **settings: Any) -> BatchSummary:
        return over_a_socket(server, side, requests, tmp_path, api_key, **settings)

    with listening(TinyServer()) as server:
        run(OURS)
        old(journal, 0, state)
        summary = run(THEIRS, resubmit_unknown=resubmit)
        assert run(THEIRS, resubmit_unknown=resubmit) == summary
        assert (summary.completed, summary.unknown) == (0, 3)
        if state == "intent" or resubmit:
            assert "another API key" in manifest(summary)[0]["error"]
        assert server.asked["POST"] == 3
        assert run(OURS, resubmit_unknown=resubmit or state == "unknown").ok
        assert server.made == Counter("abc")
        old(journal, 24 * 3600)  # Nobody can settle it any more.
        assert run(THEIRS).unknown == 3
        assert run(THEIRS, resubmit_unknown=True).ok
    shown = journal.read_text() + (tmp_path / "run.manifest.jsonl").read_text()
    assert not [key for key in (OURS, THEIRS) if key in shown]


@pytest.mark.parametrize("lost", [True, False], ids=["unsure", "refused"])
def test_a_row_that_waits_at_the_gate_until_its_key_is_forgotten_is_not_submitted(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    """As on a machine that sleeps: its wall clock goes on, and that by which it waits stands still."""
    asleep = 0.0
    wall = time.time
    monkeypatch.setattr(time, "time", lambda: wall() + asleep)
    enter = Gate.enter

    def slept(gate: Gate) -> float:
        nonlocal asleep
        delay = enter(gate)
        if server.asked["POST"] and delay == 0:
            asleep = 25 * 3600.0
        return delay

    def lose(call: Call) -> Any:
        if call.method == "POST" and server.asked["POST"] == 1:
            if lost:
                server.submit(call.key, call.body)
                server.keys.clear()
            return (503 if lost else 429), {"error": "gone"}
        return None

    monkeypatch.setattr(Gate, "enter", slept)
    server = TinyServer(before=lose)
    summary = batch(server, side, rows("a"), tmp_path)
    assert server.made == Counter("a")
    assert (summary.completed, summary.unknown) == ((0, 1) if lost else (1, 0))
    if not lost:  # Its key counts from the sending that was accepted.
        last = json.loads((tmp_path / "run.jsonl").read_text().splitlines()[-1])
        assert last["at"] > wall() + 24 * 3600


def test_a_disk_that_is_full_stops_the_batch(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, real = TinyServer(), os.fsync
    left = 12

    def fsync(file: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device")
        real(file)

    requests = rows(*(f"row {number}" for number in range(30)))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(OSError, match="No space"):
            batch(server, side, requests, tmp_path, concurrency=2)
    assert len(server.jobs) < 30
    assert batch(server, side, requests, tmp_path).completed == 30
    assert server.made == Counter(f"row {number}" for number in range(30))


def test_an_intent_is_on_the_disk_before_its_request_is_sent(side: str, tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"

    def look(call: Call) -> None:
        if call.method == "POST":
            # Another row's line may be being written; its own is there whole.
            whole, _, _ = journal.read_text().rpartition("\n")
            lines = [json.loads(line) for line in whole.splitlines()[1:]]
            assert call.key in {line["key"] for line in lines}

    server = TinyServer(before=look)
    summary = batch(server, side, rows(*map(str, range(20))), tmp_path)
    assert summary.ok


def test_the_journal_holds_no_secret_and_no_request(side: str, tmp_path: Path) -> None:
    requests = rows("a very private prompt", "fail", "bad")
    batch(TinyServer(), side, requests, tmp_path, out=tmp_path / "out")
    for name in ("run.jsonl", "run.manifest.jsonl"):
        text = (tmp_path / name).read_text()
        assert not [word for word in ("secret", "signature", "private") if word in text]


def test_the_wrong_rows_of_a_file_are_skipped_on_demand(side: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [*map(json.dumps, rows("a", "b")), "{oops", json.dumps({"model": "flux-2-pro"})]
    path.write_text("\n".join(lines))
    server = TinyServer()
    with pytest.raises(fluxframe.InvalidRequestError) as caught:
        batch(server, side, path, tmp_path)
    assert [problem.message.split(" ")[0] for problem in caught.value.problems] == [
        f"{path}:{line}:" for line in (3, 4)
    ]
    assert not server.asked
    for _ in range(2):
        summary = batch(server, side, path, tmp_path, skip_invalid=True)
        assert (summary.completed, summary.refused) == (2, 2)
    assert server.made == Counter("ab")


def test_a_row_that_was_refused_can_be_corrected(side: str, tmp_path: Path) -> None:
    server, wrong = TinyServer(), [*rows("a"), {**rows("b")[0], "width": 1}, *rows("c")]
    assert batch(server, side, wrong, tmp_path).refused == 1
    with pytest.raises(JournalError, match="row 0 is not"):
        batch(server, side, [wrong[1], *wrong[1:]], tmp_path)
    assert batch(server, side, rows("a", "b", "c"), tmp_path).ok
    assert server.made == Counter("abc")


@pytest.mark.parametrize(
    ("requests", "settings", "said"),
    [
        (rows("a")[0], {}, "requests: a dict"),
        (7, {}, "requests: a int"),
        ("rows.txt", {}, "expected .jsonl, .json or .csv"),
        (rows("a"), {"concurrency": 0}, "concurrency"),
        (rows("a"), {"resubmit": -1}, "resubmit"),
        (rows("a"), {"interval": 0}, "interval"),
        (rows("a"), {"deadline": "5"}, "deadline"),
        (rows("a"), {"journal": "gone/run.jsonl"}, "journal: there is no folder gone"),
        (rows("a"), {"manifest": "gone/all.jsonl"}, "manifest: there is no folder gone"),
        (rows("a"), {"journal": "x" * 300}, "journal: .x+….: File name too long"),
        (rows("a"), {"manifest": "x" * 300}, "manifest: .x+….: File name too long"),
        (rows("a"), {"manifest": "run.jsonl", "journal": "run.jsonl"}, "manifest"),
        ("run.jsonl", {"journal": "run.jsonl"}, "is the journal"),
        ("run.jsonl", {"journal": f"../{Path.cwd().name}/run.jsonl"}, "is the journal"),
        (rows("a"), {"journal": "tests"}, "journal: tests is not a file"),
        (rows("a"), {"manifest": "tests"}, "manifest: tests is not a file"),
        (rows("a"), {"journal": os.devnull}, "journal: .* is not a file"),
        (rows("a"), {"out": "pyproject.toml"}, "out: pyproject.toml is not a folder"),
    ],
)
def test_a_setting_that_can_not_be_used_is_refused(
    side: str, tmp_path: Path, requests: Any, settings: Mapping[str, Any], said: str
) -> None:
    server = TinyServer()
    with pytest.raises(fluxframe.ConfigurationError, match=said):
        batch(server, side, requests, tmp_path, **settings)
    assert not list(tmp_path.iterdir())
    assert not server.asked


def test_files_that_are_the_same_by_a_link_are_refused(side: str, tmp_path: Path) -> None:
    requests = tmp_path / "rows.jsonl"
    requests.write_text(json.dumps(rows("a")[0]))
    (tmp_path / "link").symlink_to(requests)
    (tmp_path / "other").symlink_to("run.jsonl")
    for manifest in ("link", "other"):
        with pytest.raises(fluxframe.ConfigurationError, match="is the journal"):
            batch(TinyServer(), side, requests, tmp_path, manifest=tmp_path / manifest)
    assert json.loads(requests.read_text()) == rows("a")[0]


def test_a_manifest_keeps_what_its_file_is(side: str, tmp_path: Path) -> None:
    place, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    place.touch()
    place.chmod(0o600)
    link.symlink_to(place)
    assert batch(TinyServer(), side, rows("a"), tmp_path, manifest=link).ok
    assert link.is_symlink()
    assert json.loads(place.read_text())["status"] == "completed"
    assert place.stat().st_mode & 0o777 == 0o600
    assert batch(TinyServer(), side, rows("a"), tmp_path, manifest=os.devnull).ok


def test_a_large_journal_does_not_stop_the_loop_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Journal._load

    def slow(journal: Journal, url: str) -> Any:
        time.sleep(0.3)
        return load(journal, url)

    monkeypatch.setattr(Journal, "_load", slow)
    server, journal = TinyServer(), tmp_path / "run.jsonl"

    async def run() -> None:
        async with server.async_client() as client:
            begun = time.monotonic()
            running = asyncio.create_task(client.batch.run(rows("a"), journal=journal, out=None))
            await asyncio.sleep(0.05)
            assert time.monotonic() - begun < 0.25
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            assert time.monotonic() - begun < 0.25
        await asyncio.sleep(0.5)

    asyncio.run(run())
    assert not server.asked
    assert batch(server, "sync", rows("a"), tmp_path).ok  # It is in use no more.


def test_an_error_of_the_iterable_is_raised_when_rows_under_way_are_through(
    side: str, tmp_path: Path
) -> None:
    def requests() -> Iterable[dict[str, Any]]:
        yield from rows("a", "b")
        raise ZeroDivisionError

    server = TinyServer()
    with pytest.raises(ZeroDivisionError):
        batch(server, side, requests(), tmp_path)
    text = (tmp_path / "run.jsonl").read_text()
    assert text.count('"intent"') == text.count('"completed"') == len(server.jobs)


@pytest.mark.parametrize(
    "bad",
    [10**5000, float("inf"), b"bytes", "\ud800", object(), Decimal("0.1" + "0" * 30 + "1")],
    ids=["long", "infinite", "bytes", "half", "object", "decimal"],
)
def test_a_row_that_is_not_json_is_refused_and_stops_no_other(
    side: str, tmp_path: Path, bad: Any
) -> None:
    requests = [{**rows("a")[0], "seed": bad}, {1: bad}, bad, *rows("b")]
    for _ in range(2):
        summary = batch(TinyServer(), side, requests, tmp_path)
        assert (summary.completed, summary.refused) == (1, 3)


def test_a_summary_and_a_progress_read_well(tmp_path: Path) -> None:
    summary = batch(TinyServer(), "sync", rows("a", "fail"), tmp_path)
    shown = f"<BatchSummary 2 rows: 1 completed, 1 failed; 4 credits; {summary.manifest}>"
    assert repr(summary) == shown
    progress = BatchProgress(done=3, failed=1, under_way=2, credits=12, total=9)
    assert str(progress) == "3 of 9 done, 1 failed, 2 under way, 12 credits"


def test_the_batch_is_imported_when_it_is_first_used() -> None:
    code = "import sys, fluxframe; fluxframe.Fluxframe; print('fluxframe.batch._drivers' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(fluxframe.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


@pytest.mark.parametrize(("validation", "checks"), [("error", 3), ("warn", 3), ("off", 0)])
def test_each_row_of_a_file_is_checked_once_and_only_if_checks_are_on(
    validation: Any, checks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(request: Mapping[str, Any]) -> Any:
        asked.append(request["prompt"])
        return check_wire(request)

    for module in ("batch._approvals", "batch._batch_state", "_submission"):
        monkeypatch.setattr(f"fluxframe.{module}.check_wire", counted)
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows("a", "b", "lack2 c")))
    with TinyServer().client() as client:
        checking = client.with_options(validation=validation)
        assert checking.batch.run(path, journal=tmp_path / "run.jsonl", out=None).ok
    assert len(asked) == checks


def test_a_row_that_has_changed_since_its_file_was_checked_is_checked_again(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = tmp_path / "rows.jsonl", count_rows

    def changed(*arguments: Any) -> Any:
        count = real(*arguments)
        path.write_text("".join(json.dumps(row) + "\n" for row in [*good, {**good[0], "width": 1}]))
        return count

    good = rows("a", "b")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows("a", "b", "c")))
    monkeypatch.setattr("fluxframe.batch._drivers.count_rows", changed)
    server = TinyServer()
    summary = batch(server, side, path, tmp_path)
    assert (summary.completed, summary.refused) == (2, 1)
    assert server.made == Counter("ab")


def test_a_warning_is_given_once_for_each_row_of_a_file(side: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({**rows("a")[0], "width": 512}) + "\n")
    for given in (1, 0):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert batch(TinyServer(), side, path, tmp_path).ok
        assert [each.category for each in caught] == [fluxframe.RequestWarning] * given


@pytest.mark.parametrize(
    "function",
    [kind.__init__ for kind in (Batch, AsyncBatch, BatchProgress, BatchSummary)]
    + [Batch.run, AsyncBatch.run],
)
def test_the_names_in_public_signatures_can_be_resolved(function: Callable[..., Any]) -> None:
    hints = get_type_hints(function)
    signature = inspect.signature(function, eval_str=True)
    assert hints.keys() - {"return"} == signature.parameters.keys() - {"self"}
