"""One row by itself, which any worker may run any number of times; its key, its store, its result."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe import (
    AuthenticationError,
    ConfigurationError,
    InvalidRequestError,
    JournalError,
    RateLimitError,
    types,
)
from fluxframe._catalog import API
from fluxframe.batch import Entry, FolderStore, RowStore, read_rows, row_key, summarize
from fluxframe.batch._gate import Gate

from ..servers.tiny import Call, TinyServer

REQUEST = {"model": "flux-2-pro", "prompt": "a fox"}
requests = st.fixed_dictionaries(
    {"model": st.just("flux-2-pro"), "prompt": st.text(min_size=1, max_size=5)},
    optional={"seed": st.integers(0, 9), "aspect_ratio": st.just("1:1")},
)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluxframe.batch._gate._FIRST_PAUSE", 0.01)


@pytest.fixture(params=["sync", "async"])
def side(request: pytest.FixtureRequest) -> str:
    side: str = request.param
    return side


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "store").mkdir()
    return FolderStore(tmp_path / "store")


def run_row(
    server: TinyServer, side: str, store: Any, request: Any = REQUEST, **settings: Any
) -> Entry:
    """Run a row with one client or the other."""
    settings = {"batch": "a batch", "position": 0, "out": None, "interval": 0.01, **settings}
    if side == "sync":
        with server.client() as client:
            return client.batch.run_row(request, store=store, **settings)

    async def run() -> Entry:
        async with server.async_client() as client:
            return await client.batch.run_row(request, store=store, **settings)

    return asyncio.run(run())


def submissions(server: TinyServer) -> int:
    return server.asked["POST"]


# The row.


def test_a_row_is_made_once_and_found_again(side: str, store: FolderStore, tmp_path: Path) -> None:
    server = TinyServer()
    entry = run_row(server, side, store, out=tmp_path / "new/out")
    assert (entry.state, entry.credits, entry.model, entry.error) == (
        "completed", 4, "flux-2-pro", None,
    )  # fmt: skip
    assert entry.files == (f"000000-{entry.job}-1.jpg",)
    assert [path.name for path in (tmp_path / "new/out").iterdir()] == list(entry.files)
    asked = server.asked.total()
    assert run_row(server, side, store, out=tmp_path / "new/out") == entry
    assert server.asked.total() == asked
    assert list(store.entries("a batch")) == [entry]


def test_images_are_saved_by_a_later_call(side: str, store: FolderStore, tmp_path: Path) -> None:
    server = TinyServer()
    assert run_row(server, side, store).files == ()
    assert run_row(server, side, store, out=tmp_path / "out").files
    assert submissions(server) == 1


def test_the_intent_is_in_the_store_before_the_request_is_sent(
    side: str, store: FolderStore
) -> None:
    found: list[Entry] = []

    def look(call: Call) -> None:
        if call.method == "POST":
            found.extend(store.load("a batch", 0))
            assert [entry.key for entry in found] == [call.key]

    run_row(TinyServer(before=look), side, store)
    assert [entry.state for entry in found] == ["intent"]


def test_nothing_is_sent_that_could_not_be_recorded(side: str, store: FolderStore) -> None:
    class FullStore(FolderStore):
        def save(self, batch: str, writer: str, entry: Entry) -> None:
            raise OSError("no space left on device")

    server = TinyServer()
    with pytest.raises(OSError, match="no space"):
        run_row(server, side, FullStore(store.folder))
    assert not server.asked


def test_the_key_is_that_of_the_row_on_every_machine(side: str, tmp_path: Path) -> None:
    """Even workers that don't see each other's store share the key."""
    server = TinyServer()
    jobs = set()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        jobs.add(run_row(server, side, FolderStore(tmp_path / name)).job)
    assert list(server.keys) == [row_key("a batch", 0, REQUEST)]
    assert len(jobs) == 1


def test_a_lost_answer_is_asked_for_under_the_same_key(side: str, store: FolderStore) -> None:
    def lose(call: Call) -> Any:
        if call.method == "POST" and submissions(server) < 3:
            server.submit(call.key, call.body)
            return 503, {"error": "gone"}
        return None

    server = TinyServer(before=lose)
    assert run_row(server, side, store).state == "completed"
    assert submissions(server) == 3
    assert server.made == Counter({"a fox": 1})


def test_a_row_whose_server_is_away_is_left_and_taken_up(side: str, store: FolderStore) -> None:
    server = TinyServer(before=lambda call: (503, {"error": "away"}))
    entry = run_row(server, side, store)
    assert (entry.state, entry.ended) == ("intent", False)
    assert "away" in str(entry.error)
    server.before = None
    assert run_row(server, side, store).state == "completed"
    assert list(server.keys) == [entry.key]


def a_day_ago(store: FolderStore) -> Entry:
    """What a worker recorded that died in the middle of sending."""
    since = time.time() - API.idempotency_hours * 3600
    intent = Entry(row=0, attempt=0, key=row_key("a batch", 0, REQUEST), at=since, state="intent")
    store.save("a batch", "dead", intent)
    return intent


def test_what_may_have_been_sent_a_day_ago_is_not_sent_again(side: str, store: FolderStore) -> None:
    server, intent = TinyServer(), a_day_ago(store)
    for _ in range(2):
        entry = run_row(server, side, store, retry_failed=True)
        assert (entry.state, entry.key) == ("unknown", intent.key)
        assert "may have been submitted" in str(entry.error)
    assert not server.asked


def test_it_is_if_the_caller_says_so(side: str, store: FolderStore) -> None:
    server, _ = TinyServer(), a_day_ago(store)
    entry = run_row(server, side, store, resubmit_unknown=True)
    assert (entry.state, entry.attempt) == ("completed", 1)
    assert list(server.keys) == [row_key("a batch", 0, REQUEST, attempt=1)]


def test_a_lack_of_capacity_is_another_attempt(side: str, store: FolderStore) -> None:
    server, request = TinyServer(), {**REQUEST, "prompt": "lack2-a fox"}
    entry = run_row(server, side, store, request)
    assert (entry.state, entry.attempt) == ("completed", 2)
    assert list(server.keys) == [row_key("a batch", 0, request, attempt=n) for n in range(3)]


def test_a_failed_row_stays_so_until_it_is_to_be_retried(side: str, store: FolderStore) -> None:
    server, request = TinyServer(), {**REQUEST, "prompt": "fail"}
    assert run_row(server, side, store, request).state == "failed"
    assert run_row(server, side, store, request).state == "failed"
    assert submissions(server) == 1
    assert run_row(server, side, store, request, retry_failed=True).attempt == 1


def test_a_wrong_row_is_refused_and_may_be_corrected(side: str, store: FolderStore) -> None:
    server = TinyServer()
    entry = run_row(server, side, store, {**REQUEST, "width": 1})
    assert entry.state == "refused"
    assert "width: 1 is below" in str(entry.error)
    assert not server.asked
    assert run_row(server, side, store).state == "completed"


def test_another_request_at_the_position_is_an_error(side: str, store: FolderStore) -> None:
    server = TinyServer()
    run_row(server, side, store)
    with pytest.raises(JournalError, match='not what the batch "a batch" has as row 0'):
        run_row(server, side, store, {**REQUEST, "prompt": "another"})
    assert submissions(server) == 1


def test_a_wrong_api_key_is_raised_and_leaves_the_row_free(side: str, store: FolderStore) -> None:
    server = TinyServer(before=lambda call: (401, {"error": "who are you?"}))
    with pytest.raises(AuthenticationError):
        run_row(server, side, store)
    assert [entry.state for entry in store.load("a batch", 0)] == ["free"]
    server.before = None
    assert run_row(server, side, store).state == "completed"


def test_a_pause_of_hours_is_raised(side: str, store: FolderStore) -> None:
    server = TinyServer(before=lambda call: (429, {"error": "later"}, {"retry-after": "7200"}))
    with pytest.raises(RateLimitError) as caught:
        run_row(server, side, store)
    assert caught.value.retry_after == 7200
    assert submissions(server) == 1


def test_all_rows_of_a_client_wait_after_a_429(store: FolderStore) -> None:
    """The second row comes while the first one waits, and waits with it."""
    limited = threading.Event()
    asked: list[str] = []

    def limit(call: Call) -> Any:
        if call.method == "POST":
            asked.append(call.body["prompt"])
            if not limited.is_set():
                limited.set()
                return 429, {"error": "later"}, {"retry-after": "1"}
        return None

    with TinyServer(before=limit).client() as client:

        def make(position: int) -> Entry:
            return client.batch.run_row(
                {**REQUEST, "prompt": f"row {position}"},
                batch="a batch", position=position, store=store, out=None,
            )  # fmt: skip

        first = threading.Thread(target=make, args=(0,))
        first.start()
        assert limited.wait(10)
        while not client.batch._gate.cuts:
            time.sleep(0.001)
        assert client.batch._gate.enter() > 0
        assert make(1).state == "completed"
        first.join()
    assert sorted(asked) == ["row 0", "row 0", "row 1"]


def test_a_gate_without_a_number_halves_those_that_came() -> None:
    gate = Gate()
    assert not any(gate.enter() for _ in range(12))
    gate.limited(gate.cuts, 0)
    assert gate.allowed == 6


# What can't be.


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"batch": " "}, "batch: ' ' is not a name"),
        ({"batch": 7}, "batch: 7 is not a name"),
        ({"position": -1}, "position: -1 is not an integer of at least 0"),
        ({"position": True}, "position: True is not"),
        ({"position": 1.5}, "position: 1.5 is not"),
        ({"position": 10**5000}, "position: an integer above 9223372036854775807"),
        ({"store": "a folder"}, "store: a str, expected a FolderStore"),
        ({"store": FolderStore}, "store: the class FolderStore, expected a FolderStore"),
        ({"resubmit": -1}, "resubmit: -1 is not"),
        ({"interval": 0}, "interval"),
    ],
)
def test_what_can_not_be_is_said(
    side: str, store: FolderStore, settings: dict[str, Any], words: str
) -> None:
    server = TinyServer()
    with pytest.raises(ConfigurationError) as caught:
        run_row(server, side, **{"store": store, **settings})
    assert words in str(caught.value).replace('"', "'")
    assert not server.asked


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, store: FolderStore) -> None:
    with pytest.raises(ConfigurationError, match="there is no folder"):
        FolderStore(tmp_path / "unmounted")
    there = pickle.dumps(store)
    with pytest.raises(ConfigurationError, match="an empty text is not the path"):
        FolderStore("")
    store.folder.rmdir()
    server = TinyServer()
    with pytest.raises(FileNotFoundError):
        run_row(server, "sync", pickle.loads(there))
    assert not server.asked


# The store.


class Memory:
    """A store of a test's own."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int, str], str] = {}

    def save(self, batch: str, writer: str, entry: Entry) -> None:
        self.kept[batch, entry.row, writer] = entry.to_json()

    def load(self, batch: str, row: int) -> Iterable[Entry]:
        return (
            Entry.from_json(text)
            for (name, number, _), text in self.kept.items()
            if (name, number) == (batch, row)
        )


class Awaited(Memory):
    async def save(self, *arguments: Any) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        super().save(*arguments)

    async def load(self, *arguments: Any) -> Iterable[Entry]:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().load(*arguments)


@pytest.mark.parametrize("kind", [Memory, Awaited])
def test_a_store_of_your_own(kind: Callable[[], Any], side: str) -> None:
    server, store = TinyServer(), kind()
    if kind is Awaited and side == "sync":
        with pytest.raises(ConfigurationError, match="coroutines, which AsyncFluxframe takes"):
            run_row(server, side, store)
        assert not server.asked
        return
    entry = run_row(server, side, store)
    assert run_row(server, side, store) == entry
    assert submissions(server) == 1
    assert len(store.kept) == 1


@pytest.mark.parametrize("loaded", [None, 5, ["text"], [{"row": 0}], [None]])
def test_a_store_that_does_not_return_entries_is_told_so(side: str, loaded: Any) -> None:
    class Other(Memory):
        def load(self, batch: str, row: int) -> Any:
            return loaded

    server = TinyServer()
    with pytest.raises(ConfigurationError, match=r"store: `load` returned a .* expected an Entry"):
        run_row(server, side, Other())
    assert not server.asked


def test_a_store_that_forgets_is_not_relied_on(side: str) -> None:
    class Forgetful(Memory):
        def load(self, batch: str, row: int) -> Any:
            return []

    server = TinyServer()
    with pytest.raises(JournalError, match="does not return what was just saved"):
        run_row(server, side, Forgetful())
    assert not server.asked


def test_a_name_of_any_text_can_be_run(store: FolderStore) -> None:
    server = TinyServer()
    for number, name in enumerate(["\ud800", "a\0b", "../../up", "é" * 10_000, "CON", "."]):
        assert run_row(server, "sync", store, batch=name).state == "completed"
        assert run_row(server, "sync", store, batch=name).state == "completed"
        assert submissions(server) == number + 1
    assert {path.parent for path in store.folder.rglob("0*/")} == {*store.folder.iterdir()}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_what_is_not_a_file_is_not_waited_for(store: FolderStore) -> None:
    server = TinyServer()
    run_row(server, "sync", store)
    (path,) = store.folder.rglob("*.json")
    os.mkfifo(path.with_name("000000-pipe.json"))
    with pytest.raises(JournalError, match=r"pipe\.json is damaged"):
        run_row(server, "sync", store)


def test_each_call_has_a_record_of_its_own(store: FolderStore) -> None:
    server = TinyServer(before=lambda call: (503, {"error": "away"}))
    assert run_row(server, "sync", store).state == "intent"
    server.before = None
    assert run_row(server, "sync", store).state == "completed"
    assert sorted(entry.state for entry in store.load("a batch", 0)) == ["completed", "intent"]


@given(name=st.text(min_size=1), other=st.text(min_size=1))
def test_a_batch_of_any_name_has_a_folder_of_its_own(
    name: str, other: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("names")
    store: RowStore = FolderStore(folder)
    entry = Entry(row=123, attempt=0, key="k", at=1.5, state="intent")
    store.save(name, "w", entry)
    assert list(store.load(name, 123)) == [entry]
    assert list(store.load(name, 12)) == []
    assert list(store.load(other, 123)) == ([entry] if name == other else [])
    (made,) = folder.iterdir()
    assert made.name.isascii()
    assert len(made.name) <= 80


def test_writers_at_once_leave_whole_records(store: FolderStore) -> None:
    def write(writer: str) -> None:
        for number in range(30):
            entry = Entry(row=7, attempt=0, key="k" * 500, at=float(number), state="intent")
            store.save("a batch", writer, entry)
            assert len(store.load("a batch", 7)) >= 1

    errors: list[BaseException] = []

    def run(writer: str) -> None:
        try:
            write(writer)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(name,)) for name in ("a", "b", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert [entry.at for entry in store.load("a batch", 7)] == [29.0] * 3


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"row":', b"\0" * 100])
def test_a_record_that_is_damaged_stops_the_row(
    side: str, store: FolderStore, damage: bytes
) -> None:
    server = TinyServer()
    a_day_ago(store)
    (path,) = store.folder.rglob("*.json")
    path.write_bytes(damage)
    with pytest.raises(JournalError, match="is damaged"):
        run_row(server, side, store)
    assert not server.asked


def test_what_a_killed_worker_was_writing_is_not_read(store: FolderStore) -> None:
    entry = run_row(TinyServer(), "sync", store)
    (path,) = store.folder.rglob("*.json")
    path.with_name(f".fluxframe-{'0' * 32}.part").write_bytes(b'{"row":0,')
    assert list(store.entries("a batch")) == [entry]


def test_a_folder_that_can_not_be_read_is_not_an_empty_one(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = TinyServer()
    run_row(server, "sync", store)

    def refuse(*_: Any) -> Any:
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "listdir", refuse)
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError):
        run_row(server, "sync", store, out=None)
    assert submissions(server) == 1


# Keys, rows and results.


@given(st.text(min_size=1).filter(str.strip), st.integers(0, 10**9), requests)
def test_the_key_is_of_the_row_and_of_nothing_else(
    batch: str, position: int, request: dict[str, Any]
) -> None:
    key = row_key(batch, position, request)
    ((_, wire),) = read_rows([request])
    same: list[Any] = [
        wire,
        json.loads(json.dumps(wire)),
        dict(reversed(request.items())),
        types.Flux2Pro(**{name: value for name, value in request.items() if name != "model"}),
    ]
    assert {row_key(batch, position, each) for each in same} == {key}
    assert key not in {
        row_key(f"{batch}2", position, request),
        row_key(batch, position + 1, request),
        row_key(batch, position, request, attempt=1),
        row_key(batch, position, {**request, "seed": 10}),
    }


def test_rows_come_from_files_that_are_checked_first(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("model,prompt,width\nflux-2-pro,a fox,\nflux-2-pro,a car,1\n")
    with pytest.raises(InvalidRequestError) as caught:
        read_rows(path)
    assert f"{path}:3: width: 1 is below" in str(caught.value)
    assert [position for position, _ in read_rows(path, validation="off")] == [0, 1]
    path.write_text("model,prompt,seed\nflux-2-pro,a fox,\nflux-2-pro,a car,3\n")
    assert list(read_rows(path)) == [
        (0, {"model": "flux-2-pro", "prompt": "a fox"}),
        (1, {"model": "flux-2-pro", "prompt": "a car", "fluxParams": {"seed": 3}}),
    ]


def test_what_is_not_a_request_is_not_a_row() -> None:
    rows = read_rows([REQUEST, "no request"])  # type: ignore[list-item]
    assert next(rows)[0] == 0
    with pytest.raises(InvalidRequestError):
        next(rows)
    with pytest.raises(ConfigurationError, match="validation"):
        read_rows([], validation="loud")  # type: ignore[arg-type]


def test_the_summary_is_that_of_a_batch(side: str, store: FolderStore, tmp_path: Path) -> None:
    prompts = ["a", "fail", "bad", "lack1", "b"]
    rows = [{**REQUEST, "prompt": prompt} for prompt in prompts] + [{**REQUEST, "width": 1}]
    with TinyServer().client() as client:
        batch = client.batch.run(rows, journal=tmp_path / "run.jsonl", out=None, interval=0.01)
    server = TinyServer()
    entries = [
        run_row(server, side, store, request, position=position)
        for position, request in enumerate(rows)
    ]
    found = summarize([*entries[::-1], *entries[:2]], manifest=tmp_path / "many.jsonl")
    assert (found.manifest, found.journal) == (tmp_path / "many.jsonl", None)
    for name in ("rows", "completed", "failed", "refused", "unknown", "credits"):
        assert getattr(found, name) == getattr(batch, name)
    seen = [
        [
            {name: line[name] for name in ("row", "model", "status", "files", "credits")}
            for line in map(json.loads, summary.manifest.read_text().splitlines())
        ]
        for summary in (found, batch)
    ]
    assert seen[0] == seen[1]
    assert list(store.entries("a batch")) == entries


def test_only_entries_are_summed_up(store: FolderStore, tmp_path: Path) -> None:
    entry = run_row(TinyServer(), "sync", store)
    for wrong in ([entry, None], [{"row": 0}], entry, None):
        with pytest.raises(ConfigurationError, match="entries: a "):
            summarize(wrong, manifest=tmp_path / "many.jsonl")  # type: ignore[arg-type]
    assert not (tmp_path / "many.jsonl").exists()


entries = st.builds(
    Entry,
    row=st.integers(0, 9),
    attempt=st.integers(0, 9),
    key=st.text(),
    at=st.floats(allow_nan=False, allow_infinity=False),
    state=st.sampled_from(["intent", "free", "failed"]),
    error=st.none() | st.text(min_size=1),
    credits=st.none() | st.floats(0, 9) | st.integers(0, 9),
    files=st.lists(st.text()).map(tuple),
)


@given(entries)
def test_an_entry_is_a_text_and_a_pickle(entry: Entry) -> None:
    text = entry.to_json()
    assert "\n" not in text
    assert Entry.from_json(text) == Entry.from_json(text.encode()) == entry
    assert pickle.loads(pickle.dumps(entry)) == entry
    with pytest.raises(ValueError, match="not"):
        Entry.from_json(text.replace('"attempt":', '"attempt":1'))
