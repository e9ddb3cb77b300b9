"""What the README shows is what happens."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shlex
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from codegen.spec.diagnostics import SpecError
from codegen.spec.load import SPEC, read, resolve
from fluxframe import Fluxframe, InvalidRequestError, RequestWarning
from fluxframe._errors import is_transient
from fluxframe._waiting import DEFAULT_WAIT
from fluxframe._wire import retry as _retry
from fluxframe._wire.settings import DEFAULT_DEADLINE, DEFAULT_RETRIES, DEFAULT_TIMEOUT
from fluxframe.cli import cli
from fluxframe.emulator import Emulator

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def block_after(words: str) -> str:
    """The first block of code after some words."""
    _, _, rest = README.partition(words)
    found = re.search(r"```\w+\n(.*?)```", rest, re.DOTALL)
    assert found
    return found[1]


def test_the_refused_request_says_what_the_readme_says() -> None:
    source = block_after("refused before it is sent:")
    shown = block_after("heigth=512)\n```")
    with Emulator() as emu, emu.client() as client, pytest.raises(InvalidRequestError) as caught:
        exec(source, {"client": client})
    assert shown == f"fluxframe.InvalidRequestError: {caught.value}\n"


def test_the_warning_says_what_the_readme_says() -> None:
    shown = block_after("causes a warning:").strip().removeprefix("RequestWarning: ")
    with Emulator() as emu, emu.client() as client, pytest.warns(RequestWarning) as caught:
        client.images.generate(model="flux-2-pro", prompt="a car", width=1024)
    assert str(caught[0].message) == shown


def test_the_first_example_makes_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Emulator(job_seconds=0.05) as emu:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("APIFRAME_API_KEY", "afk_readme")
        monkeypatch.setenv("APIFRAME_BASE_URL", emu.url)
        exec(block_after("command line\n```"), {})
    assert (tmp_path / "car.jpg").read_bytes().startswith(b"\xff\xd8\xff")


def test_the_webhook_is_read_as_the_readme_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    event = {"event": "completed", "jobId": "1", "status": "COMPLETED", "result": "https://a/1"}
    body = json.dumps(event).encode()
    secret = hashlib.sha256(b"afk_readme").digest()
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    headers = {"X-Webhook-Signature": f"sha256={signature}"}
    names = {"body": body, "headers": headers, "api_key": "afk_readme", "latest": {}}
    for _ in range(2):  # The second is a repeat.
        exec(block_after("### Webhooks"), names)
    assert capsys.readouterr().out == "completed COMPLETED ['https://a/1']\n"


def test_calls_are_traced_as_the_readme_traces_them(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    names = {
        "asdict": asdict,
        "contextmanager": contextmanager,
        "Fluxframe": Fluxframe,
        "tracer": provider.get_tracer("readme"),
    }
    with Emulator(job_seconds=0) as emu:
        monkeypatch.setenv("APIFRAME_API_KEY", "afk_readme")
        monkeypatch.setenv("APIFRAME_BASE_URL", emu.url)
        exec(block_after("### Watching"), names)
        client: Any = names["client"]
        with client:
            job = client.images.generate(model="flux-2-pro", prompt="a fox")
    [span] = exporter.get_finished_spans()
    assert span.name == "images.generate"
    assert span.attributes is not None
    assert span.attributes["fluxframe.job_id"] == job.id
    assert span.attributes["fluxframe.status"] == 202


def test_the_figures_of_retries_and_deadlines_are_those_of_the_code() -> None:
    _, _, section = README.partition("### When things go wrong")
    table = section[: section.index("\n\nAll errors")]
    final = [int(found) for found in re.findall(r"\b5\d\d\b", table)]
    passing = [int(found) for found in re.findall(r"\b4\d\d\b", table)]
    assert [s for s in range(500, 600) if not is_transient(s)] == final
    assert [s for s in range(400, 500) if is_transient(s)] == passing
    delays = ", ".join(f"{_retry.backoff(attempt):g}" for attempt in (1, 2, 3))
    for words in (
        f"up to {DEFAULT_RETRIES} times, after {delays}, … s, up to half of that less by chance",
        f"above {_retry.LONGEST_RETRY_AFTER:g} s the error",
        f"an attempt ({DEFAULT_TIMEOUT:g} s), `deadline` the call ({DEFAULT_DEADLINE:g} s)",
        f"or the wait ({DEFAULT_WAIT / 60:g} min)",
    ):
        assert words in table


def test_the_command_line_says_what_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = re.split(r"^\$ ", block_after("### Command line"), flags=re.MULTILINE)[1:]
    with Emulator(job_seconds=0.05) as emu:
        environment = {"APIFRAME_API_KEY": "afk_readme", "APIFRAME_BASE_URL": emu.url}
        for command, shown in (step.split("\n", 1) for step in session):
            piped, _, words = command.rpartition("fluxframe ")
            text = shlex.split(piped)[1] if piped else None
            done = CliRunner().invoke(cli, shlex.split(words), input=text, env=environment)
            assert [UUID.sub("", done.output), done.exit_code != 0] == [
                UUID.sub("", shown),
                "fluxframe: " in shown or ":1: " in shown,
            ]
    assert (tmp_path / "fox.jpg").read_bytes().startswith(b"\xff\xd8\xff")


def test_a_broken_spec_is_shown_as_the_readme_shows_it() -> None:
    files = read(SPEC)
    path = "models/flux/flux-2-pro.yaml"
    files[path] = files[path].replace(b"    maximum: 2048", b"    maxmum: 2048", 1)
    with pytest.raises(SpecError) as caught:
        resolve(files)
    assert str(caught.value) + "\n" == block_after("shown where it stands:")


def test_the_yaml_is_the_specs() -> None:
    shown = block_after("what other sources say instead:")
    path = re.match(r"# (\S+)\n", shown)
    assert path
    text = (SPEC.parent / path[1]).read_text(encoding="utf-8")
    assert "".join(f"  {line}\n" for line in shown.splitlines()[1:]) in text
