"""The command `fluxframe wait`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import fluxframe

from .shells import (
    JPEG,
    NOBODY,
    QUICK,
    UNKNOWN,
    Shell,
    lines,
)


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
