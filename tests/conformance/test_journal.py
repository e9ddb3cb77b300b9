"""Runs that are stopped, at any point, and go on: nothing is paid twice, nor asked twice."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe import _locks, conformance
from fluxframe.conformance import CannotRunError, Report
from fluxframe.conformance._journal import Journal
from fluxframe.emulator import Emulator

from .. import windows

KEY = "afk_0123456789abcdef"
MODEL = "flux-2-pro"
CHOSEN: dict[str, Any] = {
    "models": [MODEL],
    "vectors": [f"{MODEL}/*/maximum/*", f"{MODEL}/*/values/*"],
    "max_credits": 100_000,
    "concurrency": 1,
}


class KilledError(BaseException):
    """The process is gone."""


class Server(httpx.AsyncBaseTransport):
    """The emulator, which a process that is killed has asked already or not."""

    def __init__(self) -> None:
        self._app = httpx.ASGITransport(app=Emulator(job_seconds=0.0, credits=1_000_000).app)
        self.told: Counter[str] = Counter()
        self.jobs: set[str] = set()
        self.kill: tuple[int, bool] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = request.headers.get("idempotency-key")
        if request.method != "POST" or key is None:
            return await self._app.handle_async_request(request)
        # A sequence sends one again to see that nothing comes of it.
        assert not self.told[key] or len(key) > 36, "it was answered before"
        left, is_asked = self.kill or (-1, False)
        self.kill = (left - 1, is_asked)
        if left == 0 and not is_asked:
            raise KilledError
        answer = await self._app.handle_async_request(request)
        if answer.status_code == 202:
            self.jobs.add(json.loads(await answer.aread())["jobId"])
            answer = httpx.Response(202, headers=answer.headers, content=answer.content)
        if left == 0:
            raise KilledError
        self.told[key] += 1
        return answer

    def run(self, journal: Path, **options: Any) -> Report:
        client = httpx.AsyncClient(transport=self)
        chosen = {**CHOSEN, **options}
        return conformance.run("http://server", KEY, http_client=client, resume=journal, **chosen)


def verdicts(report: Report) -> dict[str, str]:
    return {o.vector: o.verdict for o in report.outcomes if o.vector.startswith(MODEL)}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=4))
def test_a_run_that_is_killed_at_any_point_goes_on(kills: list[tuple[int, bool]]) -> None:
    plain = Server()
    with TemporaryDirectory() as folder:
        whole = plain.run(Path(folder, "plain"))
        server, journal = Server(), Path(folder, "journal")
        for server.kill in kills:
            with suppress(KilledError):
                server.run(journal)
        server.kill = None
        report = server.run(journal)
    assert verdicts(report) == verdicts(whole)
    assert len(server.jobs) == len(plain.jobs)
    assert (report.accepted, report.credits) == (whole.accepted, whole.credits)


@settings(max_examples=25)
@given(st.integers(0, 1 << 30))
def test_a_journal_that_is_cut_off_anywhere_is_gone_on_with(place: int) -> None:
    server = Server()
    with TemporaryDirectory() as folder:
        journal = Path(folder, "journal")
        whole = server.run(journal)
        text, jobs = journal.read_bytes(), set(server.jobs)
        header = text.index(b"\n") + 1
        journal.write_bytes(text[: header + place % (len(text) - header)])
        server.told.clear()
        report = server.run(journal)
    assert verdicts(report) == verdicts(whole)
    assert server.jobs == jobs


def test_a_run_that_is_done_sends_nothing_again(tmp_path: Path) -> None:
    server = Server()
    whole = server.run(tmp_path / "journal")
    before = server.told.total()
    again = server.run(tmp_path / "journal")
    assert server.told.total() == before
    assert (verdicts(again), again.credits) == (verdicts(whole), whole.credits)


def test_what_was_paid_before_counts(tmp_path: Path) -> None:
    server = Server()
    whole = server.run(tmp_path / "journal", vectors=[f"{MODEL}/*/maximum/*"])
    more = server.run(tmp_path / "journal", max_credits=whole.credits)
    assert more.accepted == 0
    assert any(outcome.reason == "budget" for outcome in more.outcomes)


def test_the_key_is_not_in_the_journal(tmp_path: Path) -> None:
    Server().run(tmp_path / "journal")
    assert KEY not in (tmp_path / "journal").read_text()


@pytest.mark.parametrize("text", ["", "{", '{"journal":', '{"journal":"fluxframe conf'])
def test_what_is_hardly_begun_is_begun_again(tmp_path: Path, text: str) -> None:
    journal = tmp_path / "journal"
    journal.write_text(text if text != "{" else "")
    Server().run(journal)
    assert json.loads(journal.read_text().splitlines()[0])["journal"] == "fluxframe conformance"


@pytest.mark.parametrize("text", ["hello", "hello\n", "[]\n", '{"journal":"other"}\n', "\n"])
def test_another_file_is_left_alone(tmp_path: Path, text: str) -> None:
    journal = tmp_path / "notes"
    journal.write_text(text)
    with pytest.raises(CannotRunError, match="is not the record of a run"):
        Server().run(journal)
    assert journal.read_text() == text


def test_a_damaged_line_is_told(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    Server().run(journal)
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join([lines[0], "damage\n", *lines[1:]]))
    with pytest.raises(CannotRunError, match=r"journal:2: the line is damaged"):
        Server().run(journal)


def test_a_journal_of_another_server_is_told(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    Server().run(journal)
    client = httpx.AsyncClient(transport=Server())
    with pytest.raises(CannotRunError, match="is of a run at http://server"):
        conformance.run("http://other", KEY, http_client=client, resume=journal, **CHOSEN)


def test_a_journal_of_another_key_is_told_and_no_key_is_in_it(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    Server().run(journal)
    assert KEY not in journal.read_text()
    client = httpx.AsyncClient(transport=Server())
    with pytest.raises(CannotRunError, match="is of a run with another API key"):
        conformance.run("http://server", "afk_other", http_client=client, resume=journal, **CHOSEN)


@pytest.mark.parametrize("system", ["here", "windows"])
def test_a_journal_in_use_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    if system == "windows" and sys.platform == "linux":
        windows.pretend(monkeypatch, _locks)
    with (
        Journal(tmp_path / "journal", "http://server"),
        pytest.raises(CannotRunError, match="is in use by another run"),
    ):
        Server().run(tmp_path / "journal")


def test_an_old_request_without_an_answer_is_not_sent_again(tmp_path: Path) -> None:
    """The server may have forgotten its key by then, and would bill it twice."""
    server, journal = Server(), tmp_path / "journal"
    server.kill = (0, True)
    packs = {**CHOSEN, "vectors": [f"{MODEL}/*/values/is-*"]}
    with pytest.raises(KilledError):
        server.run(journal, **packs)
    entries = [json.loads(line) for line in journal.read_text().splitlines()]
    for entry in entries[1:]:
        entry["at"] -= 24 * 3600
    journal.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    server.kill = None
    report = server.run(journal, **packs)
    assert any(outcome.reason == "interrupted" for outcome in report.outcomes)


def test_a_sequence_that_costs_is_not_paid_for_again(tmp_path: Path) -> None:
    server = Server()
    chosen = {"vectors": [f"{MODEL}/*/maximum/*", "*/max_length/at", "me/charged/*"]}
    whole = server.run(tmp_path / "journal", **chosen)
    jobs = len(server.jobs)
    again = server.run(tmp_path / "journal", **chosen)
    assert len(server.jobs) == jobs
    told = [{o.vector: o.verdict for o in report.outcomes} for report in (whole, again)]
    assert told[0] == told[1]
