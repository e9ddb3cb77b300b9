"""The journal of a batch, its rows and its gate: what they are for, whatever happens to them."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import fluxframe
from codegen.naming import class_name
from fluxframe import InvalidRequestError, JournalError, _locks
from fluxframe.batch._entry import STATES, Entry, error_text, parse_entry
from fluxframe.batch._files import read
from fluxframe.batch._gate import Gate, pause_after
from fluxframe.batch._journal import Journal
from fluxframe.batch._rows import row

from .. import strategies, windows
from ..servers.tiny import TinyServer

URL = "https://api.test"


def entry(number: int = 0, state: str = "intent", **known: Any) -> Entry:
    job = None if state in ("intent", "failed", "refused", "unknown") else f"job-{number}"
    values = {"attempt": 0, "key": "k", "at": 1.0, "state": state, "job": job, **known}
    return Entry(row=number, **values)


def write(path: Path, *entries: Entry) -> None:
    with Journal(path, URL) as journal:
        wait([journal.append(each) for each in entries])


# Processes.


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_process_that_was_forked_neither_keeps_the_journal_nor_lets_it_go(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    for is_forked in (False, True):
        journal = Journal(path, URL)
        forked = os.dup(journal._file.fileno())  # As a fork has it.
        try:
            if is_forked:
                journal._process += 1
            journal.close()
            if is_forked:
                with pytest.raises(JournalError, match="in use by another run"):
                    write(path)
            else:
                write(path)
        finally:
            os.close(forked)
    write(path)


# Entries.


ENTRIES = st.builds(
    Entry,
    row=st.integers(0, 1000),
    attempt=st.integers(0, 5),
    key=st.text(),
    at=st.floats(0, 1e12),
    state=st.sampled_from(STATES),
    model=st.none() | st.text(),
    seed=st.none() | st.integers(),
    job=st.text(min_size=1),
    files=st.lists(st.text(), max_size=2).map(tuple),
    credits=st.none() | st.integers(0, 9) | st.floats(0, 9),
    error=st.none() | st.text(),
    resubmit=st.none() | st.booleans(),
)


@given(st.lists(ENTRIES, max_size=8))
def test_the_last_entry_of_a_row_is_read_back(entries: list[Entry]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "run.jsonl")
        write(path, *entries)
        last = {each.row: each for each in entries}
        with Journal(path, URL) as journal:
            assert list(journal.entries()) == [last[number] for number in sorted(last)]
            assert journal.entry(1001) is None


def test_a_journal_that_does_not_say_whether_to_submit_again_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    failed = entry(0, "failed", error="job job-0 is FAILED: No available capacity")
    write(path, failed)
    assert b"resubmit" not in path.read_bytes()
    with Journal(path, URL) as journal:
        assert journal.entry(0) == failed
        assert failed.resubmit is None


@given(st.lists(ENTRIES, min_size=1, max_size=4), st.data())
def test_a_journal_cut_at_any_byte_has_the_whole_lines_before_it(
    entries: list[Entry], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "run.jsonl")
        write(path, *entries)
        whole = path.read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:cut])
        # A line that lacks nothing but its end is whole.
        left = (whole[:cut] + (b"\n" if whole[cut : cut + 1] == b"\n" else b"")).count(b"\n") - 1
        with Journal(path, URL) as journal:
            last = {each.row: each for each in entries[: max(left, 0)]}
            assert list(journal.entries()) == [last[number] for number in sorted(last)]
            journal.append(entry(7)).result()
        with Journal(path, URL) as journal:  # What follows a cut is readable.
            assert journal.entry(7) == entry(7)


@given(st.data())
def test_damage_is_named(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "run.jsonl")
        write(path, *(entry(number) for number in range(5)))
        lines = path.read_bytes().splitlines(keepends=True)
        broken = data.draw(st.integers(1, 5))
        garbage = data.draw(
            st.sampled_from([b"\0\0\0\n", b"{}\n", b"[1]\n", b"\xff\n", b"\n", b'{"row": 1\n'])
        )
        lines[broken] = garbage
        path.write_bytes(b"".join(lines))
        with pytest.raises(JournalError, match=rf"run\.jsonl:{broken + 1}: .*damaged"):
            Journal(path, URL)
        assert path.read_bytes() == b"".join(lines)


# A journal of version 1, whose lines have no checksum.
OLD = (
    b'{"journal":"fluxframe batch","version":1,"batch":"b","base_url":"https://api.test"}\n'
    b'{"row":0,"attempt":0,"key":"k","at":1.0,"state":"intent"}\n'
    b'{"row": 1, "attempt": 0, "key": "k", "at": 1.0, "state": "accepted", "job": "job-1"}\n'
)


def test_a_journal_without_checksums_is_read_and_continued(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(OLD)
    for _ in range(2):
        with Journal(path, URL) as journal:
            assert journal.batch == "b"
            assert journal.entry(0) == entry(0)
            assert journal.entry(1) == entry(1, "accepted")
            journal.append(entry(2)).result()
    whole = path.read_bytes()
    assert whole.startswith(OLD)
    path.write_bytes(whole.replace(b'"crc"', b'"brc"', 1))
    with pytest.raises(JournalError, match=r"run\.jsonl:4: .*damaged"):
        Journal(path, URL)


@pytest.mark.parametrize("tail", [b"\0" * 40 + b"\n", b'{"row": 1}\n', b"{}", b"[1]\n"])
def test_a_last_line_that_is_damaged_is_named_and_not_cut_off(tmp_path: Path, tail: bytes) -> None:
    for number, whole in ((4, OLD), (2, OLD[: OLD.index(b"\n") + 1])):
        path = tmp_path / "run.jsonl"
        path.write_bytes(whole + tail)
        with pytest.raises(JournalError, match=rf"run\.jsonl:{number}: .*damaged.* 23 h"):
            Journal(path, URL)
        assert path.read_bytes() == whole + tail


@pytest.mark.parametrize("tail", [b"\0" * 40, b'{"row": 1\0\0', b'{"row": 1,', b"{"])
def test_a_last_line_that_was_never_whole_is_cut_off(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "run.jsonl"
    write(path, entry(0))
    before = path.read_bytes()
    path.write_bytes(before + tail)
    with Journal(path, URL) as journal:
        assert list(journal.entries()) == [entry(0)]
    assert path.read_bytes() == before


def test_a_last_line_that_lacks_nothing_but_its_end_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    write(path, entry(0), entry(1, "accepted"))
    whole = path.read_bytes()
    path.write_bytes(whole.removesuffix(b"\n"))
    with Journal(path, URL) as journal:
        assert list(journal.entries()) == [entry(0), entry(1, "accepted")]
        journal.append(entry(2)).result()
    with Journal(path, URL) as journal:
        assert list(journal.entries()) == [entry(0), entry(1, "accepted"), entry(2)]
    assert path.read_bytes().startswith(whole)


@pytest.mark.parametrize(
    "first",
    [
        *(b"{}\n", b"model,prompt\n", b"[]\n", b"\n"),
        *(b'{"journal": "fluxframe batch", "version": %s}\n' % v for v in (b"9", b"{}", b"2")),
    ],
)
def test_another_file_is_not_a_journal_and_stays_as_it_is(tmp_path: Path, first: bytes) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(first + b"more\n")
    with pytest.raises(JournalError, match="journal"):
        Journal(path, URL)
    assert path.read_bytes() == first + b"more\n"


def test_a_text_of_one_line_without_its_end_is_not_taken_for_a_torn_journal(
    tmp_path: Path,
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("do not lose this")
    with pytest.raises(JournalError, match="not the journal"):
        Journal(path, URL)
    assert path.read_text() == "do not lose this"


def test_the_journal_of_another_server_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "run.jsonl", entry())
    with pytest.raises(JournalError, match=r"api\.test.*other\.test"):
        Journal(tmp_path / "run.jsonl", "https://other.test")


@pytest.mark.parametrize("system", ["here", "windows"])
def test_two_runs_do_not_share_a_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    if system == "windows" and sys.platform == "linux":
        windows.pretend(monkeypatch, _locks)
    with Journal(tmp_path / "run.jsonl", URL), pytest.raises(JournalError, match="in use"):
        Journal(tmp_path / "run.jsonl", URL)
    with Journal(tmp_path / "run.jsonl", URL):
        pass


def test_what_is_acknowledged_is_on_the_disk_and_many_share_an_fsync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real, gate = os.fsync, threading.Event()
    path = tmp_path / "run.jsonl"

    def fsync(file: int) -> None:
        gate.wait(10)
        real(file)
        synced.append(path.stat().st_size)

    with Journal(path, URL) as journal:
        monkeypatch.setattr(os, "fsync", fsync)
        futures = [journal.append(entry(0))]
        futures += [journal.append(entry(number)) for number in range(1, 100)]
        assert not any(future.done() for future in futures)
        gate.set()
        wait(futures)
        assert synced[-1] == path.stat().st_size
        assert len(synced) <= 2


def test_a_full_disk_is_told_to_all_and_nothing_is_written_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "run.jsonl"
    with Journal(path, URL) as journal:
        journal.append(entry(0)).result()
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(OSError, match="No space"):
                journal.append(entry(1)).result()
        size = path.stat().st_size
        with pytest.raises(OSError, match="No space"):
            journal.append(entry(2)).result()
        assert path.stat().st_size == size
        assert journal.entry(1) is None


@given(st.text(), st.text(st.sampled_from("abc?=&#/% ")))
def test_no_query_of_a_url_gets_into_the_journal(before: str, query: str) -> None:
    assert "SECRET" not in error_text(
        f"{before} https://a.test/b.jpg?sig={query.split(' ')[0]}SECRET x"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://a.test/b.jpg?x='1'&sig=SECRET",
        "//a.test/b.jpg?x=(1)&sig=SECRET",
        "https://fox:SECRET@a.test/b.jpg",
    ],
)
def test_no_secret_of_a_url_gets_into_the_journal(url: str) -> None:
    shown = error_text(f"can not fetch {url} (404)")
    assert "SECRET" not in shown
    assert "a.test/b.jpg" in shown


# A batch whose journal was cut.


BATCH = [
    {"model": "flux-2-pro", "prompt": prompt}
    for prompt in ("one", "two", "lack2 three", "fail four", "bad five", "six", "seven", "eight")
] + [{"model": "flux-2-pro", "prompt": "x", "width": 1}]


def run(server: TinyServer, journal: Path, **settings: Any) -> fluxframe.BatchSummary:
    with server.client() as client:
        return client.batch.run(BATCH, journal=journal, out=None, interval=0.001, **settings)


@pytest.fixture(scope="module", autouse=True)
def _no_long_pauses() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fluxframe.batch._gate._FIRST_PAUSE", 0.001)
        yield


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory, _no_long_pauses: None
) -> tuple[TinyServer, bytes]:
    """A server after a batch, and the batch's journal."""
    server, path = TinyServer(), tmp_path_factory.mktemp("batch") / "run.jsonl"
    summary = run(server, path)
    assert (summary.completed, summary.failed, summary.refused) == (6, 2, 1)
    return server, path.read_bytes()


@settings(max_examples=60)
@given(data=st.data())
def test_a_batch_goes_on_from_any_part_of_its_journal_and_pays_nothing_twice(
    finished: tuple[TinyServer, bytes], data: st.DataObject
) -> None:
    server, whole = finished
    jobs = len(server.jobs)
    cut = data.draw(st.integers(whole.index(b"\n") + 1, len(whole)))
    with TemporaryDirectory() as folder:
        path = Path(folder, "run.jsonl")
        path.write_bytes(whole[:cut])
        summary = run(server, path, concurrency=data.draw(st.integers(1, 4)))
        assert (summary.completed, summary.failed, summary.refused) == (6, 2, 1)
        assert summary.rows == len(BATCH)
        assert summary.credits == 24
        assert len(server.jobs) == len(server.keys) == jobs
        assert path.read_bytes().startswith(whole[:cut].rpartition(b"\n")[0])


def test_no_bit_that_turns_in_a_journal_has_a_row_submitted_again(
    finished: tuple[TinyServer, bytes], tmp_path: Path
) -> None:
    """The keys are forgotten by then, so that whatever is submitted again is paid for again."""
    _, whole = finished
    path, server = tmp_path / "run.jsonl", TinyServer()
    sample = range(0, 8 * len(whole), EVERY_BIT or 211)
    # All bits of the last line, each end of a line, and a sample of the others.
    ends = [8 * at + bit for at, byte in enumerate(whole) if byte == 10 for bit in range(8)]
    last = range(8 * (whole.rindex(b"\n", 0, -1) + 1), 8 * len(whole), EVERY_BIT or 7)
    for place in {*sample, *ends, *last}:
        turned = bytearray(whole)
        turned[place // 8] ^= 1 << place % 8
        path.write_bytes(turned)
        try:
            run(server, path, resubmit_unknown=True)
        except JournalError as error:
            assert str(path) in str(error)
        assert not server.asked["POST"], place
        assert not path.exists() or path.read_bytes() == turned


EVERY_BIT = int(os.environ.get("FLUXFRAME_EVERY_BIT", "0"))


def test_a_journal_without_its_first_line_is_another_batch(
    finished: tuple[TinyServer, bytes], tmp_path: Path
) -> None:
    _, whole = finished
    server, path = TinyServer(), tmp_path / "run.jsonl"
    path.write_bytes(whole[:20])
    assert run(server, path).completed == 6
    assert path.read_bytes()[: whole.index(b"\n")] != whole[: whole.index(b"\n")]


# Rows.


def flat(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request by Python names."""
    model = fluxframe.models.of(request)
    assert model is not None
    names = {parameter.path: parameter.name for parameter in model.parameters.values()}
    result: dict[str, Any] = {}
    for key, value in request.items():
        inner = value if key == model.container else {None: value}
        for name, member in inner.items():
            result[names[key if name is None else f"{key}.{name}"]] = member
    return result


def without_null(request: dict[str, Any]) -> dict[str, Any]:
    """What a table says of a request: it has no other null than a cell that is empty."""
    model = fluxframe.models.of(request)
    assert model is not None
    kept = {name: value for name, value in request.items() if value is not None}
    if isinstance(inner := kept.get(model.container or ""), dict):
        kept[model.container or ""] = {n: v for n, v in inner.items() if v is not None}
    return kept


def cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


REQUESTS = st.sampled_from(strategies.MODELS).flatmap(strategies.requests).map(without_null)


@given(st.lists(REQUESTS, max_size=4), st.booleans(), st.booleans())
def test_requests_come_back_from_jsonl(
    requests: list[dict[str, Any]], by_name: bool, bom: bool
) -> None:
    shown = [flat(request) if by_name else request for request in requests]
    text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in shown)
    with TemporaryDirectory() as folder:
        path = Path(folder, "rows.jsonl")
        path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
        rows = list(read(path))
    assert [each.request for each in rows] == requests
    assert [each.content for each in rows] == [row(0, request).content for request in requests]
    assert [each.where for each in rows] == [f"{path}:{n + 1}" for n in range(len(requests))]


@given(st.lists(REQUESTS, max_size=4), st.booleans())
def test_requests_come_back_from_csv(requests: list[dict[str, Any]], bom: bool) -> None:
    shown = [
        {n: v for n, v in flat(request).items() if v != "" and "\0" not in str(v)}
        for request in requests
    ]
    columns = sorted({name for each in shown for name in each})
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    if columns:
        writer.writerow(columns)
    for each in shown:
        writer.writerow([cell(each[name]) if name in each else "" for name in columns])
    with TemporaryDirectory() as folder:
        path = Path(folder, "rows.csv")
        path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode())
        rows = list(read(path))
    found = [flat(each.request) for each in rows if each.request is not None]
    assert found == shown
    assert list(map(types_of, found)) == list(map(types_of, shown))  # 1 == 1.0 == True


def types_of(values: Mapping[str, Any]) -> dict[str, type]:
    """The type of each value; a cell doesn't tell whether a whole number is a float."""
    whole = {n for n, v in values.items() if isinstance(v, float) and v.is_integer()}
    return {name: int if name in whole else type(value) for name, value in values.items()}


@given(REQUESTS)
def test_every_form_of_a_request_is_the_same_row(request: dict[str, Any]) -> None:
    model = fluxframe.models.of(request)
    assert model is not None
    typed = getattr(fluxframe.types, class_name(model.id)).model_validate(request)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        forms = [row(0, request), row(0, flat(request)), row(0, typed)]
    assert forms[0].request == request
    assert len({form.content for form in forms}) == 1


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"model": "flux-2-pro", "prompt": "x"}\n{oops\n', 2, "not valid JSON"),
        ("\n\n[1]\n", 3, "not a JSON object"),
        ('{"model": "flux-2-pro", "prompt": "x", "width": 1}\n', 1, "width: 1 is below"),
        ('{"model": "flux-2-pro"}', 1, "prompt: missing"),
        (b'{"model": "\xff"}', 1, "not UTF-8"),
        ("[" * 100_000, 1, "not valid JSON"),
    ],
)
def test_a_wrong_line_of_jsonl_is_named(
    tmp_path: Path, text: str | bytes, line: int, said: str
) -> None:
    refused(tmp_path / "rows.jsonl", text, line, said)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("model,prompt,width\nflux-2-pro,x,many\n", 2, 'width: "many" is text'),
        ('model,prompt\nflux-2-pro,"a\nb"\nflux-2-pro,\n', 4, "prompt: missing"),
        ("model,prompt\nflux-2-pro,x,y\n", 2, "3 cells"),
        ("model,model\n", 1, "twice"),
        ("model,,prompt\n", 1, "column 2 has no name"),
        ("model,prompt,heigth\nflux-2-pro,x,512\n", 2, "did you mean height?"),
        (b"model,prompt\nflux-2-pro,\xff\n", 2, "not UTF-8"),
        ('model,prompt\nflux-2-pro,"x" y\n', 2, "not valid CSV"),
        ("model,prompt,guidance\nflux-2-flex,x,nan\n", 2, 'guidance: "nan" is text'),
    ],
)
def test_a_wrong_line_of_csv_is_named(
    tmp_path: Path, text: str | bytes, line: int, said: str
) -> None:
    refused(tmp_path / "rows.csv", text, line, said)


def refused(path: Path, text: str | bytes, line: int, said: str) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    server = TinyServer()
    journal = path.with_name("run.jsonl")
    with server.client() as client, pytest.raises(InvalidRequestError) as caught:
        client.batch.run(path, journal=journal, out=None)
    assert f"{path}:{line}: " in str(caught.value)
    assert said in str(caught.value)
    assert not server.asked
    assert not journal.exists()


# The gate.


class GateMachine(RuleBasedStateMachine):
    """A gate under any order of what happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.most = 8
        self.gate = Gate(self.most, clock=lambda: self.now, chance=lambda: 0.5)
        self.inside: list[int] = []
        self.shut_until = 0.0
        self.refused = 0

    @rule()
    def enter(self) -> None:
        delay = self.gate.enter()
        room = len(self.inside) < self.gate.allowed
        assert (delay == 0) == (room and self.now >= self.shut_until)
        if delay == 0:
            self.inside.append(self.gate.cuts)

    @precondition(lambda self: self.inside)
    @rule()
    def succeed(self) -> None:
        before = self.gate.allowed
        self.refused = 0
        self.gate.passed()
        assert before <= self.gate.allowed <= before + 1

    @precondition(lambda self: self.inside)
    @rule()
    def leave(self) -> None:
        self.inside.pop(0)
        self.gate.leave()

    @precondition(lambda self: self.inside)
    @rule(after=st.none() | st.floats(0, 100))
    def limit(self, after: float | None) -> None:
        before, cuts = self.gate.allowed, self.inside.pop(0)
        fresh = cuts == self.gate.cuts
        self.gate.limited(cuts, after)
        self.gate.leave()
        if fresh:
            assert self.gate.allowed <= max(1, -(-before // 2))
        else:
            assert self.gate.allowed == before
        self.shut_until = max(self.shut_until, self.now + (after or 0))
        # And by its own pause, which grows, whatever the server asks for.
        self.refused = self.refused + 1 if fresh else self.refused
        own = pause_after(self.refused, lambda: 0.5)
        self.shut_until = max(self.shut_until, self.now + own)

    @rule(seconds=st.floats(0, 50))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def within_bounds(self) -> None:
        assert 1 <= self.gate.allowed <= self.most


TestGate = GateMachine.TestCase


def test_the_gate_recovers() -> None:
    gate = Gate(8)
    gate.limited(0, 0)
    assert gate.allowed == 4
    for _ in range(60):
        gate.passed()
    assert gate.allowed == 8


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_bounded(failures: int, chance: float) -> None:
    assert 0 < pause_after(failures, lambda: chance) <= 60


ENTRY = {
    "row": 1, "attempt": 0, "key": "k", "at": 1.5, "state": "accepted", "account": "a",
    "model": "m", "seed": 7, "job": "j", "files": [], "credits": 4, "error": "e", "resubmit": False,
}  # fmt: skip


@pytest.mark.parametrize("name", ENTRY)
def test_a_member_of_another_type_is_not_an_entry(name: str) -> None:
    assert parse_entry(json.dumps(ENTRY).encode()).row == 1
    kinds = {type(ENTRY[name]), *((int, float) if name in ("at", "credits") else ())}
    others: list[object] = [1, 1.5, "1", True, None, [], {}]
    for other in others:
        if type(other) not in kinds:
            with pytest.raises(ValueError, match="entry"):
                parse_entry(json.dumps({**ENTRY, name: other}).encode())


@pytest.mark.parametrize("name", ["row", "attempt", "key", "at", "state", "job"])
def test_an_entry_without_what_it_needs_is_none(name: str) -> None:
    rest = {key: value for key, value in ENTRY.items() if key != name}
    with pytest.raises(ValueError, match="entry"):
        parse_entry(json.dumps(rest).encode())
