"""`fluxframe emulate`: what it prints, and how it goes on and ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .shells import COMMAND, PATIENCE, Shell

KEY = "afk_0123456789abcdef"
BODY = json.dumps({"model": "flux-2-pro", "prompt": "a fox"})


class Serving:
    """A server as a process, and the lines that it prints to stderr."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.exports = [process.stdout.readline()]
        self.url = self.exports[0].strip().partition("=")[2]

    def line(self, like: str) -> str:
        """The next line that is like a pattern."""
        assert self.process.stderr is not None
        while line := self.process.stderr.readline():
            if re.search(like, line):
                return line
        raise AssertionError(f"no line is like {like}")

    def ask(self, method: str, target: str, body: str | None = None, **headers: str) -> int:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, {"X-API-Key": KEY, **sent})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def end(self, number: int = signal.SIGINT) -> str:
        """End it; what else it printed to stderr."""
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=PATIENCE)
        assert "Traceback" not in rest
        assert self.process.returncode == 0
        return rest


@contextmanager
def serving(shell: Shell, *arguments: object) -> Iterator[Serving]:
    process = shell.process("emulate", "--port", "0", "--job-seconds", "0", *arguments)
    try:
        yield Serving(process)
    finally:
        process.kill()
        process.communicate()


def test_each_request_is_printed_on_a_line(shell: Shell) -> None:
    with serving(shell) as server:
        kind = "application/json"
        server.ask("POST", "/v2/images/generate", BODY, Content_Type=kind)
        server.ask("GET", f"/v2/x%1b%5b31m%0a?x={KEY}")
        server.ask("GET", "/v2/me", X_Emulator_Fault="status=503")
        server.ask("GET", f"/v2/jobs/{uuid.uuid4()}")
        server.ask("GET", "/_emulator/state")
        made = server.line("POST")
        rest = [server.line("GET"), server.line("GET")]
        assert len(server.line("/v2/jobs/").rstrip()) <= 80  # One line, in most terminals.
        assert re.fullmatch(
            r"\d\d:\d\d:\d\d 202 +[\d.]+ ms POST /v2/images/generate flux-2-pro\n", made
        )
        assert "afk_0123…" in rest[0]
        assert "fault: status=503" in rest[1]
        left = server.end()
        assert "_emulator" not in left  # What is asked of the server itself is no traffic.
    for line in (made, *rest):
        assert KEY not in line
        assert "\x1b" not in line


def test_what_becomes_of_a_webhook_is_printed(shell: Shell) -> None:
    with serving(shell) as server:
        for url in ("https://example.com/hook?x=y", "http://127.0.0.1:9/hook"):
            body = json.dumps({**json.loads(BODY), "webhookUrl": url})
            server.ask("POST", "/v2/images/generate", body, Content_Type="application/json")
        refused, failed = server.line("example.com"), server.line("127.0.0.1:9/hook")
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d --- +0.0 ms webhook https://example.com/hook refused: .*"
        r"--allow-webhook-host example.com\n",
        refused,
    )
    assert re.search(
        r"--- +[\d.]+ ms webhook \w+ http://127.0.0.1:9/hook failed: .*refused", failed
    )


def test_quiet_prints_where_it_is_and_no_more(shell: Shell) -> None:
    with serving(shell, "--quiet") as server:
        server.ask("GET", "/v2/models")
        page = server.line("http").split()[-1]
        assert server.ask("GET", urlsplit(page).path) == 200
        assert "GET" not in server.end()


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]")])
def test_the_address_works_wherever_it_listens(shell: Shell, host: str, shown: str) -> None:
    if host == "::":
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("there is no IPv6")
    with serving(shell, "--host", host) as server:
        assert f"//{shown}:" in server.url
        assert server.ask("GET", "/v2/models") == 200
        assert "control API" in server.line("Other machines reach it")
        server.end()


def test_it_goes_on_where_nobody_reads_what_it_prints(shell: Shell) -> None:
    with serving(shell) as server:
        server.line("Serving")
        for stream in (server.process.stdout, server.process.stderr):
            assert stream is not None
            stream.close()
        for _ in range(3):
            assert server.ask("GET", "/v2/models") == 200
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0


def test_it_ends_while_somebody_listens(shell: Shell) -> None:
    with serving(shell) as server:
        parts = urlsplit(server.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        connection.request("GET", "/_emulator/events")
        answer = connection.getresponse()
        server.end()
        assert answer.read().endswith(b"\n\n")  # To its end, not broken off.
        connection.close()


def test_on_a_terminal_what_came_of_it_has_a_colour(shell: Shell) -> None:
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "emulate", "--port", "0"],
        env=shell.environment(TERM="xterm-256color"),
        stdout=subprocess.PIPE,
        stderr=slave,
        text=True,
    ) as process:
        os.close(slave)
        try:
            server = Serving(process)
            server.ask("GET", "/v2/models")
            read = b""
            while b" ms" not in read:
                read += os.read(master, 4096)
            assert b"\x1b[32m200\x1b[0m" in read
        finally:
            process.terminate()
    os.close(master)


def test_keys_of_a_file_are_the_valid_ones(shell: Shell, tmp_path: Path) -> None:
    keys = tmp_path / "keys.toml"
    keys.write_text(f'[[keys]]\nkey = "{KEY}"\ncredits = 7\n', encoding="utf-8")
    with serving(shell, "--keys", keys) as server:
        assert server.ask("GET", "/v2/me") == 200
        assert server.ask("GET", "/v2/me", X_API_Key="afk_another000000") == 401
        assert KEY not in server.end()


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--follow", "nobody", "'nobody' is not a source that reads otherwise"),
        ("--keys", "none.toml", "none.toml can't be read"),
        ("--keys", "other.toml", "keys[0]: '…' does not begin with 'afk_'"),
        ("--keys", "wrong.toml", "wrong.toml: keys[0]: key is missing"),
        ("--scenario", "none.toml", "'none.toml' does not exist"),
        ("--scenario", "bad-day.toml", "bad-day.toml: fault 1: statos: there is no such word"),
        ("--scenario", "worse-day.toml", 'worse-day.toml: fault 1: model: there is no "flax"'),
        ("--requests-per-minute", "0", "0 is not in the range"),
        ("--requests-per-minute", f"{2**60}", "is above the maximum of 9007199254740992"),
        ("--job-seconds", "nan", "nan is not a number of seconds"),
        ("--webhook-signature", "x", "'x' is not one of 'digest', 'hex'"),
        ("--allow-webhook-host", "http://x", "'http://x' is not the name of a host"),
        ("--data", "", "expected the name of a folder, got an empty one"),
    ],
)
def test_a_wrong_option_is_called_by_its_flag(
    shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in {
        "other.toml": '[[keys]]\nkey = "x"\n',
        "wrong.toml": "[[keys]]\ncredits = 7\n",
        "bad-day.toml": "[[faults]]\nstatos = 503\n",
        "worse-day.toml": '[[faults]]\nstatus = 503\nmodel = "flax"\n',
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = shell("emulate", "--port", "0", option, value)
    assert done.exit_code == 2
    assert f"Invalid value for '{option}': " in done.stderr
    assert said in done.stderr
    assert not done.stdout


def test_an_address_that_can_not_be_had_says_why(shell: Shell) -> None:
    done = shell("emulate", "--port", "0", "--host", "no.such.host.invalid")
    assert done.exit_code == 1
    assert "can't listen on no.such.host.invalid:0" in done.stderr
    assert not done.stdout


def test_options_reach_the_server(shell: Shell, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.json"
    scenario.write_text('{"faults": [{"status": 418, "path": "/v2/models"}]}', encoding="utf-8")
    more = [
        "--cors",
        "none",
        "--allow-webhook-host",
        "hooks.internal",
        "--data",
        tmp_path / "data",
        "--scenario",
        scenario,
        "--jobs-at-once",
        3,
        "--seed",
        1,
    ]
    with serving(shell, "--requests-per-minute", 1, *more) as server:
        assert server.ask("GET", "/v2/models") == 418
        assert [server.ask("GET", "/v2/me") for _ in range(2)] == [200, 429]
        server.end()
    assert any((tmp_path / "data").iterdir())
