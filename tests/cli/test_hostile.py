"""A terminal is its user's: it only prints what servers, files and command lines say."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import fluxframe.cli
from fluxframe.cli import _session, _table, cli

from ..servers.http1 import Request, http_json
from ..servers.scripted import Server

ID = "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a"
KEY = "afk_0123456789abcdef"
TEXT = f"\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08\u202e\u2066\x7f {KEY} \u2028" + "iVBOR" * 2000
JOB: dict[str, Any] = {
    **dict.fromkeys(("model", "error", "webhookStatus", "createdAt", TEXT), TEXT),
    "id": ID,
    "jobId": ID,
    "input": {"prompt": TEXT},
}
ANSWERS: dict[str, Any] = {
    "/v2/me": {
        "user": {"email": TEXT, "role": TEXT},
        "team": {"name": TEXT, "credits": 1},
        "apiKey": {"name": TEXT, "prefix": TEXT},
    },
    "/v2/jobs": {"jobs": [{**JOB, "status": TEXT}, {**JOB, "id": f"a{TEXT}"}], "hasMore": False},
    f"/v2/jobs/{ID}": {**JOB, "status": "FAILED"},
    "/v2/jobs/x": {**JOB, "id": "x", "status": "COMPLETED", "result": {"images": [TEXT]}},
    "/v2/uploads": {"url": f"https://a.b/{TEXT}", "filename": TEXT, "expiresAt": TEXT},
    "/v2/images/generate": {"jobId": f"-{TEXT[:99]}", "status": TEXT},
}
COMMANDS = (
    ["me"],
    ["jobs"],
    ["jobs", ID],
    ["wait", ID],
    ["wait", ID, "x"],
    ["wait", "x"],
    ["upload", "a.png"],
    ["generate", "flux-2-pro", "a fox", "--no-wait"],
    ["generate", "flux-2-pro", TEXT, "--width", TEXT],
    ["generate", TEXT],
    ["models", TEXT],
    ["me", f"--{TEXT}"],
    ["wait", TEXT],
    ["check", "rows.jsonl"],
    ["check", "rows.csv"],
    ["batch", "rows.jsonl", "--check"],
    ["batch", "fine.jsonl", "--journal", "j", "--no-save"],
    ["verify-webhook", "--signature", TEXT, "rows.csv"],
    ["completion", TEXT],
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    def answer(request: Request) -> bytes:
        refused = request.method == "POST" and b"no luck" in request.body
        if refused or request.path not in ANSWERS:
            return http_json({"error": TEXT, "details": {TEXT: [TEXT], "a": TEXT}}, 400)
        return http_json(ANSWERS[request.path])

    with Server(answer=answer) as running:
        yield running


def said(server: Server, folder: Path, words: list[str]) -> str:
    """All that a command prints."""
    (folder / "a.png").write_bytes(b"\x89PNG")
    rows = [{"model": TEXT}, {"model": "flux-2-pro", "prompt": 1, TEXT: TEXT, "width": TEXT}]
    (folder / "rows.jsonl").write_text("\n".join([*map(json.dumps, rows), TEXT, "[1]"]))
    (folder / "rows.csv").write_text(f"model,prompt,{TEXT}\nflux-2-pro,a,{TEXT}\n")
    (folder / "fine.jsonl").write_text('{"model": "flux-2-pro", "prompt": "no luck"}\n')
    environment = {"APIFRAME_BASE_URL": server.url, "APIFRAME_API_KEY": KEY}
    done = CliRunner().invoke(cli, words, env=environment, prog_name="fluxframe")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "a bug in fluxframe" not in done.output
    return done.output


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:20].split("\x1b")[0])
def test_a_command_prints_nothing_that_a_terminal_obeys(
    server: Server, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for flags in ([], ["--json"]):
        if words[0] == "completion" and flags:
            continue
        output = said(server, tmp_path, [*words[:1], *flags, *words[1:]])
        assert output.replace("\n", "").isprintable()
        assert KEY not in output
        if not flags and words[0] not in ("check", "batch", "upload"):
            assert max(map(len, output.splitlines())) <= 2100
    journal = "".join(path.read_text() for path in tmp_path.glob("j*"))
    assert KEY not in journal
    assert journal.replace("\n", "").isprintable()
    assert all(path.name.isprintable() for path in tmp_path.iterdir())


def test_a_table_on_a_terminal_has_one_line_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    _table.print_table(_session.Session(), ["Job", "Model"], [["a\nb", TEXT[:40]], [1, None]])
    printed = screen.getvalue()
    assert printed.replace("\n", "").isprintable()
    assert re.match(r"Job +Model *\na b +", printed)


def test_a_server_can_not_speak_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    _session.write("a\x1b[2J\x07b\u202ec\n“é”")
    assert capsys.readouterr().out == "a\\x1b[2J\\x07b\\u202ec\n“é”\n"


# What prints otherwise, and why.
ALLOWED = {
    ("_session.py", "print"),  # The one place, and JSON, which is ASCII.
    ("_traffic.py", "print"),  # Requests that come to the emulator, escaped, where nobody may read.
    ("_preview.py", "write"),  # An image, in the terminal's own language.
    ("completion.py", "echo"),  # A script of click's.
}


def test_all_that_commands_print_passes_one_place() -> None:
    folder = Path(fluxframe.cli.__file__).parent
    found: set[tuple[str, str]] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                plain = name in ("print", "click.echo", "click.secho", "sys.stdout.write")
                if plain or name == "sys.stderr.write" or name.lower().endswith("console().print"):
                    found.add((path.name, name.rpartition(".")[2]))
                elif name == "console.print":
                    found.add((path.name, "print"))
    assert found == ALLOWED
