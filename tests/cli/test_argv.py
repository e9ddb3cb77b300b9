"""Random command lines: each ends with a documented status, and none is a mistake of the package's.

A few in each run; `FUZZ_CASES` says how many, and `FUZZ_SEED` which.
"""

from __future__ import annotations

import json
import os
import random
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from PIL import Image

from fluxframe import Fluxframe
from fluxframe.cli import _examples, cli
from fluxframe.cli._flags import Value
from fluxframe.emulator import Emulator

from .shells import GOOD, MODELS, UNKNOWN

CASES = int(os.environ.get("FUZZ_CASES", "200"))
SEED = os.environ.get("FUZZ_SEED", "1")
MOST_SECONDS = 5.0
ROOT = click.Context(cli)

FILES = {
    "good.jsonl": json.dumps(GOOD),
    "bad.json": json.dumps([{**GOOD, "width": 1}, 7, None, {}]),
    "deep.json": "[" * 3000,
    "table.csv": "id,model,prompt\n1,flux-2-pro,a fox\n2,flux-2-pro\n,,\n",
    "quote.csv": 'model,prompt\n"flux-2-pro,a fox\n',
    "journal": "{nonsense\n",
    "empty": "",
    "null.jsonl": '\x00\n{"model": "\ud800"}\n'.encode("utf-8", "replace").decode(),
}
VALUES: list[str] = [
    *(
        "",
        "-",
        "--",
        "---",
        " ",
        "\t",
        "é",
        "💥",
        "\udcff",
        "a" * 10_000,
        "%s%n",
        "{0}",
        "$(x)",
        "*",
    ),
    *("0", "-1", "1", "0.5", "1024", "1e999", "nan", "inf", "-0", "9" * 5000, "0x10", "1_0", "٣"),
    *(
        "[",
        "{}",
        "[]",
        "null",
        "true",
        '{"a": 1}',
        "[" * 3000,
        '["x"]',
        "x=1",
        "=1",
        "x=[",
        "x=NaN",
    ),
    *(
        "x" * 300 + "=" + "9" * 5000,
        'seed="7"',
        "prompt=1",
        "\r\nX: y",
        "\x1b[2J",
        "\u2028",
        "\u202e",
    ),
    *(
        ".",
        "..",
        "./",
        "none/",
        "none/none.png",
        "fox.png",
        "folder",
        "folder/x.jpg",
        "~",
        "a" * 300,
    ),
    *("http://[", "http://a b", "ftp://x", "javascript:1", "//x", "https://x/y.png", "x://", ":1"),
    *("data:image/png;base64,AAAA", "16:9", "16/9", "custom", "png", "jpg", "1 MP", "COMPLETED"),
    *(
        UNKNOWN,
        UNKNOWN.upper(),
        "{" + UNKNOWN + "}",
        "sha256=",
        "sha256=" + "0" * 64,
        "bash",
        "zsh",
    ),
    *(*FILES, "car.png", *MODELS),
]
STDIN = [
    *(
        b"",
        b"a fox\n",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf[]",
        b"[" * 100_000,
        b"9" * 5000,
        b"\x00" * 9,
    ),
    *(json.dumps(GOOD).encode(), b'{"a": 1e999}', b'{"model": "\\ud800"}', b"{}\n{}", b"\r\n\r\n"),
]
ENVIRONMENT: Mapping[str, Sequence[str]] = {
    "APIFRAME_API_KEY": ["", " ", "afk_é", "afk_\n", "x" * 5000, "\udcff"],
    "APIFRAME_BASE_URL": ["", " ", "http://[", "ftp://x", "nonsense", "http://x:y", "\udcff"],
    "COLUMNS": ["", "x", "0", "1", "-5", "40", "99999"],
    "TERM": ["", "dumb", "xterm-kitty"],
    "NO_COLOR": ["1", ""],
    "FORCE_COLOR": ["1"],
    "_FLUXFRAME_COMPLETE": [
        "bash_complete",
        "zsh_complete",
        "fish_complete",
        "zsh_source",
        "x",
        "_",
    ],
    "COMP_WORDS": ["fluxframe gen", "fluxframe 'a", "", "fluxframe generate flux-2-pro --", "\\"],
    "COMP_CWORD": ["", "1", "x", "-1", "99", "9" * 5000],
}


class Line:
    """A random command line, with what is on stdin and in the environment."""

    def __init__(self, number: int, job: str) -> None:
        self.job = job
        self.random = random.Random(f"{SEED}-{number}")
        self.words = self._words()
        self.input = self.random.choice(STDIN)
        names = self.random.sample(sorted(ENVIRONMENT), self.random.choice([0, 0, 0, 1, 3]))
        if self.random.random() < 0.95:
            names = [name for name in names if not name.startswith(("_", "COMP"))]
        self.environment = {name: self.random.choice(ENVIRONMENT[name]) for name in names}

    def _words(self) -> list[str]:
        name = self.random.choice(cli.list_commands(ROOT))
        command = cli.get_command(ROOT, name)
        words = [self._near(name)]
        if isinstance(command, click.Group):
            model = self.random.choice(command.list_commands(ROOT))
            words.append(self._near(model))
            command = command.get_command(ROOT, model)
        assert command is not None
        for part in command.params:
            if isinstance(part, click.Argument) and self.random.random() < 0.95:
                words += [
                    self._value(part) for _ in range(self.random.choice([1, 1, 2, part.nargs]))
                ]
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 3, 6])):
            option = self.random.choice([p for p in command.params if isinstance(p, click.Option)])
            flag = self._near(self.random.choice([*option.opts, *option.secondary_opts]))
            if self.random.random() < 0.05:
                flag = self.random.choice(["--help", "--version", "-x", "--"])
            if self.random.random() < (0.01 if option.is_flag else 0.2):
                words.append(f"{flag}={self._value(option)}")
            else:
                words += [flag] if option.is_flag else [flag, self._value(option)]
        if self.random.random() < 0.05:
            self.random.shuffle(words)
        # What is asked for after a pause is asked for soon.
        if name in ("generate", "wait"):
            return [*words, "--interval", "0.01", "--deadline", "1"]
        return [*words, "--interval", "0.01"] if name == "batch" else words

    def _value(self, part: click.Parameter | None = None) -> str:
        """A value, in more than half of the cases one that the parameter may take."""
        if part is None or self.random.random() < 0.4:
            return str(self.random.choice(VALUES))
        kind = part.type
        if isinstance(kind, click.Choice):
            return str(self.random.choice(kind.choices))
        if isinstance(kind, Value) and kind.parameter.values:
            return str(self.random.choice(kind.parameter.values))
        if isinstance(kind, click.Path):
            return self.random.choice([*FILES, "car.png", "-", "folder", "new"])
        if part.name in ("id", "ids"):
            return self.random.choice([self.job, self.job.upper(), UNKNOWN])
        return self.random.choice(["1", "2", "1024", "a fox", "x=1", 'y="z"', "0.1", "car.png"])

    def _near(self, word: str) -> str:
        """The word, or one that is nearly it."""
        if self.random.random() < 0.9:
            return word
        at = self.random.randrange(len(word))
        wrong: list[Callable[[], str]] = [
            lambda: word[:at] + word[at + 1 :],
            lambda: word[:at] + word[at] + word[at:],
            lambda: word[:2] + word[2:].replace("-", "_"),
            lambda: word.upper(),
            lambda: word[1:],
            lambda: "-" + word,
            lambda: self._value(),
        ]
        return self.random.choice(wrong)()


def fault(line: Line, emulator: Emulator, key: str) -> str | None:
    """What is wrong with how a command line ends."""
    environment = {"APIFRAME_API_KEY": key, "APIFRAME_BASE_URL": emulator.url, **line.environment}
    # A server that is not there would be asked again for ten minutes.
    words = [word.replace("https://x", emulator.url) for word in line.words]
    start = time.thread_time()
    done = CliRunner().invoke(cli, words, input=line.input, env=environment, prog_name="fluxframe")
    seconds = time.thread_time() - start
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return repr(done.exception)[:300]
    if done.exit_code not in (0, 1, 2, 3):
        return f"status {done.exit_code}"
    if "a bug in fluxframe" in done.output or "Traceback" in done.output:
        return done.output[-300:]
    return f"{seconds} s" if seconds > MOST_SECONDS else None


def _address(host: Any, *more: Any, ask: Any = socket.getaddrinfo, **named: Any) -> Any:
    """The address of this machine; there is no other, which is known at once."""
    if host not in ("127.0.0.1", b"127.0.0.1", "localhost"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return ask(host, *more, **named)


def _not_started(self: Emulator) -> Emulator:
    raise OSError("no port is free")


@pytest.mark.timeout(max(120, CASES))
def test_no_command_line_is_a_mistake_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulator: Emulator, key: str
) -> None:
    inside = tmp_path / "inside"  # Some go one folder up.
    inside.mkdir()
    monkeypatch.chdir(inside)
    Path("folder").mkdir()
    Image.new("RGB", (9, 9)).save("car.png")
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(time, "sleep", lambda seconds, sleep=time.sleep: sleep(min(seconds, 0.01)))
    monkeypatch.setattr(socket, "getaddrinfo", _address)
    # Two commands that may take for ever.
    monkeypatch.setattr(_examples, "run_examples", lambda out, **options: 0)
    monkeypatch.setattr(Emulator, "start", _not_started)
    # And one that takes a while for each model.
    monkeypatch.setattr("fluxframe.conformance._vectors.models", lambda: [GOOD["model"]])
    with Fluxframe(api_key=key, base_url=emulator.url) as client:
        job = client.images.generate(GOOD).id
    faults: list[str] = []
    for number in range(CASES):
        line = Line(number, job)
        if found := fault(line, emulator, key):
            shown = [word[:80] for word in line.words]
            faults.append(f"{number}: {shown} {line.environment} {line.input[:40]!r}: {found}")
    assert not faults, f"{len(faults)} of {CASES}, FUZZ_SEED={SEED}\n" + "\n".join(faults[:30])
