"""A place to call commands from, and what tests of commands share."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import fluxframe
from codegen.spec.load import load
from fluxframe import Fluxframe
from fluxframe.cli import cli

SPEC = load()
MODELS = fluxframe.models
EXAMPLES = [
    pytest.param(example.request, id=f"{model.id}-{name}")
    for model, name, example in SPEC.examples()
]
PATIENCE = 60.0
COMMAND = [sys.executable, "-m", "fluxframe"]
NOBODY = "http://127.0.0.1:9"
UNKNOWN = str(uuid.UUID(int=1))
JPEG = b"\xff\xd8\xff"
GOOD = {"model": "flux-2-pro", "prompt": "a fox"}
FOUND = "width: 1 is below the minimum of 256 px for flux-2-pro"
QUICK = ["--interval", "0.02"]


@dataclass(frozen=True)
class Shell:
    """A place to call commands from, with an account of its own."""

    url: str
    key: str
    folder: Path

    def __call__(self, *arguments: object, input: str | bytes | None = None) -> Result:
        """Call a command in this process."""
        environment = {"APIFRAME_BASE_URL": self.url, "APIFRAME_API_KEY": self.key}
        words = [str(word) for word in arguments]
        done = CliRunner().invoke(cli, words, input=input, env=environment, prog_name="fluxframe")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self.has_no_secret(done.output)
        return done

    def has_no_secret(self, text: str) -> None:
        assert self.key not in text
        assert "Traceback" not in text

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of a process of its own."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("APIFRAME_", "TERM"))}
        return {
            **kept,
            "APIFRAME_BASE_URL": self.url,
            "APIFRAME_API_KEY": self.key,
            "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONWARNINGS": "error",
            "NO_PROXY": "*",
            **more,
        }

    def process(self, *arguments: object, **more: str) -> subprocess.Popen[str]:
        """Call a command in a process of its own."""
        return subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            env=self.environment(**more),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def client(self) -> Fluxframe:
        return Fluxframe(api_key=self.key, base_url=self.url)

    def submitted(self, count: int = 1, **parameters: Any) -> list[str]:
        """The ids of jobs, submitted one after the other."""
        with self.client() as client:
            return [
                client.images.generate(
                    {"model": "flux-2-pro", "prompt": "a fox", "fluxParams": parameters}
                ).id
                for _ in range(count)
            ]

    def input_of(self, id: str) -> Mapping[str, Any] | None:
        with self.client() as client:
            return client.jobs.get(id).input

    def jobs(self) -> int:
        with self.client() as client:
            return len(list(client.jobs.list()))


def one_line(text: str) -> str:
    return " ".join(text.split())


def lines(text: str) -> list[Any]:
    """The documents of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def until(stream: Any, words: str) -> str:
    """What a process says until it has said some words."""
    said = ""
    while words not in said:
        line = stream.readline()
        assert line, said
        said += line
    return said


def hinted(said: str) -> list[str]:
    """The arguments of the command that a hint tells to run."""
    found = re.search(r"go on with(?: \(.*?\))?: fluxframe (.*)", said)
    assert found, said
    return shlex.split(found[1])


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
