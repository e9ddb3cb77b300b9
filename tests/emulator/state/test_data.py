"""A folder that keeps all: it survives the process, however that ends, and is nobody else's meanwhile."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from fluxframe.emulator import DataError, Emulator, Key
from fluxframe.emulator._state.schema import VERSION

from .conftest import GENERATE, JOBS, UPLOADS, Connect, credits_of, job_of, request_of, submit

FILE, UPLOADED = "emulator.sqlite3", "emulator.uploads"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
KEY = "Idempotency-Key"
SERVE = """
import sys, threading
from fluxframe.emulator import Emulator
emulator = Emulator(data=sys.argv[1], job_seconds=0.2, credits=10**9).start()
print(emulator.url, flush=True)
threading.Event().wait()
"""


def test_all_is_there_again(tmp_path: Path, connect: Connect) -> None:
    with Emulator(data=tmp_path, job_seconds=60) as emulator:
        api = connect(emulator, "afk_a")
        id = submit(api, request_of(aspect_ratio="1:1", seed=3), headers={KEY: "k"})
        upload = api.post(UPLOADS, files={"file": PNG}).json()
        emulator.clock.advance(30)
        assert job_of(api, id)["status"] == "PROCESSING"
        before, credits = job_of(api, id), credits_of(api)
        emulator.clock.advance(30)
        picture = api.get(job_of(api, id)["result"]["images"][0]).content
    with Emulator(data=tmp_path, job_seconds=60) as emulator:
        api = connect(emulator, "afk_a")
        assert credits_of(api) == credits
        assert submit(api, request_of(aspect_ratio="1:1", seed=3), headers={KEY: "k"}) == id
        job = job_of(api, id)
        assert job["status"] == "COMPLETED"  # The clock is as far ahead as it was.
        assert (job["input"], job["createdAt"]) == (before["input"], before["createdAt"])
        assert api.get(f"/files/{id}-1.jpg").content == picture
        assert api.get(f"/uploads/{upload['id']}").content == PNG
        assert [seen.id for seen in emulator.jobs] == [id]


def test_an_emulator_can_be_started_again(tmp_path: Path, connect: Connect) -> None:
    for folder in (None, tmp_path):
        emulator = Emulator(data=folder)
        with emulator:
            id = submit(connect(emulator, "afk_a"))
        with emulator:
            assert job_of(connect(emulator, "afk_a"), id)["id"] == id


def test_the_balance_of_a_listed_key_is_kept(tmp_path: Path, connect: Connect) -> None:
    for left in (6, 2):
        with Emulator(data=tmp_path, keys=[Key("afk_a", credits=10)]) as emulator:
            api = connect(emulator, "afk_a")
            submit(api)
            assert credits_of(api) == left


def test_a_model_that_is_no_longer_there_is_shown(tmp_path: Path, connect: Connect) -> None:
    with Emulator(data=tmp_path, job_seconds=0) as emulator:
        api = connect(emulator, "afk_a")
        id = submit(api)
    db = sqlite3.connect(tmp_path / FILE)
    db.execute("UPDATE texts SET text = 'flux-0' WHERE text = 'flux-2-pro'")
    db.commit()
    db.close()
    with Emulator(data=tmp_path, job_seconds=0) as emulator:
        api = connect(emulator, "afk_a")
        assert job_of(api, id)["model"] == "flux-0"
        assert api.get(f"/files/{id}-1.jpg").status_code == 200
        assert api.get(JOBS, params={"include_models": "true"}).json()["models"] == ["flux-0"]


# Whose the folder is.


def test_two_servers_do_not_share_a_folder(tmp_path: Path, connect: Connect) -> None:
    text = "is in use by another server; stop that, or choose another folder"
    with Emulator(data=tmp_path) as emulator:
        submit(connect(emulator, "afk_a"))
        with pytest.raises(DataError, match=text):
            Emulator(data=tmp_path)
        child = subprocess.run(
            [sys.executable, "-c", SERVE, tmp_path],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert child.returncode != 0
        assert text in child.stderr
        assert len(emulator.jobs) == 1
    Emulator(data=tmp_path).stop()


def test_a_port_that_is_taken_does_not_keep_the_folder(tmp_path: Path) -> None:
    with Emulator() as other:
        emulator = Emulator(data=tmp_path, port=int(other.url.rpartition(":")[2]))
        with pytest.raises(OSError, match="in use"):
            emulator.start()
        with Emulator(data=tmp_path):
            pass


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE notes (text)")
    db.close()


def of_version(path: Path, version: int) -> None:
    Emulator(data=path.parent).stop()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version={version}")
    db.close()


def damaged(path: Path) -> None:
    Emulator(data=path.parent).stop()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x07" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            foreign,
            "not a file of the emulator .*of another program.*; move it away, or choose another",
        ),
        (lambda path: path.write_bytes(b"x" * 5000), "damaged, or not a file of the emulator"),
        (damaged, "damaged, or not a file of the emulator"),
        (lambda path: of_version(path, VERSION + 1), "of a newer version .*move the file away"),
        (lambda path: of_version(path, VERSION - 1), "of an older version .*move the file away"),
        (lambda path: path.mkdir(), "can't be opened"),
    ],
    ids=["foreign", "no-database", "damaged", "newer", "older", "folder"],
)
def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path, make: object, text: str) -> None:
    path = tmp_path / FILE
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(DataError, match=text) as caught:
        Emulator(data=tmp_path)
    assert str(path) in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [file.name for file in tmp_path.iterdir() if file.name != UPLOADED] == [FILE]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    with pytest.raises(DataError, match="is not a folder that can be used"):
        Emulator(data=path)
    assert path.read_text() == "mine"


def test_a_folder_that_has_other_files_keeps_them(tmp_path: Path, connect: Connect) -> None:
    mine = tmp_path / "uploads" / "mine.png"
    mine.parent.mkdir()
    mine.write_bytes(PNG)
    (tmp_path / UPLOADED).write_text("mine")
    with pytest.raises(DataError, match="is not a folder that can be used"):
        Emulator(data=tmp_path)
    (tmp_path / UPLOADED).unlink()
    with Emulator(data=tmp_path) as emulator:
        submit(connect(emulator))
        emulator.reset()
    assert mine.read_bytes() == PNG
    with pytest.raises(RuntimeError, match="has stopped"):
        list(emulator.jobs)


@pytest.mark.skipif(sys.platform == "win32", reason="files have no modes there")
def test_only_their_owner_reads_what_is_kept(tmp_path: Path, connect: Connect) -> None:
    with Emulator(data=tmp_path / "data") as emulator:
        submit(connect(emulator))
        for path in (tmp_path / "data").iterdir():
            assert path.stat().st_mode & 0o077 == 0, path


def test_nothing_is_written_elsewhere(tmp_path: Path, connect: Connect) -> None:
    folder, outside = tmp_path / "new" / "data", tmp_path / "outside"
    outside.mkdir()
    with Emulator(data=folder) as emulator:
        submit(connect(emulator, "afk_a"))
    assert sorted(path.name for path in folder.iterdir()) == [FILE, UPLOADED]
    assert list(outside.iterdir()) == []


# SIGKILL.


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, folder], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]


class Load:
    """Submits as fast as it can from a few threads, until the server is gone."""

    def __init__(self, url: str, run: int) -> None:
        self.accepted: dict[str, str] = {}
        self._more = threading.Condition()
        self.threads = [
            threading.Thread(target=self.send, args=(url, f"{run}-{n}")) for n in range(4)
        ]
        for thread in self.threads:
            thread.start()

    def send(self, url: str, name: str) -> None:
        headers = {"X-API-Key": "afk_load"}
        with httpx.Client(base_url=url, headers=headers, trust_env=False, verify=False) as api:
            for number in range(100_000):
                once = f"{name}-{number}"
                try:
                    answer = api.post(GENERATE, json=request_of(), headers={KEY: once})
                except httpx.HTTPError:
                    return
                assert answer.status_code == 202
                with self._more:
                    self.accepted[once] = answer.json()["jobId"]
                    self._more.notify_all()

    def wait(self, count: int) -> None:
        """Wait until so many were accepted."""
        with self._more:
            assert self._more.wait_for(lambda: len(self.accepted) >= count, timeout=60)

    def join(self) -> None:
        for thread in self.threads:
            thread.join()


def test_what_was_accepted_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    chance, accepted = random.Random(7), dict[str, str]()
    for run in range(10):
        with serving(tmp_path) as (url, process):
            load = Load(url, run)
            load.wait(chance.randint(0, 60))
            process.kill()
            load.join()
            accepted |= load.accepted
    assert len(accepted) >= 100
    with (
        serving(tmp_path) as (url, _),
        httpx.Client(
            base_url=url, headers={"X-API-Key": "afk_load"}, trust_env=False, verify=False
        ) as api,
    ):
        ids = list[str]()
        cursor: dict[str, str] = {}
        while True:
            page = api.get(JOBS, params={"limit": "100", **cursor}).json()
            ids += [job["id"] for job in page["jobs"]]
            if not page["hasMore"]:
                break
            cursor = {"cursor": page["nextCursor"]}
        assert set(accepted.values()) <= set(ids)
        assert len(ids) == len(set(ids))
        # Each was paid for once: those too whose answer was not seen.
        assert credits_of(api) == 10**9 - 4 * len(ids)
        for once, id in chance.sample(sorted(accepted.items()), 40):
            assert submit(api, headers={KEY: once}) == id
        done = {"limit": "100", "status": "COMPLETED"}
        while {job["id"] for job in api.get(JOBS, params=done).json()["jobs"]} != set(ids[:100]):
            threading.Event().wait(0.05)
        assert {job_of(api, id)["status"] for id in chance.sample(ids, 40)} == {"COMPLETED"}
