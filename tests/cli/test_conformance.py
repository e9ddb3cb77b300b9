"""`fluxframe conformance`, over real sockets."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fluxframe.emulator import Emulator, _server
from fluxframe.emulator._http.app import App

from ..conformance.mutants._asgi import Answer, Broken, Forward, Request
from .shells import NOBODY, Shell

MODEL = "flux-2-pro"
FEW = ["--model", MODEL, "--vector", f"{MODEL}/*/maximum/*"]
RICH = 100_000


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A server that does not take one of the formats."""

    async def without_png(request: Request, forward: Forward) -> Answer:
        return await forward(
            replace(
                request,
                body=request.body.replace(b'"output_format":"png"', b'"output_format":"gif"'),
            )
        )

    monkeypatch.setattr(
        _server, "App", lambda *parts, **options: Broken(App(*parts, **options), without_png)
    )
    with Emulator(job_seconds=0.01) as running:
        yield Shell(running.url, "afk_0123456789abcdef", tmp_path)


def test_a_server_that_keeps_the_documents(shell: Shell) -> None:
    done = shell("conformance", *FEW, "--max-credits", RICH)
    assert done.exit_code == 0
    assert "as documented" in done.stdout
    assert "should be refused" in done.stderr


def test_a_server_that_does_not(faulty: Shell) -> None:
    done = faulty("conformance", "--model", MODEL, "--max-credits", RICH)
    assert done.exit_code == 1
    assert "png" in done.stdout
    assert "curl" in done.stdout


def test_json_is_one_document(shell: Shell) -> None:
    done = shell("conformance", *FEW, "--json", "--quiet")
    assert done.exit_code == 0
    assert json.loads(done.stdout)
    assert done.stderr == ""


def test_a_dry_run_sends_nothing_and_needs_no_key(shell: Shell) -> None:
    lonely = Shell(NOBODY, "", shell.folder)
    words = ["conformance", "--base-url", NOBODY, "--dry-run", "--model", MODEL]
    done = lonely.process(*words, APIFRAME_API_KEY="")
    out, err = done.communicate(timeout=60)
    assert (done.returncode, err) == (0, "")
    assert MODEL in out
    assert "at most" in out


def test_a_dry_run_as_json(shell: Shell) -> None:
    told = json.loads(shell("conformance", "--dry-run", "--json", *FEW).stdout)
    assert {each["model"] for each in told["submissions"]} == {MODEL}
    assert told["credits"] == sum(each["credits"] for each in told["submissions"])


def test_every_report_is_written(shell: Shell) -> None:
    formats = ["json", "ndjson", "junit", "sarif", "har", "pytest", "html"]
    words = [word for f in formats for word in ("--report", f"{f}={shell.folder / f}")]
    done = shell("conformance", *FEW, *words)
    assert done.exit_code == 0, done.output
    assert all((shell.folder / f).stat().st_size for f in formats)


def test_what_is_known_is_no_difference(faulty: Shell) -> None:
    file = faulty.folder / "known.json"
    words = ["conformance", "--model", MODEL, "--max-credits", RICH]
    assert faulty(*words, "--write-baseline", file).exit_code == 0
    assert faulty(*words, "--baseline", file).exit_code == 0
    file.write_text('{"format": 1, "known": {}, "flaky": []}')
    assert faulty(*words, "--baseline", file).exit_code == 1


def test_a_run_goes_on(shell: Shell) -> None:
    words = ["conformance", *FEW, "--max-credits", RICH, "--resume", shell.folder / "journal"]
    assert shell(*words).exit_code == 0
    jobs = shell.jobs()
    assert jobs > 0
    assert shell(*words).exit_code == 0
    assert shell.jobs() == jobs


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_tells_how_to_go_on(shell: Shell, number: int) -> None:
    """Its server takes the first connection and says nothing, so that it is surely under way."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        words = ["conformance", *FEW, "--base-url", url, "--resume", "journal"]
        process = shell.process(*words, "--report", "json=report.json")
        connection, _ = server.accept()
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        connection.close()
    assert process.returncode == 128 + number
    assert "go on where it stopped with: fluxframe conformance" in err
    assert "--resume journal" in err
    assert "Traceback" not in err
    assert "not tested" in out
    assert json.loads((shell.folder / "report.json").read_text())


def test_a_limit_is_learnt(shell: Shell) -> None:
    file = shell.folder / "learnt.yaml"
    chosen = ["--model", MODEL, "--parameter", "width", "--kind", "maximum"]
    done = shell("conformance", *chosen, "--learn", file, "--max-credits", RICH)
    assert done.exit_code == 0, done.output
    assert "1 of 1 limits found" in done.stdout
    assert file.read_text()
    done = shell("conformance", *chosen, "--learn", file, "--max-credits", "0", "--json")
    assert done.exit_code == 2, done.output
    (limit,) = json.loads(done.stdout)["limits"].values()
    assert (limit["documented"], limit["reason"]) == (2048, "budget")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--model", "flux-2-po"], "did you mean flux-2-pro?"),
        (["--kind", "maxmum"], "did you mean maximum?"),
        (["--report", "html"], "is not FORMAT=PATH"),
        (["--report", "pdf=x"], "pdf"),
        (["--report", "json=a", "--report", "json=b"], "named twice"),
        (["--report", "json=no/such/x"], "no folder"),
        (["--baseline", "none.json"], "--write-baseline makes one"),
        (["--max-credits", "-1"], "max-credits"),
        (["--concurrency", "0"], "concurrency"),
        (["--timeout", "0"], "timeout"),
        (["--learn", "x", "--baseline", "none.json"], "--learn"),
        (["--learn", "no/such/x"], "there is no folder no/such"),
        (["--learn", "x", "--kind", "format"], "no limit of a number, a length or a count"),
        (["--learn", "x" * 300], "--learn: xxx"),
        (["--write-baseline", "x" * 300], "File name too long"),
        (["--report", f"json={'x' * 300}"], "File name too long"),
        (["--resume", "."], "resume"),
        (["--base-url", "nowhere"], "is not an http or https URL"),
    ],
)
def test_a_wrong_command_line_is_told_and_nothing_sent(
    shell: Shell, words: list[str], told: str
) -> None:
    done = shell("conformance", *words)
    assert done.exit_code == 2
    assert told in done.stderr
    assert shell.jobs() == 0


def test_a_wrong_key_is_told_once(shell: Shell) -> None:
    done = Shell(shell.url, "other-key-0000", shell.folder)("conformance", *FEW)
    assert done.exit_code == 2
    assert "refuses the key (status 401); set APIFRAME_API_KEY" in done.stderr


def test_no_server_is_told_once(shell: Shell) -> None:
    done = shell("conformance", *FEW, "--base-url", NOBODY)
    assert done.exit_code == 2
    assert "does not answer" in done.stderr


def test_another_server_is_told_once(shell: Shell) -> None:
    done = shell("conformance", *FEW, "--base-url", f"{shell.url}/elsewhere")
    assert done.exit_code == 2
    assert "does not look like this API" in done.stderr


def test_without_a_key_it_says_which_variable(shell: Shell) -> None:
    process = shell.process("conformance", *FEW, APIFRAME_API_KEY="")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "there is no API key; set APIFRAME_API_KEY" in err
    assert "refused" not in err


def test_a_file_is_not_written_over_another(shell: Shell, tmp_path: Path) -> None:
    run = tmp_path / "run.jsonl"
    for words in (["--report", f"json={run}"], ["--learn", run], ["--write-baseline", run]):
        done = shell("conformance", *FEW, "--resume", run, *words)
        assert done.exit_code == 2
        assert "name a file for each" in done.stderr
        assert not run.exists()


def test_a_file_that_cannot_be_read_or_written_is_no_difference_of_the_server(
    shell: Shell, tmp_path: Path
) -> None:
    nowhere = tmp_path / "no" / "run.jsonl"
    done = shell("conformance", *FEW, "--resume", nowhere)
    assert done.exit_code == 2
    assert str(nowhere) in done.stderr
    assert "Traceback" not in done.stderr
