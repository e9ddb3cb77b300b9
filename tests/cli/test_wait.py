"""The command `fluxframe wait`."""

from __future__ import annotations

import logging
import signal
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

import fluxframe
from fluxframe.cli._log import FewLines, logged
from fluxframe.emulator import Emulator

from ..servers.http1 import Request, http_json
from ..servers.scripted import Server, Then, job_json
from .shells import (
    JPEG,
    NOBODY,
    PATIENCE,
    QUICK,
    UNKNOWN,
    Shell,
    hinted,
    lines,
    until,
)

OTHER = UNKNOWN[:-1] + "2"


def test_jobs_are_waited_for_together(shell: Shell) -> None:
    ids = shell.submitted(3)
    failing = shell.submitted(1, aspect_ratio="0:9")
    done = shell("wait", *ids, *failing, ids[0], "--out", "pictures", *QUICK)
    assert done.exit_code == 1
    assert f"job {failing[0]} is FAILED" in done.stderr
    saved = [Path(line) for line in done.stdout.splitlines()]
    assert {path.name for path in saved} == {f"{id}-1.jpg" for id in ids}
    assert all(path.read_bytes().startswith(JPEG) for path in saved)


def test_an_id_in_capitals_is_the_same_job(shell: Shell) -> None:
    one, other = shell.submitted(2)
    done = shell("wait", one.upper(), other, one, other.upper(), *QUICK)
    assert (done.exit_code, sorted(done.stdout.split())) == (
        0,
        sorted([f"{one}-1.jpg", f"{other}-1.jpg"]),
    )


@pytest.mark.parametrize("command", ["wait", "jobs"])
@pytest.mark.parametrize("id", ["bogus", "", "..", "{" + UNKNOWN + "}", f"urn:uuid:{UNKNOWN}"])
def test_what_can_be_no_id_is_not_asked_for(shell: Shell, command: str, id: str) -> None:
    nowhere = Shell(NOBODY, shell.key, shell.folder)
    ids = [id] if command == "jobs" else [UNKNOWN, id]
    done = nowhere(command, *ids)
    assert done.exit_code == 2
    assert f'id: "{id}" is not a UUID' in done.stderr


def test_one_picture_that_is_gone_does_not_keep_the_others(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shell.submitted(3)
    save = fluxframe.Image.save

    def gone(image: fluxframe.Image, *args: Any, **kwargs: Any) -> Path:
        if image.job_id == ids[0]:
            raise fluxframe.ResultExpiredError("it is gone")
        return save(image, *args, **kwargs)

    monkeypatch.setattr(fluxframe.Image, "save", gone)
    done = shell("wait", *ids, *QUICK)
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 2
    assert "warning: it is gone" in done.stderr
    told = {line["job"]["id"]: line for line in lines(shell("wait", *ids, "--json").stdout)}
    assert told[ids[0]]["error"] == {"type": "ResultExpiredError", "message": "it is gone"}
    assert told[ids[1]]["files"] == [f"{ids[1]}-1.jpg"]


def test_a_wait_bears_a_server_that_is_gone_and_says_how_to_go_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Shell(NOBODY, shell.key, shell.folder)
    done = gone("wait", UNKNOWN, "--deadline", 0.3, "--interval", 0.05)
    assert done.exit_code == 3
    assert "could not be asked for within 0.3 s" in done.stderr
    assert f"go on with: fluxframe wait {UNKNOWN}" in done.stderr


def test_a_server_that_is_away_for_a_while_is_told_of(shell: Shell, emulator: Emulator) -> None:
    id, *_ = shell.submitted(1)
    away = {"key": shell.key, "path": "/v2/jobs/*", "status": 503, "times": 2}
    for quiet in ([], ["-q"]):
        emulator.faults.add(away)
        done = shell("wait", id, "--out", "fox.jpg", *QUICK, *quiet)
        assert (done.exit_code, done.stdout) == (0, "fox.jpg\n")
        assert ("asked again later" in done.stderr) == (not quiet)


def test_it_is_told_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now, told = [0.0], list[str]()
    monkeypatch.setattr("fluxframe.cli._log.monotonic", lambda: now[0])
    with logged(logging.INFO, FewLines(told.append)):
        for second in range(12):
            now[0] = 100.0 + second
            logging.getLogger("fluxframe").info("after %d s", second)
            logging.getLogger("fluxframe").debug("nothing")
    logging.getLogger("fluxframe").info("later")
    assert told == ["after 0 s", "after 5 s", "after 10 s"]


@pytest.mark.parametrize("count", [1, 2])
def test_unknown_jobs_do_not_keep_the_others(shell: Shell, count: int) -> None:
    unknown = [str(uuid.UUID(int=number)) for number in range(count)]
    ids = shell.submitted(3)
    done = shell("wait", *unknown, *ids, *QUICK, "--out", "pictures")
    assert done.exit_code == 1
    assert {Path(line).name for line in done.stdout.splitlines()} == {f"{id}-1.jpg" for id in ids}
    assert all(f"404 Job not found (job {id}" in done.stderr for id in unknown)
    assert "go on with" not in done.stderr
    told = lines(shell("wait", *unknown, *ids, *QUICK, "--json").stdout)
    errors = {line["job"]["id"]: line["error"] for line in told if "error" in line}
    assert {id: error["type"] for id, error in errors.items()} == dict.fromkeys(
        unknown, "NotFoundError"
    )
    assert sorted(line["job"]["id"] for line in told if line["files"]) == sorted(ids)


def test_one_unknown_job_is_named(shell: Shell) -> None:
    done = shell("wait", UNKNOWN)
    assert done.exit_code == 1
    assert f"404 Job not found (job {UNKNOWN}" in done.stderr


def test_a_job_that_is_not_done_makes_the_status_and_the_hint(tmp_path: Path) -> None:
    with Emulator(job_seconds=60) as slow:
        late = Shell(slow.url, f"afk_{uuid.uuid4().hex}", tmp_path)
        ids = late.submitted(2)
        done = late("wait", UNKNOWN, *ids, *QUICK, "--deadline", "0.3", "--out", tmp_path)
    assert done.exit_code == 3
    assert f"404 Job not found (job {UNKNOWN}" in done.stderr
    assert hinted(done.stderr)[:3] == ["wait", *ids]


def test_ctrl_c_does_not_wait_for_a_poll(tmp_path: Path) -> None:
    def answer(request: Request) -> Any:
        id = request.target.rpartition("/")[2]
        return http_json(job_json(id)) if id == UNKNOWN else [Then.STALL]

    with Server(answer=answer) as server:
        process = Shell(server.url, "afk_0123456789abcdef", tmp_path).process(
            "wait", OTHER, UNKNOWN
        )
        until(process.stderr, "1 of 2")
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
        assert time.monotonic() - start < 3
    assert process.returncode == 130
    assert hinted(said)[:2] == ["wait", OTHER]
