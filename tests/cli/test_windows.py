"""What Windows has otherwise, as far as it can be had here: streams of few characters, and waits that Ctrl-C can't end."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fluxframe import Fluxframe, _wait_many
from fluxframe.batch import _drivers
from fluxframe.cli import _quoting, _traffic
from fluxframe.cli._session import Session
from fluxframe.cli._traffic import Traffic

from ..windows import like, pretend
from .shells import COMMAND, Shell

# Of western Europe, of a console that was never set up, and of neither.
ENCODINGS = ("cp1252", "cp437", "ascii")
LINES = {
    "models": ["models"],
    "model": ["models", "midjourney"],
    "help": ["generate", "flux-2-pro", "--help"],
    "generate": ["generate", "flux-2-pro", "“a fox” → ☃", "--interval", "0.02"],
    "jobs": ["jobs"],
    "batch": ["batch", "rows.csv", "--journal", "journal", "--no-save", "--interval", "0.02"],
    "check": ["check", "wrong.csv"],
    "conformance": ["conformance", "--model", "flux-2-pro", "--kind", "maximum"],
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("line", LINES)
def test_every_character_is_printed_in_some_form(shell: Shell, line: str, encoding: str) -> None:
    Path("rows.csv").write_text("model,prompt\nflux-2-pro,“a fox” → ☃\n", encoding="utf-8")
    Path("wrong.csv").write_text("model,prompt,“width” →\nflux-2-pro,☃,9999\n", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, *LINES[line]],
        env={**shell.environment(), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    said = (done.stdout + done.stderr).decode(encoding, "replace")  # click has ASCII be UTF-8.
    assert done.returncode == (2 if line == "check" else 0), said
    assert said
    assert "Traceback" not in said
    assert "UnicodeEncodeError" not in said


def test_a_wait_in_parts_waits_for_all(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (_drivers, _wait_many):
        monkeypatch.setattr(module, "PATIENCE", 0.001)
    rows = [{"model": "flux-2-pro", "prompt": str(number)} for number in range(6)]
    with Fluxframe(api_key=shell.key, base_url=shell.url) as client:
        done = client.batch.run(rows, journal=tmp_path / "journal", out=None, concurrency=2)
        assert done.completed == len(rows)
        ids = [job.id for job in client.jobs.list()]
        ended = [job.id for job in client.jobs.wait_many(ids, interval=0.02)]
    assert sorted(ended) == sorted(ids)
    assert len(ids) == len(rows)


@pytest.mark.parametrize(
    ("word", "here", "windows"),
    [
        ("car.jpg", "car.jpg", "car.jpg"),
        ("a fox.jpg", "'a fox.jpg'", '"a fox.jpg"'),
        ("it's", """'it'"'"'s'""", '"it\'s"'),
        ('a "red" fox', """'a "red" fox'""", '"a ""red"" fox"'),
        ("a&b", "'a&b'", '"a&b"'),
        ("C:\\pictures", "'C:\\pictures'", "C:\\pictures"),
        ("", "''", '""'),
    ],
)
def test_a_command_to_go_on_with_has_the_quotes_of_its_system(
    monkeypatch: pytest.MonkeyPatch, word: str, here: str, windows: str
) -> None:
    monkeypatch.setattr(_quoting, "sys", like(sys, platform="linux"))
    assert Session().again("wait", word) == f"fluxframe wait {here}"
    pretend(monkeypatch, _quoting)
    assert Session().again("wait", word) == f"fluxframe wait {windows}"


class Source:
    """What the emulator tells of requests, or of webhooks."""

    def listen(self, told: Callable[[Any], None]) -> Callable[[], None]:
        return lambda: None


def test_traffic_that_pauses_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ends(in_colour: bool) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(_traffic, "PATIENCE", 0.001)
    source: Any = Source()
    traffic = Traffic(source, source)
    traffic._take(lambda in_colour: "one")
    later = threading.Timer(0.1, lambda: [*map(traffic._take, (lambda in_colour: "two", ends))])
    later.start()
    with pytest.raises(KeyboardInterrupt):
        traffic.show()
    later.join()
    assert capsys.readouterr().err.splitlines() == ["one", "two"]
