"""How commands end: the exit status, the error, and that they can be gone on with."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

import fluxframe
from fluxframe._resources import Resource
from fluxframe.cli import cli
from fluxframe.emulator import Emulator

from ..servers.scripted import Do, Server, Then
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
    wait_until,
)


@dataclass(frozen=True)
class Case:
    """A command line and how it ends."""

    arguments: list[str]
    status: int
    error: str | None = None
    many: bool = False
    key: str | None = None
    url: str | None = None


CASES = {
    "me": Case(["me"], 0),
    "jobs": Case(["jobs", "--limit", "2"], 0, many=True),
    "job": Case(["jobs", "DONE"], 0),
    "no such job": Case(["jobs", UNKNOWN], 1, "NotFoundError"),
    "no id": Case(["jobs", "nonsense"], 2, "InvalidRequestError"),
    "two questions": Case(["jobs", UNKNOWN, "--model", "m"], 2, "UsageError"),
    "models": Case(["models"], 0),
    "model": Case(["models", "flux-2-dev"], 0),
    "no such model": Case(["models", "flux-3"], 2, "BadParameter"),
    "upload": Case(["upload", "car.png"], 0),
    "no upload": Case(["upload", "none.png"], 2, "BadParameter"),
    "bad upload": Case(["upload", "bad.jsonl"], 1, "BadRequestError"),
    "good requests": Case(["check", "good.jsonl"], 0),
    "bad requests": Case(["check", "bad.jsonl"], 2),
    "generate": Case(["generate", "flux-2-pro", "a fox", *QUICK], 0),
    "submit": Case(["generate", "flux-2-pro", "a fox", "--no-wait"], 0),
    "refused": Case(["generate", "flux-2-pro", "a", "--seed", "x"], 2, "InvalidRequestError"),
    "no flag": Case(["generate", "flux-2-pro", "a", "--heigth", "1"], 2, "NoSuchOption"),
    "no number": Case(["generate", "flux-2-pro", "a", "--deadline", "inf"], 2, "BadParameter"),
    "failed": Case(
        ["generate", "flux-2-pro", "a", "--aspect-ratio", "0:9", *QUICK], 1, "JobFailedError"
    ),
    "wait": Case(["wait", "DONE"], 0),
    "wait for failed": Case(["wait", "FAILED"], 1, "JobFailedError"),
    "wait for many": Case(["wait", "DONE", "FAILED"], 1, many=True),
    "wait for none": Case(["wait", "DONE", UNKNOWN], 1, many=True),
    "no command": Case(["nonsense"], 2, "UsageError"),
    "completion": Case(["completion", "zsh"], 0),
    "no key": Case(["me"], 2, "ConfigurationError", key=""),
    "wrong key": Case(["me"], 1, "AuthenticationError", key="wrong_key_of_mine"),
    "unsendable key": Case(["me"], 2, "ConfigurationError", key="afk with spaces"),
    "nobody there": Case(["generate", "flux-2-pro", "a"], 1, "APIConnectionError", url=NOBODY),
    "bad url": Case(["me", "--base-url", "ftp://x"], 2, "ConfigurationError"),
}


def prepared(shell: Shell, case: Case) -> tuple[Shell, list[str]]:
    """The files and jobs that the cases speak of, and the arguments with ids in them."""
    Image.new("RGB", (30, 10)).save("car.png")
    good = {"model": "flux-2-pro", "prompt": "a"}
    Path("good.jsonl").write_text(json.dumps(good))
    Path("bad.jsonl").write_text(json.dumps({**good, "width": 1}))
    ids: dict[str, str] = {}
    if "DONE" in case.arguments or "FAILED" in case.arguments or "jobs" in case.arguments:
        (ids["DONE"],), (ids["FAILED"],) = shell.submitted(), shell.submitted(aspect_ratio="0:9")
        with shell.client() as client:
            list(client.jobs.wait_many(ids.values(), interval=0.01))
    key = shell.key if case.key is None else case.key
    other = Shell(case.url or shell.url, key or "afk_none", shell.folder)
    arguments = [ids.get(word, word) for word in case.arguments]
    return other if key else Shell(shell.url, "", shell.folder), arguments


def alike(text: str) -> str:
    """Text without what is another each time: ids and seconds."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{32}\b|[0-9.]+ s\b", "…", text)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_command_ends_as_it_should(
    shell: Shell, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, arguments = prepared(shell, case)
    if not shell.key:
        monkeypatch.setattr(Shell, "has_no_secret", lambda self, text: None)
    plain = shell(*arguments)
    assert plain.exit_code == case.status, plain.output
    if case.error is not None:
        assert plain.stderr.splitlines()[-1].startswith("fluxframe: ")
    told = shell(*arguments, "--json")
    assert told.exit_code == case.status, told.output
    documents = lines(told.stdout) if case.many else [json.loads(told.stdout)]
    assert documents
    last = documents[-1].get("error") if isinstance(documents[-1], dict) else None
    if case.error is not None:
        assert last is not None
        assert last["type"] == case.error
        assert alike(f"fluxframe: {last['message'].splitlines()[0]}") in alike(plain.stderr)
    for line in told.stderr.splitlines():
        assert not line.startswith(("{", "[", "fluxframe:"))


def test_json_holds_what_the_api_said(shell: Shell) -> None:
    (id,) = shell.submitted()
    waited = json.loads(shell("wait", id, "--json").stdout)
    with shell.client() as client:
        job = client.jobs.get(id)
        me, models = client.me(), fluxframe.models
    assert waited == {"job": job.raw, "files": [f"{id}-1.jpg"]}
    assert json.loads(shell("jobs", id, "--json").stdout) == job.raw
    assert lines(shell("jobs", "--json").stdout)[0]["id"] == id
    assert me.response is not None
    assert json.loads(shell("me", "--json").stdout) == me.response.data
    assert [model["id"] for model in json.loads(shell("models", "--json").stdout)] == list(models)


def test_a_job_that_is_not_done_in_time_goes_on(shell: Shell) -> None:
    with Emulator(job_seconds=1000) as slow:
        there = Shell(slow.url, shell.key, shell.folder)
        call = ["generate", "flux-2-pro", "a", "--deadline", "0.1", *QUICK, "--out", "my fox.jpg"]
        done = there(*call)
        named = there(*call, "--base-url", slow.url)
        assert f"--out 'my fox.jpg' --base-url {slow.url}\n" in named.stderr
        assert done.exit_code == 3
        found = re.search(r"go on with: fluxframe wait (\S+) --out 'my fox.jpg'$", done.stderr)
        assert found
        told = there("wait", found[1], UNKNOWN[:-1] + "2", "--deadline", "0.1", "--json")
        assert told.exit_code in (1, 3)
        told = there("wait", found[1], "--deadline", "0.1", *QUICK, "--json")
        error = json.loads(told.stdout)["error"]
    assert (told.exit_code, error["type"]) == (3, "JobTimeoutError")
    assert error["job"]["id"] == found[1]
    assert error["hint"] == f"go on with: fluxframe wait {found[1]} --out ."


def test_the_verbose_tell_of_attempts_and_not_of_the_key(shell: Shell) -> None:
    done = shell("me", "-v", "--json")
    assert done.stderr.startswith("me: attempt 1: 200 after")
    assert json.loads(done.stdout)["user"]


def test_a_mistake_of_ours_is_a_line_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> object:
        raise KeyError("key") from OSError("\x1b[2J")

    monkeypatch.setattr(Resource, "_answer", broken)
    done = shell("me")
    assert (done.exit_code, done.stdout) == (1, "")
    assert (
        done.stderr == "fluxframe: a bug in fluxframe (-v shows the traceback): KeyError: 'key'\n"
    )
    assert json.loads(shell("me", "--json").stdout)["error"]["type"] == "KeyError"
    environment = {"APIFRAME_BASE_URL": shell.url, "APIFRAME_API_KEY": shell.key}
    traced = CliRunner().invoke(cli, ["me", "-v"], env=environment)
    assert (traced.exit_code, traced.stdout) == (1, "")
    assert "Traceback" in traced.stderr
    assert traced.stderr.endswith("KeyError: 'key'\n")
    assert "OSError: \\x1b[2J\n" in traced.stderr


SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
posix = pytest.mark.skipif(sys.platform == "win32", reason="a process is sent no such signal there")


def interrupted(process: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> str:
    process.send_signal(number)
    printed, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + number
    assert printed == ""
    assert "Traceback" not in said
    return said


@posix
@pytest.mark.parametrize("number", [SIGNALS[0], SIGNALS[-1]], ids=lambda number: number.name)
def test_a_signal_tells_how_to_go_on_with_a_job(shell: Shell, number: signal.Signals) -> None:
    with Emulator(job_seconds=1.5) as slow:
        there = Shell(slow.url, shell.key, shell.folder)
        with there.process("generate", "flux-2-pro", "a fox", "--out", "a fox.jpg") as process:
            until(process.stderr, "QUEUED")
            said = interrupted(process, number)
        there.has_no_secret(said)
        assert not Path("a fox.jpg").exists()
        done = there(*hinted(said), *QUICK)
    assert done.exit_code == 0
    assert Path("a fox.jpg").read_bytes().startswith(JPEG)


@posix
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_tells_how_to_go_on_with_a_submission(
    shell: Shell, number: signal.Signals
) -> None:
    prompt = "it's a fox, “red”"
    flags = ["--seed", "7", "--prompt-upsampling", "--output-format", "png", "--out", "x.png"]
    with Server([Do(lambda good: [Then.STALL])]) as server:
        away = Shell(server.url, shell.key, shell.folder)
        with away.process("generate", "flux-2-flex", prompt, *flags) as process:
            wait_until(lambda: bool(server.requests))
            said = interrupted(process, number)
    away.has_no_secret(said)
    assert "--base-url" not in said
    (sent,) = server.requests
    again = hinted(said)
    assert sent.headers["idempotency-key"] in again
    done = shell(*again[:2], *QUICK, *again[2:])
    assert done.exit_code == 0
    assert Path("x.png").is_file()
    (job,) = lines(shell("jobs", "--json").stdout)
    assert shell.input_of(job["id"]) == json.loads(sent.body)
